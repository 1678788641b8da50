/** The desk's own data key: one random key for what is stored, kept in a file in as many wrappings as there are ways to it, never bare where the system can keep it better. */
import { createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { replaceFile } from '#engine/store/files';
import { sha256Bytes } from '#engine/store/hash';
import { openBytes, sealBytes } from '#engine/store/sealing';
import { StoreError } from '#engine/store/store-error';
import type { KeyProtection } from '#shared/contract/people';

export const KEY_FILE = 'desk-key.json';
const KEY_BYTES = 32;

/** A way to the data key: the system's keychain, or one person's secret. `key` is 32 bytes that are not stored beside the file. */
export type WrappingKey = { slot: string; key: Uint8Array };
export const KEYCHAIN_SLOT = 'keychain';
/** A key that only the shell's memory has: an engine that ends at night is started again without a person; a machine that restarts is not. */
export const MEMORY_SLOT = 'memory';
/** The key stands in the file as it is: whoever has the disk has the key. */
const BARE_SLOT = 'file';

const slotSchema = z.union([
  z.object({ slot: z.literal(BARE_SLOT), key: z.base64() }),
  z.object({ slot: z.string().min(1).max(128), box: z.base64() }),
]);
const fileSchema = z.object({
  format: z.literal(1),
  keyId: z.string().regex(/^[0-9a-f]{8}$/),
  slots: z.array(slotSchema).min(1).max(500),
  /** `signIn`: people decided that only their secrets open this desk; left out, the machine opens it by itself. */
  keeping: z.literal('signIn').optional(),
});
type KeyFile = z.infer<typeof fileSchema>;

/** Who opens the desk when it starts: the machine (its keychain, or nobody's key at all), or a person. */
export type KeyKeeping = 'machine' | 'signIn';

export type DataKey = {
  keyId: string;
  bytes: Uint8Array;
  readonly protection: KeyProtection;
  readonly keeping: KeyKeeping;
  /** From now on the machine or people's secrets open the desk. False, and nothing changed, when no person's secret leads to the key yet. */
  keep: (keeping: KeyKeeping) => boolean;
  /** Whether this way is kept and leads to the key. */
  opensWith: (way: WrappingKey) => boolean;
  /** The ways there are, by name. */
  slots: () => string[];
  /** Adds a way to the key, or replaces the one of that name. Throws what the disk throws; then the ways are as they were. */
  putSlot: (way: WrappingKey) => void;
  /** Nothing when it is the last way. */
  removeSlot: (slot: string) => void;
};

/**
 * Reads the data key, or makes one where nothing was ever sealed. A wrapping by the keychain replaces a bare key as soon as one is offered.
 * Throws a StoreError: `keyMissing` when sealed data is there and its key file is not, `keyLocked` when none of the ways offered leads to it.
 */
export function openDataKey(folder: string, ways: readonly WrappingKey[]): DataKey {
  const path = join(folder, KEY_FILE);
  const copy = join(folder, 'backups', KEY_FILE);
  const keychain = ways.find(({ slot }) => slot === KEYCHAIN_SLOT);
  const found = readKeyFile(path) ?? readKeyFile(copy);
  if (found === null) {
    if (existsSync(path) || holdsSealed(folder))
      throw new StoreError(
        'keyMissing',
        `${path} cannot be read; put back the copy that lies with the back-ups, without it what was sealed stays unreadable`,
      );
    const bytes = randomBytes(KEY_BYTES);
    const fresh: KeyFile = { format: 1, keyId: keyIdOf(bytes), slots: [] };
    fresh.slots.push(keychain === undefined ? bareSlot(bytes) : wrappedSlot(keychain, fresh.keyId, bytes));
    return managed(path, copy, fresh, bytes, keychain);
  }
  const bytes = keyFrom(found, ways);
  if (bytes === null)
    throw new StoreError('keyLocked', `none of the ways to the key in ${path} is open (${found.slots.map(({ slot }) => slot).join(', ')})`);
  if (keychain === undefined || found.keeping === 'signIn') return managed(path, copy, found, bytes, keychain);
  return managed(path, copy, { ...found, slots: [wrappedSlot(keychain, found.keyId, bytes), ...ofPeople(found)] }, bytes, keychain);
}

/** All ways but the machine's own. */
function ofPeople({ slots }: KeyFile): KeyFile['slots'] {
  return slots.filter(({ slot }) => slot !== BARE_SLOT && slot !== KEYCHAIN_SLOT);
}

function managed(path: string, copy: string, first: KeyFile, bytes: Uint8Array, keychain?: WrappingKey): DataKey {
  let file = first;
  function write(next: KeyFile): void {
    const text = JSON.stringify(next);
    // Twice, in two folders: without it every sealed value is lost, and it hardly ever changes.
    for (const place of [path, copy]) if (!existsSync(place) || readFileSync(place, 'utf8') !== text) replaceFile(place, text);
    file = next;
  }
  write(first);
  return {
    keyId: file.keyId,
    bytes,
    get protection() {
      if (file.slots.some(({ slot }) => slot === BARE_SLOT)) return 'file';
      return file.slots.some(({ slot }) => slot === KEYCHAIN_SLOT) ? 'keychain' : 'signIn';
    },
    get keeping() {
      return file.keeping ?? 'machine';
    },
    keep(keeping) {
      const slots = ofPeople(file);
      const { keeping: _before, ...rest } = file;
      if (keeping === 'machine') {
        write({ ...rest, slots: [keychain === undefined ? bareSlot(bytes) : wrappedSlot(keychain, file.keyId, bytes), ...slots] });
        return true;
      }
      if (!slots.some(({ slot }) => slot !== MEMORY_SLOT)) return false;
      write({ ...rest, slots, keeping });
      return true;
    },
    opensWith: (way) => keyFrom({ ...file, slots: file.slots.filter(({ slot }) => slot === way.slot && slot !== BARE_SLOT) }, [way]) !== null,
    slots: () => file.slots.map(({ slot }) => slot),
    putSlot: (way) => write({ ...file, slots: [...file.slots.filter(({ slot }) => slot !== way.slot), wrappedSlot(way, file.keyId, bytes)] }),
    removeSlot(name) {
      const slots = file.slots.filter(({ slot }) => slot !== name);
      if (slots.some(({ slot }) => slot !== MEMORY_SLOT) && name !== BARE_SLOT) write({ ...file, slots });
    },
  };
}

/** The ways to the key of a desk that is not running. Throws a StoreError `keyMissing`. */
export function slotsOf(folder: string): string[] {
  return keyFileOf(folder).slots.map(({ slot }) => slot);
}

/** Whether a way leads to the key of a desk that is not running; nothing is changed. Throws a StoreError `keyMissing`. */
export function leadsToDataKey(folder: string, way: WrappingKey): boolean {
  const file = keyFileOf(folder);
  return keyFrom({ ...file, slots: file.slots.filter(({ slot }) => slot !== BARE_SLOT) }, [way]) !== null;
}

/**
 * Lays the key bare into its file by one way that leads to it, for a desk whose keychain is lost: it opens again, says that its disk is not protected, and
 * a keychain that works takes the key at the next start. False when the way does not lead to it; then nothing was changed.
 */
export function layOpenDataKey(folder: string, way: WrappingKey): boolean {
  const file = keyFileOf(folder);
  const bytes = keyFrom({ ...file, slots: file.slots.filter(({ slot }) => slot !== BARE_SLOT) }, [way]);
  if (bytes === null) return false;
  // What the lost keychain kept opens nothing any more.
  const { keeping: _before, ...rest } = file;
  managed(join(folder, KEY_FILE), join(folder, 'backups', KEY_FILE), { ...rest, slots: [bareSlot(bytes), ...ofPeople(file)] }, bytes);
  return true;
}

function keyFileOf(folder: string): KeyFile {
  const file = readKeyFile(join(folder, KEY_FILE)) ?? readKeyFile(join(folder, 'backups', KEY_FILE));
  if (file === null) throw new StoreError('keyMissing', `there is no readable key file in ${folder}`);
  return file;
}

function keyFrom(file: KeyFile, ways: readonly WrappingKey[]): Uint8Array | null {
  for (const stored of file.slots) {
    const way = ways.find(({ slot }) => slot === stored.slot);
    const bytes = 'key' in stored ? Buffer.from(stored.key, 'base64') : unwrapped(stored, file.keyId, way);
    if (bytes !== null && bytes.length === KEY_BYTES && keyIdOf(bytes) === file.keyId) return bytes;
  }
  return null;
}

function unwrapped(stored: { slot: string; box: string }, keyId: string, way: WrappingKey | undefined): Buffer | null {
  return way === undefined ? null : openBytes(wrapping(way.key), Buffer.from(stored.box, 'base64'), `${keyId} ${stored.slot}`);
}

function wrappedSlot(way: WrappingKey, keyId: string, bytes: Uint8Array): KeyFile['slots'][number] {
  return { slot: way.slot, box: sealBytes(wrapping(way.key), bytes, `${keyId} ${way.slot}`).toString('base64') };
}

function bareSlot(bytes: Uint8Array): KeyFile['slots'][number] {
  return { slot: BARE_SLOT, key: Buffer.from(bytes).toString('base64') };
}

/** A key that is used for something else as well must not meet its own use here. */
function wrapping(key: Uint8Array): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', key, '', 'floorwatch data key wrapping', KEY_BYTES)));
}

/** A key for one use, from which the others cannot be found. */
export function keyForUse(dataKey: Pick<DataKey, 'bytes'>, use: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', dataKey.bytes, '', `floorwatch ${use}`, KEY_BYTES)));
}

/** Says which key it is and nothing about it. */
function keyIdOf(bytes: Uint8Array): string {
  return sha256Bytes(Buffer.concat([Buffer.from('floorwatch data key '), bytes])).slice(0, 8);
}

function readKeyFile(path: string): KeyFile | null {
  try {
    return fileSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}

const MARK = Buffer.from('"sealed":1}');
const SCAN_BYTES = 1 << 20;

/** Whether a journal is here that was written under a key. Reads the bytes, so that a damaged one counts as well; only where no key file is. */
function holdsSealed(folder: string): boolean {
  return ['journal.sqlite', 'journal.sqlite-wal'].some((name) => existsSync(join(folder, name)) && holdsMark(join(folder, name)));
}

function holdsMark(path: string): boolean {
  const handle = openSync(path, 'r');
  try {
    const chunk = Buffer.alloc(SCAN_BYTES + MARK.length);
    let kept = 0;
    for (;;) {
      const count = readSync(handle, chunk, kept, SCAN_BYTES, null);
      if (count === 0) return false;
      const filled = kept + count;
      if (chunk.subarray(0, filled).includes(MARK)) return true;
      kept = Math.min(filled, MARK.length);
      chunk.copy(chunk, 0, filled - kept, filled);
    }
  } finally {
    closeSync(handle);
  }
}
