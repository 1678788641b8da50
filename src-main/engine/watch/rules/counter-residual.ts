/** Raises when what the counter says of accounts and what the book makes of them differ by more than rounding: one alert for the book, with the worst account and figure. */
import type { Condition, OpenCondition } from '#engine/watch/condition';
import { ruleParameter, type WatchMoment, type WatchRule } from '#engine/watch/rule';
import type { WatchRuleRow } from '#engine/watch/rule-schema';
import { BookRule, type Found } from '#engine/watch/rules/book-rule';

/**
 * What may be looked through in a tick, counted in trades and orders (some 50 ns each): an account's figures are reckoned from all of the day's. On a quiet day
 * that is sixteen accounts a tick, on one of a million trades one in a quarter of a minute.
 */
const ITEMS_A_TICK = 16_000;
/** What an account's own figures cost beside them. */
const ITEMS_OF_AN_ACCOUNT = 1_000;

/** Figures beyond the tolerance, counter minus ours in the account's currency, by field. */
type Beyond = { accountID: string; fields: Map<string, number> };

class CounterResidualRule extends BookRule {
  private readonly enterMoney: number;
  private readonly exitMoney: number;
  private readonly beyond = new Map<number, Beyond>();
  /** Compared and not looked at since, the longest waiting first. */
  private readonly waiting = new Set<number>();
  private allowance = 0;
  /** After a restart: who was looked at, until everybody was once; before that nobody can say that the difference is gone. */
  private lookedAt: Set<number> | null = null;

  constructor(row: WatchRuleRow) {
    super(row, 'book:residual');
    this.enterMoney = ruleParameter(row, 'residualEnterMoney');
    this.exitMoney = ruleParameter(row, 'residualExitMoney');
    if (!(this.exitMoney < this.enterMoney)) throw new Error(`rule ${row.ruleId}: residualExitMoney must be below residualEnterMoney`);
  }

  /** Equity at once, everything else in turn. */
  onCompared({ columns, book }: WatchMoment, accounts: ReadonlySet<number>): void {
    for (const index of accounts) {
      this.waiting.add(index);
      const accountID = columns.accountIDs[index];
      const residual = book.residualOf(index);
      if (accountID !== undefined && residual !== null) this.note(index, accountID, 'balance', residual, 0);
    }
  }

  override restore(open: OpenCondition): void {
    super.restore(open);
    this.lookedAt = new Set();
  }

  override onTick(moment: WatchMoment, out: Condition[]): void {
    const cost = ITEMS_OF_AN_ACCOUNT + moment.book.dayItemCount();
    this.allowance = Math.min(this.allowance + ITEMS_A_TICK, Math.max(ITEMS_A_TICK, cost));
    for (const index of this.waiting) {
      if (this.allowance < cost) break;
      this.allowance -= cost;
      this.waiting.delete(index);
      this.lookedAt?.add(index);
      const accountID = moment.columns.accountIDs[index];
      if (accountID === undefined) continue;
      for (const { field, residual, tolerance } of moment.book.moneyResidualsOf(index)) this.note(index, accountID, field, residual, tolerance);
    }
    super.onTick(moment, out);
  }

  protected override isSeen(): boolean {
    if (this.lookedAt === null) return true;
    for (const index of this.waiting) if (!this.lookedAt.has(index)) return false;
    if (this.lookedAt.size === 0) return false;
    this.lookedAt = null;
    return true;
  }

  /** A figure that is not comparable just now is not noted: one that was beyond stays so until a comparison says otherwise. */
  private note(index: number, accountID: string, field: string, residual: number, tolerance: number): void {
    const beyond = this.beyond.get(index);
    const size = Math.abs(residual) - tolerance;
    if (size >= this.enterMoney || (beyond?.fields.has(field) === true && size >= this.exitMoney)) {
      if (beyond === undefined) this.beyond.set(index, { accountID, fields: new Map([[field, residual]]) });
      else beyond.fields.set(field, residual);
    } else if (beyond?.fields.delete(field) === true && beyond.fields.size === 0) this.beyond.delete(index);
  }

  protected find({ book }: WatchMoment): Found {
    // Who is not in the book any more is compared with nothing, and would be beyond for ever.
    for (const index of this.beyond.keys()) if (!book.isPresent(index)) this.beyond.delete(index);
    const params = () => {
      let worst: { accountID: string; field: string; residual: number } | null = null;
      for (const { accountID, fields } of this.beyond.values())
        for (const [field, residual] of fields) if (Math.abs(residual) > Math.abs(worst?.residual ?? 0)) worst = { accountID, field, residual };
      return {
        residualCount: this.beyond.size,
        worstAccountID: worst?.accountID ?? null,
        worstField: worst?.field ?? null,
        worstResidual: worst?.residual ?? null,
      };
    };
    return { members: Array.from(this.beyond.values(), ({ accountID }) => accountID), params };
  }
}

export function counterResidualRule(row: WatchRuleRow): WatchRule {
  return new CounterResidualRule(row);
}
