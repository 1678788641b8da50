/** Folds what happened to an alert into what people see; total: an event that does not fit the state changes nothing. */
import { type Alert, type Escalation, type Flap, type Severity, severitySchema } from '#shared/desk/alerts/alert';
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
    episodeSinceMs: payload.atMs,
    firstAcknowledged: [],
    occurrences: 1,
    raisedAtMs: payload.atMs,
    changedAtMs: payload.atMs,
    clearedAtMs: null,
    acknowledgedBy: null,
    acknowledgedAtMs: null,
    ackExpiresAtMs: null,
    owner: null,
    reading: 'on',
    isLatched: false,
    flap: payload.flap ?? null,
    escalation: payload.escalation ?? null,
    previousAlertId: payload.previousAlertId ?? null,
    quality: payload.quality ?? null,
    disposition: null,
    closedBy: null,
    closeConfirmedBy: null,
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
    case 'alert.severityChanged': {
      const { reason, atMs, after, escalation } = event.payload;
      return withSeverity({ ...alert, reason, changedAtMs: atMs, reading: 'on' }, after, escalation);
    }
    case 'alert.widened': {
      const { reason, atMs, escalation } = event.payload;
      const next = unacknowledge({ ...alert, reason, changedAtMs: atMs });
      return { ...next, escalation: escalation ?? next.escalation };
    }
    case 'alert.cleared':
      return clear(alert, event.payload);
    case 'alert.dataLost':
      return { ...seen(alert, 'unknown'), changedAtMs: event.payload.atMs, reason: event.payload.reason };
    case 'alert.dataRestored':
      return withSeverity({ ...seen(alert, 'on'), changedAtMs: event.payload.atMs, reason: event.payload.reason }, event.payload.severity);
    case 'alert.reraised':
      return reraise(alert, event.payload);
    case 'alert.flappingBegan': {
      const { atMs, escalation } = event.payload;
      return settleHuman({ ...alert, condition: 'flapping', changedAtMs: atMs, escalation: escalation ?? alert.escalation });
    }
    case 'alert.flappingEnded':
      return settleHuman({
        ...alert,
        condition: alert.isLatched ? 'active' : CONDITION_OF[alert.reading],
        escalation: isOver(alert) ? stopped(alert.escalation) : alert.escalation,
        flap: event.payload.flap ?? alert.flap,
        changedAtMs: event.payload.atMs,
      });
    case 'alert.acknowledged':
      return settleHuman({
        ...withNote(alert, event.payload, recorded),
        human: 'acknowledged',
        acknowledgedBy: recorded.actor,
        acknowledgedAtMs: event.payload.atMs,
        firstAcknowledged: acknowledgedFirst(alert, event.payload.atMs),
        owner: recorded.actor,
        ackExpiresAtMs: event.payload.expiresAtMs ?? null,
        escalation: stopped(alert.escalation),
      });
    case 'alert.ackExpired':
      return { ...unacknowledge(alert), escalation: event.payload.escalation };
    case 'alert.escalated':
      return { ...alert, escalation: event.payload.escalation };
    case 'alert.handedOver': {
      const { to, expiresAtMs } = event.payload;
      return { ...withNote(alert, event.payload, recorded), owner: to, ackExpiresAtMs: expiresAtMs };
    }
    case 'alert.noted':
      return { ...withNote(alert, event.payload, recorded), ackExpiresAtMs: event.payload.expiresAtMs ?? alert.ackExpiresAtMs };
    case 'alert.runLinked': {
      if (alert.runIds.includes(event.payload.runId)) return alert;
      return settleHuman({
        ...alert,
        runIds: [...alert.runIds, event.payload.runId],
        ackExpiresAtMs: event.payload.expiresAtMs ?? alert.ackExpiresAtMs,
      });
    }
    case 'alert.closed':
      return {
        ...withNote(alert, event.payload, recorded),
        human: 'closed',
        closedAtMs: event.payload.atMs,
        closedBy: recorded.actor,
        closeConfirmedBy: event.payload.confirmedBy?.personId ?? null,
        disposition: event.payload.disposition,
        escalation: stopped(alert.escalation),
        ackExpiresAtMs: null,
      };
  }
}

/** What is held on until somebody has seen it is not over, although its figure is back. */
export function isOver({ reading, isLatched }: Pick<Alert, 'reading' | 'isLatched'>): boolean {
  return reading === 'off' && !isLatched;
}

const CONDITION_OF = { on: 'active', off: 'cleared', unknown: 'unknown' } as const;

/** What the machine saw; while it flaps the condition itself stays `flapping`. */
function seen(alert: Alert, reading: Alert['reading'], flap?: Flap): Alert {
  return { ...alert, reading, flap: flap ?? alert.flap, condition: alert.condition === 'flapping' ? 'flapping' : CONDITION_OF[reading] };
}

/** The human side is left as it is: over is not the same as seen. Nobody is called about what is over. */
function clear(alert: Alert, payload: Payload<'alert.cleared'>): Alert {
  const { atMs, reason, flap, isLatched = false } = payload;
  const off = { ...seen(alert, 'off', flap), isLatched, changedAtMs: atMs, reason };
  if (isLatched) return off.condition === 'flapping' ? off : { ...off, condition: 'active' };
  const next = { ...off, clearedAtMs: atMs };
  return settleHuman(next.condition === 'flapping' ? next : { ...next, escalation: stopped(alert.escalation) });
}

function reraise(alert: Alert, payload: Payload<'alert.reraised'>): Alert {
  const { severity, atMs, reason, flap, escalation } = payload;
  const next: Alert = {
    ...seen(alert, 'on', flap),
    isLatched: false,
    severity,
    severityMax: gravest(alert.severityMax, severity),
    episode: alert.episode + 1,
    occurrences: alert.occurrences + 1,
    clearedAtMs: null,
    changedAtMs: atMs,
    reason,
  };
  // While it flaps its comings and goings are one thing, which a person has taken on or not; only a graver one is news.
  const isHeld = alert.condition === 'flapping' && severityRank(severity) >= severityRank(alert.severity);
  return isHeld ? settleHuman(next) : { ...unacknowledge(next), episodeSinceMs: atMs, escalation: escalation ?? next.escalation };
}

/** An alert that comes back for weeks does not grow without end. */
const MOST_ACKNOWLEDGED = 100;

/** Another person's, a renewed or a second acknowledgement of an episode says nothing about how long it took to see it. */
function acknowledgedFirst({ firstAcknowledged, episodeSinceMs: sinceMs }: Alert, atMs: number): Alert['firstAcknowledged'] {
  if (firstAcknowledged.at(-1)?.sinceMs === sinceMs) return firstAcknowledged;
  return [...firstAcknowledged, { sinceMs, atMs }].slice(-MOST_ACKNOWLEDGED);
}

/** A rise is news that nobody has seen yet; a fall is not. */
function withSeverity(alert: Alert, severity: Severity, escalation?: Escalation): Alert {
  const isRise = severityRank(severity) < severityRank(alert.severity);
  const next = { ...alert, severity, severityMax: gravest(alert.severityMax, severity) };
  return isRise ? { ...unacknowledge(next), escalation: escalation ?? next.escalation } : settleHuman(next);
}

/** Who acknowledged before stays in the history; the alert shows only what holds now. */
function unacknowledge(alert: Alert): Alert {
  if (alert.human === 'closed' || alert.human === 'unacknowledged') return alert;
  return { ...alert, human: 'unacknowledged', acknowledgedBy: null, acknowledgedAtMs: null, ackExpiresAtMs: null };
}

/** What was taken on is `toClose` once it is over, `working` while a run is linked to it. */
function settleHuman(alert: Alert): Alert {
  if (alert.human === 'closed' || alert.human === 'unacknowledged') return alert;
  return { ...alert, human: alert.condition === 'cleared' ? 'toClose' : alert.runIds.length > 0 ? 'working' : 'acknowledged' };
}

function stopped(escalation: Escalation | null): Escalation | null {
  return escalation === null ? null : { ...escalation, nextFireAtMs: null };
}

function withNote(alert: Alert, payload: { atMs: number; note: string }, recorded: Recorded): Alert {
  return { ...alert, notes: [...alert.notes, { atMs: payload.atMs, by: recorded.actor, text: payload.note }] };
}
