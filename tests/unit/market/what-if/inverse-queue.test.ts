/** Products one after another: the order, what each takes from the account, and that the answer, stressed as a scenario, is the level exactly. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { known, unknown } from '#shared/market/known';
import type { AccountModel, HeldLot } from '#shared/market/what-if/account-model';
import { type InverseTarget, SEVERITY } from '#shared/market/what-if/inverse';
import { type ContractPercent, inverseQueue, type LockedDays, type QueueStep, queueScenarioPrice } from '#shared/market/what-if/inverse-queue';
import { scenarioSchema, stressAccount } from '#shared/market/what-if/scenario';
import { valueAccount } from '#shared/market/what-if/value-account';
import { heldInstrument, modelArbitrary, modelOf } from '#tests/helpers/account-models';

const AG = { exchangeID: 'SHFE', productID: 'ag', instrumentID: 'ag2702', multiplier: 15, tick: 1, price: 15_800, method: 'productBigSide' as const };
const MA = {
  exchangeID: 'CZCE',
  productID: 'MA',
  instrumentID: 'MA701',
  multiplier: 10,
  tick: 1,
  price: 2_900,
  method: 'instrumentBigSide' as const,
};
const TARGETS: InverseTarget[] = ['warn', 'call', 'force', 'negative'];
const DAYS = fc.constantFrom<LockedDays>(1, 2, 3, 4);

function lot(direction: 'long' | 'short', volume: number, price: number): HeldLot {
  const terms = { direction, volume, openPrice: price, isToday: true, preSettlementPrice: known(price) };
  return { ...terms, hedgeFlag: 'speculation', openDate: '20260915', tradeID: `${direction}${volume}` };
}

/** The level under a scenario with these moves and nothing else: what a person would type into the stress form. */
function levelAt(model: AccountModel, at: readonly ContractPercent[]): number {
  const scenario = scenarioSchema.parse({ scenarioId: 's', name: 's', version: 1, price: queueScenarioPrice(at) });
  return SEVERITY[stressAccount(model, scenario).level];
}

function standing(steps: readonly QueueStep[], whole: number, share: number): ContractPercent[] {
  const part = steps[whole]?.atBound.map(({ holding, percent }) => ({ holding, percent: percent * share })) ?? [];
  return [...steps.slice(0, whole).flatMap(({ atBound }) => atBound), ...part];
}

describe('products one after another', () => {
  it('solved, then stressed as a scenario, is at the level; a hundred-millionth of the way less is not', () => {
    let reached = 0;
    fc.assert(
      fc.property(modelArbitrary, DAYS, fc.constantFrom(...TARGETS), (model, days, target) => {
        const { steps, crossings, reason } = inverseQueue(model, days);
        expect(reason).toBeNull();
        const crossing = crossings[target];
        const now = SEVERITY[valueAccount(model).level];
        if (crossing.kind === 'never') {
          expect(levelAt(model, standing(steps, steps.length, 0))).toBeLessThan(SEVERITY[target]);
          return;
        }
        if (crossing.kind !== 'reached') throw new Error('the models are known');
        if (crossing.step === null) {
          expect(now).toBeGreaterThanOrEqual(SEVERITY[target]);
          return;
        }
        reached += 1;
        expect(levelAt(model, crossing.at)).toBeGreaterThanOrEqual(SEVERITY[target]);
        expect(levelAt(model, standing(steps, crossing.step, crossing.share - 1e-8))).toBeLessThan(SEVERITY[target]);
      }),
      { numRuns: 200 },
    );
    expect(reached).toBeGreaterThan(20);
  });

  it('stressed, then solved: a level met anywhere along the queue is reached no later than there', () => {
    fc.assert(
      fc.property(modelArbitrary, DAYS, fc.nat(), fc.integer({ min: 1, max: 1000 }), (model, days, pick, thousandths) => {
        const { steps, crossings } = inverseQueue(model, days);
        if (steps.length === 0) return;
        const whole = pick % steps.length;
        const level = levelAt(model, standing(steps, whole, thousandths / 1000));
        for (const target of TARGETS.filter((each) => SEVERITY[each] <= level)) {
          const crossing = crossings[target];
          if (crossing.kind !== 'reached') throw new Error(`${target} was met on the way`);
          const place = (crossing.step ?? -1) + crossing.share;
          expect(place).toBeLessThanOrEqual(whole + thousandths / 1000 + 1e-9);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('begins with what costs most, always against the account, and each stands at its locked limits before the next', () => {
    fc.assert(
      fc.property(modelArbitrary, DAYS, (model, days) => {
        const { steps, still } = inverseQueue(model, days);
        const losses = steps.map(({ lossAtBound }) => lossAtBound);
        expect(losses).toEqual([...losses].sort((one, other) => other - one));
        let before = valueAccount(model).balance;
        for (const { after, lossAtBound } of steps) {
          expect(lossAtBound).toBeGreaterThan(0);
          if (!before.known || !after.balance.known) throw new Error('the models are known');
          expect(before.value - after.balance.value).toBeCloseTo(lossAtBound, 3);
          before = after.balance;
        }
        const products = new Set(model.holdings.filter(({ lots }) => lots.length > 0).map(({ productID }) => productID));
        expect(steps.length + still.length).toBe(products.size);
      }),
      { numRuns: 60 },
    );
  });

  it('names the product that takes the account there', () => {
    // Silver long loses 10 % of 10 lots (237,000), methanol short 10 % of 20 lots (58,000): only the second step leaves too little for the margin of both.
    const model = modelOf([heldInstrument(MA, [lot('short', 20, 2_900)]), heldInstrument(AG, [lot('long', 10, 15_800)])], 237_000 + 50_000);
    const { steps, crossings, still } = inverseQueue({ ...model, levels: [] }, 1);
    expect(steps.map(({ productID, direction, lossAtBound }) => [productID, direction, Math.round(lossAtBound)])).toEqual([
      ['ag', 'down', 237_000],
      ['MA', 'up', 58_000],
    ]);
    expect(still).toEqual([]);
    expect(crossings.negative).toMatchObject({ kind: 'reached', step: 1, share: expect.closeTo(50 / 58, 6) });
    expect(crossings.call).toMatchObject({ kind: 'reached', step: 1 });
  });

  it('widens the bound of the second day, says when no level is within the bounds, and leaves alone what costs nothing', () => {
    const locked = heldInstrument(MA, [lot('long', 5, 2_900), lot('short', 5, 2_900)]);
    const model = modelOf([heldInstrument(AG, [lot('long', 1, 15_800)]), locked], 5_000_000);
    const { steps, still, crossings } = inverseQueue(model, 2);
    expect(still).toEqual([{ exchangeID: 'CZCE', productID: 'MA' }]);
    expect(steps[0]?.atBound[0]?.percent).toBeCloseTo((0.9 * 0.87 - 1) * 100, 9);
    expect(Object.values(crossings).map(({ kind }) => kind)).toEqual(['never', 'never', 'never', 'never']);
  });

  it('tells no order where the limit of a contract, the table’s row or a figure of the account is missing', () => {
    const held = heldInstrument(AG, [lot('long', 1, 15_800)]);
    const cases: [AccountModel, string][] = [
      [modelOf([{ ...held, marks: { ...held.marks, upperLimit: unknown('noPriceLimit:SHFE.ag2702') } }], 100_000), 'noPriceLimit:SHFE.ag2702'],
      [modelOf([{ ...held, lockedDays: unknown('noLockedLimitRow:SHFE.ag2702') }], 100_000), 'noLockedLimitRow:SHFE.ag2702'],
      [modelOf([{ ...held, companyRate: {} }], 100_000), 'noRate:SHFE.ag2702 company speculation'],
      [{ ...modelOf([held], 100_000), equityBeforePositions: unknown('noAccount') }, 'noAccount'],
    ];
    for (const [model, reason] of cases) {
      const queue = inverseQueue(model, 2);
      expect([queue.reason, queue.steps.length]).toEqual([reason, 0]);
      expect(queue.crossings.call).toEqual({ kind: 'unknown' });
    }
  });
});
