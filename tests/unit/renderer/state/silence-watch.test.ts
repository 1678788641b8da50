/** When the page must say that the picture has stopped: an engine whose port stands and which yet says nothing. */
import { describe, expect, it } from 'vitest';
import { createSilenceWatch } from '../../../../src-renderer/state/silence-watch';

function setUp() {
  const engine = { heardAtMs: 0 as number | null, asked: 0, ask: (): void => undefined };
  engine.ask = () => {
    engine.asked += 1;
  };
  return { engine, watch: createSilenceWatch(engine) };
}

describe('silence of the engine', () => {
  it('is noticed within seconds, and dated from the last word', () => {
    const { engine, watch } = setUp();
    const said = [1000, 2000, 3000, 4000, 5000, 6000].map((nowMs) => watch.look(nowMs));
    expect(said).toEqual([null, null, null, null, 0, 0]);
    expect(engine.asked).toBe(1);
  });

  it('is none while the engine answers, though a hidden window is sent no pictures', () => {
    const { engine, watch } = setUp();
    for (let nowMs = 1000; nowMs <= 60_000; nowMs += 1000) {
      const before = engine.asked;
      expect(watch.look(nowMs)).toBeNull();
      if (engine.asked > before) engine.heardAtMs = nowMs + 5;
    }
    expect(engine.asked).toBeGreaterThan(5);
  });

  it('is none after a window slept: the first question is still unanswered then', () => {
    const { engine, watch } = setUp();
    expect(watch.look(3_600_000)).toBeNull();
    engine.heardAtMs = 3_600_010;
    expect(watch.look(3_601_000)).toBeNull();
  });

  it('ends with the first word, and with the engine itself', () => {
    const { engine, watch } = setUp();
    watch.look(3000);
    expect(watch.look(5000)).toBe(0);
    engine.heardAtMs = 5500;
    expect(watch.look(6000)).toBeNull();
    engine.heardAtMs = null;
    expect(watch.look(60_000)).toBeNull();
  });
});
