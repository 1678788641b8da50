/** From a signal of the watch to the alert in a page's lane and to the painted row, at a steady rate, and a storm; on a real journal that is flushed to the disk. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AlertLane } from '#engine/port/alert-lane';
import type { Condition } from '#engine/watch/condition';
import type { Alert, Severity } from '#shared/desk/alerts/alert';
import { buildApp, measurePainted } from '#tests/bench/alerts/painted';
import { benchCondition, STORM_KEYS as KEYS, RULES, STEADY_AT_ONCE, STEADY_PER_SECOND, STORM_SIGNALS } from '#tests/bench/alerts/signals';
import { measureStorm } from '#tests/bench/alerts/storm';
import { openDesk, TestClock } from '#tests/integration/journal/helpers';

/** What one evaluation of the watch finds together in a storm. */
const STORM_AT_ONCE = 100;
const STEADY_SECONDS = 10;
const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low'];
const benchFolder = join(import.meta.dirname, '../../../node_modules/.cache');

class RealClock extends TestClock {
  override nowMs(): number {
    return Date.now();
  }
}

function signal(index: number, keys: number): Condition {
  const key = index % keys;
  const rule = `rule-${key % RULES}`;
  const transition = Math.floor(index / keys) % 2 === 0 ? 'raised' : 'cleared';
  return benchCondition(transition, rule, `account:A${key}`, SEVERITIES[key % 4] ?? 'low', Date.now());
}

function openBench(folder: string) {
  mkdirSync(folder, { recursive: true });
  const open = openDesk(folder, { clock: new RealClock(0) });
  const { desk } = open;
  const arrivals = new Map<string, number>();
  let firstMessageBytes = 0;
  const page: AlertLane = new AlertLane(
    () => ({
      alertSequence: () => open.journal.headSequence,
      alertSnapshot: () => desk.alerts.alertSnapshot(),
      alertsAfter: (sequence, limit) => desk.alerts.alertsAfter(sequence, limit),
    }),
    (message) => {
      if (message.t !== 'lane') return;
      if (message.snapshot) firstMessageBytes = JSON.stringify(message).length;
      const atMs = performance.now();
      for (const alert of message.alerts as Alert[]) arrivals.set(`${alert.entity} ${alert.reading}`, atMs);
      setImmediate(() => page.credit(message.sequence));
    },
    () => null,
  );
  open.journal.onAppended(() => page.flush());
  desk.delivery.begin();
  page.flush();
  const restart = (): number => {
    page.restart();
    return firstMessageBytes;
  };
  return { ...open, arrivals, restart };
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const at = (sorted: readonly number[], share: number): number =>
  Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN) * 100) / 100;

async function steady(folder: string) {
  const { desk, arrivals, close } = openBench(folder);
  const waits: number[] = [];
  const begunMs = performance.now();
  const total = STEADY_PER_SECOND * STEADY_SECONDS;
  for (let sent = 0; sent < total; sent += STEADY_AT_ONCE) {
    const dueMs = begunMs + (sent / STEADY_PER_SECOND) * 1000;
    if (dueMs > performance.now()) await pause(dueMs - performance.now());
    const conditions = Array.from({ length: STEADY_AT_ONCE }, (_, index) => signal(sent + index, 1_000));
    arrivals.clear();
    desk.alerts.onConditions(conditions);
    if (sent % (STEADY_PER_SECOND / 4) < STEADY_AT_ONCE) desk.delivery.tick();
    // From when the signal was due: a desk that falls behind must not look fast.
    while (conditions.some((each) => !arrivals.has(`${each.entity} ${each.transition === 'raised' ? 'on' : 'off'}`)))
      await new Promise((done) => setImmediate(done));
    waits.push(...conditions.map((each) => (arrivals.get(`${each.entity} ${each.transition === 'raised' ? 'on' : 'off'}`) ?? Number.NaN) - dueMs));
  }
  waits.sort((a, b) => a - b);
  await desk.delivery.stop();
  await close();
  return { p50: at(waits, 0.5), p99: at(waits, 0.99), max: at(waits, 1) };
}

async function storm(folder: string) {
  const { desk, restart, close } = openBench(folder);
  const begunMs = performance.now();
  for (let sent = 0; sent < STORM_SIGNALS; sent += STORM_AT_ONCE) {
    desk.alerts.onConditions(Array.from({ length: STORM_AT_ONCE }, (_, index) => signal(sent + index, KEYS)));
    if ((sent / STORM_AT_ONCE) % 25 === 0) {
      desk.delivery.tick();
      await pause(0);
    }
  }
  desk.delivery.tick();
  const seconds = (performance.now() - begunMs) / 1000;
  const open = Object.values(desk.alerts.totals().open).reduce((sum, count) => sum + count, 0);
  const bytes = restart();
  await desk.delivery.stop();
  await close();
  return { seconds: Math.round(seconds * 10) / 10, open, firstLaneMegabytes: Math.round(bytes / 10_000) / 100 };
}

export async function run(): Promise<Record<string, unknown>> {
  mkdirSync(benchFolder, { recursive: true });
  const folder = mkdtempSync(join(benchFolder, 'alerts-bench-'));
  try {
    const calm = await steady(join(folder, 'steady'));
    const many = await storm(join(folder, 'storm'));
    await buildApp();
    const painted = await measurePainted();
    const stormOnScreen = await measureStorm();
    return {
      signalToPaintedRowP99: painted,
      stormFramesPerSecond: stormOnScreen,
      signalToLaneP99: {
        value: calm.p99,
        unit: 'ms',
        aim: 'at most 300',
        p50: calm.p50,
        max: calm.max,
        signalsPerSecond: STEADY_PER_SECOND,
        rules: RULES,
      },
      stormSeconds: { value: many.seconds, unit: 's', aim: 'at most 60', signals: STORM_SIGNALS, keys: KEYS, openAlerts: many.open },
      firstLaneMessage: { value: many.firstLaneMegabytes, unit: 'MB', aim: 'at most 5', openAlerts: many.open },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
