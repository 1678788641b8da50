/** Finds each row's margin rate by money. Counters leave it out (0) on rows they have not touched today, so it is looked for, in order of trust. */
import { productOf } from '#shared/market/counter/aggregation';
import type { CounterPosition, CounterSnapshot } from '#shared/market/counter/snapshot';

export type RateSource = 'declared' | 'sameInstrument' | 'sameProduct' | 'impliedByCounter';
export type ResolvedRate = { rate: number; source: RateSource };

type CostOf = (row: CounterPosition, multiplier: number | undefined) => number | { unknown: string };

export function resolveMarginRates(snapshot: CounterSnapshot, costOf: CostOf): (ResolvedRate | null)[] {
  const declared = snapshot.positions.filter((row) => (row.marginRateByMoney ?? 0) > 0);
  return snapshot.positions.map((row) => {
    if ((row.marginRateByMoney ?? 0) > 0) return { rate: row.marginRateByMoney ?? 0, source: 'declared' };
    const sameInstrument = oneRate(declared.filter((other) => other.exchange === row.exchange && other.instrument === row.instrument));
    if (sameInstrument !== null) return { rate: sameInstrument, source: 'sameInstrument' };
    const sameProduct = oneRate(
      declared.filter((other) => other.exchange === row.exchange && productOf(other.instrument) === productOf(row.instrument)),
    );
    if (sameProduct !== null) return { rate: sameProduct, source: 'sameProduct' };
    return impliedRate(row, snapshot, costOf);
  });
}

function oneRate(rows: readonly CounterPosition[]): number | null {
  const rates = new Set(rows.map((row) => row.marginRateByMoney));
  const [only] = rates;
  return rates.size === 1 && only !== undefined ? only : null;
}

/**
 * With nothing declared, the counter's margin over our own cost implies the rate it used. Exchanges and brokers set rates in whole basis
 * points, so a quotient that is not one is evidence of a disturbed figure, not of a rate; two that disagree are settled by the account's total.
 */
function impliedRate(row: CounterPosition, snapshot: CounterSnapshot, costOf: CostOf): ResolvedRate | null {
  const cost = costOf(row, snapshot.instruments[row.instrument]?.multiplier);
  if (typeof cost !== 'number' || cost <= 0) return null;
  const candidates = [
    ...new Set([row.useMargin, row.exchangeMargin].map((margin) => wholeBasisPoints(margin / cost)).filter((rate) => rate !== null)),
  ];
  if (candidates.length < 2) return candidates[0] === undefined ? null : { rate: candidates[0], source: 'impliedByCounter' };
  const others = snapshot.positions.reduce((sum, other) => (other === row ? sum : sum + other.useMargin), 0);
  const supported = candidates.filter((rate) => Math.abs(others + rate * cost - snapshot.account.currMargin) < 0.005);
  return supported.length === 1 && supported[0] !== undefined ? { rate: supported[0], source: 'impliedByCounter' } : null;
}

function wholeBasisPoints(rate: number): number | null {
  const basisPoints = Math.round(rate * 10_000);
  return basisPoints > 0 && Math.abs(rate * 10_000 - basisPoints) < 1e-6 ? basisPoints / 10_000 : null;
}
