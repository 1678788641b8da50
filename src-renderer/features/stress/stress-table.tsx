/** The same figures as the heat map, as a table with all digits. */
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { StressMeasure, StressParams, StressPicture } from '#shared/contract/numbers-stress';
import type { Refusal } from '#shared/refusal';
import type { ColumnDefinition, TableRow } from '../../components/data-table/column';
import { TableView } from '../../components/data-table/table-view';
import { Unknown } from '../../components/format/figure';
import { isKnown, UNKNOWN_MARK } from '../../components/format/formatters';
import { useFormat } from '../../components/format/use-format';
import { isDegree, isWithoutEquity, levelAt } from './stress-grid';
import { unknownWhy } from './stress-heat';
import { useColumnName } from './use-column-name';

type Row = TableRow & { label: string; sublabel: string; at: number };

type Props = {
  picture: StressPicture;
  stream: { refusal: Refusal | null; isCurrent: boolean; isConnected: boolean };
  measure: StressMeasure;
  rows: StressParams['rows'];
  filter: string;
  onDrill(key: string, label: string): void;
  onBack(): void;
};

/** Rows come whole and in the order that the toolbar chose. */
const ignore = (): void => {};

export function StressTable({ picture, stream, measure, rows, filter, onDrill, onBack }: Props): ReactNode {
  const { t } = useTranslation('stress');
  const format = useFormat();
  const columnName = useColumnName();
  const tableRows = useMemo<Row[]>(
    () =>
      picture.rows.map((row, at) => ({
        key: row.key,
        label: row.label,
        sublabel: row.sublabel,
        level: row.level,
        quality: 'live',
        reason: null,
        asOfMs: picture.marketAsOfMs,
        at,
      })),
    [picture],
  );
  const columns = useMemo<ColumnDefinition[]>(() => {
    const figure = (column: number, row: Row): ReactNode => {
      const value = picture.values[row.at * picture.columns.length + column];
      const level = levelAt(picture, row.at, column);
      if (!isKnown(value)) {
        if (isWithoutEquity(picture, measure, row.at, column)) return <span data-level="negative">{t('overview:heatmap.negativeShort')}</span>;
        const cell = row.at * picture.columns.length + column;
        const unknowns = picture.unknownCounts[cell] ?? 0;
        const why = unknownWhy(t, picture.unknownReasons[cell] ?? null);
        if (rows === 'account' || unknowns === 0) return <Unknown reason={why} />;
        const reason = `${t('accountsUnknown', { count: unknowns })} ${why}`;
        return (
          <span className="unknown-figure" title={reason} data-unknown={unknowns}>
            <span aria-hidden="true">{t('overview:heatmap.unknownShort', { mark: UNKNOWN_MARK, count: unknowns })}</span>
            <span className="visually-hidden">{reason}</span>
          </span>
        );
      }
      const text = isDegree(measure) ? format.percent(value, 1) : measure === 'balanceChange' ? format.signed(value, 2) : format.number(value, 2);
      return (
        // A sum of many has no level of its own; only its worst account has.
        rows === 'account' ? (
          <span className="data-table-level" data-level={level} title={t(`table:value.level.${level}`)}>
            {text}
          </span>
        ) : (
          text
        )
      );
    };
    const fixed = (id: string, kind: 'text' | 'level', width: number, key: string): ColumnDefinition => ({
      id,
      kind,
      width,
      canSort: false,
      label: { text: t(key), also: '' },
    });
    return [
      // An account is known by its number and has a name beside it; the others are known by name and have a number beside it.
      fixed('label', 'text', 110, `rows.${rows}`),
      fixed('sublabel', 'text', 120, rows === 'account' ? 'name' : 'number'),
      fixed('level', 'level', 124, 'levelNow'),
      ...picture.columns.map(
        (column, index): ColumnDefinition => ({
          id: column.key,
          kind: isDegree(measure) ? 'share' : 'money',
          width: isDegree(measure) ? 84 : 124,
          canSort: false,
          label: { text: columnName(column), also: '' },
          draw: (row: Row) => figure(index, row),
        }),
      ),
    ];
  }, [picture, measure, rows, columnName, format, t]);
  return (
    <TableView
      table="stress"
      columns={columns}
      view={{ total: tableRows.length, first: 0, rows: tableRows }}
      {...stream}
      sort={null}
      onSort={ignore}
      onRange={ignore}
      question={`${rows} ${measure} ${filter}`}
      emptyText={filter === '' ? t('overview:heatmap.nothing') : t('table:emptyFilter', { filter })}
      name={t('tableName', { measure: t(`measure.${measure}`) })}
      onOpen={(row) => onDrill(row.key, row.label)}
      onBack={onBack}
    />
  );
}
