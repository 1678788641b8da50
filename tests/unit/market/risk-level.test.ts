/** Levels come from the dated table: which row is in force, which degree it compares, and what has no degree. */
import { describe, expect, test } from 'vitest';
import { BUNDLED_LEVELS as rows } from '#engine/book/bundled-levels';
import { isLeastLevel, levelsInForce, riskLevel } from '#shared/market/risk-level';

function level(company: number, exchange: number, over: Partial<{ balance: number; currMargin: number }> = {}): string {
  return riskLevel(rows, { balance: 100, currMargin: company * 100, riskDegree: company, exchangeRiskDegree: exchange, ...over });
}

describe('risk level', () => {
  test('begins at its degree, inclusive', () => {
    expect(level(0.7999, 0.6)).toBe('normal');
    expect(level(0.8, 0.6)).toBe('warn');
    expect(level(1, 0.66)).toBe('call');
    expect(level(1.5, 0.99)).toBe('call');
    expect(level(1.5, 1)).toBe('force');
  });

  test('an unknown exchange degree does not hide what the company degree says', () => {
    expect(level(1.1, Number.NaN)).toBe('call');
  });

  test('is only the least it can be while the exchange degree is unknown and would tell a worse one', () => {
    const isLeast = (company: number, exchange: number, balance = 100) =>
      isLeastLevel(rows, { balance, currMargin: company * balance, riskDegree: company, exchangeRiskDegree: exchange });
    expect([isLeast(3, Number.NaN), isLeast(0.1, Number.NaN)]).toEqual([true, true]);
    expect([isLeast(3, 0.9), isLeast(3, 1.1), isLeast(Number.NaN, Number.NaN), isLeast(0.5, Number.NaN, -1)]).toEqual([false, false, false, false]);
    // Where no row goes by the exchange's degree it hides nothing.
    const byCompany = rows.filter(({ basis }) => basis === 'company');
    expect(isLeastLevel(byCompany, { balance: 100, currMargin: 300, riskDegree: 3, exchangeRiskDegree: Number.NaN })).toBe(false);
  });

  test('equity below zero is negative; an account with nothing at all is not; unknown is unknown', () => {
    const none = { riskDegree: Number.NaN, exchangeRiskDegree: Number.NaN };
    expect(riskLevel(rows, { balance: -1, currMargin: Number.NaN, ...none })).toBe('negative');
    expect(riskLevel(rows, { balance: 0, currMargin: 10, ...none })).toBe('negative');
    expect(riskLevel(rows, { balance: 0, currMargin: 0, ...none })).toBe('normal');
    expect(riskLevel(rows, { balance: Number.NaN, currMargin: 0, ...none })).toBe('unknown');
    expect(riskLevel(rows, { balance: 10, currMargin: Number.NaN, ...none })).toBe('unknown');
  });

  test('of two rows for one level the newer that has begun counts', () => {
    const changed = [
      ...rows,
      {
        ...rows[0],
        level: 'warn' as const,
        basis: 'company' as const,
        enterDegree: 0.7,
        effectiveFrom: '20260901',
        citation: 'c',
        certainty: 'unconfirmed' as const,
      },
    ];
    expect(levelsInForce(changed, '20260831').find((row) => row.level === 'warn')?.enterDegree).toBe(0.8);
    expect(levelsInForce(changed, '20260901').find((row) => row.level === 'warn')?.enterDegree).toBe(0.7);
  });
});
