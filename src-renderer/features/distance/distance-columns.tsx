/** The columns of the distance ranking. Their ids are the engine's own names for sorting. */
import type { TFunction } from 'i18next';
import type { DistanceParams, DistancePicture, DistanceRow } from '#shared/contract/numbers-account';
import type { ColumnDefinition, TableRow } from '../../components/data-table/column';
import { reasonText } from '../../components/data-table/reason-text';
import { Unknown } from '../../components/format/figure';
import type { Formatters } from '../../components/format/formatters';
import { isKnown } from '../../components/format/formatters';
import { DistanceText } from './distance-text';

export type DistanceTableRow = TableRow & DistanceRow;

export const TARGETS = ['warn', 'call', 'force', 'negative'] as const satisfies readonly DistanceParams['target'][];

/** `kind` unknown is what makes a row's distance unknown; its other figures may well be known. */
export function tableRows(picture: DistancePicture): DistanceTableRow[] {
  return picture.rows.map((row) => ({ ...row, quality: row.kind === 'unknown' ? 'unknown' : 'live', asOfMs: picture.marketAsOfMs }));
}

export function distanceColumns(target: DistanceParams['target'], t: TFunction, format: Formatters): ColumnDefinition[] {
  const label = (key: string, values: Record<string, string> = {}) => ({ text: t(`distance:column.${key}`, values), also: '' });
  const figure = (row: DistanceTableRow, value: number | null, text: (known: number) => string) => {
    if (isKnown(value)) return text(value);
    if (row.kind === 'never') return <DistanceText distance={{ kind: 'never' }} />;
    return <Unknown reason={reasonText(t, row.reason)} />;
  };
  const level = t(`table:value.level.${target}`);
  return [
    { id: 'accountID', kind: 'text', width: 84 },
    { id: 'accountName', kind: 'text', width: 104 },
    { id: 'level', kind: 'level', width: 124, canSort: false },
    // What is ranked by is in sight where the panel is narrow.
    {
      id: 'percent',
      kind: 'signedPercent',
      width: 164,
      label: label('percent', { level }),
      draw: (row: DistanceTableRow) => (
        <strong>
          <DistanceText
            distance={
              row.kind === 'reached' && isKnown(row.percent)
                ? { kind: 'reached', percent: row.percent }
                : row.kind === 'never'
                  ? { kind: 'never' }
                  : { kind: 'unknown' }
            }
            reason={row.reason}
          />
        </strong>
      ),
    },
    { id: 'riskDegree', kind: 'share', width: 108, isLive: true },
    {
      id: 'mainContract',
      kind: 'text',
      width: 112,
      canSort: false,
      label: label('mainContract'),
      draw: (row: DistanceTableRow) => row.mainContract?.instrumentID ?? '',
    },
    {
      id: 'atPrice',
      kind: 'price',
      width: 176,
      canSort: false,
      label: label('atPrice'),
      draw: (row: DistanceTableRow) => {
        const contract = row.mainContract;
        if (contract === null || !isKnown(contract.price) || !isKnown(contract.atPrice)) return '';
        return `${format.price(contract.price, null)} → ${format.price(Number(contract.atPrice.toPrecision(7)), null)}`;
      },
    },
    {
      id: 'ticks',
      kind: 'count',
      width: 80,
      label: label('ticks'),
      draw: (row: DistanceTableRow) => figure(row, row.ticks, (value) => format.number(value)),
    },
    {
      id: 'limits',
      kind: 'count',
      width: 84,
      label: label('limits'),
      draw: (row: DistanceTableRow) => figure(row, row.limits, (value) => (value === 0 ? t('distance:withinLimit') : format.number(value))),
    },
    ...(['down', 'up'] as const).flatMap((direction) =>
      TARGETS.map(
        (each): ColumnDefinition => ({
          id: `${direction}.${each}`,
          kind: 'signedPercent',
          width: 124,
          canSort: false,
          label: { text: t(`distance:column.${direction}`, { level: t(`table:value.level.${each}`) }), also: '' },
          draw: (row: DistanceTableRow) => <DistanceText distance={row[direction][each]} reason={row.reason} />,
        }),
      ),
    ),
    { id: 'balance', kind: 'money', width: 124 },
    { id: 'departmentName', kind: 'text', width: 112 },
    { id: 'controlGroupID', kind: 'text', width: 104, canSort: false },
  ];
}
