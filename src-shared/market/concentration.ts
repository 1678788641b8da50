/** Who holds how much of a market: limit use merged by customer, share of open interest, days to get out, and what must be reported as a large trader. */
import { z } from 'zod';
import type { LimitTier } from '#shared/contract/numbers-limits';
import { certaintySchema, type HedgeFlag, type PositionLimit } from '#shared/feed/items';
import { type Known, known, unknown } from './known';
import { isInForce, newest } from './rates';
import { reasonFor } from './reason';

const date = z.string().regex(/^\d{8}$/);
const sourced = { effectiveFrom: date, effectiveTo: date.optional(), citation: z.string(), certainty: certaintySchema };
export const concentrationTableSchema = z.object({
  about: z.string(),
  parameters: z.array(
    z.object({
      name: z.enum(['limitNear', 'limitHigh', 'limitReached', 'largeTrader', 'exitShareOfVolume']),
      value: z.number().positive(),
      ...sourced,
    }),
  ),
  /** Products whose positions net against one another when a heavy position is judged. */
  productSets: z.array(z.object({ setID: z.string(), products: z.array(z.string()).min(1), ...sourced })),
});
export type ConcentrationTable = z.infer<typeof concentrationTableSchema>;
export type ConcentrationRow = ConcentrationTable['parameters'][number];
export type ConcentrationParameter = ConcentrationRow['name'];

/** The newest row in force; unknown when none says, or two of one date say otherwise. */
export function parameterInForce(table: ConcentrationTable, name: ConcentrationParameter, day: string | null): Known<ConcentrationRow> {
  const inForce = table.parameters.filter((row) => row.name === name && (day === null || isInForce(row, day)));
  const row = newest(inForce, (a, b) => a.value === b.value);
  if (row === undefined) return unknown(reasonFor('noRate', name));
  return row === 'conflict' ? unknown(reasonFor('twoRates', name)) : known(row);
}

/** The limit row about an instrument, else (for the product as a whole) its product's; the newest. Two that differ from one date are nobody's to choose. */
export function limitInForce(
  rows: readonly PositionLimit[],
  query: { exchangeID: string; productID: string; instrumentID: string | null },
  day: string,
): Known<PositionLimit> {
  const subject = `${query.exchangeID}.${query.instrumentID ?? query.productID}`;
  const inForce = rows.filter(
    (row) =>
      row.exchangeID === query.exchangeID &&
      isInForce(row, day) &&
      (query.instrumentID === null ? row.instrumentID === undefined && row.productID === query.productID : row.instrumentID === query.instrumentID),
  );
  const newest = inForce.reduce<PositionLimit | undefined>(
    (best, row) => (best === undefined || row.effectiveFrom > best.effectiveFrom ? row : best),
    undefined,
  );
  if (newest === undefined) return unknown(reasonFor('noLimit', subject));
  const ofOneDate = inForce.filter((row) => row.effectiveFrom === newest.effectiveFrom);
  if (ofOneDate.some((row) => !Number.isFinite(row.limitVolume))) return unknown(reasonFor('rateRefused', subject));
  return ofOneDate.some((row) => row.limitVolume !== newest.limitVolume) ? unknown(reasonFor('twoLimits', subject)) : known(newest);
}

export type SideVolumes = { long: number; short: number; hedge: number };

export function addVolume(volumes: SideVolumes, direction: 'long' | 'short', hedgeFlag: HedgeFlag, volume: number): void {
  // Hedging positions have their own quota and count neither towards the limit nor towards the large-trader report.
  if (hedgeFlag === 'hedge') volumes.hedge += volume;
  else volumes[direction] += volume;
}

/** What limits count: the larger side, without hedging positions, in lots. */
export function countedVolume({ long, short }: SideVolumes): number {
  return Math.max(long, short);
}

/** `bounds` are NaN where no row says them: then nobody knows the tier. */
export function limitTier(use: number | null, bounds: { near: number; high: number; reached: number }): LimitTier {
  if (use === null || Object.values(bounds).some(Number.isNaN)) return 'unknown';
  if (use >= bounds.reached) return 'reached';
  if (use >= bounds.high) return 'high';
  return use >= bounds.near ? 'near' : 'below';
}

/** Trading days to close `netVolume` lots taking `share` of the average daily volume, NaN where no row says how much. */
export function daysToExit(netVolume: number, averageDailyVolume: number | null, share: number): number | null {
  if (netVolume === 0) return 0;
  return averageDailyVolume === null || averageDailyVolume <= 0 || Number.isNaN(share) ? null : Math.abs(netVolume) / (averageDailyVolume * share);
}
