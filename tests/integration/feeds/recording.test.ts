/** A recording must survive what happens to files: a kill, a cut, a bomb, and must give the same events however it is read. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '#engine/clock';
import type { FeedSink } from '#engine/feeds/feed';
import { RecordingReader } from '#engine/feeds/recording/recording-reader';
import { RecordingTap } from '#engine/feeds/recording/recording-tap';
import { RecordingWriter } from '#engine/feeds/recording/recording-writer';
import { ReplayFeed, type ReplaySpeed } from '#engine/feeds/recording/replay-feed';
import { type ExportedRecording, RecordingControl } from '#engine/recording-control';
import { ReplayControl } from '#engine/replay-control';
import { SealedStreams } from '#engine/store/sealed-stream';
import { bundledRulePack } from '#engine/watch/watch';
import type { IntakeEvent } from '#shared/feed/intake';
import { accept, type Outcome, refuse } from '#shared/refusal';
import { waitUntil } from '#tests/helpers/wait-until';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floorwatch-recording-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const header = { createdAtMs: 1_715_130_000_000, source: 'test', origin: 'live' as const };
const START = 1_715_130_000_000;

function events(count: number, stepMs = 500): IntakeEvent[] {
  const base = { feedId: 'main', sourceTimeMs: START, tradingDay: '20240508' };
  const opening: IntakeEvent[] = [
    { type: 'welcome', ...base, receivedAtMs: START, source: 'exchange', simulated: false, demonstration: false },
    { type: 'link', feedId: 'main', receivedAtMs: START, state: 'up', reason: '' },
    { type: 'picture', ...base, receivedAtMs: START, stream: 'quotes', sequence: 0, items: [] },
  ];
  for (let number = 1; number <= count; number += 1) {
    opening.push({
      type: 'items',
      ...base,
      receivedAtMs: START + number * stepMs,
      stream: 'quotes',
      sequence: number,
      items: [{ exchangeID: 'SHFE', instrumentID: `黄金${number % 7}`, updateTimeMs: START + number, lastPrice: 560 + (number % 100) / 50 }],
    });
  }
  return opening;
}

async function write(list: readonly IntakeEvent[], more: Partial<Parameters<typeof RecordingWriter.create>[0]> = {}) {
  const file = join(folder, 'day.fwrec.gz');
  const created = await RecordingWriter.create({ file, header, ...more });
  if (!created.ok) throw new Error(created.message);
  created.value.append(list);
  return { file, writer: created.value };
}

async function readAll(file: string, limits: Parameters<typeof RecordingReader.open>[1] = {}) {
  const opened = await RecordingReader.open(file, limits);
  if (!opened.ok) throw new Error(opened.message);
  const list: IntakeEvent[] = [];
  for await (const event of opened.value.events()) list.push(event);
  return { list, reader: opened.value };
}

class Listener implements FeedSink {
  readonly events: IntakeEvent[] = [];
  onEvents(list: readonly IntakeEvent[]): void {
    this.events.push(...list);
  }
  onDeadLetter(): void {}
}

describe('recording', () => {
  it('gives back what was written, in any chunking', async () => {
    const list = events(2000);
    const { file, writer } = await write(list, { flushCharacters: 3000 });
    expect(await writer.close()).toMatchObject({ state: 'closed', eventCount: list.length });
    for (const chunkBytes of [7, 1000, 1024 * 1024]) {
      const { list: read, reader } = await readAll(file, { chunkBytes });
      expect(read).toEqual(list);
      expect(reader.header).toMatchObject(header);
      expect(reader.ending).toMatchObject({ kind: 'complete', afterEvents: list.length });
      expect(reader.progress).toBe(1);
    }
  });

  it('does not write over a recording', async () => {
    const { file, writer } = await write(events(1));
    await writer.close();
    expect(await RecordingWriter.create({ file, header })).toMatchObject({ ok: false, code: 'CONFLICT' });
  });

  it('is readable up to the last flush while it is still being written, as after a kill', async () => {
    const list = events(500);
    const { file, writer } = await write([], { flushCharacters: 5000, flushAfterMs: 60_000 });
    for (const event of list) writer.append([event]);
    await waitUntil('members on disk', () => writer.picture().bytes > 4000);
    const { list: read, reader } = await readAll(file);
    expect(read.length).toBeGreaterThan(100);
    expect(read).toEqual(list.slice(0, read.length));
    expect(reader.ending).toMatchObject({ kind: 'truncated', afterEvents: read.length });
    await writer.close();
  });

  it('says where a file breaks off, wherever it is cut', async () => {
    const list = events(300);
    const { file, writer } = await write(list, { flushCharacters: 2000 });
    await writer.close();
    const whole = await readFile(file);
    for (let cut = whole.length - 1; cut > 200; cut -= 997) {
      await truncate(file, cut);
      const { list: read, reader } = await readAll(file);
      expect(read).toEqual(list.slice(0, read.length));
      expect(reader.ending).toMatchObject({ kind: 'truncated', afterEvents: read.length, atByte: cut });
    }
  });

  it('keeps what comes before damage', async () => {
    const list = events(300);
    const { file, writer } = await write(list, { flushCharacters: 2000 });
    await writer.close();
    const bytes = await readFile(file);
    bytes.fill(0x55, bytes.length >> 1, (bytes.length >> 1) + 64);
    await writeFile(file, bytes);
    const { list: read, reader } = await readAll(file);
    expect(read).toEqual(list.slice(0, read.length));
    expect(reader.ending?.kind).toBe('damaged');
  });

  it('refuses lines that are not events and goes on', async () => {
    const [first, second] = events(1);
    const bad = [{ type: 'items' }, { ...events(1)[3], items: [{ exchangeID: 'SHFE' }] }, { type: '__proto__' }, 5];
    const lines = [{ format: 'floorwatch-recording/1', ...header }, first, ...bad, second].map((line) => JSON.stringify(line));
    const file = join(folder, 'odd.fwrec.gz');
    await writeFile(file, gzipSync(`${lines.join('\n')}\nnot json\n`));
    const { list, reader } = await readAll(file);
    expect(list).toEqual([first, second]);
    expect(reader.refusedLines).toBe(5);
    expect(reader.firstRefusal).toMatch(/after event 1/);
  });

  it('refuses what is no recording, what has an endless line and what is a bomb', async () => {
    const file = join(folder, 'no.fwrec.gz');
    await writeFile(file, 'plain text');
    expect(await RecordingReader.open(file)).toMatchObject({ ok: false, code: 'INVALID' });
    await writeFile(file, gzipSync('{"format":"other/1"}\n'));
    expect(await RecordingReader.open(file)).toMatchObject({ ok: false, code: 'INVALID' });
    await writeFile(file, gzipSync(Buffer.alloc(10_000_000, 0x20)));
    expect(await RecordingReader.open(file)).toMatchObject({ ok: false, code: 'INVALID' });
    expect(await RecordingReader.open(join(folder, 'missing'))).toMatchObject({ ok: false, code: 'FAILED' });

    const head = gzipSync(`${JSON.stringify({ format: 'floorwatch-recording/1', ...header })}\n`);
    await writeFile(file, Buffer.concat([head, gzipSync(Buffer.alloc(10_000_000, 0x20))]));
    const line = await readAll(file, { maxLineBytes: 1_000_000 });
    expect(line.reader.ending).toMatchObject({ kind: 'damaged', reason: expect.stringContaining('longer than') });
    await writeFile(file, Buffer.concat([head, gzipSync(Buffer.alloc(10_000_000, '{}\n'))]));
    const bomb = await readAll(file, { ratioAfterBytes: 1_000_000, maxRatio: 50 });
    expect(bomb.reader.ending).toMatchObject({ kind: 'damaged', reason: expect.stringContaining('times its size') });
  });

  it('stops with a reason when the disk cannot keep up, rather than leave holes', async () => {
    const { file, writer } = await write(events(50), { flushCharacters: 1000, maxPendingCharacters: 2000 });
    writer.append(events(500));
    writer.append(events(500));
    expect(writer.picture()).toMatchObject({ state: 'failed', reason: expect.stringContaining('too slow') });
    await writer.close();
    const { reader } = await readAll(file);
    expect(reader.ending?.kind).toBe('truncated');
  });

  it('begins in the middle of a day with who is speaking', async () => {
    const [welcome, link, , delta] = events(1) as [IntakeEvent, IntakeEvent, IntakeEvent, IntakeEvent];
    const next = new Listener();
    const tap = new RecordingTap(next);
    tap.onEvents([welcome, link]);
    const recorded: IntakeEvent[] = [];
    tap.startRecording({ append: (list) => recorded.push(...list) });
    tap.onEvents([delta]);
    tap.stopRecording();
    tap.onEvents([link]);
    expect(recorded).toEqual([welcome, link, delta]);
    expect(next.events).toEqual([welcome, link, delta, link]);
  });
});

describe('replay', () => {
  async function replay(list: readonly IntakeEvent[], speed: ReplaySpeed) {
    const { file, writer } = await write(list);
    await writer.close();
    const opened = await RecordingReader.open(file);
    if (!opened.ok) throw new Error(opened.message);
    const timers: { ms: number; callback: () => void }[] = [];
    let nowMs = 0;
    const feed = new ReplayFeed({
      feedId: 'replay',
      reader: opened.value,
      speed,
      clock: { nowMs: () => START, monotonicMs: () => (speed === 'max' ? systemClock.monotonicMs() : nowMs) },
      after: (ms, callback) => {
        const timer = { ms, callback };
        timers.push(timer);
        return () => timers.splice(timers.indexOf(timer), timers.includes(timer) ? 1 : 0);
      },
    });
    const listener = new Listener();
    feed.start(listener);
    /** Lets the replay's own clock run to its next timer. */
    const advance = async () => {
      await waitUntil('a timer', () => timers.length > 0);
      const timer = timers.shift();
      nowMs += timer?.ms ?? 0;
      timer?.callback();
      return timer?.ms ?? 0;
    };
    return { feed, listener, advance, timers };
  }

  it('delivers everything as fast as it is taken, under its own name and on recorded time', async () => {
    const list = events(3000);
    const { feed, listener } = await replay(list, 'max');
    await feed.whenFinished();
    expect(listener.events.length).toBe(list.length);
    expect(listener.events.every(({ feedId }) => feedId === 'replay')).toBe(true);
    expect(listener.events[0]).toMatchObject({ type: 'welcome', simulated: true, source: 'exchange' });
    expect(listener.events.map(({ receivedAtMs }) => receivedAtMs)).toEqual(list.map(({ receivedAtMs }) => receivedAtMs));
    expect(feed.progress()).toMatchObject({ finished: true, progress: 1, eventCount: list.length, ending: { kind: 'complete' } });
    expect(feed.picture().state).toBe('down');
  });

  it('keeps the recorded pace, at once, ten times and after a change', async () => {
    const { feed, listener, advance } = await replay(events(20), 1);
    expect(await advance()).toBe(500);
    await waitUntil('the first quote', () => listener.events.length === 4);
    feed.setSpeed(10);
    expect(await advance()).toBeLessThanOrEqual(500);
    await waitUntil('more', () => listener.events.length >= 4);
    expect(await advance()).toBeCloseTo(50, 6);
    feed.setSpeed('max');
    await feed.whenFinished();
    expect(listener.events.length).toBe(23);
  });

  it('rests while paused and stops when told', async () => {
    const { feed, listener, advance, timers } = await replay(events(20), 1);
    await advance();
    await waitUntil('the first quote', () => listener.events.length === 4);
    feed.pause();
    expect(feed.picture().state).toBe('paused');
    await advance();
    expect(listener.events.length).toBe(4);
    feed.resume();
    await advance();
    await waitUntil('the next quote', () => listener.events.length === 5);
    await feed.stop();
    expect(listener.events.length).toBe(5);
    expect(timers.length).toBeLessThanOrEqual(1);
    expect(feed.progress().finished).toBe(false);
  });
});

const seal = new SealedStreams({ keyId: '0a1b2c3d', bytes: Buffer.alloc(32, 5) });

describe('a sealed recording', () => {
  const SOURCE = '华东期货 counter 7';
  async function sealedFile(count: number) {
    const { file, writer } = await write([], { seal, flushCharacters: 500, header: { ...header, source: SOURCE } });
    // One by one, so that the file has many pieces.
    for (const event of events(count, 100)) writer.append([event]);
    expect(await writer.close()).toMatchObject({ state: 'closed', eventCount: count + 3 });
    return file;
  }
  async function readSealed(file: string, opener = seal) {
    const opened = await RecordingReader.open(file, { chunkBytes: 37 }, opener);
    if (!opened.ok) return { message: opened.message, read: [] as IntakeEvent[], ending: null };
    const read: IntakeEvent[] = [];
    for await (const event of opened.value.events()) read.push(event);
    return { message: '', read, ending: opened.value.ending };
  }

  it('reads back the same with the key, in any chunking, and shows nothing without it', async () => {
    const file = await sealedFile(60);
    const { read, ending } = await readSealed(file);
    expect(ending).toMatchObject({ kind: 'complete' });
    expect(read).toEqual(events(60, 100));
    expect((await readFile(file)).includes(SOURCE)).toBe(false);
    expect(await RecordingReader.open(file)).toMatchObject({ ok: false, code: 'INVALID', message: expect.stringContaining('sealed') });
    const other = new SealedStreams({ keyId: 'ffffffff', bytes: Buffer.alloc(32, 6) });
    expect((await readSealed(file, other)).message).toContain('another desk');
  });

  it('gives what was whole when it breaks off, and nothing from a changed place on', async () => {
    const file = await sealedFile(60);
    const whole = await readFile(file);
    for (const length of [10, 32, 33, Math.floor(whole.length / 2), whole.length - 1]) {
      await writeFile(file, whole.subarray(0, length));
      const { read, ending } = await readSealed(file);
      expect(ending?.kind ?? 'refused').not.toBe('complete');
      expect(read).toEqual(events(60, 100).slice(0, read.length));
    }
    const changed = Buffer.from(whole);
    changed[Math.floor(whole.length / 2)] = (changed[Math.floor(whole.length / 2)] ?? 0) ^ 1;
    await writeFile(file, changed);
    const { read, ending } = await readSealed(file);
    expect(ending).toMatchObject({ kind: 'damaged' });
    expect(read).toEqual(events(60, 100).slice(0, read.length));
    expect(read.length).toBeLessThan(60);
  });

  it('is refused when a length says more than there can be', async () => {
    const file = await sealedFile(3);
    const whole = await readFile(file);
    whole.writeUInt32BE(0xffffffff, 32);
    await writeFile(file, whole);
    expect((await readSealed(file)).message).not.toBe('');
  });
});

describe('what a page may ask of recordings', () => {
  function control(recordExport: (made: ExportedRecording) => Outcome<unknown> = () => accept({})) {
    const heard = new Listener();
    const tap = new RecordingTap(heard);
    return new RecordingControl({
      folder: join(folder, 'recordings'),
      clock: systemClock,
      tap,
      seal,
      sourceName: () => 'test',
      requestPictures: () => undefined,
      alreadyGiven: () => [],
      exportFolder: join(folder, 'exports'),
      recordExport,
    });
  }

  it('writes a copy in clear that needs no key, says so in the record first, and replaces nothing', async () => {
    const said: ExportedRecording[] = [];
    const recordings = control((made) => {
      said.push(made);
      // Nothing under its final name before the record says so.
      return existsSync(made.file) ? refuse('FAILED', 'it was there already') : accept({});
    });
    await mkdir(join(folder, 'recordings'));
    const writer = await RecordingWriter.create({ file: join(folder, 'recordings', 'day.fwrec.gz'), header, seal });
    if (!writer.ok) throw new Error(writer.message);
    writer.value.append(events(60, 100));
    await writer.value.close();

    const first = await recordings.export({ file: 'day.fwrec.gz', reason: 'asked for by the exchange' });
    expect(first).toMatchObject({ ok: true, value: { eventCount: 63, isWhole: true, path: join(folder, 'exports', 'day.fwrec.gz') } });
    expect(said).toMatchObject([{ recording: 'day.fwrec.gz', reason: 'asked for by the exchange', eventCount: 63 }]);
    const opened = await RecordingReader.open(join(folder, 'exports', 'day.fwrec.gz'));
    if (!opened.ok) throw new Error(opened.message);
    expect(opened.value.header).toMatchObject(header);
    const read = [];
    for await (const event of opened.value.events()) read.push(event);
    expect(read).toEqual(events(60, 100));
    expect(await recordings.export({ file: 'day.fwrec.gz', reason: 'again' })).toMatchObject({
      ok: true,
      value: { path: join(folder, 'exports', 'day (2).fwrec.gz') },
    });
  });

  it('leaves nothing behind when the record cannot say it, and exports nothing from elsewhere', async () => {
    const recordings = control(() => refuse('FAILED', 'the disk is full'));
    await mkdir(join(folder, 'recordings'));
    const { file, writer } = await write(events(3, 100));
    await writer.close();
    await copyFile(file, join(folder, 'recordings', 'day.fwrec.gz'));
    expect(await recordings.export({ file: 'day.fwrec.gz', reason: 'x' })).toMatchObject({ ok: false, code: 'FAILED' });
    expect(await readdir(join(folder, 'exports'))).toEqual([]);
    expect(await recordings.export({ file, reason: 'x' })).toMatchObject({ ok: false, code: 'FORBIDDEN' });
  });

  it('begins one recording when it is asked for several at once', async () => {
    const recordings = control();
    const answers = await Promise.all(['one', 'two', 'three'].map((name) => recordings.start(name)));
    expect(answers.map((answer) => (answer.ok ? 'ok' : answer.code))).toEqual(['ok', 'CONFLICT', 'CONFLICT']);
    expect(await recordings.stop()).toMatchObject({ ok: true });
    expect(await recordings.list()).toMatchObject({ ok: true, value: { recordings: [{ file: 'one.fwrec.gz' }] } });
    expect(await recordings.start('four')).toMatchObject({ ok: true });
    await recordings.stop();
  });

  it('refuses links out of the folder and waits for no pipe', async () => {
    const recordings = control();
    const inside = join(folder, 'recordings');
    await mkdir(inside);
    await writeFile(join(folder, 'secret.fwrec.gz'), 'x');
    await symlink(join(folder, 'secret.fwrec.gz'), join(inside, 'link.fwrec.gz'));
    await symlink(join(folder, 'nowhere'), join(inside, 'broken.fwrec.gz'));
    await mkdir(join(inside, 'folder.fwrec.gz'));
    if (process.platform !== 'win32') execFileSync('mkfifo', [join(inside, 'pipe.fwrec.gz')]);
    expect(recordings.resolve('link.fwrec.gz')).toMatchObject({ ok: false, code: 'FORBIDDEN' });
    expect(recordings.resolve('broken.fwrec.gz')).toMatchObject({ ok: false, code: 'UNKNOWN' });
    for (const name of ['..', '../secret.fwrec.gz', 'a/../../secret.fwrec.gz', '/etc/passwd', ''])
      expect(recordings.resolve(name)).toMatchObject({ ok: false });
    expect(await recordings.list()).toEqual({ ok: true, value: { recordings: [] } });
    expect(await RecordingReader.open(join(inside, 'pipe.fwrec.gz'))).toMatchObject({ ok: false });
  });

  it('shows one replay when it is asked for several at once, and none when it is ended meanwhile', async () => {
    const { file, writer } = await write(events(200, 60_000));
    await writer.close();
    let switches = 0;
    const replays = new ReplayControl({
      clock: systemClock,
      rules: bundledRulePack,
      resolve: () => ({ ok: true, value: file }),
      seal,
      onAlerts: () => undefined,
      onFault: () => undefined,
      onSwitched: () => {
        switches += 1;
      },
    });
    const answers = await Promise.all([1, 2, 3].map((speed) => replays.start({ file, speed })));
    expect(answers.map((answer) => (answer.ok ? 'ok' : answer.code))).toEqual(['CONFLICT', 'CONFLICT', 'ok']);
    expect(replays.current?.picture().speed).toBe(3);
    expect(switches).toBe(1);
    const [late] = await Promise.all([replays.start({ file, speed: 1 }), replays.stop()]);
    expect(late).toMatchObject({ ok: false, code: 'CONFLICT' });
    expect(replays.current).toBeNull();
  });
});
