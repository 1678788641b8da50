/** The dated, cited threshold rows that detectors judge by: what an exchange or a firm calls too much is data, and every finding names its row. */
import { z } from 'zod';
import { isCalendarDay } from '#shared/calendar-day';
import { certaintySchema } from '#shared/feed/items';

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

export const ruleDateSchema = z.string().refine(isCalendarDay, 'must be a day as YYYYMMDD');
/** Order types and hedge flags that do not count. */
export const exemptionSchema = z.enum(['FAK', 'FOK', 'hedge', 'arbitrage', 'marketMaker']);
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
    ignore: z.number().min(0),
    warn: z.number().min(0),
    ban: z.number().min(0),
    parameters: z.record(z.string(), z.number()).default({}),
    /** Orders that do not count. */
    exempt: z.array(exemptionSchema).default([]),
    /** Message fee: what each message costs from the `fromMessage`th of the day on. */
    tiers: z.array(z.object({ fromMessage: z.number().int().min(1), feeCny: z.number().min(0) })).optional(),
    effectiveFrom: ruleDateSchema,
    /** The last day it holds. */
    effectiveTo: ruleDateSchema.optional(),
    citation: z.string().min(1).max(400),
    citation_zh: z.string().min(1).max(400).optional(),
    certainty: certaintySchema,
  })
  .refine((row) => row.ignore <= row.warn && row.warn <= row.ban, { message: 'must rise from ignore to ban', path: ['warn'] });
export type ThresholdRow = z.infer<typeof thresholdRowSchema>;

/** Whether two rows of one detector judge in the same way: what they are called and where they come from does not matter. */
export function judgeAlike(one: ThresholdRow, other: ThresholdRow): boolean {
  return judgement(one) === judgement(other);
}

function judgement({ metric, ignore, warn, ban, parameters, exempt, tiers }: ThresholdRow): string {
  return JSON.stringify([
    metric,
    ignore,
    warn,
    ban,
    Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1)),
    [...exempt].sort(),
    tiers ?? null,
  ]);
}
