/** Tells the shell what it needs for its tray, its notifications and its menus, from what the journal has just recorded. */
import type { Desk } from '#engine/desk/desk';
import type { StoredEntry } from '#engine/journal/journal';
import type { EngineReport } from '#shared/contract/shell';
import type { Severity } from '#shared/desk/alerts/alert';
import { severityRank } from '#shared/desk/alerts/evolve';
import type { Notice } from '#shared/desk/delivery/notice';

export class Reporter {
  private readonly desk: Desk;
  private readonly report: (report: EngineReport) => void;
  private isAttentionStale = false;

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
    if (entries.some((entry) => entry.type.startsWith('alert.'))) this.isAttentionStale = true;
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

  /** A notice the desk has recorded: the shell shows, sounds and flashes what the settings of delivery allow. */
  onNotice(notice: Notice): void {
    const { desktop, flash } = this.desk.delivery.settings();
    const { noticeId, severity, kind, entity, params, reason, alertCount, lateByMs, mode } = notice;
    const alertId = notice.alertIds[0];
    if (alertId === undefined) return;
    const allows = (limit: { isOn: boolean; minSeverity: Severity }): boolean =>
      limit.isOn && severityRank(severity) <= severityRank(limit.minSeverity);
    const isShown = allows(desktop) && reason !== 'allClear' && reason !== 'partialClear';
    this.report({
      type: 'notify',
      noticeId,
      alertId,
      severity,
      kind,
      entity,
      params,
      reason,
      alertCount,
      lateByMs,
      mode,
      isShown,
      flashes: allows(flash),
    });
  }

  /** In a storm the count changes hundreds of times a second: the tray shows the newest, four times a second. */
  tick(): void {
    if (!this.isAttentionStale) return;
    this.isAttentionStale = false;
    this.tellAttention();
  }
}
