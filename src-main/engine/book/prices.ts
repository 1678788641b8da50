/** Which of a quote's prices may be computed with: a price of zero or below is a source's way of saying none, or a fault, and never a mark. */
import { FIRST_NUMBER, ROW, ROW_LENGTH } from '#shared/feed/quote-rows';
import { type Reason, reasonFor } from '#shared/market/reason';
import type { InstrumentRecord } from './things';

const VALUED_PRICES = [
  'lastPrice',
  'preSettlementPrice',
  'settlementPrice',
  'upperLimitPrice',
  'lowerLimitPrice',
  'averagePrice',
  'highestPrice',
  'lowestPrice',
] as const;
export type ValuedPrice = (typeof VALUED_PRICES)[number];

const NONE: readonly ValuedPrice[] = [];

/** No price is zero or below, which nearly every quote is, seen without looking anything up; one that is left out is NaN and no such price. */
function areAllPrices(rows: Float64Array, at: number): boolean {
  return !(
    (rows[at + ROW.lastPrice] as number) <= 0 ||
    (rows[at + ROW.preSettlementPrice] as number) <= 0 ||
    (rows[at + ROW.settlementPrice] as number) <= 0 ||
    (rows[at + ROW.upperLimitPrice] as number) <= 0 ||
    (rows[at + ROW.lowerLimitPrice] as number) <= 0 ||
    (rows[at + ROW.averagePrice] as number) <= 0 ||
    (rows[at + ROW.highestPrice] as number) <= 0 ||
    (rows[at + ROW.lowestPrice] as number) <= 0
  );
}

/** The prices of the quote in the row at `at` that are none: below zero, and zero too except for an option, whose premium can be nothing. Nearly always empty. */
export function badPricesOf(rows: Float64Array, at: number, instruments: readonly InstrumentRecord[], index: number): readonly ValuedPrice[] {
  if (areAllPrices(rows, at)) return NONE;
  const isOption = instruments[index]?.master?.productClass === 'option';
  return VALUED_PRICES.filter((field) => {
    const price = rows[at + ROW[field]] as number;
    return price < 0 || (price === 0 && !isOption);
  });
}

/** The same row without these prices. */
export function withoutPrices(rows: Float64Array, at: number, fields: readonly ValuedPrice[]): Float64Array {
  const rest = rows.slice(at, at + ROW_LENGTH);
  for (const field of fields) {
    rest[ROW[field]] = Number.NaN;
    rest[ROW.mask] = (rest[ROW.mask] as number) & ~(1 << (ROW[field] - FIRST_NUMBER));
  }
  return rest;
}

const CODES = {
  lastPrice: 'noPrice',
  preSettlementPrice: 'noPreSettlement',
  settlementPrice: 'noSettlement',
  upperLimitPrice: 'noPriceLimit',
  lowerLimitPrice: 'noPriceLimit',
  averagePrice: 'noAveragePrice',
  highestPrice: 'noAveragePrice',
  lowestPrice: 'noAveragePrice',
} as const;

/** Why a price of an instrument is not known: its last quote was refused, gave a price that is none, or left the price out. */
export function priceReason(instrument: InstrumentRecord, field: ValuedPrice): Reason {
  if (instrument.quoteRefusal !== null) return instrument.quoteRefusal.reason;
  if (instrument.badPrices.includes(field)) return reasonFor('badPrice', `${instrument.label} ${field}`);
  return reasonFor(CODES[field], instrument.label);
}
