/** `desk demo`: the demonstration broker on a loopback socket, with a headless desk on it unless only the feed is wanted. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { type CliIo, CliRefusal, EXIT } from '#cli/cli-io';
import { dayOption, numberOption, parseOptions, pathFrom, portOption, secondsOption, seedOption } from '#cli/options';
import type { CliCommand } from '#cli/program';
import { createBroker } from '#demo/broker';
import { dateOf, isTradingDay, nearestTradingDay } from '#demo/market/calendar';
import { PAST_PRICE_COLUMNS, pastPrices } from '#demo/market/past-prices';
import { type DemoServer, startDemoServer } from '#demo/server/demo-server';
import { createEngine } from '#engine/engine';

const DEFAULT_SEED = 20_260_921;
const optionsSchema = z.object({
  json: z.boolean().default(false),
  port: portOption.default(0),
  seed: seedOption.default(DEFAULT_SEED),
  accounts: numberOption.pipe(z.number().int('must be a whole number').min(10).max(10_000)).default(300),
  phase: z.enum(['auto', 'calm', 'busy', 'violent']).default('auto'),
  speed: numberOption.pipe(z.number().min(0.1).max(200)).default(1),
  tradingDay: dayOption.refine(isTradingDay, 'is not a trading day').optional(),
  seconds: secondsOption.optional(),
  dataDir: z.string().min(1).optional(),
  feedOnly: z.boolean().default(false),
  prices: numberOption.pipe(z.number().int('must be a whole number').min(1).max(2_000)).optional(),
});
type Options = z.infer<typeof optionsSchema>;
const FRAME_PACE_MS = 1000;

export const demoCommand: CliCommand = {
  name: 'demo',
  describe(command) {
    command
      .description('run the demonstration broker, and a desk without a screen on it')
      .option('--port <n>', 'port of the feed, 0 for any free one (0)')
      .option('--seed <n>', 'the same seed gives the same broker')
      .option('--accounts <n>', '10 to 10000 (300)')
      .option('--phase <name>', 'auto, calm, busy or violent (auto)')
      .option('--speed <factor>', 'market seconds per second, 0.1 to 200 (1)')
      .option('--trading-day <YYYYMMDD>', 'first trading day (today in China, or the next one)')
      .option('--seconds <n>', 'end after so many seconds')
      .option('--data-dir <folder>', 'where the desk keeps its journal (a temporary folder, removed at the end)')
      .option('--feed-only', 'only the feed, no desk')
      .option('--prices <days>', 'only print made-up settlement prices of so many days before, as a file for value at risk');
  },
  async run(io, _args, given) {
    const options = parseOptions(optionsSchema, given);
    const tradingDay = options.tradingDay ?? nearestTradingDay(dateOf(io.nowMs()));
    const { seed, accounts, phase, speed, port } = options;
    if (options.prices !== undefined) {
      io.out([PAST_PRICE_COLUMNS, ...pastPrices({ seed, tradingDay, days: options.prices })].join('\n'));
      return EXIT.ok;
    }
    let server: DemoServer;
    try {
      server = await startDemoServer({ broker: createBroker({ seed, accounts, tradingDay, phase }), port, speed });
    } catch (error) {
      throw new CliRefusal(EXIT.input, `the feed cannot listen on port ${port}: ${error instanceof Error ? error.message : String(error)}`, 'port');
    }
    try {
      say(io, options, { type: 'listening', url: server.url, seed, tradingDay, accounts }, `listening on ${server.url}`);
      if (options.feedOnly) await untilEnd(io, options);
      else await runDesk(io, options, server.url);
    } finally {
      await server.close();
    }
    return EXIT.ok;
  },
};

async function runDesk(io: CliIo, options: Options, demoUrl: string): Promise<void> {
  const dataDir = options.dataDir === undefined ? mkdtempSync(join(tmpdir(), 'floorwatch-demo-')) : pathFrom(io, options.dataDir);
  const sqliteModulePath = io.environment.FLOORWATCH_SQLITE_MODULE ?? null;
  const engine = await createEngine({
    options: { dataDir, demoUrl, isPackaged: false, sqliteModulePath, person: 'desk', mode: 'live', framePaceMs: FRAME_PACE_MS },
    report: (report) => {
      if (report.type !== 'notify') return;
      const level = String(report.params.level ?? '');
      say(io, options, { ...report, type: 'alert' }, `${report.severity}  ${report.kind} ${level}  ${report.entity}`);
    },
    log: (level, code, params) => {
      if (level !== 'info') io.err(JSON.stringify({ level, code, ...params }));
    },
  });
  try {
    await untilEnd(io, options);
    const { feeds, tradingDay, marketTimeMs, journal, unacknowledged } = engine.view.status(io.nowMs());
    const feed = feeds[0];
    const summary = {
      type: 'summary',
      state: feed?.state,
      tradingDay,
      marketTimeMs,
      entryCount: journal.entryCount,
      unacknowledged,
      ...engine.view.book().counts(),
    };
    say(io, options, summary, `feed ${feed?.state ?? 'none'}, ${summary.accounts} accounts, ${journal.entryCount} journal entries`);
  } finally {
    await engine.stop();
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
  }
}

function untilEnd(io: CliIo, options: Options): Promise<void> {
  return new Promise((resolve) => {
    if (io.interrupted.aborted) return resolve();
    const timer = options.seconds === undefined ? undefined : setTimeout(resolve, options.seconds * 1000);
    // A timer that still ran would keep the whole process until it is up.
    const end = (): void => {
      clearTimeout(timer);
      resolve();
    };
    io.interrupted.addEventListener('abort', end, { once: true });
  });
}

function say(io: CliIo, options: Options, json: Record<string, unknown>, text: string): void {
  io.out(options.json ? JSON.stringify(json) : text);
}
