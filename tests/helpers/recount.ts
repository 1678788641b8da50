/** The counted rules once more, as plainly as they can be said: all messages of the day are kept and counted at the end, by words and not by index. */
import type { Finding } from '#engine/watch/detectors/finding';
import type { DetectorName } from '#engine/watch/detectors/thresholds';
import type { IntakeEvent } from '#shared/feed/intake';
import type { Instrument, Order, Quote, Trade } from '#shared/feed/items';

/** The exchanges' figures, written out here a second time so that a slip in the table is seen. */
function limitOf(detector: DetectorName, exchangeID: string, productID: string): number {
  if (detector === 'selfTrade') return 5;
  if (detector === 'frequentCancel')
    return exchangeID === 'CFFEX' && ['IF', 'IH', 'IC', 'IM'].includes(productID) ? 400 : exchangeID === 'GFEX' ? Infinity : 500;
  if (detector === 'limitPriceCancel') return exchangeID === 'CZCE' ? 100 : Number.POSITIVE_INFINITY;
  // Broken by the first lot above 2,800.
  if (detector === 'intradayOpenLimit') return exchangeID === 'SHFE' && productID === 'au' ? 2801 : Number.POSITIVE_INFINITY;
  if (detector === 'messageFee') return exchangeID === 'SHFE' ? 4001 : Number.POSITIVE_INFINITY;
  if (detector === 'largeCancel') return { SHFE: 50, INE: 50, CZCE: 50, DCE: 400, CFFEX: 100 }[exchangeID] ?? Number.POSITIVE_INFINITY;
  return Number.POSITIVE_INFINITY;
}

function isLarge(lots: number, instrument: Instrument): boolean {
  const most = instrument.maxLimitOrderVolume ?? Number.POSITIVE_INFINITY;
  const { exchangeID } = instrument;
  if (exchangeID === 'SHFE' || exchangeID === 'INE') return lots >= 300;
  if (exchangeID === 'CZCE') return lots >= 800;
  if (exchangeID === 'DCE') return lots > 0.8 * most;
  return exchangeID === 'CFFEX' && lots >= 0.8 * most;
}

/** From which rung on a finding is a breach: of the fee's figures the first is the one from which messages cost. */
const BREACHED_AT: Partial<Record<DetectorName, readonly string[]>> = {
  selfTrade: ['ban'],
  frequentCancel: ['ban'],
  largeCancel: ['ban'],
  limitPriceCancel: ['ban'],
  intradayOpenLimit: ['ban'],
  messageFee: ['warn', 'ban'],
};

export class Recount {
  readonly #orders = new Map<string, Order>();
  readonly #trades = new Map<string, Trade>();
  readonly #instruments = new Map<string, Instrument>();
  readonly #groups = new Map<string, string>();
  /** Limit prices at which a contract has been locked, and since when. */
  readonly #locks = new Map<string, { direction: Order['direction']; price: number; sinceMs: number }[]>();
  #tradingDay = '';

  onEvent(event: IntakeEvent): void {
    if (event.type !== 'items' && event.type !== 'picture') return;
    this.#tradingDay = event.tradingDay;
    if (event.stream === 'orders') for (const order of event.items) this.#orders.set(`${order.exchangeID} ${order.orderSysID}`, order);
    else if (event.stream === 'trades')
      for (const trade of event.items) this.#trades.set(`${trade.exchangeID} ${trade.tradeID} ${trade.direction}`, trade);
    else if (event.stream === 'quotes') for (const quote of event.items) this.#onQuote(quote, event.sourceTimeMs);
    else if (event.stream === 'reference') {
      for (const item of event.items) {
        if (item.kind === 'instrument') this.#instruments.set(`${item.exchangeID} ${item.instrumentID}`, item);
        if (item.kind === 'controlGroup') for (const accountID of item.accountIDs) this.#groups.set(accountID, item.controlGroupID);
      }
    }
  }

  #onQuote(quote: Quote, sinceMs: number): void {
    const { exchangeID, instrumentID, lastPrice, upperLimitPrice, lowerLimitPrice, askPrice1, bidPrice1 } = quote;
    const key = `${exchangeID} ${instrumentID}`;
    const locks = this.#locks.get(key) ?? [];
    const lock = (direction: Order['direction'], price: number): void => {
      if (!locks.some((one) => one.direction === direction)) locks.push({ direction, price, sinceMs });
      this.#locks.set(key, locks);
    };
    if (upperLimitPrice !== undefined && lastPrice === upperLimitPrice && askPrice1 === undefined) lock('buy', upperLimitPrice);
    if (lowerLimitPrice !== undefined && lastPrice === lowerLimitPrice && bidPrice1 === undefined) lock('sell', lowerLimitPrice);
  }

  #isAtLock(order: Order): boolean {
    const locks = this.#locks.get(`${order.exchangeID} ${order.instrumentID}`) ?? [];
    return locks.some(
      ({ direction, price, sinceMs }) => order.direction === direction && order.limitPrice === price && (order.cancelTimeMs ?? 0) >= sinceMs,
    );
  }

  /** Where breaches found and breaches counted are not the same set with the same counts. */
  differences(findings: readonly Finding[]): string[] {
    const counted = this.#counts();
    const found = new Map<string, number>();
    for (const finding of findings) {
      if (BREACHED_AT[finding.detector]?.includes(finding.rung) !== true) continue;
      found.set([finding.detector, finding.tradingDay, finding.customerID, finding.exchangeID, finding.instrumentID].join(' '), finding.value);
    }
    const keys = new Set([...counted.keys(), ...found.keys()]);
    return [...keys]
      .filter((key) => counted.get(key) !== found.get(key))
      .map((key) => `${key}: counted ${counted.get(key) ?? 0}, found ${found.get(key) ?? 0}`);
  }

  #counts(): Map<string, number> {
    const counts = new Map<string, number>();
    const add = (detector: DetectorName, row: { accountID: string; exchangeID: string; instrumentID: string }, amount = 1): void => {
      const customer = this.#groups.get(row.accountID) ?? row.accountID;
      const key = [detector, this.#tradingDay, customer, row.exchangeID, row.instrumentID].join(' ');
      counts.set(key, (counts.get(key) ?? 0) + amount);
    };
    for (const order of this.#orders.values()) {
      const isRefused = order.canceledBy === 'system' && order.volumeTraded === 0 && order.cancelTimeMs === order.insertTimeMs;
      const isTakenBack = order.canceledBy === 'customer' || (order.timeCondition === 'IOC' && order.orderStatus === 'canceled');
      if (!isRefused && order.hedgeFlag !== 'marketMaker') add('messageFee', order, isTakenBack ? 2 : 1);
      if (order.orderStatus !== 'canceled' || order.canceledBy !== 'customer' || order.timeCondition === 'IOC') continue;
      if (order.hedgeFlag === 'hedge' || order.hedgeFlag === 'marketMaker') continue;
      add('frequentCancel', order);
      if (this.#isAtLock(order)) add('limitPriceCancel', order);
      const instrument = this.#instruments.get(`${order.exchangeID} ${order.instrumentID}`);
      if (instrument !== undefined && isLarge(order.volumeTotal, instrument)) add('largeCancel', order);
    }
    for (const trade of this.#trades.values()) {
      if (trade.offsetFlag === 'open' && trade.hedgeFlag !== 'hedge' && trade.hedgeFlag !== 'marketMaker')
        add('intradayOpenLimit', trade, trade.volume);
      if (trade.direction !== 'buy') continue;
      const other = this.#trades.get(`${trade.exchangeID} ${trade.tradeID} sell`);
      if (other === undefined || trade.hedgeFlag === 'hedge' || trade.hedgeFlag === 'marketMaker') continue;
      if ((this.#groups.get(trade.accountID) ?? trade.accountID) === (this.#groups.get(other.accountID) ?? other.accountID)) add('selfTrade', trade);
    }
    for (const [key, count] of counts) {
      const [detector, , , exchangeID, instrumentID] = key.split(' ');
      const instrument = this.#instruments.get(`${exchangeID} ${instrumentID}`);
      if (count < limitOf(detector as DetectorName, exchangeID ?? '', instrument?.productID ?? '')) counts.delete(key);
    }
    return counts;
  }
}
