/** Every word and figure the heat map shows, in the page's language. */
import { type RefObject, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type HeatMeasure, type HeatmapParams, type HeatmapPicture, QUALITIES, type RiskLevel } from '#shared/contract/streams';
import { LEVEL_SIGNS } from '../../components/data-table/column';
import { reasonText } from '../../components/data-table/reason-text';
import { isKnown, UNKNOWN_MARK } from '../../components/format/formatters';
import { useFormat } from '../../components/format/use-format';
import { usableBreaks } from '../../components/heatmap/colour-scale';
import type { HeatmapLayout, HeatmapTexts } from '../../components/heatmap/heatmap-props';

/** Before the sign of a level that may be a worse one. */
const LEAST_SIGN = '≥';

type Input = {
  measure: HeatMeasure;
  rows: HeatmapParams['rows'];
  layout: HeatmapLayout | null;
  /** Read when a text is asked for, so that the texts stay the same object from frame to frame. */
  picture: RefObject<HeatmapPicture | null>;
  timeZone: string | null;
};

/** What the money of a map is in; of several currencies all of them, each row being in its own. */
export function currenciesOf(picture: HeatmapPicture | null): string {
  return [...new Set(picture?.rowCurrencies?.filter((currency) => currency !== ''))].sort().join(' / ');
}

export function useHeatTexts({ measure, rows, layout, picture, timeZone }: Input): HeatmapTexts {
  const { t } = useTranslation('overview');
  const format = useFormat();
  return useMemo(() => {
    const isDegree = measure === 'riskDegree';
    const isSigned = measure === 'positionProfit' || measure === 'netNotional';
    const long = (value: number, row: number): string => {
      if (!isKnown(value)) return UNKNOWN_MARK;
      if (isDegree) return format.percent(value, 2);
      return `${isSigned ? format.signed(value, 2) : format.number(value, 2)} ${picture.current?.rowCurrencies?.[row] ?? ''}`.trimEnd();
    };
    const short = (value: number): string => {
      if (isDegree) return format.percent(value, 0);
      return value === 0 ? '0' : `${isSigned && value > 0 ? '+' : ''}${format.compact(value)}`;
    };
    /** A row of many says how many of them are not known. */
    const unknownLabel = (row: number): string => {
      const count = picture.current?.rowUnknowns[row] ?? 0;
      return rows === 'account' || count === 0 ? UNKNOWN_MARK : t('heatmap.unknownShort', { mark: UNKNOWN_MARK, count });
    };
    const level = (name: RiskLevel): string => t(`table:value.level.${name}`);
    /** Where the exchange's degree is unknown, a level is the least it can be. */
    const least = (row: number, text: string): string =>
      picture.current?.rowLevelReasons?.[row] === undefined ? text : t('table:atLeast', { level: text });
    return {
      name: t('heatmap.name', { measure: t(`measure.${measure}`) }),
      totalsLabel: t('heatmap.totals'),
      rowLabel: (row) =>
        row.key === '' ? t('rows.none') : row.sublabel === '' || row.sublabel === row.label ? row.label : `${row.label} ${row.sublabel}`,
      cellLabel: short,
      totalLabel: (rowIndex, value) => {
        const rowLevel = picture.current?.rowLevels[rowIndex] ?? 'unknown';
        if (!isDegree) return isKnown(value) ? short(value) : unknownLabel(rowIndex);
        if (picture.current?.rowHasNoEquity[rowIndex] === 1) return `${LEVEL_SIGNS.negative} ${t('heatmap.negativeShort')}`;
        if (!isKnown(value)) return unknownLabel(rowIndex);
        const hides = picture.current?.rowLevelReasons?.[rowIndex] !== undefined;
        if (rowLevel === 'normal') return hides ? `${LEAST_SIGN} ${format.percent(value, 1)}` : format.percent(value, 1);
        return `${hides ? LEAST_SIGN : ''}${LEVEL_SIGNS[rowLevel]} ${format.percent(value, 1)}`;
      },
      legend: (reach) => {
        const breaks = isDegree ? usableBreaks(picture.current?.levels) : [];
        const first = breaks[0];
        const bands =
          first === undefined
            ? []
            : [
                t('heatmap.below', { level: level('normal'), value: format.percent(first.enterDegree, 0) }),
                ...breaks.map((entry) => t('heatmap.atLeast', { level: level(entry.level), value: format.percent(entry.enterDegree, 0) })),
              ];
        const high = isDegree
          ? format.percent(reach, 0)
          : `${isSigned ? '+' : ''}${format.compact(reach)} ${currenciesOf(picture.current)}`.trimEnd();
        return { low: isSigned ? format.compact(-reach) : '0', high, bands };
      },
      summary: (counts) =>
        t('heatmap.summary', {
          measure: t(`measure.${measure}`),
          rows: layout?.rows.length ?? 0,
          columns: layout?.columns.length ?? 0,
          unknown: counts.unknown,
          stale: counts.stale,
          worst: layout?.rows[0]?.label ?? '',
        }),
      explain: (place) => {
        const now = picture.current;
        const row = layout?.rows[place.row];
        const column = place.column < 0 ? undefined : layout?.columns[place.column];
        if (now === null || row === undefined) return { title: '', facts: [], note: '' };
        const at = place.row * (layout?.columns.length ?? 0) + place.column;
        const value = (place.column < 0 ? now.rowValues[place.row] : now.values[at]) ?? Number.NaN;
        const quality = QUALITIES[(place.column < 0 ? now.rowQualities[place.row] : now.qualities[at]) ?? 0] ?? 'none';
        const rowLevel = now.rowLevels[place.row] ?? 'unknown';
        const isNegative = isDegree && now.rowHasNoEquity[place.row] === 1;
        const isUnknown = quality === 'unknown' || (quality !== 'none' && !isKnown(value));
        const facts: [string, string][] = [
          [t(`measure.${measure}`), quality === 'none' ? t('heatmap.noPosition') : isNegative ? level('negative') : long(value, place.row)],
        ];
        if (column !== undefined)
          facts.push([t('heatmap.rowTotal'), isNegative ? level('negative') : long(now.rowValues[place.row] ?? Number.NaN, place.row)]);
        facts.push([
          rows === 'account' ? t('table:column.level') : t('heatmap.worstAccount'),
          `${LEVEL_SIGNS[rowLevel]} ${least(place.row, level(rowLevel))}`,
        ]);
        if (quality !== 'none') facts.push([t('heatmap.quality'), t(`quality.${isUnknown && !isNegative ? 'unknown' : quality}`)]);
        const unknowns = now.rowUnknowns[place.row] ?? 0;
        if (rows !== 'account' && unknowns > 0) facts.push([t('heatmap.unknownAccounts'), format.number(unknowns)]);
        facts.push([t('heatmap.asOf'), format.marketDateTime(now.asOfMs, timeZone)]);
        const note = isNegative
          ? t('heatmap.negativeNote')
          : isUnknown
            ? t('heatmap.why', { reason: reasonText(t, now.rowReasons?.[place.row] ?? null) })
            : now.rowLevelReasons?.[place.row] === undefined
              ? ''
              : t('table:levelHidden', { reason: reasonText(t, now.rowLevelReasons[place.row] ?? null) });
        return {
          title: [row.key === '' ? t('rows.none') : row.label, row.sublabel, column?.label ?? ''].filter((part) => part !== '').join(' · '),
          facts,
          note,
        };
      },
    };
  }, [t, format, measure, rows, layout, picture, timeZone]);
}
