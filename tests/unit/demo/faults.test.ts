/** Faults of the demonstration broker that drills ask for: a gateway that stops, a price that jumps. */
import { describe, expect, it } from 'vitest';
import { createBroker } from '#demo/broker';
import { parseControl } from '#demo/control';
import type { Quote } from '#shared/feed/items';

const broker = () => createBroker({ seed: 5, accounts: 60, tradingDay: '20270104', phase: 'busy' });
type Said = { stream: string; count: number };
function said(from: ReturnType<typeof broker>, steps: number): Said[] {
  const counts = new Map<string, number>();
  for (let step = 0; step < steps; step += 1) {
    for (const message of from.step()) {
      if (message.type === 'data') counts.set(message.stream, (counts.get(message.stream) ?? 0) + message.items.length);
    }
  }
  return [...counts].map(([stream, count]) => ({ stream, count }));
}
const countOf = (all: Said[], stream: string): number => all.find((each) => each.stream === stream)?.count ?? 0;

describe('a gateway that is down', () => {
  it('says no order and no trade, goes on with quotes and money, and comes back', () => {
    const source = broker();
    expect(countOf(said(source, 200), 'orders')).toBeGreaterThan(0);
    source.stopGateway(10_000);
    const down = said(source, 200);
    expect([countOf(down, 'orders'), countOf(down, 'trades')]).toEqual([0, 0]);
    expect(countOf(down, 'quotes')).toBeGreaterThan(0);
    expect(countOf(down, 'accounts')).toBeGreaterThan(0);
    expect(countOf(said(source, 200), 'orders')).toBeGreaterThan(0);
  });
});

describe('a price shock', () => {
  it('moves every contract of the product at once, on its tick and within its limits, stays, and leaves others alone', () => {
    const source = broker();
    const quotesOf = (): Map<string, Quote> => new Map(source.snapshot('quotes').map((quote) => [quote.instrumentID, quote]));
    const before = quotesOf();
    expect(source.shockPrices('cu', -4)).toBe(true);
    const first = source.step().flatMap((message) => (message.type === 'data' && message.stream === 'quotes' ? message.items : []));
    const copper = [...before.keys()].filter((id) => /^cu\d/.test(id));
    expect(copper.length).toBeGreaterThan(0);
    for (const id of copper) expect(first.map(({ instrumentID }) => instrumentID)).toContain(id);
    const ratio = (id: string, after: Map<string, Quote>): number => (after.get(id)?.lastPrice ?? 0) / (before.get(id)?.lastPrice ?? 1);
    for (const id of copper) {
      expect(ratio(id, quotesOf())).toBeCloseTo(0.96, 2);
      const quote = quotesOf().get(id);
      expect(quote?.lastPrice ?? 0).toBeGreaterThanOrEqual(quote?.lowerLimitPrice ?? Number.POSITIVE_INFINITY);
    }
    const gold = [...before.keys()].find((id) => /^au\d/.test(id)) ?? '';
    expect(Math.abs(ratio(gold, quotesOf()) - 1)).toBeLessThan(0.01);
    said(source, 400);
    for (const id of copper) expect(ratio(id, quotesOf())).toBeLessThan(0.98);
  });

  it('stops at the limit, and of a product that is not traded here nothing moves', () => {
    const source = broker();
    source.shockPrices('cu', -30);
    const copper = source.snapshot('quotes').filter(({ instrumentID }) => /^cu\d/.test(instrumentID));
    for (const { lastPrice, lowerLimitPrice } of copper) expect(lastPrice).toBe(lowerLimitPrice);
    expect(source.shockPrices('nothing', -5)).toBe(false);
  });

  it('is refused beyond what a market does', () => {
    expect(parseControl({ type: 'priceShock', productID: 'cu', percent: -80 })).toMatchObject({ ok: false, code: 'INVALID' });
    expect(parseControl({ type: 'gatewayDown', forMs: -1 })).toMatchObject({ ok: false, code: 'INVALID' });
  });
});
