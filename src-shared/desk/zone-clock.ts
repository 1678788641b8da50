/** What a clock in a time zone shows: shifts, quiet hours and calendar windows are said in its hours. */

/** `weekday` 1 is Monday; `time` is HH:MM. */
export type ZoneTime = { weekday: number; time: string };

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
/** Kept: each holds tens of kilobytes outside the heap, which the collector does not see and so frees late. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** Throws for a zone that does not exist (`isZone`). */
export function zoneTime(zone: string, atMs: number): ZoneTime {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    formats.set(zone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, value]));
  return { weekday: WEEKDAYS.indexOf(parts.weekday ?? '') + 1, time: `${parts.hour}:${parts.minute}` };
}

export function isZone(zone: string): boolean {
  if (formats.has(zone)) return true;
  try {
    zoneTime(zone, 0);
    return true;
  } catch {
    return false;
  }
}
