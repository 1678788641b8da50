/** Keeps the way to the desk's data key in the system's keychain where that is a real one, and says when it is not: then the disk is not protected. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** As much of Electron's safeStorage as is used; a test hands in one of its own. */
export type SystemKeychain = {
  isEncryptionAvailable(): boolean;
  getSelectedStorageBackend?(): string;
  encryptString(text: string): Buffer;
  decryptString(encrypted: Buffer): string;
  /** The newer calls, which do not hold the shell up while a keychain asks its user; the others end with Electron 46. */
  encryptStringAsync?(text: string): Promise<Buffer>;
  decryptStringAsync?(encrypted: Buffer): Promise<{ result: string }>;
};

/** Sealed by the system, useless without the person's account on this machine. */
const KEYCHAIN_FILE = 'keychain-key';
const KEY_BYTES = 32;
/** Chromium's own fixed password, the same on every machine, or none that it can name. */
const PLAIN_BACKENDS: ReadonlySet<string> = new Set(['basic_text', 'unknown']);

export type KeptKey = { key: string; reason: null } | { key: null; reason: 'noKeychain' | 'plainKeychain' | 'keychainFailed' };

/**
 * The key that wraps the data key, as base64; made and put into the keychain at the first start. Null with the reason where there is no real
 * keychain: on Linux without a secret store Chromium encrypts with a password that everybody knows, which protects nothing.
 */
export async function readKeptKey(keychain: SystemKeychain, dataDir: string, platform: NodeJS.Platform): Promise<KeptKey> {
  try {
    if (!keychain.isEncryptionAvailable()) return { key: null, reason: 'noKeychain' };
    if (platform === 'linux' && PLAIN_BACKENDS.has(keychain.getSelectedStorageBackend?.() ?? 'unknown'))
      return { key: null, reason: 'plainKeychain' };
    const path = join(dataDir, KEYCHAIN_FILE);
    if (existsSync(path)) return { key: await opened(keychain, readFileSync(path)), reason: null };
    const key = randomBytes(KEY_BYTES).toString('base64');
    mkdirSync(dataDir, { recursive: true });
    // Written aside and renamed: a key that is half on disk would lock the desk out of its own data.
    writeFileSync(`${path}.tmp`, await sealed(keychain, key), { mode: 0o600, flush: true });
    renameSync(`${path}.tmp`, path);
    return { key, reason: null };
  } catch {
    return { key: null, reason: 'keychainFailed' };
  }
}

async function opened(keychain: SystemKeychain, bytes: Buffer): Promise<string> {
  return keychain.decryptStringAsync === undefined ? keychain.decryptString(bytes) : (await keychain.decryptStringAsync(bytes)).result;
}

function sealed(keychain: SystemKeychain, text: string): Promise<Buffer> {
  return keychain.encryptStringAsync === undefined ? Promise.resolve(keychain.encryptString(text)) : keychain.encryptStringAsync(text);
}
