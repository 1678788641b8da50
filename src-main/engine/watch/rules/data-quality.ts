/** Raises when figures that must be watched are not known, or do not agree with the counter's: one alert for the book with a count and the worst, not one per account. */
import type { Condition, OpenCondition } from '#engine/watch/condition';
import { EntityLadders, ruleParameter, type WatchMoment, type WatchRule } from '#engine/watch/rule';
import type { WatchRuleRow } from '#engine/watch/rule-schema';

const TICKS_BETWEEN_SCANS = 4;

class FiguresUnknownRule implements WatchRule {
  readonly ruleId: string;
  private readonly ladders: EntityLadders;
  private tickCount = 0;

  constructor(row: WatchRuleRow) {
    this.ruleId = row.ruleId;
    this.ladders = new EntityLadders(row);
  }

  restore(open: OpenCondition): void {
    this.ladders.restore(open);
  }

  onTick(moment: WatchMoment, out: Condition[]): void {
    this.tickCount += 1;
    if (this.tickCount % TICKS_BETWEEN_SCANS !== 0) return;
    const { count, accountIDs, balance, currMargin, exchangeMargin } = moment.columns;
    let unknownCount = 0;
    let first = -1;
    for (let index = 0; index < count; index += 1) {
      if (!Number.isNaN((balance[index] as number) + (currMargin[index] as number) + (exchangeMargin[index] as number))) continue;
      if (!moment.book.isPresent(index)) continue;
      if (first < 0) first = index;
      unknownCount += 1;
    }
    // A group whose members were refused has no figures of its own either; its accounts have theirs.
    const groups = moment.book.refusedGroups();
    const value = moment.isDataLive ? unknownCount + groups.count : Number.NaN;
    const params = () => ({
      unknownCount,
      accountCount: count,
      firstAccountID: first < 0 ? null : (accountIDs[first] ?? null),
      firstReason: first < 0 ? null : moment.book.reasonOf(first),
      ...(groups.count === 0 ? {} : { refusedGroupCount: groups.count, groupReason: groups.firstReason }),
    });
    this.ladders.step('book:accounts', [value], moment.nowMs, params, out);
  }
}

class CounterResidualRule implements WatchRule {
  readonly ruleId: string;
  private readonly ladders: EntityLadders;
  private readonly enterMoney: number;
  private readonly exitMoney: number;
  private tickCount = 0;
  /** Accounts beyond the tolerance, with their residual in account currency. */
  private readonly beyond = new Map<string, number>();

  constructor(row: WatchRuleRow) {
    this.ruleId = row.ruleId;
    this.ladders = new EntityLadders(row);
    this.enterMoney = ruleParameter(row, 'residualEnterMoney');
    this.exitMoney = ruleParameter(row, 'residualExitMoney');
    if (!(this.exitMoney < this.enterMoney)) throw new Error(`rule ${row.ruleId}: residualExitMoney must be below residualEnterMoney`);
  }

  restore(open: OpenCondition): void {
    this.ladders.restore(open);
  }

  onCompared(moment: WatchMoment, accounts: ReadonlySet<number>): void {
    for (const index of accounts) {
      const accountID = moment.columns.accountIDs[index];
      const residual = moment.book.residualOf(index);
      /* Not comparable just now: an account that was beyond stays so until a comparison says otherwise. */
      if (accountID === undefined || residual === null) continue;
      const size = Math.abs(residual);
      if (size >= this.enterMoney || (this.beyond.has(accountID) && size >= this.exitMoney)) this.beyond.set(accountID, residual);
      else this.beyond.delete(accountID);
    }
  }

  onTick(moment: WatchMoment, out: Condition[]): void {
    this.tickCount += 1;
    if (this.tickCount % TICKS_BETWEEN_SCANS !== 0) return;
    const params = () => {
      let worstID: string | null = null;
      let worst = 0;
      for (const [accountID, residual] of this.beyond) {
        if (Math.abs(residual) <= Math.abs(worst)) continue;
        worst = residual;
        worstID = accountID;
      }
      return { residualCount: this.beyond.size, worstAccountID: worstID, worstResidual: worstID === null ? null : worst };
    };
    this.ladders.step('book:residual', [moment.isDataLive ? this.beyond.size : Number.NaN], moment.nowMs, params, out);
  }
}

class OwnRowsRule implements WatchRule {
  readonly ruleId: string;
  private readonly ladders: EntityLadders;
  private tickCount = 0;

  constructor(row: WatchRuleRow) {
    this.ruleId = row.ruleId;
    this.ladders = new EntityLadders(row);
  }

  restore(open: OpenCondition): void {
    this.ladders.restore(open);
  }

  onTick(moment: WatchMoment, out: Condition[]): void {
    this.tickCount += 1;
    if (this.tickCount % TICKS_BETWEEN_SCANS !== 0) return;
    const { count, first } = moment.book.differingOwnRows();
    const params = () => ({
      firstContract: first?.about ?? null,
      firstField: first?.field ?? null,
      ownValue: first?.own ?? null,
      feedValue: first?.feed ?? null,
    });
    this.ladders.step('book:reference', [moment.isDataLive ? count : Number.NaN], moment.nowMs, params, out);
  }
}

export function ownRowsRule(row: WatchRuleRow): WatchRule {
  return new OwnRowsRule(row);
}

export function figuresUnknownRule(row: WatchRuleRow): WatchRule {
  return new FiguresUnknownRule(row);
}

export function counterResidualRule(row: WatchRuleRow): WatchRule {
  return new CounterResidualRule(row);
}
