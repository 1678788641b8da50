/** The forced-liquidation worklist: which lots to close, in which order, to bring an account back under a level. It proposes; nothing is ever sent. */
import { z } from 'zod';
import type { RiskLevel } from '#shared/contract/streams';
import { groupBy } from '#shared/group-by';
import { type Known, known, unknown } from '#shared/market/known';
import { lotsMargin } from '#shared/market/margin';
import type { AccountModel, HeldInstrument, HeldLot } from '#shared/market/what-if/account-model';
import { type Candidate, type ClosableLot, chooseCloses } from '#shared/market/what-if/choose-closes';
import { closingFee } from '#shared/market/what-if/closing-fee';
import { frozenLots } from '#shared/market/what-if/frozen-lots';
import { type AccountFigures, closeLots, marginGroupOf, valueAccount } from '#shared/market/what-if/value-account';

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
  /** Lines with the same number release in full only when all of them are closed: the sides of a product that margin each other. */
  together?: number | undefined;
  /** What closing it costs, in the account's currency; null where no rate is known. Absent in lists made before rates were reckoned with. */
  fee?: number | null | undefined;
};

export type SkippedLot = {
  exchangeID: string;
  instrumentID: string;
  direction: 'long' | 'short';
  tradeID: string;
  volume: number;
  /** `option`: what closing it costs is premium, which the list does not reckon with. */
  why: 'locked' | 'hedge' | 'frozen' | 'releasesNothing' | 'option' | 'noPrice';
  /** Of frozen lots: the resting orders that close them already, where they are known. */
  orders?: string[] | undefined;
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
      /** Without a known fee the equity after the list is unknown, and the lots were chosen as if the unknown part were nothing. */
      after: AccountFigures;
      fee: Known<number>;
      levelAfter: RiskLevel;
    };

/** `feePerLot`, in the account's currency, takes the place of the account's own commission rates; null reckons with those. */
export function makeWorklist(model: AccountModel, rules: WorklistRules, feePerLot: number | null = null): Worklist {
  const before = valueAccount(model);
  const problem = [before.balance, before.currMargin, before.exchangeMargin].find((figure) => !figure.known);
  if (problem !== undefined && !problem.known) return { kind: 'unknown', reason: problem.reason };
  if (isUnder(before, rules)) return { kind: 'notNeeded', before };

  const skipped: SkippedLot[] = [];
  const candidates = orderedSides(model, rules, skipped);
  const after = (closes: ReadonlyMap<HeldLot, number>): AccountFigures =>
    valueAccount(closeLots(model, closes, closingFee(model, closes, feePerLot).knownPart));
  const chosen = chooseCloses(
    candidates,
    rules.hedge === 'last' ? [(each) => !isHedge(each), () => true] : [() => true],
    (closes) => {
      const figures = after(closes);
      return { margin: marginOf(figures, rules), isUnder: isUnder(figures, rules) };
    },
    nettingOf(model),
  );
  const isEnough = isUnder(after(chosen.closes), rules);
  if (!isEnough)
    for (const { holding, lots } of candidates)
      for (const { lot, closable } of lots) {
        const volume = closable - (chosen.closes.get(lot) ?? 0);
        if (volume > 0) skipped.push(skip(holding, { ...lot, volume }, 'releasesNothing'));
      }
  const fee = feeOf(model, chosen.closes, feePerLot);
  const figures = valuedWith(model, chosen.closes, fee);
  return {
    kind: 'list',
    isEnough,
    lines: linesOf(model, chosen, before, rules, feePerLot),
    skipped,
    before,
    after: figures,
    fee,
    levelAfter: figures.level,
  };
}

/** Sides net within their margin group, and combinations tie groups to each other. */
function nettingOf({ holdings, combinations = [] }: AccountModel): (holding: HeldInstrument) => string {
  const legs = new Set(combinations.flatMap((each) => each.legs.map(({ exchangeID, instrumentID }) => `${exchangeID}|${instrumentID}`)));
  const tied = new Set(holdings.flatMap((each) => (legs.has(`${each.exchangeID}|${each.instrumentID}`) ? [marginGroupOf(each)] : [])));
  return (holding) => (tied.has(marginGroupOf(holding)) ? 'combinations' : marginGroupOf(holding));
}

function feeOf(model: AccountModel, closes: ReadonlyMap<HeldLot, number>, feePerLot: number | null): Known<number> {
  const { knownPart, reason } = closingFee(model, closes, feePerLot);
  return reason === null ? known(knownPart) : unknown(reason);
}

/** The account after the closes and what they cost; its equity is unknown when that is. */
function valuedWith(model: AccountModel, closes: ReadonlyMap<HeldLot, number>, fee: Known<number>): AccountFigures {
  const closed = closeLots(model, closes, fee.known ? fee.value : 0);
  return valueAccount(fee.known ? closed : { ...closed, equityBeforePositions: fee });
}

/** The lines in the order to close them, each with what it changes after those before it. */
function linesOf(
  model: AccountModel,
  { closes, groups }: ReturnType<typeof chooseCloses>,
  before: AccountFigures,
  rules: WorklistRules,
  feePerLot: number | null,
): WorklistLine[] {
  const closed = new Map<HeldLot, number>();
  const lines: WorklistLine[] = [];
  let margin = marginOf(before, rules);
  let paid = 0;
  let shared = 0;
  for (const group of groups) {
    if (group.length > 1) shared += 1;
    for (const { holding, lot } of group.flatMap((side) => side.lots.map((each) => ({ holding: side.holding, lot: each.lot })))) {
      const volume = closes.get(lot) ?? 0;
      if (volume === 0) continue;
      closed.set(lot, volume);
      const fee = feeOf(model, closed, feePerLot);
      const figures = valuedWith(model, closed, fee);
      const line = lineFor(holding, lot, volume, margin - marginOf(figures, rules), figures, rules);
      const own = closingFee(model, closed, feePerLot).knownPart - paid;
      const isPriced = closingFee(model, new Map([[lot, volume]]), feePerLot).reason === null;
      lines.push({ ...line, ...(group.length > 1 ? { together: shared } : {}), fee: isPriced ? own : null });
      margin = marginOf(figures, rules);
      paid += own;
    }
  }
  return lines;
}

function isUnder(figures: AccountFigures, rules: WorklistRules): boolean {
  // Equity below zero is never under: closing everything stops the loss, but it does not cure it.
  return figures.balance.known && marginOf(figures, rules) <= rules.targetDegree * figures.balance.value;
}

function marginOf(figures: AccountFigures, rules: WorklistRules): number {
  const margin = rules.standard === 'broker' ? figures.currMargin : figures.exchangeMargin;
  return margin.known ? margin.value : Number.NaN;
}

/** What the lot needs by itself on the chosen standard, before sides net; NaN unknown. */
function ownMargin(
  model: AccountModel,
  { companyRate, exchangeRate, marks, multiplier }: HeldInstrument,
  lot: HeldLot,
  rules: WorklistRules,
): number {
  const rate = (rules.standard === 'broker' ? companyRate : exchangeRate)[lot.hedgeFlag] ?? unknown('noRate');
  const margin = lotsMargin([lot], rate, model.marginPriceType, marks, multiplier);
  return margin.known ? margin.value : Number.NaN;
}

/** The sides that may be closed, in the order of the rules. */
function orderedSides(model: AccountModel, rules: WorklistRules, skipped: SkippedLot[]): Candidate[] {
  const candidates: Candidate[] = [];
  for (const holding of model.holdings) {
    const frozen = frozenLots(holding);
    const closables: ClosableLot[] = [];
    for (const lot of holding.lots) {
      const { volume = 0, orders = [] } = frozen.get(lot) ?? {};
      const closable = lot.volume - volume;
      if (holding.isOption) skipped.push(skip(holding, lot, 'option'));
      else if (!holding.marks.latest.known) skipped.push(skip(holding, lot, 'noPrice'));
      else if (rules.hedge === 'never' && lot.hedgeFlag === 'hedge') skipped.push(skip(holding, lot, 'hedge'));
      else if (rules.skipLocked && isLocked(holding, lot)) skipped.push(skip(holding, lot, 'locked'));
      else {
        if (volume > 0) skipped.push({ ...skip(holding, { ...lot, volume }, 'frozen'), orders: [...orders] });
        if (closable > 0) closables.push({ lot, closable, margin: ownMargin(model, holding, lot, rules) });
      }
    }
    for (const lots of sidesOf(holding, closables)) candidates.push({ holding, lots });
  }
  const rank = (candidate: Candidate): number[] => [
    rules.hedge === 'last' && isHedge(candidate) ? 1 : 0,
    orderRank(candidate, rules),
    (candidate.lots[0]?.lot.isToday ? 1 : -1) * (rules.dates === 'historyFirst' ? 1 : -1),
  ];
  return candidates
    .map((candidate) => ({ candidate, rank: rank(candidate) }))
    .sort(
      (a, b) =>
        a.rank.map((value, index) => value - (b.rank[index] ?? 0)).find((difference) => difference !== 0) ??
        (a.candidate.lots[0]?.lot.openDate ?? '').localeCompare(b.candidate.lots[0]?.lot.openDate ?? ''),
    )
    .map(({ candidate }) => candidate);
}

/**
 * What one order can close of: the exchange closes the oldest lots of a side first, over all days or, where it keeps days apart (SHFE, INE), within the day
 * that the order names (docs/numbers.md). Which day to begin with is the rules' choice there, and nobody's elsewhere.
 */
function sidesOf({ closeTerms }: HeldInstrument, closables: readonly ClosableLot[]): ClosableLot[][] {
  const keepsDaysApart = closeTerms?.closeToday === 'ownDay';
  const sides = groupBy(closables, ({ lot }) => `${lot.direction} ${lot.hedgeFlag} ${keepsDaysApart && lot.isToday}`);
  return [...sides.values()].map((lots) =>
    lots.toSorted((a, b) => Number(a.lot.isToday) - Number(b.lot.isToday) || a.lot.openDate.localeCompare(b.lot.openDate)),
  );
}

function isHedge({ lots }: Candidate): boolean {
  return lots[0]?.lot.hedgeFlag === 'hedge';
}

function orderRank({ holding, lots }: Candidate, rules: WorklistRules): number {
  const mark = holding.marks.latest.known ? holding.marks.latest.value : 0;
  const multiplier = holding.multiplier.known ? holding.multiplier.value : 0;
  const sum = (figure: (of: ClosableLot) => number): number => lots.reduce((total, of) => total + figure(of), 0);
  const margin = sum((of) => of.margin);
  const isLong = lots[0]?.lot.direction === 'long';
  switch (rules.order) {
    case 'largeMarginFirst':
      return Number.isNaN(margin) ? Number.MAX_VALUE : -margin;
    case 'smallMarginFirst':
      return Number.isNaN(margin) ? Number.MAX_VALUE : margin;
    case 'longFirst':
      return isLong ? 0 : 1;
    case 'shortFirst':
      return isLong ? 1 : 0;
    case 'largestLossFirst':
      return (isLong ? 1 : -1) * multiplier * sum(({ lot }) => (mark - lot.openPrice) * lot.volume);
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

function lineFor(
  holding: HeldInstrument,
  lot: HeldLot,
  volume: number,
  releaseMargin: number,
  after: AccountFigures,
  rules: WorklistRules,
): WorklistLine {
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
