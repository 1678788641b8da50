/** Raises when figures that must be watched are not known, or do not agree with the counter's: one alert for the book with a count and the worst, not one per account. */
import type { Condition, OpenCondition } from '#engine/watch/condition';
import { EntityLadders, type ReasonParams, ruleParameter, type WatchMoment, type WatchRule } from '#engine/watch/rule';
import type { WatchRuleRow } from '#engine/watch/rule-schema';
import { ToldMembers } from '#engine/watch/told-members';

const TICKS_BETWEEN_SCANS = 4;

/** What a look over the book found: which, and what an alert says about them. */
interface Found {
  members: readonly string[];
  params: () => ReasonParams;
}

/** What is only counted has no names: one more is a further one, whichever it is. */
function numbered(what: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${what} ${index + 1}`);
}

/** One condition for the whole book, looked for at every few ticks; without live data its figure is not known, which never clears it. */
abstract class BookRule implements WatchRule {
  readonly ruleId: string;
  private readonly entity: string;
  private readonly ladders: EntityLadders;
  private readonly told: ToldMembers;
  private tickCount = 0;

  protected constructor(row: WatchRuleRow, entity: string) {
    this.ruleId = row.ruleId;
    this.entity = entity;
    this.ladders = new EntityLadders(row);
    // A rule that was saved before these were asked for has only its own delays.
    const { onDelayMs, offDelayMs, parameters: { tellAgainAfterMs = onDelayMs, forgetAfterMs = offDelayMs } = {} } = row;
    this.told = new ToldMembers({ onDelayMs, tellAgainAfterMs, forgetAfterMs });
  }

  protected abstract find(moment: WatchMoment): Found;

  restore(open: OpenCondition): void {
    this.ladders.restore(open);
    this.told.restore(open.reason.value ?? 0);
  }

  onTick(moment: WatchMoment, out: Condition[]): void {
    this.tickCount += 1;
    if (this.tickCount % TICKS_BETWEEN_SCANS !== 0) return;
    const { members, params } = this.find(moment);
    const { nowMs, isDataLive } = moment;
    const wasOn = this.ladders.isOn(this.entity);
    this.ladders.step(this.entity, [isDataLive ? members.length : Number.NaN], nowMs, params, out);
    if (!this.ladders.isOn(this.entity)) this.told.end();
    else if (!wasOn) this.told.begin(members, nowMs);
    else if (isDataLive) this.tellFurther(members, params, nowMs, out);
  }

  /** One condition stands for all of them, and somebody may have taken it on when it was one: that there are others since is news. */
  private tellFurther(members: readonly string[], params: Found['params'], nowMs: number, out: Condition[]): void {
    const further = this.told.further(members, nowMs);
    const [first] = further;
    if (first === undefined) return;
    const said = () => ({ ...params(), furtherCount: further.length, furtherFirst: first });
    const condition = this.ladders.stands(this.entity, members.length, nowMs, said());
    if (condition !== null) out.push({ ...condition, isFurther: true });
  }
}

class FiguresUnknownRule extends BookRule {
  constructor(row: WatchRuleRow) {
    super(row, 'book:accounts');
  }

  protected find({ columns, book }: WatchMoment): Found {
    const { count, accountIDs, balance, currMargin, exchangeMargin } = columns;
    const members: string[] = [];
    let first = -1;
    for (let index = 0; index < count; index += 1) {
      if (!Number.isNaN((balance[index] as number) + (currMargin[index] as number) + (exchangeMargin[index] as number))) continue;
      if (!book.isPresent(index)) continue;
      if (first < 0) first = index;
      members.push(accountIDs[index] ?? '');
    }
    const unknownCount = members.length;
    // A group whose members were refused has no figures of its own either; its accounts have theirs.
    const groups = book.refusedGroups();
    members.push(...numbered('group', groups.count));
    const params = () => ({
      unknownCount,
      accountCount: count,
      firstAccountID: first < 0 ? null : (accountIDs[first] ?? null),
      firstReason: first < 0 ? null : book.reasonOf(first),
      ...(groups.count === 0 ? {} : { refusedGroupCount: groups.count, groupReason: groups.firstReason }),
    });
    return { members, params };
  }
}

class CounterResidualRule extends BookRule {
  private readonly enterMoney: number;
  private readonly exitMoney: number;
  /** Accounts beyond the tolerance, with their residual in account currency. */
  private readonly beyond = new Map<string, number>();

  constructor(row: WatchRuleRow) {
    super(row, 'book:residual');
    this.enterMoney = ruleParameter(row, 'residualEnterMoney');
    this.exitMoney = ruleParameter(row, 'residualExitMoney');
    if (!(this.exitMoney < this.enterMoney)) throw new Error(`rule ${row.ruleId}: residualExitMoney must be below residualEnterMoney`);
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

  protected find(): Found {
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
    return { members: [...this.beyond.keys()], params };
  }
}

class OwnRowsRule extends BookRule {
  constructor(row: WatchRuleRow) {
    super(row, 'book:reference');
  }

  protected find({ book }: WatchMoment): Found {
    const { count, first } = book.differingOwnRows();
    const params = () => ({
      firstContract: first?.about ?? null,
      firstField: first?.field ?? null,
      ownValue: first?.own ?? null,
      feedValue: first?.feed ?? null,
    });
    return { members: numbered('row', count), params };
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
