/** Who is on duty: dated rows that say which person holds a step of the ladder from when to when, so that a step speaks to people and not to a word. */
import { z } from 'zod';
import { ESCALATION_ROLES, type EscalationRole, escalationRoleSchema } from '#shared/desk/alerts/policy';

const LONGEST_DUTY_MS = 31 * 86_400_000;

const dutyRowSchema = z
  .object({
    dutyId: z.string().min(1).max(64),
    personId: z.string().min(1).max(64),
    role: escalationRoleSchema,
    fromMs: z.number().int(),
    toMs: z.number().int(),
  })
  .refine(({ fromMs, toMs }) => toMs > fromMs, { message: 'a duty must end after it begins', path: ['toMs'] })
  .refine(({ fromMs, toMs }) => toMs - fromMs <= LONGEST_DUTY_MS, { message: 'a duty is 31 days at most', path: ['toMs'] });
export type DutyRow = z.infer<typeof dutyRowSchema>;

export const rosterSchema = z
  .array(dutyRowSchema)
  .max(1000)
  .refine((rows) => new Set(rows.map(({ dutyId }) => dutyId)).size === rows.length, 'two duties share an id')
  .refine(
    (rows) => rows.every((row, index) => !rows.slice(0, index).some((other) => isSameTwice(row, other))),
    'a person holds one role twice at one time',
  );

/** Why a notice went to the role as a whole: no roster is kept of it, nobody held the role then, or who held it has no way out of their own. */
export const ROSTER_FALLBACKS = ['noRoster', 'nobodyOnDuty', 'noWayToThem'] as const;

/** As it was at the moment of telling. */
export const onDutySchema = z.object({ personIds: z.array(z.string().max(64)).max(100), fallback: z.enum(ROSTER_FALLBACKS).nullable() });
export type OnDuty = z.infer<typeof onDutySchema>;

/** Without the duties that ended over a month ago, which the record keeps. The last of each role stays: a role that nobody holds any more is a gap, and not one that was never held. */
export function withoutLongPast(rows: readonly DutyRow[], nowMs: number): DutyRow[] {
  const lastOfRole = new Map<EscalationRole, DutyRow>();
  for (const row of rows) if (row.toMs > (lastOfRole.get(row.role)?.toMs ?? Number.NEGATIVE_INFINITY)) lastOfRole.set(row.role, row);
  return rows.filter((row) => row.toMs > nowMs - LONGEST_DUTY_MS || lastOfRole.get(row.role) === row);
}

/** People who hold the role at that moment, who began first before the others. */
export function onDutyAt(rows: readonly DutyRow[], role: EscalationRole, atMs: number): string[] {
  const holding = rows.filter((row) => row.role === role && row.fromMs <= atMs && atMs < row.toMs).sort((a, b) => a.fromMs - b.fromMs);
  return [...new Set(holding.map(({ personId }) => personId))];
}

export const onDutyNowSchema = z.object({ role: escalationRoleSchema, personIds: z.array(z.string()) });
export const rosterGapSchema = z.object({ role: escalationRoleSchema, fromMs: z.number(), toMs: z.number() });
type RosterGap = z.infer<typeof rosterGapSchema>;

/** Times between the two in which nobody holds a role that the roster names; one that it never names is no gap. `isHeld`: false of a row whose person has left. */
export function rosterGaps(rows: readonly DutyRow[], fromMs: number, toMs: number, isHeld: (row: DutyRow) => boolean = () => true): RosterGap[] {
  return ESCALATION_ROLES.flatMap((role) => {
    const named = rows.filter((row) => row.role === role);
    if (named.length === 0) return [];
    const ofRole = named.filter(isHeld).sort((a, b) => a.fromMs - b.fromMs);
    const gaps: RosterGap[] = [];
    let coveredTo = fromMs;
    for (const row of ofRole) {
      if (row.fromMs >= toMs) break;
      if (row.fromMs > coveredTo) gaps.push({ role, fromMs: coveredTo, toMs: row.fromMs });
      coveredTo = Math.max(coveredTo, row.toMs);
    }
    if (coveredTo < toMs) gaps.push({ role, fromMs: coveredTo, toMs });
    return gaps;
  });
}

function isSameTwice(one: DutyRow, other: DutyRow): boolean {
  return one.personId === other.personId && one.role === other.role && one.fromMs < other.toMs && other.fromMs < one.toMs;
}
