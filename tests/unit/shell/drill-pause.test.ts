/** When the live desk's reports make a drill stand still. */
import { describe, expect, it } from 'vitest';
import type { EngineReport } from '#shared/contract/shell';
import { createRealAlertWatch } from '#shell/real-alert-watch';

const attention = (critical: number): EngineReport => ({ type: 'attention', unacknowledged: { critical, high: 3, medium: 0, low: 0 } });
const notify = (severity: 'critical' | 'high', reason: 'first' | 'allClear' | 'partialClear'): EngineReport => ({
  ...{ type: 'notify', noticeId: 'n', alertCount: 1, lateByMs: null, mode: 'live', isShown: true, flashes: true, alertId: 'a' },
  ...{ kind: 'riskLevel', entity: 'account:A1', params: {}, severity, reason },
});
const ready: EngineReport = { type: 'ready', engineId: 'e', startedAtMs: 0 };

describe('a real critical alert', () => {
  it('is a count that grew, not one that was there already', () => {
    const watch = createRealAlertWatch(false);
    expect([4, 4, 3, 4, 2].map((count) => watch.isRaised(attention(count)))).toEqual([false, false, false, true, false]);
  });

  it('is a critical notice, also when the count stayed; an all-clear and what is less grave are not', () => {
    const watch = createRealAlertWatch(false);
    expect(watch.isRaised(notify('critical', 'first'))).toBe(true);
    expect(watch.isRaised(notify('critical', 'allClear'))).toBe(false);
    expect(watch.isRaised(notify('critical', 'partialClear'))).toBe(false);
    expect(watch.isRaised(notify('high', 'first'))).toBe(false);
  });

  it('is none of the demonstration, until a feed of one’s own is there', () => {
    const watch = createRealAlertWatch(true);
    watch.isRaised(attention(0));
    expect(watch.isRaised(attention(1))).toBe(false);
    watch.isRaised({ type: 'demonstration', isNeeded: false });
    expect(watch.isRaised(attention(2))).toBe(true);
  });

  it('is not what an engine that was started again counts anew', () => {
    const watch = createRealAlertWatch(false);
    watch.isRaised(attention(0));
    watch.isRaised(ready);
    expect(watch.isRaised(attention(5))).toBe(false);
  });
});
