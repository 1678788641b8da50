import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACCOUNT_FIELDS, type Reconciliation, reconcile } from '#shared/market/counter/reconcile';
import { POSITION_FIELDS } from '#shared/market/counter/row-figures';
import { type CounterSnapshot, counterSnapshotSchema } from '#shared/market/counter/snapshot';
import { type SimulatedInstrument, type SimulatedSnapshot, simulateCounter } from '#tests/helpers/counter-simulator';
import { oursOf, tables } from '#tests/unit/market/counter/reconcile-tables';

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
    fc.constantFrom('1' as const, '2' as const, '4' as const),
  )
  .map(([carried, trades, preBalance, type]) => simulateCounter(INSTRUMENTS, carried, trades, preBalance, type));

function residuals(result: Reconciliation): number[] {
  const account = ACCOUNT_FIELDS.flatMap((field) => result.account[field]?.residual ?? []);
  return [
    ...account,
    ...result.positions.flatMap((row) => POSITION_FIELDS.map((field) => row[field] ?? { residual: 0 }).map(({ residual }) => residual ?? Number.NaN)),
  ];
}

/** Every place of a JSON value that something could stand in. */
function placesOf(value: object): [Record<string, unknown>, string][] {
  return Object.entries(value).flatMap(([name, part]): [Record<string, unknown>, string][] => [
    [value as Record<string, unknown>, name],
    ...(typeof part === 'object' && part !== null ? placesOf(part as object) : []),
  ]);
}

describe('reconciling a counter snapshot', () => {
  it('agrees to the cent with an independent lot-by-lot counter, whatever was traded', () => {
    fc.assert(
      fc.property(snapshotArbitrary, (snapshot) => residuals(reconcile(snapshot, tables)).every((residual) => residual === 0)),
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
          const altered: SimulatedSnapshot = structuredClone(snapshot);
          altered.account[accountField] = (altered.account[accountField] ?? 0) + change;
          for (const row of altered.positions) row[rowField] += change;
          expect(oursOf(reconcile(altered, tables))).toEqual(oursOf(reconcile(snapshot, tables)));
          expect(reconcile(altered, tables).account[accountField]?.residual).not.toBe(0);
        },
      ),
    );
  });

  it('believes the declared commission rates and the account over a row that contradicts both', () => {
    // Two silver lots opened, one of them closed: by money, close-today free, and half a cent a lot.
    const charged = 15_700 * 15 * 2 * 0.00001 + 0.005 * 3;
    const one = simulateCounter(
      INSTRUMENTS,
      [],
      [
        { instrument: 'ag2702', direction: 'long', isOpen: true, price: 15_700, volume: 2 },
        { instrument: 'ag2702', direction: 'long', isOpen: false, price: 15_710, volume: 1 },
      ],
      1_000_000,
      '4',
    );
    const withCharge = (account: number, row: number): CounterSnapshot => {
      const altered = structuredClone(one);
      altered.source = 'ctp-simnow';
      altered.tradingDay = '20260914';
      altered.account.commission = account;
      for (const each of altered.positions) each.commission = row;
      return altered;
    };
    const ours = (snapshot: CounterSnapshot) => reconcile(snapshot, tables).account.commission?.ours;
    expect(ours(withCharge(charged, charged))).toBeCloseTo(charged, 6);
    expect(ours(withCharge(charged, charged + 5))).toBeCloseTo(charged, 6);
    expect(ours(withCharge(charged + 5, charged))).toBeCloseTo(charged, 6);
    expect(ours(withCharge(charged + 7, charged + 5))).toBeCloseTo(charged, 6);
    // Another rate than the declared one: believed when the account's total and its balance both bear it out. And a counter of which no rates are known.
    const really = withCharge(9, 9);
    really.account.balance = (one.account.balance ?? 0) + one.account.commission - 9;
    expect(ours(really)).toBe(9);
    expect(ours(withCharge(9, 9))).toBeCloseTo(charged, 6);
    expect(ours({ ...withCharge(charged, 5), source: 'another' })).toBe(5);
  });

  it('finds a rate that the counter left out, and no one altered margin of the counter changes it', () => {
    fc.assert(
      fc.property(
        snapshotArbitrary,
        fc.constantFrom('useMargin', 'exchangeMargin', 'frozenMargin', 'positionCost', 'positionProfit'),
        fc.oneof(
          fc.integer({ min: 1, max: 99_999 }).map((by) => (value: number) => value + by),
          fc.constantFrom(0, 0.5, 2).map((by) => (value: number) => value * by),
        ),
        (full, field, change) => {
          const row = full.positions.find(({ position, useMargin }) => position > 0 && useMargin > 0);
          fc.pre(row !== undefined);
          const snapshot: SimulatedSnapshot = structuredClone(full);
          for (const [index, one] of snapshot.positions.entries()) if (full.positions[index] === row) one.marginRateByMoney = 0;
          const altered: SimulatedSnapshot = structuredClone(snapshot);
          for (const [index, one] of altered.positions.entries())
            if (full.positions[index] === row) Object.assign(one, { [field]: change(one[field]) });
          expect(oursOf(reconcile(snapshot, tables))).toEqual(oursOf(reconcile(full, tables)));
          expect(oursOf(reconcile(altered, tables))).toEqual(oursOf(reconcile(full, tables)));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('takes a rate that all of the counter agrees on over one of another month, as near delivery', () => {
    const near = { exchange: 'DCE' as const, instrument: 'm2609', multiplier: 10, rate: 0.2, preSettlement: 3300, mark: 3310 };
    const lot = { direction: 'long' as const, isOpen: true, volume: 1 };
    const snapshot = simulateCounter(
      [...INSTRUMENTS, near],
      [
        { ...lot, instrument: 'm2609', price: 3290 },
        { ...lot, instrument: 'm2701', price: 3390 },
      ],
      [],
      1_000_000,
    );
    const row = snapshot.positions.find(({ instrument }) => instrument === 'm2609');
    if (row === undefined) throw new Error('the simulator made no row');
    row.marginRateByMoney = 0;
    const result = reconcile(snapshot, tables);
    expect(result.positions.map(({ instrument }, index) => [instrument, result.rows[index]?.marginRateSource])).toEqual([
      ['m2701', 'declared'],
      ['m2609', 'impliedByCounter'],
    ]);
    expect(result.account.currMargin?.residual).toBe(0);
  });

  it('charges no margin and no marked profit on a bought option, and does not guess a sold one', () => {
    const lot = { isOpen: true, volume: 1, price: 90 };
    const option = { exchange: 'DCE' as const, instrument: 'm2701-C-3400', multiplier: 10, rate: 0.14, preSettlement: 95, mark: 101 };
    const at = (direction: 'long' | 'short') => {
      const snapshot = simulateCounter([option], [], [{ ...lot, instrument: option.instrument, direction }], 1_000_000);
      return reconcile(snapshot, tables).positions[0];
    };
    expect(at('long')).toMatchObject({ useMargin: { ours: 0 }, positionProfit: { ours: 0 } });
    expect(at('short')).toMatchObject({ useMargin: { ours: null, reason: expect.stringContaining('sold option') }, positionProfit: { ours: 0 } });
  });

  it("counts profit as the counter's algorithm and close profit setting say", () => {
    const lot = { direction: 'long' as const, instrument: 'm2701', volume: 1 };
    const snapshot = simulateCounter(
      INSTRUMENTS,
      [{ ...lot, isOpen: true, price: 3300 }],
      [
        { ...lot, isOpen: true, price: 3300 },
        { ...lot, isOpen: false, price: 3400 },
      ],
      1_000_000,
    );
    const ours = (algorithm: '1' | '2' | '3' | '4', availIncludeCloseProfit: '0' | '2', mark: number) => {
      const changed: CounterSnapshot = { ...snapshot, params: { ...snapshot.params, algorithm, availIncludeCloseProfit } };
      changed.positions = snapshot.positions.map((row) => ({ ...row, settlementPrice: mark }));
      changed.account = { ...snapshot.account, positionProfit: (mark - 3300) * 10 };
      const { account } = reconcile(changed, tables);
      return (account.available?.ours ?? Number.NaN) - (account.balance?.ours ?? Number.NaN) + (account.currMargin?.ours ?? Number.NaN);
    };
    // The rest of the day: one lot closed at +160 against pre-settlement 3384; one lot open at 3300.
    const gains = (['1', '2', '3', '4'] as const).map((algorithm) => ours(algorithm, '0', 3350));
    const losses = (['1', '2', '3', '4'] as const).map((algorithm) => ours(algorithm, '0', 3250));
    expect(gains.map(Math.round)).toEqual([0, -500, 0, -500]);
    expect(losses.map(Math.round)).toEqual([0, 0, 500, 500]);
    expect(Math.round(ours('1', '2', 3350))).toBe(-160);
  });

  it('takes a price of 0 or a sentinel for what it is: none', () => {
    const snapshot = simulateCounter(INSTRUMENTS, [], [{ instrument: 'm2701', direction: 'long', isOpen: true, price: 3300, volume: 1 }], 1_000_000);
    for (const none of [0, null, 1.7976931348623157e308]) {
      const text = JSON.parse(JSON.stringify(snapshot)) as { positions: Record<string, unknown>[] };
      Object.assign(text.positions[0] ?? {}, { settlementPrice: none });
      const result = reconcile(counterSnapshotSchema.parse(text), tables);
      expect(result.positions[0]?.positionProfit).toMatchObject({ ours: null, reason: 'm2701 has no mark (settlementPrice)' });
      expect(result.positions[0]?.useMargin?.residual).toBe(0);
    }
  });

  it('takes the skew of two separate queries out of every figure below positionProfit', () => {
    const snapshot = simulateCounter(INSTRUMENTS, [], [{ instrument: 'm2701', direction: 'short', isOpen: true, price: 3300, volume: 2 }], 1_000_000);
    snapshot.account.positionProfit += 30;
    const { balance = 0, available = 0 } = snapshot.account;
    Object.assign(snapshot.account, { balance: balance + 30, available: available + 30 });
    snapshot.account.mortgageableFund = snapshot.account.available;
    const result = reconcile(snapshot, tables);
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
    Object.assign(snapshot.account, { currMargin: 1, exchangeMargin: 1 });
    const result = reconcile(snapshot, tables);
    expect(result.positions[0]?.positionProfit).toMatchObject({ ours: null, reason: 'm2701 has no mark (settlementPrice)' });
    expect(result.positions[0]?.useMargin).toMatchObject({ ours: null, reason: 'm2701 has no margin rate' });
    expect(result.account.balance).toMatchObject({ ours: null, residual: null });
    expect(result.positions[1]?.useMargin?.residual).toBe(0);
    expect(result.account.commission?.residual).toBe(0);
  });

  it('compares no input with itself: openCost where it alone says what lots cost', () => {
    const at = { instrument: 'm2701', direction: 'long' as const, volume: 1 };
    const carried = simulateCounter(INSTRUMENTS, [{ ...at, isOpen: true, price: 3300 }], [], 1_000_000);
    expect(reconcile(carried, tables).positions[0]?.openCost).toBeUndefined();
    const bought = [3300, 3310].map((price) => ({ ...at, isOpen: true, price }));
    const opened = simulateCounter(INSTRUMENTS, [], bought, 1_000_000);
    expect(reconcile(opened, tables).positions[0]?.openCost).toEqual({ counter: 66_100, ours: 66_100, residual: 0 });
  });

  it('tells what the lots left cost from all that the counter says of them, so that no one of its figures decides it', () => {
    const at = { instrument: 'm2701', direction: 'short' as const, volume: 1 };
    const bought = [3300, 3310].map((price) => ({ ...at, isOpen: true, price }));
    const partly = simulateCounter(INSTRUMENTS, [], [...bought, { ...at, isOpen: false, price: 3320 }], 1_000_000);
    const row = partly.positions[0] as (typeof partly.positions)[number];
    const costs = (changes: Partial<typeof row>, trades: CounterSnapshot['trades'] = []) => {
      const { positions, account } = reconcile({ ...partly, positions: [{ ...row, ...changes }], trades }, tables);
      return [positions[0]?.positionCost?.ours, positions[0]?.openCost?.ours, account.currMargin?.ours];
    };
    const whole = [33_100, 33_100, 4634];
    expect(costs({})).toEqual(whole);
    for (const openCost of [0, 1, 99_999]) expect(costs({ openCost })).toEqual(whole);
    for (const field of ['positionCost', 'closeProfit', 'positionProfit', 'useMargin'] as const)
      expect(costs({ [field]: row[field] + 50 })).toEqual(whole);
    // Nothing left that agrees: the counter's openCost, and without it nothing.
    expect(costs({ positionCost: 1, closeProfit: 2, openCost: 33_000 })[0]).toBe(33_000);
    expect(costs({ positionCost: 1, closeProfit: 2, openCost: 0 })[0]).toBeNull();
    const trade = { exchange: 'DCE', instrument: 'm2701', volume: 1 };
    const trades = [
      { ...trade, side: 'sell', offset: 'open', price: 3300 },
      { ...trade, side: 'sell', offset: 'open', price: 3310 },
      { ...trade, side: 'buy', offset: 'close', price: 3320 },
    ];
    expect(costs({ positionCost: 1, closeProfit: 2, openCost: 3 }, trades)).toEqual(whole);
    // Trades of which one is missing say nothing.
    expect(costs({ positionCost: 1, closeProfit: 2, openCost: 3 }, trades.slice(1))[0]).toBe(3);
  });

  it('takes null and sentinels of figures that a counter need not give for none, and pledge and credit where it has them', () => {
    const snapshot = simulateCounter(INSTRUMENTS, [{ instrument: 'm2701', direction: 'short', isOpen: true, price: 3300, volume: 2 }], [], 1_000_000);
    const text = JSON.parse(JSON.stringify(snapshot)) as { account: Record<string, unknown>; positions: Record<string, unknown>[] };
    Object.assign(text.account, { balance: null, withdrawQuota: Number.MAX_VALUE, preMargin: null, mortgage: 500, credit: 200, frozenCash: 50 });
    for (const row of text.positions) Object.assign(row, { marginRateByMoney: null, marginRateByVolume: Number.MAX_VALUE });
    const { account, positions, rows } = reconcile(counterSnapshotSchema.parse(text), tables);
    expect([account.balance, account.withdrawQuota]).toEqual([undefined, undefined]);
    expect(account.available).toMatchObject({ residual: -650 });
    expect(rows[0]?.marginRateSource).toBe('impliedByCounter');
    expect(positions[0]).toMatchObject({ useMargin: { residual: 0 } });
  });

  it('never fails on a file that fits, and gives no figure that is none, whatever stands in it', () => {
    const nonsense = fc.constantFrom(null, 0, -1, 1e9, -1e9, 0.5, 1.797e308, '', 'x', [], {}, true);
    fc.assert(
      fc.property(snapshotArbitrary, fc.array(fc.tuple(fc.nat(), nonsense), { minLength: 1, maxLength: 4 }), (snapshot, changes) => {
        const bad = JSON.parse(JSON.stringify(snapshot)) as Record<string, unknown>;
        for (const [at, value] of changes) {
          const places = placesOf(bad);
          const [holder, name] = places[at % places.length] ?? [bad, 'params'];
          holder[name] = value;
        }
        const parsed = counterSnapshotSchema.safeParse(bad);
        if (!parsed.success) {
          expect(parsed.error.issues[0]?.message).not.toBe('');
          return;
        }
        const result = reconcile(parsed.data, tables);
        expect(
          JSON.parse(JSON.stringify(result, (_, value: unknown) => (typeof value === 'number' && !Number.isFinite(value) ? 'none' : value))),
        ).toEqual(JSON.parse(JSON.stringify(result)));
      }),
      { numRuns: 300 },
    );
  });

  it('refuses a sentinel, a fraction of a lot, a row twice, money the wrong way, a day that is none and a missing section, naming the field', () => {
    const good = simulateCounter(INSTRUMENTS, [], [{ instrument: 'm2701', direction: 'long', isOpen: true, price: 3300, volume: 1 }], 1_000_000);
    const issueOf = (change: (snapshot: Record<string, unknown>) => void) => {
      const bad = structuredClone(good) as unknown as Record<string, unknown>;
      change(bad);
      return counterSnapshotSchema.safeParse(bad).error?.issues[0]?.path.join('.');
    };
    expect(issueOf((bad) => Object.assign(bad.account as object, { preBalance: 1.7976931348623157e308 }))).toBe('account.preBalance');
    expect(issueOf((bad) => Object.assign((bad.positions as object[])[0] ?? {}, { openVolume: 0.5 }))).toBe('positions.0.openVolume');
    expect(issueOf((bad) => (bad.positions as object[]).push((bad.positions as object[])[0] ?? {}))).toBe('positions.1');
    expect(issueOf((bad) => Object.assign(bad.account as object, { deposit: -5000 }))).toBe('account.deposit');
    expect(issueOf((bad) => Object.assign(bad, { tradingDay: '20261399' }))).toBe('tradingDay');
    expect(issueOf((bad) => delete bad.params)).toBe('params');
  });
});
