import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RiskLevel } from '#shared/contract/streams';
import { known, unknown } from '#shared/market/known';
import type { HeldLot } from '#shared/market/what-if/account-model';
import { lotsToKeep, riskBudget } from '#shared/market/what-if/budget';
import { contractMoves, type InverseTarget, moveShock, safeMove } from '#shared/market/what-if/inverse';
import { scenarioSchema, stressAccount } from '#shared/market/what-if/scenario';
import { closeLots, valueAccount } from '#shared/market/what-if/value-account';
import { heldInstrument, modelArbitrary, modelOf } from '#tests/helpers/account-models';

const AG = { exchangeID: 'SHFE', productID: 'ag', instrumentID: 'ag2702', multiplier: 15, tick: 1, price: 15_800, method: 'productBigSide' as const };
const SEVERITY: Record<RiskLevel, number> = { normal: 0, unknown: 0, warn: 1, call: 2, force: 3, negative: 4 };
const TARGETS: InverseTarget[] = ['warn', 'call', 'force', 'negative'];
function lot(direction: 'long' | 'short', volume: number, openPrice = 15_800): HeldLot {
  return {
    direction,
    volume,
    openPrice,
    isToday: true,
    preSettlementPrice: known(15_800),
    hedgeFlag: 'speculation',
    openDate: '20260915',
    tradeID: `${direction}${volume}`,
  };
}

function amountOf(figure: { known: true; value: number } | { known: false; reason: string }): number {
  if (!figure.known) throw new Error(figure.reason);
  return figure.value;
}

describe('scenarios', () => {
  it('moves equity by exactly net position x price change, whatever the sides', () => {
    fc.assert(
      fc.property(modelArbitrary, fc.integer({ min: -20, max: 20 }), (model, percent) => {
        const scenario = scenarioSchema.parse({ scenarioId: 's', name: 's', version: 1, price: { type: 'percent', percent } });
        const expected = model.holdings.reduce((sum, holding) => {
          const net = holding.lots.reduce((volume, held) => volume + (held.direction === 'long' ? held.volume : -held.volume), 0);
          return sum + net * amountOf(holding.multiplier) * amountOf(holding.marks.latest) * (percent / 100);
        }, 0);
        const change = amountOf(stressAccount(model, scenario).balance) - amountOf(valueAccount(model).balance);
        expect(change).toBeCloseTo(expected, 4);
      }),
    );
  });

  it('adds holiday points to the margin rate and cash to equity', () => {
    const model = modelOf([heldInstrument(AG, [lot('long', 2)])], 100_000);
    const scenario = scenarioSchema.parse({
      scenarioId: 's',
      name: 'National Day',
      version: 1,
      price: { type: 'latest' },
      marginOverrides: [{ layer: 'company', productID: 'ag', addedRateByMoney: 0.03 }],
      cash: [{ accountID: 'A0001', amount: 5_000 }],
    });
    const after = stressAccount(model, scenario);
    expect(amountOf(after.currMargin)).toBeCloseTo(15_800 * 15 * 2 * 0.19, 6);
    expect(amountOf(after.exchangeMargin)).toBeCloseTo(15_800 * 15 * 2 * 0.12, 6);
    expect(amountOf(after.balance)).toBe(105_000);
  });

  it('compounds locked limits day by day and takes margin at the settled price', () => {
    const model = modelOf([heldInstrument(AG, [lot('long', 1)])], 1_000_000);
    const scenario = scenarioSchema.parse({ scenarioId: 's', name: 's', version: 1, price: { type: 'lockedLimit', direction: 'down', days: 3 } });
    const price = 14_220 * (14_220 / 15_800) ** 2;
    const after = stressAccount(model, scenario);
    expect(amountOf(after.positionProfit)).toBeCloseTo((price - 15_800) * 15, 6);
    expect(amountOf(after.currMargin)).toBeCloseTo(price * 15 * 0.16, 6);
  });

  it('widens limits and raises rates day by day as the table or the scenario says, and knows nothing where no row says', () => {
    const model = modelOf([heldInstrument(AG, [lot('long', 1)])], 1_000_000);
    const under = (price: object, of = model) => stressAccount(of, scenarioSchema.parse({ scenarioId: 's', name: 's', version: 1, price }));
    const days = { type: 'lockedLimit', direction: 'down', days: 3 };
    // 10 % on the first day, then 13 % and 15 %; five points more margin after the third.
    const price = 14_220 * 0.87 * 0.85;
    const after = under({ ...days, widening: 'exchange' });
    expect(amountOf(after.positionProfit)).toBeCloseTo((price - 15_800) * 15, 6);
    expect(amountOf(after.currMargin)).toBeCloseTo(price * 15 * 0.21, 6);
    expect(amountOf(after.exchangeMargin)).toBeCloseTo(price * 15 * 0.17, 6);
    const own = under({ ...days, widening: [{ limitAdded: 0.02, marginAdded: 0.04 }] });
    expect(amountOf(own.positionProfit)).toBeCloseTo((14_220 * 0.88 * 0.88 - 15_800) * 15, 6);
    expect(amountOf(own.currMargin)).toBeCloseTo(14_220 * 0.88 * 0.88 * 15 * 0.2, 6);
    const held = { ...heldInstrument(AG, [lot('long', 1)]), lockedDays: unknown('noLockedLimitRow:SHFE.ag2702') };
    expect(under({ ...days, widening: 'exchange' }, modelOf([held], 1_000_000))).toMatchObject({
      level: 'unknown',
      balance: { known: false, reason: 'noLockedLimitRow:SHFE.ag2702' },
    });
    expect(under(days, modelOf([held], 1_000_000)).level).toBe('normal');
  });

  it('values at the day’s average price, and leaves it unknown where the source gives none', () => {
    const held = heldInstrument(AG, [lot('long', 1)], 100);
    const scenario = scenarioSchema.parse({ scenarioId: 's', name: 's', version: 1, price: { type: 'average' } });
    expect(amountOf(stressAccount(modelOf([held], 100_000), scenario).positionProfit)).toBe(0);
    const without = { ...held, marks: { ...held.marks, average: unknown('noAveragePrice:SHFE.ag2702') } };
    expect(stressAccount(modelOf([without], 100_000), scenario).balance).toEqual({ known: false, reason: 'noAveragePrice:SHFE.ag2702' });
  });

  it('keeps an account without a price unknown under every scenario, with the reason', () => {
    const held = heldInstrument(AG, [lot('long', 1)]);
    const model = modelOf([{ ...held, marks: { ...held.marks, latest: unknown('noPrice:SHFE.ag2702') } }], 100_000);
    const after = stressAccount(model, scenarioSchema.parse({ scenarioId: 's', name: 's', version: 1, price: { type: 'percent', percent: 5 } }));
    expect(after.level).toBe('unknown');
    expect(after.balance).toEqual({ known: false, reason: 'noPrice:SHFE.ag2702' });
  });

  it('does not change equity by closing lots at their mark without a fee', () => {
    fc.assert(
      fc.property(modelArbitrary, fc.nat(), (model, seed) => {
        const lots = model.holdings.flatMap((holding) => holding.lots);
        const closes = new Map(lots.map((held, index) => [held, (seed >> (index % 8)) % (held.volume + 1)]));
        expect(amountOf(valueAccount(closeLots(model, closes)).balance)).toBeCloseTo(amountOf(valueAccount(model).balance), 4);
      }),
    );
  });
});

describe('the safe price range', () => {
  it('gives a move that stressed reaches the level, and a millionth of a percent less that does not', () => {
    fc.assert(
      fc.property(modelArbitrary, fc.constantFrom(...TARGETS), fc.constantFrom('up' as const, 'down' as const), (model, target, direction) => {
        const move = safeMove(model, target, direction);
        const levelAt = (percent: number) => SEVERITY[valueAccount(model, moveShock(percent, { type: 'equal' })).level];
        if (move.kind === 'never') {
          expect(levelAt(direction === 'up' ? 900 : -100)).toBeLessThan(SEVERITY[target]);
          return;
        }
        if (move.kind !== 'reached') throw new Error('the models are known');
        expect(levelAt(move.percent)).toBeGreaterThanOrEqual(SEVERITY[target]);
        const step = direction === 'up' ? -1e-6 : 1e-6;
        if (move.percent !== 0) expect(levelAt(move.percent + step)).toBeLessThan(SEVERITY[target]);
      }),
      { numRuns: 200 },
    );
  });

  it('finds the move back from a stress: the level a move led to is reached no later than there', () => {
    fc.assert(
      fc.property(modelArbitrary, fc.integer({ min: 1, max: 60 }), fc.constantFrom('up' as const, 'down' as const), (model, size, direction) => {
        const percent = direction === 'up' ? size : -size;
        const { level } = valueAccount(model, moveShock(percent, { type: 'equal' }));
        if (level === 'normal' || level === 'unknown') return;
        const move = safeMove(model, level, direction);
        expect(move.kind === 'reached' && Math.abs(move.percent) <= size).toBe(true);
      }),
    );
  });

  it('says it in prices, ticks and locked limits', () => {
    const model = modelOf([heldInstrument(AG, [lot('long', 10)])], 10 * 15 * 15_800 * 0.3);
    const move = safeMove(model, 'negative', 'down');
    if (move.kind !== 'reached') throw new Error('a long account must have a worst price');
    expect(move.percent).toBeCloseTo(-30, 4);
    expect(contractMoves(model, move.percent)).toEqual([
      {
        exchangeID: 'SHFE',
        productID: 'ag',
        instrumentID: 'ag2702',
        basePrice: 15_800,
        limitPrice: expect.closeTo(11_060, 1),
        ticks: expect.closeTo(4_741, -1),
        // 10 %, then 13 % and 15 %: 33 % in three days.
        lockedLimits: 3,
        percentPerLimit: expect.closeTo(-10, 6),
        longVolume: 10,
        shortVolume: 0,
      },
    ]);
  });

  it('is never reached by moving a product that the account holds equally both ways', () => {
    const model = modelOf([heldInstrument(AG, [lot('long', 2), lot('short', 2)])], 1_000_000);
    expect(safeMove(model, 'call', 'up')).toEqual({ kind: 'never' });
  });
});

describe('the risk budget', () => {
  it('loses more with each locked limit against a one-sided account', () => {
    const days = riskBudget(modelOf([heldInstrument(AG, [lot('short', 3)])], 500_000));
    expect(days.map((day) => day.day)).toEqual([1, 2, 3, 4]);
    expect(days[0]?.loss).toBeCloseTo(3 * 15 * (17_380 - 15_800), 6);
    for (const [index, day] of days.entries()) if (index > 0) expect(day.loss).toBeGreaterThan(days[index - 1]?.loss ?? 0);
  });

  it('keeps as many lots as survive the limits, and one more would not', () => {
    const model = modelOf([heldInstrument(AG, [lot('long', 20)])], 150_000);
    const [contract] = lotsToKeep(model, 1) ?? [];
    const lossPerLot = 15 * (15_800 - 14_220);
    expect(contract).toMatchObject({
      mayKeep: Math.floor((150_000 - 1e-9) / lossPerLot),
      shouldClose: 20 - Math.floor((150_000 - 1e-9) / lossPerLot),
    });
  });

  it('closes no more of a contract than its sides differ by: what is held both ways loses nothing, and its lighter side is not laid bare', () => {
    const locked = heldInstrument(AG, [lot('long', 100), lot('short', 80)]);
    // Twenty lots lose more than there is; the account stands only when long and short are equal, or nearly.
    const [contract] = lotsToKeep(modelOf([locked], 15 * (15_800 - 14_220) + 1), 1) ?? [];
    expect(contract).toMatchObject({ longVolume: 100, shortVolume: 80, mayKeep: 81, shouldClose: 19 });
    // Where nothing can save it, no more is closed than takes its risk away.
    const [lost] = lotsToKeep(modelOf([locked], -1_000_000), 1) ?? [];
    expect(lost).toMatchObject({ mayKeep: 80, shouldClose: 20 });
    const even = heldInstrument(AG, [lot('long', 5), lot('short', 5)]);
    expect(lotsToKeep(modelOf([even], -1_000_000), 1)?.[0]).toMatchObject({ mayKeep: 5, shouldClose: 0 });
  });
});
