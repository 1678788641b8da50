/** Things found by their contract: by its number where that is at hand, as with every quote, else by its two names. */
import { contractOf, findContract } from '#shared/feed/contracts';

export class ByContract<Thing> {
  readonly #things: (Thing | undefined)[] = [];

  get(exchangeID: string, instrumentID: string): Thing | undefined {
    const contract = findContract(exchangeID, instrumentID);
    return contract === undefined ? undefined : this.#things[contract.number];
  }

  at(contractNumber: number): Thing | undefined {
    return this.#things[contractNumber];
  }

  set(exchangeID: string, instrumentID: string, thing: Thing): void {
    const { number } = contractOf(exchangeID, instrumentID);
    // Without holes: an array with holes is read many times slower.
    while (this.#things.length < number) this.#things.push(undefined);
    this.#things[number] = thing;
  }
}
