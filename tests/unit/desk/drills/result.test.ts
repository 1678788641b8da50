/** Times across drills: only what may be compared stands together, the median and the worst are those of the drills in which a time was seen. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparableDrills, type DrillResult, isTold, summariseTimes } from '#shared/desk/drills/result';
import { MEASURED_TIMES } from '#shared/desk/drills/scenario';

function result(change: Partial<DrillResult> & { detectMs?: number | null }): DrillResult {
  const { detectMs = 1000, ...more } = change;
  return {
    ...{ drillId: '01900000-0000-7000-8000-000000000001', state: 'closed', scenarioId: 'ep-01-feed-cut', version: 1, planId: 'EP-01' },
    ...{ title: { en: 'Feed cut', zh: '行情中断' }, type: 'functional', isAnnounced: true, planHash: null },
    ...{ createdAtMs: 1, plannedAtMs: null, startedAtMs: 2, endedAtMs: 100, isAborted: false, hasLeaked: false, index: { kind: 'unfinished' } },
    ...{ times: [{ name: 'detect', tookMs: detectMs, reason: detectMs === null ? 'notSeen' : null }], improvements: [] },
    ...{ lapses: [], afterwards: { hotwashAtMs: null, draftedAtMs: null, signedAtMs: null }, taken: [], steps: [] },
    ...more,
  };
}
const detect = (drills: readonly DrillResult[]) => summariseTimes(drills).find(({ name }) => name === 'detect');

describe('times across drills', () => {
  it('are those of one scenario held in one way, newest first, without broken-off and invalid ones', () => {
    const groups = comparableDrills([
      result({ endedAtMs: 100 }),
      result({ endedAtMs: 300, version: 2 }),
      result({ endedAtMs: 200, type: 'tabletop' }),
      result({ endedAtMs: 250, isAnnounced: false }),
      result({ endedAtMs: 400, isAborted: true }),
      result({ endedAtMs: 500, hasLeaked: true }),
      result({ endedAtMs: null }),
    ]);
    expect(groups.map(({ drills }) => drills.map(({ endedAtMs }) => endedAtMs))).toEqual([[300, 100], [250], [200]]);
  });

  it('leave out a drill in which the time was not seen, and count how many saw it', () => {
    expect(detect([result({ detectMs: 5000 }), result({ detectMs: null }), result({ detectMs: 1000 })])).toEqual({
      ...{ name: 'detect', medianMs: 3000, worstMs: 5000, seenCount: 2 },
    });
    expect(summariseTimes([result({})]).find(({ name }) => name === 'restore')).toMatchObject({ medianMs: null, worstMs: null, seenCount: 0 });
    expect(summariseTimes([]).map(({ name }) => name)).toEqual([...MEASURED_TIMES]);
  });

  it('have as many drills at or below the median as at or above it, and none beyond the worst', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 7_200_000 }), { minLength: 1, maxLength: 40 }), (times) => {
        const summary = detect(times.map((detectMs) => result({ detectMs })));
        const { medianMs, worstMs } = summary ?? { medianMs: null, worstMs: null };
        if (medianMs === null) throw new Error('a time that was seen has a median');
        expect(times.filter((time) => time <= medianMs).length).toBeGreaterThanOrEqual(times.length / 2);
        expect(times.filter((time) => time >= medianMs).length).toBeGreaterThanOrEqual(times.length / 2);
        expect(worstMs).toBe(Math.max(...times));
      }),
    );
  });
});

it('of an unannounced drill nobody outside is told before it comes', () => {
  expect(isTold(result({ isAnnounced: false, startedAtMs: null }))).toBe(false);
  expect(isTold(result({ isAnnounced: false, startedAtMs: 5 }))).toBe(true);
  expect(isTold(result({ startedAtMs: null }))).toBe(true);
});
