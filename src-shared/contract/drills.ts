/** What a person may ask about drills: requests, streams and what each needs. */
import { z } from 'zod';
import type { AccessRule } from '#shared/contract/access-rule';
import { pointInTimeSchema } from '#shared/contract/point-in-time';
import type { DrillReport } from '#shared/desk/drills/after-action';
import type { Deadline } from '#shared/desk/drills/deadlines';
import { type Drill, improvementSchema, markSchema } from '#shared/desk/drills/drill';
import type { Programme } from '#shared/desk/drills/programme';
import type { DrillResult } from '#shared/desk/drills/result';
import type { Rotation } from '#shared/desk/drills/rotation';
import type { DrillScenario } from '#shared/desk/drills/scenario';

const id = z.uuid();
const text = z.string().trim().max(4000);
const requiredText = text.min(1, 'is needed');
const people = z.array(z.string().trim().min(1).max(64)).max(50);
const injectNo = z.number().int().min(1);

/** What a controller does with a drill. Approving needs a second person, whose word `confirmationId` is. */
const drillActSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('approve') }),
  /** Puts an approved drill on a day, or on another. */
  z.object({ type: z.literal('schedule'), plannedAtMs: pointInTimeSchema }),
  z.object({ type: z.literal('start') }),
  z.object({ type: z.literal('pause'), reason: requiredText }),
  z.object({ type: z.literal('resume') }),
  /** Before its time; what is due by the drill's clock is given by itself. */
  z.object({ type: z.literal('giveInject'), no: injectNo }),
  z.object({ type: z.literal('skipInject'), no: injectNo, note: requiredText }),
  z.object({ type: z.literal('linkRun'), runId: id }),
  z.object({ type: z.literal('end') }),
  z.object({ type: z.literal('abort'), reason: requiredText }),
  z.object({ type: z.literal('leak'), text: requiredText }),
  /** Right after the end, with everybody: before the report is drafted. */
  z.object({ type: z.literal('hotwash'), present: people, wentWell: text, toBetter: text }),
  z.object({
    type: z.literal('review'),
    strengths: z.array(requiredText).max(5),
    improvements: z.array(improvementSchema.omit({ actionId: true, closedBy: true }).extend({ text: requiredText })).max(100),
  }),
  z.object({ type: z.literal('sign') }),
  z.object({ type: z.literal('closeImprovement'), actionId: z.string().max(64), byDrillId: id }),
  z.object({ type: z.literal('close') }),
]);
export type DrillAct = z.infer<typeof drillActSchema>;

const evaluateActSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('observe'), taskId: z.string().max(48).nullable(), fact: requiredText, opinion: text.default('') }),
  z.object({ type: z.literal('mark'), mark: markSchema.omit({ by: true }) }),
]);

const drillIdAnswer = z.object({ drillId: id });

export const DRILL_REQUESTS = {
  /** Asked at the live desk: opens the drill desk's own window beside it. */
  'drill.openDesk': { payload: z.object({}), answer: z.object({}) },
  /** All others are answered by a drill desk only. */
  'drill.draft': {
    payload: z.object({ scenarioId: z.string().max(48), players: people, controllers: people.default([]), evaluators: people.default([]) }),
    answer: drillIdAnswer,
  },
  'drill.act': { payload: z.object({ drillId: id, act: drillActSchema, confirmationId: z.uuid().optional() }), answer: drillIdAnswer },
  'drill.evaluate': { payload: z.object({ drillId: id, act: evaluateActSchema }), answer: drillIdAnswer },
} satisfies Record<string, { payload: z.ZodType; answer: z.ZodType }>;

export const DRILL_ACCESS = {
  'drill.openDesk': { needs: 'drill.control', reach: 'free' },
  'drill.draft': { needs: 'drill.control', reach: 'free' },
  'drill.act': { needs: 'drill.control', reach: 'free', secondPerson: 'run.command' },
  'drill.evaluate': { needs: 'drill.evaluate', reach: 'free' },
} satisfies Record<keyof typeof DRILL_REQUESTS, AccessRule>;

/** A scenario without its injects: whoever may play it reads this too. */
export type ScenarioBrief = Pick<DrillScenario, 'scenarioId' | 'version' | 'title' | 'planId' | 'type' | 'isAnnounced' | 'objectives'> & {
  injectCount: number;
  lastsSeconds: number;
};

/** A later drill that could prove an improvement, with the points its task got there. */
export type RetestCandidate = { actionId: string; drillId: string; endedAtMs: number; points: number };

/** What is due this year: of plans, people, roles and critical steps, and of the reports of drills that are over. */
export type DrillProgramme = Programme & {
  rotation: Rotation;
  reports: { drillId: string; deadlines: Deadline[] }[];
  reportRule: Programme['rule'];
};

export type DrillView = {
  /** Where `isPlanHidden`, injects that were not given yet are left out and what is expected of them is empty. */
  drill: Drill;
  isPlanHidden: boolean;
  injectCount: number;
  /** The text of the plan that the linked run carries out; null without one. */
  planHash: string | null;
  report: DrillReport | null;
  /** The newest before it that may be compared with it, newest first. */
  earlier: DrillResult[];
  retests: RetestCandidate[];
};

export const DRILL_STREAMS = { drills: z.object({}), drill: z.object({ drillId: id }) } satisfies Record<string, z.ZodType>;
export type PictureByDrillStream = {
  /** At the firm's own desk `drills` is what the drill desk said of them when it was last open. */
  drills: { isDrillDesk: boolean; drills: DrillResult[]; scenarios: ScenarioBrief[]; programme: DrillProgramme };
  drill: { view: DrillView | null };
};
export const DRILL_STREAM_ACCESS = {
  drills: { needs: 'plan.view', reach: 'free' },
  drill: { needs: 'plan.view', reach: 'free' },
} satisfies Record<keyof typeof DRILL_STREAMS, AccessRule>;
