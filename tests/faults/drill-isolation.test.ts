/** Whatever a drill tries, nothing live changes: each attempt is made on a whole drill engine beside a whole live one. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ATTEMPTS, REFUSED_AT_THE_LIVE_DOOR } from '#tests/faults/drill-attempts';
import { liveState, startDesks, stopDesks } from '#tests/faults/drill-beside-live';

let before: ReturnType<typeof liveState>;

beforeAll(async () => {
  await startDesks();
  before = liveState();
});

afterAll(stopDesks);

/** Some attempts start engines, whose stores open in seconds on an idle machine and in many on a busy one; one that is cut off would be told of the next. */
const ATTEMPT_TIMEOUT_MS = 120_000;

describe('a drill', { timeout: ATTEMPT_TIMEOUT_MS }, () => {
  it('is tried in at least thirty ways', () => {
    expect(Object.keys(ATTEMPTS).length).toBeGreaterThanOrEqual(30);
  });

  it.each(Object.entries(ATTEMPTS))('cannot %s', async (name, attempt) => {
    const { journal: journalBefore, entries: entriesBefore, ...known } = before;
    await attempt();
    // Taken anew, so that what one attempt does is not said of the next.
    before = liveState();
    const { journal, entries, ...after } = before;
    expect(after).toEqual(known);
    if (name !== REFUSED_AT_THE_LIVE_DOOR) expect({ journal, entries }).toEqual({ journal: journalBefore, entries: entriesBefore });
  });
});
