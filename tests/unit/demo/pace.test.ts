import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPace } from '#demo/server/pace';

describe('the pace of the demonstration', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  /** Runs the pace over `wallMs` with a clock that follows the fake timers; `stepCostMs` is what a step takes. */
  function run(speed: number, wallMs: number, stepCostMs = 0): number {
    let clockMs = 0;
    let steps = 0;
    const advance = (count: number): void => {
      steps += count;
      clockMs += stepCostMs;
    };
    const pace = createPace({ stepMs: 50, speed, monotonicMs: () => clockMs, advance });
    pace.start();
    for (let passed = 0; passed < wallMs; passed += 5) {
      clockMs += 5;
      vi.advanceTimersByTime(5);
    }
    pace.stop();
    return steps;
  }

  it('keeps market time in step with wall time, at any speed', () => {
    expect(run(1, 10_000)).toBeGreaterThanOrEqual(198);
    expect(run(1, 10_000)).toBeLessThanOrEqual(200);
    expect(run(20, 1_000)).toBeGreaterThanOrEqual(390);
    expect(run(20, 1_000)).toBeLessThanOrEqual(400);
  });

  it('lets a long sleep go by instead of racing after it', () => {
    let clockMs = 0;
    let steps = 0;
    const advance = (count: number): void => {
      steps += count;
    };
    const pace = createPace({ stepMs: 50, speed: 1, monotonicMs: () => clockMs, advance });
    pace.start();
    clockMs = 8 * 3_600_000;
    vi.advanceTimersByTime(1_000);
    pace.stop();
    expect(steps).toBe(40);
  });

  it('gives the sockets their turn when steps are slower than the market', () => {
    let clockMs = 0;
    let stepsInTurn = 0;
    const pace = createPace({
      stepMs: 50,
      speed: 100,
      monotonicMs: () => clockMs,
      advance: () => {
        stepsInTurn += 1;
        clockMs += 10;
      },
    });
    pace.start();
    clockMs = 1_000;
    vi.advanceTimersToNextTimer();
    expect(stepsInTurn).toBeLessThanOrEqual(5);
    pace.stop();
  });
});
