/** Value at risk by history and by covariance, with a back-test, from daily returns of the contracts held now: a second opinion beside the scenarios, labelled as such. */
import { z } from 'zod';
import { certaintySchema } from '#shared/feed/items';

const date = z.string().regex(/^\d{8}$/);
export const varTableSchema = z.object({
  about: z.string(),
  parameters: z.array(
    z.object({
      name: z.enum(['historyDays', 'leastDays', 'leastTestDays', 'yellowFrom', 'redFrom']),
      value: z.number().positive(),
      effectiveFrom: date,
      effectiveTo: date.optional(),
      citation: z.string(),
      certainty: certaintySchema,
    }),
  ),
});
export type VarTable = z.infer<typeof varTableSchema>;

/** Daily returns of one contract (or, where it is too young, of its product) by date; `value` is the signed money that a move of 1 (100 %) makes. */
export type Exposure = { label: string; value: number; returns: ReadonlyMap<string, number> };

/** Profit and loss of today's positions on each past day on which every exposure has a return, oldest first, in money. */
export function dailyOutcomes(exposures: readonly Exposure[], dates: readonly string[]): { date: string; amount: number }[] {
  return dates.flatMap((day) => {
    let amount = 0;
    for (const { value, returns } of exposures) {
      const change = returns.get(day);
      // A day on which one contract is missing says nothing of the whole: taking it as no move would make the risk look smaller.
      if (change === undefined) return [];
      amount += value * change;
    }
    return [{ date: day, amount }];
  });
}

/** The loss (above zero) that is exceeded on a share 1 - confidence of days: the lower empirical quantile, without interpolation. Scaled by the root of the horizon. */
export function historicalVar(outcomes: readonly number[], confidence: number, horizonDays: number): number {
  const sorted = [...outcomes].sort((a, b) => a - b);
  // The worst floor(n x (1 - c)) days lie beyond it; the epsilon keeps 250 x 0.04 from becoming 9.
  const beyond = Math.floor(sorted.length * (1 - confidence) + 1e-9);
  const quantile = sorted[Math.min(beyond, sorted.length - 1)] ?? Number.NaN;
  return Math.max(0, -quantile) * Math.sqrt(horizonDays);
}

/** One-sided normal quantiles of the confidences that may be asked for. */
const NORMAL_QUANTILE: Readonly<Record<string, number>> = { '0.95': 1.6448536269514722, '0.99': 2.3263478740408408 };

/** Standard deviation of the outcomes (mean taken as zero, as is usual for a day) times the normal quantile and the root of the horizon. */
export function parametricVar(outcomes: readonly number[], confidence: 0.95 | 0.99, horizonDays: number): number {
  const variance = outcomes.reduce((sum, amount) => sum + amount * amount, 0) / outcomes.length;
  return (NORMAL_QUANTILE[String(confidence)] ?? Number.NaN) * Math.sqrt(variance * horizonDays);
}

/**
 * How often the one-day historical figure, computed from the `window` days before, was exceeded on the days after. Positions are today's throughout, so
 * this tests the model on the present book, not the desk's past.
 */
export function backTest(
  outcomes: readonly { date: string; amount: number }[],
  confidence: number,
  window: number,
): { exceptions: number; days: number; firstDate: string; lastDate: string } | null {
  let exceptions = 0;
  let days = 0;
  for (let at = window; at < outcomes.length; at++) {
    const before = outcomes.slice(at - window, at).map(({ amount }) => amount);
    const today = outcomes[at];
    if (today === undefined) break;
    days += 1;
    if (-today.amount > historicalVar(before, confidence, 1)) exceptions += 1;
  }
  const first = outcomes[window];
  const last = outcomes.at(-1);
  return days === 0 || first === undefined || last === undefined ? null : { exceptions, days, firstDate: first.date, lastDate: last.date };
}

/**
 * The Basel zones for however many days there are: yellow from the number of exceptions up to which a right model stays with at least the cumulative
 * probability `yellowFrom`, red from `redFrom` (Basel framework MAR99: 95 % and 99.99 %, which over 250 days at 99 % are 5 and 10).
 */
export function trafficLight(
  exceptions: number,
  days: number,
  bounds: { confidence: number; yellowFrom: number; redFrom: number },
): 'green' | 'yellow' | 'red' {
  const upTo = atMost(exceptions, days, 1 - bounds.confidence);
  if (upTo >= bounds.redFrom) return 'red';
  return upTo >= bounds.yellowFrom ? 'yellow' : 'green';
}

/** Binomial probability of at most `count` of `days`, each with the chance `share`. */
function atMost(count: number, days: number, share: number): number {
  let term = (1 - share) ** days;
  let sum = term;
  for (let at = 1; at <= Math.min(count, days); at++) {
    term *= ((days - at + 1) / at) * (share / (1 - share));
    sum += term;
  }
  return sum;
}
