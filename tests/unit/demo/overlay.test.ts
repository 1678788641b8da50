import { describe, expect, it } from 'vitest';
import { createOverlay, type OverlayInput } from '#demo/overlay';
import { itemSchemaByStream } from '#shared/feed/items';

const gold: OverlayInput = {
  seed: 7,
  tradingDay: '20131007',
  instruments: ['GC201312', 'GC201402'].map((instrumentID) => ({
    exchangeID: 'COMEX',
    instrumentID,
    productID: 'GC',
    volumeMultiple: 100,
    priceTick: 0.1,
    currencyID: 'USD',
  })),
  firstPrices: new Map([
    ['GC201312', 1313.7],
    ['GC201402', 1314.2],
  ]),
};

describe('clients laid over a recorded day', () => {
  it('are the same for the same input and fit the protocol', () => {
    const overlay = createOverlay(gold);
    expect(createOverlay(gold)).toEqual(overlay);
    expect(createOverlay({ ...gold, seed: 8 })).not.toEqual(overlay);
    for (const stream of ['reference', 'accounts', 'positions'] as const) {
      expect(overlay[stream].length).toBeGreaterThan(10);
      for (const item of overlay[stream]) expect(itemSchemaByStream[stream].safeParse(item).error).toBeUndefined();
    }
  });

  it('stand with degrees that a real day can push over a level', () => {
    const { accounts, positions } = createOverlay({ ...gold, accounts: 200 });
    const degree = new Map(accounts.map((account) => [account.accountID, (account.currMargin ?? 0) / (account.balance ?? 0)]));
    const share = (from: number, to: number): number => [...degree.values()].filter((value) => value >= from && value < to).length / degree.size;
    expect(share(0, 0.6)).toBeGreaterThan(0.4);
    expect(share(0.74, 0.86)).toBeGreaterThan(0.05);
    // Gold falls or rises one per cent: some accounts must cross 80 per cent.
    const moved = new Map<string, number>();
    for (const row of positions) {
      if (row.kind !== 'position') continue;
      const change = (row.posiDirection === 'long' ? -1 : 1) * 0.01 * (row.positionCost ?? 0);
      moved.set(row.accountID, (moved.get(row.accountID) ?? 0) + change);
    }
    const crossing = accounts.filter((account) => {
      const before = degree.get(account.accountID) ?? 0;
      const after = (account.currMargin ?? 0) / ((account.balance ?? 0) + (moved.get(account.accountID) ?? 0));
      return before < 0.8 && after >= 0.8;
    });
    expect(crossing.length).toBeGreaterThanOrEqual(3);
  });

  it('hold mostly the month that trades, not one about to be delivered or years away', () => {
    const months = ['GC201310', 'GC201311', 'GC201312', 'GC201402', 'GC201404', 'GC201512'];
    const [first] = gold.instruments;
    if (first === undefined) throw new Error('no instrument');
    const instruments = months.map((instrumentID) => ({ ...first, instrumentID }));
    const firstPrices = new Map(months.map((instrumentID) => [instrumentID, 1313.7]));
    const held = createOverlay({ ...gold, instruments, firstPrices, accounts: 200 }).positions.filter((row) => row.kind === 'position');
    const share = (instrumentID: string): number => held.filter((row) => row.instrumentID === instrumentID).length / held.length;
    expect(share('GC201312')).toBeGreaterThan(0.45);
    expect(share('GC201310') + share('GC201311') + share('GC201512')).toBeLessThan(0.1);
  });

  it('leave instruments without a price or a multiplier alone', () => {
    const overlay = createOverlay({ ...gold, firstPrices: { GC201312: 1313.7, GC201402: Number.NaN } });
    expect(new Set(overlay.positions.map((row) => row.instrumentID))).toEqual(new Set(['GC201312']));
    expect(createOverlay({ ...gold, firstPrices: {} }).positions).toHaveLength(0);
  });

  it('carry a spot market that has no tick', () => {
    const [first] = gold.instruments;
    if (first === undefined) throw new Error('no instrument');
    const { priceTick: _, ...spot } = { ...first, exchangeID: 'OTC', productID: 'XAUUSD', instrumentID: 'XAUUSD' };
    const overlay = createOverlay({ ...gold, instruments: [spot], firstPrices: { XAUUSD: 1291.855 } });
    expect(overlay.preSettlementPrices).toEqual({ XAUUSD: 1291.855 });
    expect(overlay.positions.length).toBeGreaterThan(0);
  });
});
