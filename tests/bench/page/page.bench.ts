/** The real page under twenty thousand quotes a second: the longest gap between two frames, and whether its heap grows. FLOORWATCH_BENCH_MINUTES=10 for the long run. */
import { rmSync } from 'node:fs';
import type { CDPSession, Page } from '@playwright/test';
import { WebSocket } from 'ws';
import { FEED_PROTOCOL, FEED_SUBPROTOCOLS } from '#shared/feed/messages';
import { longestPageTaskMs, processorShares, processorUsage } from '#tests/bench/page/processor';
import { launchDesk, untilReady } from '#tests/helpers/e2e-desk';
import { startFeed } from '#tests/helpers/e2e-feed';

const QUOTES_PER_SECOND = 20_000;
const MINUTES = Number(process.env.FLOORWATCH_BENCH_MINUTES ?? 1);
const HEAP_SAMPLES = Math.max(6, Math.round(MINUTES * 6));
/** After a full collection, which only the bench asks for, code is compiled anew: those frames are counted by themselves. */
const AFTER_COLLECTION_MS = 1_500;
/** The first screens, fonts and compiled code are not a leak. */
const WARM_UP_MS = 15_000;
/** After the frames are counted, as tracing them costs something too. */
const TRACED_SECONDS = 15;
/** Below this a minute of heap is flat: rows that come and go, and what the collector leaves for later. */
const FLAT_BYTES_PER_MINUTE = 512 * 1024;

type Frames = { count: number; longestMs: number; over100Ms: number; over50Ms: number; p99Ms: number };
/** `sinceMs`: when the gap began, by the page's clock. */
type Gap = { sinceMs: number; gapMs: number };
type FrameWatch = { gaps: Gap[]; lastMs: number | null };
type WatchedWindow = Window & { frameWatch?: FrameWatch };

function watchFrames(page: Page): Promise<void> {
  return page.evaluate(() => {
    const watch: FrameWatch = { gaps: [], lastMs: null };
    (window as WatchedWindow).frameWatch = watch;
    const onFrame = (nowMs: number): void => {
      if (watch.lastMs !== null) watch.gaps.push({ sinceMs: watch.lastMs, gapMs: nowMs - watch.lastMs });
      watch.lastMs = nowMs;
      requestAnimationFrame(onFrame);
    };
    requestAnimationFrame(onFrame);
  });
}

/** Gaps so far; the time until the next frame is not counted, as a full collection is asked for in it. */
function takeGaps(page: Page): Promise<{ gaps: Gap[]; nowMs: number }> {
  return page.evaluate(() => {
    const watch = (window as WatchedWindow).frameWatch;
    if (watch === undefined) return { gaps: [], nowMs: performance.now() };
    watch.lastMs = null;
    return { gaps: watch.gaps.splice(0), nowMs: performance.now() };
  });
}

async function heapBytes(page: Page, session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  // The frame that waited for the collector is over before frames count again.
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        requestAnimationFrame(() => {
          const watch = (window as WatchedWindow).frameWatch;
          if (watch !== undefined) watch.lastMs = null;
          resolve();
        });
      }),
  );
  return usedSize;
}

/** Processor time of the page's own tasks: unlike a gap, it does not grow because other programs want the machine. */
async function mainThreadSeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
}

function framesOf(gaps: readonly Gap[]): Frames {
  const gapsMs = gaps.map(({ gapMs }) => gapMs).sort((a, b) => a - b);
  return {
    count: gapsMs.length,
    longestMs: gapsMs.at(-1) ?? Number.NaN,
    over100Ms: gapsMs.filter((gap) => gap > 100).length,
    over50Ms: gapsMs.filter((gap) => gap > 50).length,
    p99Ms: gapsMs[Math.floor(gapsMs.length * 0.99)] ?? Number.NaN,
  };
}

/** Least squares: bytes per minute. */
function slopeOf(samples: readonly { minute: number; bytes: number }[]): number {
  const meanMinute = samples.reduce((sum, { minute }) => sum + minute, 0) / samples.length;
  const meanBytes = samples.reduce((sum, { bytes }) => sum + bytes, 0) / samples.length;
  const above = samples.reduce((sum, { minute, bytes }) => sum + (minute - meanMinute) * (bytes - meanBytes), 0);
  const below = samples.reduce((sum, { minute }) => sum + (minute - meanMinute) ** 2, 0);
  return above / below;
}

/** What the source really sends, heard by a listener of its own. */
async function quotesPerSecond(url: string): Promise<number> {
  const socket = new WebSocket(url, FEED_SUBPROTOCOLS.json);
  let quotes = 0;
  let fromMs = 0;
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', protocol: FEED_PROTOCOL, client: 'bench' })));
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(String(data)) as { type: string; items?: unknown[] };
      if (message.type === 'welcome') socket.send(JSON.stringify({ type: 'subscribe', streams: [{ stream: 'quotes' }] }));
      if (message.type === 'snapshotEnd') fromMs = performance.now();
      if (message.type !== 'data' || fromMs === 0) return;
      quotes += message.items?.length ?? 0;
      const tookMs = performance.now() - fromMs;
      if (tookMs < 3_000) return;
      socket.terminate();
      resolve((quotes * 1000) / tookMs);
    });
  });
}

export async function run(): Promise<Record<string, unknown>> {
  const feed = await startFeed([`--quotes-per-second=${QUOTES_PER_SECOND}`, '--phase=busy']);
  const desk = await launchDesk({ args: [`--demo-url=${feed.url}`] });
  try {
    const { page } = desk;
    await untilReady(page);
    await page.locator('[data-testid="status-feed-demo"][data-state="live"]').waitFor({ timeout: 60_000 });
    await page.getByTestId('heatmap').waitFor();
    const sentPerSecond = await quotesPerSecond(feed.url);
    const session = await page.context().newCDPSession(page);
    await page.waitForTimeout(WARM_UP_MS);
    await watchFrames(page);
    const gaps: Gap[] = [];
    const collectedAtMs: number[] = [];
    const heap: { minute: number; bytes: number }[] = [];
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const busyBefore = await mainThreadSeconds(session);
    const usageBefore = await processorUsage(desk.app);
    const startedMs = performance.now();
    for (let sample = 0; sample <= HEAP_SAMPLES; sample++) {
      const seen = await takeGaps(page);
      gaps.push(...seen.gaps);
      collectedAtMs.push(seen.nowMs);
      heap.push({ minute: (performance.now() - startedMs) / 60_000, bytes: await heapBytes(page, session) });
      if (sample < HEAP_SAMPLES) await page.waitForTimeout((MINUTES * 60_000) / HEAP_SAMPLES);
    }
    const isAfterCollection = ({ sinceMs }: Gap) => collectedAtMs.some((atMs) => sinceMs >= atMs && sinceMs < atMs + AFTER_COLLECTION_MS);
    const frames = framesOf(gaps.filter((gap) => !isAfterCollection(gap)));
    const framesAfterCollections = framesOf(gaps.filter(isAfterCollection));
    // The first half still fills caches and pools.
    const heapSlope = slopeOf(heap.slice(Math.floor(heap.length / 2)));
    const shares = processorShares(usageBefore, await processorUsage(desk.app));
    const busyShare = ((await mainThreadSeconds(session)) - busyBefore) / ((performance.now() - startedMs) / 1000);
    return {
      minutes: MINUTES,
      quotesPerSecond: sentPerSecond,
      frames,
      framesAfterCollections,
      mainThreadProcessorShare: busyShare,
      processorShares: shares,
      longestTaskProcessorMs: await longestPageTaskMs(desk.app, TRACED_SECONDS),
      longestGapMs: { value: frames.longestMs, aim: 'at most 100' },
      heapSlopeBytesPerMinute: { value: heapSlope, aim: `flat: at most ${FLAT_BYTES_PER_MINUTE}`, isMet: heapSlope <= FLAT_BYTES_PER_MINUTE },
      heapBytes: heap.map(({ bytes }) => bytes),
      pageErrors: desk.pageErrors,
    };
  } finally {
    await desk.quit();
    await feed.stop();
    rmSync(desk.dataDir, { recursive: true, force: true });
  }
}
