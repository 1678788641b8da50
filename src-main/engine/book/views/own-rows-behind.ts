/** Which reference rows of the desk's own and which declared combinations an account's figures stand on now, so that its page can say so before anybody opens a figure. */
import type { AccountPicture, OwnRowBehind } from '#shared/contract/streams';
import type { OwnRow } from '#shared/desk/reference-rows/own-row';
import type { Known } from '#shared/market/known';
import type { Book } from '../book';
import { isHeld } from '../holding-problem';
import type { AccountRecord, InstrumentRecord } from '../things';

/** Each once, in the order of the contracts. Costs nothing while the desk has no rows of its own. */
export function ownRowsBehind(book: Book, account: AccountRecord): OwnRowBehind[] {
  const { reference } = book;
  if (reference.own.rows.length === 0) return [];
  const day = book.tradingDay ?? '';
  const found = new Map<string, OwnRowBehind>();
  const add = (row: OwnRow | null, about: string): void => {
    if (row !== null) found.set(row.rowId, { rowId: row.rowId, about, precedence: row.precedence });
  };
  const addRate = (row: Known<object>, about: string): void => add(row.known ? reference.own.originOf(row.value) : null, about);
  const addContract = (instrument: InstrumentRecord): void => {
    add(reference.contract(instrument.exchangeID, instrument.instrumentID, day)?.row ?? null, instrument.label);
    add(instrument.preSettlement.own, instrument.label);
  };
  for (const holding of account.holdings.values()) {
    if (!isHeld(holding)) continue;
    const { instrument } = holding;
    const underlying = book.optionSource().underlyingOf(instrument);
    addContract(instrument);
    if (underlying !== null) addContract(underlying);
    // What a sold option puts up follows the underlying's rate.
    const margined = underlying ?? instrument;
    for (const { hedgeFlag } of holding.sides)
      for (const layer of ['exchange', 'company'] as const)
        addRate(reference.marginRateRow(layer, account.accountID, margined, hedgeFlag, day), margined.label);
    addRate(reference.commissionRate(account.accountID, instrument, day), instrument.label);
    const exclusion = reference.sides.exclusionRow(instrument.exchangeID, instrument.instrumentID, day);
    addRate(exclusion.known ? exclusion : reference.sides.aggregationRow(instrument.exchangeID, instrument.productID, day), instrument.label);
  }
  for (const { exchangeID, combInstrumentID } of account.combinations?.held ?? [])
    addRate(reference.sides.combinationRow(exchangeID, combInstrumentID, day), `${exchangeID}.${combInstrumentID}`);
  return [...found.values()];
}

/** How many declared combinations the account's margin is reckoned with, and by how many rules that nobody has confirmed. */
export function combinationsBehind(book: Book, { combinations }: AccountRecord): AccountPicture['combinations'] {
  const held = combinations?.held ?? [];
  const rules = held.map(({ exchangeID, combInstrumentID }) =>
    book.reference.sides.combinationRow(exchangeID, combInstrumentID, book.tradingDay ?? ''),
  );
  return { count: held.length, unconfirmed: rules.filter((rule) => rule.known && rule.value.certainty === 'unconfirmed').length };
}
