/** What exchanges do when a contract is locked at its limit day after day: the next day's limit is wider and margin rates rise. Dated, cited rows say by how much. */
import { z } from 'zod';
import { certaintySchema } from '#shared/feed/items';
import { type Known, known, unknown } from '#shared/market/known';
import { reasonFor } from '#shared/market/reason';

/** Points as shares: 0.03 is three points. Both are counted from the first locked day, not from the day before. */
export const lockedDaySchema = z.object({
  /** Added to the first day's limit percentage on the day after. */
  limitAdded: z.number().min(0).max(1),
  /** Added to the margin rates in force (by money, both layers) from this day's settlement on. */
  marginAdded: z.number().min(0).max(1),
});
export type LockedDay = z.infer<typeof lockedDaySchema>;

/** After one locked day, after two, after three, after four. */
const afterSchema = z.tuple([lockedDaySchema, lockedDaySchema, lockedDaySchema, lockedDaySchema]);

export const lockedLimitTableSchema = z.object({
  about: z.string(),
  rows: z.array(
    z.object({
      exchangeID: z.string(),
      productID: z.string().optional(),
      after: afterSchema,
      effectiveFrom: z.string().regex(/^\d{8}$/),
      citation: z.string(),
      certainty: certaintySchema,
    }),
  ),
});
export type LockedLimitRow = z.infer<typeof lockedLimitTableSchema>['rows'][number];

/** The row in force: of the product before that of its exchange, the newest date. */
export function lockedLimitRow(
  rows: readonly LockedLimitRow[],
  contract: { exchangeID: string; productID: string },
  tradingDay: string,
): LockedLimitRow | null {
  return rows
    .filter((row) => row.exchangeID === contract.exchangeID && (row.productID ?? contract.productID) === contract.productID)
    .filter((row) => row.effectiveFrom <= tradingDay)
    .reduce<LockedLimitRow | null>((best, row) => (best === null || rank(row) > rank(best) ? row : best), null);
}

function rank(row: LockedLimitRow): string {
  return `${row.productID === undefined ? 0 : 1}${row.effectiveFrom}`;
}

/** As the table says, or none, or days of one's own (the last one holds for the days after it). */
export const wideningSchema = z.union([z.literal('exchange'), z.literal('none'), z.array(lockedDaySchema).min(1).max(4)]);
export type Widening = z.infer<typeof wideningSchema>;

/** A contract's days under a widening; unknown where the table has no row for it. */
export function lockedDaysOf(contract: { lockedDays: Known<readonly LockedDay[]> }, widening: Widening): Known<readonly LockedDay[]> {
  if (widening === 'exchange') return contract.lockedDays;
  return known(widening === 'none' ? [] : widening);
}

/** What holds after so many locked days; the last day given holds for those beyond it. */
export function afterLocked(days: readonly LockedDay[], count: number): LockedDay {
  return days[Math.min(count, days.length) - 1] ?? { limitAdded: 0, marginAdded: 0 };
}

type LimitMarks = { upperLimit: Known<number>; lowerLimit: Known<number>; preSettlement: Known<number> };

/** The price after `days` locked limits: today's limit, then each day by the first day's percentage and what the days before have added to it. */
export function lockedLimitPrice(
  contract: { instrumentID: string; marks: LimitMarks; lockedDays: Known<readonly LockedDay[]> },
  direction: 'up' | 'down',
  days: number,
  widening: Widening,
): Known<number> {
  const { upperLimit, lowerLimit, preSettlement } = contract.marks;
  const limit = direction === 'up' ? upperLimit : lowerLimit;
  if (!limit.known) return limit;
  if (!preSettlement.known) return preSettlement;
  if (preSettlement.value <= 0) return unknown(reasonFor('noPreSettlement', contract.instrumentID));
  const widened = lockedDaysOf(contract, widening);
  if (!widened.known) return widened;
  let price = limit.value;
  for (let day = 1; day < days; day++) price *= limitFactor(limit.value / preSettlement.value, widened.value, day);
  return known(Math.max(0, price));
}

/** One locked day's price over the day before's, after `locked` locked days; `first` is that of the first day. */
function limitFactor(first: number, days: readonly LockedDay[], locked: number): number {
  const { limitAdded } = afterLocked(days, locked);
  return Math.max(0, first >= 1 ? first + limitAdded : first - limitAdded);
}

/** More days than a price could be locked before it is nothing or has grown beyond what anybody would ask. */
const MAX_DAYS = 400;

/** How many locked limits it takes to a price: 0 while it lies within today's limit. Null where the limit does not move towards it. */
export function limitsTo(price: number, limit: number, preSettlement: number, days: readonly LockedDay[] = []): number | null {
  const first = limit / preSettlement;
  if (!(first > 0) || first === 1 || price <= 0) return null;
  const isThere = (reached: number): boolean => (first > 1 ? price <= reached * (1 + 1e-9) : price >= reached * (1 - 1e-9));
  if (first > 1 ? price <= limit : price >= limit) return 0;
  let reached = limit;
  for (let count = 1; count < MAX_DAYS; count++) {
    if (isThere(reached)) return count;
    reached *= limitFactor(first, days, count);
  }
  return null;
}
