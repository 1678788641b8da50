/** Tells the shell what it needs for its tray, its notifications and its menus, from what the journal has just recorded. */
import type { Desk } from '#engine/desk/desk';
import type { StoredEntry } from '#engine/journal/journal';
import type { EngineReport } from '#shared/contract/shell';
import { alertEventSchema } from '#shared/desk/alerts/events';
import { severityRank } from '#shared/desk/alerts/evolve';

export class Reporter {
  private readonly desk: Desk;
  private readonly report: (report: EngineReport) => void;

  constructor(desk: Desk, report: (report: EngineReport) => void) {
    this.desk = desk;
    this.report = report;
  }

  begin(engineId: string, startedAtMs: number): void {
    this.report({ type: 'ready', engineId, startedAtMs });
    this.tellPreferences();
    this.tellDemonstration();
    this.tellAttention();
  }

  onAppended(entries: readonly StoredEntry[]): void {
    if (entries.some((entry) => entry.type.startsWith('setting.'))) {
      this.tellPreferences();
      this.tellDemonstration();
    }
    if (!entries.some((entry) => entry.type.startsWith('alert.'))) return;
    this.tellAttention();
    for (const entry of entries) if (entry.type.startsWith('alert.')) this.tellNews(entry);
  }

  private tellPreferences(): void {
    const { language, theme } = this.desk.settings.get();
    this.report({ type: 'preferences', language, theme });
  }

  private tellDemonstration(): void {
    this.report({ type: 'demonstration', isNeeded: this.desk.settings.get().feeds.length === 0 });
  }

  private tellAttention(): void {
    this.report({ type: 'attention', unacknowledged: this.desk.alerts.unacknowledgedBySeverity() });
  }

  /** Only what begins, comes back or gets worse is news; the rest is in the list for whoever looks. */
  private tellNews(entry: StoredEntry): void {
    const event = alertEventSchema.parse({ type: entry.type, payload: JSON.parse(entry.payload) });
    const isWorse = event.type === 'alert.severityChanged' && severityRank(event.payload.after) <= severityRank(event.payload.before);
    if (event.type !== 'alert.raised' && event.type !== 'alert.reraised' && !isWorse) return;
    const found = this.desk.alerts.get({ alertId: event.payload.alertId });
    if (!found.ok) return;
    const { alertId, severity, kind, entity, reason } = found.value.alert;
    this.report({ type: 'notify', alertId, severity, kind, entity, params: reason.params });
  }
}
