/** Sees faults that clients may feel and that last, and has a suspected incident opened for each, once: the licence first, so nothing before the firm has said what it is. */
import type { IncidentDesk } from '#engine/desk/incidents/incident-desk';
import type { ProjectionTables } from '#engine/store/projection-tables';
import type { Alert } from '#shared/desk/alerts/alert';
import type { SuspicionRule } from '#shared/desk/reporting/rule-pack';

/** Alerts read in one tick: a storm is read over several. */
const READ_AT_ONCE = 500;

export type SuspicionParts = {
  desk: Pick<IncidentDesk, 'firm' | 'hasIncidentOf' | 'suspect'>;
  rules: readonly SuspicionRule[];
  alerts: Pick<ProjectionTables['alerts'], 'open' | 'after'>;
  mode: Alert['mode'];
  /** The language of what is written for people to read on. */
  language: () => 'zh-CN' | 'en';
};

export class Suspicions {
  readonly #parts: SuspicionParts;
  /** Faults that go on, by alert. */
  readonly #lasting = new Map<string, Alert>();
  #readUntil: number;

  constructor(parts: SuspicionParts) {
    this.#parts = parts;
    const open = parts.alerts.open();
    this.#take(open);
    this.#readUntil = Math.max(0, ...open.map(({ sequence }) => sequence));
  }

  /** Called about once a second. */
  tick(nowMs: number): void {
    const { desk, alerts } = this.#parts;
    const changed = alerts.after(this.#readUntil, READ_AT_ONCE);
    this.#take(changed);
    this.#readUntil = Math.max(this.#readUntil, ...changed.map(({ sequence }) => sequence));
    if (this.#lasting.size === 0 || desk.firm().licences.length === 0) return;
    for (const alert of this.#lasting.values()) {
      const rule = this.#ruleOf(alert, nowMs);
      if (rule === undefined || nowMs - alert.raisedAtMs < rule.afterSeconds * 1000) continue;
      this.#lasting.delete(alert.alertId);
      if (desk.hasIncidentOf(alert.alertId)) continue;
      const words = this.#parts.language() === 'zh-CN' ? rule.title.zh : rule.title.en;
      const title = words.replace('{{what}}', alert.entity.slice(alert.entity.indexOf(':') + 1));
      desk.suspect({ title, eventKind: rule.eventKind, alertId: alert.alertId, detectedAtMs: alert.raisedAtMs });
    }
  }

  #take(alerts: readonly Alert[]): void {
    for (const alert of alerts) {
      const isLasting = alert.mode === this.#parts.mode && alert.condition === 'active' && this.#ruleOf(alert, alert.raisedAtMs) !== undefined;
      if (isLasting) this.#lasting.set(alert.alertId, alert);
      else this.#lasting.delete(alert.alertId);
    }
  }

  #ruleOf({ kind, severity }: Alert, atMs: number): SuspicionRule | undefined {
    const day = new Date(atMs).toISOString().slice(0, 10);
    return this.#parts.rules.find((rule) => rule.alertKind === kind && rule.severity === severity && rule.effectiveFrom <= day);
  }
}
