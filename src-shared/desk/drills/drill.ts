/** A drill as people see it: its scenario pinned, its clock, what was injected, what evaluators saw, and what is to be bettered. */
import { z } from 'zod';
import { drillScenarioSchema } from '#shared/desk/drills/scenario';

export const drillStateSchema = z.enum([
  'draft',
  'approved',
  'scheduled',
  'running',
  'paused',
  'ended',
  'aborted',
  'hotwash',
  'aarDraft',
  'aarSigned',
  'actionsOpen',
  'closed',
]);
export type DrillState = z.infer<typeof drillStateSchema>;

const text = z.string().max(4000);

export const observationSchema = z.object({ atMs: z.number(), by: z.string(), taskId: z.string().nullable(), fact: text, opinion: text });

/** One evaluator's marks of one task; a later one of the same person replaces it, the journal keeps both. */
export const markSchema = z.object({
  taskId: z.string(),
  by: z.string(),
  quality: z.number().int().min(0).max(3),
  hasCorrectRole: z.boolean(),
  hasNoShortcut: z.boolean(),
  neededController: z.boolean(),
  note: text,
});
export type Mark = z.infer<typeof markSchema>;

export const improvementSchema = z.object({
  actionId: z.string().max(64),
  taskId: z.string(),
  text: text.min(1),
  owner: z.string().min(1).max(64),
  dueDate: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
  kind: z.enum(['plan', 'person', 'system', 'supplier']),
  /** An area to be bettered is what was seen (`text`), what should have been, why it was not, and what came of it. */
  standard: text.optional(),
  cause: text.optional(),
  effect: text.optional(),
  /** The later drill in which the task was done well enough again; nothing else closes it. */
  closedBy: z.object({ drillId: z.string(), points: z.number(), atMs: z.number() }).nullable(),
});
export type Improvement = z.infer<typeof improvementSchema>;

export const drillSchema = z.object({
  drillId: z.uuid(),
  scenario: drillScenarioSchema,
  state: drillStateSchema,
  createdBy: z.string(),
  createdAtMs: z.number(),
  approvedBy: z.array(z.string()),
  players: z.array(z.string()),
  controllers: z.array(z.string()),
  evaluators: z.array(z.string()),
  /** When it is to be held; null: not put on a day. */
  plannedAtMs: z.number().nullable(),
  startedAtMs: z.number().nullable(),
  endedAtMs: z.number().nullable(),
  /** Stretches during which the drill's clock stood still; the last may be open. */
  pauses: z.array(z.object({ fromMs: z.number(), toMs: z.number().nullable(), reason: text })),
  runId: z.string().nullable(),
  injected: z.array(z.object({ no: z.number().int(), atMs: z.number(), by: z.string(), outcome: z.enum(['done', 'failed', 'skipped']), note: text })),
  observations: z.array(observationSchema),
  marks: z.array(markSchema),
  /** What was said right after the end, on the same day, while everybody remembers. */
  hotwash: z.object({ atMs: z.number(), by: z.string(), present: z.array(z.string()), wentWell: text, toBetter: text }).nullable(),
  /** When the report was first drafted, and when the draft that holds was signed; null also where the entries do not say. */
  draftedAtMs: z.number().nullable().default(null),
  signedAtMs: z.number().nullable().default(null),
  strengths: z.array(text).max(5),
  improvements: z.array(improvementSchema),
  /** Something real left the desk: the drill is invalid, whatever else. */
  leak: z.object({ atMs: z.number(), text }).nullable(),
  abortReason: text.nullable(),
  signedBy: z.array(z.string()),
  sequence: z.number().int().min(0),
});
export type Drill = z.infer<typeof drillSchema>;

/** Milliseconds of drill time at `nowMs`: wall time since the start without the pauses; 0 before the start. */
export function drillTimeMs(drill: Pick<Drill, 'startedAtMs' | 'endedAtMs' | 'pauses'>, nowMs: number): number {
  if (drill.startedAtMs === null) return 0;
  const untilMs = Math.min(drill.endedAtMs ?? nowMs, nowMs);
  const paused = drill.pauses.reduce((sum, { fromMs, toMs }) => sum + Math.max(0, Math.min(toMs ?? untilMs, untilMs) - fromMs), 0);
  return Math.max(0, untilMs - drill.startedAtMs - paused);
}
