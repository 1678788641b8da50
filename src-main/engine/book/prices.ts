/** Which of a quote's prices may be computed with: a price of zero or below is a source's way of saying none, or a fault, and never a mark. */
import type { Quote } from '#shared/feed/items';
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

/** Every price that is there is above zero: what nearly every quote is, seen without looking anything up. */
function areAllPrices(quote: Quote): boolean {
  return (
    (quote.lastPrice === undefined || quote.lastPrice > 0) &&
    (quote.preSettlementPrice === undefined || quote.preSettlementPrice > 0) &&
    (quote.settlementPrice === undefined || quote.settlementPrice > 0) &&
    (quote.upperLimitPrice === undefined || quote.upperLimitPrice > 0) &&
    (quote.lowerLimitPrice === undefined || quote.lowerLimitPrice > 0) &&
    (quote.averagePrice === undefined || quote.averagePrice > 0) &&
    (quote.highestPrice === undefined || quote.highestPrice > 0) &&
    (quote.lowestPrice === undefined || quote.lowestPrice > 0)
  );
}

/** The prices of a quote that are none: below zero, and zero too except for an option, whose premium can be nothing. Nearly always empty. */
export function badPricesOf(quote: Quote, { master }: Pick<InstrumentRecord, 'master'>): readonly ValuedPrice[] {
  if (areAllPrices(quote)) return NONE;
  const isOption = master?.productClass === 'option';
  let bad: ValuedPrice[] | null = null;
  for (const field of VALUED_PRICES) {
    const price = quote[field];
    if (price === undefined || price > 0 || (isOption && price === 0)) continue;
    bad ??= [];
    bad.push(field);
  }
  return bad ?? NONE;
}

export function withoutPrices(quote: Quote, fields: readonly ValuedPrice[]): Quote {
  const rest = { ...quote };
  for (const field of fields) delete rest[field];
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
