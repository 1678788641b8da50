/** The forced-liquidation worklist: which lots to close, in which order, to bring an account back under a level. It proposes; nothing is ever sent. */
import { z } from 'zod';
import type { RiskLevel } from '#shared/contract/streams';
import type { AccountModel, HeldInstrument, HeldLot } from '#shared/market/what-if/account-model';
import { type AccountFigures, closeLots, valueAccount } from '#shared/market/what-if/value-account';

export const worklistRulesSchema = z.object({
  /** Whose margin must be covered: the broker's (currMargin) or the exchange's. */
  standard: z.enum(['broker', 'exchange']),
  /** The degree to come down to, on that standard; 1 is 100 %. */
  targetDegree: z.number().gt(0).max(1),
  order: z.enum(['largeMarginFirst', 'smallMarginFirst', 'longFirst', 'shortFirst', 'largestLossFirst']),
  hedge: z.enum(['last', 'never', 'alike']),
  dates: z.enum(['historyFirst', 'todayFirst']),
  /** A long cannot be sold at a contract locked down, a short cannot be bought back at one locked up. */
  skipLocked: z.boolean(),
  /** What the orders ask for: the latest price, or the day's limit on the side that is filled at once. The list's figures are at the latest price either way. */
  price: z.enum(['latest', 'limit']).default('latest'),
  /** Ticks by which an order at the latest price gives way: lower for a sale, higher for a purchase. */
  offsetTicks: z.number().int().min(0).max(1000).default(0),
});
export type WorklistRules = z.infer<typeof worklistRulesSchema>;

export type WorklistLine = {
  exchangeID: string;
  instrumentID: string;
  direction: 'long' | 'short';
  hedgeFlag: string;
  openDate: string;
  tradeID: string;
  volume: number;
  /** Order volumes, each within the contract's largest order. */
  orders: number[];
  price: number;
  /** What the orders ask for by the rules, within the day's limits; null where a limit or the tick is not known. Absent in lists made before there was one. */
  orderPrice?: number | null | undefined;
  closeProfit: number;
  /** By how much this line lowers the account's margin on the chosen standard; 0 on the smaller side of a big-side product. */
  releaseMargin: number;
  degreeAfter: number | null;
};

export type SkippedLot = {
  exchangeID: string;
  instrumentID: string;
  direction: 'long' | 'short';
  tradeID: string;
  volume: number;
  /** `option`: what closing it costs is premium, which the list does not reckon with. */
  why: 'locked' | 'hedge' | 'releasesNothing' | 'option' | 'noPrice';
};

export type Worklist =
  | { kind: 'unknown'; reason: string }
  | { kind: 'notNeeded'; before: AccountFigures }
  | {
      kind: 'list';
      isEnough: boolean;
      lines: WorklistLine[];
      skipped: SkippedLot[];
      before: AccountFigures;
      after: AccountFigures;
      levelAfter: RiskLevel;
    };

type Candidate = { holding: HeldInstrument; lot: HeldLot };

/** `feePerLot` in the account's currency lowers equity with each lot closed. */
export function makeWorklist(model: AccountModel, rules: WorklistRules, feePerLot = 0): Worklist {
  const before = valueAccount(model);
  const problem = [before.balance, before.currMargin, before.exchangeMargin].find((figure) => !figure.known);
  if (problem !== undefined && !problem.known) return { kind: 'unknown', reason: problem.reason };
  if (isUnder(before, rules)) return { kind: 'notNeeded', before };

  const closes = new Map<HeldLot, number>();
  const lines: WorklistLine[] = [];
  const skipped: SkippedLot[] = [];
  let figures = before;
  let waiting = orderedLots(model, rules, skipped);
  // Closing the larger side may make the other side the larger, so lots that release nothing are tried again after each that did.
  for (let hasProgress = true; hasProgress && !isUnder(figures, rules); ) {
    hasProgress = false;
    for (const candidate of waiting) {
      const volume = smallestEnough(model, closes, candidate, rules, feePerLot);
      const next = valuedAfter(model, new Map(closes).set(candidate.lot, volume), feePerLot);
      const release = marginOf(figures, rules) - marginOf(next, rules);
      if (release <= 0) continue;
      closes.set(candidate.lot, volume);
      lines.push(lineFor(candidate, volume, release, next, rules));
      waiting = waiting.filter((other) => other !== candidate);
      figures = next;
      hasProgress = true;
      break;
    }
  }
  if (!isUnder(figures, rules)) for (const { holding, lot } of waiting) skipped.push(skip(holding, lot, 'releasesNothing'));
  return { kind: 'list', isEnough: isUnder(figures, rules), lines, skipped, before, after: figures, levelAfter: figures.level };
}

function valuedAfter(model: AccountModel, closes: ReadonlyMap<HeldLot, number>, feePerLot: number): AccountFigures {
  const lots = [...closes.values()].reduce((sum, volume) => sum + volume, 0);
  return valueAccount(closeLots(model, closes, lots * feePerLot));
}

/** The fewest lots of the candidate that suffice, or all of it. */
function smallestEnough(
  model: AccountModel,
  closes: ReadonlyMap<HeldLot, number>,
  { lot }: Candidate,
  rules: WorklistRules,
  feePerLot: number,
): number {
  const suffices = (volume: number) => isUnder(valuedAfter(model, new Map(closes).set(lot, volume), feePerLot), rules);
  if (!suffices(lot.volume)) return lot.volume;
  let [below, enough] = [0, lot.volume];
  while (enough - below > 1) {
    const middle = Math.floor((below + enough) / 2);
    if (suffices(middle)) enough = middle;
    else below = middle;
  }
  return enough;
}

function isUnder(figures: AccountFigures, rules: WorklistRules): boolean {
  // Equity below zero is never under: closing everything stops the loss, but it does not cure it.
  return figures.balance.known && marginOf(figures, rules) <= rules.targetDegree * figures.balance.value;
}

function marginOf(figures: AccountFigures, rules: WorklistRules): number {
  const margin = rules.standard === 'broker' ? figures.currMargin : figures.exchangeMargin;
  return margin.known ? margin.value : Number.NaN;
}

function orderedLots(model: AccountModel, rules: WorklistRules, skipped: SkippedLot[]): Candidate[] {
  const candidates: Candidate[] = [];
  for (const holding of model.holdings) {
    for (const lot of holding.lots) {
      if (holding.isOption) skipped.push(skip(holding, lot, 'option'));
      else if (!holding.marks.latest.known) skipped.push(skip(holding, lot, 'noPrice'));
      else if (rules.hedge === 'never' && lot.hedgeFlag === 'hedge') skipped.push(skip(holding, lot, 'hedge'));
      else if (rules.skipLocked && isLocked(holding, lot)) skipped.push(skip(holding, lot, 'locked'));
      else candidates.push({ holding, lot });
    }
  }
  const rank = (candidate: Candidate): number[] => [
    rules.hedge === 'last' && candidate.lot.hedgeFlag === 'hedge' ? 1 : 0,
    orderRank(candidate, rules),
    (candidate.lot.isToday ? 1 : -1) * (rules.dates === 'historyFirst' ? 1 : -1),
  ];
  return candidates
    .map((candidate) => ({ candidate, rank: rank(candidate) }))
    .sort(
      (a, b) =>
        a.rank.map((value, index) => value - (b.rank[index] ?? 0)).find((difference) => difference !== 0) ??
        a.candidate.lot.openDate.localeCompare(b.candidate.lot.openDate),
    )
    .map(({ candidate }) => candidate);
}

function orderRank({ holding, lot }: Candidate, rules: WorklistRules): number {
  const mark = holding.marks.latest.known ? holding.marks.latest.value : 0;
  const multiplier = holding.multiplier.known ? holding.multiplier.value : 0;
  const value = mark * multiplier * lot.volume;
  switch (rules.order) {
    case 'largeMarginFirst':
      return -value;
    case 'smallMarginFirst':
      return value;
    case 'longFirst':
      return lot.direction === 'long' ? 0 : 1;
    case 'shortFirst':
      return lot.direction === 'short' ? 0 : 1;
    case 'largestLossFirst':
      return (lot.direction === 'long' ? 1 : -1) * (mark - lot.openPrice) * multiplier * lot.volume;
  }
}

function isLocked(holding: HeldInstrument, lot: HeldLot): boolean {
  const { latest, upperLimit, lowerLimit } = holding.marks;
  const limit = lot.direction === 'long' ? lowerLimit : upperLimit;
  return latest.known && limit.known && (lot.direction === 'long' ? latest.value <= limit.value : latest.value >= limit.value);
}

function skip(holding: HeldInstrument, lot: HeldLot, why: SkippedLot['why']): SkippedLot {
  return {
    exchangeID: holding.exchangeID,
    instrumentID: holding.instrumentID,
    direction: lot.direction,
    tradeID: lot.tradeID,
    volume: lot.volume,
    why,
  };
}

function lineFor({ holding, lot }: Candidate, volume: number, releaseMargin: number, after: AccountFigures, rules: WorklistRules): WorklistLine {
  const price = holding.marks.latest.known ? holding.marks.latest.value : Number.NaN;
  const multiplier = holding.multiplier.known ? holding.multiplier.value : Number.NaN;
  const reference = lot.isToday || !lot.preSettlementPrice.known ? lot.openPrice : lot.preSettlementPrice.value;
  const degree = rules.standard === 'broker' ? after.riskDegree : after.exchangeRiskDegree;
  return {
    exchangeID: holding.exchangeID,
    instrumentID: holding.instrumentID,
    direction: lot.direction,
    hedgeFlag: lot.hedgeFlag,
    openDate: lot.openDate,
    tradeID: lot.tradeID,
    volume,
    orders: splitOrders(volume, holding.maxLimitOrderVolume),
    price,
    orderPrice: orderPriceOf(holding, lot.direction, rules),
    closeProfit: (lot.direction === 'long' ? 1 : -1) * (price - reference) * multiplier * volume,
    releaseMargin,
    degreeAfter: degree.kind === 'degree' ? degree.value : null,
  };
}

/** A long is closed by a sale and a short by a purchase: giving way is down for the one and up for the other. */
function orderPriceOf({ marks, priceTick }: HeldInstrument, direction: 'long' | 'short', { price, offsetTicks }: WorklistRules): number | null {
  const limit = direction === 'long' ? marks.lowerLimit : marks.upperLimit;
  if (price === 'limit') return limit.known ? limit.value : null;
  if (!marks.latest.known || (offsetTicks > 0 && !priceTick.known)) return null;
  const away = offsetTicks === 0 || !priceTick.known ? 0 : offsetTicks * priceTick.value;
  // Ticks are decimal fractions: what is left of binary ones is cut off.
  const wanted = Number((marks.latest.value + (direction === 'long' ? -away : away)).toFixed(8));
  if (!limit.known) return wanted;
  return direction === 'long' ? Math.max(wanted, limit.value) : Math.min(wanted, limit.value);
}

function splitOrders(volume: number, largest: number | null): number[] {
  if (largest === null || largest <= 0) return [volume];
  const full = Array.from({ length: Math.floor(volume / largest) }, () => largest);
  return volume % largest === 0 ? full : [...full, volume % largest];
}
