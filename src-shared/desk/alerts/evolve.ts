/** Folds what happened to an alert into what people see; total: an event that does not fit the state changes nothing. */
import { type Alert, type Severity, severitySchema } from '#shared/desk/alerts/alert';
import type { AlertEventBody } from '#shared/desk/alerts/events';
import type { Recorded } from '#shared/desk/decision';

type Payload<Type extends AlertEventBody['type']> = Extract<AlertEventBody, { type: Type }>['payload'];

/** 0 is the gravest. */
export function severityRank(severity: Severity): number {
  return severitySchema.options.indexOf(severity);
}

function gravest(one: Severity, other: Severity): Severity {
  return severityRank(one) <= severityRank(other) ? one : other;
}

export function evolveAlert(alert: Alert | null, event: AlertEventBody, recorded: Recorded): Alert | null {
  if (alert === null) return event.type === 'alert.raised' ? raise(event.payload, recorded) : null;
  const next = evolveKnown(alert, event, recorded);
  return { ...next, sequence: recorded.sequence };
}

function raise(payload: Payload<'alert.raised'>, recorded: Recorded): Alert {
  return {
    alertId: payload.alertId,
    dedupKey: payload.dedupKey,
    mode: recorded.mode,
    ruleId: payload.ruleId,
    entity: payload.entity,
    dimensions: payload.dimensions,
    kind: payload.kind,
    severity: payload.severity,
    severityMax: payload.severity,
    condition: 'active',
    human: 'unacknowledged',
    episode: 1,
    occurrences: 1,
    raisedAtMs: payload.atMs,
    changedAtMs: payload.atMs,
    clearedAtMs: null,
    acknowledgedBy: null,
    acknowledgedAtMs: null,
    closedAtMs: null,
    notes: [],
    reason: payload.reason,
    planIds: payload.planIds,
    runIds: [],
    sequence: recorded.sequence,
  };
}

function evolveKnown(alert: Alert, event: AlertEventBody, recorded: Recorded): Alert {
  switch (event.type) {
    case 'alert.raised':
      return alert;
    case 'alert.severityChanged':
      return withSeverity({ ...alert, reason: event.payload.reason, changedAtMs: event.payload.atMs }, event.payload.after);
    case 'alert.cleared':
      // The human side is left as it is: over is not the same as seen.
      return { ...alert, condition: 'cleared', clearedAtMs: event.payload.atMs, changedAtMs: event.payload.atMs, reason: event.payload.reason };
    case 'alert.dataLost':
      return { ...alert, condition: 'unknown', changedAtMs: event.payload.atMs, reason: event.payload.reason };
    case 'alert.dataRestored':
      return withSeverity({ ...alert, condition: 'active', changedAtMs: event.payload.atMs, reason: event.payload.reason }, event.payload.severity);
    case 'alert.reraised':
      return reraise(alert, event.payload);
    case 'alert.acknowledged':
      return {
        ...withNote(alert, event.payload, recorded),
        human: 'acknowledged',
        acknowledgedBy: recorded.actor,
        acknowledgedAtMs: event.payload.atMs,
      };
    case 'alert.noted':
      return withNote(alert, event.payload, recorded);
    case 'alert.runLinked':
      return alert.runIds.includes(event.payload.runId) ? alert : { ...alert, runIds: [...alert.runIds, event.payload.runId] };
    case 'alert.closed':
      return { ...withNote(alert, event.payload, recorded), human: 'closed', closedAtMs: event.payload.atMs };
  }
}

function reraise(alert: Alert, payload: Payload<'alert.reraised'>): Alert {
  return unacknowledge({
    ...alert,
    condition: 'active',
    severity: payload.severity,
    severityMax: gravest(alert.severityMax, payload.severity),
    episode: alert.episode + 1,
    occurrences: alert.occurrences + 1,
    clearedAtMs: null,
    changedAtMs: payload.atMs,
    reason: payload.reason,
  });
}

/** A rise is news that nobody has seen yet; a fall is not. */
function withSeverity(alert: Alert, severity: Severity): Alert {
  const isRise = severityRank(severity) < severityRank(alert.severity);
  const next = { ...alert, severity, severityMax: gravest(alert.severityMax, severity) };
  return isRise ? unacknowledge(next) : next;
}

/** Who acknowledged before stays in the history; the alert shows only what holds now. */
function unacknowledge(alert: Alert): Alert {
  return alert.human === 'acknowledged' ? { ...alert, human: 'unacknowledged', acknowledgedBy: null, acknowledgedAtMs: null } : alert;
}

function withNote(alert: Alert, payload: { atMs: number; note: string }, recorded: Recorded): Alert {
  return { ...alert, notes: [...alert.notes, { atMs: payload.atMs, by: recorded.actor, text: payload.note }] };
}
