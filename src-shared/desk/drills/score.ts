/**
 * Scores a drill by the scheme in docs/drills.md: critical tasks 0..100 from measured times, evaluators' marks, evidence and control; capabilities P, S, M, U; an index
 * with caps. The ladder objective, capability, target, task is HSEEP's; the letters' definitions and the weights are dated data (resources/drills/scoring.json).
 */
import { z } from 'zod';
import { certaintySchema } from '#shared/feed/items';

export const CAPABILITY_AREAS = ['protect', 'restore', 'command', 'reporting', 'communication', 'record'] as const;
export const capabilityAreaSchema = z.enum(CAPABILITY_AREAS);
export type CapabilityArea = z.infer<typeof capabilityAreaSchema>;

const ratio = z.number().positive();
const bandSchema = z.enum(['ready', 'readyWithActions', 'repeat', 'suspended']);
export const scoringSchema = z.object({
  effectiveFrom: z.string().regex(/^\d{8}$/),
  citation: z.string().min(1).max(400),
  certainty: certaintySchema,
  /** Points for a time of at most so many times the target, best first; later than all, or not done: 0. */
  time: z.array(z.object({ atMostTimes: ratio, points: z.number().min(0) })).min(1),
  qualityPointsPerMark: z.number().positive(),
  evidencePoints: z.number().positive(),
  control: z.object({ correctRole: z.number(), twoPersons: z.number(), noShortcut: z.number() }),
  ratings: z.object({ P: z.number(), S: z.number(), M: z.number(), lateTimesForP: ratio }),
  weights: z.record(capabilityAreaSchema, z.number().positive()),
  ratingPoints: z.object({ P: z.number(), S: z.number(), M: z.number(), U: z.number() }),
  caps: z.object({ protectUnable: z.number(), missedReport: z.number() }),
  bands: z.array(z.object({ from: z.number(), band: bandSchema })).min(1),
});
export type Scoring = z.infer<typeof scoringSchema>;

export type TaskFacts = {
  targetMs: number;
  /** From when it could be begun to when it was done; null: not done. */
  tookMs: number | null;
  /** The evaluator's mark: 0 wrong, 1 right after help, 2 right with slips, 3 right; null: not marked yet. */
  quality: number | null;
  evidenceRequired: number;
  evidenceAttached: number;
  hasCorrectRole: boolean;
  hasTwoPersons: boolean;
  hasNoShortcut: boolean;
  /** Left out with a reason and a second name: counted, not scored. */
  isSkipApproved: boolean;
  /** A two-person rule broken or a hold bypassed: the task is U whatever the points. */
  isControlBreach: boolean;
  neededController: boolean;
};

export type TaskScore = {
  points: number | null;
  isLate: boolean;
  isDone: boolean;
  isUnable: boolean;
  parts: { time: number | null; quality: number; evidence: number; control: number };
};

/**
 * 0..100, or null where the task is left out of the average (an approved skip) or has no mark yet. `isTimed` false (a tabletop): there are no time points
 * and the other sixty are taken as the whole hundred.
 */
export function scoreTask(facts: TaskFacts, scoring: Scoring, isTimed: boolean): TaskScore {
  const { tookMs, targetMs, quality } = facts;
  const isDone = tookMs !== null;
  const times = tookMs === null ? Number.POSITIVE_INFINITY : tookMs / targetMs;
  const time = scoring.time.find(({ atMostTimes }) => times <= atMostTimes)?.points ?? 0;
  const evidence =
    facts.evidenceRequired === 0 ? scoring.evidencePoints : Math.min(1, facts.evidenceAttached / facts.evidenceRequired) * scoring.evidencePoints;
  const { correctRole, twoPersons, noShortcut } = scoring.control;
  const control = (facts.hasCorrectRole ? correctRole : 0) + (facts.hasTwoPersons ? twoPersons : 0) + (facts.hasNoShortcut ? noShortcut : 0);
  const qualityPoints = (quality ?? 0) * scoring.qualityPointsPerMark;
  const parts = { time: isTimed ? time : null, quality: qualityPoints, evidence, control };
  const isLate = isDone && times > scoring.ratings.lateTimesForP;
  const isUnable = facts.isControlBreach || (!isDone && !facts.isSkipApproved);
  if (facts.isSkipApproved) return { points: null, isLate: false, isDone, isUnable: facts.isControlBreach, parts };
  if (!isDone) return { points: 0, isLate: false, isDone, isUnable, parts };
  if (quality === null) return { points: null, isLate, isDone, isUnable, parts };
  const untimed = qualityPoints + evidence + control;
  const most = 3 * scoring.qualityPointsPerMark + scoring.evidencePoints + correctRole + twoPersons + noShortcut;
  return { points: isTimed ? time + untimed : (untimed / most) * 100, isLate, isDone, isUnable, parts };
}

export type Rating = 'P' | 'S' | 'M' | 'U';

/** Null while a task that counts has no mark, or when every task was left out with approval. */
export function rateCapability(tasks: readonly { facts: TaskFacts; score: TaskScore }[], scoring: Scoring): Rating | null {
  if (tasks.some(({ score }) => score.isUnable)) return 'U';
  const scored = tasks.filter(({ facts }) => !facts.isSkipApproved);
  const points = scored.flatMap(({ score }) => (score.points === null ? [] : [score.points]));
  if (scored.length === 0 || points.length < scored.length) return null;
  const average = points.reduce((sum, each) => sum + each, 0) / points.length;
  const { P, S, M } = scoring.ratings;
  if (scored.some(({ facts }) => facts.neededController)) return average >= M ? 'M' : 'U';
  if (average >= P && !scored.some(({ score }) => score.isLate)) return 'P';
  if (average >= S) return 'S';
  return average >= M ? 'M' : 'U';
}

export const drillIndexSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('scored'),
    index: z.number().min(0).max(100),
    band: bandSchema,
    cappedBy: z.array(z.enum(['protectUnable', 'missedReport'])),
  }),
  z.object({ kind: z.literal('invalid') }),
  z.object({ kind: z.literal('unfinished') }),
]);
export type DrillIndex = z.infer<typeof drillIndexSchema>;

/** Areas without a capability in this drill carry no weight. `hasLeaked`: a real message or order left the desk, which makes the whole drill invalid. */
export function drillIndex(
  rated: readonly { area: CapabilityArea; rating: Rating | null }[],
  facts: { hasMissedReport: boolean; hasLeaked: boolean },
  scoring: Scoring,
): DrillIndex {
  if (facts.hasLeaked) return { kind: 'invalid' };
  if (rated.length === 0 || rated.some(({ rating }) => rating === null)) return { kind: 'unfinished' };
  let weighted = 0;
  let weight = 0;
  for (const area of CAPABILITY_AREAS) {
    const ratings = rated.filter((each) => each.area === area).flatMap(({ rating }) => (rating === null ? [] : [scoring.ratingPoints[rating]]));
    if (ratings.length === 0) continue;
    const share = scoring.weights[area];
    weighted += share * (ratings.reduce((sum, each) => sum + each, 0) / ratings.length);
    weight += share;
  }
  const caps: { cap: number; name: 'protectUnable' | 'missedReport' }[] = [];
  if (rated.some(({ area, rating }) => area === 'protect' && rating === 'U')) caps.push({ cap: scoring.caps.protectUnable, name: 'protectUnable' });
  if (facts.hasMissedReport) caps.push({ cap: scoring.caps.missedReport, name: 'missedReport' });
  const plain = weighted / weight;
  const index = Math.min(plain, ...caps.map(({ cap }) => cap));
  const band = [...scoring.bands].sort((a, b) => b.from - a.from).find(({ from }) => index >= from)?.band ?? 'suspended';
  return { kind: 'scored', index, band, cappedBy: caps.filter(({ cap }) => cap < plain).map(({ name }) => name) };
}

/**
 * Cohen's kappa of two evaluators' marks (0..3) of the same tasks: 1 full agreement, 0 what chance gives; null with no common task, or when chance alone
 * would agree always. Source: J. Cohen, A coefficient of agreement for nominal scales (1960).
 */
export function cohensKappa(pairs: readonly (readonly [number, number])[]): number | null {
  if (pairs.length === 0) return null;
  const count = pairs.length;
  const agreed = pairs.filter(([one, other]) => one === other).length / count;
  let chance = 0;
  for (const mark of [0, 1, 2, 3]) {
    chance += (pairs.filter(([one]) => one === mark).length / count) * (pairs.filter(([, other]) => other === mark).length / count);
  }
  return chance === 1 ? null : (agreed - chance) / (1 - chance);
}
