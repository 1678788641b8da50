import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RecordingReader } from '#engine/feeds/recording/recording-reader';
import { RecordingTap } from '#engine/feeds/recording/recording-tap';
import { RecordingWriter } from '#engine/feeds/recording/recording-writer';
import { SealedStreams } from '#engine/store/sealed-stream';
import type { IntakeEvent } from '#shared/feed/intake';
import { waitUntil } from '#tests/helpers/wait-until';
import { events, header, Listener, readAll, seal, writeTo } from '#tests/integration/feeds/recording-files';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floorwatch-recording-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function write(list: readonly IntakeEvent[], more: Parameters<typeof writeTo>[2] = {}) {
  return writeTo(folder, list, more);
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
