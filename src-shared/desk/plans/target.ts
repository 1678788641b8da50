/** Reads a step's target as a time from the start of the run, where its text is one. */

/**
 * A time from the start, in milliseconds, or null when the text names another moment (`on recovery`, `T+30 after release`,
 * `T+1 working day`, `open minus 60 min`, `every 15 min`): such a step has a target that people read, and no clock.
 *
 * Forms: `T+m:ss` (minutes may pass 59), `T+h:mm:ss`, `T+n h`. Around them may stand `immediately, no later than …`,
 * `…, … at the latest` and `… then every 30 min` (the first time falls due). Anything else after the time
 * (`T+5:00 once service is affected`) makes it a time from something else, hence null.
 */
export function targetOffsetMs(target: string): number | null {
  const match = TARGET.exec(target.trim());
  if (match === null) return null;
  const [, first, second, third, hours] = match;
  if (hours !== undefined) return Number(hours) * 3_600_000;
  if (first === undefined || second === undefined) return null;
  if (third === undefined) return (Number(first) * 60 + Number(second)) * 1_000;
  return (Number(first) * 3_600 + Number(second) * 60 + Number(third)) * 1_000;
}

const TARGET = /^(?:immediately, no later than |before [^,]+, )?T\+(?:(\d{1,4}):([0-5]\d)(?::([0-5]\d))?|(\d{1,3}) h)(?: at the latest| then .+)?$/;
