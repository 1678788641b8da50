/** What makes two statements of a source the same fact: the keys that let a replayed day be taken twice without counting twice. */
import type { Fund, ItemByStream, Order, ReferenceItem, StreamName, Trade } from '#shared/feed/items';

const SEPARATOR = '\u001f';

function join(...parts: (string | undefined)[]): string {
  return parts.map((part) => part ?? '').join(SEPARATOR);
}

/** Exchange's own number and side: a self-trade has both sides under one TradeID, so the side and the account belong to the key. */
export function tradeKey(trade: Trade): string {
  return join(trade.exchangeID, trade.tradeID, trade.direction, trade.accountID);
}

export function fundKey(fund: Fund): string {
  return join(fund.accountID, fund.fundSerial);
}

export function orderKey(order: Order): string {
  return join(order.exchangeID, order.orderSysID, order.accountID);
}

function positionKey(item: ItemByStream['positions']): string {
  switch (item.kind) {
    case 'position':
      return join(item.kind, item.accountID, item.exchangeID, item.instrumentID, item.posiDirection, item.hedgeFlag, item.positionDate);
    case 'positionDetail':
      return join(item.kind, item.accountID, item.exchangeID, item.instrumentID, item.direction, item.hedgeFlag, item.openDate, item.tradeID);
    case 'positionCombineDetail':
      return join(
        item.kind,
        item.accountID,
        item.exchangeID,
        item.combInstrumentID,
        item.comTradeID,
        String(item.legID),
        item.openDate,
        item.tradeID,
      );
  }
}

function referenceKey(item: ReferenceItem): string {
  switch (item.kind) {
    case 'instrument':
      return join(item.kind, item.exchangeID, item.instrumentID);
    case 'marginAggregation':
      return join(item.kind, item.exchangeID, item.productID, item.effectiveFrom);
    case 'bigSideExclusion':
      return join(item.kind, item.exchangeID, item.instrumentID, item.effectiveFrom);
    case 'combinationMargin':
      return join(item.kind, item.exchangeID, item.combinationKind, item.effectiveFrom);
    case 'marginRate':
      return join(
        item.kind,
        item.layer,
        item.investorRange,
        item.investorID,
        item.exchangeID,
        item.productID,
        item.instrumentID,
        item.hedgeFlag,
        item.effectiveFrom,
      );
    case 'commissionRate':
      return join(item.kind, item.investorRange, item.investorID, item.exchangeID, item.productID, item.instrumentID, item.effectiveFrom);
    case 'session':
      return join(item.kind, item.sessionID);
    case 'calendar':
      return join(item.kind, item.exchangeID, item.from);
    case 'department':
      return join(item.kind, item.departmentID);
    case 'accountMaster':
      return join(item.kind, item.accountID);
    case 'controlGroup':
      return join(item.kind, item.controlGroupID);
    case 'positionLimit':
      return join(item.kind, item.exchangeID, item.productID, item.instrumentID, item.effectiveFrom);
  }
}

/** The business key of any item: two items with one key on one stream are two statements about the same thing, the later one holds. */
export function businessKey<S extends StreamName>(stream: S, item: ItemByStream[S]): string {
  switch (stream) {
    case 'reference':
      return referenceKey(item as ReferenceItem);
    case 'quotes': {
      const quote = item as ItemByStream['quotes'];
      return join(quote.exchangeID, quote.instrumentID);
    }
    case 'accounts': {
      const account = item as ItemByStream['accounts'];
      return join(account.accountID, account.currencyID);
    }
    case 'positions':
      return positionKey(item as ItemByStream['positions']);
    case 'orders':
      return orderKey(item as Order);
    case 'trades':
      return tradeKey(item as Trade);
    case 'funds':
      return fundKey(item as Fund);
    default: {
      const status = item as ItemByStream['instrumentStatus'];
      return join(status.exchangeID, status.productID, status.instrumentID);
    }
  }
}
