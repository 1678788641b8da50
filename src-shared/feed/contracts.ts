/** Every contract that this process has heard of has one number, so that what is kept per contract is found by it and not by two names. */

/** A number is given once and means nothing outside this process: it is never stored, sent or recorded. */
export type Contract = { readonly number: number; readonly exchangeID: string; readonly instrumentID: string };

const byNumber: Contract[] = [];
/** Two exchanges may use one instrumentID; then the first has it to itself and the others are found through theirs. */
const first = new Map<string, Contract>();
const others = new Map<string, Map<string, Contract>>();

export function findContract(exchangeID: string, instrumentID: string): Contract | undefined {
  const found = first.get(instrumentID);
  if (found === undefined || found.exchangeID === exchangeID) return found;
  return others.get(exchangeID)?.get(instrumentID);
}

export function contractOf(exchangeID: string, instrumentID: string): Contract {
  const known = findContract(exchangeID, instrumentID);
  if (known !== undefined) return known;
  const contract: Contract = { number: byNumber.length, exchangeID, instrumentID };
  byNumber.push(contract);
  if (!first.has(instrumentID)) {
    first.set(instrumentID, contract);
    return contract;
  }
  let ofExchange = others.get(exchangeID);
  if (ofExchange === undefined) {
    ofExchange = new Map();
    others.set(exchangeID, ofExchange);
  }
  ofExchange.set(instrumentID, contract);
  return contract;
}

/** Throws for a number that was never given. */
export function contractAt(number: number): Contract {
  const contract = byNumber[number];
  if (contract === undefined) throw new RangeError(`no contract has the number ${number}`);
  return contract;
}
