/** The ladder is what keeps alerts from flapping, hiding and lying: its promises hold for every sequence of values. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findTarget, type LadderTransition, newLadderState, stepLadder } from '#engine/watch/ladder';
import type { Threshold } from '#engine/watch/rule-schema';

const rung = (name: string, enter: number, exit: number): Threshold => ({
  name,
  metric: 'm',
  direction: 'above',
  enter,
  exit,
  severity: 'medium',
  citation: 'test',
  certainty: 'demonstration',
});
const RUNGS = [rung('warn', 0.8, 0.78), rung('call', 1, 0.98), rung('force', 1.2, 1.18)];
const values = (value: number) => RUNGS.map(() => value);
const delays = (onDelayMs: number, offDelayMs: number) => ({ onDelayMs, offDelayMs, unknownAfterMs: 1000 });

function run(series: readonly { value: number; atMs: number }[], onDelayMs = 0, offDelayMs = 0) {
  const state = newLadderState();
  const said: { transition: LadderTransition; rung: number; atMs: number; value: number }[] = [];
  for (const { value, atMs } of series) {
    const target = findTarget(RUNGS, values(value), state.rung, { rung: 0, isUnknownAbove: false });
    const transition = stepLadder(state, target, true, delays(onDelayMs, offDelayMs), atMs);
    if (transition !== null) said.push({ transition, rung: state.rung, atMs, value });
  }
  return { state, said };
}

const degree = fc.oneof({ weight: 9, arbitrary: fc.double({ min: 0.5, max: 1.5, noNaN: true }) }, { weight: 1, arbitrary: fc.constant(Number.NaN) });
const series = fc.array(fc.record({ value: degree, stepMs: fc.integer({ min: 0, max: 3000 }) }), { maxLength: 80 }).map((steps) => {
  let atMs = 0;
  return steps.map(({ value, stepMs }) => {
    atMs += stepMs;
    return { value, atMs };
  });
});

describe('a ladder', () => {
  it('raises at enter, holds between exit and enter, clears below exit', () => {
    const { said } = run([0.79, 0.8, 0.79, 0.781, 0.7799].map((value, index) => ({ value, atMs: index * 250 })));
    expect(said.map((one) => [one.transition, one.atMs])).toEqual([
      ['raised', 250],
      ['cleared', 1000],
    ]);
  });

  it('says nothing for a dip shorter than the off-delay', () => {
    const { said } = run(
      [0.9, 0.5, 0.9, 0.5, 0.9].map((value, index) => ({ value, atMs: index * 250 })),
      0,
      1000,
    );
    expect(said.map((one) => one.transition)).toEqual(['raised']);
  });

  it('does not rise on data it cannot see, and says unknown only after the time given', () => {
    const { said, state } = run([1.05, Number.NaN, Number.NaN, Number.NaN].map((value, index) => ({ value, atMs: index * 600 })));
    expect(said.map((one) => one.transition)).toEqual(['raised', 'unknown']);
    expect(state).toMatchObject({ rung: 2, isUnknown: true });
  });

  it('alternates begin and end, never begins twice, and never ends on a missing value', () => {
    fc.assert(
      fc.property(series, fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 0, max: 2000 }), (input, onDelayMs, offDelayMs) => {
        const { said } = run(input, onDelayMs, offDelayMs);
        let isOn = false;
        for (const one of said) {
          if (one.transition === 'raised') {
            expect(isOn).toBe(false);
            isOn = true;
          } else {
            expect(isOn).toBe(true);
            if (one.transition === 'cleared') isOn = false;
          }
          if (one.transition !== 'unknown') expect(one.value).not.toBeNaN();
        }
      }),
    );
  });

  it('without delays always stands on a rung that its own hysteresis allows for the newest known value', () => {
    fc.assert(
      fc.property(series, (input) => {
        const { state } = run(input);
        const newest = input.findLast((one) => !Number.isNaN(one.value))?.value;
        if (newest === undefined) {
          expect(state.rung).toBe(0);
          return;
        }
        const mustHold = RUNGS.findLastIndex((one) => newest >= one.enter) + 1;
        const mayHold = RUNGS.findLastIndex((one) => newest >= one.exit) + 1;
        expect(state.rung).toBeGreaterThanOrEqual(mustHold);
        expect(state.rung).toBeLessThanOrEqual(mayHold);
      }),
    );
  });

  it('stale data may raise but not clear', () => {
    const state = newLadderState();
    const step = (value: number, canFall: boolean, atMs: number) =>
      stepLadder(state, findTarget(RUNGS, values(value), state.rung, { rung: 0, isUnknownAbove: false }), canFall, delays(0, 0), atMs);
    expect(step(0.9, false, 0)).toBe('raised');
    expect(step(0.1, false, 1000)).toBeNull();
    expect(step(1.3, false, 2000)).toBe('changed');
    expect(step(0.1, true, 3000)).toBe('cleared');
  });
});
