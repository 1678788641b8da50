/** A feed in a test's hand: orders, trades and quotes by few words, given to all detectors, with the findings at the end. */
import { DetectorRun } from '#engine/watch/detectors/detector-run';
import type { Finding, FindingChange } from '#engine/watch/detectors/finding';
import { bundledThresholdRows, type DetectorName, type ThresholdRow } from '#engine/watch/detectors/thresholds';
import type { IntakeEvent } from '#shared/feed/intake';
import type { ItemByStream, Order, Quote, StreamName, Trade } from '#shared/feed/items';

/** 2026-11-23, a Monday, 10:00 in China. */
export const TEN_MS = Date.UTC(2026, 10, 23, 2);
export const DAY = '20261123';

type OrderWords = Partial<Order> & { orderSysID?: string };

export class TestDesk {
  readonly run: DetectorRun;
  readonly changes: FindingChange[] = [];
  readonly told: IntakeEvent[] = [];
  tradingDay = DAY;
  nowMs = TEN_MS;
  #sequence = 0;
  #ids = 0;
  readonly #renamed = new Map<string, string>();

  constructor(rows: readonly ThresholdRow[] = bundledThresholdRows()) {
    this.run = new DetectorRun(rows, (change) => this.changes.push({ ...change, finding: { ...change.finding } }));
  }

  tell(event: IntakeEvent): void {
    this.told.push(event);
    this.run.onEvent(event);
  }

  say<S extends StreamName>(stream: S, items: ItemByStream[S][], type: 'items' | 'picture' = 'items'): void {
    this.#sequence += 1;
    const { tradingDay, nowMs } = this;
    this.tell({ type, feedId: 'test', receivedAtMs: nowMs, sourceTimeMs: nowMs, tradingDay, sequence: this.#sequence, stream, items } as IntakeEvent);
  }

  /** Control groups, and contracts with a master row. */
  group(controlGroupID: string, accountIDs: string[]): void {
    this.say('reference', [{ kind: 'controlGroup', controlGroupID, controlGroupName: controlGroupID, accountIDs }]);
  }

  contract(exchangeID: string, instrumentID: string, productID: string, maxLimitOrderVolume?: number): void {
    const session = { kind: 'session' as const, sessionID: 'day', timeZone: 'Asia/Shanghai', citation: 'test', certainty: 'demonstration' as const };
    this.say('reference', [
      {
        kind: 'instrument',
        exchangeID,
        instrumentID,
        productID,
        productClass: 'futures',
        currencyID: 'CNY',
        volumeMultiple: 10,
        sessionID: 'day',
        ...(maxLimitOrderVolume === undefined ? {} : { maxLimitOrderVolume }),
      },
      { ...session, sections: [{ fromMinute: 540, toMinute: 900, night: false }] },
    ]);
  }

  /** From now on what `from` would do is done by an account that is in no group. */
  moveOut(from: string, to: string): void {
    this.#renamed.set(from, to);
  }

  quote(lastPrice: number, more: Partial<Quote> = {}): void {
    const quote = {
      exchangeID: 'SHFE',
      instrumentID: 'rb2701',
      updateTimeMs: this.nowMs,
      lastPrice,
      bidPrice1: lastPrice - 1,
      askPrice1: lastPrice,
      ...more,
    };
    this.say('quotes', [Object.fromEntries(Object.entries(quote).filter(([, value]) => value !== undefined)) as Quote]);
  }

  order(words: OrderWords = {}): Order {
    this.#ids += 1;
    const order: Order = {
      accountID: 'A1',
      exchangeID: 'SHFE',
      instrumentID: 'rb2701',
      orderSysID: String(this.#ids),
      direction: 'buy',
      offsetFlag: 'open',
      hedgeFlag: 'speculation',
      limitPrice: 3000,
      volumeTotalOriginal: 1,
      volumeTraded: 0,
      volumeTotal: 0,
      timeCondition: 'GFD',
      volumeCondition: 'any',
      orderStatus: 'noTradeQueueing',
      insertTimeMs: this.nowMs,
      updateTimeMs: this.nowMs,
      ...words,
    };
    order.accountID = this.#renamed.get(order.accountID) ?? order.accountID;
    order.volumeTotal = order.volumeTotalOriginal - order.volumeTraded;
    this.say('orders', [order]);
    return order;
  }

  /** `canceledBy` null leaves the field out, as a source does that does not know. */
  cancel(order: Order, canceledBy: 'customer' | 'exchange' | 'system' | null = 'customer'): Order {
    const ended: Order = { ...order, orderStatus: 'canceled', updateTimeMs: this.nowMs, cancelTimeMs: this.nowMs };
    if (canceledBy !== null) ended.canceledBy = canceledBy;
    this.say('orders', [ended]);
    return ended;
  }

  /** The order's report and its trade. */
  fill(order: Order, volume = order.volumeTotalOriginal, price = order.limitPrice ?? 0, tradeID?: string): Order {
    const volumeTraded = order.volumeTraded + volume;
    const volumeTotal = order.volumeTotalOriginal - volumeTraded;
    const filled: Order = {
      ...order,
      volumeTraded,
      volumeTotal,
      updateTimeMs: this.nowMs,
      orderStatus: volumeTotal === 0 ? 'allTraded' : 'partTradedQueueing',
    };
    this.say('orders', [filled]);
    this.#ids += 1;
    this.say('trades', [this.tradeOf(order, volume, price, tradeID ?? `T${this.#ids}`)]);
    return filled;
  }

  tradeOf(order: Order, volume: number, price: number, tradeID: string): Trade {
    const { accountID, exchangeID, instrumentID, orderSysID, direction, offsetFlag, hedgeFlag } = order;
    return { accountID, exchangeID, instrumentID, orderSysID, direction, offsetFlag, hedgeFlag, tradeID, price, volume, tradeTimeMs: this.nowMs };
  }

  /** Two orders that meet under one trade number. */
  cross(buyer: OrderWords, seller: OrderWords, volume = 1): void {
    const buy = this.order({ ...buyer, direction: 'buy', volumeTotalOriginal: volume });
    const sell = this.order({ ...seller, direction: 'sell', volumeTotalOriginal: volume });
    this.#ids += 1;
    const tradeID = `X${this.#ids}`;
    this.fill(buy, volume, 3000, tradeID);
    this.fill(sell, volume, 3000, tradeID);
  }

  found(detector: DetectorName): Finding[] {
    return this.run.findings().filter((finding) => finding.detector === detector);
  }
}
