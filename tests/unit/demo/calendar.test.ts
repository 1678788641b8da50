import { describe, expect, it } from 'vitest';
import { dateOf, hasNightSession, isTradingDay, midnightMs, openIntervalsBySession, shiftTradingDay } from '#demo/market/calendar';

const at = (text: string): number => Date.parse(`${text}+08:00`);

describe('demonstration calendar', () => {
  it('skips weekends and holidays', () => {
    expect(isTradingDay('20261121')).toBe(false);
    expect(shiftTradingDay('20261120', 1)).toBe('20261123');
    expect(shiftTradingDay('20260930', 1)).toBe('20261008');
    expect(shiftTradingDay('20261123', -1)).toBe('20261120');
    expect(dateOf(midnightMs('20261123'))).toBe('20261123');
  });

  it("gives Monday Friday's night session, and none to the first day after a holiday", () => {
    expect(hasNightSession('20261123')).toBe(true);
    expect(hasNightSession('20261008')).toBe(false);
    const monday = openIntervalsBySession('20261123').get('N0230');
    expect(monday?.[0]).toEqual({ fromMs: at('2026-11-20T21:00:00'), toMs: at('2026-11-21T02:30:00'), isLast: false });
    expect(monday?.at(-1)).toEqual({ fromMs: at('2026-11-23T13:30:00'), toMs: at('2026-11-23T15:00:00'), isLast: true });
    expect(openIntervalsBySession('20261008').get('N0230')?.[0]?.fromMs).toBe(at('2026-10-08T09:00:00'));
  });
});
