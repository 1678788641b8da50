/** How the shell treats processes that end, and the words it shows. */

import { describe, expect, it, vi } from 'vitest';
import { bundledRules } from '#engine/watch/bundled-rules';

vi.mock('electron', () => ({ Notification: {} }));

const { createBackOff } = await import('#shell/processes/back-off');
const { noticeTexts } = await import('#shell/notifications');
const { createAnswerWatch } = await import('#shell/processes/answer-watch');
const { fillText, textsFor } = await import('#shell/texts');

describe('back-off', () => {
  it('starts again at once, then slower, and never slower than a quarter of a minute', () => {
    const backOff = createBackOff();
    const delays = Array.from({ length: 12 }, () => {
      backOff.started(0);
      return backOff.ended(10);
    });
    expect(delays.slice(0, 4)).toEqual([100, 200, 400, 800]);
    expect(Math.max(...delays)).toBe(15_000);
    expect(backOff.failures).toBe(12);
  });

  it('forgets earlier trouble once a process ran well', () => {
    const backOff = createBackOff();
    for (let round = 0; round < 5; round++) {
      backOff.started(0);
      backOff.ended(10);
    }
    backOff.started(1000);
    expect(backOff.ended(1000 + 60_000)).toBe(100);
  });
});

describe('a process that must answer', () => {
  it('is taken for hung only when it owes several answers in a row', () => {
    const watch = createAnswerWatch();
    watch.begin();
    expect([watch.isHung(), watch.isHung(), watch.isHung()]).toEqual([false, false, false]);
    expect(watch.isHung()).toBe(true);
  });

  it('owes nothing once it has answered', () => {
    const watch = createAnswerWatch();
    watch.begin();
    for (let round = 0; round < 20; round++) {
      expect(watch.isHung()).toBe(false);
      watch.answered();
    }
  });
});

describe('the words of a notification', () => {
  const notice = {
    type: 'notify',
    noticeId: 'n',
    reason: 'first',
    alertCount: 1,
    lateByMs: null,
    mode: 'live',
    isShown: true,
    flashes: true,
    alertId: 'a',
    severity: 'critical',
    kind: 'riskLevel',
    entity: 'account:80100010',
    params: { level: 'force' },
  } as const;

  it('say how bad, what and whom, in the language of the desk', () => {
    expect(noticeTexts(textsFor('en'), notice)).toEqual({ title: 'Critical alert', body: 'Risk: forced liquidation: 80100010\nIt has just begun' });
    expect(noticeTexts(textsFor('zh-CN'), notice)).toEqual({ title: '紧急告警', body: '风险：强平：80100010\n刚刚发生' });
  });

  it('say why somebody is told, how late, of how many, and that it is a drill', () => {
    const texts = noticeTexts(textsFor('en'), { ...notice, mode: 'drill', reason: 'escalated', alertCount: 12, lateByMs: 90_000 });
    expect(texts).toEqual({ title: 'DRILL Critical alert', body: 'Risk: forced liquidation: 12 alerts\nNobody took it on in time\nlate by 90 s' });
  });

  it('name a kind without words by its code instead of nothing', () => {
    expect(noticeTexts(textsFor('en'), { ...notice, kind: 'newKind' }).body).toContain('newKind: 80100010');
  });

  it('know every kind and level that the bundled rules can raise, in both languages', () => {
    for (const rule of bundledRules()) {
      const { kind } = rule;
      for (const name of rule.watches === 'figures' ? rule.rungs.map((rung) => rung.name) : ['warn', 'ban']) {
        for (const language of ['en', 'zh-CN'] as const) {
          const { body } = noticeTexts(textsFor(language), { ...notice, kind, params: { level: name } });
          expect(body).not.toContain(kind);
          expect(body).not.toContain('{{');
          if (language === 'zh-CN') expect(body.replace('80100010', '')).not.toMatch(/[a-z]/i);
        }
      }
    }
  });

  it('leave a missing value visible', () => {
    expect(fillText('{{a}} and {{b}}', { a: 1 })).toBe('1 and {{b}}');
  });
});
