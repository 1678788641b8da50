/** Turns reports of orders and trades, which may come twice, late or in a picture, into facts that come once. */
import type { Order, Trade } from '#shared/feed/items';
import type { CanceledBy, OrderFact, TrackedOrder, TradeFact } from './facts';
import type { AccountState, MarketState } from './market-state';
import { RecentMap } from './recent-map';

/** Finished orders and trades that are remembered per exchange to know a repetition; older ones are taken for known when a picture brings them. */
const REMEMBERED = 65_536;
/** Live orders per exchange; a source that never ends its orders must not fill the memory. */
const MOST_LIVE = 1_000_000;

type SeenTrade = { accounts: (AccountState | null)[]; sides: string; atMs: number };
type ExchangeOrders = { live: Map<string, TrackedOrder>; finished: RecentMap<TrackedOrder>; trades: RecentMap<SeenTrade> };

const ENDED: ReadonlySet<Order['orderStatus']> = new Set(['allTraded', 'canceled', 'partTradedNotQueueing', 'noTradeNotQueueing']);

export class OrderTracker {
  readonly #market: MarketState;
  readonly #exchanges = new Map<string, ExchangeOrders>();
  /** Orders that were dropped because too many were live at once. */
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

  /** How much is remembered: bounded, whatever the day brings. */
  get remembered(): number {
    let sum = 0;
    for (const { live, finished, trades } of this.#exchanges.values()) sum += live.size + finished.size + trades.size;
    return sum;
  }

  /** Facts are appended to `out`. */
  onOrder(item: Order, isFromPicture: boolean, out: OrderFact[]): void {
    const orders = this.#ordersOf(item.exchangeID);
    let order = orders.live.get(item.orderSysID) ?? orders.finished.get(item.orderSysID);
    if (order === undefined) {
      if (isFromPicture && ENDED.has(item.orderStatus) && item.updateTimeMs <= orders.finished.forgottenUpToMs) {
        this.takenAsKnown += 1;
        return;
      }
      order = this.#insert(item, orders, isFromPicture);
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
    if (!ENDED.has(item.orderStatus)) return;
    order.isEnded = true;
    orders.live.delete(item.orderSysID);
    orders.finished.add(item.orderSysID, order);
    if (item.orderStatus === 'allTraded' || order.isRefused) return;
    const canceledBy: CanceledBy = item.canceledBy ?? 'unknown';
    if (canceledBy === 'unknown' && !order.isFak && !order.isFok) this.unknownCancels += 1;
    const lots = Math.max(0, order.volume - order.traded);
    out.push({ kind: 'cancel', order, atMs: item.cancelTimeMs ?? item.updateTimeMs, lots, canceledBy, isFromPicture });
  }

  /** Null for a trade that was told before. */
  onTrade(item: Trade, isFromPicture: boolean): TradeFact | null {
    const orders = this.#ordersOf(item.exchangeID);
    const account = this.#market.account(item.accountID);
    const known = orders.trades.get(item.tradeID);
    const side = item.direction === 'buy' ? 'b' : 's';
    let counterparty: AccountState | null = null;
    if (known === undefined) {
      if (isFromPicture && item.tradeTimeMs <= orders.trades.forgottenUpToMs) {
        this.takenAsKnown += 1;
        return null;
      }
      orders.trades.add(item.tradeID, { accounts: [account], sides: side, atMs: item.tradeTimeMs });
    } else {
      if (known.sides.includes(side)) return null;
      known.sides += side;
      counterparty = known.accounts[0] ?? null;
    }
    const instrument = this.#market.instrument(item.exchangeID, item.instrumentID);
    const order = item.orderSysID === undefined ? undefined : (orders.live.get(item.orderSysID) ?? orders.finished.get(item.orderSysID));
    return {
      contract: this.#market.contractOf(account, instrument),
      tradeID: item.tradeID,
      orderSysID: item.orderSysID ?? null,
      order: order ?? null,
      isBuy: item.direction === 'buy',
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

  #insert(item: Order, orders: ExchangeOrders, isFromPicture: boolean): TrackedOrder {
    const instrument = this.#market.instrument(item.exchangeID, item.instrumentID);
    const contract = this.#market.contractOf(this.#market.account(item.accountID), instrument);
    const isBuy = item.direction === 'buy';
    const limitPrice = item.limitPrice ?? Number.NaN;
    const isImmediate = item.timeCondition === 'IOC';
    const order: TrackedOrder = {
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
    if (orders.live.size >= MOST_LIVE) {
      const oldest = orders.live.keys().next().value;
      if (oldest !== undefined) orders.live.delete(oldest);
      this.droppedLive += 1;
    }
    orders.live.set(item.orderSysID, order);
    return order;
  }

  #ordersOf(exchangeID: string): ExchangeOrders {
    let orders = this.#exchanges.get(exchangeID);
    if (orders === undefined) {
      orders = {
        live: new Map(),
        finished: new RecentMap(REMEMBERED, (order) => order.updateMs),
        trades: new RecentMap(REMEMBERED, (trade) => trade.atMs),
      };
      this.#exchanges.set(exchangeID, orders);
    }
    return orders;
  }
}
