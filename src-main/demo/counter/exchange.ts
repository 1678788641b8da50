/** Takes the clients' orders, fills them at the quote (there is no order book), and keeps lots, money and frozen amounts in step. */
import type { Order, Trade } from '#shared/feed/items';
import { priceOf } from '../market/catalogue';
import type { ContractState, MarketPrices } from '../market/prices';
import type { Random } from '../random';
import {
  type Client,
  closable,
  closeLots,
  type DemoHedge,
  ensureSlice,
  findSlice,
  type Lot,
  openLot,
  type Side,
  type Slice,
  type WorkingOrder,
} from './book';
import type { RateBook } from './rates';
import { valueClient } from './valuation';

export type OrderWish = {
  client: Client;
  state: ContractState;
  isBuy: boolean;
  offset: WorkingOrder['offset'];
  hedge: DemoHedge;
  limitTicks: number;
  volume: number;
  isImmediate?: boolean;
  cancelAtMs?: number;
  fillsByChance?: boolean;
};

/** What happened since the last drain, in order. */
type Happenings = {
  orders: Order[];
  trades: Trade[];
  touchedSlices: Map<Slice, Client>;
  closedLots: { client: Client; slice: Slice; lot: Lot }[];
  openedLots: { client: Client; slice: Slice; lot: Lot }[];
  touchedClients: Set<Client>;
};

export type OrderDesk = {
  submit(wish: OrderWish, nowMs: number): WorkingOrder | null;
  cancel(order: WorkingOrder, nowMs: number, by: 'customer' | 'exchange' | 'system'): void;
  /** Two clients' orders meet each other: both sides carry one trade number. */
  cross(buyer: OrderWish, seller: OrderWish, ticks: number, nowMs: number): boolean;
  /** Fills and time-outs of resting orders. */
  work(nowMs: number, seconds: number): void;
  cancelAll(nowMs: number): void;
  drain(): Happenings;
  startDay(tradingDay: string, rates: RateBook): void;
  orderItem(order: WorkingOrder): Order;
  readonly working: ReadonlySet<WorkingOrder>;
};

const CHANCE_FILLS_PER_SECOND = 0.12;
/** CTP's own texts (error 31, 30, 51): what a trader sees on the real counter. */
const NO_MONEY = 'CTP:资金不足';
const OVER_CLOSE = 'CTP:平仓量超过持仓量';
const OVER_CLOSE_TODAY = 'CTP:平今仓位不足';

const emptyHappenings = (): Happenings => ({
  orders: [],
  trades: [],
  touchedSlices: new Map(),
  closedLots: [],
  openedLots: [],
  touchedClients: new Set(),
});

export function createOrderDesk(market: MarketPrices, random: Random, firstDay: string, firstRates: RateBook): OrderDesk {
  const working = new Set<WorkingOrder>();
  let happenings = emptyHappenings();
  let tradingDay = firstDay;
  let rates = firstRates;
  let orderCount = 0;
  let tradeCount = 0;

  const closingSide = (isBuy: boolean): Side => (isBuy ? 'short' : 'long');
  const lotsOf = (offset: WorkingOrder['offset'], state: ContractState): 'today' | 'history' | 'any' => {
    if (!state.contract.exchange.distinguishesToday) return 'any';
    return offset === 'closeToday' ? 'today' : 'history';
  };

  function orderItem(order: WorkingOrder): Order {
    return {
      accountID: order.client.master.accountID,
      exchangeID: order.contract.product.exchangeID,
      instrumentID: order.contract.instrumentID,
      orderSysID: order.orderSysID,
      orderRef: order.orderRef,
      direction: order.isBuy ? 'buy' : 'sell',
      offsetFlag: order.offset,
      hedgeFlag: order.hedge,
      limitPrice: priceOf(order.contract, order.limitTicks),
      volumeTotalOriginal: order.volume,
      volumeTraded: order.traded,
      volumeTotal: order.volume - order.traded,
      timeCondition: order.isImmediate ? 'IOC' : 'GFD',
      volumeCondition: 'any',
      orderStatus: order.status,
      ...(order.canceledBy === null ? {} : { canceledBy: order.canceledBy }),
      insertTimeMs: order.insertTimeMs,
      updateTimeMs: order.updateTimeMs,
      ...(order.cancelTimeMs === null ? {} : { cancelTimeMs: order.cancelTimeMs }),
      ...(order.statusMsg === null ? {} : { statusMsg: order.statusMsg }),
    };
  }

  function report(order: WorkingOrder, nowMs: number): void {
    order.updateTimeMs = nowMs;
    happenings.orders.push(orderItem(order));
    happenings.touchedClients.add(order.client);
  }

  function feeCents(order: WorkingOrder, ticks: number, volume: number, slice: Slice | null): number {
    const perMoney = (pair: { byMoney: number; byVolume: number }, lots: number): number =>
      Math.round(ticks * order.contract.tickCents * lots * pair.byMoney + pair.byVolume * 100 * lots);
    if (order.offset === 'open') return perMoney(rates.fee(order.contract, 'open'), volume);
    const closeToday = rates.fee(order.contract, 'closeToday');
    const close = rates.fee(order.contract, 'close');
    if (order.contract.exchange.distinguishesToday) return perMoney(order.offset === 'closeToday' ? closeToday : close, volume);
    // Where today is not told from history, the close-today fee falls on as many lots as were opened today, whichever lot is consumed.
    const asToday = Math.min(volume, slice?.closeTodayAllowance ?? 0);
    if (slice !== null) slice.closeTodayAllowance -= asToday;
    return perMoney(closeToday, asToday) + perMoney(close, volume - asToday);
  }

  function freeze(order: WorkingOrder, state: ContractState): void {
    const left = order.volume - order.traded;
    const fee = rates.fee(order.contract, order.offset === 'open' || order.offset === 'closeToday' ? order.offset : 'close');
    order.frozenCommissionCents = Math.round(order.limitTicks * order.contract.tickCents * left * fee.byMoney + fee.byVolume * 100 * left);
    if (order.offset === 'open') {
      const rate = rates.sideRate(order.client, order.contract, order.hedge, order.isBuy ? 'long' : 'short', 'company');
      order.frozenMargin = ((order.limitTicks * order.contract.tickCents) / 100) * left * rate;
      return;
    }
    order.frozenMargin = 0;
    const slice = findSlice(order.client, order.contract, closingSide(order.isBuy), order.hedge);
    if (slice !== null) holdBack(slice, lotsOf(order.offset, state), left, order.client);
  }

  function holdBack(slice: Slice, date: 'today' | 'history' | 'any', lots: number, client: Client): void {
    const day = date === 'history' ? slice.history : slice.today;
    day.frozen += lots;
    happenings.touchedSlices.set(slice, client);
  }

  function unfreeze(order: WorkingOrder, state: ContractState): void {
    if (order.offset !== 'open') {
      const slice = findSlice(order.client, order.contract, closingSide(order.isBuy), order.hedge);
      if (slice !== null) holdBack(slice, lotsOf(order.offset, state), -(order.volume - order.traded), order.client);
    }
    order.frozenMargin = 0;
    order.frozenCommissionCents = 0;
  }

  function refusalOf(wish: OrderWish): string | null {
    const { client, state } = wish;
    if (wish.offset === 'open') {
      const rate = rates.sideRate(client, state.contract, wish.hedge, wish.isBuy ? 'long' : 'short', 'company');
      const need = ((wish.limitTicks * state.contract.tickCents) / 100) * wish.volume * rate;
      return valueClient(client, market.states, rates).available < need * 1.002 + 100 ? NO_MONEY : null;
    }
    const slice = findSlice(client, state.contract, closingSide(wish.isBuy), wish.hedge);
    const date = lotsOf(wish.offset, state);
    if (slice !== null && closable(slice, date) >= wish.volume) return null;
    return date === 'today' ? OVER_CLOSE_TODAY : OVER_CLOSE;
  }

  function create(wish: OrderWish, nowMs: number): WorkingOrder {
    orderCount += 1;
    return {
      client: wish.client,
      contract: wish.state.contract,
      orderSysID: String(orderCount).padStart(10, '0'),
      orderRef: String(orderCount),
      isBuy: wish.isBuy,
      offset: wish.offset,
      hedge: wish.hedge,
      limitTicks: wish.limitTicks,
      volume: wish.volume,
      traded: 0,
      isImmediate: wish.isImmediate ?? false,
      insertTimeMs: nowMs,
      updateTimeMs: nowMs,
      cancelTimeMs: null,
      canceledBy: null,
      status: 'noTradeQueueing',
      statusMsg: null,
      cancelAtMs: wish.cancelAtMs ?? Number.POSITIVE_INFINITY,
      fillsByChance: wish.fillsByChance ?? true,
      frozenMargin: 0,
      frozenCommissionCents: 0,
    };
  }

  function accept(wish: OrderWish, nowMs: number): WorkingOrder | null {
    const limitTicks = Math.min(wish.state.upperTicks, Math.max(wish.state.lowerTicks, wish.limitTicks));
    const volume = Math.min(Math.max(1, Math.round(wish.volume)), wish.state.contract.product.maxOrder);
    const fitted = { ...wish, limitTicks, volume };
    if (!wish.state.isOpen) return null;
    const refusal = refusalOf(fitted);
    const order = create(fitted, nowMs);
    if (refusal !== null) {
      order.status = 'canceled';
      order.canceledBy = 'system';
      order.cancelTimeMs = nowMs;
      order.statusMsg = refusal;
      report(order, nowMs);
      return null;
    }
    working.add(order);
    order.client.orders.add(order);
    freeze(order, wish.state);
    report(order, nowMs);
    return order;
  }

  function finish(order: WorkingOrder): void {
    working.delete(order);
    order.client.orders.delete(order);
  }

  function fill(order: WorkingOrder, state: ContractState, volume: number, ticks: number, nowMs: number, tradeID: string, isCross: boolean): void {
    unfreeze(order, state);
    const { client, contract } = order;
    order.traded += volume;
    client.hasTradedToday = true;
    const side: Side = order.offset === 'open' ? (order.isBuy ? 'long' : 'short') : closingSide(order.isBuy);
    const slice = ensureSlice(client, contract, side, order.hedge);
    const cents = feeCents(order, ticks, volume, order.offset === 'open' ? null : slice);
    client.commissionCents += cents;
    if (order.offset === 'open') {
      const lot: Lot = { tradeID, openDate: tradingDay, openTicks: ticks, volume, closeVolume: 0, isToday: true };
      openLot(slice, lot);
      slice.today.commissionCents += cents;
      happenings.openedLots.push({ client, slice, lot });
    } else {
      const date = lotsOf(order.offset, state);
      const { profitCents, closedLots } = closeLots(slice, volume, ticks, state.preSettlementTicks, date);
      (date === 'history' ? slice.history : slice.today).commissionCents += cents;
      client.closeProfitCents += profitCents;
      for (const lot of closedLots) happenings.closedLots.push({ client, slice, lot });
    }
    order.status = order.traded === order.volume ? 'allTraded' : 'partTradedQueueing';
    if (order.status === 'allTraded') finish(order);
    else freeze(order, state);
    happenings.touchedSlices.set(slice, client);
    happenings.trades.push({
      accountID: client.master.accountID,
      exchangeID: contract.product.exchangeID,
      instrumentID: contract.instrumentID,
      tradeID,
      orderSysID: order.orderSysID,
      direction: order.isBuy ? 'buy' : 'sell',
      offsetFlag: order.offset,
      hedgeFlag: order.hedge,
      price: priceOf(contract, ticks),
      volume,
      tradeTimeMs: nowMs,
    });
    report(order, nowMs);
    if (!isCross || order.isBuy) {
      market.addVolume(state, volume, ticks, order.offset === 'open' ? volume : -volume);
    }
  }

  const nextTradeID = (): string => {
    tradeCount += 1;
    return String(tradeCount).padStart(8, '0');
  };

  function touches(order: WorkingOrder, state: ContractState): boolean {
    if (order.isBuy) return state.askTicks <= state.upperTicks && state.lastTicks < state.upperTicks && order.limitTicks >= state.askTicks;
    return state.bidTicks >= state.lowerTicks && state.lastTicks > state.lowerTicks && order.limitTicks <= state.bidTicks;
  }

  function submit(wish: OrderWish, nowMs: number): WorkingOrder | null {
    const order = accept(wish, nowMs);
    if (order === null) return null;
    if (touches(order, wish.state)) {
      const depth = Math.max(1, (order.isBuy ? wish.state.askVolume : wish.state.bidVolume) * 3);
      fill(order, wish.state, Math.min(order.volume, depth), order.isBuy ? wish.state.askTicks : wish.state.bidTicks, nowMs, nextTradeID(), false);
    }
    if (order.isImmediate && working.has(order)) cancel(order, nowMs, 'exchange');
    return order;
  }

  function cancel(order: WorkingOrder, nowMs: number, by: 'customer' | 'exchange' | 'system'): void {
    const state = market.states[order.contract.index];
    if (!working.has(order) || state === undefined) return;
    unfreeze(order, state);
    finish(order);
    order.status = 'canceled';
    order.canceledBy = by;
    order.cancelTimeMs = nowMs;
    report(order, nowMs);
  }

  function cross(buyer: OrderWish, seller: OrderWish, ticks: number, nowMs: number): boolean {
    const sellOrder = accept({ ...seller, limitTicks: ticks, fillsByChance: false }, nowMs);
    if (sellOrder === null) return false;
    const buyOrder = accept({ ...buyer, limitTicks: ticks, fillsByChance: false }, nowMs);
    if (buyOrder === null) {
      cancel(sellOrder, nowMs, 'customer');
      return false;
    }
    const volume = Math.min(buyOrder.volume, sellOrder.volume);
    const tradeID = nextTradeID();
    fill(sellOrder, seller.state, volume, sellOrder.limitTicks, nowMs, tradeID, true);
    fill(buyOrder, buyer.state, volume, sellOrder.limitTicks, nowMs, tradeID, true);
    return true;
  }

  function work(nowMs: number, seconds: number): void {
    const chance = 1 - Math.exp(-CHANCE_FILLS_PER_SECOND * seconds);
    for (const order of [...working]) {
      const state = market.states[order.contract.index];
      if (state === undefined || !state.isOpen) continue;
      if (order.cancelAtMs <= nowMs) {
        cancel(order, nowMs, 'customer');
        continue;
      }
      if (!order.fillsByChance) continue;
      const isAtQuote = order.isBuy ? order.limitTicks >= state.bidTicks : order.limitTicks <= state.askTicks;
      if (touches(order, state)) {
        fill(order, state, order.volume - order.traded, order.limitTicks, nowMs, nextTradeID(), false);
      } else if (isAtQuote && random.chance(chance)) {
        fill(order, state, random.int(1, order.volume - order.traded), order.limitTicks, nowMs, nextTradeID(), false);
      }
    }
  }

  return {
    submit,
    cancel,
    cross,
    work,
    cancelAll: (nowMs) => {
      for (const order of [...working]) cancel(order, nowMs, 'system');
    },
    drain: () => {
      const drained = happenings;
      happenings = emptyHappenings();
      return drained;
    },
    startDay: (day, newRates) => {
      tradingDay = day;
      rates = newRates;
      orderCount = 0;
      tradeCount = 0;
    },
    orderItem,
    working,
  };
}
