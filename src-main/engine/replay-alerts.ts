/**
 * The alerts of a replay: folded by the same deciders as live ones, but in memory only. A recording must never put entries into the journal
 * of what really happened, and nobody can acknowledge the past.
 */
import { bundledAlertPolicy } from '#engine/desk/alerts/alert-policy';
import type { AlertSource } from '#engine/port/alert-lane';
import { sha256 } from '#engine/store/hash';
import type { Condition, ConditionSink } from '#engine/watch/condition';
import type { Alert } from '#shared/desk/alerts/alert';
import { decideSignal } from '#shared/desk/alerts/decide';
import { evolveAlert } from '#shared/desk/alerts/evolve';
import { canonicalJson } from '#shared/journal/canonical';

const ACTOR = 'replay';

export class RecordedAlerts implements ConditionSink, AlertSource {
  private readonly alerts = new Map<string, Alert>();
  private readonly openByKey = new Map<string, string>();
  private readonly onChanged: () => void;
  private sequence = 0;
  private nextNumber = 0;

  constructor(onChanged: () => void = () => undefined) {
    this.onChanged = onChanged;
  }

  onConditions(conditions: readonly Condition[]): void {
    for (const condition of conditions) this.take(condition);
    this.onChanged();
  }

  alertSequence(): number {
    return this.sequence;
  }

  alertSnapshot(): readonly Alert[] {
    return this.alertsAfter(0, Number.MAX_SAFE_INTEGER);
  }

  alertsAfter(sequence: number, limit: number): readonly Alert[] {
    return [...this.alerts.values()]
      .filter((alert) => alert.sequence > sequence)
      .sort((a, b) => a.sequence - b.sequence)
      .slice(0, limit);
  }

  private take(condition: Condition): void {
    const dedupKey = sha256(canonicalJson(['replay', condition.ruleId, condition.entity, condition.dimensions])).slice(0, 32);
    const openId = this.openByKey.get(dedupKey);
    const open = openId === undefined ? null : (this.alerts.get(openId) ?? null);
    const context = { nowMs: condition.atMs, newId: () => this.newId(), actor: ACTOR };
    const events = decideSignal(open, { ...condition, dedupKey, planIds: [] }, context, bundledAlertPolicy);
    for (const event of events) {
      this.sequence += 1;
      const before = this.alerts.get(event.payload.alertId) ?? null;
      const alert = evolveAlert(before, event, { actor: ACTOR, mode: 'live', sequence: this.sequence });
      if (alert === null) continue;
      this.alerts.set(alert.alertId, alert);
      this.openByKey.set(dedupKey, alert.alertId);
    }
  }

  /** Counted, not random: the same recording gives the same alerts, byte for byte. */
  private newId(): string {
    this.nextNumber += 1;
    return `00000000-0000-7000-8000-${this.nextNumber.toString(16).padStart(12, '0')}`;
  }
}
