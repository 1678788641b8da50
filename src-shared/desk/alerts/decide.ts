/** Decides what a signal from the watch or a command from a person means for an alert, without touching anything. */
import type { Alert, AlertReason, Severity } from '#shared/desk/alerts/alert';
import type { AlertEvent, AlertEventBody, Disposition } from '#shared/desk/alerts/events';
import type { Decision, DecisionContext } from '#shared/desk/decision';
import { refuse } from '#shared/refusal';

/** What the watch says about one condition. `dedupKey` is made by the engine from rule, entity, dimensions and mode. */
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
};

export type AlertCommand =
  | { type: 'acknowledge'; note: string }
  | { type: 'note'; note: string }
  | { type: 'linkRun'; runId: string }
  | { type: 'close'; disposition: Disposition; note: string };

/**
 * `alert` is the open alert of the signal's key, or null. A signal never touches acknowledgements, notes or runs by itself; what it
 * repeats is not recorded again. A condition of which nothing is open and that ends or is lost concerns nobody.
 */
export function decideSignal(alert: Alert | null, signal: AlertSignal, context: DecisionContext): AlertEvent[] {
  if (alert === null) return signal.transition === 'raised' || signal.transition === 'changed' ? [raised(signal, context)] : [];
  const base = { alertId: alert.alertId, atMs: signal.atMs };
  const { reason, severity } = signal;
  switch (signal.transition) {
    case 'raised':
    case 'changed':
      if (alert.condition === 'cleared') return [about({ type: 'alert.reraised', payload: { ...base, severity, reason } })];
      if (alert.condition === 'unknown') return [about({ type: 'alert.dataRestored', payload: { ...base, severity, reason } })];
      // Two levels may share a severity (force and negative equity are both critical): moving between them is news all the same.
      if (alert.severity === severity && alert.reason.params.level === reason.params.level) return [];
      return [about({ type: 'alert.severityChanged', payload: { ...base, before: alert.severity, after: severity, reason } })];
    case 'cleared':
      return alert.condition === 'cleared' ? [] : [about({ type: 'alert.cleared', payload: { ...base, reason } })];
    case 'unknown':
      // What was over stays over: there is nothing on that its lost data could hide.
      return alert.condition === 'active' ? [about({ type: 'alert.dataLost', payload: { ...base, reason } })] : [];
  }
}

export function decideAlert(alert: Alert, command: AlertCommand, context: DecisionContext): Decision<AlertEvent> {
  const base = { alertId: alert.alertId, atMs: context.nowMs };
  switch (command.type) {
    case 'acknowledge':
      if (alert.human === 'closed') return refuse('CONFLICT', `alert ${alert.alertId} is closed`);
      // A second person's acknowledgement is their own and is kept; the same person's second one only adds the note.
      if (alert.human === 'acknowledged' && alert.acknowledgedBy === context.actor)
        return [about({ type: 'alert.noted', payload: { ...base, note: command.note } })];
      return [about({ type: 'alert.acknowledged', payload: { ...base, note: command.note } })];
    case 'note':
      return [about({ type: 'alert.noted', payload: { ...base, note: command.note } })];
    case 'linkRun':
      return alert.runIds.includes(command.runId) ? [] : [about({ type: 'alert.runLinked', payload: { ...base, runId: command.runId } })];
    case 'close': {
      const obstacle = closingObstacle(alert);
      if (obstacle !== null) return refuse('CONFLICT', obstacle);
      return [about({ type: 'alert.closed', payload: { ...base, disposition: command.disposition, note: command.note } })];
    }
  }
}

/** Closing needs all three: the condition was on, it was seen to be off, and a person acknowledged it. */
export function closingObstacle(alert: Alert): string | null {
  if (alert.human === 'closed') return 'the alert is already closed';
  if (alert.condition === 'active') return 'the condition is still on';
  if (alert.condition === 'unknown') return 'its data stopped while the condition was on: it has not been seen to be over';
  if (alert.human !== 'acknowledged') return 'nobody has acknowledged it';
  return null;
}

function raised(signal: AlertSignal, context: DecisionContext): AlertEvent {
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
    },
  });
}

function about(event: AlertEventBody): AlertEvent {
  return { ...event, subject: `alert:${event.payload.alertId}` };
}
