/** Margin of lots and of sides, and how the sides of a margin group add up: exchanges differ, so the method is a dated data row. */
import type { AccountMaster, MarginAggregation, PosiDirection } from '#shared/feed/items';
import { type Known, known, sumKnown, unknown } from './known';
import type { LotTerms } from './position-profit';
import { reasonFor } from './reason';
import type { LegMargin } from './side-rules';

export type MarginPriceType = NonNullable<AccountMaster['marginPriceType']>;
export type AggregationMethod = MarginAggregation['method'];

/** A margin rate after selection: margin of one lot = byMoney x price x multiplier + byVolume. */
export type MarginRatePair = { longByMoney: number; longByVolume: number; shortByMoney: number; shortByVolume: number };

/** The prices that margin may be computed at, of one instrument, in the quote unit. */
export type MarginMarks = { latest: Known<number>; preSettlement: Known<number>; average: Known<number> };

/**
 * The price a lot's margin is computed at. Yesterday's lots always take the pre-settlement price, whatever the setting; today's lots
 * take what MarginPriceType says (CTP BrokerTradingParams).
 */
export function marginPrice(lot: LotTerms, type: MarginPriceType | undefined, marks: MarginMarks): Known<number> {
  if (!lot.isToday) return lot.preSettlementPrice;
  switch (type) {
    case undefined:
      return unknown('noMarginPriceType');
    case 'open':
      return known(lot.openPrice);
    case 'preSettlement':
      return marks.preSettlement;
    case 'latest':
      return marks.latest;
    case 'average':
      return marks.average;
  }
}

/** Margin of lots of one side at one rate: sum of volume x (byMoney x price x multiplier + byVolume). */
export function lotsMargin(
  lots: readonly LotTerms[],
  rate: Known<MarginRatePair>,
  type: MarginPriceType | undefined,
  marks: MarginMarks,
  multiplier: Known<number>,
): Known<number> {
  let margin = 0;
  for (const lot of lots) {
    if (!rate.known) return rate;
    const [byMoney, byVolume] = rateOfSide(rate.value, lot.direction);
    if (byMoney !== 0) {
      const price = marginPrice(lot, type, marks);
      if (!multiplier.known) return multiplier;
      if (!price.known) return price;
      margin += lot.volume * byMoney * price.value * multiplier.value;
    }
    margin += lot.volume * byVolume;
  }
  return known(margin);
}

export function rateOfSide(rate: MarginRatePair, direction: PosiDirection): readonly [byMoney: number, byVolume: number] {
  return direction === 'long' ? [rate.longByMoney, rate.longByVolume] : [rate.shortByMoney, rate.shortByVolume];
}

export type SideMargins = { instrumentID: string; long: Known<number>; short: Known<number> };

/**
 * Margin of one product of one account from the sides of its instruments.
 * productBigSide (SHFE): max of all longs and all shorts across months. instrumentBigSide (CZCE): max per instrument, summed.
 * plainSum (DCE): long and short both count in full.
 */
export function aggregateMargin(method: AggregationMethod, sides: readonly SideMargins[]): Known<number> {
  if (method === 'productBigSide') {
    const long = sumKnown(sides.map((side) => side.long));
    const short = sumKnown(sides.map((side) => side.short));
    if (!long.known) return long;
    if (!short.known) return short;
    return known(Math.max(long.value, short.value));
  }
  return sumKnown(
    sides.map(({ long, short }) => {
      if (!long.known) return long;
      if (!short.known) return short;
      return known(method === 'plainSum' ? long.value + short.value : Math.max(long.value, short.value));
    }),
  );
}

/** Margin of a declared combination from those of its legs. */
export function combineLegs(legMargin: LegMargin, legs: readonly Known<number>[]): Known<number> {
  const sum = sumKnown(legs);
  if (!sum.known || legMargin === 'sumOfLegs') return sum;
  return known(legs.reduce((largest, leg) => (leg.known ? Math.max(largest, leg.value) : largest), 0));
}

/**
 * The day's average price per quote unit. Counters give turnover / volume, which on some exchanges still has the multiplier inside; which one
 * it is follows from the day's low and high, between which a true average must lie. When neither reading fits, it is unknown.
 */
export function averagePricePerUnit(
  averagePrice: number | undefined,
  lowestPrice: number | undefined,
  highestPrice: number | undefined,
  multiplier: Known<number>,
  subject: string,
): Known<number> {
  const reason = reasonFor('noAveragePrice', subject);
  if (averagePrice === undefined || lowestPrice === undefined || highestPrice === undefined) return unknown(reason);
  const fits = (price: number): boolean => price >= lowestPrice && price <= highestPrice;
  if (fits(averagePrice)) return known(averagePrice);
  if (multiplier.known && fits(averagePrice / multiplier.value)) return known(averagePrice / multiplier.value);
  return unknown(reason);
}
