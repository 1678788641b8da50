/** Raises when an account's risk degree reaches a new level, once per level, with hysteresis; looks only at accounts whose figures moved. */
import type { AccountColumns } from '#engine/book/book-reader';
import { BAND_PLACE, type Band } from '#engine/watch/band';
import type { Condition, OpenCondition } from '#engine/watch/condition';
import { findTarget, type LadderState, type LadderTarget, newLadderState, stepLadder } from '#engine/watch/ladder';
import { makeCondition, type ReasonParams, restoredRung, type WatchMoment, type WatchRule } from '#engine/watch/rule';
import type { Threshold, WatchRuleRow } from '#engine/watch/rule-schema';

type Metric = (columns: AccountColumns, index: number) => number;
type WatchedMetric = keyof typeof BAND_PLACE;

/**
 * Margin over equity. With no equity left, any margin is infinitely much of it (the book shows no degree there, but a level must still be
 * known); no margin and no debt is 0. NaN when either figure is unknown. Source: CTP statement, riskDegree = CurrMargin / Balance.
 */
function degree(margin: number, balance: number): number {
  if (Number.isNaN(margin) || Number.isNaN(balance)) return Number.NaN;
  if (balance > 0) return margin / balance;
  return margin > 0 ? Number.POSITIVE_INFINITY : 0;
}

const METRICS: Record<WatchedMetric, Metric> = {
  riskDegree: (columns, index) => degree(columns.currMargin[index] as number, columns.balance[index] as number),
  exchangeRiskDegree: (columns, index) => degree(columns.exchangeMargin[index] as number, columns.balance[index] as number),
  /* Margin against exactly no equity is a debt in the making: it counts as just below zero, as in the book's own levels. */
  balance: (columns, index) => {
    const balance = columns.balance[index] as number;
    return balance === 0 && (columns.currMargin[index] as number) > 0 ? -Number.MIN_VALUE : balance;
  },
};

function isWatchedMetric(name: string): name is WatchedMetric {
  return Object.hasOwn(METRICS, name);
}

export class RiskLevelRule implements WatchRule {
  readonly ruleId: string;
  private readonly row: WatchRuleRow;
  private readonly metrics: readonly Metric[];
  private readonly places: readonly number[];
  private readonly restored = new Map<string, LadderState>();
  private accountIDs: string[] = [];
  private states: LadderState[] = [];
  /** Accounts that wait for a delay or hold a condition: looked at again although nothing about them moved. */
  private readonly waiting = new Set<number>();
  private readonly held = new Set<number>();
  private readonly values: Float64Array;
  private readonly target: LadderTarget = { rung: 0, isUnknownAbove: false };

  constructor(row: WatchRuleRow) {
    this.ruleId = row.ruleId;
    this.row = row;
    const names = row.thresholds.map((rung) => {
      if (!isWatchedMetric(rung.metric)) throw new Error(`rule ${row.ruleId}: no account figure is called ${rung.metric}`);
      return rung.metric;
    });
    this.metrics = names.map((name) => METRICS[name]);
    this.places = names.map((name) => BAND_PLACE[name]);
    this.values = new Float64Array(row.thresholds.length);
  }

  restore(open: OpenCondition): void {
    const accountID = open.entity.replace(/^account:/, '');
    this.restored.set(accountID, { ...newLadderState(), rung: restoredRung(this.row, open), isUnknown: open.state === 'unknown' });
  }

  /**
   * While the account stands on the rung its figures ask for and waits for nothing, its judgement can change only where a figure passes a limit or
   * becomes known or unknown. Otherwise time or the age of prices counts too, and every change is looked at.
   */
  onAccount(moment: WatchMoment, index: number, band: Band, out: Condition[]): void {
    this.follow(moment);
    const state = this.states[index];
    if (state === undefined) return;
    this.evaluate(moment, index, out);
    if (!moment.isDataLive || state.pending !== 'none' || state.isUnknown || state.rung !== this.target.rung) {
      band.open();
      return;
    }
    for (let rung = 1; rung <= this.metrics.length; rung += 1) {
      band.narrow(this.places[rung - 1] as number, this.row.thresholds[rung - 1] as Threshold, this.values[rung - 1] as number, state.rung >= rung);
    }
  }

  onTick(moment: WatchMoment, out: Condition[]): void {
    this.follow(moment);
    for (const index of [...this.waiting]) this.evaluateInTime(moment, index, out);
    if (!moment.isDataLive) for (const index of [...this.held]) this.evaluateInTime(moment, index, out);
    if (this.restored.size > 0) this.loseSightOfRestored(moment, out);
  }

  /** Keeps states beside the book's columns. Indices only ever grow, unless the book was rebuilt: then states move with their account. */
  private follow({ columns, book }: WatchMoment): void {
    const { count, accountIDs } = columns;
    const isSame =
      this.accountIDs.length <= count && this.accountIDs[0] === accountIDs[0] && this.accountIDs.at(-1) === accountIDs[this.accountIDs.length - 1];
    if (isSame && this.accountIDs.length === count) return;
    if (!isSame) {
      for (const [index, accountID] of this.accountIDs.entries()) {
        const state = this.states[index];
        if (state !== undefined && state.rung > 0) this.restored.set(accountID, state);
      }
      this.accountIDs = [];
      this.states = [];
      this.waiting.clear();
      this.held.clear();
      for (let index = 0; index < count; index += 1) book.openBand(index);
    }
    for (let index = this.accountIDs.length; index < count; index += 1) {
      const accountID = accountIDs[index] as string;
      const state = this.restored.get(accountID) ?? newLadderState();
      this.restored.delete(accountID);
      this.accountIDs.push(accountID);
      this.states.push(state);
      if (state.rung > 0) this.held.add(index);
    }
  }

  /** Between messages the state moves although no figure did: the next change has to be looked at again. */
  private evaluateInTime(moment: WatchMoment, index: number, out: Condition[]): void {
    moment.book.openBand(index);
    this.evaluate(moment, index, out);
  }

  private evaluate(moment: WatchMoment, index: number, out: Condition[]): void {
    const { columns } = moment;
    const state = this.states[index];
    if (state === undefined) return;
    const heldRung = state.rung;
    for (let rung = 0; rung < this.metrics.length; rung += 1) {
      this.values[rung] = moment.isDataLive ? (this.metrics[rung] as Metric)(columns, index) : Number.NaN;
    }
    findTarget(this.row.thresholds, this.values, heldRung, this.target);
    /* Stale prices may raise, never clear; asked only where it matters, as it is the dearest question. */
    const canFall = this.target.rung >= heldRung || !moment.book.isStale(index);
    const transition = stepLadder(state, this.target, canFall, this.row, moment.nowMs);
    if (state.pending === 'none') this.waiting.delete(index);
    else this.waiting.add(index);
    if (transition === null) return;
    if (state.rung > 0) this.held.add(index);
    else this.held.delete(index);
    const spokenRung = transition === 'cleared' ? heldRung : state.rung;
    const threshold = this.row.thresholds[spokenRung - 1];
    if (threshold === undefined) return;
    const entity = `account:${this.accountIDs[index] ?? ''}`;
    const value = this.values[spokenRung - 1] ?? Number.NaN;
    out.push(makeCondition(this.row, transition, entity, threshold, value, moment.nowMs, this.params(columns, index, heldRung, moment)));
  }

  /** Open conditions of accounts the book does not (yet) know: with no data they are unknown, never quietly over. */
  private loseSightOfRestored(moment: WatchMoment, out: Condition[]): void {
    for (const [accountID, state] of this.restored) {
      const transition = stepLadder(state, { rung: 0, isUnknownAbove: true }, false, this.row, moment.nowMs);
      const threshold = this.row.thresholds[state.rung - 1];
      if (transition === null || threshold === undefined) continue;
      const params = { accountID, previousLevel: threshold.name };
      out.push(makeCondition(this.row, transition, `account:${accountID}`, threshold, Number.NaN, moment.nowMs, params));
    }
  }

  private params(columns: AccountColumns, index: number, heldRung: number, moment: WatchMoment): ReasonParams {
    const known = (value: number | undefined): number | null => (value !== undefined && Number.isFinite(value) ? value : null);
    return {
      accountID: this.accountIDs[index] ?? '',
      previousLevel: this.row.thresholds[heldRung - 1]?.name ?? 'normal',
      riskDegree: known(columns.riskDegree[index]),
      exchangeRiskDegree: known(columns.exchangeRiskDegree[index]),
      balance: known(columns.balance[index]),
      currMargin: known(columns.currMargin[index]),
      available: known(columns.available[index]),
      unknownReason: moment.isDataLive ? (moment.book.reasonOf(index) ?? moment.book.exchangeReasonOf(index)) : 'noLiveData',
    };
  }
}
