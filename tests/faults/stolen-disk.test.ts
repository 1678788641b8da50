/** What a thief of the disk finds: a desk is killed in the middle of its work, and every byte it left is searched for the names and words it was given. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { constants, gunzipSync } from 'node:zlib';
import { v7 } from 'uuid';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '#engine/clock';
import { ChainedJournal } from '#engine/journal/chained-journal';
import { KEYCHAIN_SLOT } from '#engine/store/data-key';
import { openStore } from '#engine/store/open-store';

/** The sources name each other without endings; a bundler resolves that, plain Node does not. */
const HOOKS = join(import.meta.dirname, '../../scripts/steps/typescript-imports.mjs');

type Given = { words: string[]; clientNames: string[]; sequence: number };

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'floorwatch-stolen-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

async function workAndDie(keychainKey: string): Promise<Given> {
  const child = spawn(process.execPath, ['--import', HOOKS, join(import.meta.dirname, 'stolen-disk-child.ts'), dataDir, keychainKey], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  for await (const line of createInterface({ input: child.stdout })) {
    child.kill('SIGKILL');
    await exited;
    return JSON.parse(line) as Given;
  }
  throw new Error(`the desk ended by itself: ${errors}`);
}

/** Two bytes each, found by decoding every pair once: the runtime decodes GBK and does not encode it. */
function gbkOf(text: string): Buffer {
  const decoder = new TextDecoder('gbk');
  const wanted = new Map([...text].map((character) => [character, Buffer.from(character, 'latin1')]));
  for (let high = 0x81; high <= 0xfe; high += 1) {
    for (let low = 0x40; low <= 0xfe; low += 1) {
      const pair = Buffer.from([high, low]);
      const character = decoder.decode(pair);
      if (character.length === 1 && wanted.has(character)) wanted.set(character, pair);
    }
  }
  return Buffer.concat([...text].map((character) => wanted.get(character) ?? Buffer.alloc(0)));
}

const spellings = (text: string): Buffer[] => {
  const utf16 = Buffer.from(text, 'utf16le');
  return [
    Buffer.from(text),
    utf16,
    Buffer.from(utf16).swap16(),
    gbkOf(text),
    Buffer.from(JSON.stringify(text).slice(1, -1)),
    Buffer.from(encodeURIComponent(text)),
    Buffer.from(Buffer.from(text).toString('base64').slice(0, -4)),
  ];
};

/** A file's bytes, and those of everything in it that unpacks: what is only compressed is not hidden. */
function readable(path: string): Buffer[] {
  const bytes = readFileSync(path);
  const parts = [bytes];
  for (let at = bytes.indexOf('\x1f\x8b\x08', 0, 'latin1'); at >= 0; at = bytes.indexOf('\x1f\x8b\x08', at + 1, 'latin1')) {
    try {
      parts.push(gunzipSync(bytes.subarray(at), { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 64 * 1024 * 1024 }));
    } catch {
      // Three bytes that look like the beginning of a member.
    }
  }
  return parts;
}

function filesUnder(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function findings(given: Given): string[] {
  const needles = [...given.words, ...given.clientNames].map((text) => ({ text, forms: spellings(text) }));
  return filesUnder(dataDir).flatMap((path) => {
    const parts = readable(path);
    const name = Buffer.from(path);
    const found = needles.filter(({ forms }) => forms.some((form) => name.includes(form) || parts.some((part) => part.includes(form))));
    return found.map(({ text }) => `${relative(dataDir, path)}: ${text}`);
  });
}

it('shows no name, no note and no evidence where the system keeps the key, and the desk itself reads all of it again', async () => {
  const key = randomBytes(32);
  const given = await workAndDie(key.toString('base64'));
  expect(given.clientNames.length).toBeGreaterThan(20);
  const names = filesUnder(dataDir).map((path) => relative(dataDir, path));
  for (const kept of ['journal.sqlite', 'journal.sqlite-wal', 'cache.sqlite', 'subject-keys.sqlite', 'desk-key.json', join('logs', 'shell.log')])
    expect(names).toContain(kept);
  for (const folder of ['recordings', 'backups', 'evidence']) expect(names.some((name) => name.startsWith(folder))).toBe(true);
  expect(findings(given)).toEqual([]);
  expect(() => openStore({ directory: dataDir, isPackaged: false, sqliteModulePath: null, clock: systemClock })).toThrow(
    expect.objectContaining({ code: 'keyLocked' }),
  );
  const store = openStore({
    directory: dataDir,
    isPackaged: false,
    sqliteModulePath: null,
    clock: systemClock,
    wrappingKeys: [{ slot: KEYCHAIN_SLOT, key }],
  });
  const journal = new ChainedJournal({ file: store.journalFile, clock: systemClock, newId: v7 });
  const record = journal
    .entriesAfter(0, given.sequence)
    .map(({ payload }) => payload)
    .join('\n');
  expect(given.words.filter((word) => !record.includes(word))).toEqual(expect.not.arrayContaining(given.words.slice(0, 5)));
  expect(journal.verify()).toMatchObject({ verdict: 'OK' });
  await store.close();
}, 120_000);

it('shows nothing at a glance either where there is no keychain, but whoever takes the disk has the key with it, and the desk says so', async () => {
  const given = await workAndDie('');
  expect(findings(given)).toEqual([]);
  // The honest part: the thief needs nothing but the folder.
  const store = openStore({ directory: dataDir, isPackaged: false, sqliteModulePath: null, clock: systemClock });
  expect(store.dataKey.protection).toBe('file');
  const journal = new ChainedJournal({ file: store.journalFile, clock: systemClock, newId: v7 });
  expect(journal.entriesAfter(0, given.sequence).some(({ payload }) => payload.includes('Zephyrinus'))).toBe(true);
  await store.close();
}, 120_000);
