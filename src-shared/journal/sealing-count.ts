/** Counts, without any key, how much of a record is sealed, how much stands in clear, and how much was made unreadable for ever. */
import { envelopeOf, isSubjectKey } from '#shared/journal/sealed';

export type SealingReport = {
  sealed: number;
  /** Entries of an earlier release, and those that are published on purpose (public keys). */
  plain: number;
  /** Sealed with a key that a `privacy.destroyed` entry says was destroyed. */
  destroyed: number;
  destroyedKeys: number;
};

const DESTROYED = 'privacy.destroyed';
const SUBJECT = 'key:';

export class SealingCount {
  #sealed = 0;
  #plain = 0;
  /** By the key of one person or client: as many as there are of these, whatever the number of entries. */
  readonly #bySubjectKey = new Map<string, number>();
  readonly #destroyedKeys = new Set<string>();

  take(entry: { type: string; subject: string; payload: string }): void {
    const keyId = envelopeOf(entry.payload)?.keyId;
    if (keyId === undefined) this.#plain += 1;
    else {
      this.#sealed += 1;
      if (isSubjectKey(keyId)) this.#bySubjectKey.set(keyId, (this.#bySubjectKey.get(keyId) ?? 0) + 1);
    }
    if (entry.type === DESTROYED && entry.subject.startsWith(SUBJECT)) this.#destroyedKeys.add(entry.subject.slice(SUBJECT.length));
  }

  report(): SealingReport {
    let destroyed = 0;
    for (const keyId of this.#destroyedKeys) destroyed += this.#bySubjectKey.get(keyId) ?? 0;
    return { sealed: this.#sealed, plain: this.#plain, destroyed, destroyedKeys: this.#destroyedKeys.size };
  }
}
