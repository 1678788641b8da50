/**
 * Finds each row's margin rate. Counters leave it out (0) on rows they have not touched today, so evidence is weighed: rates declared on other
 * rows, dated rates seen on this counter, and the counter's own margins. One altered or disturbed figure must never decide a rate.
 */
import { z } from 'zod';
import { type AggregationRule, aggregateAccountMargin, productOf } from '#shared/market/counter/aggregation';
import type { CounterPosition, CounterSnapshot } from '#shared/market/counter/snapshot';

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

type Candidate = ResolvedRate & { votes: number };

export function resolveMarginRates(
  snapshot: CounterSnapshot,
  values: readonly MarginValues[],
  rules: readonly AggregationRule[],
  seen: readonly SeenRate[],
): (ResolvedRate | null)[] {
  const candidates = snapshot.positions.map((row, index) => candidatesOf(row, snapshot, values[index]?.current ?? null, seen));
  if (candidates.every((list) => list.length <= 1)) return candidates.map((list) => accepted(list[0]));
  return chooseTogether(snapshot, candidates, values, rules).map(accepted);
}

function accepted(candidate: Candidate | undefined): ResolvedRate | null {
  return candidate === undefined ? null : { byMoney: candidate.byMoney, byVolume: candidate.byVolume, source: candidate.source };
}

function isDeclared(row: CounterPosition): boolean {
  return (row.marginRateByMoney ?? 0) > 0 || (row.marginRateByVolume ?? 0) > 0;
}

function candidatesOf(row: CounterPosition, snapshot: CounterSnapshot, value: number | null, seen: readonly SeenRate[]): Candidate[] {
  if (isDeclared(row))
    return [{ byMoney: Math.max(row.marginRateByMoney ?? 0, 0), byVolume: Math.max(row.marginRateByVolume ?? 0, 0), source: 'declared', votes: 0 }];
  const found = new Map<string, Candidate>();
  const vote = (byMoney: number, byVolume: number, source: RateSource, votes: number): void => {
    const key = `${byMoney}|${byVolume}`;
    const earlier = found.get(key);
    if (earlier === undefined) found.set(key, { byMoney, byVolume, source, votes });
    else earlier.votes += votes;
  };
  const declared = snapshot.positions.filter((other) => isDeclared(other) && other.exchange === row.exchange && other.hedgeFlag === row.hedgeFlag);
  const sameInstrument = declaredByOthers(row, declared, (other) => other.instrument === row.instrument);
  const sameProduct = declaredByOthers(row, declared, (other) => productOf(other.instrument) === productOf(row.instrument));
  if (sameInstrument !== null) vote(sameInstrument.byMoney, sameInstrument.byVolume, 'sameInstrument', VOTES.sameInstrument);
  else if (sameProduct !== null) vote(sameProduct.byMoney, sameProduct.byVolume, 'sameProduct', VOTES.sameProduct);
  const known = seen.find(
    (rate) =>
      rate.source === snapshot.source &&
      rate.exchangeID === row.exchange &&
      rate.productID === productOf(row.instrument) &&
      rate.effectiveFrom <= snapshot.tradingDay &&
      (rate.effectiveTo === undefined || snapshot.tradingDay <= rate.effectiveTo),
  );
  if (known !== undefined) vote(known.byMoney, 0, 'seenOnThisCounter', VOTES.seenOnThisCounter);
  for (const [margin, on] of [
    [row.useMargin, value],
    [row.exchangeMargin, value],
    [row.frozenMargin, row.direction === 'long' ? row.longFrozenAmount : row.shortFrozenAmount],
  ] as const) {
    const rate = on === null || on <= 0 ? null : wholeBasisPoints(margin / on);
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
  if (combinations > MAX_COMBINATIONS) return best;
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
  const { account, positions } = snapshot;
  const total = (marginValueAt: (index: number) => number | null, lotsOf: (row: CounterPosition) => number): number | null => {
    const sides = [];
    for (const [index, row] of positions.entries()) {
      const [lots, value, rate] = [lotsOf(row), marginValueAt(index), chosen[index]];
      if (lots === 0) continue;
      if (value === null || rate === undefined) return null;
      sides.push({
        exchangeID: row.exchange,
        instrumentID: row.instrument,
        direction: row.direction,
        margin: value * rate.byMoney + lots * rate.byVolume,
      });
    }
    const sum = aggregateAccountMargin(sides, rules, snapshot.tradingDay);
    return sum.known ? sum.value : null;
  };
  const isSame = (margin: number | null, stated: number | undefined): boolean =>
    margin !== null && stated !== undefined && Math.abs(margin - stated) < 0.005;
  const now = total(
    (index) => values[index]?.current ?? null,
    (row) => row.ydPosition + row.openVolume - row.closeVolume,
  );
  const morning = total(
    (index) => values[index]?.morning ?? null,
    (row) => row.ydPosition,
  );
  const witnesses = [isSame(now, account.currMargin), isSame(now, account.exchangeMargin), isSame(morning, account.preMargin)];
  return witnesses.filter(Boolean).length * VOTES.accountMargin;
}
