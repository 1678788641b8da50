import { beforeAll, describe, expect, it } from 'vitest';
import { type Broker, createBroker } from '#demo/broker';
import { EPISODE_KINDS, type EpisodeLabel } from '#demo/episodes/episode';
import type { Order, Trade } from '#shared/feed/items';
import { groupBy } from './group-by';

/** Twelve minutes of market: the opening programme of misbehaviour is over by then. */
const STEPS = 12 * 60 * 20;

describe('labelled misbehaviour', () => {
  let broker: Broker;
  let orders: Order[];
  let trades: Trade[];

  beforeAll(() => {
    broker = createBroker({ seed: 12, accounts: 120, tradingDay: '20261123', phase: 'calm' });
    orders = [];
    trades = [];
    for (let index = 0; index < STEPS; index += 1) {
      for (const message of broker.step()) {
        if (message.type !== 'data') continue;
        if (message.stream === 'orders') orders.push(...message.items);
        if (message.stream === 'trades') trades.push(...message.items);
      }
    }
  }, 60_000);

  const labelOf = (kind: EpisodeLabel['kind']): EpisodeLabel => {
    const label = broker.labels.find((one) => one.kind === kind);
    if (label === undefined) throw new Error(`no ${kind} was played`);
    return label;
  };
  const within = (label: EpisodeLabel, item: { accountID: string; instrumentID: string }, timeMs: number): boolean =>
    label.accountIDs.includes(item.accountID) && item.instrumentID === label.instrumentID && timeMs >= label.fromMs && timeMs <= label.toMs;
  const cancelsOf = (label: EpisodeLabel): Order[] =>
    orders.filter((order) => order.orderStatus === 'canceled' && order.canceledBy === 'customer' && within(label, order, order.updateTimeMs));

  it('plays every kind but the one that needs a close, within the first minutes', () => {
    expect(new Set(broker.labels.map((label) => label.kind))).toEqual(new Set(EPISODE_KINDS.filter((kind) => kind !== 'markingTheClose')));
    for (const label of broker.labels) {
      expect(label.toMs).toBeGreaterThanOrEqual(label.fromMs);
      expect(label.orders, label.kind).toBeGreaterThan(0);
    }
  });

  it('makes self-trades: both sides of one trade number in one control group, five or more', () => {
    const label = labelOf('selfTrade');
    expect(label.controlGroupID).not.toBeNull();
    const byTrade = groupBy(
      trades.filter((trade) => within(label, trade, trade.tradeTimeMs)),
      (trade) => trade.tradeID,
    );
    const crossed = [...byTrade.values()].filter((sides) => sides.length === 2);
    expect(crossed.length).toBeGreaterThanOrEqual(5);
    for (const sides of crossed) {
      expect(new Set(sides.map((side) => side.direction))).toEqual(new Set(['buy', 'sell']));
      expect(sides[0]?.price).toBe(sides[1]?.price);
    }
  });

  it('washes lots to and fro until nobody holds more than before', () => {
    const label = labelOf('washTrade');
    const net = new Map<string, number>();
    for (const trade of trades.filter((one) => within(label, one, one.tradeTimeMs))) {
      const key = trade.accountID;
      net.set(key, (net.get(key) ?? 0) + (trade.direction === 'buy' ? trade.volume : -trade.volume));
    }
    expect(net.size).toBe(2);
    for (const lots of net.values()) expect(Math.abs(lots)).toBeLessThanOrEqual(3);
  });

  it('cancels more than five hundred times, and more than fifty times three hundred lots', () => {
    expect(cancelsOf(labelOf('frequentCancel')).length).toBeGreaterThan(500);
    const large = cancelsOf(labelOf('largeCancel')).filter((order) => order.volumeTotal >= 300);
    expect(large.length).toBeGreaterThanOrEqual(50);
  });

  it('stuffs quotes at dozens of messages a second with no fill, and layers several prices at once', () => {
    const stuffing = labelOf('quoteStuffing');
    const seconds = (stuffing.toMs - stuffing.fromMs) / 1000;
    expect((stuffing.orders + stuffing.cancels) / seconds).toBeGreaterThan(50);
    expect(stuffing.trades).toBe(0);
    const layering = labelOf('layering');
    const perInstant = groupBy(
      orders.filter(
        (order) => order.orderStatus === 'noTradeQueueing' && order.volumeTotalOriginal >= 50 && within(layering, order, order.insertTimeMs),
      ),
      (order) => `${order.insertTimeMs} ${order.direction}`,
    );
    expect(Math.max(...[...perInstant.values()].map((group) => new Set(group.map((order) => order.limitPrice)).size))).toBeGreaterThanOrEqual(3);
  });

  it('lets a program run away: hundreds of fills one way', () => {
    const label = labelOf('runawayAlgo');
    const own = trades.filter((trade) => within(label, trade, trade.tradeTimeMs));
    expect(own.length).toBeGreaterThan(150);
    expect(label.trades).toBeGreaterThan(150);
  });

  it('ramps: the price follows the burst and the actor leaves with what it bought', () => {
    const label = labelOf('ramping');
    const own = trades.filter((trade) => within(label, trade, trade.tradeTimeMs));
    const opened = own.filter((trade) => trade.offsetFlag === 'open').reduce((sum, trade) => sum + trade.volume, 0);
    const closed = own.filter((trade) => trade.offsetFlag !== 'open').reduce((sum, trade) => sum + trade.volume, 0);
    expect(opened).toBeGreaterThan(80);
    expect(closed).toBeGreaterThan(opened * 0.6);
  });

  it('ignites momentum within seconds: fewer orders than a ramp has, and out again at once', () => {
    const label = labelOf('momentumIgnition');
    expect(label.toMs - label.fromMs).toBeLessThan(20_000);
    const own = trades.filter((trade) => within(label, trade, trade.tradeTimeMs));
    expect(new Set(own.filter((trade) => trade.offsetFlag === 'open').map((trade) => trade.orderSysID)).size).toBeLessThan(10);
    expect(own.filter((trade) => trade.offsetFlag !== 'open').length).toBeGreaterThan(0);
  });

  it('cancels more than a hundred times at the limit of a locked contract that no client holds', () => {
    const label = labelOf('limitPriceCancel');
    expect(label.exchangeID).toBe('CZCE');
    const atLimit = cancelsOf(label);
    expect(atLimit.length).toBeGreaterThan(100);
    expect(new Set(atLimit.map((order) => order.limitPrice)).size).toBe(1);
    const held = broker
      .snapshot('positions')
      .filter((item) => item.instrumentID === label.instrumentID && !label.accountIDs.includes(item.accountID));
    expect(held).toEqual([]);
  });

  it('opens more gold than a notice allows in a day, and holds next to none of it', () => {
    const label = labelOf('intradayOpenLimit');
    const own = trades.filter((trade) => within(label, trade, trade.tradeTimeMs) && trade.offsetFlag === 'open');
    expect(own.reduce((sum, trade) => sum + trade.volume, 0)).toBeGreaterThan(2800);
    expect(label.lotsOpened).toBeGreaterThan(2800);
  });

  it('sends more than three hundred messages within a second to a stock exchange, and more than four thousand on a futures day', () => {
    const fast = labelOf('securitiesHighFrequency');
    expect(fast.exchangeID).toBe('SSE');
    expect(((fast.orders + fast.cancels) * 1000) / (fast.toMs - fast.fromMs)).toBeGreaterThan(300);
    const fee = labelOf('messageFee');
    expect(fee.exchangeID).toBe('SHFE');
    expect(fee.orders + fee.cancels).toBeGreaterThan(4000);
    expect(fee.trades).toBe(0);
  });

  it('keeps the answers out of the feed', () => {
    const said = JSON.stringify([broker.snapshot('reference'), broker.snapshot('orders')]);
    for (const kind of EPISODE_KINDS) expect(said).not.toContain(kind);
  });

  it('paints the close in the last minutes of the day session', () => {
    const late = createBroker({
      seed: 12,
      accounts: 60,
      tradingDay: '20261123',
      phase: 'calm',
      stepMs: 500,
      quotesPerSecond: 40,
      startMinute: 14 * 60 + 55,
    });
    while (late.tradingDay === '20261123') late.step();
    const label = late.labels.find((one) => one.kind === 'markingTheClose');
    expect(label?.tradingDay).toBe('20261123');
    expect(label?.trades).toBeGreaterThan(10);
    expect(new Date((label?.fromMs ?? 0) + 8 * 3_600_000).toISOString().slice(11, 16)).toBe('14:57');
  }, 60_000);
});
