/** The real page under twenty thousand quotes a second: the longest gap between two frames, and whether its heap grows. FLOORWATCH_BENCH_MINUTES=10 for the long run. */
import { rmSync } from 'node:fs';
import type { CDPSession, Page } from '@playwright/test';
import { WebSocket } from 'ws';
import { FEED_PROTOCOL, FEED_SUBPROTOCOLS } from '#shared/feed/messages';
import { launchDesk, untilReady } from '#tests/helpers/e2e-desk';
import { startFeed } from '#tests/helpers/e2e-feed';

const QUOTES_PER_SECOND = 20_000;
const MINUTES = Number(process.env.FLOORWATCH_BENCH_MINUTES ?? 1);
const HEAP_SAMPLES = Math.max(6, Math.round(MINUTES * 6));
/** The first screens, fonts and compiled code are not a leak. */
const WARM_UP_MS = 15_000;
/** Below this a minute of heap is flat: rows that come and go, and what the collector leaves for later. */
const FLAT_BYTES_PER_MINUTE = 512 * 1024;

type Frames = { count: number; longestMs: number; over100Ms: number; over50Ms: number; p99Ms: number };
type FrameWatch = { gapsMs: number[]; lastMs: number | null };
type WatchedWindow = Window & { frameWatch?: FrameWatch };

function watchFrames(page: Page): Promise<void> {
  return page.evaluate(() => {
    const watch: FrameWatch = { gapsMs: [], lastMs: null };
    (window as WatchedWindow).frameWatch = watch;
    const onFrame = (nowMs: number): void => {
      if (watch.lastMs !== null) watch.gapsMs.push(nowMs - watch.lastMs);
      watch.lastMs = nowMs;
      requestAnimationFrame(onFrame);
    };
    requestAnimationFrame(onFrame);
  });
}

/** Gaps so far; the time until the next frame is not counted, as a full collection is asked for in it. */
function takeGaps(page: Page): Promise<number[]> {
  return page.evaluate(() => {
    const watch = (window as WatchedWindow).frameWatch;
    if (watch === undefined) return [];
    watch.lastMs = null;
    return watch.gapsMs.splice(0);
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
    const gapsMs: number[] = [];
    const heap: { minute: number; bytes: number }[] = [];
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const busyBefore = await mainThreadSeconds(session);
    const startedMs = performance.now();
    for (let sample = 0; sample <= HEAP_SAMPLES; sample++) {
      gapsMs.push(...(await takeGaps(page)));
      heap.push({ minute: (performance.now() - startedMs) / 60_000, bytes: await heapBytes(page, session) });
      if (sample < HEAP_SAMPLES) await page.waitForTimeout((MINUTES * 60_000) / HEAP_SAMPLES);
    }
    gapsMs.sort((a, b) => a - b);
    const frames: Frames = {
      count: gapsMs.length,
      longestMs: gapsMs.at(-1) ?? Number.NaN,
      over100Ms: gapsMs.filter((gap) => gap > 100).length,
      over50Ms: gapsMs.filter((gap) => gap > 50).length,
      p99Ms: gapsMs[Math.floor(gapsMs.length * 0.99)] ?? Number.NaN,
    };
    // The first half still fills caches and pools.
    const heapSlope = slopeOf(heap.slice(Math.floor(heap.length / 2)));
    const busyShare = ((await mainThreadSeconds(session)) - busyBefore) / ((performance.now() - startedMs) / 1000);
    return {
      minutes: MINUTES,
      quotesPerSecond: sentPerSecond,
      frames,
      mainThreadProcessorShare: busyShare,
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
