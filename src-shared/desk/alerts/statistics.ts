/** What a set of alerts says about the rules that made them: which are loud, which are wrong, which nobody answers. */
import { z } from 'zod';
import type { Alert } from '#shared/desk/alerts/alert';

const ruleStatisticsSchema = z.object({
  ruleId: z.string(),
  kind: z.string(),
  alerts: z.number(),
  occurrences: z.number(),
  open: z.number(),
  unacknowledged: z.number(),
  /** From the beginning of each episode to its first acknowledgement, whether or not it still holds; null when none was acknowledged in the time. */
  medianAcknowledgeMs: z.number().nullable(),
  slowestAcknowledgeMs: z.number().nullable(),
  closed: z.number(),
  falsePositives: z.number(),
  /** Of the closed ones; null when none was closed. */
  falsePositiveShare: z.number().nullable(),
});
const namedSchema = z.object({
  alertId: z.uuid(),
  ruleId: z.string(),
  kind: z.string(),
  entity: z.string(),
  severity: z.string(),
  value: z.number(),
});

export const alertStatisticsSchema = z.object({
  sinceMs: z.number(),
  alertCount: z.number(),
  /** True when there were more alerts than are read at once: the newest are counted. */
  isCut: z.boolean(),
  rules: z.array(ruleStatisticsSchema),
  /** Came and went most often: occurrences. */
  chattering: z.array(namedSchema),
  /** On for longest and still open: milliseconds since raised. */
  stale: z.array(namedSchema),
});
export type AlertStatistics = z.infer<typeof alertStatisticsSchema>;

const TOP = 10;

export function alertStatistics(alerts: readonly Alert[], sinceMs: number, nowMs: number, isCut: boolean): AlertStatistics {
  const counted = alerts.filter((alert) => alert.mode === 'live' && (alert.changedAtMs >= sinceMs || alert.human !== 'closed'));
  const byRule = new Map<string, Alert[]>();
  for (const alert of counted) {
    const ofOneRule = byRule.get(alert.ruleId);
    if (ofOneRule === undefined) byRule.set(alert.ruleId, [alert]);
    else ofOneRule.push(alert);
  }
  const rules = [...byRule.values()]
    .map((ofOneRule) => ofRule(ofOneRule, sinceMs))
    .sort((a, b) => b.occurrences - a.occurrences || (a.ruleId < b.ruleId ? -1 : 1));
  const named = (alert: Alert, value: number) => ({
    alertId: alert.alertId,
    ruleId: alert.ruleId,
    kind: alert.kind,
    entity: alert.entity,
    severity: alert.severity,
    value,
  });
  const chattering = counted
    .filter((alert) => alert.occurrences > 1)
    .sort((a, b) => b.occurrences - a.occurrences || (a.alertId < b.alertId ? -1 : 1))
    .slice(0, TOP)
    .map((alert) => named(alert, alert.occurrences));
  const stale = counted
    .filter((alert) => alert.human !== 'closed')
    .sort((a, b) => a.raisedAtMs - b.raisedAtMs || (a.alertId < b.alertId ? -1 : 1))
    .slice(0, TOP)
    .map((alert) => named(alert, Math.max(0, nowMs - alert.raisedAtMs)));
  return { sinceMs, alertCount: counted.length, isCut, rules, chattering, stale };
}

function ofRule(alerts: readonly Alert[], sinceMs: number) {
  const first = alerts[0];
  const waits = alerts
    .flatMap(({ firstAcknowledged }) => firstAcknowledged.flatMap((one) => (one.atMs >= sinceMs ? [Math.max(0, one.atMs - one.sinceMs)] : [])))
    .sort((a, b) => a - b);
  const closed = alerts.filter((alert) => alert.human === 'closed');
  const falsePositives = closed.filter((alert) => alert.disposition === 'falsePositive').length;
  return {
    ruleId: first?.ruleId ?? '',
    kind: first?.kind ?? '',
    alerts: alerts.length,
    occurrences: alerts.reduce((sum, { occurrences }) => sum + occurrences, 0),
    open: alerts.length - closed.length,
    unacknowledged: alerts.filter(({ human }) => human === 'unacknowledged').length,
    medianAcknowledgeMs: waits[Math.floor((waits.length - 1) / 2)] ?? null,
    slowestAcknowledgeMs: waits.at(-1) ?? null,
    closed: closed.length,
    falsePositives,
    falsePositiveShare: closed.length === 0 ? null : falsePositives / closed.length,
  };
}
