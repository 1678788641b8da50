/** Figures of all accounts under one scenario, as columns, derived exactly as the kernel derives them; NaN is unknown. */
import { RISK_LEVELS } from '#shared/contract/numbers-stress';
import type { RiskLevel } from '#shared/contract/streams';
import type { RiskLevelRow } from '#shared/market/risk-level';
import type { KernelColumns } from '../kernel/layout';

export const LEVEL_CODE = Object.fromEntries(RISK_LEVELS.map((level, code) => [level, code])) as Record<RiskLevel, number>;
const { normal, negative, unknown } = LEVEL_CODE;

/** The level rows as thresholds by level, smallest wins: company warn, call, force, then exchange. Infinity where no row says. */
export function levelThresholds(rows: readonly RiskLevelRow[]): Float64Array {
  const thresholds = new Float64Array(6).fill(Number.POSITIVE_INFINITY);
  for (const row of rows) {
    const at = (row.basis === 'company' ? 0 : 3) + { warn: 0, call: 1, force: 2 }[row.level];
    thresholds[at] = Math.min(thresholds[at] ?? Number.POSITIVE_INFINITY, row.enterDegree);
  }
  return thresholds;
}

/** riskLevel of src-shared/market/risk-level.ts as a code in RISK_LEVELS, without an object per account. */
export function levelCode(thresholds: Float64Array, balance: number, margin: number, exchangeMargin: number): number {
  if (Number.isNaN(balance)) return unknown;
  if (balance < 0) return negative;
  if (Number.isNaN(margin)) return unknown;
  if (balance === 0) return margin > 0 ? negative : normal;
  const company = margin / balance;
  const exchange = exchangeMargin / balance;
  for (let level = 2; level >= 0; level--)
    if (company >= (thresholds[level] ?? Number.POSITIVE_INFINITY) || exchange >= (thresholds[level + 3] ?? Number.POSITIVE_INFINITY))
      return level + 1;
  return normal;
}

export class FigureColumns {
  readonly profit: Float64Array;
  readonly balance: Float64Array;
  readonly currMargin: Float64Array;
  readonly exchangeMargin: Float64Array;
  readonly available: Float64Array;
  readonly level: Uint8Array;

  constructor(accounts: number) {
    this.profit = new Float64Array(accounts);
    this.balance = new Float64Array(accounts);
    this.currMargin = new Float64Array(accounts);
    this.exchangeMargin = new Float64Array(accounts);
    this.available = new Float64Array(accounts);
    this.level = new Uint8Array(accounts);
  }

  get count(): number {
    return this.balance.length;
  }

  /** Balance, available and level of every account from its profit and margins; `cash` by account index, or none. */
  derive({ accountInput, accountRule }: KernelColumns, thresholds: Float64Array, cash: ReadonlyMap<number, number>): void {
    const { profit, balance, currMargin, exchangeMargin, available, level } = this;
    for (let account = 0; account < profit.length; account++) {
      const pp = profit[account] ?? Number.NaN;
      const money = (accountInput[account * 3] ?? Number.NaN) + pp;
      const used = currMargin[account] ?? Number.NaN;
      const rule = accountRule[account] ?? 255;
      let free = Number.NaN;
      if (rule !== 255) {
        const algorithm = rule & 3;
        const excluded = algorithm === 0 ? 0 : algorithm === 1 ? Math.max(pp, 0) : algorithm === 2 ? Math.min(pp, 0) : pp;
        const closed = (rule & 4) === 0 ? 0 : Math.max(accountInput[account * 3 + 2] ?? Number.NaN, 0);
        free = money - used - (accountInput[account * 3 + 1] ?? Number.NaN) - (excluded + closed);
      }
      balance[account] = money;
      available[account] = free;
    }
    for (const [account, amount] of cash) {
      balance[account] = (balance[account] ?? Number.NaN) + amount;
      available[account] = (available[account] ?? Number.NaN) + amount;
    }
    for (let account = 0; account < profit.length; account++)
      level[account] = levelCode(thresholds, balance[account] ?? 0, currMargin[account] ?? 0, exchangeMargin[account] ?? 0);
  }
}
