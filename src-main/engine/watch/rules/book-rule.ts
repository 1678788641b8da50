/** What rules over the whole book share: they look now and then, and raise one condition for the book and not one for each account. */
import type { Condition, OpenCondition } from '#engine/watch/condition';
import { EntityLadders, type ReasonParams, type WatchMoment, type WatchRule } from '#engine/watch/rule';
import type { WatchRuleRow } from '#engine/watch/rule-schema';
import { ToldMembers } from '#engine/watch/told-members';

const TICKS_BETWEEN_SCANS = 4;

/** Begins what stands for something that has no name anybody knows. */
export const NAMELESS = '#';

/** What a look over the book found: which, and what an alert says about them. */
export interface Found {
  members: readonly string[];
  params: () => ReasonParams;
}

/** One condition for the whole book, looked for at every few ticks; without live data its figure is not known, which never clears it. */
export abstract class BookRule implements WatchRule {
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

  /** False while the look is not complete yet: what it found is then no figure. */
  protected isSeen(): boolean {
    return true;
  }

  restore(open: OpenCondition): void {
    this.ladders.restore(open);
    this.told.restore({ count: open.reason.value ?? 0, marks: open.reason.toldMarks });
  }

  onTick(moment: WatchMoment, out: Condition[]): void {
    this.tickCount += 1;
    if (this.tickCount % TICKS_BETWEEN_SCANS !== 0) return;
    const { members, params } = this.find(moment);
    const { nowMs } = moment;
    const isKnown = this.isSeen() && moment.isDataLive;
    const wasOn = this.ladders.isOn(this.entity);
    const said: Condition[] = [];
    this.ladders.step(this.entity, [isKnown ? members.length : Number.NaN], nowMs, params, said);
    if (!this.ladders.isOn(this.entity)) this.told.end();
    else if (!wasOn) this.told.begin(members, nowMs);
    else if (isKnown) this.tellFurther(members, params, nowMs, said);
    if (said.length === 0) return;
    const toldMarks = this.told.marks();
    for (const condition of said) out.push(toldMarks === '' ? condition : { ...condition, reason: { ...condition.reason, toldMarks } });
  }

  /** One condition stands for all of them, and somebody may have taken it on when it was one: that there are others since is news. */
  private tellFurther(members: readonly string[], params: Found['params'], nowMs: number, out: Condition[]): void {
    const further = this.told.further(members, nowMs);
    const [first] = further;
    if (first === undefined) return;
    const said = () => ({ ...params(), furtherCount: further.length, ...(first.startsWith(NAMELESS) ? {} : { furtherFirst: first }) });
    const condition = this.ladders.stands(this.entity, members.length, nowMs, said());
    if (condition !== null) out.push({ ...condition, isFurther: true });
  }
}
