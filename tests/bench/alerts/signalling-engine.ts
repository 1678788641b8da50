/** The desk's own engine, in its own process, whose alert desk is told what a watch would tell it as soon as the bench asks: stands in the place of `#engine/engine`. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEngine as createRealEngine, type Engine } from '#engine/engine';
import { firstSignals, STEADY_AT_ONCE, STEADY_PER_SECOND, steadySignal } from '#tests/bench/alerts/signals';

export type { Engine };

type Parts = Parameters<typeof createRealEngine>[0];

/** The bench and this process share a folder and the machine's clock, and nothing else. */
export const ASKED_FILE = 'bench-asked.json';
export const TOLD_FILE = 'bench-told.json';
const LOOKS_EVERY_MS = 100;
const FIRST_AT_ONCE = 200;

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const nowMs = (): number => performance.timeOrigin + performance.now();

async function tell(engine: Engine, signals: number): Promise<[entity: string, dueAtMs: number][]> {
  const told: [string, number][] = [];
  const first = firstSignals(signals, Date.now());
  for (let sent = 0; sent < first.length; sent += FIRST_AT_ONCE) {
    engine.desk.alerts.onConditions(first.slice(sent, sent + FIRST_AT_ONCE));
    await pause(0);
  }
  const begunMs = nowMs();
  for (let sent = 0; sent < signals; sent += STEADY_AT_ONCE) {
    const dueMs = begunMs + (sent / STEADY_PER_SECOND) * 1000;
    if (dueMs > nowMs()) await pause(dueMs - nowMs());
    const conditions = Array.from({ length: STEADY_AT_ONCE }, (_, index) => steadySignal(sent + index, Date.now()));
    // From when it was due: a desk that falls behind must not look fast.
    for (const { entity, severity } of conditions) if (severity === 'critical') told.push([entity, dueMs]);
    engine.desk.alerts.onConditions(conditions);
    // What has been received meanwhile is served before the next are told.
    await new Promise((done) => setImmediate(done));
  }
  return told;
}

export async function createEngine(parts: Parts): Promise<Engine> {
  const engine = await createRealEngine(parts);
  const { dataDir } = parts.options as { dataDir: string };
  const asked = join(dataDir, ASKED_FILE);
  const timer = setInterval(() => {
    if (!existsSync(asked)) return;
    clearInterval(timer);
    void tell(engine, Number(readFileSync(asked, 'utf8'))).then((told) => {
      writeFileSync(join(dataDir, `${TOLD_FILE}.partial`), JSON.stringify(told));
      renameSync(join(dataDir, `${TOLD_FILE}.partial`), join(dataDir, TOLD_FILE));
    });
  }, LOOKS_EVERY_MS);
  return engine;
}
