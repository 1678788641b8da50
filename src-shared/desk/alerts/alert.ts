/** An alert as people see it: a machine condition (axis 1) and what people did about it (axis 2), kept apart so that neither can overwrite the other. */
import { z } from 'zod';
import { modeSchema } from '#shared/journal/entry';

export const severitySchema = z.enum(['critical', 'high', 'medium', 'low']);
export type Severity = z.infer<typeof severitySchema>;

/** `unknown`: the condition was on and its data stopped; it never clears by silence. */
export const conditionStateSchema = z.enum(['active', 'cleared', 'unknown']);
export const humanStateSchema = z.enum(['unacknowledged', 'acknowledged', 'closed']);

/** Why it fired, in values a person can check; texts are made from these in the page's language. */
export const alertReasonSchema = z.object({
  ruleId: z.string().max(64),
  ruleVersion: z.number().int().min(1),
  metric: z.string().max(64),
  value: z.number().nullable(),
  enterThreshold: z.number().nullable(),
  exitThreshold: z.number().nullable(),
  thresholdCitation: z.string().max(400),
  thresholdCitationZh: z.string().max(400).optional(),
  thresholdCertainty: z.string().max(32),
  observedAtMs: z.number(),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
});
export type AlertReason = z.infer<typeof alertReasonSchema>;

export const alertSchema = z.object({
  alertId: z.uuid(),
  /** First 128 bits of SHA-256 over canonical [rule, entity, sorted dimensions, mode], hex. */
  dedupKey: z.string().regex(/^[0-9a-f]{32}$/),
  mode: modeSchema,
  ruleId: z.string(),
  /** What it is about: `account:A0001`, `feed:primary`, `instrument:SHFE.au2702`. */
  entity: z.string(),
  /** What else tells this condition from its siblings (the rule names them); sorted into the key. */
  dimensions: z.record(z.string(), z.string()),
  /** `riskLevel`, `feedStale`, ...: the page's text and the proposed plans hang on this. */
  kind: z.string(),
  severity: severitySchema,
  severityMax: severitySchema,
  condition: conditionStateSchema,
  human: humanStateSchema,
  episode: z.number().int().min(1),
  occurrences: z.number().int().min(1),
  raisedAtMs: z.number(),
  changedAtMs: z.number(),
  clearedAtMs: z.number().nullable(),
  acknowledgedBy: z.string().nullable(),
  acknowledgedAtMs: z.number().nullable(),
  closedAtMs: z.number().nullable(),
  notes: z.array(z.object({ atMs: z.number(), by: z.string(), text: z.string() })),
  reason: alertReasonSchema,
  planIds: z.array(z.string()),
  runIds: z.array(z.string()),
  /** Journal sequence of the last entry about this alert: the alert lane resumes from it. */
  sequence: z.number().int().min(0),
});
export type Alert = z.infer<typeof alertSchema>;
