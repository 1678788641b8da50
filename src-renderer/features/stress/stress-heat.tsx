/** Scenario by account, department, group or firm, in the same heat map as the overview. */
import type { TFunction } from 'i18next';
import { type ReactNode, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { StressMeasure, StressParams, StressPicture } from '#shared/contract/numbers-stress';
import { LEVEL_SIGNS } from '../../components/data-table/column';
import { reasonText } from '../../components/data-table/reason-text';
import { isKnown, UNKNOWN_MARK } from '../../components/format/formatters';
import { useFormat } from '../../components/format/use-format';
import { usableBreaks } from '../../components/heatmap/colour-scale';
import { Heatmap } from '../../components/heatmap/heatmap';
import type { HeatmapTexts } from '../../components/heatmap/heatmap-props';
import { useMarketTimeZone } from '../../state/shown-market';
import { HEAT_MEASURE, isDegree, isWithoutEquity, levelAt, type StressGrid, stressGrid } from './stress-grid';
import { useColumnName } from './use-column-name';

type Props = {
  picture: StressPicture;
  isCurrent: boolean;
  measure: StressMeasure;
  rows: StressParams['rows'];
  filter: string;
  onDrill(key: string, label: string): void;
  onBack(): void;
};

export function StressHeat({ picture, isCurrent, measure, rows, filter, onDrill, onBack }: Props): ReactNode {
  const { t } = useTranslation('stress');
  // The picture of earlier parameters stays until its successor comes, with its own measure and rows.
  const shown = useRef({ measure, rows });
  if (isCurrent) shown.current = { measure, rows };
  const columnName = useColumnName();
  const shownMeasure = shown.current.measure;
  const grid = useMemo(() => stressGrid(picture, shownMeasure, picture.levelBreaks), [picture, shownMeasure]);
  const layoutKey = JSON.stringify([
    grid.layout.rows.map((row) => [row.key, row.label, row.sublabel]),
    grid.layout.columns.map((column) => column.key),
  ]);
  // The map re-lays its axes whenever the layout is another object; most pictures change values only.
  // biome-ignore lint/correctness/useExhaustiveDependencies: layoutKey stands for the layout
  const layout = useMemo(
    () => ({ ...grid.layout, columns: picture.columns.map((column) => ({ key: column.key, label: columnName(column) })) }),
    [layoutKey, columnName],
  );
  const latest = useRef<{ picture: StressPicture; grid: StressGrid }>({ picture, grid });
  latest.current = { picture, grid };
  const texts = useStressTexts(shownMeasure, shown.current.rows, latest, layout.columns);
  if (layout.rows.length === 0) {
    return <div className="empty">{filter === '' ? t('overview:heatmap.nothing') : t('table:emptyFilter', { filter })}</div>;
  }
  return (
    <>
      <Heatmap
        picture={grid.heatmap}
        layout={layout}
        measure={HEAT_MEASURE[shownMeasure]}
        areRowsAccounts={shown.current.rows === 'account'}
        isCurrent={isCurrent}
        texts={texts}
        negativeCells={grid.negativeCells}
        takesFocus={false}
        onDrill={(row) => onDrill(row.key, row.label)}
        onDrillColumn={null}
        onBack={onBack}
      />
      <div className="stress-foot">
        {isDegree(shownMeasure) && (
          <span className="stress-negative">
            <span aria-hidden="true" />
            {t('table:value.level.negative')}
          </span>
        )}
        {isDegree(shownMeasure) && (
          <span title={t('overview:heatmap.levelMeaning.force')} data-testid="stress-force-mark">
            <span aria-hidden="true">{LEVEL_SIGNS.force} </span>
            {t('table:value.level.force')}
          </span>
        )}
        <span>{t(`unit.${shownMeasure}`)}</span>
        <div className="spacer" />
        {layout.totalRows > layout.rows.length && (
          <span>{t('overview:heatmap.shownOf', { shown: layout.rows.length, total: layout.totalRows })}</span>
        )}
        <span>{t('overview:heatmap.keys')}</span>
      </div>
    </>
  );
}

/** Why a cell is unknown, as far as the picture says it. */
export function unknownWhy(t: TFunction, reason: string | null): string {
  return reason === null ? t('stress:unknownNote') : t('overview:heatmap.why', { reason: reasonText(t, reason) });
}

/** The unknown accounts of a cell, or of the row's column that has most of them. */
function unknownIn(picture: StressPicture, row: number, column: number): { count: number; reason: string | null } {
  const width = picture.columns.length;
  const columns = column < 0 ? [...picture.columns.keys()] : [column];
  return columns.reduce<{ count: number; reason: string | null }>(
    (most, each) => {
      const count = picture.unknownCounts[row * width + each] ?? 0;
      return count > most.count ? { count, reason: picture.unknownReasons[row * width + each] ?? null } : most;
    },
    { count: 0, reason: null },
  );
}

function useStressTexts(
  measure: StressMeasure,
  rows: StressParams['rows'],
  latest: { current: { picture: StressPicture; grid: StressGrid } },
  columns: { key: string; label: string }[],
): HeatmapTexts {
  const { t } = useTranslation('stress');
  const format = useFormat();
  const timeZone = useMarketTimeZone();
  return useMemo(() => {
    const degree = isDegree(measure);
    const isSigned = measure === 'balanceChange';
    const short = (value: number): string => {
      if (!isKnown(value)) return degree ? t('overview:heatmap.negativeShort') : UNKNOWN_MARK;
      if (degree) return format.percent(value, 0);
      return value === 0 ? '0' : `${isSigned && value > 0 ? '+' : ''}${format.compact(value)}`;
    };
    const long = (value: number): string =>
      !isKnown(value) ? UNKNOWN_MARK : degree ? format.percent(value, 2) : isSigned ? format.signed(value, 2) : format.number(value, 2);
    const levelText = (level: (typeof latest.current.grid.worstLevels)[number]): string => `${LEVEL_SIGNS[level]} ${t(`table:value.level.${level}`)}`;
    return {
      name: t('heatName', { measure: t(`measure.${measure}`) }),
      totalsLabel: t('worst'),
      rowLabel: (row) => {
        if (row.key === '' && rows === 'controlGroup') return t('overview:rows.none');
        return row.sublabel === '' || row.sublabel === row.label ? row.label : `${row.label} ${row.sublabel}`;
      },
      cellLabel: short,
      totalLabel: (rowIndex, value) => {
        const level = latest.current.grid.worstLevels[rowIndex] ?? 'unknown';
        const { rowHasNoEquity, rowUnknowns } = latest.current.grid.heatmap;
        if (degree && rowHasNoEquity[rowIndex] === 1) return `${LEVEL_SIGNS.negative} ${t('overview:heatmap.negativeShort')}`;
        const unknowns = rowUnknowns[rowIndex] ?? 0;
        if (!isKnown(value))
          return rows === 'account' || unknowns === 0 ? UNKNOWN_MARK : t('overview:heatmap.unknownShort', { mark: UNKNOWN_MARK, count: unknowns });
        const known = level === 'normal' || !degree ? short(value) : `${LEVEL_SIGNS[level]} ${short(value)}`;
        const count = latest.current.grid.unknownColumns[rowIndex] ?? 0;
        return count === 0 ? known : t('worstAndUnknown', { worst: known, mark: LEVEL_SIGNS.unknown, count });
      },
      legend: (reach) => {
        const breaks = degree ? usableBreaks(latest.current.picture.levelBreaks) : [];
        const first = breaks[0];
        const name = (level: string): string => t(`table:value.level.${level}`);
        const bands =
          first === undefined
            ? []
            : [
                t('overview:heatmap.below', { level: name('normal'), value: format.percent(first.enterDegree, 0) }),
                ...breaks.map((each) => t('overview:heatmap.atLeast', { level: name(each.level), value: format.percent(each.enterDegree, 0) })),
              ];
        const isTwoSided = measure === 'balanceChange' || measure === 'balance' || measure === 'available';
        return {
          low: isTwoSided ? format.compact(-reach) : '0',
          high: degree ? format.percent(reach, 0) : format.compact(reach),
          bands,
        };
      },
      summary: (counts) =>
        t('heatSummary', {
          measure: t(`measure.${measure}`),
          rows: latest.current.picture.rows.length,
          columns: latest.current.picture.columns.length,
          unknown: counts.unknown,
          worst: latest.current.picture.rows[0]?.label ?? '',
        }),
      explain: (place) => {
        const { picture, grid } = latest.current;
        const row = picture.rows[place.row];
        if (row === undefined) return { title: '', facts: [], note: '' };
        const column = place.column < 0 ? undefined : columns[place.column];
        const value =
          (place.column < 0 ? grid.heatmap.rowValues[place.row] : picture.values[place.row * picture.columns.length + place.column]) ?? Number.NaN;
        const level = place.column < 0 ? (grid.worstLevels[place.row] ?? 'unknown') : levelAt(picture, place.row, place.column);
        const isNegative =
          degree && (place.column < 0 ? grid.heatmap.rowHasNoEquity[place.row] === 1 : isWithoutEquity(picture, measure, place.row, place.column));
        const unknown = unknownIn(picture, place.row, place.column);
        const facts: [string, string][] = [
          [t(`measure.${measure}`), isNegative ? t('table:value.level.negative') : long(value)],
          [rows === 'account' ? t('levelAfter') : t('overview:heatmap.worstAccount'), levelText(level)],
          [t('levelNow'), levelText(row.level)],
        ];
        const unknownColumns = place.column < 0 ? (grid.unknownColumns[place.row] ?? 0) : 0;
        if (unknownColumns > 0) facts.push([t('unknownColumns'), t('unknownOf', { count: unknownColumns, of: columns.length })]);
        if (rows !== 'account') facts.push([t('accounts'), format.number(row.accounts)]);
        if (rows !== 'account' && unknown.count > 0 && !isNegative) facts.push([t('overview:heatmap.unknownAccounts'), format.number(unknown.count)]);
        facts.push([t('overview:heatmap.asOf'), format.marketDateTime(picture.marketAsOfMs, timeZone)]);
        return {
          title: [row.label, row.sublabel, column?.label ?? t('worst')].filter((part) => part !== '').join(' · '),
          facts,
          note: isNegative ? t('overview:heatmap.negativeNote') : isKnown(value) && unknownColumns === 0 ? '' : unknownWhy(t, unknown.reason),
        };
      },
    };
  }, [measure, rows, latest, columns, t, format, timeZone]);
}
