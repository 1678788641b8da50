import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aggregationRulesSchema } from '#shared/market/counter/aggregation';
import { ACCOUNT_FIELDS, POSITION_FIELDS, type Reconciliation, reconcile } from '#shared/market/counter/reconcile';
import { type CounterSnapshot, counterSnapshotSchema } from '#shared/market/counter/snapshot';
import { type SimulatedInstrument, simulateCounter } from '#tests/helpers/counter-simulator';
import { sharedFiles } from '#tests/helpers/shared-material';

const { rules } = aggregationRulesSchema.parse(JSON.parse(readFileSync('resources/rules/margin-aggregation.json', 'utf8')));

const INSTRUMENTS: SimulatedInstrument[] = [
  { exchange: 'SHFE', instrument: 'ag2702', multiplier: 15, rate: 0.19, preSettlement: 15724, mark: 15891 },
  { exchange: 'SHFE', instrument: 'ag2704', multiplier: 15, rate: 0.19, preSettlement: 15740, mark: 15702 },
  { exchange: 'DCE', instrument: 'm2701', multiplier: 10, rate: 0.14, preSettlement: 3384, mark: 3360 },
  { exchange: 'CZCE', instrument: 'MA701', multiplier: 10, rate: 0.16, preSettlement: 2929, mark: 2878 },
  { exchange: 'CZCE', instrument: 'MA703', multiplier: 10, rate: 0.16, preSettlement: 2753, mark: 2780 },
];

const tradeOf = (isOpen: fc.Arbitrary<boolean>) =>
  fc
    .record({
      instrument: fc.constantFrom(...INSTRUMENTS),
      direction: fc.constantFrom('long' as const, 'short' as const),
      isOpen,
      ticks: fc.integer({ min: -80, max: 80 }),
      volume: fc.integer({ min: 1, max: 4 }),
    })
    .map(({ instrument, ticks, ...trade }) => ({ ...trade, instrument: instrument.instrument, price: instrument.preSettlement + ticks }));

const snapshotArbitrary = fc
  .tuple(
    fc.array(tradeOf(fc.constant(true)), { maxLength: 6 }),
    fc.array(tradeOf(fc.boolean()), { maxLength: 25 }),
    fc.integer({ min: 1_000_000, max: 50_000_000 }),
  )
  .map(([carried, trades, preBalance]) => simulateCounter(INSTRUMENTS, carried, trades, preBalance));

function residuals(result: Reconciliation): number[] {
  const account = ACCOUNT_FIELDS.flatMap((field) => result.account[field]?.residual ?? []);
  return [...account, ...result.positions.flatMap((row) => POSITION_FIELDS.map((field) => row[field].residual ?? Number.NaN))];
}

function oursOf(result: Reconciliation): unknown {
  return {
    account: ACCOUNT_FIELDS.map((field) => result.account[field]?.ours),
    positions: result.positions.map((row) => POSITION_FIELDS.map((field) => row[field].ours)),
  };
}

describe('reconciling a counter snapshot', () => {
  it('agrees to the cent with an independent lot-by-lot counter, whatever was traded', () => {
    fc.assert(
      fc.property(snapshotArbitrary, (snapshot) => residuals(reconcile(snapshot, rules)).every((residual) => residual === 0)),
      { numRuns: 300 },
    );
  });

  it('never lets a counter result change our figure', () => {
    const results = [
      'balance',
      'available',
      'currMargin',
      'exchangeMargin',
      'closeProfit',
      'commission',
      'withdrawQuota',
      'mortgageableFund',
    ] as const;
    const rowResults = [
      'positionProfit',
      'closeProfit',
      'useMargin',
      'exchangeMargin',
      'positionCost',
      'position',
      'todayPosition',
      'frozenMargin',
    ] as const;
    fc.assert(
      fc.property(
        snapshotArbitrary,
        fc.constantFrom(...results),
        fc.constantFrom(...rowResults),
        fc.integer({ min: 1, max: 99_999 }),
        (snapshot, accountField, rowField, change) => {
          const altered: CounterSnapshot = structuredClone(snapshot);
          altered.account[accountField] = (altered.account[accountField] ?? 0) + change;
          for (const row of altered.positions) row[rowField] += change;
          expect(oursOf(reconcile(altered, rules))).toEqual(oursOf(reconcile(snapshot, rules)));
          expect(reconcile(altered, rules).account[accountField]?.residual).not.toBe(0);
        },
      ),
    );
  });

  it('takes the skew of two separate queries out of every figure below positionProfit', () => {
    const snapshot = simulateCounter(INSTRUMENTS, [], [{ instrument: 'm2701', direction: 'short', isOpen: true, price: 3300, volume: 2 }], 1_000_000);
    snapshot.account.positionProfit += 30;
    snapshot.account.balance += 30;
    snapshot.account.available += 30;
    snapshot.account.mortgageableFund = snapshot.account.available;
    const result = reconcile(snapshot, rules);
    expect(result.skew).toBe(30);
    expect(result.account.positionProfit?.residual).toBe(30);
    expect([result.account.balance?.residual, result.account.available?.residual]).toEqual([0, 0]);
  });

  it('leaves unknown what a missing mark, multiplier or rate touches, says why, and keeps the rest', () => {
    const open = { isOpen: true, volume: 1, direction: 'long' as const };
    const snapshot = simulateCounter(
      INSTRUMENTS,
      [],
      [
        { ...open, instrument: 'm2701', price: 3300 },
        { ...open, instrument: 'MA701', price: 2900 },
      ],
      1_000_000,
    );
    const [m2701, MA701] = snapshot.positions;
    if (m2701 === undefined || MA701 === undefined) throw new Error('the simulator made no rows');
    delete m2701.settlementPrice;
    Object.assign(m2701, { marginRateByMoney: 0, useMargin: 1, exchangeMargin: 1 });
    const result = reconcile(snapshot, rules);
    expect(result.positions[0]?.positionProfit).toMatchObject({ ours: null, reason: 'm2701 has no mark (settlementPrice)' });
    expect(result.positions[0]?.useMargin).toMatchObject({ ours: null, reason: 'm2701 has no margin rate' });
    expect(result.account.balance).toMatchObject({ ours: null, residual: null });
    expect(result.positions[1]?.useMargin.residual).toBe(0);
    expect(result.account.commission?.residual).toBe(0);
  });

  it('refuses a sentinel, a fraction of a lot and a missing section, naming the field', () => {
    const good = simulateCounter(INSTRUMENTS, [], [{ instrument: 'm2701', direction: 'long', isOpen: true, price: 3300, volume: 1 }], 1_000_000);
    const issueOf = (change: (snapshot: Record<string, unknown>) => void) => {
      const bad = structuredClone(good) as unknown as Record<string, unknown>;
      change(bad);
      return counterSnapshotSchema.safeParse(bad).error?.issues[0]?.path.join('.');
    };
    expect(issueOf((bad) => Object.assign(bad.account as object, { balance: 1.7976931348623157e308 }))).toBe('account.balance');
    expect(issueOf((bad) => Object.assign((bad.positions as object[])[0] ?? {}, { openVolume: 0.5 }))).toBe('positions.0.openVolume');
    expect(issueOf((bad) => delete bad.params)).toBe('params');
  });
});

describe.skipIf(sharedFiles('counter').length === 0)('reconciling the real counter snapshots (skipped when they are not beside the checkout)', () => {
  it.each(sharedFiles('counter'))('%s', (file) => {
    const result = reconcile(counterSnapshotSchema.parse(JSON.parse(readFileSync(file, 'utf8'))), rules);
    expect(result.account.positionProfit?.residual).toBe(result.skew);
    expect(Object.entries(result.account).filter(([field, { residual }]) => field !== 'positionProfit' && residual !== 0)).toEqual([]);
  });
});
