/** Keeps an incident's duties in step with what is known of it: opened as soon as a row may ask for them, stood down when it no longer does, never deleted. */
import type { IncidentEventBody } from '#shared/desk/incidents/events';
import type { Incident } from '#shared/desk/incidents/incident';
import { type DueBy, dueBy } from '#shared/desk/reporting/due';
import { type Duty, type FirmProfile, type WantedDuty, wantedDuties } from '#shared/desk/reporting/duty';
import type { RulePack, WorkingCalendar } from '#shared/desk/reporting/rule-pack';
import type { Mode } from '#shared/journal/entry';

export type ReportingRules = {
  packs: readonly RulePack[];
  calendars: readonly WorkingCalendar[];
  firm: FirmProfile;
  mode: Mode;
  /** How long a recovery is watched before its review begins without a reason. */
  recoveryWatchMs: number;
  /** The human behind a record; left out, each record is a human of its own. */
  humanOf?: ((personId: string) => string) | undefined;
};

export function followDuties(incident: Incident, rules: ReportingRules, nowMs: number): IncidentEventBody[] {
  const base = { incidentId: incident.incidentId, atMs: nowMs };
  const isOver = incident.state === 'cancelled' || incident.state === 'merged';
  const wanted = isOver ? [] : wantedOf(incident, rules);
  const events: IncidentEventBody[] = [];
  for (const one of wanted) {
    const duty = incident.duties.find(({ dutyId }) => dutyId === one.rule.rowId);
    if (duty === undefined) events.push({ type: 'incident.dutyOpened', payload: { ...base, duty: newDuty(one, nowMs) } });
    else if (duty.state === 'stoodDown')
      events.push({ type: 'incident.dutyRevived', payload: { ...base, dutyId: duty.dutyId, reason: 'wanted again' } });
  }
  for (const duty of incident.duties) {
    if (wanted.some(({ rule }) => rule.rowId === duty.dutyId) || !isOpen(duty)) continue;
    const reason = isOver ? incident.state : 'no longer asked for';
    events.push({ type: 'incident.dutyStoodDown', payload: { ...base, dutyId: duty.dutyId, reason } });
  }
  return events;
}

/** When the duty's next submission is due, by what the incident knows. */
export function dutyDue(incident: Incident, duty: Duty, calendars: readonly WorkingCalendar[]): DueBy {
  const submittedAtMs: Record<string, number> = {};
  for (const { dutyId, submissions } of incident.duties) {
    const last = submissions.at(-1);
    if (last !== undefined) submittedAtMs[dutyId] = last.atMs;
  }
  const calendar = calendars.find(({ timeZone }) => timeZone === duty.timeZone) ?? null;
  return dueBy({ rule: duty.rule, times: incident.times, submittedAtMs, timeZone: duty.timeZone, calendar });
}

/** Still asks something of somebody: not waived, not stood down, and not a single report that was sent. */
export function isOpen({ state, rule }: Duty): boolean {
  if (state === 'waived' || state === 'stoodDown') return false;
  return (state !== 'sent' && state !== 'received') || rule.cadence !== null;
}

function wantedOf(incident: Incident, { packs, firm }: ReportingRules): WantedDuty[] {
  const { eventKind, grade, isClassifiedMajor, times, openedAtMs } = incident;
  return wantedDuties(packs, firm, { eventKind, grade, isClassifiedMajor, atMs: times.aware ?? openedAtMs });
}

function newDuty({ packId, timeZone, rule }: WantedDuty, nowMs: number): Duty {
  return {
    dutyId: rule.rowId,
    packId,
    timeZone,
    rule,
    state: rule.certainty === 'verified' ? 'armed' : 'proposed',
    openedAtMs: nowMs,
    armedBy: null,
    draft: null,
    draftedBy: null,
    approvedBy: null,
    submissions: [],
    receipt: null,
    waiver: null,
    stoodDownReason: null,
  };
}
