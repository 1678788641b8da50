/** Keeps the secrets of feeds and of delivery channels in files of their own, sealed and for this user only: the journal never forgets, so a secret must not enter it. */
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '#engine/store/files';
import type { Sealer } from '#engine/store/sealing';
import { envelopeOf } from '#shared/journal/sealed';

export type StoredToken = { token: string; url: string; setAtMs: number };

export class FeedTokens {
  readonly #path: string;
  readonly #place: string;
  readonly #sealer: Sealer;
  #tokens: Map<string, StoredToken>;

  /** `of`: feeds or channels; each has a file of its own, and what is sealed for one cannot be read as the other's. */
  constructor(directory: string, sealer: Sealer, of: 'feed' | 'channel' = 'feed') {
    this.#path = join(directory, `${of}-tokens.json`);
    this.#place = `${of} tokens`;
    this.#sealer = sealer;
    const { tokens, wasPlain } = readTokens(this.#path, this.#place, sealer);
    this.#tokens = tokens;
    // Written by an earlier release.
    if (wasPlain && tokens.size > 0) this.#write(tokens);
  }

  get(feedId: string): StoredToken | null {
    return this.#tokens.get(feedId) ?? null;
  }

  /** Replaces all tokens at once; throws what the disk throws, leaving the file as it was. */
  replaceAll(tokens: ReadonlyMap<string, StoredToken>): void {
    if (tokens.size === 0 && this.#tokens.size === 0) return;
    this.#write(tokens);
    this.#tokens = new Map(tokens);
  }

  all(): ReadonlyMap<string, StoredToken> {
    return this.#tokens;
  }

  #write(tokens: ReadonlyMap<string, StoredToken>): void {
    replaceFile(this.#path, this.#sealer.seal(JSON.stringify(Object.fromEntries(tokens)), this.#place));
    chmodSync(this.#path, 0o600);
  }
}

/** An unreadable file yields no tokens: the feeds then say that they are not let in, and the file is kept until tokens are entered anew. */
function readTokens(path: string, place: string, sealer: Sealer): { tokens: Map<string, StoredToken>; wasPlain: boolean } {
  const none = { tokens: new Map<string, StoredToken>(), wasPlain: false };
  if (!existsSync(path)) return none;
  try {
    const stored = readFileSync(path, 'utf8');
    const parsed: unknown = JSON.parse(sealer.open(stored, place));
    if (parsed === null || typeof parsed !== 'object') return none;
    const tokens = new Map(Object.entries(parsed).filter((entry): entry is [string, StoredToken] => isToken(entry[1])));
    return { tokens, wasPlain: envelopeOf(stored) === null };
  } catch {
    return none;
  }
}

function isToken(value: unknown): value is StoredToken {
  if (value === null || typeof value !== 'object') return false;
  const { token, url, setAtMs } = value as Partial<StoredToken>;
  return typeof token === 'string' && typeof url === 'string' && typeof setAtMs === 'number';
}
