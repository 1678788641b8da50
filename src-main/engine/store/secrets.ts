/** Keeps feed tokens in a file of their own that only this user can read: the journal never forgets, so a secret must not enter it. */
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '#engine/store/files';

export type StoredToken = { token: string; url: string; setAtMs: number };

export class FeedTokens {
  readonly #path: string;
  #tokens: Map<string, StoredToken>;

  constructor(directory: string) {
    this.#path = join(directory, 'feed-tokens.json');
    this.#tokens = readTokens(this.#path);
  }

  get(feedId: string): StoredToken | null {
    return this.#tokens.get(feedId) ?? null;
  }

  /** Replaces all tokens at once; throws what the disk throws, leaving the file as it was. */
  replaceAll(tokens: ReadonlyMap<string, StoredToken>): void {
    if (tokens.size === 0 && this.#tokens.size === 0) return;
    replaceFile(this.#path, JSON.stringify(Object.fromEntries(tokens)));
    chmodSync(this.#path, 0o600);
    this.#tokens = new Map(tokens);
  }

  all(): ReadonlyMap<string, StoredToken> {
    return this.#tokens;
  }
}

/** An unreadable file yields no tokens: the feeds then say that they are not let in, and the file is kept until tokens are entered anew. */
function readTokens(path: string): Map<string, StoredToken> {
  if (!existsSync(path)) return new Map();
  try {
    const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (parsed === null || typeof parsed !== 'object') return new Map();
    return new Map(Object.entries(parsed).filter((entry): entry is [string, StoredToken] => isToken(entry[1])));
  } catch {
    return new Map();
  }
}

function isToken(value: unknown): value is StoredToken {
  if (value === null || typeof value !== 'object') return false;
  const { token, url, setAtMs } = value as Partial<StoredToken>;
  return typeof token === 'string' && typeof url === 'string' && typeof setAtMs === 'number';
}
