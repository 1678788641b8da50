/** One key for each person or client whose data may have to be made unreadable one day: destroying it destroys every value sealed with it, in every copy and back-up. */
import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type DataKey, keyForUse } from '#engine/store/data-key';
import { discardOwnCopy, moveDurably } from '#engine/store/files';
import { openBytes, type Sealer, type SealingKey, sealBytes } from '#engine/store/sealing';
import type { Sqlite, SqliteDatabase } from '#engine/store/sqlite-module';
import { storeErrorFrom } from '#engine/store/store-error';

const FILE = 'subject-keys.sqlite';
const KEY_BYTES = 32;

type KeyRow = { keyId: string; subject: string; box: Buffer | null };

/**
 * Precious and small. It is in no back-up of the journal, or a back-up would bring destroyed keys back: one copy lies with them and is replaced
 * with every change. The subjects stand in it as digests; the keys are wrapped by the desk's.
 */
export class SubjectKeys {
  readonly #database: SqliteDatabase;
  readonly #copy: string;
  readonly #sealer: Sealer;
  readonly #wrapping: KeyObject;
  readonly #byId = new Map<string, KeyObject | 'destroyed'>();
  readonly #bySubject = new Map<string, SealingKey>();
  readonly #digests = new Map<string, string>();

  constructor(parts: { sqlite: Sqlite; folder: string; dataKey: DataKey; sealer: Sealer }) {
    const path = join(parts.folder, FILE);
    this.#copy = join(parts.folder, 'backups', FILE);
    this.#sealer = parts.sealer;
    this.#wrapping = keyForUse(parts.dataKey, 'subject keys');
    if (isMissing(path) && !isMissing(this.#copy)) copyFileSync(this.#copy, path);
    this.#database = openKeys(parts.sqlite, path);
    for (const row of this.#database.prepare('SELECT keyId, subject, box FROM keys').all() as KeyRow[]) this.#remember(row);
    parts.sealer.takeKeys(this);
  }

  get isEmpty(): boolean {
    return this.#byId.size === 0;
  }

  /** A key that is not here cannot be told from a destroyed one by what it sealed: neither opens again. */
  lookUp(keyId: string): KeyObject | 'destroyed' {
    return this.#byId.get(keyId) ?? 'destroyed';
  }

  /** The key of a subject, made and on disk when this returns. Throws a StoreError. */
  of(subject: string): SealingKey {
    this.prepare([subject]);
    return this.#bySubject.get(this.#digestOf(subject)) ?? this.#sealer.own;
  }

  /** Those that have no key yet get one, all in one commit: a bad market raises alerts about a thousand clients at once. Throws a StoreError. */
  prepare(subjects: readonly string[]): void {
    const missing = new Map<string, SealingKey & { box: Buffer }>();
    for (const subject of subjects) {
      const digest = this.#digestOf(subject);
      if (!this.#bySubject.has(digest) && !missing.has(digest)) missing.set(digest, this.#newKey());
    }
    if (missing.size === 0) return;
    try {
      const insert = this.#database.prepare('INSERT INTO keys (keyId, subject, box) VALUES (?, ?, ?)');
      this.#database.transaction(() => {
        for (const [digest, { keyId, box }] of missing) insert.run(keyId, digest, box);
      })();
      this.#copyAside();
    } catch (error) {
      throw storeErrorFrom(error, 'cannot keep a key');
    }
    for (const [digest, { keyId, key }] of missing) {
      this.#byId.set(keyId, key);
      this.#bySubject.set(digest, { keyId, key });
    }
  }

  /** The keys of a subject that still open something. */
  keyIdsOf(subject: string): string[] {
    return this.#database.prepare('SELECT keyId FROM keys WHERE subject = ? AND box IS NOT NULL').pluck().all(this.#digestOf(subject)) as string[];
  }

  /** Destroys the subject's keys, here and in the copy, for ever. Answers which they were; none when nothing was sealed for this subject. */
  destroy(subject: string): string[] {
    const digest = this.#digestOf(subject);
    const keyIds = this.keyIdsOf(subject);
    if (keyIds.length === 0) return [];
    this.#database.prepare('UPDATE keys SET box = NULL WHERE subject = ?').run(digest);
    // What is freed is overwritten (secure_delete); written out anew, nothing of it is left in a page that nobody cleans.
    this.#database.exec('VACUUM');
    this.#copyAside();
    this.#bySubject.delete(digest);
    for (const keyId of keyIds) this.#byId.set(keyId, 'destroyed');
    return keyIds;
  }

  close(): void {
    if (this.#database.open) this.#database.close();
  }

  #newKey(): SealingKey & { box: Buffer } {
    const bytes = randomBytes(KEY_BYTES);
    const keyId = `s${randomBytes(8).toString('hex')}`;
    return { keyId, key: createSecretKey(bytes), box: sealBytes(this.#wrapping, bytes, keyId) };
  }

  /** Remembered: the same clients come again with every entry about them. */
  #digestOf(subject: string): string {
    let digest = this.#digests.get(subject);
    if (digest === undefined) {
      digest = this.#sealer.digest(subject);
      this.#digests.set(subject, digest);
    }
    return digest;
  }

  #remember({ keyId, subject, box }: KeyRow): void {
    const bytes = box === null ? null : openBytes(this.#wrapping, box, keyId);
    if (bytes === null) {
      this.#byId.set(keyId, 'destroyed');
      return;
    }
    const key = createSecretKey(bytes);
    this.#byId.set(keyId, key);
    this.#bySubject.set(subject, { keyId, key });
  }

  #copyAside(): void {
    const temporary = `${this.#copy}.part`;
    discardOwnCopy(temporary);
    this.#database.prepare('VACUUM INTO ?').run(temporary);
    moveDurably(temporary, this.#copy);
  }
}

function isMissing(path: string): boolean {
  return !existsSync(path) || statSync(path).size === 0;
}

function openKeys(sqlite: Sqlite, path: string): SqliteDatabase {
  const database = sqlite.open(path, { timeout: 2_000 });
  database.pragma('journal_mode = DELETE');
  database.pragma('synchronous = FULL');
  database.pragma('secure_delete = ON');
  database.exec('CREATE TABLE IF NOT EXISTS keys (keyId TEXT PRIMARY KEY, subject TEXT NOT NULL, box BLOB) STRICT');
  return database;
}
