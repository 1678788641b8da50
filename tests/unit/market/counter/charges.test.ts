import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type ChargeWitnesses, commissionsOf, declaredChargesSchema } from '#shared/market/counter/charges';
import { counterSnapshotSchema } from '#shared/market/counter/snapshot';

const declared = declaredChargesSchema.parse(JSON.parse(readFileSync('resources/rules/counter-commission-rates.json', 'utf8')));

/** On ctp-simnow MA is charged 2 to open, 2 to close by yesterday's tier and 6 by today's; of any other source no rates are known. */
function commissions(rows: Record<string, unknown>[], witnesses: ChargeWitnesses, source = 'ctp-simnow') {
  const snapshot = counterSnapshotSchema.parse({
    source,
    tradingDay: '20260915',
    capturedAt: '2026-09-15T10:00:00+08:00',
    params: { algorithm: '2', availIncludeCloseProfit: '0', marginPriceType: '4' },
    account: { preBalance: 0 },
    // A flag each: a snapshot has one row of a kind.
    positions: rows.map((row, at) => ({ exchange: 'CZCE', direction: 'long', hedgeFlag: `kind ${at}`, positionDate: 'today', ...row })),
    instruments: {},
  });
  return commissionsOf(
    snapshot,
    declared,
    rows.map(() => null),
    witnesses,
  ).map(({ charge }) => charge);
}

/** One lot of yesterday's, one opened, one closed: 4 or 8, by the order of the day. */
const inDoubt = { instrument: 'MA701', ydPosition: 1, openVolume: 1, openAmount: 28_000, closeVolume: 1, closeAmount: 28_100 };
const opened = { instrument: 'MA703', openVolume: 1, openAmount: 28_000, commission: 2 };

describe('what the rows of a snapshot were charged', () => {
  it("takes what both of the account's figures say over the one row whose rates are not known", () => {
    const rows = [9, 5].map((commission) => ({ instrument: 'au2702', openVolume: 1, openAmount: 800_000, commission }));
    const sum = (witnesses: ChargeWitnesses) =>
      commissions(rows, witnesses, 'another').reduce<number>((all, charge) => all + (typeof charge === 'number' ? charge : Number.NaN), 0);
    expect(sum({ total: 14, implied: 14 })).toBe(14);
    // A row's was altered; the account's total was; its balance was.
    expect(sum({ total: 12, implied: 12 })).toBe(12);
    expect(sum({ total: 99, implied: 14 })).toBe(14);
    expect(sum({ total: 14, implied: 99 })).toBe(14);
  });

  it('charges nothing where nothing was traded, whatever the row says and whether or not rates are known', () => {
    for (const source of ['ctp-simnow', 'another'])
      expect(commissions([{ instrument: 'MA701', ydPosition: 3, commission: 7 }], { total: 7, implied: 7 }, source)).toEqual([0]);
  });

  it('finds the one altered row among very many in doubt', () => {
    const rows = Array.from({ length: 200 }, (_, at) => ({ ...inDoubt, commission: at === 150 ? 5 : at % 2 === 0 ? 4 : 8 }));
    const total = 100 * 4 + 100 * 8;
    const charges = commissions(rows, { total, implied: total });
    expect(charges[150]).toBe(4);
    expect(charges.filter((charge) => charge === 4)).toHaveLength(100);
  });

  it('does not guess between the charges that the rates allow where nothing bears one out', () => {
    const doubt = { unknown: expect.stringContaining('MA701: its rates allow several charges') };
    expect(commissions([{ ...inDoubt, commission: 5 }, opened], { total: 99, implied: 98 })).toEqual([doubt, 2]);
    const many = Array.from({ length: 200 }, () => ({ ...inDoubt, commission: 5 }));
    expect(new Set(commissions(many, { total: 1000, implied: 1000 }).map((charge) => typeof charge))).toEqual(new Set(['object']));
    expect(commissions([{ ...inDoubt, commission: 5 }, opened], { total: 10, implied: 10 })).toEqual([8, 2]);
  });

  it("believes a row against the rates only when both of the account's figures do", () => {
    const row = { ...opened, commission: 3 };
    expect(commissions([row], { total: 3, implied: 3 })).toEqual([3]);
    expect(commissions([row], { total: 3, implied: null })).toEqual([2]);
    expect(commissions([row], { total: 3, implied: 2 })).toEqual([2]);
  });
});
