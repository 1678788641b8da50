/** Which changes of an alert somebody must be told of, and under which heading they are gathered. */
import type { Alert, Severity } from '#shared/desk/alerts/alert';
import type { AlertEventBody } from '#shared/desk/alerts/events';
import { severityRank } from '#shared/desk/alerts/evolve';
import type { EscalationRole } from '#shared/desk/alerts/policy';
import type { NoticeReason } from '#shared/desk/delivery/notice';

export type News = { reason: NoticeReason; role: EscalationRole; lateByMs: number | null };

/** `alert` is how it stands after the event. While a condition flaps its comings and goings are told as one; getting graver is told all the same. */
export function newsOf(event: AlertEventBody, alert: Alert): News[] {
  const desk = (reason: NoticeReason): News[] => [{ reason, role: 'desk', lateByMs: null }];
  switch (event.type) {
    case 'alert.raised':
      return desk('first');
    case 'alert.reraised':
      if (alert.condition === 'flapping') return isGraver(event.payload.before, event.payload.severity) ? desk('severityUp') : [];
      return alert.human === 'unacknowledged' ? desk('cameBack') : [];
    case 'alert.severityChanged': {
      const { before, after } = event.payload;
      const difference = severityRank(after) - severityRank(before);
      return difference < 0 ? desk('severityUp') : difference === 0 ? desk('worseValue') : [];
    }
    case 'alert.widened':
      return desk('worseValue');
    case 'alert.dataLost':
      return alert.human === 'unacknowledged' && alert.condition !== 'flapping' ? desk('dataLost') : [];
    case 'alert.flappingBegan':
      return alert.human === 'unacknowledged' ? desk('flapping') : [];
    case 'alert.cleared':
      return alert.condition === 'flapping' || alert.isLatched ? [] : desk('allClear');
    case 'alert.ackExpired':
      return desk('ackExpired');
    case 'alert.escalated':
      return event.payload.steps.map(({ role }) => ({ reason: 'escalated' as const, role, lateByMs: event.payload.lateByMs }));
    case 'alert.handedOver':
      return desk('handedOver');
    default:
      return [];
  }
}

function isGraver(before: Severity | undefined, after: Severity): boolean {
  return before !== undefined && severityRank(after) < severityRank(before);
}

/** Notices of one group are told together: same mode, rule, severity, who is told, and whether it is about a beginning or an end. */
export function groupKeyOf(alert: Pick<Alert, 'mode' | 'ruleId'>, severity: Severity, news: Pick<News, 'reason' | 'role'>): string {
  const about =
    news.reason === 'allClear' || news.reason === 'partialClear'
      ? 'end'
      : news.reason === 'escalated'
        ? 'escalation'
        : news.reason === 'handedOver'
          ? 'handOver'
          : 'news';
  return [alert.mode, alert.ruleId, severity, news.role, about].join('|');
}
