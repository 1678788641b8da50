/** The reconciliation against a second, slow arithmetic: every kind of snapshot that a counter may answer in this form, and each of its results altered. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACCOUNT_FIELDS, type Reconciliation, reconcile } from '#shared/market/counter/reconcile';
import { POSITION_FIELDS } from '#shared/market/counter/row-figures';
import { counterSnapshotSchema } from '#shared/market/counter/snapshot';
import { toNumber } from '#tests/helpers/counter-world/decimal';
import { type GeneratedCounter, generateCounter, type Raw } from '#tests/helpers/counter-world/generate';
import { tables } from '#tests/unit/market/counter/reconcile-tables';

const reconciled = (file: Raw): Reconciliation => reconcile(counterSnapshotSchema.parse(JSON.parse(JSON.stringify(file))), tables);
const seeds = fc.integer({ min: 0, max: 2 ** 31 });

/** Row figures that are left out of the answer where nothing but the counter's own word tells them. */
const SOMETIMES_LEFT_OUT = ['openCost', 'closeProfitByDate', 'closeProfitByTrade', 'commission', 'frozenCommission'];

function disagreements({ file, account, rows, skew }: GeneratedCounter): string[] {
  const result = reconciled(file);
  const found: string[] = result.skew === toNumber(skew) ? [] : [`skew ${result.skew} for ${toNumber(skew)}`];
  for (const field of ACCOUNT_FIELDS) {
    const comparison = result.account[field];
    if (comparison === undefined) {
      if (file.account[field] !== undefined) found.push(`account ${field} is not compared`);
      continue;
    }
    const truth = toNumber(account[field]) - (field === 'positionProfit' ? toNumber(skew) : 0);
    if (
      comparison.ours === null ||
      Math.abs(comparison.ours - truth) > 1e-4 ||
      comparison.residual !== (field === 'positionProfit' ? result.skew : 0)
    )
      found.push(`account ${field}: ${JSON.stringify(comparison)} for ${truth}`);
  }
  for (const [index, row] of rows.entries()) {
    for (const field of POSITION_FIELDS) {
      const comparison = result.positions[index]?.[field];
      if (comparison === undefined && SOMETIMES_LEFT_OUT.includes(field)) continue;
      const truth = toNumber(row.figures[field]);
      if (comparison === undefined || comparison.ours === null || Math.abs(comparison.ours - truth) > 1e-4 || comparison.residual !== 0)
        found.push(`${row.side.contract.instrument} ${row.side.direction} ${field}: ${JSON.stringify(comparison)} for ${truth}`);
    }
  }
  return found;
}

/**
 * Every result of the counter in a file. The account's positionProfit makes the skew, and what a row was charged is an input where no rates of its counter are
 * known.
 */
function resultsOf(file: GeneratedCounter['file']): [Raw, string][] {
  const isOwnWord = (row: Raw, field: string): boolean =>
    field.endsWith('ommission') && (file.source !== 'ctp-simnow' || row.exchange === 'CFFEX' || /\d-?[CP]-?[\d.]+$/.test(String(row.instrument)));
  return [
    ...ACCOUNT_FIELDS.filter((field) => field !== 'positionProfit' && typeof file.account[field] === 'number').map((field): [Raw, string] => [
      file.account,
      field,
    ]),
    ...file.positions.flatMap((row) =>
      POSITION_FIELDS.filter((field) => !isOwnWord(row, field) && !(field.startsWith('closeProfitBy') && row[field] === undefined)).map(
        (field): [Raw, string] => [row, field],
      ),
    ),
  ];
}

function oursOf(result: Reconciliation): unknown {
  return {
    account: ACCOUNT_FIELDS.map((field) => result.account[field]?.ours),
    positions: result.positions.map((row) => POSITION_FIELDS.map((field) => row[field]?.ours)),
    rates: result.rows.map(({ marginRateSource }) => marginRateSource !== null),
  };
}

describe('a counter snapshot of any kind', () => {
  it('is recomputed to the cent, in the account and in every row', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        expect(disagreements(generateCounter(seed))).toEqual([]);
      }),
      { numRuns: 120 },
    );
  });

  it('never gets a figure of ours from a result of the counter: each altered in turn changes its own residual and nothing of ours', () => {
    const alterations = [(value: number) => value + 7, (value: number) => value * 2 + 1000, () => 0, (value: number) => -value];
    fc.assert(
      fc.property(seeds, fc.nat(), fc.constantFrom(...alterations), (seed, at, alter) => {
        const { file } = generateCounter(seed);
        const places = resultsOf(file);
        const [holder, field] = places[at % places.length] as [Raw, string];
        const before = reconciled(file);
        const stated = (holder[field] ?? 0) as number;
        fc.pre(Math.abs(alter(stated) - stated) > 0.01);
        holder[field] = alter(stated);
        const after = reconciled(file);
        expect(oursOf(after), field).toEqual(oursOf(before));
        const answer = holder === file.account ? after.account : after.positions[file.positions.indexOf(holder)];
        const changed = answer?.[field as keyof typeof answer] as unknown as { counter: number; residual: number } | undefined;
        if (changed !== undefined) expect([changed.counter, changed.residual]).toEqual([alter(stated), expect.not.closeTo(0, 3)]);
      }),
      { numRuns: 120 },
    );
  });

  it('does not guess where a file cannot tell: both sides where no rule adds them up, the close of an option, a sold option without its future', () => {
    const base = { hedgeFlag: 'speculation', positionDate: 'today', openVolume: 1, preSettlementPrice: 9000, settlementPrice: 9010 };
    const row = (more: Raw): Raw => ({ exchange: 'GFEX', instrument: 'si2701', openAmount: 45_000, marginRateByMoney: 0.1, ...base, ...more });
    const answer = (positions: Raw[]) =>
      reconciled({
        tradingDay: '20260915',
        capturedAt: '',
        params: { algorithm: '2', availIncludeCloseProfit: '0', marginPriceType: '4' },
        account: { preBalance: 1_000_000 },
        instruments: { si2701: { multiplier: 5 }, 'si2701-C-9000': { multiplier: 5 } },
        positions,
      });
    expect(answer([row({ direction: 'long' })]).account.currMargin?.ours).toBe(4500);
    const bothSides = answer([row({ direction: 'long' }), row({ direction: 'short' })]).account;
    expect([bothSides.currMargin?.ours, bothSides.currMargin?.reason, bothSides.commission?.ours]).toEqual([
      null,
      'GFEX.si: no dated rule says how the margins of both sides add up there',
      0,
    ]);
    const option = { instrument: 'si2701-C-9000', preSettlementPrice: 200, openAmount: 1000 };
    const sold = answer([row({ ...option, direction: 'short' })]).positions[0]?.useMargin;
    expect(sold).toMatchObject({ ours: null, reason: expect.stringContaining('its future si2701 has no preSettlementPrice') });
    const closed = answer([row({ ...option, direction: 'long', closeVolume: 1, closeAmount: 1100 })]).positions[0];
    expect(closed?.closeProfit).toMatchObject({ ours: null, reason: expect.stringContaining('an option') });
    expect(closed?.position?.ours).toBe(0);
  });
});
