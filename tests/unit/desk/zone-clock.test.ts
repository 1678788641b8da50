/** Shifts, quiet hours and calendar windows are said in the hours of a place, wherever the desk's own clock stands. */
import { describe, expect, it } from 'vitest';
import { isZone, zoneTime } from '#shared/desk/zone-clock';

describe('a clock in a time zone', () => {
  it('shows the weekday and the minute of that place', () => {
    const atMs = Date.UTC(2026, 8, 20, 17, 5);
    expect(zoneTime('UTC', atMs)).toEqual({ weekday: 7, time: '17:05' });
    expect(zoneTime('Asia/Shanghai', atMs)).toEqual({ weekday: 1, time: '01:05' });
    expect(zoneTime('Asia/Shanghai', Date.UTC(2026, 8, 20, 16, 0)).time).toBe('00:00');
  });

  it('knows which zones there are', () => {
    expect(isZone('America/New_York')).toBe(true);
    expect(isZone('Mars/Olympus')).toBe(false);
    expect(() => zoneTime('Mars/Olympus', 0)).toThrow();
  });
});
