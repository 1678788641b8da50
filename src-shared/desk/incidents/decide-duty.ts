/** Decides what a person may do with a duty to report: arm, draft, approve by another, record what was sent and received, or waive by two. */
import type { DecisionContext } from '#shared/desk/decision';
import type { DutyCommand } from '#shared/desk/incidents/commands';
import { dutyDue, type ReportingRules } from '#shared/desk/incidents/duties';
import type { IncidentEventBody } from '#shared/desk/incidents/events';
import type { Incident } from '#shared/desk/incidents/incident';
import type { Duty } from '#shared/desk/reporting/duty';
import { canonicalJson } from '#shared/journal/canonical';
import { type Refusal, refuse } from '#shared/refusal';

export function decideDuty(incident: Incident, command: DutyCommand, rules: ReportingRules, context: DecisionContext): IncidentEventBody[] | Refusal {
  const duty = incident.duties.find(({ dutyId }) => dutyId === command.dutyId);
  if (duty === undefined) return refuse('UNKNOWN', `the incident has no duty ${command.dutyId}`, 'dutyId');
  const base = { incidentId: incident.incidentId, atMs: context.nowMs, dutyId: duty.dutyId };
  const wrongState = refuse('CONFLICT', `the duty is ${duty.state}`, 'dutyId');
  switch (command.type) {
    case 'armDuty':
      if (duty.state === 'armed') return [];
      return duty.state === 'proposed' ? [{ type: 'incident.dutyArmed', payload: { ...base, note: command.note } }] : wrongState;
    case 'draftDuty':
      if (!isAwaitingWork(duty)) return wrongState;
      return [{ type: 'incident.dutyDrafted', payload: { ...base, draft: command.draft } }];
    case 'approveDuty':
      if (duty.state !== 'drafted') return wrongState;
      if (duty.draft === null || canonicalJson(duty.draft) !== canonicalJson(command.draft))
        return refuse('CONFLICT', 'the report was changed after it was read: read it again', 'draft');
      if (duty.draftedBy !== null && isSameHuman(rules, command.secondPerson, duty.draftedBy))
        return refuse('FORBIDDEN', 'who wrote the report does not approve it', 'secondPerson');
      return [{ type: 'incident.dutyApproved', payload: { ...base, secondPerson: command.secondPerson } }];
    case 'sendDuty':
      return decideSent(incident, duty, command, rules, context);
    case 'receiveDuty':
      if (duty.state !== 'sent') return wrongState;
      return [{ type: 'incident.dutyReceived', payload: { ...base, reference: command.reference, person: command.person } }];
    case 'waiveDuty':
      if (!isAwaitingWork(duty)) return wrongState;
      if (isSameHuman(rules, command.secondPerson, context.actor)) return refuse('FORBIDDEN', 'a duty is waived by two people', 'secondPerson');
      return [{ type: 'incident.dutyWaived', payload: { ...base, reason: command.reason, secondPerson: command.secondPerson } }];
  }
}

/** What was really sent is recorded in any state a call can be made in; a written report only leaves after another person approved it. */
function decideSent(
  incident: Incident,
  duty: Duty,
  command: Extract<DutyCommand, { type: 'sendDuty' }>,
  rules: ReportingRules,
  context: DecisionContext,
): IncidentEventBody[] | Refusal {
  const { nowMs } = context;
  if (command.sentAtMs > nowMs) return refuse('INVALID', 'sentAtMs lies in the future', 'sentAtMs');
  const isRepeat = (duty.state === 'sent' || duty.state === 'received') && duty.rule.cadence !== null;
  const isAllowed = duty.rule.channel === 'phone' ? isAwaitingWork(duty) || isRepeat : duty.state === 'approved' || isRepeat;
  if (!isAllowed) {
    const need = duty.rule.channel === 'phone' ? `the duty is ${duty.state}` : `a written report is sent once it is approved; it is ${duty.state}`;
    return refuse('CONFLICT', need, 'dutyId');
  }
  const { dueAtMs } = dutyDue(incident, duty, rules.calendars);
  const isLateByMs = dueAtMs !== null && command.sentAtMs > dueAtMs ? command.sentAtMs - dueAtMs : null;
  const submission = { atMs: command.sentAtMs, channel: command.channel, proof: command.proof, isLateByMs };
  return [{ type: 'incident.dutySent', payload: { incidentId: incident.incidentId, atMs: nowMs, dutyId: duty.dutyId, submission } }];
}

/** Also under two records. */
function isSameHuman({ humanOf = (personId) => personId }: ReportingRules, first: string, second: string): boolean {
  return humanOf(first) === humanOf(second);
}

function isAwaitingWork({ state }: Duty): boolean {
  return state === 'proposed' || state === 'armed' || state === 'drafted' || state === 'approved';
}
