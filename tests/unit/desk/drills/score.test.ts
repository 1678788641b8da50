/** Drill scores: the points of the scheme by hand, what caps an index, and what no score may do whatever the facts. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CAPABILITY_AREAS,
  cohensKappa,
  drillIndex,
  type Rating,
  rateCapability,
  type Scoring,
  scoreTask,
  scoringSchema,
  type TaskFacts,
} from '#shared/desk/drills/score';
import scoringFile from '../../../../resources/drills/scoring.json' with { type: 'json' };

const scoring: Scoring = scoringSchema.parse(scoringFile.scoring[0]);
const perfect: TaskFacts = {
  targetMs: 60_000,
  tookMs: 60_000,
  quality: 3,
  evidenceRequired: 2,
  evidenceAttached: 2,
  hasCorrectRole: true,
  hasTwoPersons: true,
  hasNoShortcut: true,
  isSkipApproved: false,
  isControlBreach: false,
  neededController: false,
};
const points = (facts: Partial<TaskFacts>, isTimed = true) => scoreTask({ ...perfect, ...facts }, scoring, isTimed).points;
const rating = (...all: Partial<TaskFacts>[]) =>
  rateCapability(
    all.map((part) => ({ facts: { ...perfect, ...part }, score: scoreTask({ ...perfect, ...part }, scoring, true) })),
    scoring,
  );

describe('a critical task', () => {
  it('has forty points for its time, thirty for its quality, fifteen for evidence and fifteen for control', () => {
    expect(points({})).toBe(100);
    expect(points({ tookMs: 60_001 })).toBe(88);
    expect(points({ tookMs: 90_001 })).toBe(76);
    expect(points({ tookMs: 120_001 })).toBe(60);
    expect(points({ quality: 1 })).toBe(80);
    expect(points({ evidenceAttached: 1 })).toBe(92.5);
    expect(points({ evidenceAttached: 9 })).toBe(100);
    expect(points({ evidenceRequired: 0, evidenceAttached: 0 })).toBe(100);
    expect(points({ hasTwoPersons: false })).toBe(95);
  });

  it('that was not done has nothing, one skipped with approval is left out, one not marked is not known', () => {
    expect(points({ tookMs: null })).toBe(0);
    expect(points({ tookMs: null, isSkipApproved: true })).toBeNull();
    expect(points({ quality: null })).toBeNull();
  });

  it('of a tabletop has no time: the rest is the whole', () => {
    expect(points({ tookMs: 10_000_000 }, false)).toBe(100);
    expect(points({ quality: 0 }, false)).toBe(50);
  });

  it('never scores outside 0 to 100, and never more for being later or worse', () => {
    const facts = fc.record({
      targetMs: fc.integer({ min: 1, max: 600_000 }),
      tookMs: fc.option(fc.integer({ min: 0, max: 2_000_000 }), { nil: null }),
      quality: fc.integer({ min: 0, max: 3 }),
      evidenceRequired: fc.nat(5),
      evidenceAttached: fc.nat(9),
      hasCorrectRole: fc.boolean(),
      hasTwoPersons: fc.boolean(),
      hasNoShortcut: fc.boolean(),
    });
    fc.assert(
      fc.property(facts, fc.nat(500_000), fc.boolean(), (part, laterMs, isTimed) => {
        const whole = { ...perfect, ...part };
        const now = scoreTask(whole, scoring, isTimed).points ?? Number.NaN;
        expect(now).toBeGreaterThanOrEqual(0);
        expect(now).toBeLessThanOrEqual(100);
        const later = scoreTask({ ...whole, tookMs: whole.tookMs === null ? null : whole.tookMs + laterMs }, scoring, isTimed).points;
        expect(later).toBeLessThanOrEqual(now);
        const worse = scoreTask({ ...whole, quality: Math.max(0, whole.quality - 1) }, scoring, isTimed).points;
        expect(worse).toBeLessThanOrEqual(now);
      }),
    );
  });
});

describe('a capability', () => {
  it('is P, S, M or U by its average, its lateness, its need of help and its breaches', () => {
    expect(rating({}, {})).toBe('P');
    expect(rating({}, { tookMs: 95_000 })).toBe('S');
    expect(rating({ quality: 1, tookMs: 110_000 })).toBe('M');
    expect(rating({}, { neededController: true })).toBe('M');
    expect(rating({}, { tookMs: null })).toBe('U');
    expect(rating({}, { isControlBreach: true })).toBe('U');
    expect(rating({}, { tookMs: null, isSkipApproved: true })).toBe('P');
    expect(rating({}, { quality: null })).toBeNull();
  });
});

describe('the index of a drill', () => {
  const all = (value: Rating) => CAPABILITY_AREAS.map((area) => ({ area, rating: value }));
  const clean = { hasMissedReport: false, hasLeaked: false };

  it('weighs the areas, and falls into its bands', () => {
    expect(drillIndex(all('P'), clean, scoring)).toMatchObject({ index: 100, band: 'ready' });
    expect(drillIndex(all('S'), clean, scoring)).toMatchObject({ index: 80, band: 'readyWithActions' });
    expect(drillIndex([{ area: 'record', rating: 'M' }], clean, scoring)).toMatchObject({ index: 50, band: 'suspended' });
  });

  it('is capped by clients not protected and by a report that was missed, and is nothing once something real has left the desk', () => {
    const failed = [{ area: 'protect' as const, rating: 'U' as const }, ...all('P').filter(({ area }) => area !== 'protect')];
    expect(drillIndex(failed, clean, scoring)).toMatchObject({ index: 59, cappedBy: ['protectUnable'], band: 'suspended' });
    expect(drillIndex(all('P'), { ...clean, hasMissedReport: true }, scoring)).toMatchObject({
      index: 69,
      cappedBy: ['missedReport'],
      band: 'repeat',
    });
    expect(drillIndex(all('P'), { ...clean, hasLeaked: true }, scoring)).toEqual({ kind: 'invalid' });
    expect(drillIndex([...all('P'), { area: 'record', rating: null }], clean, scoring)).toEqual({ kind: 'unfinished' });
  });
});

describe('agreement of two evaluators', () => {
  it('is 1 when they agree, 0 when they agree as chance would, unknown when chance always agrees', () => {
    expect(
      cohensKappa([
        [0, 0],
        [3, 3],
        [2, 2],
      ]),
    ).toBe(1);
    expect(
      cohensKappa([
        [0, 0],
        [0, 3],
        [3, 0],
        [3, 3],
      ]),
    ).toBe(0);
    expect(
      cohensKappa([
        [3, 3],
        [3, 3],
      ]),
    ).toBeNull();
    expect(cohensKappa([])).toBeNull();
  });
});
