/** Declared combinations in a counter snapshot: the account's margin is lowered by what they take less, and what cannot be believed makes it unknown. */
import { describe, expect, it } from 'vitest';
import { reconcile } from '#shared/market/counter/reconcile';
import { type CounterSnapshot, counterSnapshotSchema } from '#shared/market/counter/snapshot';
import { simulateCounter } from '#tests/helpers/counter-simulator';
import { tables } from '#tests/unit/market/counter/reconcile-tables';

const NEAR = { exchange: 'DCE' as const, instrument: 'm2701', multiplier: 10, rate: 0.1, preSettlement: 3000, mark: 3010 };
const FAR = { exchange: 'DCE' as const, instrument: 'm2705', multiplier: 10, rate: 0.1, preSettlement: 3200, mark: 3190 };

/** Long five m2701, short four m2705, all of yesterday: 15,000 and 12,800. */
function snapshot(): CounterSnapshot {
  const lot = { isOpen: true };
  return simulateCounter(
    [NEAR, FAR],
    [
      { ...lot, instrument: 'm2701', direction: 'long', volume: 5, price: 2900 },
      { ...lot, instrument: 'm2705', direction: 'short', volume: 4, price: 3300 },
    ],
    [],
    1_000_000,
  );
}

function leg(legID: number, totalAmt: number, over: Record<string, unknown> = {}): Record<string, unknown> {
  const [instrument, direction] = legID === 1 ? ['m2701', 'long'] : ['m2705', 'short'];
  const hedgeFlag = snapshot().positions[0]?.hedgeFlag;
  const named = { exchange: 'DCE', instrument, direction, hedgeFlag, comTradeID: 'C1', combInstrumentID: 'SP m2701&m2705' };
  return { ...named, legID, legMultiple: 1, totalAmt, ...over };
}

function margin(combinations: Record<string, unknown>[]): number | string | null | undefined {
  const file = counterSnapshotSchema.parse(JSON.parse(JSON.stringify({ ...snapshot(), combinations })));
  const { currMargin } = reconcile(file, tables).account;
  return currMargin?.ours ?? currMargin?.reason;
}

describe('a declared combination in a snapshot', () => {
  it('takes the larger leg, and the counter’s figure stands beside it', () => {
    expect(margin([])).toBe(27_800);
    // Three of each: 6,000 + 3,200 outside, and the larger of 9,000 and 9,600.
    expect(margin([leg(1, 3), leg(2, 3)])).toBe(18_800);
    expect(margin([leg(1, 3), leg(2, 3), leg(1, 0, { comTradeID: 'C2' })])).toBe(18_800);
    const file = counterSnapshotSchema.parse({ ...snapshot(), combinations: [leg(1, 3), leg(2, 3)] });
    file.account.currMargin = 18_800;
    expect(reconcile(file, tables).account.currMargin).toEqual({ counter: 18_800, ours: 18_800, residual: 0 });
  });

  it('makes the margin unknown when it is larger than its rows, of a kind without a rule, or not two legs that fit', () => {
    expect(margin([leg(1, 5), leg(2, 5)])).toContain('names more lots of m2705 than there are');
    expect(margin([leg(1, 3, { combInstrumentID: 'LOCK m2701&m2705' }), leg(2, 3, { combInstrumentID: 'LOCK m2701&m2705' })])).toContain(
      'no dated rule',
    );
    expect(margin([leg(1, 3), leg(2, 2)])).toContain('not two legs that fit');
    expect(margin([leg(1, 3)])).toContain('not two legs that fit');
    expect(counterSnapshotSchema.safeParse({ ...snapshot(), combinations: [leg(1, -1)] }).success).toBe(false);
  });
});
