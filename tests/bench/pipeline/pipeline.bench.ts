/** Socket to decode to kernel to condition, evaluated at the end of each message with the cache writer on: latency at two paces, and throughput beside the kernel alone. */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Book } from '#engine/book/book';
import { systemClock } from '#engine/clock';
import { MarketCore } from '#engine/core';
import { openWebSocketFeed, type WebSocketFeed } from '#engine/feeds/websocket/websocket-feed';
import { openPictureCache } from '#engine/store/picture-cache';
import { loadSqlite } from '#engine/store/sqlite-module';
import { bundledRulePack } from '#engine/watch/watch';
import type { IntakeEvent } from '#shared/feed/intake';
import { makeBookFixture, seededRandom } from '#tests/bench/book-fixture';
import { BOOK, QUOTES_PER_MESSAGE } from '#tests/bench/pipeline/plan';

const PACE_SECONDS = 5;
const FLOOD_MESSAGES = 10_000;

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
        latenciesMs.push(Number(process.hrtime.bigint()) / 1e6 - event.sourceTimeMs);
        onQuotes.handler?.();
      }
      if (event.type === 'picture') pictures.add(event.stream);
      if (pictures.size === 8) resolve();
    }
  });
  await whole;
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
    child.on('message', (message: { type: string }) => {
      if (message.type === type) resolve(message as Message);
    });
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

async function latencyAt(ticksPerSecond: number): Promise<{ ticksPerSecond: number; p50Ms: number; p95Ms: number; coalesced: number }> {
  const rig = await openRig('msgpack', false);
  const coalescedBefore = rig.feed.coalescedCount;
  const sent = messageFrom(rig.source, 'sent');
  rig.source.send({ type: 'pace', ticksPerSecond, seconds: PACE_SECONDS });
  await sent;
  const sorted = rig.latenciesMs.slice(Math.floor(rig.latenciesMs.length / 5)).sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  const result = { ticksPerSecond, p50Ms: at(0.5), p95Ms: at(0.95), coalesced: rig.feed.coalescedCount - coalescedBefore };
  await rig.stop();
  return result;
}

async function throughput(encoding: 'json' | 'msgpack'): Promise<number> {
  const rig = await openRig(encoding, true);
  const done = evaluated(rig, FLOOD_MESSAGES);
  const first = new Promise<number>((resolve) => messageFrom(rig.source, 'encoded').then(() => resolve(performance.now())));
  rig.source.send({ type: 'flood', messages: FLOOD_MESSAGES });
  const startedMs = await first;
  await done;
  const ticksPerSecond = (FLOOD_MESSAGES * QUOTES_PER_MESSAGE) / ((performance.now() - startedMs) / 1000);
  await rig.stop();
  return ticksPerSecond;
}

/** The same book and the same number of ticks in the same batches, prices only: what the rest of the way is measured against. */
function kernelAlone(): number {
  const book = new Book();
  book.apply(makeBookFixture(1, BOOK, false).events);
  book.evaluate();
  const random = seededRandom(2);
  const instruments = new Int32Array(QUOTES_PER_MESSAGE);
  const prices = new Float64Array(QUOTES_PER_MESSAGE);
  const batches = Array.from({ length: FLOOD_MESSAGES }, () => ({
    instruments: instruments.map(() => Math.floor(random() * BOOK.instruments)),
    prices: prices.map(() => 1000 + Math.floor(random() * 1000)),
  }));
  const startedMs = performance.now();
  for (const batch of batches) {
    book.kernel.setPrices(batch.instruments, batch.prices, QUOTES_PER_MESSAGE);
    book.kernel.evaluate();
  }
  return (FLOOD_MESSAGES * QUOTES_PER_MESSAGE) / ((performance.now() - startedMs) / 1000);
}

export async function run(): Promise<Record<string, unknown>> {
  const slow = await latencyAt(10_000);
  const fast = await latencyAt(100_000);
  const kernel = kernelAlone();
  const json = await throughput('json');
  const msgpack = await throughput('msgpack');
  return {
    book: BOOK,
    quotesPerMessage: QUOTES_PER_MESSAGE,
    latency: [slow, fast],
    p95RatioOf100kTo10k: { value: fast.p95Ms / slow.p95Ms, aim: 'at most 3' },
    ticksPerSecond: { kernelAlone: kernel, json, msgpack },
    jsonToKernel: { value: json / kernel, aim: 'at least 0.3' },
    msgpackToKernel: { value: msgpack / kernel, aim: 'at least 0.6' },
  };
}
