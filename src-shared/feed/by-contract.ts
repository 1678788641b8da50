/** Things found by their contract's two names, in one look-up where names do not clash: this runs several times for every quote. */

/** Two exchanges may use one instrumentID; then the first has it to itself and the others are found through theirs. */
export class ByContract<Thing extends { readonly exchangeID: string }> {
  readonly #first = new Map<string, Thing>();
  readonly #others = new Map<string, Map<string, Thing>>();

  get(exchangeID: string, instrumentID: string): Thing | undefined {
    const first = this.#first.get(instrumentID);
    if (first === undefined || first.exchangeID === exchangeID) return first;
    return this.#others.get(exchangeID)?.get(instrumentID);
  }

  set(instrumentID: string, thing: Thing): void {
    const first = this.#first.get(instrumentID);
    if (first === undefined || first.exchangeID === thing.exchangeID) {
      this.#first.set(instrumentID, thing);
      return;
    }
    let others = this.#others.get(thing.exchangeID);
    if (others === undefined) {
      others = new Map();
      this.#others.set(thing.exchangeID, others);
    }
    others.set(instrumentID, thing);
  }
}
