/** Equity, available, degree and margin call: the four algorithms, the two close-profit rules, and nothing unknown passing for a number. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  available,
  depositToReach,
  dynamicEquity,
  equityBeforePositions,
  excludedProfit,
  heldBack,
  marginCall,
  releaseToReach,
  riskDegree,
  staticEquity,
} from '#shared/market/equity';
import { known, unknown } from '#shared/market/known';
import { roundHalfUp, toCents, truncate } from '#shared/market/money';

const MONEY = { preBalance: 1_000_000, deposit: 50_000, withdraw: 20_000, closeProfit: -4000, commission: 120.5 };

describe('equity', () => {
  test('is preBalance, money in and out, close profit, position profit and commission', () => {
    expect(staticEquity(MONEY)).toEqual(known(1_030_000));
    expect(equityBeforePositions(MONEY)).toEqual(known(1_025_879.5));
    expect(dynamicEquity(MONEY, known(500))).toEqual(known(1_026_379.5));
  });

  test('takes pledge and credit where the counter has them', () => {
    expect(staticEquity({ ...MONEY, preCredit: 1000, preMortgage: 2000, mortgage: 5000 })).toEqual(known(1_032_000));
  });

  test.each(['preBalance', 'deposit', 'withdraw', 'closeProfit', 'commission'] as const)('is unknown, not smaller, without %s', (field) => {
    const { [field]: _, ...rest } = MONEY;
    expect(dynamicEquity(rest, known(0))).toEqual(unknown(`field:${field}`));
  });
});

describe('available', () => {
  const input = { balance: known(1000), currMargin: known(300), heldBack: known(50), closeProfit: known(40) } as const;

  test.each([
    ['all', 'include', 80, 650],
    ['onlyLost', 'include', 80, 570],
    ['onlyGain', 'include', 80, 650],
    ['none', 'include', 80, 570],
    ['all', 'include', -80, 650],
    ['onlyLost', 'include', -80, 650],
    ['onlyGain', 'include', -80, 730],
    ['none', 'include', -80, 730],
    ['all', 'notInclude', 80, 610],
    ['onlyLost', 'notInclude', 80, 530],
  ] as const)('with algorithm %s, close profit %s and position profit %d is %d', (algorithm, availIncludeCloseProfit, positionProfit, expected) => {
    expect(available({ ...input, algorithm, availIncludeCloseProfit, positionProfit: known(positionProfit) })).toEqual(known(expected));
  });

  test('never frees a realised loss', () => {
    expect(excludedProfit('all', 'notInclude', 0, -500)).toBe(0);
  });

  test('is unknown without the counter settings or a frozen amount', () => {
    expect(available({ ...input, algorithm: undefined, availIncludeCloseProfit: 'include', positionProfit: known(0) })).toEqual(
      unknown('noAlgorithm'),
    );
    expect(heldBack({ frozenMargin: 5, frozenCommission: 1, preCredit: 10 })).toEqual(unknown('field:credit'));
    expect(staticEquity({ ...MONEY, preMortgage: 2000 })).toEqual(unknown('field:mortgage'));
    expect(equityBeforePositions({ ...MONEY, cashIn: undefined }, true)).toEqual(unknown('field:cashIn'));
    expect(heldBack({ frozenMargin: 5 })).toEqual(unknown('field:frozenCommission'));
    expect(heldBack({ frozenMargin: 5, frozenCommission: 1, frozenCash: 2, deliveryMargin: 3, credit: 4 })).toEqual(known(7));
  });
});

describe('risk degree', () => {
  test('is margin over balance; none at or below zero equity; zero without positions; unknown when either is', () => {
    expect(riskDegree(known(80), known(100))).toEqual({ kind: 'degree', value: 0.8 });
    expect(riskDegree(known(0), known(100))).toEqual({ kind: 'degree', value: 0 });
    expect(riskDegree(known(80), known(0))).toEqual({ kind: 'none' });
    expect(riskDegree(known(80), known(-1))).toEqual({ kind: 'none' });
    expect(riskDegree(unknown('noRate:SHFE.au2612'), known(100))).toEqual({ kind: 'unknown', reason: 'noRate:SHFE.au2612' });
  });

  test('depositing or releasing what is asked for gives the asked degree exactly', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 1e8, noNaN: true }),
        fc.double({ min: 1, max: 1e8, noNaN: true }),
        fc.double({ min: 0.1, max: 1, noNaN: true }),
        (margin, balance, target) => {
          fc.pre(margin / balance > target);
          expect(margin / (balance + depositToReach(target, margin, balance))).toBeCloseTo(target, 7);
          expect((margin - releaseToReach(target, margin, balance)) / balance).toBeCloseTo(target, 7);
        },
      ),
    );
  });

  test('calls for the margin that equity does not cover', () => {
    expect(marginCall(known(120), known(100))).toEqual(known(20));
    expect(marginCall(known(80), known(100))).toEqual(known(0));
    expect(marginCall(known(80), unknown('noAccount'))).toEqual(unknown('noAccount'));
  });
});

describe('money', () => {
  test('rounds halves away from zero by the decimal text, not by the binary rest', () => {
    expect(roundHalfUp(1.005)).toBe(1.01);
    expect(roundHalfUp(-1.005)).toBe(-1.01);
    expect(roundHalfUp(2.675)).toBe(2.68);
    expect(roundHalfUp(2.6749)).toBe(2.67);
    expect(Object.is(roundHalfUp(-0.001), 0)).toBe(true);
  });

  test('cuts toward zero without losing a whole cent', () => {
    expect(truncate(1.999)).toBe(1.99);
    expect(truncate(0.29)).toBe(0.29);
    expect(truncate(-1.999)).toBe(-1.99);
    expect(toCents(4.35)).toBe(435);
  });

  test('any decimal text of cents comes back as it was', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), (cents) => {
        expect(roundHalfUp(cents / 100)).toBe(cents / 100 || 0);
        expect(truncate(cents / 100)).toBe(cents / 100 || 0);
      }),
    );
  });
});
