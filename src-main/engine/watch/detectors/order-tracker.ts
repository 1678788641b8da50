/** Turns reports of orders and trades, which may come twice, late or in a picture, into facts that come once. */
import { type EvidenceOrder, type EvidenceTrade, MOST_EVIDENCE } from '#shared/desk/rules/evidence';
import type { Order, Trade } from '#shared/feed/items';
import type { CanceledBy, OrderFact, TrackedOrder, TradeFact } from './facts';
import { IdTable } from './id-table';
import type { AccountContract, AccountState, MarketState } from './market-state';
import { RecentSlots } from './recent-slots';

/** Finished orders and trades that are remembered per exchange to know a repetition; older ones are taken for known when a picture brings them. */
const REMEMBERED = 4096;
/** Live orders per exchange; a source that never ends its orders must not fill the memory. */
const MOST_LIVE = 1_000_000;
const NOT_FOLLOWED = -1;

/** `item` is the side that came first, `otherID` the account of the one that came second. */
type SeenTrade = { account: AccountState; hasBuy: boolean; hasSell: boolean; item: Trade; otherID: string | null };
type Doings = { accountIDs: ReadonlySet<string>; exchangeID: string | null; instrumentID: string | null; fromMs: number; toMs: number };
type ExchangeOrders = {
  /** Live ones, and those finished ones whose keys are still remembered. */
  orders: IdTable<TrackedOrder>;
  finished: RecentSlots;
  liveCount: number;
  trades: IdTable<SeenTrade>;
  latestTrades: RecentSlots;
};

function isEnd(status: Order['orderStatus']): boolean {
  return status === 'allTraded' || status === 'canceled' || status === 'partTradedNotQueueing' || status === 'noTradeNotQueueing';
}

export class OrderTracker {
  readonly #market: MarketState;
  readonly #exchanges = new Map<string, ExchangeOrders>();
  /** Orders that are not followed because too many are live at once: their insert counts, what becomes of them does not. */
  droppedLive = 0;
  /** Items of a picture that lie before what is remembered: taken as counted already. */
  takenAsKnown = 0;
  unknownCancels = 0;

  constructor(market: MarketState) {
    this.#market = market;
  }

  startDay(): void {
    this.#exchanges.clear();
  }

  /** Those that are still remembered, in the order of the ids. An order of no single exchange is looked for on all of them. */
  ordersOf(exchangeID: string | null, orderSysIDs: readonly string[]): EvidenceOrder[] {
    return this.#named(exchangeID)
      .flatMap(({ orders }) => orderSysIDs.flatMap((id) => evidenceOrder(orders.get(id))))
      .slice(-MOST_EVIDENCE);
  }

  /** The latest orders and trades of these accounts while something went on, of one contract or (null) of all that `exchangeID` has: what is still remembered. */
  during({ accountIDs, exchangeID, instrumentID, fromMs, toMs }: Doings): { orders: EvidenceOrder[]; trades: EvidenceTrade[] } {
    const orders: TrackedOrder[] = [];
    const trades: SeenTrade[] = [];
    for (const named of this.#named(exchangeID)) {
      for (const order of named.orders.things()) {
        const { account, instrument } = order.contract;
        if (instrumentID !== null && instrument.instrumentID !== instrumentID) continue;
        if (order.insertMs <= toMs && order.updateMs >= fromMs && accountIDs.has(account.accountID)) orders.push(order);
      }
      for (const seen of named.trades.things()) {
        const { item, otherID } = seen;
        if (instrumentID !== null && item.instrumentID !== instrumentID) continue;
        if (item.tradeTimeMs > toMs || item.tradeTimeMs < fromMs) continue;
        if (accountIDs.has(item.accountID) || (otherID !== null && accountIDs.has(otherID))) trades.push(seen);
      }
    }
    orders.sort((a, b) => a.insertMs - b.insertMs || (a.orderSysID < b.orderSysID ? -1 : 1));
    trades.sort((a, b) => a.item.tradeTimeMs - b.item.tradeTimeMs || (a.item.tradeID < b.item.tradeID ? -1 : 1));
    return { orders: orders.slice(-MOST_EVIDENCE).flatMap(evidenceOrder), trades: trades.slice(-MOST_EVIDENCE).map(evidenceTrade) };
  }

  /** By their own ids; of a finding about orders, the latest trades of those orders. */
  tradesOf(exchangeID: string | null, tradeIDs: readonly string[], orderSysIDs: readonly string[]): EvidenceTrade[] {
    const named = this.#named(exchangeID);
    const byID = named.flatMap(({ trades }) => tradeIDs.flatMap((id) => trades.get(id) ?? []));
    const wanted = new Set(orderSysIDs);
    const found =
      byID.length > 0 || wanted.size === 0
        ? byID
        : named.flatMap(({ trades, latestTrades }) =>
            [...latestTrades.slots()].flatMap((slot) => {
              const seen = trades.at(slot);
              return seen?.item.orderSysID !== undefined && wanted.has(seen.item.orderSysID) ? seen : [];
            }),
          );
    return found.slice(-MOST_EVIDENCE).map(evidenceTrade);
  }

  #named(exchangeID: string | null): ExchangeOrders[] {
    if (exchangeID === null) return [...this.#exchanges.values()];
    const one = this.#exchanges.get(exchangeID);
    return one === undefined ? [] : [one];
  }

  /** Facts are appended to `out`. */
  onOrder(item: Order, isFromPicture: boolean, out: OrderFact[]): void {
    const exchange = this.#exchangeOf(item.exchangeID);
    let slot = exchange.orders.find(item.orderSysID);
    let order = slot === NOT_FOLLOWED ? undefined : exchange.orders.at(slot);
    if (order === undefined) {
      if (isFromPicture && isEnd(item.orderStatus) && item.updateTimeMs <= exchange.finished.forgottenUpToMs) {
        this.takenAsKnown += 1;
        return;
      }
      order = this.#insert(item, isFromPicture);
      slot = this.#follow(order, exchange);
      out.push({ kind: 'insert', order, atMs: order.insertMs, lots: order.volume, canceledBy: 'unknown', isFromPicture });
    }
    // An end is final, and fills only grow: whatever says less is older than what is known.
    if (order.isEnded) return;
    if (item.volumeTraded > order.traded) {
      const lots = item.volumeTraded - order.traded;
      order.traded = item.volumeTraded;
      out.push({ kind: 'fill', order, atMs: item.updateTimeMs, lots, canceledBy: 'unknown', isFromPicture });
    }
    if (item.updateTimeMs > order.updateMs) order.updateMs = item.updateTimeMs;
    if (!isEnd(item.orderStatus)) return;
    order.isEnded = true;
    if (slot !== NOT_FOLLOWED) {
      exchange.liveCount -= 1;
      if (exchange.finished.oldest !== NOT_FOLLOWED) exchange.orders.remove(exchange.finished.oldest);
      exchange.finished.add(slot, order.updateMs);
    }
    if (item.orderStatus === 'allTraded' || order.isRefused) return;
    const canceledBy: CanceledBy = item.canceledBy ?? 'unknown';
    if (canceledBy === 'unknown' && !order.isFak && !order.isFok) this.unknownCancels += 1;
    const lots = Math.max(0, order.volume - order.traded);
    out.push({ kind: 'cancel', order, atMs: item.cancelTimeMs ?? item.updateTimeMs, lots, canceledBy, isFromPicture });
  }

  /** Null for a trade that was told before. */
  onTrade(item: Trade, isFromPicture: boolean): TradeFact | null {
    const exchange = this.#exchangeOf(item.exchangeID);
    const order = (item.orderSysID === undefined ? undefined : exchange.orders.get(item.orderSysID)) ?? null;
    const contract = this.#contractOf(item, order);
    const { account, instrument } = contract;
    const known = exchange.trades.get(item.tradeID);
    const isBuy = item.direction === 'buy';
    let counterparty: AccountState | null = null;
    if (known === undefined) {
      if (isFromPicture && item.tradeTimeMs <= exchange.latestTrades.forgottenUpToMs) {
        this.takenAsKnown += 1;
        return null;
      }
      const { oldest } = exchange.latestTrades;
      const seen = seenAnew(oldest === NOT_FOLLOWED ? undefined : exchange.trades.remove(oldest), item, account);
      exchange.latestTrades.add(exchange.trades.add(item.tradeID, seen), item.tradeTimeMs);
    } else {
      if (isBuy ? known.hasBuy : known.hasSell) return null;
      known.hasBuy = true;
      known.hasSell = true;
      known.otherID = item.accountID;
      counterparty = known.account;
    }
    return {
      contract,
      tradeID: item.tradeID,
      orderSysID: item.orderSysID ?? null,
      order,
      isBuy,
      offsetFlag: item.offsetFlag,
      hedgeFlag: item.hedgeFlag,
      price: item.price,
      lots: item.volume,
      atMs: item.tradeTimeMs,
      isAuction: instrument.isAuction,
      isFromPicture,
      counterparty,
    };
  }

  /** By the trade's own order, which is most often remembered and of the same account and contract; else by the names. */
  #contractOf({ accountID, exchangeID, instrumentID }: Trade, order: TrackedOrder | null): AccountContract {
    if (order !== null && order.contract.account.accountID === accountID && order.contract.instrument.instrumentID === instrumentID)
      return order.contract;
    return this.#market.contractOf(this.#market.account(accountID), this.#market.instrument(exchangeID, instrumentID));
  }

  #insert(item: Order, isFromPicture: boolean): TrackedOrder {
    const instrument = this.#market.instrument(item.exchangeID, item.instrumentID);
    const contract = this.#market.contractOf(this.#market.account(item.accountID), instrument);
    const isBuy = item.direction === 'buy';
    const limitPrice = item.limitPrice ?? Number.NaN;
    const isImmediate = item.timeCondition === 'IOC';
    return {
      contract,
      orderSysID: item.orderSysID,
      isBuy,
      offsetFlag: item.offsetFlag,
      hedgeFlag: item.hedgeFlag,
      limitPrice,
      volume: item.volumeTotalOriginal,
      traded: 0,
      isFak: isImmediate && item.volumeCondition !== 'all',
      isFok: isImmediate && item.volumeCondition === 'all',
      insertMs: item.insertTimeMs,
      updateMs: item.updateTimeMs,
      // A picture's order came when the touch was another.
      isAggressive: !isFromPicture && (isBuy ? limitPrice >= instrument.askPrice : limitPrice <= instrument.bidPrice),
      // Born ended, nothing traded, by the system: it never worked.
      isRefused:
        item.orderStatus === 'canceled' && item.canceledBy === 'system' && item.volumeTraded === 0 && item.updateTimeMs === item.insertTimeMs,
      isEnded: false,
    };
  }

  #follow(order: TrackedOrder, exchange: ExchangeOrders): number {
    if (exchange.liveCount >= MOST_LIVE) {
      this.droppedLive += 1;
      return NOT_FOLLOWED;
    }
    exchange.liveCount += 1;
    return exchange.orders.add(order.orderSysID, order);
  }

  #exchangeOf(exchangeID: string): ExchangeOrders {
    let exchange = this.#exchanges.get(exchangeID);
    if (exchange === undefined) {
      exchange = {
        orders: new IdTable(),
        finished: new RecentSlots(REMEMBERED),
        liveCount: 0,
        trades: new IdTable(),
        latestTrades: new RecentSlots(REMEMBERED),
      };
      this.#exchanges.set(exchangeID, exchange);
    }
    return exchange;
  }
}

/** In the place of one that was forgotten, as nobody else holds it. */
function seenAnew(used: SeenTrade | undefined, item: Trade, account: AccountState): SeenTrade {
  const isBuy = item.direction === 'buy';
  if (used === undefined) return { account, hasBuy: isBuy, hasSell: !isBuy, item, otherID: null };
  used.account = account;
  used.hasBuy = isBuy;
  used.hasSell = !isBuy;
  used.item = item;
  used.otherID = null;
  return used;
}

function evidenceOrder(order: TrackedOrder | undefined): EvidenceOrder[] {
  if (order === undefined) return [];
  const { account, instrument } = order.contract;
  const { orderSysID, offsetFlag, hedgeFlag, volume, traded } = order;
  return [
    {
      accountID: account.accountID,
      exchangeID: instrument.exchangeID,
      instrumentID: instrument.instrumentID,
      orderSysID,
      direction: order.isBuy ? 'buy' : 'sell',
      offsetFlag,
      hedgeFlag,
      limitPrice: Number.isNaN(order.limitPrice) ? null : order.limitPrice,
      volume,
      traded,
      state: order.isRefused ? 'refused' : !order.isEnded ? 'live' : traded >= volume ? 'traded' : 'canceled',
      insertTimeMs: order.insertMs,
      updateTimeMs: order.updateMs,
    },
  ];
}

function evidenceTrade({ item, otherID }: SeenTrade): EvidenceTrade {
  return {
    accountID: item.accountID,
    counterpartyID: otherID,
    exchangeID: item.exchangeID,
    instrumentID: item.instrumentID,
    tradeID: item.tradeID,
    orderSysID: item.orderSysID ?? null,
    direction: item.direction,
    offsetFlag: item.offsetFlag,
    price: item.price,
    volume: item.volume,
    tradeTimeMs: item.tradeTimeMs,
  };
}
