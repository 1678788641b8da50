/** What a person may do with recordings: play one at a pace, keep one, take a copy away, and be refused what lies elsewhere. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '#engine/clock';
import { RecordingReader } from '#engine/feeds/recording/recording-reader';
import { RecordingTap } from '#engine/feeds/recording/recording-tap';
import { RecordingWriter } from '#engine/feeds/recording/recording-writer';
import { ReplayFeed, type ReplaySpeed } from '#engine/feeds/recording/replay-feed';
import { type ExportedRecording, RecordingControl } from '#engine/recording-control';
import { ReplayControl } from '#engine/replay-control';
import { bundledRulePack } from '#engine/watch/watch';
import type { IntakeEvent } from '#shared/feed/intake';
import { accept, type Outcome, refuse } from '#shared/refusal';
import { waitUntil } from '#tests/helpers/wait-until';
import { events, header, Listener, START, seal, writeTo } from '#tests/integration/feeds/recording-files';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floorwatch-recording-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function write(list: readonly IntakeEvent[], more: Parameters<typeof writeTo>[2] = {}) {
  return writeTo(folder, list, more);
}

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
