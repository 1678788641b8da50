/** Seals what the desk stores about people, clients and what was written about them, so that a stolen disk shows nothing of it. */
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, type KeyObject, randomFillSync } from 'node:crypto';
import { DamagedFileError, StoreError } from '#engine/store/store-error';
import { DESTROYED_TEXT, envelopeOf, isSubjectKey, sealedEnvelope, singleKeysOf } from '#shared/journal/sealed';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Base64 of nonce and tag, which stand before the sealed text. */
const NONCE_CHARACTERS = 16;
const TAG_CHARACTERS = 24;

export type SealingKey = { keyId: string; key: KeyObject };

/** Where keys other than the desk's own are found. `destroyed`: what it sealed can never be read again. */
export type OtherKeys = {
  readonly isEmpty: boolean;
  lookUp(keyId: string): KeyObject | 'destroyed';
  of(subject: string): SealingKey;
  prepare(subjects: readonly string[]): void;
};

/** Random numbers in one go: asking for twelve bytes at a time costs more than using them. */
class Nonces {
  readonly #pool = Buffer.alloc(NONCE_BYTES * 256);
  #at = this.#pool.length;

  next(): Buffer {
    if (this.#at === this.#pool.length) {
      randomFillSync(this.#pool);
      this.#at = 0;
    }
    const nonce = this.#pool.subarray(this.#at, this.#at + NONCE_BYTES);
    this.#at += NONCE_BYTES;
    return nonce;
  }
}

/**
 * AES-256-GCM with a random 96-bit nonce for every text. Each text is bound to the place it is stored at (an entry's id, a table and its key): moved
 * elsewhere it does not open. One key seals at most about 2^32 texts before random nonces might meet; a desk writes fewer in its life.
 */
export class Sealer {
  readonly own: SealingKey;
  readonly #digestKey: Buffer;
  readonly #nonces = new Nonces();
  #others: OtherKeys | null = null;

  constructor(own: { keyId: string; bytes: Uint8Array }) {
    this.own = { keyId: own.keyId, key: createSecretKey(own.bytes) };
    this.#digestKey = Buffer.from(hkdfSync('sha256', own.bytes, '', 'floorwatch names in columns', 32));
  }

  /** The key of one person's or client's data, made when there is none yet; null without any such keys: the desk's own then seals it. */
  keyOfSubject(subject: string): SealingKey | null {
    return this.#others?.of(subject) ?? null;
  }

  /** Makes the keys of these subjects that there are none of yet, all in one go. */
  prepareSubjects(subjects: readonly string[]): void {
    this.#others?.prepare(subjects);
  }

  /** The key of that id as a key to seal with; null when it can seal nothing any more. */
  keyOf(keyId: string): SealingKey | null {
    const key = this.#keyOf(keyId);
    return key === null || key === 'destroyed' ? null : { keyId, key };
  }

  /** From now on, keys that can be destroyed one by one are looked for here. */
  takeKeys(others: OtherKeys): void {
    this.#others = others;
  }

  /** Whether anything here may be sealed with a key other than the desk's. */
  get hasOtherKeys(): boolean {
    return this.#others !== null && !this.#others.isEmpty;
  }

  /** Sealed text is canonical JSON, as the plain text was, so that it can stand wherever that could. */
  seal(text: string, place: string, under: SealingKey | null = null): string {
    const { keyId, key } = under ?? this.own;
    const nonce = this.#nonces.next();
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    cipher.setAAD(Buffer.from(place));
    // This mode holds nothing back until the end; asking the cipher itself for base64 would set up a decoder for each text.
    const sealed = cipher.update(text, 'utf8');
    cipher.final();
    return sealedEnvelope(keyId, `${nonce.toString('base64')}${cipher.getAuthTag().toString('base64')}${sealed.toString('base64')}`);
  }

  /**
   * The text that was sealed at this place; text that was stored before there was a seal is given back as it is; `DESTROYED_TEXT` when its key was
   * destroyed. Throws a DamagedFileError when it does not open (changed, or moved here from elsewhere), a StoreError `keyMissing` when another desk sealed it.
   */
  open(stored: string, place: string): string {
    const envelope = envelopeOf(stored);
    if (envelope === null) return stored;
    const key = this.#keyOf(envelope.keyId);
    if (key === 'destroyed') return DESTROYED_TEXT;
    if (key === null) throw new StoreError('keyMissing', `${place} was sealed with the key ${envelope.keyId}, which this desk does not have`);
    const { box } = envelope;
    try {
      const opener = createDecipheriv('aes-256-gcm', key, Buffer.from(box.slice(0, NONCE_CHARACTERS), 'base64'));
      opener.setAAD(Buffer.from(place));
      opener.setAuthTag(Buffer.from(box.slice(NONCE_CHARACTERS, NONCE_CHARACTERS + TAG_CHARACTERS), 'base64'));
      return opener.update(box.slice(NONCE_CHARACTERS + TAG_CHARACTERS), 'base64', 'utf8') + opener.final('utf8');
    } catch {
      throw new DamagedFileError(`what is stored at ${place} does not open`);
    }
  }

  /** For a column that is searched by a text which must not be readable: the same text gives the same digest on this desk, and on no other. */
  digest(text: string): string {
    return createHmac('sha256', this.#digestKey).update(text).digest('base64url').slice(0, 22);
  }

  #keyOf(keyId: string): KeyObject | 'destroyed' | null {
    if (keyId === this.own.keyId) return this.own.key;
    if (!isSubjectKey(keyId)) return null;
    const keys = singleKeysOf(keyId).map((single) => this.#others?.lookUp(single) ?? 'destroyed');
    const [only] = keys;
    if (keys.length === 1 && only !== undefined) return only;
    const held = keys.filter((key) => key !== 'destroyed');
    return held.length < keys.length ? 'destroyed' : together(held);
  }
}

/** One key out of several: made anew each time, so that nothing of it outlives one of them that is destroyed. */
function together(keys: readonly KeyObject[]): KeyObject {
  const bytes = Buffer.concat(keys.map((key) => key.export()));
  const joined = Buffer.from(hkdfSync('sha256', bytes, '', 'floorwatch keys together', 32));
  bytes.fill(0);
  const key = createSecretKey(joined);
  joined.fill(0);
  return key;
}

/** A whole piece of a file in one box: nonce, tag, sealed bytes. */
export function sealBytes(key: KeyObject, bytes: Uint8Array, place: string): Buffer {
  const nonce = randomFillSync(Buffer.alloc(NONCE_BYTES));
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(place));
  const sealed = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

/** Null when it does not open: changed, cut off, moved from elsewhere, or another key's. */
export function openBytes(key: KeyObject, box: Uint8Array, place: string): Buffer | null {
  if (box.length < NONCE_BYTES + TAG_BYTES) return null;
  try {
    const opener = createDecipheriv('aes-256-gcm', key, box.subarray(0, NONCE_BYTES));
    opener.setAAD(Buffer.from(place));
    opener.setAuthTag(box.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([opener.update(box.subarray(NONCE_BYTES + TAG_BYTES)), opener.final()]);
  } catch {
    return null;
  }
}
