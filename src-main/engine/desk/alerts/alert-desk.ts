/** Turns conditions from the watch and commands from people into journal entries about alerts, and reads alerts back. */
import type { Recorder } from '#engine/desk/record';
import type { StoredEntry } from '#engine/journal/journal';
import { sha256 } from '#engine/store/hash';
import type { AlertTable } from '#engine/store/projection-tables';
import { StoreError } from '#engine/store/store-error';
import type { Condition, ConditionSink, OpenCondition } from '#engine/watch/condition';
import type { RequestAnswer, RequestPayload } from '#shared/contract/requests';
import type { Alert, Severity } from '#shared/desk/alerts/alert';
import { type AlertCommand, decideAlert, decideSignal } from '#shared/desk/alerts/decide';
import type { AlertEvent } from '#shared/desk/alerts/events';
import { evolveAlert } from '#shared/desk/alerts/evolve';
import { isRefusal } from '#shared/desk/decision';
import { canonicalJson } from '#shared/journal/canonical';
import type { Mode } from '#shared/journal/entry';
import { accept, type Outcome, refuse } from '#shared/refusal';

/** First 128 bits of SHA-256 over canonical `[ruleId, entity, [[dimension, value], …sorted], mode]`: a drill's key is never a live one's. */
export function dedupKeyOf(condition: Pick<Condition, 'ruleId' | 'entity' | 'dimensions'>, mode: Mode): string {
  const dimensions = Object.entries(condition.dimensions).sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
  return sha256(canonicalJson([condition.ruleId, condition.entity, dimensions, mode])).slice(0, 32);
}

/** Conditions that may wait for a disk that can be written again; beyond this only the first and the newest of each are kept. */
const PENDING_LIMIT = 10_000;
/** What waits is written in parts of this size, so many at a call. */
const PART_SIZE = 100;
const PARTS_AT_ONCE = 10;

/** How many closed alerts the list goes back to; older ones are in the journal. */
const CLOSED_IN_SNAPSHOT = 200;

export class AlertDesk implements ConditionSink {
  readonly #recorder: Recorder;
  readonly #alerts: AlertTable;
  readonly #plansFor: (kind: string) => readonly string[];
  /** Conditions the journal could not take (disk full), oldest first: written before anything newer. */
  #pending: readonly Condition[] = [];
  #pendingLimit = PENDING_LIMIT;

  constructor(recorder: Recorder, plansFor: (kind: string) => readonly string[]) {
    this.#recorder = recorder;
    this.#alerts = recorder.journal.tables.alerts;
    this.#plansFor = plansFor;
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
    return this.#alerts.open().flatMap((alert) => {
      if (alert.condition === 'cleared' || alert.mode !== this.#recorder.mode) return [];
      const { ruleId, kind, entity, dimensions, severity, reason, condition } = alert;
      return [{ ruleId, kind, entity, dimensions, severity, reason, state: condition }];
    });
  }

  /** Open alerts in the order of their last entry. */
  openAlerts(): Alert[] {
    return this.#alerts.open();
  }

  /** Journal sequence of the newest change to any alert. */
  alertSequence(): number {
    return this.#alerts.newestSequence();
  }

  /** What a page that begins anew must know: open alerts and the last closed ones, in the order of their last entry. */
  alertSnapshot(): Alert[] {
    return this.#alerts.snapshot(CLOSED_IN_SNAPSHOT);
  }

  /** The alert lane: alerts whose last entry came after `sequence`, in that order, closed ones too. */
  alertsAfter(sequence: number, limit: number): Alert[] {
    return this.#alerts.after(sequence, limit);
  }

  unacknowledgedBySeverity(): Record<Severity, number> {
    return this.#alerts.unacknowledgedBySeverity();
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
      const decision = decideAlert(alert, { type: 'acknowledge', note: payload.note }, this.#recorder.context());
      if (isRefusal(decision)) return this.#recorder.refused('alert.acknowledge', decision);
      events.push(...decision);
    }
    const recorded = this.#recorder.record('alert.acknowledge', events);
    return recorded.ok ? accept({ alerts: alertIds.flatMap((alertId) => this.#alerts.get(alertId) ?? []) }) : recorded;
  }

  note(payload: RequestPayload<'alert.note'>): Outcome<Alert> {
    return this.#command('alert.note', payload.alertId, { type: 'note', note: payload.note });
  }

  close(payload: RequestPayload<'alert.close'>): Outcome<Alert> {
    return this.#command('alert.close', payload.alertId, { type: 'close', disposition: payload.disposition, note: payload.note });
  }

  #command(request: string, alertId: string, command: AlertCommand): Outcome<Alert> {
    const alert = this.#alerts.get(alertId);
    if (alert === null) return this.#unknown(request, alertId);
    const recorded = this.#recorder.record(request, decideAlert(alert, command, this.#recorder.context()));
    return recorded.ok ? accept(this.#alerts.get(alertId) ?? alert) : recorded;
  }

  /** Conditions of one evaluation may concern the same alert: each is decided on what the ones before it will have made of it. */
  #decideAll(conditions: readonly Condition[]): AlertEvent[] {
    const context = this.#recorder.context('watch');
    const { mode } = this.#recorder;
    const ahead = new Map<string, Alert>();
    const events: AlertEvent[] = [];
    for (const condition of conditions) {
      const dedupKey = dedupKeyOf(condition, mode);
      let alert = ahead.get(dedupKey) ?? this.#alerts.openByKey(dedupKey);
      const signal = { ...condition, dedupKey, planIds: this.#plansFor(condition.kind) };
      for (const event of decideSignal(alert, signal, context)) {
        events.push(event);
        alert = evolveAlert(alert, event, { actor: context.actor, mode, sequence: 0 });
      }
      if (alert !== null) ahead.set(dedupKey, alert);
    }
    return events;
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
