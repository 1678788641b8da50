/** Three clocks that must not be confused: the link, the instrument in its session, the account beside its market. */
import { describe, expect, it } from 'vitest';
import { accountFreshness } from '#engine/feeds/staleness/account-clock';
import { instrumentFreshness } from '#engine/feeds/staleness/instrument-clock';
import { linkHealth } from '#engine/feeds/staleness/link-clock';
import { SourceClock } from '#engine/feeds/staleness/source-clock';
import type { Calendar, Session } from '#shared/feed/items';

const source = { citation: 'test', certainty: 'demonstration' as const };
const session: Session = {
  kind: 'session',
  sessionID: 'S',
  timeZone: 'Asia/Shanghai',
  sections: [
    { fromMinute: 540, toMinute: 690, night: false },
    { fromMinute: 810, toMinute: 900, night: false },
  ],
  ...source,
};
const calendar: Calendar = {
  kind: 'calendar',
  exchangeID: 'SHFE',
  from: '20240501',
  to: '20240531',
  tradingDays: ['20240508'],
  noNightSession: [],
  ...source,
};
const at = (time: string) => Date.parse(`2024-05-08T${time}+08:00`);

describe('staleness', () => {
  it('calls a silent link stale, then dead, by its own heartbeat', () => {
    expect([1000, 2000, 2001, 4000, 4001].map((nowMs) => linkHealth(0, nowMs, 1000))).toEqual(['live', 'live', 'stale', 'stale', 'dead']);
  });

  const read = (nowMs: number, lastTickMs: number | null, more: object = {}) =>
    instrumentFreshness({ lastTickMs, nowMs, session, calendar, status: null, staleAfterMs: 60_000, ...more });

  it('counts an instrument silence only while it trades', () => {
    expect(read(at('10:00:30'), at('10:00:00'))).toEqual({ state: 'live', session: 'open', ageMs: 30_000 });
    expect(read(at('10:02:00'), at('10:00:00'))).toMatchObject({ state: 'stale', ageMs: 120_000 });
    expect(read(at('12:00:00'), at('11:29:59'))).toMatchObject({ state: 'closed', session: 'break', ageMs: null });
    expect(read(at('20:00:00'), at('14:59:59'))).toMatchObject({ state: 'closed', session: 'closed' });
  });

  it('does not blame the break for the first seconds after it', () => {
    expect(read(at('13:30:20'), at('11:29:59'))).toEqual({ state: 'live', session: 'open', ageMs: 20_000 });
    expect(read(at('13:32:00'), at('11:29:59'))).toMatchObject({ state: 'stale', ageMs: 120_000 });
  });

  it('calls an instrument that never ticked stale once the session has run long enough', () => {
    expect(read(at('09:00:30'), null)).toMatchObject({ state: 'live' });
    expect(read(at('09:05:00'), null)).toMatchObject({ state: 'stale', ageMs: 300_000 });
  });

  it('believes the exchange when it says trading is halted, and says unknown without a calendar', () => {
    expect(read(at('10:10:00'), at('09:30:00'), { status: 'noTrading' })).toMatchObject({ state: 'closed' });
    expect(read(at('10:10:00'), at('10:09:59'), { calendar: null })).toEqual({ state: 'unknown', session: 'unknown', ageMs: null });
  });

  it('tells an account that lies behind its market', () => {
    expect(accountFreshness(1000, 4000, 5000)).toEqual({ state: 'together', skewMs: 3000 });
    expect(accountFreshness(1000, 9000, 5000)).toEqual({ state: 'behind', skewMs: 8000 });
    expect(accountFreshness(9000, 1000, 5000)).toEqual({ state: 'together', skewMs: 0 });
    expect(accountFreshness(null, 1000, 5000)).toEqual({ state: 'unknown', skewMs: null });
  });

  it('counts ages on the wall for a real source and in source time for a simulated one', () => {
    const clock = new SourceClock();
    expect(clock.nowMs(5)).toBe(5);
    const base = { feedId: 'f', receivedAtMs: 0, tradingDay: '20240508' };
    clock.observe({ type: 'welcome', ...base, source: 's', simulated: true, demonstration: true, sourceTimeMs: 100 });
    clock.observe({ type: 'heartbeat', ...base, sourceTimeMs: 900 });
    clock.observe({ type: 'heartbeat', ...base, sourceTimeMs: 800 });
    expect(clock.nowMs(5)).toBe(900);
    expect(clock.tickMs({ receivedAtMs: 7, sourceTimeMs: 600 })).toBe(600);
    clock.observe({ type: 'welcome', ...base, source: 's', simulated: true, demonstration: true, sourceTimeMs: 50 });
    expect(clock.nowMs(5)).toBe(50);
  });
});
