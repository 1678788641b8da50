/** `desk record`: writes what a feed says into a recording, from its first snapshot on. */
import { rmSync } from 'node:fs';
import { z } from 'zod';
import { CliRefusal, EXIT } from '#cli/cli-io';
import { feedUrlOption, numberOption, parseOptions, pathFrom, secondsOption } from '#cli/options';
import type { CliCommand } from '#cli/program';
import { systemClock } from '#engine/clock';
import { RecordingWriter } from '#engine/feeds/recording/recording-writer';
import { openWebSocketFeed } from '#engine/feeds/websocket/websocket-feed';

const optionsSchema = z.object({
  json: z.boolean().default(false),
  url: feedUrlOption,
  out: z.string().min(1),
  seconds: secondsOption.optional(),
  events: numberOption.pipe(z.number().int('must be a whole number').min(1)).optional(),
  encoding: z.enum(['json', 'msgpack']).default('msgpack'),
  token: z.string().max(4096).optional(),
});
const FIRST_ANSWER_MS = 10_000;

export const recordCommand: CliCommand = {
  name: 'record',
  describe(command) {
    command
      .description('record a feed until interrupted, or for a time or a number of events')
      .requiredOption('--url <address>', 'the feed: wss://… or, on this machine, ws://…')
      .requiredOption('--out <file>', 'the recording to write (NAME.fwrec.gz); never written over')
      .option('--seconds <n>', 'end after so many seconds')
      .option('--events <n>', 'end after so many events')
      .option('--encoding <name>', 'json or msgpack (msgpack)')
      .option('--token <text>', 'what the feed asks for in its hello (better: FLOORWATCH_FEED_TOKEN)');
  },
  async run(io, _args, given) {
    const options = parseOptions(optionsSchema, given);
    const token = options.token ?? io.environment.FLOORWATCH_FEED_TOKEN;
    const encodings = options.encoding === 'json' ? (['json'] as const) : (['msgpack', 'json'] as const);
    const opened = openWebSocketFeed({ feedId: 'recorded', url: options.url, token, encodings, clock: systemClock, random: Math.random });
    if (!opened.ok) throw new CliRefusal(EXIT.usage, opened.message, opened.field);
    const feed = opened.value;
    const file = pathFrom(io, options.out);
    const created = await RecordingWriter.create({ file, header: { createdAtMs: io.nowMs(), source: new URL(options.url).host, origin: 'live' } });
    if (!created.ok) throw new CliRefusal(EXIT.input, created.message, 'out');
    const writer = created.value;

    const end = new AbortController();
    let refusedCount = 0;
    let hasBeenUp = false;
    feed.start({
      onEvents: (events) => {
        if (end.signal.aborted) return;
        hasBeenUp ||= events.some((event) => event.type === 'link' && event.state === 'up');
        const room = options.events === undefined ? events.length : options.events - writer.picture().eventCount;
        writer.append(events.slice(0, room));
        const { eventCount, state } = writer.picture();
        if (state === 'failed' || eventCount === options.events) end.abort();
      },
      onDeadLetter: () => {
        refusedCount += 1;
      },
    });
    const timers = [setTimeout(() => (hasBeenUp ? undefined : end.abort()), FIRST_ANSWER_MS)];
    if (options.seconds !== undefined) timers.push(setTimeout(() => end.abort(), options.seconds * 1000));
    await new Promise<void>((resolve) => {
      for (const signal of [end.signal, io.interrupted]) {
        if (signal.aborted) resolve();
        signal.addEventListener('abort', () => resolve(), { once: true });
      }
    });
    for (const timer of timers) clearTimeout(timer);
    end.abort();
    const { reason, source } = feed.picture();
    await feed.stop();
    const written = await writer.close();
    if (!hasBeenUp) {
      /* Made by this very run, and there is nothing in it. */
      rmSync(file, { force: true });
      throw new CliRefusal(EXIT.unreachable, `${options.url} did not answer: ${reason}`, 'url');
    }
    if (written.state === 'failed') throw new CliRefusal(EXIT.input, `the recording ended early: ${written.reason}`, 'out');
    const result = { ok: true, file, source, eventCount: written.eventCount, bytes: written.bytes, refusedCount };
    if (options.json) io.out(JSON.stringify(result));
    else io.out(`${file}: ${result.eventCount} events of ${source}, ${result.bytes} bytes, ${refusedCount} refused`);
    return EXIT.ok;
  },
};
