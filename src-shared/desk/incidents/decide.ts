/** Decides what a person may do to an incident: states, times that only move with a reason, the evidence gate before repair, and the duties that follow. */
import type { Decision, DecisionContext } from '#shared/desk/decision';
import type { IncidentCommand, OpenIncident } from '#shared/desk/incidents/commands';
import { decideDuty } from '#shared/desk/incidents/decide-duty';
import { followDuties, type ReportingRules } from '#shared/desk/incidents/duties';
import type { IncidentEvent, IncidentEventBody } from '#shared/desk/incidents/events';
import { evolveIncident } from '#shared/desk/incidents/evolve';
import { type Incident, NEXT_STATES } from '#shared/desk/incidents/incident';
import type { IncidentTimeName } from '#shared/desk/reporting/rule-pack';
import { type Refusal, refuse } from '#shared/refusal';

type Bodies = IncidentEventBody[] | Refusal;

export function decideOpen(open: OpenIncident, rules: ReportingRules, context: DecisionContext): Decision<IncidentEvent> {
  const { nowMs } = context;
  const incidentId = context.newId();
  const { detectedAtMs, impactStartMs, ...rest } = open;
  for (const [field, timeMs] of [['detectedAtMs', detectedAtMs] as const, ['impactStartMs', impactStartMs] as const]) {
    if (timeMs !== null && timeMs > nowMs) return refuse('INVALID', `${field} lies in the future`, field);
  }
  const base = { incidentId, atMs: nowMs };
  const time = (name: IncidentTimeName, timeMs: number): IncidentEventBody => ({
    type: 'incident.timeSet',
    payload: { ...base, name, timeMs, before: null, reason: '' },
  });
  const bodies: IncidentEventBody[] = [
    { type: 'incident.opened', payload: { ...base, ...rest } },
    ...(impactStartMs === null ? [] : [time('impactStart', impactStartMs)]),
    time('detected', detectedAtMs ?? nowMs),
    time('aware', nowMs),
    ...(open.state === 'active' ? [time('declared', nowMs)] : []),
  ];
  return finish(null, bodies, rules, context);
}

/** Every decision ends by letting the duties follow: whatever changed the event may ask for more reports or for fewer. */
export function decideIncident(
  incident: Incident,
  command: IncidentCommand,
  rules: ReportingRules,
  context: DecisionContext,
): Decision<IncidentEvent> {
  const bodies = decideBodies(incident, command, rules, context);
  return Array.isArray(bodies) ? finish(incident, bodies, rules, context) : bodies;
}

function decideBodies(incident: Incident, command: IncidentCommand, rules: ReportingRules, context: DecisionContext): Bodies {
  const base = { incidentId: incident.incidentId, atMs: context.nowMs };
  const isOver = incident.state === 'cancelled' || incident.state === 'merged';
  if (isOver && command.type !== 'addEntry' && command.type !== 'reconcile') {
    return refuse('CONFLICT', `the incident is ${incident.state}: it only takes corrections to its timeline`, 'incidentId');
  }
  switch (command.type) {
    case 'reconcile':
      return [];
    case 'setTime':
      return decideTime(incident, command, context);
    case 'changeState':
      return decideState(incident, command, rules, context);
    case 'grade': {
      const { eventKind, grade, isClassifiedMajor, reason } = command;
      if (incident.eventKind === eventKind && incident.grade === grade && incident.isClassifiedMajor === isClassifiedMajor) return [];
      if (reason === '') return refuse('INVALID', 'reason: a grade is given with its reason', 'reason');
      const graded: IncidentEventBody = {
        type: 'incident.graded',
        payload: { ...base, eventKind, grade, gradeBefore: incident.grade, isClassifiedMajor, reason },
      };
      // The first answer to "is it major" starts the clock of the regimes that count from classification.
      const isFirstClassification = isClassifiedMajor !== null && incident.times.classified === undefined;
      const classified: IncidentEventBody = {
        type: 'incident.timeSet',
        payload: { ...base, name: 'classified', timeMs: context.nowMs, before: null, reason },
      };
      return isFirstClassification ? [graded, classified] : [graded];
    }
    case 'assignRole': {
      const { role, personId, hasReadBack } = command;
      const holder = incident.roles.find((held) => held.role === role && held.renouncedAtMs === null);
      if (holder?.personId === personId && holder.hasReadBack === hasReadBack) return [];
      return [{ type: 'incident.roleAssigned', payload: { ...base, role, personId, hasReadBack } }];
    }
    case 'addEntry': {
      const { occurredAtMs, source, text, refs, corrects } = command;
      if (occurredAtMs > context.nowMs) return refuse('INVALID', 'occurredAtMs lies in the future', 'occurredAtMs');
      if (corrects !== null && !incident.timeline.some(({ entryId }) => entryId === corrects)) {
        return refuse('UNKNOWN', `the timeline has no entry ${corrects}`, 'corrects');
      }
      const entry = { entryId: context.newId(), occurredAtMs, source, text, code: null, params: {}, refs, corrects };
      return [{ type: 'incident.timelineAdded', payload: { ...base, entry } }];
    }
    case 'setImpact': {
      const open = command.impact.periods.findIndex(({ fromMs, toMs }) => toMs !== null && toMs < fromMs);
      if (open >= 0) return refuse('INVALID', 'a period ends before it begins', `impact.periods.${open}.toMs`);
      return [{ type: 'incident.impactSet', payload: { ...base, impact: command.impact } }];
    }
    case 'seal':
      if (incident.seal !== null && incident.seal.override === null) return refuse('CONFLICT', 'the evidence is sealed already', 'incidentId');
      if (command.override === null && command.items.length === 0) return refuse('INVALID', 'items: name what was kept', 'items');
      if (command.override !== null && command.override.reason === '') return refuse('INVALID', 'override.reason: is needed', 'override.reason');
      return [{ type: 'incident.sealed', payload: { ...base, items: command.items, override: command.override } }];
    case 'beginRepair':
      if (incident.repairBegunAtMs !== null) return [];
      if (incident.seal === null)
        return refuse('CONFLICT', 'the scene is kept first: seal the evidence, or override it with a second person', 'seal');
      return [{ type: 'incident.repairBegun', payload: base }];
    case 'report': {
      const { conditions, actions, needs } = command;
      return [{ type: 'incident.reported', payload: { ...base, conditions, actions, needs } }];
    }
    case 'link':
      return decideLink(incident, command, base);
    case 'review': {
      const { wasUpgradedBefore, causes, actions, lessons } = command;
      return [{ type: 'incident.reviewed', payload: { ...base, wasUpgradedBefore, causes, actions, lessons } }];
    }
    default:
      return decideDuty(incident, command, rules, context);
  }
}

function decideTime(incident: Incident, command: Extract<IncidentCommand, { type: 'setTime' }>, { nowMs }: DecisionContext): Bodies {
  const { name, timeMs, reason } = command;
  const before = incident.times[name] ?? null;
  if (before === timeMs) return [];
  if (timeMs > nowMs) return refuse('INVALID', `${name} lies in the future`, 'timeMs');
  if (before !== null && reason === '') return refuse('INVALID', 'reason: a time that is known already is changed with a reason', 'reason');
  const times: Incident['times'] = { ...incident.times };
  times[name] = timeMs;
  const { impactStart, impactEnd } = times;
  if (impactStart !== undefined && impactEnd !== undefined && impactEnd < impactStart)
    return refuse('INVALID', 'the effect would end before it began', 'timeMs');
  return [{ type: 'incident.timeSet', payload: { incidentId: incident.incidentId, atMs: nowMs, name, timeMs, before, reason } }];
}

/** The time that entering a state sets, if it is not known yet. */
const TIME_OF_STATE = { active: 'declared', contained: 'contained', recovered: 'recovered' } as const;

/** Until when a recovery is watched; null where there is none, or nobody said when it was. */
export function watchedUntilMs(
  incident: Pick<Incident, 'state' | 'times'>,
  { recoveryWatchMs }: Pick<ReportingRules, 'recoveryWatchMs'>,
): number | null {
  const { recovered } = incident.times;
  return incident.state === 'recovered' && recovered !== undefined ? recovered + recoveryWatchMs : null;
}

function decideState(
  incident: Incident,
  command: Extract<IncidentCommand, { type: 'changeState' }>,
  rules: ReportingRules,
  { nowMs }: DecisionContext,
): Bodies {
  const { to, reason, secondPerson } = command;
  const from = incident.state;
  if (from === to) return [];
  if (to === 'merged') return refuse('INVALID', 'an incident is merged by linking it to the other', 'to');
  if (!NEXT_STATES[from].includes(to)) return refuse('CONFLICT', `an incident that is ${from} does not become ${to}`, 'to');
  if (to === 'cancelled' && (secondPerson === null || reason === ''))
    return refuse('FORBIDDEN', 'an incident is cancelled by two people, with a reason', 'secondPerson');
  if ((from !== 'suspected' && to === 'active') || from === 'closed') {
    if (reason === '') return refuse('INVALID', 'reason: is needed to go back', 'reason');
  }
  const watchedMs = watchedUntilMs(incident, rules);
  if (to === 'review' && watchedMs !== null && nowMs < watchedMs && reason === '')
    return refuse('INVALID', 'reason: the recovery is still being watched for a relapse', 'reason');
  if (to === 'closed') {
    const missing = missingForClosing(incident);
    if (missing !== null) return missing;
  }
  const base = { incidentId: incident.incidentId, atMs: nowMs };
  const bodies: IncidentEventBody[] = [{ type: 'incident.stateChanged', payload: { ...base, from, to, reason, secondPerson } }];
  const name = TIME_OF_STATE[to as keyof typeof TIME_OF_STATE];
  const isRelapse = to === 'active' && from !== 'suspected';
  if (name !== undefined && !isRelapse && incident.times[name] === undefined) {
    bodies.push({ type: 'incident.timeSet', payload: { ...base, name, timeMs: nowMs, before: null, reason: '' } });
  }
  return bodies;
}

function missingForClosing(incident: Incident): Refusal | null {
  const open = incident.duties.find(({ state }) => state === 'proposed' || state === 'armed' || state === 'drafted' || state === 'approved');
  if (open !== undefined) return refuse('CONFLICT', `the duty ${open.dutyId} is neither sent nor waived`, 'duties');
  if (incident.review.wasUpgradedBefore === null) {
    return refuse(
      'CONFLICT',
      'review.wasUpgradedBefore: whether something was upgraded in the two sessions before is not answered',
      'review.wasUpgradedBefore',
    );
  }
  return incident.review.causes.length === 0 ? refuse('CONFLICT', 'review.causes: no cause is named', 'review.causes') : null;
}

function decideLink(
  incident: Incident,
  { kind, id }: Extract<IncidentCommand, { type: 'link' }>,
  base: { incidentId: string; atMs: number },
): Bodies {
  if (id === incident.incidentId) return refuse('INVALID', 'an incident is not linked to itself', 'id');
  const { links } = incident;
  const isLinked = { alert: links.alertIds, run: links.runIds, mergedFrom: links.mergedFrom, mergedInto: [links.mergedInto] }[kind].includes(id);
  if (isLinked) return [];
  const linked: IncidentEventBody = { type: 'incident.linked', payload: { ...base, kind, id } };
  if (kind !== 'mergedInto') return [linked];
  if (!NEXT_STATES[incident.state].includes('merged')) return refuse('CONFLICT', `an incident that is ${incident.state} is not merged`, 'incidentId');
  const merged: IncidentEventBody = {
    type: 'incident.stateChanged',
    payload: { ...base, from: incident.state, to: 'merged', reason: id, secondPerson: null },
  };
  return [linked, merged];
}

function finish(incident: Incident | null, bodies: IncidentEventBody[], rules: ReportingRules, context: DecisionContext): Decision<IncidentEvent> {
  let after = incident;
  for (const body of bodies) after = evolveIncident(after, body, { actor: context.actor, mode: rules.mode, sequence: incident?.sequence ?? 0 });
  if (after === null) return [];
  const subject = `incident:${after.incidentId}`;
  return [...bodies, ...followDuties(after, rules, context.nowMs)].map((body) => ({ ...body, subject }));
}
