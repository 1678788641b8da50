/** What of a contract's master data decides how its trades are reckoned. */
import { type Known, knownNumber } from '#shared/market/known';
import { reasonFor } from '#shared/market/reason';
import type { Book } from '../book';
import type { InstrumentRecord } from '../things';

export function multiplierOf(book: Book, exchangeID: string, instrumentID: string): Known<number> {
  const instrument = book.records.findInstrument(exchangeID, instrumentID);
  return knownNumber(instrument?.master?.volumeMultiple, reasonFor('noMultiplier', `${exchangeID}.${instrumentID}`));
}

/** Where an exchange keeps today's lots apart from older ones, a close names the day it takes (SHFE, INE). */
export function keepsDaysApart(instrument: InstrumentRecord | null): boolean {
  return instrument?.master?.positionDateType === 'useHistory';
}
