/** The yearly programme: which plan was drilled when and how, what is due and since when, and what earlier drills left open past its date. */
import { z } from 'zod';
import type { DrillResult } from '#shared/desk/drills/result';
import type { DrillIndex } from '#shared/desk/drills/score';
import { certaintySchema } from '#shared/feed/items';

const times = z.number().int().min(1).max(52);
export const programmeRuleSchema = z.object({
  effectiveFrom: z.string().regex(/^\d{8}$/),
  citation: z.string().min(1).max(600),
  citationZh: z.string().min(1).max(600),
  certainty: certaintySchema,
  /** Functional, full and unannounced drills: the plan is really carried out. */
  liveTimesAYear: times,
  /** Tabletops, walk-throughs and call trees. */
  tabletopTimesAYear: times,
  moreOften: z.array(z.object({ planId: z.string(), liveTimesAYear: times })),
  unannouncedTimesAYear: times,
  /** Within so many days each person who may act in a run takes part in a drill again, and each role is practised again. */
  personEveryDays: z.number().int().min(1).max(3660),
  /** Within so many years each critical step of each plan is reached by a drill. */
  rotationYears: z.number().int().min(1).max(10),
});
export type ProgrammeRule = z.infer<typeof programmeRuleSchema>;

/** `dueAtMs` is null where it was never done: then it is due now. */
export type ProgrammeTurn = { lastAtMs: number | null; dueAtMs: number | null; isOverdue: boolean; plannedAtMs: number | null };
export type ProgrammeRow = {
  planId: string;
  live: ProgrammeTurn;
  tabletop: ProgrammeTurn;
  /** Of its last drill that was scored. */
  lastIndex: DrillIndex | null;
  openImprovementCount: number;
  overdueImprovementCount: number;
};
export type Programme = {
  rows: ProgrammeRow[];
  unannounced: ProgrammeTurn;
  rule: Pick<ProgrammeRule, 'citation' | 'citationZh' | 'certainty' | 'effectiveFrom'>;
};

/** What the programme needs of a drill. Drills that were aborted or that something real left do not count as done. */
export type ProgrammeDrill = Pick<
  DrillResult,
  'planId' | 'type' | 'isAnnounced' | 'state' | 'endedAtMs' | 'plannedAtMs' | 'isAborted' | 'hasLeaked' | 'index'
> & { improvements: readonly Pick<DrillResult['improvements'][number], 'closedBy' | 'dueDate'>[] };

const YEAR_MS = 365 * 86_400_000;
const LIVE = new Set<ProgrammeDrill['type']>(['functional', 'full', 'noNotice']);
const AHEAD = new Set<ProgrammeDrill['state']>(['scheduled', 'approved', 'draft']);

/** The row in force at `atMs` (by UTC day), or the earliest there is. Throws where there is none. */
export function ruleInForceAt<Rule extends { effectiveFrom: string }>(rules: readonly Rule[], atMs: number): Rule {
  const day = new Date(atMs).toISOString().slice(0, 10).replaceAll('-', '');
  const sorted = [...rules].sort((a, b) => (a.effectiveFrom < b.effectiveFrom ? -1 : 1));
  const rule = sorted.findLast(({ effectiveFrom }) => effectiveFrom <= day) ?? sorted[0];
  if (rule === undefined) throw new Error('programme.json has no row');
  return rule;
}

/** One row for each plan, what is most overdue first. */
export function programmeOf(planIds: readonly string[], drills: readonly ProgrammeDrill[], rule: ProgrammeRule, nowMs: number): Programme {
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const rows = planIds.map((planId): ProgrammeRow => {
    const own = drills.filter((drill) => drill.planId === planId);
    const isLive = ({ type }: ProgrammeDrill): boolean => LIVE.has(type);
    const liveTimes = rule.moreOften.find((each) => each.planId === planId)?.liveTimesAYear ?? rule.liveTimesAYear;
    const open = own.flatMap(({ improvements }) => improvements).filter(({ closedBy }) => closedBy === null);
    const scored = own.filter(({ index, endedAtMs }) => index.kind !== 'unfinished' && endedAtMs !== null);
    return {
      planId,
      live: turnOf(own.filter(isLive), liveTimes, nowMs),
      tabletop: turnOf(
        own.filter((drill) => !isLive(drill)),
        rule.tabletopTimesAYear,
        nowMs,
      ),
      lastIndex: scored.sort((a, b) => (b.endedAtMs ?? 0) - (a.endedAtMs ?? 0))[0]?.index ?? null,
      openImprovementCount: open.length,
      overdueImprovementCount: open.filter(({ dueDate }) => dueDate < today).length,
    };
  });
  const { citation, citationZh, certainty, effectiveFrom } = rule;
  const unannounced = turnOf(
    drills.filter(({ isAnnounced }) => !isAnnounced),
    rule.unannouncedTimesAYear,
    nowMs,
  );
  return {
    rows: rows.sort((a, b) => urgency(a) - urgency(b) || (a.planId < b.planId ? -1 : 1)),
    unannounced,
    rule: { citation, citationZh, certainty, effectiveFrom },
  };
}

function turnOf(drills: readonly ProgrammeDrill[], timesAYear: number, nowMs: number): ProgrammeTurn {
  const done = drills.flatMap(({ endedAtMs, isAborted, hasLeaked }) => (endedAtMs === null || isAborted || hasLeaked ? [] : [endedAtMs]));
  const planned = drills.flatMap(({ state, plannedAtMs }) => (AHEAD.has(state) && plannedAtMs !== null ? [plannedAtMs] : []));
  const lastAtMs = done.length === 0 ? null : Math.max(...done);
  const dueAtMs = lastAtMs === null ? null : lastAtMs + YEAR_MS / timesAYear;
  const plannedAtMs = planned.length === 0 ? null : Math.min(...planned);
  return { lastAtMs, dueAtMs, isOverdue: dueAtMs === null || dueAtMs <= nowMs, plannedAtMs };
}

/** Never done first, then by what falls due first. */
function urgency({ live, tabletop }: ProgrammeRow): number {
  return Math.min(live.dueAtMs ?? 0, tabletop.dueAtMs ?? 0);
}
