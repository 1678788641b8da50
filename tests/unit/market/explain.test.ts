/** Every explanation adds up: its root is what the formulas say, and each line follows from the lines below it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXPLAINED_FIELDS, type ExplainedField } from '#shared/contract/numbers-account';
import type { CounterAccount } from '#shared/feed/items';
import { equityBeforePositions } from '#shared/market/equity';
import type { Derivation } from '#shared/market/explain/derivation';
import { type ExplainInputs, explainAccount } from '#shared/market/explain/explain-account';
import { known, knownOrNaN, unknown } from '#shared/market/known';
import type { AccountModel } from '#shared/market/what-if/account-model';
import { valueAccount } from '#shared/market/what-if/value-account';
import { modelArbitrary } from '#tests/helpers/account-models';

const FIELDS: Partial<CounterAccount> = {
  preBalance: 900_000.13,
  deposit: 50_000,
  withdraw: 10_000,
  closeProfit: -1_234.5,
  commission: 87.36,
  frozenMargin: 4_000,
  frozenCommission: 3.2,
};

function inputsOf(model: AccountModel): ExplainInputs {
  const fields = FIELDS as CounterAccount;
  return {
    model: {
      ...model,
      equityBeforePositions: equityBeforePositions(fields),
      heldBack: known(4_003.2),
      closeProfit: known(-1_234.5),
    },
    counter: { fields: FIELDS, source: { feedId: 'f', stream: 'accounts', tradingDay: '20260915', sequence: 7, asOfMs: 1, receivedAtMs: 2 } },
    masterSource: null,
    positions: {
      price: () => null,
      reference: () => null,
      lot: () => null,
      rates: () => [],
      aggregation: () => [],
      combination: () => [],
      option: () => [],
      ownMultiplier: () => [],
      ownPreSettlement: () => [],
      ownReference: () => [],
    },
    frozen: [],
    charged: [],
    isWhole: { orders: true, trades: true },
    closeProfit: known(0),
    closes: [],
    residual: unknown('noAccount'),
    withdraw: { quota: unknown('noWithdrawRule'), isUntouched: false, rule: unknown('noWithdrawRule') },
  };
}

/** Sums, largest and quotients are checked against their children; a sum that is known has no unknown child. */
function expectToFollow(node: Derivation, path: string): void {
  const at = `${path}/${node.id} ${node.subject}`;
  if (node.value === null) expect(node.reason ?? node.text, at).not.toBeNull();
  else if (node.combination === 'sum') {
    const total = node.children.reduce((sum, child) => sum + child.factor * (child.value ?? Number.NaN), 0);
    expect(Math.abs(total - node.value), at).toBeLessThan(1e-5);
  } else if (node.combination === 'largest') {
    expect(node.value, at).toBeCloseTo(Math.max(...node.children.map(({ value }) => value ?? Number.NaN)), 6);
  } else if (node.combination === 'quotient') {
    expect(node.value, at).toBeCloseTo((node.children[0]?.value ?? Number.NaN) / (node.children[1]?.value ?? Number.NaN), 10);
  }
  for (const child of node.children) expectToFollow(child, at);
}

const SAME_NAME = [
  'balance',
  'positionProfit',
  'currMargin',
  'exchangeMargin',
  'available',
  'marginCall',
] as const satisfies readonly ExplainedField[];

describe('an explanation', () => {
  it('has the value the formulas give, and every line follows from those below it', () => {
    fc.assert(
      fc.property(modelArbitrary, (model) => {
        const inputs = inputsOf(model);
        const figures = valueAccount(inputs.model);
        for (const field of SAME_NAME) {
          const root = explainAccount(inputs, field);
          expect(root.value, field).toBe(knownOrNaN(figures[field]));
          expectToFollow(root, '');
        }
        const degree = explainAccount(inputs, 'riskDegree');
        if (figures.riskDegree.kind === 'degree') expect(degree.value).toBe(figures.riskDegree.value);
        else expect(degree.text).toBe('none');
        expect(explainAccount(inputs, 'level').text).toBe(figures.level);
      }),
      { numRuns: 60 },
    );
  });

  it('breaks lots down to price, reference, multiplier and volume that multiply to the line', () => {
    fc.assert(
      fc.property(modelArbitrary, (model) => {
        const root = explainAccount(inputsOf(model), 'positionProfit');
        for (const contract of root.children) {
          for (const lot of contract.children) {
            const [mark, reference, multiplier, volume] = lot.children.map(({ value }) => value ?? Number.NaN);
            const sign = lot.id.endsWith('long') ? 1 : -1;
            expect(lot.value).toBeCloseTo(sign * ((mark ?? 0) - (reference ?? 0)) * (multiplier ?? 0) * (volume ?? 0), 6);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('says why, for every field, when what it stands on is missing', () => {
    fc.assert(
      fc.property(modelArbitrary, (model) => {
        const inputs = inputsOf(model);
        const bare: ExplainInputs = {
          ...inputs,
          counter: { fields: {}, source: null },
          model: { ...inputs.model, equityBeforePositions: unknown('noAccount'), heldBack: unknown('noAccount'), closeProfit: unknown('noAccount') },
        };
        for (const field of EXPLAINED_FIELDS) expectToFollow(explainAccount(bare, field), field);
      }),
      { numRuns: 10 },
    );
  });
});
