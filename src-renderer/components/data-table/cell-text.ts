/** The text of a cell. Unknown is its own answer, never a number. */
import { type Formatters, isKnown } from '../format/formatters';
import type { ColumnKind, TableRow } from './column';

/** `null` where the value is not known: the caller shows the mark with the row's reason. `term` translates words of the contract. */
export function cellText(
  value: unknown,
  kind: ColumnKind,
  row: TableRow,
  format: Formatters,
  term: (value: string) => string,
  nowMs: number,
  /** Times of the market are read in its own zone. */
  timeZone: string | null = null,
): string | null {
  if (kind === 'text') return typeof value === 'string' && value !== '' ? value : null;
  if (kind === 'term' || kind === 'level' || kind === 'side') return typeof value === 'string' ? term(value) : null;
  if (kind === 'date') return typeof value === 'string' ? format.tradingDay(value) : null;
  if (typeof value !== 'number' || !isKnown(value)) return null;
  const tick = row.priceTick ?? null;
  switch (kind) {
    case 'money':
      return format.number(value, 2);
    case 'signedMoney':
      return format.signed(value, 2);
    case 'share':
      return format.percent(value, 1);
    case 'signedPercent':
      return `${format.signed(value, 2)}%`;
    case 'price':
      return format.price(value, tick);
    case 'signedPrice':
      return `${value > 0 ? '+' : ''}${format.price(value, tick)}`;
    case 'count':
      return format.number(value);
    case 'time':
      return format.marketTime(value, timeZone);
    case 'age':
      return format.duration(Math.max(0, nowMs - value));
  }
}
