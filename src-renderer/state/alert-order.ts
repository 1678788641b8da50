/** The order in which alerts are listed: what nobody has taken on comes first, worst first, newest first. */
import type { Alert, Severity } from '#shared/desk/alerts/alert';

const SEVERITY_ORDER: Record<Severity, number> = { critical: 0, high: 1, medium: 2, low: 3 };
const HUMAN_ORDER: Record<Alert['human'], number> = { unacknowledged: 0, acknowledged: 1, working: 1, toClose: 2, closed: 3 };

function compareAlerts(a: Alert, b: Alert): number {
  return (
    HUMAN_ORDER[a.human] - HUMAN_ORDER[b.human] ||
    SEVERITY_ORDER[a.severity] - SEVERITY_ORDER[b.severity] ||
    b.changedAtMs - a.changedAtMs ||
    (a.alertId < b.alertId ? -1 : 1)
  );
}

/** `ordered` with those of `news` in their places and no older state of them: a storm of thousands costs what is new in it, not what it has become. */
export function withNews(ordered: readonly Alert[], news: readonly Alert[]): Alert[] {
  const changed = new Set(news.map(({ alertId }) => alertId));
  const waiting = [...news].sort(compareAlerts);
  const merged: Alert[] = [];
  let next = 0;
  for (const alert of ordered) {
    if (changed.has(alert.alertId)) continue;
    for (let news = waiting[next]; news !== undefined && compareAlerts(news, alert) < 0; news = waiting[next]) {
      merged.push(news);
      next += 1;
    }
    merged.push(alert);
  }
  merged.push(...waiting.slice(next));
  return merged;
}
