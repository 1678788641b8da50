/** Risk levels from a dated, cited threshold table: brokers set their own, so no level is a constant of the program. */
import type { RiskLevel } from '#shared/contract/streams';
import type { Certainty } from '#shared/feed/items';
import { isInForce } from './rates';

export type RiskLevelRow = {
  level: 'warn' | 'call' | 'force';
  /** Which degree is compared: the company's (currMargin) or the exchange's (exchangeMargin). */
  basis: 'company' | 'exchange';
  /** The level begins at this degree, inclusive; 1 is 100 %. */
  enterDegree: number;
  effectiveFrom: string;
  effectiveTo?: string;
  citation: string;
  certainty: Certainty;
};

/** The rows in force on a day, one per level and basis (the newest). Without a day, the newest rows of all. */
export function levelsInForce(rows: readonly RiskLevelRow[], day: string | null): RiskLevelRow[] {
  const best = new Map<string, RiskLevelRow>();
  for (const row of rows) {
    if (day !== null && !isInForce(row, day)) continue;
    const key = `${row.level} ${row.basis}`;
    const other = best.get(key);
    if (other === undefined || row.effectiveFrom > other.effectiveFrom) best.set(key, row);
  }
  return [...best.values()];
}

const ORDER = { normal: 0, warn: 1, call: 2, force: 3 } as const;

type Figures = { balance: number; currMargin: number; riskDegree: number; exchangeRiskDegree: number };

/**
 * The level of an account. `balance`, `currMargin` and both degrees use NaN for unknown, as the columns do. Equity at or below zero is `negative`
 * (NotifyClass 4), except an account that holds nothing and has exactly nothing: an unfunded account owes nobody anything.
 * An unknown exchange degree does not hide a level that the company degree already reaches; see `isLeastLevel`.
 */
export function riskLevel(rows: readonly RiskLevelRow[], figures: Figures): RiskLevel {
  if (Number.isNaN(figures.balance)) return 'unknown';
  if (figures.balance < 0) return 'negative';
  if (Number.isNaN(figures.currMargin)) return 'unknown';
  if (figures.balance === 0) return figures.currMargin > 0 ? 'negative' : 'normal';
  let level: keyof typeof ORDER = 'normal';
  for (const row of rows) {
    const degree = row.basis === 'company' ? figures.riskDegree : figures.exchangeRiskDegree;
    if (degree >= row.enterDegree && ORDER[row.level] > ORDER[level]) level = row.level;
  }
  return level;
}

/** Whether the level is only the least it can be: the exchange's degree is unknown, and a worse level would be told by it. */
export function isLeastLevel(rows: readonly RiskLevelRow[], figures: Figures): boolean {
  const level = riskLevel(rows, figures);
  if (level === 'unknown' || level === 'negative' || figures.balance <= 0 || !Number.isNaN(figures.exchangeRiskDegree)) return false;
  return rows.some((row) => row.basis === 'exchange' && ORDER[row.level] > ORDER[level]);
}
