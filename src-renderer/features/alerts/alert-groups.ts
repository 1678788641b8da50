/** One line per cause: alerts of one rule, or that follow from one other alert, gathered when they are many or when a person wants it. */
import type { Alert, Severity } from '#shared/desk/alerts/alert';
import { severityRank } from '#shared/desk/alerts/evolve';

export type ListRow =
  | { type: 'alert'; key: string; alert: Alert; depth: 0 | 1 }
  | { type: 'group'; key: string; cause: Alert; alerts: Alert[]; worst: Severity; unacknowledged: number; isExpanded: boolean };

type Options = {
  isGrouped: boolean;
  /** From so many of one cause on they are gathered even when nobody asked: a storm. */
  stormFrom: number;
  /** Alerts that another inhibits, and which. */
  inhibitedBy: ReadonlyMap<string, string>;
  expanded: ReadonlySet<string>;
};

/** Keeps the order of `alerts`; a group stands where its first alert stood. */
export function groupAlerts(alerts: readonly Alert[], options: Options): ListRow[] {
  const { isGrouped, stormFrom, inhibitedBy, expanded } = options;
  const byCause = new Map<string, Alert[]>();
  for (const alert of alerts) {
    const key = causeOf(alert, inhibitedBy);
    const known = byCause.get(key);
    if (known === undefined) byCause.set(key, [alert]);
    else known.push(alert);
  }
  const rows: ListRow[] = [];
  const placed = new Set<Alert[]>();
  for (const alert of alerts) {
    const key = causeOf(alert, inhibitedBy);
    const ofCause = byCause.get(key) ?? [alert];
    if (ofCause.length === 1 || !(isGrouped || ofCause.length >= stormFrom)) {
      rows.push({ type: 'alert', key: alert.alertId, alert, depth: 0 });
      continue;
    }
    if (placed.has(ofCause)) continue;
    placed.add(ofCause);
    rows.push(groupRow(key, ofCause, expanded.has(key)));
    if (expanded.has(key)) rows.push(...ofCause.map((each) => ({ type: 'alert' as const, key: each.alertId, alert: each, depth: 1 as const })));
  }
  return rows;
}

/** A changed alert is another object, so what one says is wrong is put together once, however many others change. */
const RULE_CAUSES = new WeakMap<Alert, string>();

/** The alert it follows from; otherwise what its rule says is wrong, per severity level, so that a margin call is not hidden among reminders. */
function causeOf(alert: Alert, inhibitedBy: ReadonlyMap<string, string>): string {
  const cause = inhibitedBy.get(alert.alertId);
  return cause === undefined ? ruleCauseOf(alert) : `cause ${cause}`;
}

function ruleCauseOf(alert: Alert): string {
  const known = RULE_CAUSES.get(alert);
  if (known !== undefined) return known;
  const cause = `${alert.mode} ${alert.ruleId} ${String(alert.reason.params.level ?? alert.severity)}`;
  RULE_CAUSES.set(alert, cause);
  return cause;
}

function groupRow(key: string, alerts: Alert[], isExpanded: boolean): ListRow {
  const [first] = alerts as [Alert, ...Alert[]];
  const cause = alerts.reduce((worst, alert) => (severityRank(alert.severity) < severityRank(worst.severity) ? alert : worst), first);
  const unacknowledged = alerts.filter(({ human }) => human === 'unacknowledged').length;
  return { type: 'group', key, cause, alerts, worst: cause.severity, unacknowledged, isExpanded };
}
