/** What leaves the desk is read by people who do not see the screen: no name of a field, no figure without its unit, in both languages. */
import { describe, expect, it } from 'vitest';
import { figureText, messageOf } from '#engine/desk/delivery/message';
import { bundledRules } from '#engine/watch/bundled-rules';
import type { Alert } from '#shared/desk/alerts/alert';
import type { Notice } from '#shared/desk/delivery/notice';
import { METRICS } from '#shared/desk/rules/metrics';

const LANGUAGES = ['zh-CN', 'en'] as const;
const metrics = [
  ...new Set([
    ...Object.keys(METRICS),
    ...bundledRules().flatMap((rule) => (rule.watches === 'trading' ? rule.rows.map(({ metric }) => metric) : [])),
  ]),
];

const alertOf = (metric: string, value: number | null, params: Record<string, number> = {}): Alert =>
  ({
    alertId: '01996b1c-0000-7000-8000-000000000001',
    entity: 'account:80100010',
    dimensions: { instrument: 'SHFE.au2702', tradingDay: '20261123' },
    severity: 'high',
    raisedAtMs: 0,
    condition: 'active',
    human: 'unacknowledged',
    episode: 1,
    reason: {
      metric,
      value,
      enterThreshold: 0.8,
      thresholdCitation: 'cited',
      thresholdCertainty: 'unconfirmed',
      params: { currencyID: 'CNY', ...params },
    },
  }) as unknown as Alert;
const notice = {
  mode: 'live',
  severity: 'high',
  kind: 'riskLevel',
  entity: 'account:80100010',
  params: { level: 'call' },
  reason: 'first',
  role: 'desk',
  alertCount: 1,
  lateByMs: null,
} as unknown as Notice;
const textOf = (metric: string, value: number | null, language: (typeof LANGUAGES)[number], params: Record<string, number> = {}): string =>
  messageOf(notice, 'd', [alertOf(metric, value, params)], language, { zone: 'Asia/Shanghai', isDemonstration: false, nowMs: 0 }).text;

describe('a message that leaves the desk', () => {
  it.each(LANGUAGES)('names every figure that a rule or a detector can raise by words, in %s', (language) => {
    for (const metric of metrics) {
      const text = textOf(metric, 0.9, language);
      // A few English words are their own names.
      if (language === 'zh-CN' || /[A-Z]/.test(metric)) expect(text).not.toMatch(new RegExp(`: ${metric} `));
      expect(text).not.toMatch(/\{\{|NaN|undefined|unconfirmed/);
      expect(text).toContain('SHFE.au2702');
    }
  });

  it('says figures with their unit: money with its currency, shares in percent, lengths in words', () => {
    for (const [metric, { unit }] of Object.entries(METRICS)) {
      const text = figureText(metric, 7_250_000, 'CNY', 'en');
      if (unit === 'money') expect(text).toBe('7,250,000 CNY');
      if (unit === 'ms') expect(text).toBe('2 h');
      if (unit === 'share') expect(text).toMatch(/%$/);
    }
    expect(figureText('exchangeMargin', 1, undefined, 'zh-CN')).toBe('1 (未知)');
    expect(figureText('limitUse', 1.05, null, 'zh-CN')).toBe('105%');
    expect(figureText('silenceMs', 90_000, null, 'zh-CN')).toBe('90 秒');
    expect(figureText('riskDegree', null, 'CNY', 'en')).toBe('not known');
    expect(figureText('riskDegree', Number.POSITIVE_INFINITY, 'CNY', 'en')).toBe('∞');
  });

  it('says what is known and no number: held beyond a limit of no lots, a share of an equity that is gone', () => {
    for (const language of LANGUAGES) {
      expect(textOf('limitUse', null, language, { limitVolume: 0, countedVolume: 5 })).toMatch(/\b0\b.*\b5\b/);
      expect(textOf('limitUse', null, language, { limitVolume: 0, countedVolume: 5 })).not.toMatch(/not known|未知/);
      expect(textOf('riskDegree', null, language, { balance: -5 })).not.toMatch(/not known|未知/);
    }
    expect(textOf('limitUse', null, 'en')).toContain('not known');
  });

  it('says what kind of thing it is about', () => {
    expect(textOf('riskDegree', 1, 'en')).toContain('About: Account 80100010');
    expect(textOf('riskDegree', 1, 'zh-CN')).toContain('账户 80100010');
  });
});
