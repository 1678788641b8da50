/** The session calendar decides whether silence is a fault: nights, weekends, holidays and what nobody knows. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Calendar, Session } from '#shared/feed/items';
import { sessionMomentAt, sessionStateAt, tradingDayAt } from '#shared/market/session-calendar';

const source = { citation: 'test', certainty: 'demonstration' as const };
const day = [
  { fromMinute: 540, toMinute: 615, night: false },
  { fromMinute: 630, toMinute: 690, night: false },
  { fromMinute: 810, toMinute: 900, night: false },
];
/** Gold: night 21:00 to 02:30. */
const gold: Session = {
  kind: 'session',
  sessionID: 'FN0230',
  timeZone: 'Asia/Shanghai',
  sections: [{ fromMinute: 1260, toMinute: 150, night: true }, ...day],
  ...source,
};
/** The same night in two pieces, as some sources write it. */
const goldInPieces: Session = {
  ...gold,
  sections: [{ fromMinute: 1260, toMinute: 1440, night: true }, { fromMinute: 0, toMinute: 150, night: true }, ...day],
};
/** CZCE sugar: night 21:00 to 23:00. */
const sugar: Session = { ...gold, sessionID: 'FN2300', sections: [{ fromMinute: 1260, toMinute: 1380, night: true }, ...day] };
const index: Session = {
  ...gold,
  sessionID: 'SD0930',
  sections: [
    { fromMinute: 570, toMinute: 690, night: false },
    { fromMinute: 780, toMinute: 900, night: false },
  ],
};

/** Around Labour Day 2024: Wed 1 May to Sun 5 May closed, no night session on Tue 30 Apr. */
const calendar: Calendar = {
  kind: 'calendar',
  exchangeID: 'SHFE',
  from: '20240422',
  to: '20240512',
  tradingDays: [
    '20240422',
    '20240423',
    '20240424',
    '20240425',
    '20240426',
    '20240429',
    '20240430',
    '20240506',
    '20240507',
    '20240508',
    '20240509',
    '20240510',
  ],
  noNightSession: ['20240506'],
  ...source,
};

const at = (text: string) => Date.parse(`${text}+08:00`);

describe('session calendar', () => {
  it.each<[string, Session, string, string, string | null]>([
    ['an ordinary morning', gold, '2024-04-24T09:30', 'open', '20240424'],
    ['the first instant', gold, '2024-04-24T09:00', 'open', '20240424'],
    ['the last instant is over', gold, '2024-04-24T15:00', 'closed', '20240425'],
    ['the tea break', gold, '2024-04-24T10:20', 'break', '20240424'],
    ['lunch', gold, '2024-04-24T12:00', 'break', '20240424'],
    ['after the close the next day is due', gold, '2024-04-24T16:00', 'closed', '20240425'],
    ['the night belongs to the next day', gold, '2024-04-24T21:00', 'open', '20240425'],
    ['past midnight still', gold, '2024-04-25T01:00', 'open', '20240425'],
    ['the night is over', gold, '2024-04-25T02:30', 'closed', '20240425'],
    ['before the morning', gold, '2024-04-25T08:59', 'closed', '20240425'],
    ['Friday night belongs to Monday', gold, '2024-04-26T22:00', 'open', '20240429'],
    ['and so does Saturday at one', gold, '2024-04-27T01:00', 'open', '20240429'],
    ['in pieces too', goldInPieces, '2024-04-27T01:00', 'open', '20240429'],
    ['Saturday at noon', gold, '2024-04-27T12:00', 'closed', '20240429'],
    ['Sunday night has no session', gold, '2024-04-28T22:00', 'closed', '20240429'],
    ['Monday at one is not the night of Monday', gold, '2024-04-29T01:00', 'closed', '20240429'],
    ['the night before a holiday is not held', gold, '2024-04-30T22:00', 'closed', '20240506'],
    ['nor past its midnight', gold, '2024-05-01T01:00', 'closed', '20240506'],
    ['the holiday itself', gold, '2024-05-01T10:00', 'closed', '20240506'],
    ['the first evening after it is', gold, '2024-05-06T21:30', 'open', '20240507'],
    ['CZCE at 22:59', sugar, '2024-04-26T22:59', 'open', '20240429'],
    ['CZCE at 23:00 is done for the night', sugar, '2024-04-26T23:00', 'closed', '20240429'],
    ['an index has no night', index, '2024-04-24T21:30', 'closed', '20240425'],
    ['the last covered Friday night has no named day', gold, '2024-05-10T21:30', 'unknown', null],
    ['but its afternoon is plainly closed', index, '2024-05-10T21:30', 'closed', null],
    ['the night before the first covered day is not known', gold, '2024-04-22T01:00', 'unknown', null],
    ['outside the calendar', gold, '2024-04-21T10:00', 'unknown', null],
    ['after the calendar', gold, '2024-05-13T10:00', 'unknown', null],
  ])('%s', (_, session, time, state, tradingDay) => {
    expect(sessionStateAt(session, calendar, at(time))).toBe(state);
    expect(tradingDayAt(session, calendar, at(time))).toBe(tradingDay);
  });

  it('says when the running section began', () => {
    expect(sessionMomentAt(gold, calendar, at('2024-04-25T01:00')).sinceMs).toBe(at('2024-04-24T21:00'));
    expect(sessionMomentAt(gold, calendar, at('2024-04-24T10:45:30')).sinceMs).toBe(at('2024-04-24T10:30'));
    expect(sessionMomentAt(gold, calendar, at('2024-04-24T12:00')).sinceMs).toBeNull();
  });

  it('does not know what a time zone that does not exist is, nor a session without sections', () => {
    expect(sessionStateAt({ ...gold, timeZone: 'Middle/Earth' }, calendar, at('2024-04-24T09:30'))).toBe('unknown');
    expect(sessionStateAt({ ...gold, sections: [] }, calendar, at('2024-04-24T09:30'))).toBe('unknown');
    expect(sessionStateAt(gold, calendar, Number.NaN)).toBe('unknown');
  });

  it('follows summer time in zones that have it', () => {
    const newYork: Session = { ...index, timeZone: 'America/New_York', sections: [{ fromMinute: 570, toMinute: 960, night: false }] };
    const spring: Calendar = { ...calendar, from: '20240301', to: '20240320', tradingDays: ['20240308', '20240311'], noNightSession: [] };
    expect(sessionStateAt(newYork, spring, Date.parse('2024-03-08T13:45Z'))).toBe('closed');
    expect(sessionStateAt(newYork, spring, Date.parse('2024-03-08T14:45Z'))).toBe('open');
    expect(sessionStateAt(newYork, spring, Date.parse('2024-03-11T13:45Z'))).toBe('open');
  });

  it('opens only on trading days, never goes back, and agrees with a walk through the minutes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: at('2024-04-22T03:00'), max: at('2024-05-10T15:00') - 1 }),
        fc.integer({ min: 0, max: 3_000 }),
        (startMs, minutes) => {
          const first = sessionMomentAt(gold, calendar, startMs);
          const second = sessionMomentAt(gold, calendar, Math.min(startMs + minutes * 60_000, at('2024-05-10T15:00') - 1));
          expect((second.tradingDay ?? '') >= (first.tradingDay ?? '')).toBe(true);
          for (const moment of [first, second]) expect(calendar.tradingDays).toContain(moment.tradingDay);
          expect(sessionMomentAt(goldInPieces, calendar, startMs).state).toBe(first.state);
          if (first.sinceMs !== null) {
            expect(first.sinceMs).toBeLessThanOrEqual(startMs);
            expect(sessionStateAt(gold, calendar, first.sinceMs)).toBe('open');
            expect(sessionStateAt(gold, calendar, first.sinceMs - 1)).not.toBe('open');
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
