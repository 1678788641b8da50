import { describe, expect, it } from 'vitest';
import type { ConditionEvidence } from '#shared/desk/rules/evidence';
import { priceDecimals } from '../../../../src-renderer/features/alerts/alert-text';

const evidence = (part: Partial<ConditionEvidence>): ConditionEvidence => ({ orders: [], trades: [], ticks: [], byAccount: [], ...part });
const tick = (lastPrice: number | null): ConditionEvidence['ticks'][number] => ({
  exchangeID: 'SSE',
  instrumentID: '510300',
  timeMs: 0,
  lastPrice,
  bidPrice: null,
  askPrice: null,
  volume: null,
});

describe('frozen prices', () => {
  it('show as many decimals as the finest of them, so that no price is rounded', () => {
    expect(priceDecimals(evidence({ ticks: [tick(4.68), tick(4.683), tick(null)] }))).toBe(3);
    expect(priceDecimals(evidence({ ticks: [tick(108.245)] }))).toBe(3);
    expect(priceDecimals(evidence({ ticks: [tick(938.42)] }))).toBe(2);
    expect(priceDecimals(evidence({ ticks: [tick(15_345)] }))).toBe(0);
    expect(priceDecimals(evidence({}))).toBe(0);
  });
});
