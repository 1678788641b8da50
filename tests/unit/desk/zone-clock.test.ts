/** Shifts, quiet hours and calendar windows are said in the hours of a place, wherever the desk's own clock stands. */
import { describe, expect, it } from 'vitest';
import { nextClockTime } from '#shared/desk/alerts/policy';
import { isZone, zoneTime } from '#shared/desk/zone-clock';

const next = (times: string[], zone: string, from: string): string => new Date(nextClockTime(times, zone, Date.parse(from))).toISOString();

describe('a clock in a time zone', () => {
  it('shows the weekday and the minute of that place', () => {
    const atMs = Date.UTC(2026, 8, 20, 17, 5);
    expect(zoneTime('UTC', atMs)).toEqual({ weekday: 7, time: '17:05' });
    expect(zoneTime('Asia/Shanghai', atMs)).toEqual({ weekday: 1, time: '01:05' });
    expect(zoneTime('Asia/Shanghai', Date.UTC(2026, 8, 20, 16, 0)).time).toBe('00:00');
  });

  it('comes to a time at the moment at which it leaps over it, and to one that comes twice at the first', () => {
    // 02:30 does not exist in New York on 8 March, nor 01:30 in London on 29 March.
    expect(next(['02:30'], 'America/New_York', '2026-03-08T04:00:00Z')).toBe('2026-03-08T07:00:00.000Z');
    expect(next(['02:30'], 'America/New_York', '2026-03-08T06:59:00Z')).toBe('2026-03-08T07:00:00.000Z');
    expect(next(['01:30'], 'Europe/London', '2026-03-28T23:00:00Z')).toBe('2026-03-29T01:00:00.000Z');
    expect(next(['01:30'], 'Europe/London', '2026-03-29T01:00:00Z')).toBe('2026-03-30T00:30:00.000Z');
    expect(next(['01:30'], 'Europe/London', '2026-10-24T20:00:00Z')).toBe('2026-10-25T00:30:00.000Z');
    expect(next(['20:30', '08:00'], 'Asia/Shanghai', '2026-09-20T17:05:00Z')).toBe('2026-09-21T00:00:00.000Z');
  });

  it('knows which zones there are', () => {
    expect(isZone('America/New_York')).toBe(true);
    expect(isZone('Mars/Olympus')).toBe(false);
    expect(() => zoneTime('Mars/Olympus', 0)).toThrow();
  });
});
