/** Seals and opens the bodies of projection rows, each bound to its table and key, and under a person's or client's own key where their data is in it. */
import { OpenedBodies } from '#engine/store/opened-bodies';
import type { Sealer, SealingKey } from '#engine/store/sealing';
import { DESTROYED_TEXT, keyIdOfAll, singleKeysOf, subjectKeyOf } from '#shared/journal/sealed';

export class SealedBodies {
  readonly #sealer: Sealer;
  readonly #opened = new OpenedBodies();
  #under: string[] = [];

  constructor(sealer: Sealer) {
    this.#sealer = sealer;
  }

  /** Before an entry is folded: what is made of a payload is sealed as the payload is, and as the words in it are. */
  beginFold(...sealedUnder: (string | undefined)[]): void {
    this.#under = sealedUnder.filter((keyId) => keyId !== undefined);
  }

  /**
   * `before`: the row's body as it is stored now. Once a row holds somebody's data it stays under their key, whatever is folded into it later; what holds
   * several clients' data is sealed under all their keys together. `isReadNext`: kept open, as it will be read back, for those who follow the commit.
   */
  seal(body: unknown, place: string, before: () => unknown, isReadNext = false): string {
    const text = JSON.stringify(body);
    const sealed = this.#sealer.seal(text, place, this.#keyFor(before));
    if (isReadNext) this.#opened.put(place, sealed, JSON.parse(text));
    return sealed;
  }

  /** Undefined when there is none, and when its key was destroyed. What it gives is shared and frozen. */
  open(stored: unknown, place: string): unknown {
    if (stored === undefined) return undefined;
    const sealed = String(stored);
    const known = this.#opened.get(place, sealed);
    if (known !== undefined) return this.isDestroyed(sealed) ? undefined : known;
    const text = this.#sealer.open(sealed, place);
    if (text === DESTROYED_TEXT) return undefined;
    const body: unknown = JSON.parse(text);
    this.#opened.put(place, sealed, body);
    return body;
  }

  /** From here on nothing that was opened before is in memory. */
  forgetOpened(): void {
    this.#opened.clear();
  }

  /** Whether a key that the stored body needs was destroyed. */
  isDestroyed(stored: string): boolean {
    const keyId = subjectKeyOf(stored);
    return keyId !== null && this.#sealer.keyOf(keyId) === null;
  }

  /** Rows whose key was destroyed are left out. */
  openRows(rows: unknown[], placeOf: (key: string) => string): { key: string; sequence: number; body: unknown }[] {
    return (rows as { key: string; sequence: number; body: string }[]).flatMap(({ key, sequence, body }) => {
      const opened = this.open(body, placeOf(key));
      return opened === undefined ? [] : [{ key, sequence, body: opened }];
    });
  }

  /** A text for a column that is searched by it and must not be readable. */
  digest(text: string): string {
    return this.#sealer.digest(text);
  }

  #keyFor(before: () => unknown): SealingKey | null {
    if (!this.#sealer.hasOtherKeys) return null;
    const stored = before();
    const kept = stored === undefined ? null : subjectKeyOf(String(stored));
    // Of a row that was left behind by a destroyed key nothing is kept, its key neither.
    const live = [...(kept === null ? [] : [kept]), ...this.#under].flatMap(singleKeysOf).filter((keyId) => this.#sealer.keyOf(keyId) !== null);
    const keyId = keyIdOfAll(live);
    return keyId === undefined ? null : this.#sealer.keyOf(keyId);
  }
}
