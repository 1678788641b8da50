/** An account's resting orders with what each freezes by the rates in force. */
import type { Order } from '#shared/feed/items';
import { type FrozenOrder, frozenBy, isResting } from '#shared/market/frozen';
import { unknown } from '#shared/market/known';
import { reasonFor } from '#shared/market/reason';
import type { Book } from '../book';
import type { Kept } from '../keyed-items';
import type { AccountRecord } from '../things';
import { commissionRate } from './charged-trades';
import { multiplierOf } from './contract-terms';

export type RestingOrder = { kept: Kept<Order>; frozen: FrozenOrder };

export function restingOrders(book: Book, account: AccountRecord): RestingOrder[] {
  return [...book.orders.items.byKey.values()]
    .filter(({ item }) => item.accountID === account.accountID && isResting(item))
    .map((kept) => ({ kept, frozen: frozenOf(book, account, kept.item) }));
}

function frozenOf(book: Book, account: AccountRecord, order: Order): FrozenOrder {
  const { exchangeID, instrumentID, hedgeFlag } = order;
  const instrument = book.records.findInstrument(exchangeID, instrumentID);
  const noRate = unknown(reasonFor('noInstrument', `${exchangeID}.${instrumentID}`));
  return frozenBy(order, {
    marginRate: instrument === null ? noRate : book.reference.marginRate('company', account.accountID, instrument, hedgeFlag, book.tradingDay ?? ''),
    commissionRate: commissionRate(book, account, exchangeID, instrumentID),
    multiplier: multiplierOf(book, exchangeID, instrumentID),
  });
}
