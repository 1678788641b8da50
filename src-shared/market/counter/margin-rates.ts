/**
 * Finds each row's margin rate. Counters leave it out (0) on rows they have not touched today, so evidence is weighed: rates declared on other
 * rows, dated rates seen on this counter, and the counter's own margins. One altered or disturbed figure must never decide a rate.
 */
import { z } from 'zod';
import { groupBy } from '#shared/group-by';
import { type AggregationRule, aggregateAccountMargin, productOf } from '#shared/market/counter/aggregation';
import type { CounterPosition, CounterSnapshot } from '#shared/market/counter/snapshot';
import { isOption } from '#shared/market/counter/sold-options';

export const seenRatesSchema = z.object({
  about: z.string(),
  rates: z.array(
    z.object({
      /** The counter these hold for: the snapshot's `source`. */
      source: z.string().min(1).max(64),
      exchangeID: z.string().min(1).max(16),
      productID: z.string().min(1).max(16),
      byMoney: z.number().positive().max(1),
      effectiveFrom: z.string().regex(/^\d{8}$/),
      effectiveTo: z
        .string()
        .regex(/^\d{8}$/)
        .optional(),
      certainty: z.enum(['verified', 'secondary', 'unconfirmed', 'demonstration']),
      citation: z.string().min(1).max(400),
    }),
  ),
});
export type SeenRate = z.infer<typeof seenRatesSchema>['rates'][number];

export type RateSource = 'declared' | 'sameInstrument' | 'sameProduct' | 'seenOnThisCounter' | 'impliedByCounter';
/** Margin of n lots with margin value v: v x byMoney + n x byVolume. */
export type ResolvedRate = { byMoney: number; byVolume: number; source: RateSource };

/** What margin is charged on: the row's lots now, and its lots at the day's beginning; null where it cannot be told. */
export type MarginValues = { current: number | null; morning: number | null };

/**
 * Votes for a rate. Rates of one contract are the same on all its rows; rates of one product mostly are (months near delivery differ), so
 * three of the counter's own figures that agree outvote those, and no one or two do. Dated rows of this very counter give way only when the
 * row's, the account's and the morning's margins all agree on another rate.
 */
const VOTES = { sameInstrument: 6, sameProduct: 2.5, seenOnThisCounter: 4, ownMargin: 1, accountMargin: 0.8 } as const;
const MAX_COMBINATIONS = 512;
/** Combinations times rows: a snapshot of very many rows is not searched through. */
const MAX_SEARCH = 200_000;

type Candidate = ResolvedRate & { votes: number };

export function resolveMarginRates(
  snapshot: CounterSnapshot,
  values: readonly MarginValues[],
  rules: readonly AggregationRule[],
  seen: readonly SeenRate[],
): (ResolvedRate | null)[] {
  const related = groupBy(distinctRates(snapshot.positions.filter(isDeclared)), relationOf);
  const candidates = snapshot.positions.map((row, index) => {
    if (isOption(row.instrument)) return [];
    return candidatesOf(row, snapshot, values[index]?.current ?? null, related.get(relationOf(row)) ?? [], seen);
  });
  addRatesOfAccount(snapshot, candidates, values, rules);
  if (candidates.every((list) => list.length <= 1)) return candidates.map((list) => accepted(list[0]));
  return chooseTogether(snapshot, candidates, values, rules).map(accepted);
}

function accepted(candidate: Candidate | undefined): ResolvedRate | null {
  return candidate === undefined ? null : { byMoney: candidate.byMoney, byVolume: candidate.byVolume, source: candidate.source };
}

function isDeclared(row: CounterPosition): boolean {
  return (row.marginRateByMoney ?? 0) > 0 || (row.marginRateByVolume ?? 0) > 0;
}

/** One row for each rate that a contract's side declares. */
function distinctRates(declared: readonly CounterPosition[]): Iterable<CounterPosition> {
  const keyOf = (row: CounterPosition): string =>
    `${relationOf(row)}.${row.instrument}.${row.direction}.${row.marginRateByMoney ?? 0}.${row.marginRateByVolume ?? 0}`;
  return new Map(declared.map((row) => [keyOf(row), row])).values();
}

/** Rows that share their rates, but for months near delivery. */
function relationOf({ exchange, instrument, hedgeFlag }: CounterPosition): string {
  return `${exchange}.${productOf(instrument)}.${hedgeFlag}`;
}

/** Rate of a future that need not be held itself: of its own rows, the short side first, else of its product's, else dated rows of this counter. */
type FuturesRates = (option: CounterPosition, underlying: string) => { byMoney: number; byVolume: number } | null;

export function futuresRates(snapshot: CounterSnapshot, rates: readonly (ResolvedRate | null)[], seen: readonly SeenRate[]): FuturesRates {
  const known = new Map<string, { isShort: boolean; rate: ResolvedRate }>();
  for (const [index, row] of snapshot.positions.entries()) {
    const rate = rates[index] ?? null;
    const isShort = row.direction === 'short';
    if (rate === null) continue;
    for (const name of [row.instrument, productOf(row.instrument)]) {
      const key = `${row.exchange}.${row.hedgeFlag}.${name}`;
      if (known.get(key)?.isShort !== true) known.set(key, { isShort, rate });
    }
  }
  return (option, underlying) => {
    const of = (name: string): ResolvedRate | undefined => known.get(`${option.exchange}.${option.hedgeFlag}.${name}`)?.rate;
    const product = productOf(underlying);
    const rate = of(underlying) ?? of(product);
    if (rate !== undefined) return rate;
    const dated = seenRate(option, product, snapshot, seen);
    return dated === undefined ? null : { byMoney: dated.byMoney, byVolume: 0 };
  };
}

/** They were seen on speculation; hedging has rates of its own. */
function seenRate(
  { exchange, hedgeFlag }: CounterPosition,
  product: string,
  { source, tradingDay }: CounterSnapshot,
  seen: readonly SeenRate[],
): SeenRate | undefined {
  return seen.find(
    (rate) =>
      rate.source === source &&
      hedgeFlag === 'speculation' &&
      rate.exchangeID === exchange &&
      rate.productID === product &&
      rate.effectiveFrom <= tradingDay &&
      (rate.effectiveTo === undefined || tradingDay <= rate.effectiveTo),
  );
}

function candidatesOf(
  row: CounterPosition,
  snapshot: CounterSnapshot,
  value: number | null,
  related: readonly CounterPosition[],
  seen: readonly SeenRate[],
): Candidate[] {
  if (isDeclared(row))
    return [{ byMoney: Math.max(row.marginRateByMoney ?? 0, 0), byVolume: Math.max(row.marginRateByVolume ?? 0, 0), source: 'declared', votes: 0 }];
  const found = new Map<string, Candidate>();
  const vote = (byMoney: number, byVolume: number, source: RateSource, votes: number): void => {
    const key = `${byMoney}|${byVolume}`;
    const earlier = found.get(key);
    if (earlier === undefined) found.set(key, { byMoney, byVolume, source, votes });
    else earlier.votes += votes;
  };
  const sameInstrument = declaredByOthers(row, related, (other) => other.instrument === row.instrument);
  const sameProduct = declaredByOthers(row, related, () => true);
  if (sameInstrument !== null) vote(sameInstrument.byMoney, sameInstrument.byVolume, 'sameInstrument', VOTES.sameInstrument);
  else if (sameProduct !== null) vote(sameProduct.byMoney, sameProduct.byVolume, 'sameProduct', VOTES.sameProduct);
  const known = seenRate(row, productOf(row.instrument), snapshot, seen);
  if (known !== undefined) vote(known.byMoney, 0, 'seenOnThisCounter', VOTES.seenOnThisCounter);
  for (const [margin, on] of [
    [row.useMargin, value],
    [row.exchangeMargin, value],
    [row.frozenMargin, row.direction === 'long' ? row.longFrozenAmount : row.shortFrozenAmount],
  ] as const) {
    const rate = on === null || on <= 0 || margin === undefined ? null : wholeBasisPoints(margin / on);
    if (rate !== null) vote(rate, 0, 'impliedByCounter', VOTES.ownMargin);
  }
  return [...found.values()];
}

/** The one rate that the other rows declare: of the same side where they do, of both sides when these agree. */
function declaredByOthers(
  row: CounterPosition,
  declared: readonly CounterPosition[],
  isRelated: (other: CounterPosition) => boolean,
): { byMoney: number; byVolume: number } | null {
  const related = declared.filter(isRelated);
  const sameSide = related.filter((other) => other.direction === row.direction);
  const rates = new Map(
    (sameSide.length > 0 ? sameSide : related).map((other) => [
      `${other.marginRateByMoney ?? 0}|${other.marginRateByVolume ?? 0}`,
      { byMoney: other.marginRateByMoney ?? 0, byVolume: other.marginRateByVolume ?? 0 },
    ]),
  );
  const [only] = rates.values();
  return rates.size === 1 && only !== undefined ? only : null;
}

/** Exchanges and brokers set rates in whole basis points: a quotient that is not one is a disturbed figure, not a rate. */
function wholeBasisPoints(rate: number): number | null {
  const basisPoints = Math.round(rate * 10_000);
  return basisPoints > 0 && basisPoints <= 10_000 && Math.abs(rate * 10_000 - basisPoints) < 1e-6 ? basisPoints / 10_000 : null;
}

/** Rows in doubt are settled together: the combination with most votes, where each of the account's own margins it adds up to votes as well. */
function chooseTogether(
  snapshot: CounterSnapshot,
  candidates: readonly Candidate[][],
  values: readonly MarginValues[],
  rules: readonly AggregationRule[],
): (Candidate | undefined)[] {
  let best = candidates.map(strongest);
  let combinations = 1;
  for (const list of candidates) combinations *= Math.max(list.length, 1);
  if (combinations > MAX_COMBINATIONS || combinations * candidates.length > MAX_SEARCH) return best;
  let bestVotes = Number.NEGATIVE_INFINITY;
  let isTied = false;
  for (let combination = 0; combination < combinations; combination++) {
    let rest = combination;
    const chosen = candidates.map((list) => {
      const pick = list[rest % Math.max(list.length, 1)];
      rest = Math.floor(rest / Math.max(list.length, 1));
      return pick;
    });
    const votes = chosen.reduce((sum, pick) => sum + (pick?.votes ?? 0), 0) + accountVotes(snapshot, chosen, values, rules);
    isTied = Math.abs(votes - bestVotes) < 1e-9 || (isTied && votes < bestVotes);
    if (votes <= bestVotes + 1e-9) continue;
    bestVotes = votes;
    best = chosen;
  }
  return isTied ? candidates.map((list) => (list.length > 1 && !hasClearLead(list) ? undefined : strongest(list))) : best;
}

function strongest(list: readonly Candidate[]): Candidate | undefined {
  return [...list].sort((a, b) => b.votes - a.votes)[0];
}

function hasClearLead(list: readonly Candidate[]): boolean {
  const [first, second] = [...list].sort((a, b) => b.votes - a.votes);
  return first !== undefined && (second === undefined || first.votes > second.votes);
}

function accountVotes(
  snapshot: CounterSnapshot,
  chosen: readonly (Candidate | undefined)[],
  values: readonly MarginValues[],
  rules: readonly AggregationRule[],
): number {
  const isSame = (margin: number | null, stated: number | undefined): boolean =>
    margin !== null && stated !== undefined && Math.abs(margin - stated) < 0.005;
  const marginAt = (lots: MarginMoment): number | null => totalMargin(snapshot, chosen, values, rules, lots);
  const agreeing = statedMargins(snapshot).filter(([lots, stated]) => isSame(marginAt(lots), stated));
  return agreeing.length * VOTES.accountMargin;
}

/** Which lots a margin of the account is about: those held now, the morning's, or those of resting orders to open. */
type MarginMoment = 'now' | 'morning' | 'resting';

function statedMargins({ account }: CounterSnapshot): [MarginMoment, number | undefined][] {
  return [
    ['now', account.currMargin],
    ['now', account.exchangeMargin],
    ['morning', account.preMargin],
    // No order to open is resting where it is 0, which says nothing of a rate.
    ['resting', account.frozenMargin === 0 ? undefined : account.frozenMargin],
  ];
}

function chargedOn(row: CounterPosition, values: MarginValues | undefined, moment: MarginMoment): { lots: number; value: number | null } {
  switch (moment) {
    case 'now':
      return { lots: row.ydPosition + row.openVolume - row.closeVolume, value: values?.current ?? null };
    case 'morning':
      return { lots: row.ydPosition, value: values?.morning ?? null };
    case 'resting':
      return row.direction === 'long'
        ? { lots: row.longFrozen, value: row.longFrozenAmount }
        : { lots: row.shortFrozen, value: row.shortFrozenAmount };
  }
}

/** The account's margin at the chosen rates; null where it cannot be told. Resting orders are added up, positions by the exchange's rule. */
function totalMargin(
  snapshot: CounterSnapshot,
  chosen: readonly (Pick<ResolvedRate, 'byMoney' | 'byVolume'> | undefined)[],
  values: readonly MarginValues[],
  rules: readonly AggregationRule[],
  moment: MarginMoment,
): number | null {
  const sides = [];
  for (const [index, row] of snapshot.positions.entries()) {
    const { lots, value } = chargedOn(row, values[index], moment);
    if (lots === 0 || (isOption(row.instrument) && row.direction === 'long')) continue;
    const rate = chosen[index];
    if (value === null || rate === undefined) return null;
    const margin = value * rate.byMoney + lots * rate.byVolume;
    sides.push({ exchangeID: row.exchange, instrumentID: row.instrument, direction: row.direction, margin });
  }
  if (moment === 'resting') return sides.reduce((sum, { margin }) => sum + margin, 0);
  const sum = aggregateAccountMargin(sides, rules, snapshot.tradingDay);
  return sum.known ? sum.value : null;
}

/**
 * Where the rows of one product alone are in doubt, each of the account's margins says what their rate would be. Only the candidate is added: its votes are
 * those of the margins that it adds up to.
 */
function addRatesOfAccount(
  snapshot: CounterSnapshot,
  candidates: Candidate[][],
  values: readonly MarginValues[],
  rules: readonly AggregationRule[],
): void {
  const isCharged = (row: CounterPosition): boolean => chargedOn(row, undefined, 'now').lots > 0 || chargedOn(row, undefined, 'resting').lots > 0;
  const inDoubt = snapshot.positions.filter((row) => !isDeclared(row) && !isOption(row.instrument) && isCharged(row));
  if (new Set(inDoubt.map(relationOf)).size !== 1) return;
  const isOpen = new Set(inDoubt);
  const at = (unit: number) => snapshot.positions.map((row, index) => (isOpen.has(row) ? { byMoney: unit, byVolume: 0 } : candidates[index]?.[0]));
  for (const [moment, stated] of statedMargins(snapshot)) {
    const [rest, unit] = [totalMargin(snapshot, at(0), values, rules, moment), totalMargin(snapshot, at(1), values, rules, moment)];
    if (stated === undefined || rest === null || unit === null || unit <= rest) continue;
    const byMoney = wholeBasisPoints((stated - rest) / (unit - rest));
    if (byMoney === null) continue;
    for (const [index, row] of snapshot.positions.entries()) {
      const list = candidates[index] ?? [];
      if (isOpen.has(row) && !list.some((one) => one.byMoney === byMoney && one.byVolume === 0))
        list.push({ byMoney, byVolume: 0, source: 'impliedByCounter', votes: 0 });
    }
  }
}
