/** What was opened a moment ago, so that a row that is read ten times before it changes is deciphered once. */

/** Of stored text, over all rows: a storm's open alerts fit, a long record does not. */
const MOST_CHARACTERS = 16_000_000;

export class OpenedBodies {
  /** By place, the least recently used first. */
  readonly #byPlace = new Map<string, { stored: string; body: unknown }>();
  #characters = 0;

  /** Only of exactly the text that was opened: whoever changes the row gets what the new text says. */
  get(place: string, stored: string): unknown {
    const known = this.#byPlace.get(place);
    if (known === undefined) return undefined;
    if (known.stored !== stored) {
      this.#remove(place, known.stored);
      return undefined;
    }
    this.#byPlace.delete(place);
    this.#byPlace.set(place, known);
    return known.body;
  }

  /** The body is frozen: it is handed to everybody who reads the row. */
  put(place: string, stored: string, body: unknown): void {
    const before = this.#byPlace.get(place);
    if (before !== undefined) this.#remove(place, before.stored);
    this.#byPlace.set(place, { stored, body: frozen(body) });
    this.#characters += stored.length;
    for (const [oldest, { stored: text }] of this.#byPlace) {
      if (this.#characters <= MOST_CHARACTERS) return;
      this.#remove(oldest, text);
    }
  }

  /** Nothing of a client whose key is destroyed may stay behind. */
  clear(): void {
    this.#byPlace.clear();
    this.#characters = 0;
  }

  #remove(place: string, stored: string): void {
    this.#byPlace.delete(place);
    this.#characters -= stored.length;
  }
}

function frozen<Of>(value: Of): Of {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}
