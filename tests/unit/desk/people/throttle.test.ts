/** The wait after wrong secrets: never shorter than the failures earned, never endless, whatever the clock does. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadAccessData } from '#engine/desk/people/access-data';
import { findResourcesFolder } from '#engine/resources';
import { afterFailure, delayMs, judgeThrottle, NOT_THROTTLED, type Throttle } from '#shared/desk/people/throttle';

const { rules } = loadAccessData(findResourcesFolder());
const rule = rules.throttle.secret;

describe('the throttle', () => {
  it('grows with every failure up to its longest, and costs nothing for the first slips', () => {
    expect(delayMs(rule.freeFailures, rule)).toBe(0);
    const delays = Array.from({ length: 20 }, (_, index) => delayMs(index, rule));
    expect(delays).toEqual([...delays].sort((a, b) => a - b));
    expect(Math.max(...delays)).toBe(rule.longestDelayMs);
  });

  it('lets an attacker who never stops try no more than a few dozen secrets a day', () => {
    let throttle = NOT_THROTTLED;
    let nowMs = 1_000_000;
    let tries = 0;
    const endMs = nowMs + 86_400_000;
    while (nowMs < endMs) {
      if (judgeThrottle(throttle, nowMs).kind === 'open') {
        tries += 1;
        throttle = afterFailure(throttle, rule, nowMs);
      } else nowMs = throttle.untilMs;
    }
    // After the tenth each further try costs a whole lock-out.
    expect(tries).toBeLessThanOrEqual(10 + 86_400_000 / rule.lockOutMs + 1);
  });

  it('stays closed for exactly what was earned, for every time before it, and is open after it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 0, max: 4_000_000_000 }),
        fc.integer({ min: -5_000_000, max: 5_000_000 }),
        (failures, atMs, shift) => {
          let throttle: Throttle = NOT_THROTTLED;
          for (let count = 0; count < failures; count += 1) throttle = afterFailure(throttle, rule, atMs);
          const earnedMs = throttle.untilMs - atMs;
          const verdict = judgeThrottle(throttle, atMs + shift);
          expect(throttle.isLockedOut).toBe(failures >= rule.lockOutAfter);
          if (shift >= 0) expect(verdict.kind).toBe(shift >= earnedMs ? 'open' : 'wait');
          // Put back by more than was earned, the clock is wrong beyond doubt: the wait must not last until it is right again.
          else if (shift < -earnedMs) expect(verdict.kind).toBe('open');
        },
      ),
    );
  });
});
