/** The keys that are open at this desk: signs entries while they are written, statements on request, and publishes every key in the record. */
import type { ChainedJournal } from '#engine/journal/chained-journal';
import { type BoxKey, boxKeyOf } from '#engine/journal/signing/box';
import { newSeed, type SigningKey, signingKeyOf, signText, verifyText } from '#engine/journal/signing/ed25519';
import { KeyFile } from '#engine/journal/signing/key-file';
import type { Signed, Signer } from '#engine/journal/signing/signer-interface';
import { sha256 } from '#engine/store/hash';
import type { StoredEntry } from '#shared/journal/entry';
import { KEYS_SUBJECT, type KeyEvent, PublishedKeys, type SignedRow } from '#shared/journal/keys';
import { checkpointStatement, enrolmentStatement, entryStatement, isSignedType, writeSignature } from '#shared/journal/signature';

export type SigningKeysParts = {
  journal: ChainedJournal;
  journalPath: string;
  nowMs: () => number;
  /** Records what happened to keys, in the engine's name. Throws a StoreError when it cannot be written. */
  record: (event: KeyEvent) => void;
};

export class SigningKeys implements Signer {
  readonly #journal: ChainedJournal;
  readonly #nowMs: () => number;
  readonly #record: (event: KeyEvent) => void;
  readonly #file: KeyFile;
  readonly #device: SigningKey;
  readonly #open = new Map<string, SigningKey>();
  /** What is sealed to this device opens with it. */
  readonly box: BoxKey;
  readonly published = new PublishedKeys({ verify: verifyText, sha256 });

  constructor(parts: SigningKeysParts) {
    this.#journal = parts.journal;
    this.#nowMs = parts.nowMs;
    this.#record = parts.record;
    this.#file = new KeyFile(parts.journalPath, parts.journal.device, parts.nowMs());
    this.#device = signingKeyOf(this.#file.deviceSeed);
    this.box = boxKeyOf(this.#file.deviceSeed);
    // From the entries and not from a projection: a row changed in a table must not become somebody's key.
    for (const entry of parts.journal.entriesOf(KEYS_SUBJECT)) if (parts.journal.isIntact(entry.sequence)) this.published.take(entry);
    parts.journal.onAppended((entries) => {
      for (const entry of entries) this.published.take(entry);
    });
    parts.journal.signWith({
      entry: (actor, type, entryHash) => this.#signEntry(actor, type, entryHash),
      checkpoint: (sum) => writeSignature(signText(this.#device, checkpointStatement(sum))),
    });
  }

  /** Publishes the device's own key where the record does not have it yet. */
  begin(): void {
    if (this.published.find(this.#device.keyId) === null) this.#enrol(this.#device, null);
  }

  open(personId: string, personSecret: Uint8Array): void {
    const key = this.#keyFor(personId, personSecret);
    this.#record({ type: 'key.opened', subject: `person:${personId}`, payload: { keyId: key.keyId, personId, atMs: this.#nowMs() } });
    this.#open.set(personId, key);
  }

  close(personId: string): void {
    const key = this.#open.get(personId);
    if (key === undefined) return;
    this.#open.delete(personId);
    this.#record({ type: 'key.closed', subject: `person:${personId}`, payload: { keyId: key.keyId, personId, atMs: this.#nowMs() } });
  }

  signOnce(personId: string, personSecret: Uint8Array, statement: string): Signed {
    return signText(this.#keyFor(personId, personSecret), statement);
  }

  /** By the person's open key; null while it is closed. */
  sign(personId: string, statement: string): Signed | null {
    const key = this.#open.get(personId);
    return key === undefined ? null : signText(key, statement);
  }

  /** Raw 32 bytes in hex. */
  get devicePublicKey(): string {
    return this.#device.publicKey;
  }

  /** By this device, for what leaves the desk. */
  signAsDevice(statement: string): Signed {
    return signText(this.#device, statement);
  }

  revoke(personId: string, reason: Parameters<Signer['revoke']>[1]): void {
    for (const { keyId } of this.published.ofPerson(personId)) this.#revokeKey(keyId, personId, reason);
    this.#open.delete(personId);
    this.#file.remove(personId);
  }

  #signEntry(actor: string, type: string, entryHash: string): string | null {
    if (!isSignedType(type)) return null;
    const key = this.#open.get(actor);
    return key === undefined ? null : writeSignature(signText(key, entryStatement(entryHash)));
  }

  #keyFor(personId: string, personSecret: Uint8Array): SigningKey {
    const seed = this.#file.unwrap(personId, personSecret);
    if (seed !== null) {
      const key = signingKeyOf(seed);
      const published = this.published.find(key.keyId);
      if (published !== null && published.personId === personId && published.revokedAt === null) return key;
      // An older journal put back does not know the key; a revoked one signs nothing any more.
      if (published === null) return this.#enrol(key, personId);
    }
    const before = this.#file.keyIdOf(personId);
    if (before !== null) this.#revokeKey(before, personId, 'secretReset');
    const fresh = newSeed();
    const key = signingKeyOf(fresh);
    this.#file.wrap(personId, key.keyId, fresh, personSecret);
    return this.#enrol(key, personId);
  }

  #enrol(key: SigningKey, personId: string | null): SigningKey {
    const { keyId, publicKey } = key;
    const { device } = this.#journal;
    const statement = enrolmentStatement({ keyId, publicKey, device, personId });
    const knownDevice = this.published.deviceKeyOf(device);
    const countersigned = knownDevice === null ? null : signText(this.#device, statement);
    const payload = { keyId, publicKey, personId, device, possession: signText(key, statement).signature, countersigned, atMs: this.#nowMs() };
    this.#record({ type: 'key.enrolled', subject: KEYS_SUBJECT, payload });
    return key;
  }

  #revokeKey(keyId: string, personId: string, reason: Parameters<Signer['revoke']>[1]): void {
    const published = this.published.find(keyId);
    if (published === null || published.revokedAt !== null) return;
    this.#record({ type: 'key.revoked', subject: KEYS_SUBJECT, payload: { keyId, personId, reason, atMs: this.#nowMs() } });
  }
}

export function signedRowOf(entry: StoredEntry): SignedRow {
  const { sequence, device, actor, type, payload, entryHash } = entry;
  return { sequence, device, actor, type, payload, entryHash, signature: entry.signature ?? null };
}
