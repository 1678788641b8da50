/** What time alone does to an alert: an acknowledgement runs out, a step of the ladder falls due, a condition that flapped has been calm. */
import type { Alert, Escalation } from '#shared/desk/alerts/alert';
import { about, isTakenOn } from '#shared/desk/alerts/decide';
import type { AlertEvent } from '#shared/desk/alerts/events';
import { isOver } from '#shared/desk/alerts/evolve';
import { calmFlap, isCalm } from '#shared/desk/alerts/flapping';
import { type AlertPolicy, beginEscalation } from '#shared/desk/alerts/policy';

/** When this alert wants to be looked at next; null when time alone changes nothing about it. */
export function nextLookAtMs(alert: Alert, policy: AlertPolicy): number | null {
  if (alert.human === 'closed') return null;
  const times: number[] = [];
  const { escalation } = alert;
  if (escalation?.nextFireAtMs != null && canEscalate(alert)) {
    // A step that fell due too long ago is never looked at again: it would page somebody about last month.
    if (escalation.nextFireAtMs - escalation.sinceMs <= policy.escalation.maxAgeMs) times.push(escalation.nextFireAtMs);
  }
  if (alert.ackExpiresAtMs !== null && isTakenOn(alert)) times.push(alert.ackExpiresAtMs);
  if (alert.condition === 'flapping' && alert.flap !== null) times.push(alert.flap.calmSinceMs + policy.flapping.quietMs);
  return times.length === 0 ? null : Math.min(...times);
}

/** When what time will do to the alert began, for as long as it may do it: with a clock that was set back this lies ahead of now, and so does all that follows. */
export function runsSinceMs(alert: Alert): number {
  const { escalation, acknowledgedAtMs } = alert;
  const ladderMs = escalation?.nextFireAtMs != null && canEscalate(alert) ? escalation.sinceMs : Number.NEGATIVE_INFINITY;
  const ackMs = alert.ackExpiresAtMs !== null && isTakenOn(alert) ? (acknowledgedAtMs ?? Number.NEGATIVE_INFINITY) : Number.NEGATIVE_INFINITY;
  return Math.max(ladderMs, ackMs);
}

/** Whether a time lies ahead by more than what is called late: the clock was set back since, and nobody must wait for as long as it was. */
export function isAhead(sinceMs: number, nowMs: number, policy: AlertPolicy): boolean {
  return sinceMs > nowMs + policy.escalation.lateAfterMs;
}

/** Decided anew from the alert as it is now, right before anybody is told: what has been acknowledged or closed meanwhile calls nobody. */
export function decideClock(alert: Alert, nowMs: number, policy: AlertPolicy): AlertEvent[] {
  if (alert.human === 'closed') return [];
  return [...ackRunsOut(alert, nowMs, policy), ...flappingEnds(alert, nowMs, policy), ...escalates(alert, nowMs, policy)];
}

function ackRunsOut(alert: Alert, nowMs: number, policy: AlertPolicy): AlertEvent[] {
  if (!isTakenOn(alert) || alert.ackExpiresAtMs === null || alert.condition === 'cleared') return [];
  const { alertId, owner, severity, acknowledgedAtMs } = alert;
  if (nowMs < alert.ackExpiresAtMs && !isAhead(acknowledgedAtMs ?? nowMs, nowMs, policy)) return [];
  return [about({ type: 'alert.ackExpired', payload: { alertId, atMs: nowMs, owner, escalation: beginEscalation(policy, severity, nowMs) } })];
}

function flappingEnds(alert: Alert, nowMs: number, policy: AlertPolicy): AlertEvent[] {
  if (alert.condition !== 'flapping' || alert.flap === null || !isCalm(alert.flap, nowMs, policy.flapping)) return [];
  const flap = calmFlap(alert.flap, nowMs, policy.flapping);
  return [about({ type: 'alert.flappingEnded', payload: { alertId: alert.alertId, atMs: nowMs, percent: flap.percent, flap } })];
}

/** All overdue steps fire together, once, and say how late they are: after a sleep nobody is called three times in a second. */
function escalates(alert: Alert, nowMs: number, policy: AlertPolicy): AlertEvent[] {
  const { escalation: stored } = alert;
  if (stored === null || stored.nextFireAtMs === null || !canEscalate(alert)) return [];
  const ladder = policy.escalation.ladder[alert.severity];
  const escalation = isAhead(stored.sinceMs, nowMs, policy) ? broughtBack(stored, ladder, nowMs) : stored;
  if (escalation.nextFireAtMs === null || nowMs < escalation.nextFireAtMs || nowMs - escalation.sinceMs > policy.escalation.maxAgeMs) return [];
  const due = ladder.flatMap(({ role, afterMs }, step) =>
    step >= escalation.nextStep && escalation.sinceMs + afterMs <= nowMs ? [{ step, role }] : [],
  );
  // The policy in force may have another ladder than the one the time was set by: its own next step is waited for.
  if (due.length === 0) return [];
  const lateByMs = nowMs - escalation.nextFireAtMs;
  const after = escalationAfter(escalation, (due.at(-1)?.step ?? 0) + 1, ladder, policy.version);
  const payload = {
    alertId: alert.alertId,
    atMs: nowMs,
    steps: due,
    lateByMs: lateByMs > policy.escalation.lateAfterMs ? lateByMs : null,
    because: 'due' as const,
    escalation: after,
  };
  return [about({ type: 'alert.escalated', payload })];
}

/** How much of its wait had passed when the clock was set back is not known: the next step is due now, and those after it keep their distance to it. */
function broughtBack(escalation: Escalation, ladder: readonly { afterMs: number }[], nowMs: number): Escalation {
  const next = ladder[escalation.nextStep];
  return next === undefined ? escalation : { ...escalation, sinceMs: nowMs - next.afterMs, nextFireAtMs: nowMs };
}

/** Everything that should have told somebody failed, or a person asks for it: the next step does not wait for its time. */
export function escalateAtOnce(
  alert: Alert,
  nowMs: number,
  policy: AlertPolicy,
  because: 'deliveryFailed' | 'byPerson' = 'deliveryFailed',
  note?: string,
): AlertEvent[] {
  const { escalation } = alert;
  if (escalation === null || escalation.nextFireAtMs === null || !canEscalate(alert)) return [];
  const ladder = policy.escalation.ladder[alert.severity];
  const next = ladder[escalation.nextStep];
  if (next === undefined) return [];
  const payload = {
    alertId: alert.alertId,
    atMs: nowMs,
    steps: [{ step: escalation.nextStep, role: next.role }],
    lateByMs: null,
    because,
    ...(note === undefined ? {} : { note }),
    escalation: escalationAfter(escalation, escalation.nextStep + 1, ladder, policy.version),
  };
  return [about({ type: 'alert.escalated', payload })];
}

function escalationAfter(escalation: Escalation, nextStep: number, ladder: readonly { afterMs: number }[], policyVersion: number): Escalation {
  const next = ladder[nextStep];
  return { ...escalation, policyVersion, nextStep, nextFireAtMs: next === undefined ? null : escalation.sinceMs + next.afterMs };
}

/** Nobody is called about what somebody has taken on, nor about what is over. */
function canEscalate(alert: Alert): boolean {
  return alert.human === 'unacknowledged' && !isOver(alert);
}
