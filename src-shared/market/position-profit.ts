/** Profit of a position by date and by trade, always from its lots: the two conventions split the same equity differently. */
import type { PosiDirection } from '#shared/feed/items';
import { type Known, known, unknown } from './known';
import type { Reason } from './reason';

export type LotTerms = {
  direction: PosiDirection;
  /** Whole lots. */
  volume: number;
  /** The price it was opened at, days ago or today, in the quote unit. */
  openPrice: number;
  /** Opened on this trading day. */
  isToday: boolean;
  /** Yesterday's settlement, the by-date reference of a lot that is not today's. */
  preSettlementPrice: Known<number>;
};

export function sign(direction: PosiDirection): 1 | -1 {
  return direction === 'long' ? 1 : -1;
}

/** The by-date reference of a lot: its open price today, yesterday's settlement afterwards. */
export function referencePrice(lot: LotTerms): Known<number> {
  return lot.isToday ? known(lot.openPrice) : lot.preSettlementPrice;
}

/** By date (the counter's positionProfit): sum of +/-(mark - reference) x multiplier x volume. */
export function positionProfitByDate(lots: readonly LotTerms[], mark: Known<number>, multiplier: Known<number>): Known<number> {
  let profit = 0;
  for (const lot of lots) {
    const reference = referencePrice(lot);
    if (!multiplier.known) return multiplier;
    if (!reference.known) return reference;
    if (!mark.known) return mark;
    profit += sign(lot.direction) * (mark.value - reference.value) * multiplier.value * lot.volume;
  }
  return known(profit);
}

/** By trade (the floating profit): sum of +/-(mark - open price) x multiplier x volume. */
export function positionProfitByTrade(lots: readonly LotTerms[], mark: Known<number>, multiplier: Known<number>): Known<number> {
  let profit = 0;
  for (const lot of lots) {
    if (!multiplier.known) return multiplier;
    if (!mark.known) return mark;
    profit += sign(lot.direction) * (mark.value - lot.openPrice) * multiplier.value * lot.volume;
  }
  return known(profit);
}

/** positionCost: by-date reference x multiplier x volume, without sign. */
export function positionCost(lots: readonly LotTerms[], multiplier: Known<number>): Known<number> {
  let cost = 0;
  for (const lot of lots) {
    const reference = referencePrice(lot);
    if (!multiplier.known) return multiplier;
    if (!reference.known) return reference;
    cost += reference.value * multiplier.value * lot.volume;
  }
  return known(cost);
}

/** openCost: the original open price x multiplier x volume, kept across days. */
export function openCost(lots: readonly LotTerms[], multiplier: Known<number>): Known<number> {
  if (lots.length === 0) return known(0);
  if (!multiplier.known) return multiplier;
  return known(lots.reduce((sum, lot) => sum + lot.openPrice * multiplier.value * lot.volume, 0));
}

/** Profit of one side whose cost is already summed (a slice without lots): +/-(mark x multiplier x volume - cost). */
export function profitFromCost(
  direction: PosiDirection,
  volume: number,
  cost: Known<number>,
  mark: Known<number>,
  multiplier: Known<number>,
): Known<number> {
  if (volume === 0) return known(0);
  if (!multiplier.known) return multiplier;
  if (!cost.known) return cost;
  if (!mark.known) return mark;
  return known(sign(direction) * (mark.value * multiplier.value * volume - cost.value));
}

/** Volume-weighted open price of lots; unknown without lots. */
export function averageOpenPrice(lots: readonly LotTerms[], reasonWhenEmpty: Reason): Known<number> {
  let volume = 0;
  let sum = 0;
  for (const lot of lots) {
    volume += lot.volume;
    sum += lot.volume * lot.openPrice;
  }
  return volume === 0 ? unknown(reasonWhenEmpty) : known(sum / volume);
}
