/** `desk replay FILE`: plays a recording through the engine's own core and prints what it ends in. The same file gives the same bytes, every time. */
import { basename } from 'node:path';
import { z } from 'zod';
import { type CliIo, CliRefusal, EXIT } from '#cli/cli-io';
import { parseOptions, pathFrom, speedOption } from '#cli/options';
import type { CliCommand } from '#cli/program';
import { systemClock } from '#engine/clock';
import { RecordingReader } from '#engine/feeds/recording/recording-reader';
import { ReplaySession } from '#engine/replay-session';
import { bundledRulePack } from '#engine/watch/watch';
import type { AccountRow } from '#shared/contract/streams';
import type { Alert } from '#shared/desk/alerts/alert';

const optionsSchema = z.object({ json: z.boolean().default(false), speed: speedOption.default('max') });
const SHOWN_ACCOUNTS = 10;

/** Everything in it comes from the file: nothing of this machine, this moment or the way the file was read. */
export type ReplayResult = {
  ok: boolean;
  recording: { name: string; source: string; origin: string; ending: string; refusedLines: number };
  throughput: { events: number; items: number; evaluations: number; marketSeconds: number; firstMs: number | null; lastMs: number | null };
  tradingDay: string | null;
  /** Reference rows of the recording desk's own that the figures stand on, as the recording holds them. */
  ownRows: number;
  accounts: AccountRow[];
  alerts: Alert[];
};

export const replayCommand: CliCommand = {
  name: 'replay',
  describe(command) {
    command
      .description('play a recording through the engine and print final accounts, alerts and throughput')
      .argument('<file>', 'a recording made by `desk record`, `desk import` or the app')
      .option('--speed <factor>', '1 is the recorded pace, `max` as fast as it goes (max)');
  },
  async run(io, args, given) {
    const options = parseOptions(optionsSchema, given);
    const file = pathFrom(io, args[0] ?? '');
    const begunMs = performance.now();
    const result = await replayFile(file, options.speed, io.interrupted);
    if (result === null) return EXIT.interrupted;
    const seconds = (performance.now() - begunMs) / 1000;
    const rate = (count: number): string => Math.round(count / seconds).toLocaleString('en');
    io.err(`${rate(result.throughput.events)} events/s, ${rate(result.throughput.items)} items/s, ${seconds.toFixed(2)} s on this machine`);
    if (options.json) io.out(JSON.stringify(result));
    else print(result, io);
    return result.ok ? EXIT.ok : EXIT.findings;
  },
};

/** Null when it was interrupted. `chunkBytes` is how the file is cut while reading: it changes nothing. */
export async function replayFile(file: string, speed: number | 'max', interrupted: AbortSignal, chunkBytes?: number): Promise<ReplayResult | null> {
  const opened = await RecordingReader.open(file, chunkBytes === undefined ? {} : { chunkBytes });
  if (!opened.ok) throw new CliRefusal(EXIT.input, opened.message, opened.field);
  if (interrupted.aborted) return null;
  const reader = opened.value;
  const session = new ReplaySession({ reader, speed, clock: systemClock, rules: bundledRulePack() });
  const stop = (): void => void session.feed.stop();
  interrupted.addEventListener('abort', stop, { once: true });
  try {
    await session.play();
  } finally {
    interrupted.removeEventListener('abort', stop);
  }
  return session.feed.progress().finished ? resultOf(session, reader) : null;
}

function resultOf(session: ReplaySession, reader: RecordingReader): ReplayResult {
  const { book, core, time } = session;
  const { eventCount, itemCount, refusedLines } = session.feed.progress();
  const ending = reader.ending?.kind ?? 'damaged';
  const accounts = [...book.accountColumns().accountIDs].sort().flatMap((accountID) => book.accountRow(accountID) ?? []);
  const marketSeconds = time.firstMs === null || time.lastMs === null ? 0 : (time.lastMs - time.firstMs) / 1000;
  return {
    ok: ending === 'complete' && refusedLines === 0,
    recording: { name: basename(reader.file), source: reader.header.source, origin: reader.header.origin, ending, refusedLines },
    throughput: {
      events: eventCount,
      items: itemCount,
      evaluations: core.evaluationCount,
      marketSeconds,
      firstMs: time.firstMs,
      lastMs: time.lastMs,
    },
    tradingDay: book.tradingDay,
    ownRows: book.reference.own.rows.length,
    accounts,
    alerts: [...session.alerts.alertSnapshot()],
  };
}

function print(result: ReplayResult, io: CliIo): void {
  const { recording, throughput, accounts, alerts } = result;
  io.out(`${recording.name} (${recording.source}): ${recording.ending}, trading day ${result.tradingDay ?? 'unknown'}`);
  io.out(`${throughput.events} events, ${throughput.items} items, ${throughput.marketSeconds} market seconds, ${throughput.evaluations} evaluations`);
  if (recording.refusedLines > 0) io.out(`${recording.refusedLines} lines were refused`);
  if (result.ownRows > 0) io.out(`${result.ownRows} reference rows were supplied at the desk that recorded this`);
  const degree = (row: AccountRow): number => row.riskDegree ?? Number.POSITIVE_INFINITY;
  io.out(`${accounts.length} accounts; the worst:`);
  for (const row of [...accounts].sort((a, b) => degree(b) - degree(a)).slice(0, SHOWN_ACCOUNTS)) {
    const shown = row.riskDegree === null ? `unknown (${row.reason ?? row.level})` : `${(row.riskDegree * 100).toFixed(1)} %`;
    io.out(`  ${row.accountID}  ${row.level}  degree ${shown}  balance ${row.balance?.toFixed(2) ?? 'unknown'} ${row.currencyID}`);
  }
  io.out(`${alerts.length} alerts:`);
  for (const alert of alerts) {
    const level = String(alert.reason.params.level ?? '');
    io.out(`  ${new Date(alert.raisedAtMs).toISOString()}  ${alert.severity}  ${alert.kind} ${level}  ${alert.entity}  ${alert.condition}`);
  }
}
