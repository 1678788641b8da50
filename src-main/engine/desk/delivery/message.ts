/** Puts a notice into words for people who are not at the desk: what, how grave, why they are told, by how much, and where the threshold comes from. */
import type { OutgoingMessage } from '#engine/desk/delivery/adapter';
import type { Alert } from '#shared/desk/alerts/alert';
import type { Channel } from '#shared/desk/delivery/channel';
import type { Notice } from '#shared/desk/delivery/notice';
import { metricOf } from '#shared/desk/rules/metrics';
import en from '../../../../resources/delivery-text/en/delivery.json' with { type: 'json' };
import zh from '../../../../resources/delivery-text/zh-CN/delivery.json' with { type: 'json' };
// What an alert is called is one set of words, which the shell's notifications use too.
import shellEn from '../../../../resources/shell-text/en/shell.json' with { type: 'json' };
import shellZh from '../../../../resources/shell-text/zh-CN/shell.json' with { type: 'json' };

const TEXTS = { en, 'zh-CN': zh };
const NAMES = { en: shellEn.notification, 'zh-CN': shellZh.notification };
/** What an alert's reason may measure without being a figure that rules know: shares of patterns, and money that other parts of the desk count. */
const PATTERN_SHARES: ReadonlySet<string> = new Set(['priceDeviation', 'reversedShare', 'shareOfThreshold']);
const OTHER_MONEY: ReadonlySet<string> = new Set(['marginCall', 'residual']);
const share = (language: string) => new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 2 });
const plain = (language: string) => new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
const SHARES = { en: share('en'), 'zh-CN': share('zh-CN') };
const NUMBERS = { en: plain('en'), 'zh-CN': plain('zh-CN') };
const clocks = new Map<string, Intl.DateTimeFormat>();
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
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
  const clock = clockOf(language, context.zone);
  const timeOf = (atMs: number): string => `${clock.format(atMs)} (${context.zone})`;
  const late = notice.lateByMs === null ? [] : [fill(texts.late, { length: lengthText(notice.lateByMs, language) })];
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

function clockOf(language: Channel['language'], zone: string): Intl.DateTimeFormat {
  const key = `${language} ${zone}`;
  let clock = clocks.get(key);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat(language, { dateStyle: 'short', timeStyle: 'medium', timeZone: zone });
    clocks.set(key, clock);
  }
  return clock;
}

export function testMessage(deliveryId: string, language: Channel['language']): OutgoingMessage {
  const texts = TEXTS[language];
  return { deliveryId, subject: texts.test, text: texts.testText, body: { schema: 'floorwatch-notice/1', deliveryId, reason: 'test' } };
}

/** A figure as it may leave the desk: money never without its currency, and what is not known says so. */
export function figureText(metric: string, value: number | null, currencyID: unknown, language: Channel['language']): string {
  const texts = TEXTS[language];
  if (value === null || Number.isNaN(value)) return texts.unknown;
  const unit = metricOf(metric)?.unit ?? null;
  if (unit === 'share' || PATTERN_SHARES.has(metric))
    return Number.isFinite(value) ? SHARES[language].format(value) : NUMBERS[language].format(value);
  if (unit === 'ms' || metric.endsWith('Ms')) return lengthText(value, language);
  const number = NUMBERS[language].format(value);
  if (unit !== 'money' && !OTHER_MONEY.has(metric)) return number;
  return `${number} ${typeof currencyID === 'string' && currencyID !== '' ? currencyID : `(${texts.unknown})`}`;
}

/** A length as people say it: seconds up to two minutes, minutes up to two hours. */
function lengthText(lengthMs: number, language: Channel['language']): string {
  const { seconds, minutes, hours } = TEXTS[language].length;
  if (lengthMs < 2 * MINUTE_MS) return fill(seconds, { count: Math.round(lengthMs / LENGTH_OF_SECOND_MS) });
  if (lengthMs < 2 * HOUR_MS) return fill(minutes, { count: Math.round(lengthMs / MINUTE_MS) });
  return fill(hours, { count: Math.round((lengthMs / HOUR_MS) * 10) / 10 });
}

/** What is measured, in words; a figure that has none yet keeps its own name, which is better than nothing at all. */
function metricText(metric: string, language: Channel['language']): string {
  const words: Record<string, string | undefined> = TEXTS[language].metric;
  return words[metric] ?? metric;
}

/** What it is about, with its kind: a bare number could be an account or a contract. */
function entityText(alert: Pick<Alert, 'entity' | 'reason'>, language: Channel['language']): string {
  const words: Record<string, string | undefined> = TEXTS[language].entityOf;
  const kind = alert.entity.slice(0, Math.max(0, alert.entity.indexOf(':')));
  const { incident } = alert.reason.params;
  const id = kind === 'incident' && typeof incident === 'string' ? incident : nameOf(alert.entity);
  const text = words[kind];
  if (text === undefined) return id;
  const filled = fill(text, { id });
  return text.includes('{{id}}') || kind !== 'incident' ? filled : `${filled}: ${id}`;
}

/** What is known well and is no number all the same: a share of a limit of no lots, or of an equity that is not above zero. Null for what is not known. */
function noNumberText({ reason: { metric, params } }: Alert, language: Channel['language']): string | null {
  const { noLotsAllowed, noEquity } = TEXTS[language];
  const { balance, limitVolume, countedVolume } = params;
  if (metric === 'limitUse' && limitVolume === 0 && typeof countedVolume === 'number') return fill(noLotsAllowed, { held: countedVolume });
  return metricOf(metric)?.unit === 'share' && typeof balance === 'number' && balance <= 0 ? noEquity : null;
}

function linesOf(alert: Alert, language: Channel['language'], timeOf: (atMs: number) => string): string[] {
  const texts = TEXTS[language];
  const { metric, value, enterThreshold, params } = alert.reason;
  const citation = (language === 'zh-CN' ? alert.reason.thresholdCitationZh : undefined) ?? alert.reason.thresholdCitation;
  const figure = (shown: number | null): string => figureText(metric, shown, params.currencyID, language);
  return [
    `${texts.entity}: ${entityText(alert, language)}`,
    ...(alert.dimensions.instrument === undefined ? [] : [`${texts.contract}: ${alert.dimensions.instrument}`]),
    `${texts.raised}: ${timeOf(alert.raisedAtMs)}`,
    `${texts.value}: ${metricText(metric, language)} ${(value === null ? noNumberText(alert, language) : null) ?? figure(value)} · ${texts.threshold}: ${figure(enterThreshold)}`,
    `${texts.source}: ${citation} (${certaintyText(alert.reason.thresholdCertainty, language)})`,
    '',
  ];
}

function certaintyText(certainty: string, language: Channel['language']): string {
  const words: Record<string, string | undefined> = TEXTS[language].certainty;
  return words[certainty] ?? certainty;
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
