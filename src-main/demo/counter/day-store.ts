/** What the counter has said today and would say again to somebody who asks for a snapshot: orders, trades and cash movements. */
import type { Fund, Order, Trade } from '#shared/feed/items';

/** A demonstration may run for days: beyond these the oldest finished orders and the oldest trades leave the snapshot. */
const MOST_ORDERS = 60_000;
const MOST_TRADES = 60_000;

type DayStore = {
  addOrders(orders: readonly Order[]): void;
  addTrades(trades: readonly Trade[]): void;
  addFunds(funds: readonly Fund[]): void;
  clear(): void;
  orders(): Order[];
  trades(): Trade[];
  funds(): Fund[];
};

const isFinished = (order: Order): boolean => order.orderStatus === 'canceled' || order.orderStatus === 'allTraded';

export function createDayStore(): DayStore {
  const orders = new Map<string, Order>();
  let trades: Trade[] = [];
  let funds: Fund[] = [];

  function shed(): void {
    for (const [key, order] of orders) {
      if (orders.size <= MOST_ORDERS * 0.9) return;
      if (isFinished(order)) orders.delete(key);
    }
  }

  return {
    addOrders: (items) => {
      for (const item of items) orders.set(item.orderSysID, item);
      if (orders.size > MOST_ORDERS) shed();
    },
    addTrades: (items) => {
      trades.push(...items);
      if (trades.length > MOST_TRADES) trades = trades.slice(-Math.floor(MOST_TRADES * 0.9));
    },
    addFunds: (items) => {
      funds.push(...items);
    },
    clear: () => {
      orders.clear();
      trades = [];
      funds = [];
    },
    orders: () => [...orders.values()],
    trades: () => [...trades],
    funds: () => [...funds],
  };
}
