/** Puts a notice into words for people who are not at the desk: what, how grave, why they are told, by how much, and where the threshold comes from. */
import type { OutgoingMessage } from '#engine/desk/delivery/adapter';
import type { Alert } from '#shared/desk/alerts/alert';
import type { Channel } from '#shared/desk/delivery/channel';
import type { Notice } from '#shared/desk/delivery/notice';
import en from '../../../../resources/delivery-text/en/delivery.json' with { type: 'json' };
import zh from '../../../../resources/delivery-text/zh-CN/delivery.json' with { type: 'json' };
// What an alert is called is one set of words, which the shell's notifications use too.
import shellEn from '../../../../resources/shell-text/en/shell.json' with { type: 'json' };
import shellZh from '../../../../resources/shell-text/zh-CN/shell.json' with { type: 'json' };

const TEXTS = { en, 'zh-CN': zh };
const NAMES = { en: shellEn.notification, 'zh-CN': shellZh.notification };
const MONEY = new Set(['balance', 'marginCall', 'available', 'residual', 'currMargin', 'positionProfit']);
const LENGTH_OF_SECOND_MS = 1000;

export function messageOf(
  notice: Notice,
  deliveryId: string,
  alerts: readonly Alert[],
  language: Channel['language'],
  context: { zone: string; isDemonstration: boolean; nowMs: number },
): OutgoingMessage {
  const texts = TEXTS[language];
  const what = kindText(notice, language);
  const marks = [notice.mode === 'drill' ? texts.drill : null, context.isDemonstration ? texts.demonstration : null].filter((mark) => mark !== null);
  const isMany = notice.alertCount > 1;
  const severity = texts.severity[notice.severity];
  const line = isMany
    ? fill(texts.subjectOfMany, { severity, what, count: notice.alertCount })
    : fill(texts.subject, { severity, what, entity: nameOf(notice.entity) });
  const subject = [...marks.map((mark) => `[${mark}]`), line].join(' ');
  const clock = new Intl.DateTimeFormat(language, { dateStyle: 'short', timeStyle: 'medium', timeZone: context.zone });
  const timeOf = (atMs: number): string => `${clock.format(atMs)} (${context.zone})`;
  const late = notice.lateByMs === null ? [] : [fill(texts.late, { length: `${Math.round(notice.lateByMs / LENGTH_OF_SECOND_MS)} s` })];
  const lines = [
    [subject, ...late].join(' · '),
    `${texts.reasonLabel}: ${texts.reason[notice.reason]} (${texts.role}: ${texts.roleName[notice.role]})`,
    '',
    ...alerts.flatMap((alert) => linesOf(alert, language, timeOf)),
    ...(notice.alertCount > alerts.length ? [fill(texts.more, { count: notice.alertCount - alerts.length })] : []),
    '',
    fill(texts.sentBy, { time: timeOf(context.nowMs) }),
  ];
  return { deliveryId, subject, text: lines.join('\n'), body: bodyOf(notice, alerts, deliveryId, context.isDemonstration) };
}

export function testMessage(deliveryId: string, language: Channel['language']): OutgoingMessage {
  const texts = TEXTS[language];
  return { deliveryId, subject: texts.test, text: texts.testText, body: { schema: 'floorwatch-notice/1', deliveryId, reason: 'test' } };
}

/** A figure as it may leave the desk: money never without its currency, and what is not known says so. */
export function figureText(metric: string, value: number | null, currencyID: unknown, language: Channel['language']): string {
  const texts = TEXTS[language];
  if (value === null || Number.isNaN(value)) return texts.unknown;
  if (metric.endsWith('Degree') || metric.endsWith('Share'))
    return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 2 }).format(value);
  if (metric.endsWith('Ms')) return `${Math.round(value / LENGTH_OF_SECOND_MS)} s`;
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(value);
  if (!MONEY.has(metric)) return number;
  return `${number} ${typeof currencyID === 'string' && currencyID !== '' ? currencyID : `(${texts.unknown})`}`;
}

function linesOf(alert: Alert, language: Channel['language'], timeOf: (atMs: number) => string): string[] {
  const texts = TEXTS[language];
  const { metric, value, enterThreshold, params } = alert.reason;
  const citation = (language === 'zh-CN' ? alert.reason.thresholdCitationZh : undefined) ?? alert.reason.thresholdCitation;
  const figure = (shown: number | null): string => figureText(metric, shown, params.currencyID, language);
  return [
    `${texts.entity}: ${nameOf(alert.entity)}`,
    `${texts.raised}: ${timeOf(alert.raisedAtMs)}`,
    `${texts.value}: ${metric} ${figure(value)} · ${texts.threshold}: ${figure(enterThreshold)}`,
    `${texts.source}: ${citation} (${alert.reason.thresholdCertainty})`,
    '',
  ];
}

function bodyOf(notice: Notice, alerts: readonly Alert[], deliveryId: string, isDemonstration: boolean): Record<string, unknown> {
  const { noticeId, reason, severity, kind, ruleId, role, mode, alertCount, lateByMs, atMs } = notice;
  return {
    schema: 'floorwatch-notice/1',
    deliveryId,
    noticeId,
    atMs,
    mode,
    demonstration: isDemonstration,
    reason,
    severity,
    kind,
    ruleId,
    role,
    lateByMs,
    alertCount,
    alerts: alerts.map((alert) => ({
      alertId: alert.alertId,
      entity: alert.entity,
      severity: alert.severity,
      condition: alert.condition,
      human: alert.human,
      raisedAtMs: alert.raisedAtMs,
      episode: alert.episode,
      metric: alert.reason.metric,
      value: alert.reason.value,
      threshold: alert.reason.enterThreshold,
      currencyID: alert.reason.params.currencyID ?? null,
    })),
  };
}

function kindText(notice: Notice, language: Channel['language']): string {
  const kinds: Record<string, string | undefined> = NAMES[language].kind;
  const levels: Record<string, string | undefined> = NAMES[language].level;
  const code = typeof notice.params.level === 'string' ? notice.params.level : '';
  return fill(kinds[notice.kind] ?? notice.kind, { level: levels[code] ?? code });
}

function nameOf(entity: string): string {
  return entity.slice(entity.indexOf(':') + 1);
}

function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => String(values[name] ?? whole));
}
