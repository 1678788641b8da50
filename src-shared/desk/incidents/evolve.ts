/** Folds an incident's entries into what people see; an entry that is about no known incident changes nothing. */
import type { Recorded } from '#shared/desk/decision';
import type { IncidentEventBody } from '#shared/desk/incidents/events';
import { type Incident, type IncidentState, NO_IMPACT } from '#shared/desk/incidents/incident';
import type { Duty } from '#shared/desk/reporting/duty';

export function evolveIncident(before: Incident | null, event: IncidentEventBody, entry: Recorded): Incident | null {
  if (event.type === 'incident.opened') return opened(event.payload, entry);
  if (before === null) return null;
  const incident: Incident = { ...before, sequence: entry.sequence };
  const by = entry.actor;
  switch (event.type) {
    case 'incident.timeSet': {
      const { name, timeMs, before: valueBefore, reason, atMs } = event.payload;
      const change = { name, atMs: timeMs, before: valueBefore, reason, by, recordedAtMs: atMs };
      return { ...incident, times: { ...incident.times, [name]: timeMs }, timeHistory: [...incident.timeHistory, change] };
    }
    case 'incident.stateChanged':
      return { ...incident, state: event.payload.to, times: timesAfter(incident.times, event.payload.from, event.payload.to) };
    case 'incident.graded': {
      const { eventKind, grade, isClassifiedMajor } = event.payload;
      return { ...incident, eventKind, grade, isClassifiedMajor };
    }
    case 'incident.roleAssigned': {
      const { role, personId, hasReadBack, atMs } = event.payload;
      const earlier = incident.roles.map((held) => (held.role === role && held.renouncedAtMs === null ? { ...held, renouncedAtMs: atMs } : held));
      return { ...incident, roles: [...earlier, { role, personId, assumedAtMs: atMs, renouncedAtMs: null, hasReadBack }] };
    }
    case 'incident.timelineAdded':
      return { ...incident, timeline: [...incident.timeline, { ...event.payload.entry, by, recordedAtMs: event.payload.atMs }] };
    case 'incident.impactSet':
      return { ...incident, impact: event.payload.impact };
    case 'incident.sealed': {
      const { atMs, items, override } = event.payload;
      return { ...incident, seal: { sealedAtMs: atMs, by, items, override } };
    }
    case 'incident.repairBegun':
      return { ...incident, repairBegunAtMs: event.payload.atMs };
    case 'incident.reported': {
      const { atMs, conditions, actions, needs } = event.payload;
      return { ...incident, reports: [...incident.reports, { atMs, by, conditions, actions, needs }] };
    }
    case 'incident.linked':
      return { ...incident, links: linked(incident.links, event.payload.kind, event.payload.id) };
    case 'incident.reviewed': {
      const { wasUpgradedBefore, causes, actions, lessons } = event.payload;
      return { ...incident, review: { wasUpgradedBefore, causes, actions, lessons } };
    }
    case 'incident.dutyOpened':
      return { ...incident, duties: [...incident.duties, event.payload.duty] };
    default:
      return { ...incident, duties: incident.duties.map((duty) => (duty.dutyId === event.payload.dutyId ? evolveDuty(duty, event, by) : duty)) };
  }
}

/** A relapse: what had ended has not. The values that were known stay in the time history. */
function timesAfter(times: Incident['times'], from: IncidentState, to: IncidentState): Incident['times'] {
  if (to !== 'active' || from === 'suspected') return times;
  const { contained: _contained, recovered: _recovered, impactEnd: _impactEnd, ...rest } = times;
  return rest;
}

type DutyEvent = Extract<IncidentEventBody, { payload: { dutyId: string } }>;

function evolveDuty(duty: Duty, event: DutyEvent, by: string): Duty {
  switch (event.type) {
    case 'incident.dutyArmed':
      return { ...duty, state: 'armed', armedBy: by };
    case 'incident.dutyDrafted':
      return { ...duty, state: 'drafted', draft: event.payload.draft, draftedBy: by, approvedBy: null };
    case 'incident.dutyApproved':
      return { ...duty, state: 'approved', approvedBy: event.payload.secondPerson };
    case 'incident.dutySent': {
      const { submission, atMs } = event.payload;
      return { ...duty, state: 'sent', submissions: [...duty.submissions, { ...submission, by, recordedAtMs: atMs }] };
    }
    case 'incident.dutyReceived': {
      const { reference, person, atMs } = event.payload;
      return { ...duty, state: 'received', receipt: { atMs, reference, person } };
    }
    case 'incident.dutyWaived': {
      const { reason, secondPerson } = event.payload;
      return { ...duty, state: 'waived', waiver: { reason, by, secondPerson } };
    }
    case 'incident.dutyStoodDown':
      return { ...duty, state: 'stoodDown', stoodDownReason: event.payload.reason };
    case 'incident.dutyRevived':
      return { ...duty, state: duty.rule.certainty === 'verified' || duty.armedBy !== null ? 'armed' : 'proposed', stoodDownReason: null };
  }
}

function opened(payload: Extract<IncidentEventBody, { type: 'incident.opened' }>['payload'], entry: Recorded): Incident {
  const { incidentId, atMs, title, eventKind, state, alertId, runId } = payload;
  return {
    incidentId,
    mode: entry.mode,
    title,
    eventKind,
    state,
    grade: null,
    isClassifiedMajor: null,
    openedBy: entry.actor,
    openedAtMs: atMs,
    times: {},
    timeHistory: [],
    roles: [],
    timeline: [],
    impact: NO_IMPACT,
    seal: null,
    repairBegunAtMs: null,
    reports: [],
    links: { alertIds: alertId === null ? [] : [alertId], runIds: runId === null ? [] : [runId], mergedInto: null, mergedFrom: [] },
    review: { wasUpgradedBefore: null, causes: [], actions: [], lessons: '' },
    duties: [],
    sequence: entry.sequence,
  };
}

function linked(links: Incident['links'], kind: 'alert' | 'run' | 'mergedInto' | 'mergedFrom', id: string): Incident['links'] {
  if (kind === 'alert') return { ...links, alertIds: withOne(links.alertIds, id) };
  if (kind === 'run') return { ...links, runIds: withOne(links.runIds, id) };
  if (kind === 'mergedFrom') return { ...links, mergedFrom: withOne(links.mergedFrom, id) };
  return { ...links, mergedInto: id };
}

function withOne(ids: string[], id: string): string[] {
  return ids.includes(id) ? ids : [...ids, id];
}
