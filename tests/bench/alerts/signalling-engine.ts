/** The desk's own engine, in its own process, whose alert desk is told what a watch would tell it as soon as the bench asks: stands in the place of `#engine/engine`. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { SignalGroup } from '#engine/desk/alerts/signal-group';
import { createEngine as createRealEngine, type Engine } from '#engine/engine';
import {
  type Asked,
  firstSignals,
  STEADY_AT_ONCE,
  STEADY_PER_SECOND,
  STORM_PER_SECOND,
  steadySignal,
  stormSignal,
} from '#tests/bench/alerts/signals';

export type { Engine };

type Parts = Parameters<typeof createRealEngine>[0];

/** The bench and this process share a folder and the machine's clock, and nothing else. */
export const ASKED_FILE = 'bench-asked.json';
export const TOLD_FILE = 'bench-told.json';
const LOOKS_EVERY_MS = 100;
const FIRST_AT_ONCE = 200;
/** What the bench reads when all has been told. */
export type Told = { probes: [entity: string, dueAtMs: number][]; processorSeconds: number; commits: number };

/** A socket that is read late gives up what has arrived, at most 64 KiB at a time: so many messages of twenty quotes. */
const MESSAGES_PER_READ = 30;

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const nowMs = (): number => performance.timeOrigin + performance.now();

async function tell(engine: Engine, asked: Asked): Promise<Told> {
  const { signals } = asked;
  const [perSecond, signalAt] = asked.kind === 'storm' ? [STORM_PER_SECOND, stormSignal] : [STEADY_PER_SECOND, steadySignal];
  const probes: Told['probes'] = [];
  let commits = 0;
  const watch = new SignalGroup(engine.desk.alerts, setImmediate);
  const turn = (): Promise<void> => new Promise((done) => setImmediate(done));
  // A storm is about whoever it is about, told of before or not.
  const first = asked.kind === 'storm' ? [] : firstSignals(signals, Date.now());
  for (let sent = 0; sent < first.length; sent += FIRST_AT_ONCE) {
    watch.onConditions(first.slice(sent, sent + FIRST_AT_ONCE));
    await pause(0);
  }
  const endCounting = engine.desk.onAppended(([entry]) => {
    if (entry?.actor === 'watch') commits += 1;
  });
  const before = process.cpuUsage();
  const begunMs = nowMs();
  let messages = 0;
  for (let sent = 0; sent < signals; sent += STEADY_AT_ONCE) {
    const dueMs = begunMs + (sent / perSecond) * 1000;
    if (dueMs > nowMs() || messages === MESSAGES_PER_READ) {
      // What has been received meanwhile is served before the next are told.
      await turn();
      messages = 0;
      if (dueMs > nowMs()) await pause(dueMs - nowMs());
    }
    messages += 1;
    const conditions = Array.from({ length: STEADY_AT_ONCE }, (_, index) => signalAt(sent + index, Date.now()));
    // From when it was due: a desk that falls behind must not look fast.
    for (const { entity, severity } of conditions) if (severity === 'critical') probes.push([entity, dueMs]);
    watch.onConditions(conditions);
  }
  await turn();
  endCounting();
  const { user, system } = process.cpuUsage(before);
  return { probes, processorSeconds: Math.round((user + system) / 10_000) / 100, commits };
}

export async function createEngine(parts: Parts): Promise<Engine> {
  const engine = await createRealEngine(parts);
  const { dataDir } = parts.options as { dataDir: string };
  const asked = join(dataDir, ASKED_FILE);
  const timer = setInterval(() => {
    if (!existsSync(asked)) return;
    clearInterval(timer);
    void tell(engine, JSON.parse(readFileSync(asked, 'utf8')) as Asked).then((told) => {
      writeFileSync(join(dataDir, `${TOLD_FILE}.partial`), JSON.stringify(told));
      renameSync(join(dataDir, `${TOLD_FILE}.partial`), join(dataDir, TOLD_FILE));
    });
  }, LOOKS_EVERY_MS);
  return engine;
}
