/** Sees faults that clients may feel and that last, and has a suspected incident opened for each, once: the licence first, so nothing before the firm has said what it is. */
import type { IncidentDesk } from '#engine/desk/incidents/incident-desk';
import type { ProjectionTables } from '#engine/store/projection-tables';
import type { Alert } from '#shared/desk/alerts/alert';
import type { SuspicionRule } from '#shared/desk/reporting/rule-pack';

/** Alerts read in one tick: a storm is read over several. */
const READ_AT_ONCE = 500;

export type SuspicionParts = {
  desk: Pick<IncidentDesk, 'firm' | 'hasIncidentOf' | 'unrecovered' | 'join' | 'suspect'>;
  rules: readonly SuspicionRule[];
  alerts: Pick<ProjectionTables['alerts'], 'open' | 'after' | 'get'>;
  mode: Alert['mode'];
  /** The language of what is written for people to read on. */
  language: () => 'zh-CN' | 'en';
};

export class Suspicions {
  readonly #parts: SuspicionParts;
  /** Faults that go on, by alert: since when they do, this time. */
  readonly #lasting = new Map<string, { alert: Alert; sinceMs: number }>();
  #readUntil: number;

  constructor(parts: SuspicionParts) {
    this.#parts = parts;
    const open = parts.alerts.open();
    this.#take(open);
    this.#readUntil = newest(open, 0);
  }

  /** Called about once a second. */
  tick(nowMs: number): void {
    const { desk, alerts } = this.#parts;
    const changed = alerts.after(this.#readUntil, READ_AT_ONCE);
    this.#take(changed);
    this.#readUntil = newest(changed, this.#readUntil);
    if (this.#lasting.size === 0 || desk.firm().licences.length === 0) return;
    for (const { alert, sinceMs } of this.#lasting.values()) {
      const rule = this.#ruleOf(alert, nowMs);
      if (rule === undefined || nowMs - sinceMs < rule.afterSeconds * 1000) continue;
      // What could not be written down is suspected still, and tried again.
      if (desk.hasIncidentOf(alert.alertId, sinceMs) || this.#suspect(rule, alert, sinceMs)) this.#lasting.delete(alert.alertId);
    }
  }

  /** One fault shows in many alerts: a source that is down, its quotes that stand still and its accounts that stay behind are one incident. */
  #suspect(rule: SuspicionRule, { alertId, entity }: Alert, detectedAtMs: number): boolean {
    const { desk, alerts, rules } = this.#parts;
    const kinds = new Set(rules.flatMap(({ fault, alertKind }) => (fault === rule.fault ? [alertKind] : [])));
    const open = desk.unrecovered().find(({ links }) => links.alertIds.some((id) => kinds.has(alerts.get(id)?.kind ?? '')));
    if (open !== undefined) return desk.join(open, alertId);
    const { title: words, eventKind } = rule;
    const title = (this.#parts.language() === 'zh-CN' ? words.zh : words.en).replace('{{what}}', () => entity.slice(entity.indexOf(':') + 1));
    return desk.suspect({ title, eventKind, alertId, detectedAtMs });
  }

  #take(alerts: readonly Alert[]): void {
    for (const alert of alerts) {
      const isLasting = alert.mode === this.#parts.mode && alert.condition === 'active' && this.#ruleOf(alert, alert.raisedAtMs) !== undefined;
      const known = this.#lasting.get(alert.alertId);
      const isSame = known !== undefined && known.alert.episode === alert.episode;
      if (isLasting) this.#lasting.set(alert.alertId, { alert, sinceMs: isSame ? known.sinceMs : sinceOf(alert) });
      else this.#lasting.delete(alert.alertId);
    }
  }

  #ruleOf({ kind, severity }: Alert, atMs: number): SuspicionRule | undefined {
    const day = new Date(atMs).toISOString().slice(0, 10);
    return this.#parts.rules.find((rule) => rule.alertKind === kind && rule.severity === severity && rule.effectiveFrom <= day);
  }
}

/** An alert that nobody has closed takes on the fault when it comes back: it has not lasted since the alert was raised. */
function sinceOf({ episode, raisedAtMs, changedAtMs }: Alert): number {
  return episode === 1 ? raisedAtMs : changedAtMs;
}

function newest(alerts: readonly Alert[], known: number): number {
  return alerts.reduce((most, { sequence }) => Math.max(most, sequence), known);
}
