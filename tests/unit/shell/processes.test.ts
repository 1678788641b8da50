/** How the shell treats processes that end, and the words it shows. */
import { describe, expect, it, vi } from 'vitest';

vi.mock('electron', () => ({ Notification: {} }));

const { createBackOff } = await import('#shell/processes/back-off');
const { noticeTexts } = await import('#shell/notifications');
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

describe('the words of a notification', () => {
  const notice = { type: 'notify', alertId: 'a', severity: 'critical', kind: 'riskLevel', entity: 'account:80100010', params: {} } as const;

  it('say how bad, what and whom, in the language of the desk', () => {
    expect(noticeTexts(textsFor('en'), notice)).toEqual({ title: 'Critical alert', body: 'Risk level changed: 80100010' });
    expect(noticeTexts(textsFor('zh-CN'), notice)).toEqual({ title: '紧急告警', body: '风险等级变化: 80100010' });
  });

  it('name a kind without words by its code instead of nothing', () => {
    expect(noticeTexts(textsFor('en'), { ...notice, kind: 'newKind' }).body).toBe('newKind: 80100010');
  });

  it('leave a missing value visible', () => {
    expect(fillText('{{a}} and {{b}}', { a: 1 })).toBe('1 and {{b}}');
  });
});
