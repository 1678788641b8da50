/** An account's trades of the day with what the dated commission rows charge for each, and where each came from. */
import type { CommissionRate } from '#shared/feed/items';
import { type ChargedTrade, chargeTrades } from '#shared/market/commission';
import type { DerivationSource } from '#shared/market/explain/derivation';
import { type Known, knownNumber } from '#shared/market/known';
import { reasonFor } from '#shared/market/reason';
import type { Book } from '../book';
import type { Kept } from '../keyed-items';
import type { AccountRecord, InstrumentRecord } from '../things';

export function sourceOf(book: Book, kept: Omit<Kept<unknown>, 'item'>, stream: string, asOfMs: number): DerivationSource {
  const mark = book.streamMarks.get(`${kept.feedId}|${stream}`);
  return { feedId: kept.feedId, stream, tradingDay: kept.tradingDay, sequence: mark?.sequence ?? null, asOfMs, receivedAtMs: kept.receivedAtMs };
}

export function commissionRate(book: Book, account: AccountRecord, exchangeID: string, instrumentID: string): Known<CommissionRate> {
  const instrument = book.records.findInstrument(exchangeID, instrumentID);
  return book.reference.commissionRate(
    account.accountID,
    { exchangeID, instrumentID, productID: instrument?.productID ?? '' },
    book.tradingDay ?? '',
  );
}

export function multiplierOf(book: Book, exchangeID: string, instrumentID: string): Known<number> {
  const instrument = book.records.findInstrument(exchangeID, instrumentID);
  return knownNumber(instrument?.master?.volumeMultiple, reasonFor('noMultiplier', `${exchangeID}.${instrumentID}`));
}

/** Where an exchange keeps today's lots apart from older ones, a close names the day it takes (SHFE, INE). */
export function keepsDaysApart(instrument: InstrumentRecord | null): boolean {
  return instrument?.master?.positionDateType === 'useHistory';
}

/** The account's trades of the day, each with what the dated commission rows charge for it. */
export function chargedTrades(book: Book, account: AccountRecord): { charged: ChargedTrade; source: DerivationSource | null }[] {
  const kept = [...book.trades.items.byKey.values()].filter(({ item }) => item.accountID === account.accountID);
  const sources = new Map(kept.map((one) => [one.item, sourceOf(book, one, 'trades', one.item.tradeTimeMs)]));
  return chargeTrades(
    kept.map(({ item }) => item),
    {
      rate: (trade) => commissionRate(book, account, trade.exchangeID, trade.instrumentID),
      multiplier: (trade) => multiplierOf(book, trade.exchangeID, trade.instrumentID),
      keepsDaysApart: (trade) => keepsDaysApart(book.records.findInstrument(trade.exchangeID, trade.instrumentID)),
    },
  ).map((charged) => ({ charged, source: sources.get(charged.trade) ?? null }));
}
