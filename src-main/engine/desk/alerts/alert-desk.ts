/** Turns conditions from the watch and commands from people into journal entries about alerts, and reads alerts back. */
import { bundledAlertPolicy } from '#engine/desk/alerts/alert-policy';
import type { Recorder } from '#engine/desk/record';
import type { SecondPerson } from '#engine/desk/second-person';
import type { StoredEntry } from '#engine/journal/journal';
import type { AlertTable } from '#engine/store/alert-table';
import { sha256 } from '#engine/store/hash';
import { StoreError } from '#engine/store/store-error';
import type { Condition, ConditionSink, OpenCondition } from '#engine/watch/condition';
import type { AlertTotals } from '#shared/contract/alerts';
import type { RequestAnswer, RequestPayload } from '#shared/contract/requests';
import type { Alert, AlertReason, Severity } from '#shared/desk/alerts/alert';
import { decideClock, escalateAtOnce } from '#shared/desk/alerts/clock';
import { type AlertCommand, closingNeeds, decideAlert, decideSignal } from '#shared/desk/alerts/decide';
import type { AlertEvent } from '#shared/desk/alerts/events';
import { evolveAlert, severityRank } from '#shared/desk/alerts/evolve';
import type { AlertPolicy } from '#shared/desk/alerts/policy';
import { alertStatistics } from '#shared/desk/alerts/statistics';
import { type DecisionContext, isRefusal } from '#shared/desk/decision';
import { canonicalJson } from '#shared/journal/canonical';
import type { Mode } from '#shared/journal/entry';
import { accept, type Outcome, refuse } from '#shared/refusal';

/** One firm uses one desk; the name is part of every key, so that records of several desks can be put side by side. */
const TENANT = 'desk';
/** Stands for a dimension that the rule names and the condition lacks: such alerts stay apart from each other's rule, entity and mode, and show. */
const MISSING_DIMENSION = '∅';

/** First 128 bits of SHA-256 over canonical `[tenant, ruleId, entity, [[dimension, value], …sorted], mode]`: a drill's key is never a live one's. */
export function dedupKeyOf(condition: Pick<Condition, 'ruleId' | 'entity' | 'dimensions'>, mode: Mode): string {
  return sha256(canonicalJson([TENANT, condition.ruleId, condition.entity, sortedDimensions(condition), mode])).slice(0, 32);
}

/** The key of alerts that were raised before the tenant became part of it; those still open must be found by it. */
function formerKeyOf(condition: Pick<Condition, 'ruleId' | 'entity' | 'dimensions'>, mode: Mode): string {
  return sha256(canonicalJson([condition.ruleId, condition.entity, sortedDimensions(condition), mode])).slice(0, 32);
}

function sortedDimensions({ dimensions }: Pick<Condition, 'dimensions'>): [string, string][] {
  return Object.entries(dimensions)
    .map(([name, value]): [string, string] => [name, value === '' ? MISSING_DIMENSION : value])
    .sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
}

/** Conditions that may wait for a disk that can be written again; beyond this only the first and the newest of each are kept. */
const PENDING_LIMIT = 10_000;
/** What waits is written in parts of this size, so many at a call. */
const PART_SIZE = 100;
const PARTS_AT_ONCE = 10;

/** How many closed alerts the list goes back to; older ones are in the journal. */
const CLOSED_IN_SNAPSHOT = 200;

/** Statistics are counted over so many of the newest alerts at most: reading all of a long record would hold up the market. */
const COUNTED_AT_MOST = 5000;

export class AlertDesk implements ConditionSink {
  readonly #recorder: Recorder;
  readonly #alerts: AlertTable;
  readonly #plansFor: (kind: string) => readonly string[];
  readonly #secondPerson: SecondPerson;
  readonly policy: AlertPolicy;
  /** Set by the composition root. Money in an alert is worth nothing without it. */
  currencyOf: (accountID: string) => string | null = () => null;
  /** Alerts closed by people while their condition was on, by key: they end quietly, and nothing raises them anew meanwhile. */
  readonly #closedWhileOn = new Map<string, string>();
  readonly #hasFormerKeys: boolean;
  /** Conditions the journal could not take (disk full), oldest first: written before anything newer. */
  #pending: readonly Condition[] = [];
  #pendingLimit = PENDING_LIMIT;

  constructor(recorder: Recorder, plansFor: (kind: string) => readonly string[], secondPerson: SecondPerson, policy = bundledAlertPolicy) {
    this.#recorder = recorder;
    this.#alerts = recorder.journal.tables.alerts;
    this.#plansFor = plansFor;
    this.#secondPerson = secondPerson;
    this.policy = policy;
    for (const { dedupKey, alertId } of this.#alerts.closedWhileOn()) this.#closedWhileOn.set(dedupKey, alertId);
    this.#hasFormerKeys = this.#alerts.open().some((alert) => dedupKeyOf(alert, alert.mode) !== alert.dedupKey);
  }

  /**
   * Records everything one evaluation found, in one transaction. When the journal cannot be written, nothing is lost: the conditions wait,
   * newer ones behind them, and `onConditions([])` tries again; `pendingConditionCount` says how many. A full disk stays full for a while:
   * deciding all that waits anew with every message would take the time that the market needs.
   */
  onConditions(conditions: readonly Condition[]): void {
    if (this.#pending.length === 0) {
      if (conditions.length > 0 && !this.#isRecorded(conditions)) this.#keepWaiting(conditions);
    } else if (conditions.length > 0) this.#keepWaiting([...this.#pending, ...conditions]);
    else this.#tryAgain();
  }

  /** Oldest first, in parts: one that fails costs little, and what was written stays written. */
  #tryAgain(): void {
    for (let part = 0; part < PARTS_AT_ONCE && this.#pending.length > 0; part++) {
      if (!this.#isRecorded(this.#pending.slice(0, PART_SIZE))) return;
      this.#pending = this.#pending.slice(PART_SIZE);
    }
  }

  #isRecorded(conditions: readonly Condition[]): boolean {
    try {
      this.#recorder.append(this.#decideAll(conditions), 'watch');
      return true;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      return false;
    }
  }

  #keepWaiting(waiting: readonly Condition[]): void {
    this.#pending = waiting.length > this.#pendingLimit ? firstAndNewest(waiting, this.#recorder.mode) : waiting;
    // What remains are different conditions: to look for repetitions in them again pays only when as many have come again.
    this.#pendingLimit = Math.max(PENDING_LIMIT, this.#pending.length * 2);
  }

  get pendingConditionCount(): number {
    return this.#pending.length;
  }

  /** What is still on in this mode: the watch is restored from it, so that a restart raises nothing twice. */
  openConditions(): OpenCondition[] {
    return [...this.#alerts.open(), ...this.#alerts.closedWhileOn()].flatMap((alert) => {
      if (alert.reading === 'off' || alert.mode !== this.#recorder.mode) return [];
      const { ruleId, kind, entity, dimensions, severity, reason, reading, flap, raisedAtMs } = alert;
      // Its last coming or going is what the flap counts from.
      const sinceMs = flap?.calmSinceMs ?? raisedAtMs;
      return [{ ruleId, kind, entity, dimensions, severity, reason, sinceMs, state: reading === 'on' ? 'active' : 'unknown' }];
    });
  }

  /** Open alerts in the order of their last entry. In a storm these are many: for the start, not for every message. */
  openAlerts(): Alert[] {
    return this.#alerts.open();
  }

  alert(alertId: string): Alert | null {
    return this.#alerts.get(alertId);
  }

  /** Journal sequence of the newest change to any alert. */
  alertSequence(): number {
    return this.#alerts.newestSequence();
  }

  /** What a page that begins anew must know: the worst open alerts, as many as the policy says, and the last closed ones. `totals` has the rest. */
  alertSnapshot(): Alert[] {
    return this.#alerts.snapshot(this.policy.grouping.snapshotAtMost, CLOSED_IN_SNAPSHOT);
  }

  /** The alert lane: alerts whose last entry came after `sequence`, in that order, closed ones too. */
  alertsAfter(sequence: number, limit: number): Alert[] {
    return this.#alerts.after(sequence, limit);
  }

  totals(): AlertTotals {
    return this.#alerts.totals();
  }

  unacknowledgedBySeverity(): Record<Severity, number> {
    return this.#alerts.totals().unacknowledged;
  }

  get(payload: RequestPayload<'alert.get'>): Outcome<RequestAnswer<'alert.get'>> {
    const alert = this.#alerts.get(payload.alertId);
    if (alert === null) return this.#unknown('alert.get', payload.alertId);
    return accept({ alert, history: this.#recorder.journal.entriesOf(`alert:${alert.alertId}`).map(historyEntry) });
  }

  /** All or none: a note that stands for several alerts is recorded for all of them in one transaction. */
  acknowledge(payload: RequestPayload<'alert.acknowledge'>): Outcome<RequestAnswer<'alert.acknowledge'>> {
    const alertIds = [...new Set(payload.alertIds)];
    const events: AlertEvent[] = [];
    for (const alertId of alertIds) {
      const alert = this.#alerts.get(alertId);
      if (alert === null) return this.#unknown('alert.acknowledge', alertId);
      const decision = decideAlert(alert, { type: 'acknowledge', note: payload.note }, this.#recorder.context(), this.policy);
      if (isRefusal(decision)) return this.#recorder.refused('alert.acknowledge', decision);
      events.push(...decision);
    }
    const recorded = this.#recorder.record('alert.acknowledge', events);
    return recorded.ok ? accept({ alerts: alertIds.flatMap((alertId) => this.#alerts.get(alertId) ?? []) }) : recorded;
  }

  note(payload: RequestPayload<'alert.note'>): Outcome<Alert> {
    return this.#command('alert.note', payload.alertId, { type: 'note', note: payload.note });
  }

  handOver(payload: RequestPayload<'alert.handOver'>): Outcome<Alert> {
    return this.#command('alert.handOver', payload.alertId, { type: 'handOver', to: payload.to, note: payload.note });
  }

  /** A person wants the next step of the ladder now. */
  escalate(payload: RequestPayload<'alert.escalate'>): Outcome<Alert> {
    const alert = this.#alerts.get(payload.alertId);
    if (alert === null) return this.#unknown('alert.escalate', payload.alertId);
    const events = escalateAtOnce(alert, this.#recorder.context().nowMs, this.policy, 'byPerson', payload.note);
    const decision = events.length > 0 ? events : refuse('CONFLICT', 'there is no further step: it is taken on, over, or everybody has been told');
    const recorded = this.#recorder.record('alert.escalate', decision);
    return recorded.ok ? accept(this.#alerts.get(payload.alertId) ?? alert) : recorded;
  }

  /** The second person's confirmation is used up only once closing is possible otherwise: a refusal must not cost them their agreement. */
  close(payload: RequestPayload<'alert.close'>): Outcome<Alert> {
    const { confirmationId, ...asked } = payload;
    const alert = this.#alerts.get(payload.alertId);
    if (alert === null) return this.#unknown('alert.close', payload.alertId);
    const needs = closingNeeds(alert, payload.disposition);
    const command = { type: 'close' as const, disposition: payload.disposition, note: payload.note };
    if (needs.obstacle !== null || !needs.secondPerson || confirmationId === undefined) return this.#command('alert.close', payload.alertId, command);
    const confirmed = this.#secondPerson.take(confirmationId, { request: 'alert.close', payload: asked });
    if (!confirmed.ok) return this.#recorder.refused('alert.close', confirmed);
    return this.#command('alert.close', payload.alertId, { ...command, confirmedBy: confirmed.value });
  }

  /** Beyond what the lane carries: worst first, a page at a time. Closed ones are the newest. */
  list({ openOnly, offset, limit }: RequestPayload<'alert.list'>): Outcome<RequestAnswer<'alert.list'>> {
    const alerts = openOnly ? this.#alerts.worst(limit, offset) : this.#alerts.newest(limit, offset);
    return accept({ alerts, totals: this.totals() });
  }

  statistics({ sinceMs }: RequestPayload<'alert.statistics'>): Outcome<RequestAnswer<'alert.statistics'>> {
    const alerts = this.#alerts.newest(COUNTED_AT_MOST, 0);
    return accept(alertStatistics(alerts, sinceMs, this.#recorder.context().nowMs, alerts.length === COUNTED_AT_MOST));
  }

  /** What time has brought about for these alerts, each decided from how it stands now. Throws a StoreError when it cannot be written. */
  onClock(alertIds: Iterable<string>, nowMs: number): void {
    const events: AlertEvent[] = [];
    for (const alertId of alertIds) {
      const alert = this.#alerts.get(alertId);
      if (alert !== null && alert.mode === this.#recorder.mode) events.push(...decideClock(alert, nowMs, this.policy));
    }
    if (events.length > 0) this.#recorder.append(events, 'engine');
  }

  /** Nobody could be told of these: their next step fires now. */
  escalateAtOnce(alertIds: readonly string[], nowMs: number): void {
    const events = alertIds.flatMap((alertId) => {
      const alert = this.#alerts.get(alertId);
      return alert === null ? [] : escalateAtOnce(alert, nowMs, this.policy);
    });
    if (events.length > 0) this.#recorder.append(events, 'engine');
  }

  #command(request: string, alertId: string, command: AlertCommand): Outcome<Alert> {
    const alert = this.#alerts.get(alertId);
    if (alert === null) return this.#unknown(request, alertId);
    const recorded = this.#recorder.record(request, decideAlert(alert, command, this.#recorder.context(), this.policy));
    this.#noteClosedWhileOn(alertId);
    return recorded.ok ? accept(this.#alerts.get(alertId) ?? alert) : recorded;
  }

  /** Conditions of one evaluation may concern the same alert: each is decided on what the ones before it will have made of it. */
  #decideAll(conditions: readonly Condition[]): AlertEvent[] {
    const context = this.#recorder.context('watch');
    const { mode } = this.#recorder;
    const ahead = new Map<string, Alert>();
    const events: AlertEvent[] = [];
    for (const condition of conditions) {
      const dedupKey = this.#keyOf(condition);
      let alert = ahead.get(dedupKey) ?? this.#alerts.openByKey(dedupKey);
      if (alert === null) {
        const answered = this.#answerForClosed(dedupKey, condition, context);
        if (answered !== null) {
          events.push(...answered);
          continue;
        }
      }
      const signal = {
        ...condition,
        reason: this.#withCurrency(condition),
        dedupKey,
        planIds: this.#plansFor(condition.kind),
        ...(alert === null ? this.#previousOf(dedupKey, condition.atMs) : {}),
      };
      for (const event of decideSignal(alert, signal, context, this.policy)) {
        events.push(event);
        alert = evolveAlert(alert, event, { actor: context.actor, mode, sequence: 0 });
      }
      if (alert !== null) ahead.set(dedupKey, alert);
    }
    return events;
  }

  #withCurrency({ entity, reason }: Condition): AlertReason {
    if (!entity.startsWith('account:') || reason.params.currencyID !== undefined) return reason;
    const currencyID = this.currencyOf(entity.slice('account:'.length));
    return currencyID === null ? reason : { ...reason, params: { ...reason.params, currencyID } };
  }

  #keyOf(condition: Condition): string {
    const { mode } = this.#recorder;
    const dedupKey = dedupKeyOf(condition, mode);
    if (!this.#hasFormerKeys) return dedupKey;
    const former = formerKeyOf(condition, mode);
    return this.#alerts.openByKey(former) === null ? dedupKey : former;
  }

  /** Closed while it was on: its end is recorded with it and concerns nobody; getting worse is a new alert, its repetition is nothing. Null: decide as usual. */
  #answerForClosed(dedupKey: string, condition: Condition, context: DecisionContext): AlertEvent[] | null {
    const alertId = this.#closedWhileOn.get(dedupKey);
    const closed = alertId === undefined ? null : this.#alerts.get(alertId);
    if (closed === null) return null;
    const isOver = condition.transition === 'cleared';
    const isGraver = condition.transition !== 'unknown' && severityRank(condition.severity) < severityRank(closed.severityMax);
    const isWorse = isGraver || condition.isFurther === true;
    if (!isOver && !isWorse) return [];
    this.#closedWhileOn.delete(dedupKey);
    if (!isOver) return null;
    return decideSignal(closed, { ...condition, dedupKey, planIds: [] }, context, this.policy);
  }

  #previousOf(dedupKey: string, atMs: number): { previousAlertId?: string } {
    const closed = this.#alerts.lastClosedByKey(dedupKey);
    if (closed === null || closed.closedAtMs === null || atMs - closed.closedAtMs > this.policy.reopening.withinMs) return {};
    return { previousAlertId: closed.alertId };
  }

  #noteClosedWhileOn(alertId: string): void {
    const alert = this.#alerts.get(alertId);
    if (alert !== null && alert.human === 'closed' && alert.reading !== 'off') this.#closedWhileOn.set(alert.dedupKey, alertId);
  }

  #unknown(request: string, alertId: string): Outcome<never> {
    return this.#recorder.refused(request, refuse('UNKNOWN', `there is no alert ${alertId}`, 'alertId'));
  }
}

/** What came and went while nothing could be written must still become an alert: its beginning and its newest state are enough for that. */
function firstAndNewest(conditions: readonly Condition[], mode: Mode): Condition[] {
  const byKey = new Map<string, Condition[]>();
  for (const condition of conditions) {
    const key = dedupKeyOf(condition, mode);
    const first = byKey.get(key)?.[0];
    byKey.set(key, first === undefined ? [condition] : [first, condition]);
  }
  return [...byKey.values()].flat();
}

function historyEntry(entry: StoredEntry): RequestAnswer<'alert.get'>['history'][number] {
  const { sequence, actor, type, entryHash } = entry;
  return { sequence, atMs: Date.parse(entry.wallTime), actor, type, payload: JSON.parse(entry.payload) as unknown, entryHash };
}
