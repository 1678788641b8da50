/** The way to the data key: kept by a real keychain, and honestly not kept where there is none. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readKeptKey, type SystemKeychain } from '#shell/security/key-keeping';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'floorwatch-keychain-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const scramble = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => byte ^ 0x5a));
const real: SystemKeychain = {
  isEncryptionAvailable: () => true,
  getSelectedStorageBackend: () => 'gnome_libsecret',
  encryptString: (text) => scramble(Buffer.from(text)),
  decryptString: (bytes) => scramble(bytes).toString(),
};

it('keeps one key, sealed by the system, and gives the same one at the next start', async () => {
  const first = await readKeptKey(real, folder, 'linux');
  expect(Buffer.from(first.key ?? '', 'base64')).toHaveLength(32);
  expect(await readKeptKey(real, folder, 'linux')).toEqual(first);
  expect(readFileSync(join(folder, 'keychain-key'), 'utf8')).not.toContain(first.key ?? '');
});

it('uses the calls that do not wait where the system has them', async () => {
  const refusing = (): never => {
    throw new Error('the old call');
  };
  const newer: SystemKeychain = {
    ...real,
    encryptString: refusing,
    decryptString: refusing,
    encryptStringAsync: (text) => Promise.resolve(real.encryptString(text)),
    decryptStringAsync: (bytes) => Promise.resolve({ result: real.decryptString(bytes) }),
  };
  const first = await readKeptKey(newer, folder, 'win32');
  expect(first.key).not.toBeNull();
  expect(await readKeptKey(newer, folder, 'win32')).toEqual(first);
});

it.each([
  ['no keychain at all', { ...real, isEncryptionAvailable: (): boolean => false }, 'noKeychain'],
  ['the password that everybody knows', { ...real, getSelectedStorageBackend: (): string => 'basic_text' }, 'plainKeychain'],
  ['a backend without a name', { ...real, getSelectedStorageBackend: (): string => 'unknown' }, 'plainKeychain'],
] as const)('does not pretend with %s, and writes nothing', async (_name, keychain, reason) => {
  expect(await readKeptKey(keychain, folder, 'linux')).toEqual({ key: null, reason });
  expect(existsSync(join(folder, 'keychain-key'))).toBe(false);
});

it('says so when the keychain no longer opens what it sealed, and makes no second key', async () => {
  await readKeptKey(real, folder, 'linux');
  const sealed = readFileSync(join(folder, 'keychain-key'));
  const broken = {
    ...real,
    decryptString: () => {
      throw new Error('another user');
    },
  };
  expect(await readKeptKey(broken, folder, 'linux')).toEqual({ key: null, reason: 'keychainFailed' });
  expect(readFileSync(join(folder, 'keychain-key'))).toEqual(sealed);
});
