/** An alert as people see it: a machine condition (axis 1) and what people did about it (axis 2), kept apart so that neither can overwrite the other. */
import { z } from 'zod';
import { modeSchema } from '#shared/journal/entry';

export const severitySchema = z.enum(['critical', 'high', 'medium', 'low']);
export type Severity = z.infer<typeof severitySchema>;

/**
 * Axis 1, written by the machine only. `unknown`: it was on and its data stopped; it never clears by silence. `flapping`: it comes and goes
 * faster than people can follow, and is held as one notice. What waits for its on delay is no alert yet, and what waits for its off delay is
 * still `active`: these two (PENDING and CLEARING) live in the watch (engine/watch/ladder.ts, least-time-on.ts), where nobody has to answer for them.
 */
export const conditionStateSchema = z.enum(['active', 'cleared', 'unknown', 'flapping']);
/** Axis 2, written by people and by the clock. `working`: taken on and a plan run is linked; `toClose`: taken on and the condition is over. */
export const humanStateSchema = z.enum(['unacknowledged', 'acknowledged', 'working', 'toClose', 'closed']);
/** What the machine saw last; differs from the condition only while it flaps, or is held on until somebody has seen it. */
export const readingSchema = z.enum(['on', 'off', 'unknown']);
export type Reading = z.infer<typeof readingSchema>;

/** The last evaluations as bits, newest lowest, 1 where the state changed; see flapping.ts. */
export const flapSchema = z.object({ history: z.number().int().min(0), atMs: z.number(), percent: z.number(), calmSinceMs: z.number() });
export type Flap = z.infer<typeof flapSchema>;

/** Which step of the ladder comes next, and when: stored, so that neither a restart nor a sleep loses or repeats one. */
export const escalationSchema = z.object({
  policyVersion: z.number().int().min(1),
  sinceMs: z.number(),
  nextStep: z.number().int().min(0),
  nextFireAtMs: z.number().nullable(),
});
export type Escalation = z.infer<typeof escalationSchema>;

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
  /** Of a condition that stands for many: by which those that people were told of are known again after a restart. */
  toldMarks: z.string().max(4096).optional(),
});
export type AlertReason = z.infer<typeof alertReasonSchema>;

export const alertSchema = z.object({
  alertId: z.uuid(),
  /** First 128 bits of SHA-256 over canonical [tenant, rule, entity, sorted dimensions, mode], hex. */
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
  /** When the present episode began; while it flaps its comings and goings are one. */
  episodeSinceMs: z.number(),
  /** The first acknowledgement of each episode that had one, the newest last, and since when it was waited for. */
  firstAcknowledged: z.array(z.object({ sinceMs: z.number(), atMs: z.number() })),
  occurrences: z.number().int().min(1),
  raisedAtMs: z.number(),
  changedAtMs: z.number(),
  clearedAtMs: z.number().nullable(),
  acknowledgedBy: z.string().nullable(),
  acknowledgedAtMs: z.number().nullable(),
  /** When the acknowledgement stops holding while the condition is on; null for never. */
  ackExpiresAtMs: z.number().nullable(),
  /** Who is responsible now: who acknowledged last, or who it was handed to. */
  owner: z.string().nullable(),
  reading: readingSchema,
  /** What was read is over, and its rule wants a person to have seen it: it counts as on until somebody acknowledges it. */
  isLatched: z.boolean(),
  flap: flapSchema.nullable(),
  escalation: escalationSchema.nullable(),
  /** The alert of the same condition that was closed before this one began, if that was a short while before. */
  previousAlertId: z.uuid().nullable(),
  quality: z.string().nullable(),
  disposition: z.string().nullable(),
  closedBy: z.string().nullable(),
  /** The second person where one was needed to close. */
  closeConfirmedBy: z.string().nullable(),
  closedAtMs: z.number().nullable(),
  notes: z.array(z.object({ atMs: z.number(), by: z.string(), text: z.string() })),
  reason: alertReasonSchema,
  planIds: z.array(z.string()),
  runIds: z.array(z.string()),
  /** Journal sequence of the last entry about this alert: the alert lane resumes from it. */
  sequence: z.number().int().min(0),
});
export type Alert = z.infer<typeof alertSchema>;
