/** A condition stays on for as long as its rule says at least: over needs its off delay and its least time, and what comes back meanwhile was never over. */
import { describe, expect, it } from 'vitest';
import { bundledRules } from '#engine/watch/bundled-rules';
import type { Condition, OpenCondition } from '#engine/watch/condition';
import { LeastTimeOn } from '#engine/watch/least-time-on';
import { packOf, type RuleEndings } from '#engine/watch/rule-schema';
import { ruleSchema } from '#shared/desk/rules/rule';
import { condition } from '#tests/integration/journal/helpers';

const LEAST_MS = 60_000;
const RULE = 'risk-level';
const endings = (minActiveMs: number, isLatched = false): RuleEndings => new Map([[RULE, { minActiveMs, isLatched }]]);
const at = (transition: Condition['transition'], atMs: number, overrides: Partial<Condition> = {}): Condition =>
  condition(transition, { atMs, ...overrides });
const told = (conditions: readonly Condition[]): string[] => conditions.map(({ transition, atMs }) => `${transition} ${atMs}`);
const openSince = (sinceMs: number): OpenCondition => ({ ...at('raised', sinceMs), state: 'active', sinceMs });

describe('the least time for which a condition stays on', () => {
  it('keeps its end back until it is reached, and tells it then', () => {
    const least = new LeastTimeOn(endings(LEAST_MS), []);
    expect(told(least.take([at('raised', 0)], 0))).toEqual(['raised 0']);
    expect(least.take([at('cleared', 5000)], 5000)).toEqual([]);
    expect(least.due(LEAST_MS - 1, true)).toEqual([]);
    expect(told(least.due(LEAST_MS, true))).toEqual([`cleared ${LEAST_MS}`]);
    expect(least.due(LEAST_MS + 1000, true)).toEqual([]);
  });

  it('keeps back nothing that has been on for long enough, nor what has no such setting', () => {
    const least = new LeastTimeOn(endings(LEAST_MS), []);
    least.take([at('raised', 0)], 0);
    expect(told(least.take([at('cleared', LEAST_MS)], LEAST_MS))).toEqual([`cleared ${LEAST_MS}`]);
    const none = new LeastTimeOn(new Map(), []);
    none.take([at('raised', 0)], 0);
    expect(told(none.take([at('cleared', 1)], 1))).toEqual(['cleared 1']);
  });

  it('takes what comes back meanwhile as never over: no end, no second beginning, and the time counts from the first', () => {
    const least = new LeastTimeOn(endings(LEAST_MS), []);
    least.take([at('raised', 0)], 0);
    least.take([at('cleared', 5000)], 5000);
    const back = least.take([at('raised', 9000, { severity: 'critical' })], 9000);
    expect(back).toMatchObject([{ transition: 'changed', severity: 'critical' }]);
    expect(least.due(LEAST_MS, true)).toEqual([]);
    expect(told(least.take([at('cleared', LEAST_MS)], LEAST_MS))).toEqual([`cleared ${LEAST_MS}`]);
  });

  it('ends nothing while no live data could show that it came back, but for the source itself', () => {
    const least = new LeastTimeOn(endings(LEAST_MS), []);
    const feed = { entity: 'feed:main' };
    least.take([at('raised', 0), at('raised', 0, feed)], 0);
    least.take([at('cleared', 10), at('cleared', 10, feed)], 10);
    expect(least.due(LEAST_MS, false).map(({ entity }) => entity)).toEqual(['feed:main']);
    expect(told(least.due(LEAST_MS + 500, true))).toEqual([`cleared ${LEAST_MS + 500}`]);
  });

  it('goes on over a restart from when the condition began', () => {
    const least = new LeastTimeOn(endings(LEAST_MS), [openSince(1000)]);
    expect(least.take([at('cleared', 30_000)], 30_000)).toEqual([]);
    expect(told(least.due(LEAST_MS + 1000, true))).toEqual([`cleared ${LEAST_MS + 1000}`]);
  });

  it('forgets an end that was seen by other rules: those in force judge anew', () => {
    const least = new LeastTimeOn(endings(LEAST_MS), []);
    least.take([at('raised', 0)], 0);
    least.take([at('cleared', 5000)], 5000);
    least.setRules(endings(1000), [openSince(0)]);
    expect(least.due(2 * LEAST_MS, true)).toEqual([]);
    expect(told(least.take([at('cleared', 70_000)], 70_000))).toEqual(['cleared 70000']);
  });

  it('still ends what a new trading day has ended for good', () => {
    const least = new LeastTimeOn(endings(LEAST_MS), []);
    least.take([at('raised', 0)], 0);
    const over = at('cleared', 5000);
    least.take([{ ...over, reason: { ...over.reason, params: { endedBy: 'tradingDayOver' } } }], 5000);
    least.setRules(endings(LEAST_MS), [openSince(0)]);
    expect(told(least.due(LEAST_MS, true))).toEqual([`cleared ${LEAST_MS}`]);
  });

  it('says of each end whether a person has to have seen it', () => {
    const least = new LeastTimeOn(endings(LEAST_MS, true), []);
    least.take([at('raised', 0)], 0);
    least.take([at('cleared', 5000)], 5000);
    expect(least.due(LEAST_MS, true)).toMatchObject([{ transition: 'cleared', isLatched: true }]);
    const latched = new LeastTimeOn(endings(0, true), []);
    latched.take([at('raised', 0)], 0);
    expect(latched.take([at('cleared', 1)], 1)).toMatchObject([{ isLatched: true }]);
  });
});

describe('the settings of a rule', () => {
  const rule = bundledRules()[0];

  it('are left out by rules of before, which end by their delays alone', () => {
    expect(packOf(bundledRules()).endings.size).toBe(0);
    expect(ruleSchema.safeParse(rule).success).toBe(true);
  });

  it('are refused by name when they cannot be used', () => {
    for (const [part, field] of [
      [{ minActiveMs: -1 }, 'minActiveMs'],
      [{ minActiveMs: Number.NaN }, 'minActiveMs'],
      [{ minActiveMs: 2 * 86_400_000 }, 'minActiveMs'],
      [{ isLatched: 'yes' }, 'isLatched'],
    ] as const)
      expect(ruleSchema.safeParse({ ...rule, ...part }).error?.issues[0]?.path).toEqual([field]);
  });
});
