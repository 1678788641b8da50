/** The columns of the three limit lists. Unknown limits say why; use is told by mark and word as well as by the bar. */
import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import type { HeavyRow, LimitRow, LimitsPicture } from '#shared/contract/numbers-limits';
import { CertaintyMark } from '../../components/certainty-mark';
import type { ColumnDefinition, TableRow } from '../../components/data-table/column';
import { reasonText } from '../../components/data-table/reason-text';
import { Unknown } from '../../components/format/figure';
import { type Formatters, isKnown } from '../../components/format/formatters';

export type LimitTableRow = TableRow & LimitRow;
export type HeavyTableRow = TableRow & HeavyRow;

export function limitRows(picture: LimitsPicture): LimitTableRow[] {
  return picture.rows.map((row) => ({ ...row, quality: 'live', asOfMs: picture.marketAsOfMs }));
}

export function heavyRows(picture: LimitsPicture): HeavyTableRow[] {
  return picture.heavy.map((row) => ({ ...row, quality: row.reason === null ? 'live' : 'unknown', asOfMs: picture.marketAsOfMs }));
}

/** Shapes differ, so that a tier reads without its colour. */
const TIER_SIGNS: Record<LimitRow['tier'], string> = { below: '', near: '▲', high: '◆', reached: '■', covered: '', unknown: '?' };

function UseCell({ row, format, word }: { row: LimitRow; format: Formatters; word: string }): ReactNode {
  const use = row.limitUse ?? 0;
  return (
    <span className="limit-use" data-tier={row.tier} title={word}>
      <span className="limit-bar" aria-hidden="true">
        <span className="limit-fill" style={{ width: `${Math.min(100, use * 100)}%` }} />
        {[80, 90, 100].map((mark) => (
          <span key={mark} className="limit-mark" style={{ left: `${mark === 100 ? 99 : mark}%` }} />
        ))}
      </span>
      <span className="limit-figure">
        {TIER_SIGNS[row.tier]} {format.percent(use, 1)}
      </span>
    </span>
  );
}

export function limitColumns(
  t: TFunction,
  format: Formatters,
  isLargeTraders: boolean,
  citationText: (citation: string) => string,
): ColumnDefinition[] {
  const label = (key: string) => ({ text: t(`limits:column.${key}`), also: '' });
  const why = (row: LimitRow) => <Unknown reason={reasonText(t, row.reason)} />;
  const figure = (value: number | null, row: LimitRow, text: (known: number) => string): ReactNode => (isKnown(value) ? text(value) : why(row));
  const use: ColumnDefinition[] = [
    {
      id: 'limitUse',
      kind: 'share',
      width: 156,
      label: label('limitUse'),
      draw: (row: LimitTableRow) =>
        row.tier === 'covered' ? (
          <span className="secondary">{t('limits:tier.covered')}</span>
        ) : isKnown(row.limitUse) ? (
          <UseCell row={row} format={format} word={t(`limits:tier.${row.tier}`)} />
        ) : (
          why(row)
        ),
    },
    {
      id: 'tier',
      kind: 'text',
      width: 104,
      canSort: false,
      label: label('tier'),
      draw: (row: LimitTableRow) => `${TIER_SIGNS[row.tier]} ${t(`limits:tier.${row.tier}`)}`,
    },
    {
      id: 'limitVolume',
      kind: 'count',
      canSort: false,
      width: 88,
      label: label('limitVolume'),
      draw: (row: LimitTableRow) => (row.tier === 'covered' ? '' : figure(row.limitVolume, row, (value) => format.number(value))),
    },
  ];
  return [
    { id: 'holderID', kind: 'text', width: 100, label: label('holder') },
    { id: 'holderName', kind: 'text', width: 104, label: label('holderName') },
    {
      id: 'instrumentID',
      kind: 'text',
      width: 150,
      label: label('contract'),
      draw: (row: LimitTableRow) => (row.instrumentID === null ? `${row.exchangeID}.${row.productID} ${t('limits:wholeProduct')}` : row.instrumentID),
    },
    ...use,
    { id: 'longVolume', kind: 'count', width: 72, label: label('longVolume') },
    { id: 'shortVolume', kind: 'count', width: 72, label: label('shortVolume') },
    { id: 'countedVolume', kind: 'count', width: 84, label: label('countedVolume') },
    { id: 'hedgeVolume', kind: 'count', width: 76, canSort: false, label: label('hedgeVolume') },
    ...(isLargeTraders
      ? []
      : ([
          {
            id: 'openInterestShare',
            kind: 'share',
            width: 92,
            label: label('openInterestShare'),
            draw: (row: LimitTableRow) => figure(row.openInterestShare, row, (value) => format.percent(value, 2)),
          },
          {
            id: 'daysToExit',
            kind: 'count',
            width: 88,
            label: label('daysToExit'),
            draw: (row: LimitTableRow) =>
              isKnown(row.daysToExit) ? (
                <span title={t('limits:volumeDays', { count: row.volumeDays, volume: format.number(row.averageDailyVolume) })}>
                  {format.number(row.daysToExit, 1)}
                </span>
              ) : (
                <Unknown reason={t('limits:noVolume', { count: row.volumeDays })} />
              ),
          },
        ] satisfies ColumnDefinition[])),
    {
      id: 'limitRow',
      kind: 'text',
      width: 260,
      canSort: false,
      label: label('limitRow'),
      draw: (row: LimitTableRow) =>
        row.limitRow === null ? (
          <span className="secondary">{reasonText(t, row.reason)}</span>
        ) : (
          <span title={citationText(row.limitRow.citation)}>
            <CertaintyMark certainty={row.limitRow.certainty} /> {t('explain:from', { day: format.tradingDay(row.limitRow.effectiveFrom) })} ·{' '}
            {citationText(row.limitRow.citation)}
          </span>
        ),
    },
    {
      id: 'accountIDs',
      kind: 'text',
      width: 160,
      canSort: false,
      label: label('accounts'),
      draw: (row: LimitTableRow) => <span title={row.accountIDs.join(', ')}>{row.accountIDs.join(', ')}</span>,
    },
  ];
}

export function heavyColumns(t: TFunction, format: Formatters): ColumnDefinition[] {
  const label = (key: string) => ({ text: t(`limits:column.${key}`), also: '' });
  const why = (row: HeavyRow) => (
    <Unknown reason={reasonText(t, row.reason ?? (isKnown(row.balance) && row.balance <= 0 ? 'negativeEquity' : null))} />
  );
  return [
    { id: 'holderID', kind: 'text', width: 100, label: label('holder') },
    { id: 'holderName', kind: 'text', width: 120, canSort: false, label: label('holderName') },
    {
      id: 'setID',
      kind: 'text',
      width: 180,
      label: label('set'),
      draw: (row: HeavyTableRow) => (row.products.length > 1 ? `${row.setID} (${row.products.join(', ')})` : row.setID),
    },
    {
      id: 'ratio',
      kind: 'share',
      width: 112,
      label: label('ratio'),
      draw: (row: HeavyTableRow) => (isKnown(row.ratio) ? <strong>{format.percent(row.ratio, 1)}</strong> : why(row)),
    },
    {
      id: 'netMargin',
      kind: 'money',
      width: 140,
      label: label('netMargin'),
      draw: (row: HeavyTableRow) => (isKnown(row.netMargin) ? format.number(row.netMargin, 2) : why(row)),
    },
    { id: 'balance', kind: 'money', width: 140 },
  ];
}
