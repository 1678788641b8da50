/** Seals and opens the bodies of projection rows, each bound to its table and key, and under a person's or client's own key where their data is in it. */
import type { Sealer, SealingKey } from '#engine/store/sealing';
import { DESTROYED_TEXT, subjectKeyOf } from '#shared/journal/sealed';

export class SealedBodies {
  readonly #sealer: Sealer;
  #under: SealingKey | null = null;

  constructor(sealer: Sealer) {
    this.#sealer = sealer;
  }

  /** Before an entry is folded: what is made of a payload is sealed as the payload is. */
  beginFold(sealedUnder: string | undefined): void {
    this.#under = sealedUnder === undefined ? null : this.#sealer.keyOf(sealedUnder);
  }

  /** `before`: the row's body as it is stored now. Once a row holds somebody's data it stays under their key, whatever is folded into it later. */
  seal(body: unknown, place: string, before: () => unknown): string {
    return this.#sealer.seal(JSON.stringify(body), place, this.#under ?? this.#keyOf(before));
  }

  /** Undefined when there is none, and when its key was destroyed. */
  open(stored: unknown, place: string): unknown {
    if (stored === undefined) return undefined;
    const text = this.#sealer.open(String(stored), place);
    return text === DESTROYED_TEXT ? undefined : JSON.parse(text);
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

  #keyOf(before: () => unknown): SealingKey | null {
    if (!this.#sealer.hasOtherKeys) return null;
    const stored = before();
    const keyId = stored === undefined ? null : subjectKeyOf(String(stored));
    return keyId === null ? null : this.#sealer.keyOf(keyId);
  }
}
