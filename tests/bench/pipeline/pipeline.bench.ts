/** Socket to decode to kernel to condition, evaluated at the end of each message with the cache writer on: latency at two paces, and throughput beside the kernel alone. */

import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Book } from '#engine/book/book';
import { systemClock } from '#engine/clock';
import { MarketCore } from '#engine/core';
import { openWebSocketFeed, type WebSocketFeed } from '#engine/feeds/websocket/websocket-feed';
import { openPictureCache } from '#engine/store/picture-cache';
import { loadSqlite } from '#engine/store/sqlite-module';
import { bundledRulePack } from '#engine/watch/bundled-rules';
import type { IntakeEvent } from '#shared/feed/intake';
import { seededRandom } from '#tests/bench/book-fixture';
import { BOOK, QUOTES_PER_MESSAGE } from '#tests/bench/pipeline/plan';

const PACE_SECONDS = 2;
const PACE_ROUNDS = 5;
const FLOOD_MESSAGES = 4_000;
/** The first one warms up. */
const FLOOD_ROUNDS = 6;

type Rig = {
  book: Book;
  feed: WebSocketFeed;
  latenciesMs: number[];
  onQuotes: { handler: (() => void) | null };
  source: ChildProcess;
  stop(): Promise<void>;
};

async function openRig(encoding: 'json' | 'msgpack', isFlood: boolean): Promise<Rig> {
  const source = fork(new URL('./source.ts', import.meta.url), { execArgv: process.execArgv });
  const { port } = await messageFrom<{ port: number }>(source, 'listening');
  const directory = mkdtempSync(join(tmpdir(), 'pipeline-bench-'));
  const cache = openPictureCache({
    directory,
    sqlite: loadSqlite({ isPackaged: false, modulePath: null }),
    clock: systemClock,
    log: () => undefined,
    dataKey: { keyId: '00000000', bytes: randomBytes(32) },
  });
  const book = new Book();
  const core = new MarketCore({ book, rules: bundledRulePack(), open: [], sink: { onConditions: () => undefined }, sessionOf: () => 'open' });
  const opened = openWebSocketFeed({
    feedId: 'bench',
    url: `ws://127.0.0.1:${port}/feed`,
    encodings: [encoding],
    clock: systemClock,
    random: seededRandom(3),
    // Throughput counts every quote; a desk that is behind would leave old ones out.
    ...(isFlood ? { timings: { behindAfterMs: 3_600_000, turnBudgetMs: 3_600_000 } } : {}),
  });
  if (!opened.ok) throw new Error(opened.message);
  const feed = opened.value;
  const latenciesMs: number[] = [];
  const onQuotes: Rig['onQuotes'] = { handler: null };
  const pictures = new Set<string>();
  const whole = new Promise<void>((resolve) => {
    feed.start({
      onDeadLetter: (letter) => {
        throw new Error(letter.reason);
      },
      onEvents(events) {
        core.onMessage(events, Date.now());
        cache.put(events);
        for (const event of events) note(event);
      },
    });
    function note(event: IntakeEvent): void {
      if (event.type === 'items' && event.stream === 'quotes') {
        // Of the flood only the last is waited for: taking the time of each would be a part of what is measured.
        if (!isFlood) latenciesMs.push(Number(process.hrtime.bigint()) / 1e6 - event.sourceTimeMs);
        onQuotes.handler?.();
      }
      if (event.type === 'picture') pictures.add(event.stream);
      if (pictures.size === 8) resolve();
    }
  });
  await whole;
  // The picture's hundred thousand rows belong to the start, not to what is measured.
  while (cache.stats().queuedRows > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  return {
    book,
    feed,
    latenciesMs,
    onQuotes,
    source,
    async stop() {
      await feed.stop();
      await cache.close();
      source.kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function messageFrom<Message>(child: ChildProcess, type: string): Promise<Message> {
  return new Promise((resolve) => {
    const listen = (message: { type: string }) => {
      if (message.type !== type) return;
      child.off('message', listen);
      resolve(message as Message);
    };
    child.on('message', listen);
  });
}

/** Resolves when `count` more messages of quotes have been evaluated. */
function evaluated(rig: Rig, count: number): Promise<void> {
  let left = count;
  return new Promise((resolve) => {
    rig.onQuotes.handler = () => {
      left -= 1;
      if (left === 0) resolve();
    };
  });
}

/** `sourceP95LateMs`: how late the source itself was, which no receiver can make good. */
type Pace = { ticksPerSecond: number; p50Ms: number; p95Ms: number; coalesced: number; sourceP95LateMs: number };

async function latencyAt(rig: Rig, ticksPerSecond: number): Promise<Pace> {
  const coalescedBefore = rig.feed.coalescedCount;
  const encoded = messageFrom(rig.source, 'encoded');
  const sent = messageFrom<{ p95LatenessMs: number }>(rig.source, 'sent');
  rig.source.send({ type: 'pace', ticksPerSecond, seconds: PACE_SECONDS });
  await encoded;
  rig.latenciesMs.length = 0;
  rig.source.send({ type: 'go' });
  const { p95LatenessMs } = await sent;
  const sorted = rig.latenciesMs.slice(Math.floor(rig.latenciesMs.length / 5)).sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return { ticksPerSecond, p50Ms: at(0.5), p95Ms: at(0.95), coalesced: rig.feed.coalescedCount - coalescedBefore, sourceP95LateMs: p95LatenessMs };
}

/** In turns, so that a slow moment of the machine meets both paces. */
async function latencies(): Promise<[Pace, Pace]> {
  const rig = await openRig('msgpack', false);
  const slow: Pace[] = [];
  const fast: Pace[] = [];
  for (let round = 0; round < PACE_ROUNDS; round++) {
    slow.push(await latencyAt(rig, 10_000));
    fast.push(await latencyAt(rig, 100_000));
  }
  await rig.stop();
  const middle = (paces: Pace[]): Pace => {
    const of = (figure: (pace: Pace) => number) => median(paces.map(figure));
    return {
      ticksPerSecond: of((pace) => pace.ticksPerSecond),
      p50Ms: of((pace) => pace.p50Ms),
      p95Ms: of((pace) => pace.p95Ms),
      coalesced: of((pace) => pace.coalesced),
      sourceP95LateMs: of((pace) => pace.sourceP95LateMs),
    };
  };
  return [middle(slow), middle(fast)];
}

/** Microseconds per message: of this thread's processor, which other programs on the machine cannot take, and of the clock on the wall. */
type Cost = { cpuUs: number; wallUs: number };

function meter(): (messages: number) => Cost {
  const startedMs = performance.now();
  const before = process.threadCpuUsage();
  return (messages) => {
    const spent = process.threadCpuUsage(before);
    return { cpuUs: (spent.user + spent.system) / messages, wallUs: ((performance.now() - startedMs) * 1000) / messages };
  };
}

type Costs = { whole: Cost[]; kernel: Cost[]; evaluation: Cost[] };

/** The whole way beside the kernel alone, in turns: the same book, the same number of prices in the same batches. */
async function costs(encoding: 'json' | 'msgpack'): Promise<Costs> {
  const rig = await openRig(encoding, true);
  const whole: Cost[] = [];
  const kernel: Cost[] = [];
  const evaluation: Cost[] = [];
  for (let round = 0; round < FLOOD_ROUNDS; round++) {
    const encoded = messageFrom(rig.source, 'encoded');
    const sent = messageFrom(rig.source, 'sent');
    rig.source.send({ type: 'flood', messages: FLOOD_MESSAGES });
    await encoded;
    const done = evaluated(rig, FLOOD_MESSAGES);
    const measure = meter();
    rig.source.send({ type: 'go' });
    await done;
    whole.push(measure(FLOOD_MESSAGES));
    await sent;
    kernel.push(kernelAlone(rig.book, round, true));
    evaluation.push(kernelAlone(rig.book, round, false));
  }
  await rig.stop();
  return { whole: whole.slice(1), kernel: kernel.slice(1), evaluation: evaluation.slice(1) };
}

/**
 * Prices only, of the live book's own kernel. The yardstick gives every figure of every account after each message (equity, available, both degrees),
 * as it did when an evaluation still computed them all; without `isEveryFigureRead` only what the watch asks for with each message.
 */
function kernelAlone(book: Book, seed: number, isEveryFigureRead: boolean): Cost {
  const random = seededRandom(seed);
  const last = book.records.instruments.map((record) => record.quote?.lastPrice ?? 1000);
  const batches = Array.from({ length: FLOOD_MESSAGES }, () => {
    const instruments = Int32Array.from({ length: QUOTES_PER_MESSAGE }, () => Math.floor(random() * BOOK.instruments));
    const prices = Float64Array.from(instruments, (instrument) => {
      last[instrument] = Math.round(((last[instrument] ?? 0) + (Math.floor(random() * 5) - 2) * 0.02) * 100) / 100;
      return last[instrument];
    });
    return { instruments, prices };
  });
  const measure = meter();
  for (const batch of batches) {
    book.kernel.setPrices(batch.instruments, batch.prices, QUOTES_PER_MESSAGE);
    book.kernel.evaluate();
    if (isEveryFigureRead) book.kernel.settle();
  }
  return measure(FLOOD_MESSAGES);
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function ratio({ whole, kernel, evaluation }: Costs, aim: string): Record<string, unknown> {
  return {
    value: median(whole.map((cost, round) => (kernel[round]?.cpuUs ?? Number.NaN) / cost.cpuUs)),
    aim,
    kernelUs: median(kernel.map(({ cpuUs }) => cpuUs)),
    wholeUs: median(whole.map(({ cpuUs }) => cpuUs)),
    valueToEvaluationAlone: median(whole.map((cost, round) => (evaluation[round]?.cpuUs ?? Number.NaN) / cost.cpuUs)),
    evaluationUs: median(evaluation.map(({ cpuUs }) => cpuUs)),
    wallValue: median(whole.map((cost, round) => (kernel[round]?.wallUs ?? Number.NaN) / cost.wallUs)),
    ticksPerSecond: (QUOTES_PER_MESSAGE * 1e6) / median(whole.map(({ wallUs }) => wallUs)),
  };
}

export async function run(): Promise<Record<string, unknown>> {
  const [slow, fast] = await latencies();
  const json = await costs('json');
  const msgpack = await costs('msgpack');
  return {
    book: BOOK,
    quotesPerMessage: QUOTES_PER_MESSAGE,
    latency: [slow, fast],
    p95RatioOf100kTo10k: { value: fast.p95Ms / slow.p95Ms, aim: 'at most 3' },
    jsonToKernel: ratio(json, 'at least 0.3'),
    msgpackToKernel: ratio(msgpack, 'at least 0.6'),
  };
}
