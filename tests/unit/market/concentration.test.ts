/** Limits and concentration: tiers, the row in force, what counts, and days to get out. */
import { describe, expect, it } from 'vitest';
import type { PositionLimit } from '#shared/feed/items';
import { addVolume, countedVolume, daysToExit, limitInForce, limitTier } from '#shared/market/concentration';

const BOUNDS = { near: 0.8, high: 0.9, reached: 1 };
const LIMIT: PositionLimit = {
  kind: 'positionLimit',
  exchangeID: 'SHFE',
  instrumentID: 'ag2702',
  limitVolume: 6_000,
  effectiveFrom: '20260101',
  citation: 'test',
  certainty: 'demonstration',
};

describe('position limits', () => {
  it('have tiers from their bound on, and no tier when the limit is unknown', () => {
    expect([0.79, 0.8, 0.9, 1, 1.2].map((use) => limitTier(use, BOUNDS))).toEqual(['below', 'near', 'high', 'reached', 'reached']);
    expect(limitTier(null, BOUNDS)).toBe('unknown');
  });

  it('take the newest row in force about the very contract; two that differ from one date are unknown', () => {
    const query = { exchangeID: 'SHFE', productID: 'ag', instrumentID: 'ag2702' };
    const rows = [LIMIT, { ...LIMIT, limitVolume: 3_000, effectiveFrom: '20260901' }, { ...LIMIT, limitVolume: 900, effectiveFrom: '20270101' }];
    expect(limitInForce(rows, query, '20260915')).toMatchObject({ value: { limitVolume: 3_000 } });
    expect(limitInForce([LIMIT, { ...LIMIT, limitVolume: 1 }], query, '20260915')).toEqual({ known: false, reason: 'twoLimits:SHFE.ag2702' });
    expect(limitInForce([], query, '20260915')).toEqual({ known: false, reason: 'noLimit:SHFE.ag2702' });
    expect(limitInForce([LIMIT], { ...query, instrumentID: null }, '20260915')).toEqual({ known: false, reason: 'noLimit:SHFE.ag' });
  });

  it('count the larger side without hedging', () => {
    const volumes = { long: 0, short: 0, hedge: 0 };
    addVolume(volumes, 'long', 'speculation', 5);
    addVolume(volumes, 'short', 'arbitrage', 7);
    addVolume(volumes, 'short', 'hedge', 90);
    expect([countedVolume(volumes), volumes.hedge]).toEqual([7, 90]);
  });
});

describe('days to exit', () => {
  it('are the net position over a tenth of the daily volume, unknown without volume, none without a position', () => {
    expect(daysToExit(-500, 1_000, 0.1)).toBe(5);
    expect(daysToExit(500, null, 0.1)).toBeNull();
    expect(daysToExit(500, 0, 0.1)).toBeNull();
    expect(daysToExit(0, null, 0.1)).toBe(0);
  });
});
