import { describe, expect, it } from 'vitest';
import { createBroker } from '#demo/broker';
import { type Instrument, itemSchemaByStream, type Quote, STREAM_NAMES } from '#shared/feed/items';

function isOnTick(price: number, tick: number): boolean {
  return Math.abs(price / tick - Math.round(price / tick)) < 1e-6;
}

function expectBelievable(quote: Quote, instrument: Instrument): void {
  const tick = instrument.priceTick ?? Number.NaN;
  const upper = quote.upperLimitPrice ?? Number.NaN;
  const lower = quote.lowerLimitPrice ?? Number.NaN;
  for (const price of [quote.lastPrice, quote.openPrice, quote.highestPrice, quote.lowestPrice, quote.bidPrice1, quote.askPrice1, upper, lower]) {
    if (price === undefined) continue;
    expect(isOnTick(price, tick), `${quote.instrumentID} ${price} on ${tick}`).toBe(true);
    expect(price).toBeGreaterThanOrEqual(lower);
    expect(price).toBeLessThanOrEqual(upper);
  }
  expect(quote.highestPrice).toBeGreaterThanOrEqual(quote.lastPrice ?? Number.NaN);
  expect(quote.lowestPrice).toBeLessThanOrEqual(quote.lastPrice ?? Number.NaN);
  if (quote.bidPrice1 !== undefined && quote.askPrice1 !== undefined) expect(quote.bidPrice1).toBeLessThan(quote.askPrice1);
}

/** Contracts that nobody trades are quoted at a pace of their own. */
const isQuiet = ({ instrumentID }: { instrumentID: string }): boolean => /^(RI\d|510300)/.test(instrumentID);

describe('the demonstration market', { timeout: 60_000 }, () => {
  it('has about sixty contracts of six futures exchanges, and a fund of a stock exchange, with everything a valuation needs', () => {
    const broker = createBroker({ seed: 1, accounts: 300, tradingDay: '20261123', phase: 'auto' });
    const reference = broker.snapshot('reference');
    const instruments = reference.filter((item) => item.kind === 'instrument');
    expect(instruments.length).toBeGreaterThanOrEqual(55);
    expect(new Set(instruments.map((item) => item.exchangeID))).toEqual(new Set(['SHFE', 'SGE', 'INE', 'DCE', 'CZCE', 'CFFEX', 'SSE']));
    expect(instruments.find((item) => item.productID === 'au')).toMatchObject({ volumeMultiple: 1000, priceTick: 0.02 });
    expect(instruments.find((item) => item.productID === 'ag')).toMatchObject({ volumeMultiple: 15, priceTick: 1 });
    expect(instruments.filter((item) => item.productID === 'SR')[0]?.instrumentID).toMatch(/^SR\d{3}$/);
    expect(reference.filter((item) => item.kind === 'department' && item.parentID !== undefined)).toHaveLength(8);
    expect(reference.filter((item) => item.kind === 'accountMaster')).toHaveLength(300);
    expect(reference.filter((item) => item.kind === 'controlGroup').length).toBeGreaterThan(5);
    const rates = reference.filter((item) => item.kind === 'marginRate');
    expect(new Set(rates.map((row) => `${row.layer} ${row.investorRange}`))).toEqual(
      new Set(['exchange broker', 'company broker', 'company group', 'company investor']),
    );
    expect(rates.some((row) => row.isRelative)).toBe(true);
    expect(rates.some((row) => row.effectiveTo !== undefined)).toBe(true);
    expect(rates.some((row) => row.effectiveFrom > '20261123')).toBe(true);
    expect(rates.every((row) => row.certainty === 'demonstration')).toBe(true);
    const ids = reference.filter((item) => item.kind === 'accountMaster').map((item) => item.accountID);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('speaks the protocol: every item of every stream fits its schema', () => {
    const broker = createBroker({ seed: 4, accounts: 40, tradingDay: '20261123', phase: 'violent' });
    for (const stream of STREAM_NAMES) {
      for (const item of broker.snapshot(stream)) expect(itemSchemaByStream[stream].safeParse(item).error).toBeUndefined();
    }
    for (let index = 0; index < 100; index += 1) {
      for (const message of broker.step()) {
        if (message.type !== 'data') continue;
        for (const item of message.items) expect(itemSchemaByStream[message.stream].safeParse(item).error).toBeUndefined();
      }
    }
  });

  it('keeps prices on the tick, within limits and highs and lows around them, however violent', () => {
    const broker = createBroker({ seed: 6, accounts: 20, tradingDay: '20261123', phase: 'violent', quotesPerSecond: 1500 });
    const instruments = new Map(
      broker
        .snapshot('reference')
        .filter((item) => item.kind === 'instrument')
        .map((item) => [item.instrumentID, item]),
    );
    const check = (quote: Quote): void => {
      const instrument = instruments.get(quote.instrumentID);
      if (instrument === undefined) throw new Error(`quote of an unknown instrument ${quote.instrumentID}`);
      expectBelievable(quote, instrument);
    };
    broker.snapshot('quotes').forEach(check);
    const lastTime = new Map<string, number>();
    for (let index = 0; index < 400; index += 1) {
      for (const message of broker.step()) {
        if (message.type !== 'data' || message.stream !== 'quotes') continue;
        for (const quote of message.items) {
          if (index % 10 === 0) check(quote);
          expect(quote.updateTimeMs).toBeGreaterThanOrEqual(lastTime.get(quote.instrumentID) ?? 0);
          expect(quote.updateTimeMs).toBeLessThanOrEqual(message.sourceTimeMs);
          lastTime.set(quote.instrumentID, quote.updateTimeMs);
        }
      }
    }
  });

  it('numbers each stream without holes and never goes back in time', () => {
    const broker = createBroker({
      seed: 2,
      accounts: 20,
      tradingDay: '20261123',
      phase: 'calm',
      stepMs: 60_000,
      quotesPerSecond: 1,
      startMinute: 14 * 60,
    });
    const next = new Map<string, number>();
    let timeMs = 0;
    let days = 0;
    for (let index = 0; index < 100; index += 1) {
      for (const message of broker.step()) {
        expect(message.sourceTimeMs).toBeGreaterThanOrEqual(timeMs);
        timeMs = message.sourceTimeMs;
        if (message.type === 'newTradingDay') {
          days += 1;
          next.clear();
          continue;
        }
        expect(message.sequence).toBe((next.get(message.stream) ?? 0) + 1);
        next.set(message.stream, message.sequence);
      }
    }
    expect(days).toBe(1);
  });

  it('jumps over hours without trading and says so by status', () => {
    const broker = createBroker({ seed: 2, accounts: 20, tradingDay: '20261123', phase: 'calm', stepMs: 60_000, quotesPerSecond: 1 });
    const seen = new Set<string>();
    let lunchJumpMs = 0;
    let timeMs = broker.sourceTimeMs;
    for (let index = 0; index < 260; index += 1) {
      for (const message of broker.step()) {
        if (message.type === 'data' && message.stream === 'instrumentStatus') {
          for (const item of message.items) seen.add(`${item.productID} ${item.instrumentStatus}`);
        }
      }
      lunchJumpMs = Math.max(lunchJumpMs, broker.sourceTimeMs - timeMs);
      timeMs = broker.sourceTimeMs;
    }
    expect(seen).toContain('au noTrading');
    expect(seen).toContain('au continuous');
    expect(seen).toContain('IF noTrading');
    expect(seen).toContain('au closed');
    expect(lunchJumpMs).toBeGreaterThan(60 * 60_000);
  });

  it('quotes faster when busy and fastest when violent, and as fast as a bench asks', () => {
    const count = (phase: 'calm' | 'busy' | 'violent', quotesPerSecond?: number): number => {
      const broker = createBroker({ seed: 3, accounts: 20, tradingDay: '20261123', phase, quotesPerSecond });
      let quotes = 0;
      for (let index = 0; index < 40; index += 1) {
        for (const message of broker.step())
          if (message.type === 'data' && message.stream === 'quotes') quotes += message.items.filter((quote) => !isQuiet(quote)).length;
      }
      return quotes / 2;
    };
    expect(count('calm')).toBe(200);
    expect(count('busy')).toBe(1000);
    expect(count('violent')).toBeGreaterThanOrEqual(5000);
    expect(count('calm', 30_000)).toBe(30_000);
  });

  it('spreads risk believably, and a violent market moves accounts across levels', () => {
    const broker = createBroker({ seed: 1, accounts: 300, tradingDay: '20261123', phase: 'calm' });
    const levelOf = (): Map<string, string> =>
      new Map(
        broker.snapshot('accounts').map((account) => {
          const balance = account.balance ?? Number.NaN;
          const degree = (account.currMargin ?? Number.NaN) / balance;
          return [account.accountID, balance <= 0 ? 'negative' : degree >= 1 ? 'call' : degree >= 0.8 ? 'warn' : 'normal'];
        }),
      );
    const before = levelOf();
    const tally = (levels: Map<string, string>): Record<string, number> => {
      const counts: Record<string, number> = {};
      for (const level of levels.values()) counts[level] = (counts[level] ?? 0) + 1;
      return counts;
    };
    expect(tally(before)).toMatchObject({
      normal: expect.any(Number),
      warn: expect.any(Number),
      call: expect.any(Number),
      negative: expect.any(Number),
    });
    expect(tally(before).normal).toBeGreaterThan(200);
    expect(tally(before).call).toBeLessThan(25);
    expect(tally(before).negative).toBeLessThan(8);
    broker.setPhase('violent');
    const crossed = new Set<string>();
    for (let index = 0; index < 45 * 20; index += 1) {
      broker.step();
      if (index % 100 !== 99) continue;
      for (const [accountID, level] of levelOf()) if (before.get(accountID) !== level) crossed.add(accountID);
    }
    expect(crossed.size).toBeGreaterThanOrEqual(4);
  });
});
