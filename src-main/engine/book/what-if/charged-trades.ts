/** An account's trades of the day with what the dated commission rows charge for each, and where each came from. */
import type { CommissionRate, Trade } from '#shared/feed/items';
import { type ChargedTrade, chargeTrades, inOrder, isForcedClose } from '#shared/market/commission';
import type { DerivationSource } from '#shared/market/explain/derivation';
import { type Known, known } from '#shared/market/known';
import type { Book } from '../book';
import type { Kept } from '../keyed-items';
import type { AccountRecord } from '../things';
import { closesOf } from '../views/day-closes';
import { keepsDaysApart, multiplierOf } from './contract-terms';

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

/** How many of today's lots each forced close took where days are kept apart: as its profit is reckoned, the older ones first. */
function todayOfForced(book: Book, account: AccountRecord, trades: readonly Trade[]): (trade: Trade) => Known<number> {
  if (!trades.some(({ offsetFlag }) => isForcedClose(offsetFlag))) return () => known(0);
  const closes = closesOf(book, account, inOrder(trades));
  return (trade) => {
    const own = closes.find((each) => each.trades.includes(trade));
    if (own === undefined || own.parts.length === 0) return own === undefined || own.value.known ? known(0) : own.value;
    return known(own.parts.reduce((sum, part) => (part.trade === trade && part.isToday ? sum + part.volume : sum), 0));
  };
}

/** The account's trades of the day, each with what the dated commission rows charge for it. */
export function chargedTrades(book: Book, account: AccountRecord): { charged: ChargedTrade; source: DerivationSource | null }[] {
  const kept = [...book.trades.items.byKey.values()].filter(({ item }) => item.accountID === account.accountID);
  const sources = new Map(kept.map((one) => [one.item, sourceOf(book, one, 'trades', one.item.tradeTimeMs)]));
  const trades = kept.map(({ item }) => item);
  return chargeTrades(trades, {
    rate: (trade) => commissionRate(book, account, trade.exchangeID, trade.instrumentID),
    multiplier: (trade) => multiplierOf(book, trade.exchangeID, trade.instrumentID),
    keepsDaysApart: (trade) => keepsDaysApart(book.records.findInstrument(trade.exchangeID, trade.instrumentID)),
    todayOfForced: todayOfForced(book, account, trades),
  }).map((charged) => ({ charged, source: sources.get(charged.trade) ?? null }));
}
