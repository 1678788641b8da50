/**
 * What checks people's secrets, and what their secrets open: argon2id digests, throttles that outlive a restart, one-time and recovery codes, and slots in
 * which other parts of the engine keep keys wrapped by a person's own key. One file, rewritten whole, never in the journal.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { authenticatorSchema } from '#engine/desk/people/assertion';
import type { KeyringFile } from '#engine/store/keyring-file';
import { NOT_THROTTLED, throttleSchema } from '#shared/desk/people/throttle';

const costSchema = z.object({ memoryKiB: z.number(), iterations: z.number(), parallelism: z.number() });
const codeSchema = z.object({ kind: z.enum(['recovery', 'oneTime']), salt: z.string(), hash: z.string(), expiresAtMs: z.number().nullable() });
const ringSchema = z.object({
  /** PHC strings (`$argon2id$v=19$m=...`); null while the person has none. */
  secret: z.string().nullable(),
  pin: z.string().nullable(),
  /** The person's own key, wrapped by a second key that the password yields with this salt and cost, beside its digest. */
  personalKey: z.object({ salt: z.string(), cost: costSchema, wrapped: z.string() }).nullable(),
  codes: z.array(codeSchema),
  /** Keyrings of releases before there were any have none. */
  authenticators: z.array(authenticatorSchema).default([]),
  secretThrottle: throttleSchema,
  pinThrottle: throttleSchema,
  slots: z.record(z.string(), z.string()),
  lastSignInAtMs: z.number().nullable(),
  /** On a drill desk: the digest of the live desk that this one was copied from; the person's key here is made by their first sign-in. */
  copiedSecret: z.string().nullable().default(null),
});
export type Ring = z.infer<typeof ringSchema>;
const keyringSchema = z.object({
  version: z.literal(1),
  people: z.record(z.string(), ringSchema),
  /** One throttle for all logins that nobody has: guessing names must not be faster than guessing secrets. */
  strangers: throttleSchema,
});

/** A place for one wrapped key of one person: text as its owner made it. */
export type KeyringSlot = { get(): string | null; set(value: string | null): void };

/** What the rest of the engine may ask about people's keys. */
export type PersonalKeys = {
  slot(personId: string, name: string): KeyringSlot;
  /** 32 bytes, the same for as long as the person remembers their password; in memory only while they are signed in. Null otherwise. */
  unlockKey(personId: string): Uint8Array | null;
};

const SALT_BYTES = 16;
/** 100 bits in groups that can be read aloud; no letter that is taken for another. */
const CODE_ALPHABET = 'ABCDEFGHJKMNPQRSTVWXYZ23456789';
const CODE_GROUPS = 4;
const CODE_GROUP_LENGTH = 5;
const CODE_NAME_LENGTH = 16;

export class Keyring {
  readonly #file: KeyringFile;
  #content: z.infer<typeof keyringSchema>;

  constructor(file: KeyringFile, nowMs: number) {
    this.#file = file;
    const raw = file.read(nowMs);
    const parsed = keyringSchema.safeParse(raw);
    if (raw !== undefined && !parsed.success) file.keepAside(nowMs);
    this.#content = parsed.success ? parsed.data : { version: 1, people: {}, strangers: NOT_THROTTLED };
  }

  ring(personId: string): Ring {
    const known = Object.hasOwn(this.#content.people, personId) ? this.#content.people[personId] : undefined;
    return (
      known ?? {
        secret: null,
        pin: null,
        personalKey: null,
        codes: [],
        authenticators: [],
        secretThrottle: NOT_THROTTLED,
        pinThrottle: NOT_THROTTLED,
        slots: {},
        lastSignInAtMs: null,
        copiedSecret: null,
      }
    );
  }

  /** On disk when it returns. Throws what the disk throws; then nothing has changed. */
  update(personId: string, change: Partial<Ring>): void {
    const people = { ...this.#content.people, [personId]: { ...this.ring(personId), ...change } };
    this.#write({ ...this.#content, people });
  }

  get strangers(): Ring['secretThrottle'] {
    return this.#content.strangers;
  }

  updateStrangers(strangers: Ring['secretThrottle']): void {
    this.#write({ ...this.#content, strangers });
  }

  slot(personId: string, name: string): KeyringSlot {
    return {
      get: () => this.ring(personId).slots[name] ?? null,
      set: (value) => {
        const { [name]: _old, ...others } = this.ring(personId).slots;
        this.update(personId, { slots: value === null ? others : { ...others, [name]: value } });
      },
    };
  }

  /** Answers the code once, to be shown once; only its digest is kept. A code has 98 bits: a plain digest is enough. */
  addCode(personId: string, kind: 'recovery' | 'oneTime', expiresAtMs: number | null): string {
    const code = newCode();
    const salt = randomBytes(SALT_BYTES).toString('base64');
    const kept = this.ring(personId).codes.filter((other) => kind === 'recovery' || other.kind === 'recovery');
    this.update(personId, { codes: [...kept, { kind, salt, hash: digestOfCode(code, salt), expiresAtMs }] });
    return code;
  }

  /** Whose recovery code it is, by a name that says nothing of the code; null when it is nobody's. Uses nothing up. */
  findRecoveryCode(code: string): { personId: string; name: string } | null {
    for (const [personId, { codes }] of Object.entries(this.#content.people)) {
      const found = codes.find(({ kind, salt, hash }) => kind === 'recovery' && isEqualHex(digestOfCode(code, salt), hash));
      if (found !== undefined) return { personId, name: found.hash.slice(0, CODE_NAME_LENGTH) };
    }
    return null;
  }

  /** The names of a person's recovery codes that were not used yet. */
  recoveryCodeNames(personId: string): string[] {
    return this.ring(personId).codes.flatMap(({ kind, hash }) => (kind === 'recovery' ? [hash.slice(0, CODE_NAME_LENGTH)] : []));
  }

  /** Uses a code up. `expired` tells a person who typed the right one too late what to ask for. */
  takeCode(personId: string, code: string, nowMs: number): 'taken' | 'expired' | 'wrong' {
    const { codes } = this.ring(personId);
    const index = codes.findIndex(({ salt, hash }) => isEqualHex(digestOfCode(code, salt), hash));
    const found = codes[index];
    if (found === undefined) return 'wrong';
    this.update(personId, { codes: codes.filter((_, at) => at !== index) });
    return found.expiresAtMs !== null && nowMs > found.expiresAtMs ? 'expired' : 'taken';
  }

  #write(content: z.infer<typeof keyringSchema>): void {
    this.#file.write(content);
    this.#content = content;
  }
}

function newCode(): string {
  const letters: string[] = [];
  while (letters.length < CODE_GROUPS * CODE_GROUP_LENGTH) {
    for (const byte of randomBytes(32)) {
      // Bytes beyond the last whole multiple would make some letters likelier.
      if (byte < Math.floor(256 / CODE_ALPHABET.length) * CODE_ALPHABET.length) letters.push(CODE_ALPHABET[byte % CODE_ALPHABET.length] ?? '');
    }
  }
  const groups = Array.from({ length: CODE_GROUPS }, (_, group) =>
    letters.slice(group * CODE_GROUP_LENGTH, (group + 1) * CODE_GROUP_LENGTH).join(''),
  );
  return groups.join('-');
}

/** What a recovery code wraps keys with: 98 random bits need no slow digest. */
export function keyOfCode(code: string): Uint8Array {
  return createHash('sha256').update('floorwatch recovery code ').update(asTyped(code)).digest();
}

function digestOfCode(code: string, salt: string): string {
  return createHash('sha256').update(salt).update(asTyped(code)).digest('hex');
}

/** Case, spaces and hyphens do not matter. */
function asTyped(code: string): string {
  return code.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
}

function isEqualHex(a: string, b: string): boolean {
  const left = Buffer.from(a, 'hex');
  const right = Buffer.from(b, 'hex');
  return left.length === right.length && timingSafeEqual(left, right);
}
