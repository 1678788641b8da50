/** The dated, cited threshold rows that detectors judge by: what an exchange or a firm calls too much is data, and every finding names its row. */
import { z } from 'zod';
import { certaintySchema } from '#shared/feed/items';
import bundledRows from '../../../../resources/rules/detector-thresholds.json' with { type: 'json' };

export const DETECTOR_NAMES = [
  'selfTrade',
  'frequentCancel',
  'largeCancel',
  'limitPriceCancel',
  'intradayOpenLimit',
  'orderRate',
  'programReport',
  'securitiesHighFrequency',
  'messageFee',
  'spoofing',
  'layering',
  'momentumIgnition',
  'markingTheClose',
  'washTrade',
  'quoteStuffing',
  'ramping',
  'fatFinger',
  'runawayAlgo',
] as const;
export type DetectorName = (typeof DETECTOR_NAMES)[number];

const date = z.string().regex(/^\d{8}$/, 'must be YYYYMMDD');
const exemptionSchema = z.enum(['FAK', 'FOK', 'hedge', 'arbitrage', 'marketMaker']);
export type Exemption = z.infer<typeof exemptionSchema>;

export const thresholdRowSchema = z
  .object({
    ruleId: z.string().min(1).max(64),
    detector: z.enum(DETECTOR_NAMES),
    /** `*` holds on every exchange that has no row of its own. */
    exchangeID: z.string().min(1).max(16),
    /** Exchanges that a `*` row leaves out: futures rules do not count what is sent to stock exchanges. */
    notOnExchanges: z.array(z.string().min(1).max(16)).default([]),
    productID: z.string().min(1).max(64).optional(),
    instrumentID: z.string().min(1).max(64).optional(),
    /** What is measured; the three figures below are in its unit. */
    metric: z.string().min(1).max(64),
    /** From here on it is noted, from `warn` on somebody is told, from `ban` on it is a breach. */
    ignore: z.number(),
    warn: z.number(),
    ban: z.number(),
    parameters: z.record(z.string(), z.number()).default({}),
    /** Orders that do not count. */
    exempt: z.array(exemptionSchema).default([]),
    /** Message fee: what each message costs from the `fromMessage`th of the day on. */
    tiers: z.array(z.object({ fromMessage: z.number().int().min(1), feeCny: z.number().min(0) })).optional(),
    effectiveFrom: date,
    /** The last day it holds. */
    effectiveTo: date.optional(),
    citation: z.string().min(1).max(400),
    certainty: certaintySchema,
  })
  .refine((row) => row.ignore <= row.warn && row.warn <= row.ban, { message: 'must rise from ignore to ban', path: ['warn'] });
export type ThresholdRow = z.infer<typeof thresholdRowSchema>;

const thresholdTableSchema = z
  .object({ schema: z.literal('floorwatch-detector-thresholds/1'), about: z.string().optional(), rows: z.array(thresholdRowSchema).max(2000) })
  .refine((table) => new Set(table.rows.map((row) => row.ruleId)).size === table.rows.length, { message: 'two rows share an id', path: ['rows'] });

/** Parses a threshold table; throws with field and reason. */
export function readThresholdRows(value: unknown): ThresholdRow[] {
  return thresholdTableSchema.parse(value).rows;
}

export function bundledThresholdRows(): ThresholdRow[] {
  return readThresholdRows(bundledRows);
}

/** `exchangeID` null asks for a rule over all exchanges. */
export type RuleSubject = { exchangeID: string | null; productID: string | null; instrumentID: string | null };

/** How exactly a row names the subject: instrument before product before exchange before all; -1 when it is about something else. */
function closeness(row: ThresholdRow, subject: RuleSubject): number {
  if (row.exchangeID === '*') return subject.exchangeID !== null && row.notOnExchanges.includes(subject.exchangeID) ? -1 : 0;
  if (row.exchangeID !== subject.exchangeID) return -1;
  if (row.instrumentID !== undefined) return row.instrumentID === subject.instrumentID ? 3 : -1;
  if (row.productID !== undefined) return row.productID === subject.productID ? 2 : -1;
  return 1;
}

/** The row in force for a subject on a trading day: the closest one, of equals the latest; null where nobody has set a threshold. */
export function rowInForce(rows: readonly ThresholdRow[], detector: DetectorName, subject: RuleSubject, tradingDay: string): ThresholdRow | null {
  let best: ThresholdRow | null = null;
  let bestCloseness = -1;
  for (const row of rows) {
    if (row.detector !== detector || row.effectiveFrom > tradingDay || (row.effectiveTo !== undefined && row.effectiveTo < tradingDay)) continue;
    const close = closeness(row, subject);
    if (close < 0 || close < bestCloseness) continue;
    if (close === bestCloseness && best !== null && best.effectiveFrom >= row.effectiveFrom) continue;
    best = row;
    bestCloseness = close;
  }
  return best;
}

/** A row's own number: one that is missing is a fault of the table, found when the row is first used. */
export function rowParameter(row: ThresholdRow, name: string): number {
  const value = row.parameters[name];
  if (value === undefined) throw new Error(`threshold row ${row.ruleId}: parameter ${name} is missing`);
  return value;
}
