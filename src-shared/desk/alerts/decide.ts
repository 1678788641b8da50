/** Decides what a signal from the watch or a command from a person means for an alert, without touching anything. */
import type { Alert, AlertReason, Severity } from '#shared/desk/alerts/alert';
import type { AlertEvent, AlertEventBody, Disposition } from '#shared/desk/alerts/events';
import { severityRank } from '#shared/desk/alerts/evolve';
import { changedFlap, newFlap } from '#shared/desk/alerts/flapping';
import { type AlertPolicy, ackExpiry, beginEscalation } from '#shared/desk/alerts/policy';
import type { Decision, DecisionContext } from '#shared/desk/decision';
import type { ConditionEvidence } from '#shared/desk/rules/evidence';
import { refuse } from '#shared/refusal';

/** What the watch says about one condition. `dedupKey` is made by the engine from tenant, rule, entity, dimensions and mode. */
export type AlertSignal = {
  transition: 'raised' | 'changed' | 'cleared' | 'unknown';
  dedupKey: string;
  ruleId: string;
  kind: string;
  entity: string;
  dimensions: Readonly<Record<string, string>>;
  severity: Severity;
  atMs: number;
  reason: AlertReason;
  planIds: readonly string[];
  /** The alert of this key that was closed a short while ago. */
  previousAlertId?: string;
  evidence?: ConditionEvidence;
  quality?: string;
  /** It concerns more than people were told of, at the same level. */
  isFurther?: boolean;
  /** Of an end: the rule wants a person to have seen it. */
  isLatched?: boolean;
  crossed?: readonly { step: string; threshold: number; atMs: number | null; citation: string; certainty: string }[];
  sourceSeq?: number | null;
};

type ConfirmedBy = { personId: string; sessionId: string; keyId: string; signature: string };

export type AlertCommand =
  | { type: 'acknowledge'; note: string }
  | { type: 'note'; note: string }
  | { type: 'linkRun'; runId: string }
  | { type: 'handOver'; to: string; note: string }
  /** `confirmedBy`: another person who agreed to exactly this; see `closingNeeds`. */
  | { type: 'close'; disposition: Disposition; note: string; confirmedBy?: ConfirmedBy };

/**
 * `alert` is the open alert of the signal's key, or null. A signal never touches acknowledgements, notes or runs by itself; what it
 * repeats is not recorded again. A condition of which nothing is open and that ends or is lost concerns nobody.
 */
export function decideSignal(alert: Alert | null, signal: AlertSignal, context: DecisionContext, policy: AlertPolicy): AlertEvent[] {
  if (alert === null) {
    return signal.transition === 'raised' || signal.transition === 'changed' ? [raised(signal, context, policy)] : [];
  }
  const base = { alertId: alert.alertId, atMs: signal.atMs };
  const { reason } = signal;
  switch (signal.transition) {
    case 'raised':
    case 'changed':
      if (alert.reading === 'off') return comesBack(alert, signal, policy);
      if (alert.reading === 'unknown') {
        // Where it stood when its data stopped goes on; that it stands elsewhere now is told like any move.
        const restored = about({ type: 'alert.dataRestored', payload: { ...base, severity: alert.severity, reason, ...madeOf(signal) } });
        return [restored, ...movedTo(alert, signal, policy)];
      }
      return movedTo(alert, signal, policy);
    case 'cleared':
      return alert.reading === 'off' ? [] : goesAway(alert, signal, policy);
    case 'unknown':
      // What was over stays over: there is nothing on that its lost data could hide.
      return alert.reading === 'on' ? [about({ type: 'alert.dataLost', payload: { ...base, reason } })] : [];
  }
}

export function decideAlert(alert: Alert, command: AlertCommand, context: DecisionContext, policy: AlertPolicy): Decision<AlertEvent> {
  const base = { alertId: alert.alertId, atMs: context.nowMs };
  /** An entry of the owner's shows that somebody is on it: the acknowledgement runs anew. */
  const renewed = (): { expiresAtMs?: number | null } =>
    isTakenOn(alert) && alert.owner === context.actor ? { expiresAtMs: ackExpiry(policy, alert.severity, context.nowMs) } : {};
  switch (command.type) {
    case 'acknowledge': {
      if (alert.human === 'closed') return refuse('CONFLICT', `alert ${alert.alertId} is closed`);
      // A second person's acknowledgement is their own and is kept; the same person's second one only adds the note.
      if (isTakenOn(alert) && alert.acknowledgedBy === context.actor)
        return [about({ type: 'alert.noted', payload: { ...base, note: command.note, ...renewed() } })];
      const expiresAtMs = ackExpiry(policy, alert.severity, context.nowMs);
      const taken = about({ type: 'alert.acknowledged', payload: { ...base, note: command.note, expiresAtMs } });
      // What only waited for a person is over now.
      return alert.isLatched ? [taken, about({ type: 'alert.cleared', payload: { ...base, reason: alert.reason } })] : [taken];
    }
    case 'note':
      return [about({ type: 'alert.noted', payload: { ...base, note: command.note, ...renewed() } })];
    case 'linkRun':
      if (alert.runIds.includes(command.runId)) return [];
      return [about({ type: 'alert.runLinked', payload: { ...base, runId: command.runId, ...renewed() } })];
    case 'handOver': {
      if (alert.human === 'closed') return refuse('CONFLICT', `alert ${alert.alertId} is closed`);
      if (!isTakenOn(alert)) return refuse('CONFLICT', 'nobody has acknowledged it: there is nobody to hand it over');
      if (command.to === alert.owner) return refuse('CONFLICT', 'it is theirs already', 'to');
      const expiresAtMs = ackExpiry(policy, alert.severity, context.nowMs);
      return [about({ type: 'alert.handedOver', payload: { ...base, to: command.to, note: command.note, expiresAtMs } })];
    }
    case 'close': {
      const needs = closingNeeds(alert, command.disposition);
      if (needs.obstacle !== null) return refuse('CONFLICT', needs.obstacle);
      if (needs.secondPerson && command.confirmedBy === undefined) return refuse('FORBIDDEN', 'closing this needs a second person', 'confirmationId');
      const { disposition, note, confirmedBy } = command;
      const whileOn = needs.isWhileOn ? { whileOn: true } : {};
      return [
        about({ type: 'alert.closed', payload: { ...base, disposition, note, ...whileOn, ...(confirmedBy === undefined ? {} : { confirmedBy }) } }),
      ];
    }
  }
}

/** Taken on by somebody and not yet closed. */
export function isTakenOn(alert: Pick<Alert, 'human'>): boolean {
  return alert.human === 'acknowledged' || alert.human === 'working' || alert.human === 'toClose';
}

/** With these a person says that the condition itself is wrong or meant: then it may be closed while it is on, with another person's agreement. */
const CLOSES_WHILE_ON: ReadonlySet<Disposition> = new Set(['falsePositive', 'expected', 'duplicate']);

/**
 * What closing needs: on seen, off seen and acknowledged; or, while it is still on, a disposition that explains it and a second person.
 * What was ever critical always needs a second person.
 */
export function closingNeeds(alert: Alert, disposition: Disposition | null): { obstacle: string | null; secondPerson: boolean; isWhileOn: boolean } {
  const isWhileOn = alert.condition !== 'cleared';
  const secondPerson = isWhileOn || alert.severityMax === 'critical';
  const obstacle = obstacleTo(alert, disposition);
  return { obstacle, secondPerson, isWhileOn };
}

function obstacleTo(alert: Alert, disposition: Disposition | null): string | null {
  if (alert.human === 'closed') return 'the alert is already closed';
  if (!isTakenOn(alert)) return 'nobody has acknowledged it';
  if (alert.condition === 'cleared' || (disposition !== null && CLOSES_WHILE_ON.has(disposition))) return null;
  if (alert.condition === 'unknown') return 'its data stopped while the condition was on: it has not been seen to be over';
  return alert.condition === 'flapping' ? 'the condition comes and goes: it has not been seen to be over' : 'the condition is still on';
}

function raised(signal: AlertSignal, context: DecisionContext, policy: AlertPolicy): AlertEvent {
  const { quality, sourceSeq, previousAlertId } = signal;
  return about({
    type: 'alert.raised',
    payload: {
      alertId: context.newId(),
      atMs: signal.atMs,
      dedupKey: signal.dedupKey,
      ruleId: signal.ruleId,
      kind: signal.kind,
      entity: signal.entity,
      dimensions: { ...signal.dimensions },
      severity: signal.severity,
      reason: signal.reason,
      planIds: [...signal.planIds],
      flap: newFlap(signal.atMs),
      escalation: beginEscalation(policy, signal.severity, signal.atMs),
      ...(previousAlertId === undefined ? {} : { previousAlertId }),
      ...madeOf(signal),
      ...(quality === undefined ? {} : { quality }),
      ...(sourceSeq === undefined ? {} : { sourceSeq }),
    },
  });
}

/** Two levels may share a severity (force and negative equity are both critical): moving between them is news all the same. */
function movedTo(alert: Alert, signal: AlertSignal, policy: AlertPolicy): AlertEvent[] {
  const { severity, reason, atMs } = signal;
  if (alert.severity === severity && alert.reason.params.level === reason.params.level)
    return signal.isFurther === true ? [widened(alert, signal, policy)] : [];
  const moved = { alertId: alert.alertId, atMs, before: alert.severity, after: severity, reason };
  return [about({ type: 'alert.severityChanged', payload: { ...moved, ...escalationIfWorse(alert, signal, policy), ...madeOf(signal) } })];
}

/** Whoever took it on took on less: it wants to be seen again. A ladder that is being climbed goes on; one that is stopped or used up begins anew. */
function widened(alert: Alert, signal: AlertSignal, policy: AlertPolicy): AlertEvent {
  const { severity, reason, atMs } = signal;
  const isClimbing = alert.human === 'unacknowledged' && alert.escalation?.nextFireAtMs != null;
  const escalation = isClimbing ? {} : { escalation: beginEscalation(policy, severity, atMs) };
  return about({ type: 'alert.widened', payload: { alertId: alert.alertId, atMs, reason, ...escalation, ...madeOf(signal) } });
}

/** What it was made of is kept whenever it is told anew: a graver step is about other orders than the milder one was. */
function madeOf({ evidence, crossed }: AlertSignal) {
  return {
    ...(evidence === undefined ? {} : { evidence }),
    ...(crossed === undefined ? {} : { crossed: crossed.map((each) => ({ ...each })) }),
  };
}

/** On again before it was closed: a new episode, which wants to be seen; unless it flaps, or begins to. */
function comesBack(alert: Alert, signal: AlertSignal, policy: AlertPolicy): AlertEvent[] {
  const { severity, reason, atMs } = signal;
  const flap = changedFlap(alert.flap ?? newFlap(alert.changedAtMs), atMs, policy.flapping);
  const escalation = beginEscalation(policy, severity, atMs);
  const reraised = about({
    type: 'alert.reraised',
    payload: { alertId: alert.alertId, atMs, before: alert.severity, severity, reason, flap, escalation, ...madeOf(signal) },
  });
  return [reraised, ...flappingBegins(alert, flap.percent, atMs, policy)];
}

function goesAway(alert: Alert, signal: AlertSignal, policy: AlertPolicy): AlertEvent[] {
  const { reason, atMs } = signal;
  const flap = changedFlap(alert.flap ?? newFlap(alert.changedAtMs), atMs, policy.flapping);
  const isLatched = signal.isLatched === true && alert.human === 'unacknowledged';
  const payload = { alertId: alert.alertId, atMs, reason, flap, ...(isLatched ? { isLatched } : {}) };
  const cleared = about({ type: 'alert.cleared', payload });
  const goesOn = alert.human === 'unacknowledged' ? alert.escalation : null;
  return [cleared, ...flappingBegins(alert, flap.percent, atMs, policy, goesOn)];
}

/** `goesOn`: the ladder that ending for a moment must not have stopped, as the next moment it is on again without being told anew. */
function flappingBegins(alert: Alert, percent: number, atMs: number, policy: AlertPolicy, goesOn: Alert['escalation'] = null): AlertEvent[] {
  if (alert.condition === 'flapping' || percent < policy.flapping.enterPercent) return [];
  const escalation = goesOn === null ? {} : { escalation: goesOn };
  return [about({ type: 'alert.flappingBegan', payload: { alertId: alert.alertId, atMs, percent, ...escalation } })];
}

function escalationIfWorse(alert: Alert, signal: AlertSignal, policy: AlertPolicy) {
  const isWorse = severityRank(signal.severity) < severityRank(alert.severity);
  return isWorse ? { escalation: beginEscalation(policy, signal.severity, signal.atMs) } : {};
}

export function about(event: AlertEventBody): AlertEvent {
  return { ...event, subject: `alert:${event.payload.alertId}` };
}
