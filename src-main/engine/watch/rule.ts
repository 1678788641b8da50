/** What a watch rule sees and how it speaks: the same few steps for every rule, so that a rule's own file holds only what is its own. */

import type { AccountColumns, BookReader, InstrumentTick } from '#engine/book/book-reader';
import type { Band } from '#engine/watch/band';
import type { Condition, OpenCondition } from '#engine/watch/condition';
import { findTarget, type LadderState, type LadderTarget, newLadderState, stepLadder } from '#engine/watch/ladder';
import type { LinkReading } from '#engine/watch/link-clocks';
import type { MarketReadings } from '#engine/watch/readings';
import type { Threshold, WatchRuleRow } from '#engine/watch/rule-schema';
import type { AlertReason } from '#shared/desk/alerts/alert';
import type { SessionState } from '#shared/market/session-calendar';

/** One moment of evaluation. `nowMs` is the clock of receipt: wall time live, recorded time in a replay. */
export type WatchMoment = {
  nowMs: number;
  book: BookReader;
  /** The book's account columns at this moment, taken once for all rules. */
  columns: AccountColumns;
  links: readonly LinkReading[];
  /** False while no feed that carries accounts is live: then nothing may rise from, or be cleared by, what the book still holds. */
  isDataLive: boolean;
  /** Absent where nothing but accounts can be read. */
  readings?: MarketReadings | undefined;
  /** By the session calendar and the market's own clock. */
  sessionOf(tick: InstrumentTick): SessionState;
};

export interface WatchRule {
  readonly ruleId: string;
  restore(open: OpenCondition): void;
  /** One account that left its band, at the end of a received message: judges it, and narrows `band` to where its judgement stays the same. */
  onAccount?(moment: WatchMoment, index: number, band: Band, out: Condition[]): void;
  /** Accounts that were compared with the counter while data was live. */
  onCompared?(moment: WatchMoment, accounts: ReadonlySet<number>): void;
  /** Every 250 ms of the clock of receipt. */
  onTick(moment: WatchMoment, out: Condition[]): void;
}

export type ReasonParams = AlertReason['params'];

/** The rung a restored condition stood on: by the level's name in its reason, else by its threshold, else the mildest of its severity. */
export function restoredRung(row: WatchRuleRow, open: OpenCondition): number {
  const byName = row.thresholds.findIndex((rung) => rung.name === open.reason.params.level);
  if (byName >= 0) return byName + 1;
  const bySeverity = row.thresholds.findIndex((rung) => rung.severity === open.severity);
  return bySeverity >= 0 ? bySeverity + 1 : 1;
}

export function makeCondition(
  row: WatchRuleRow,
  transition: Condition['transition'],
  entity: string,
  threshold: Threshold,
  value: number,
  nowMs: number,
  params: ReasonParams,
): Condition {
  return {
    transition,
    ruleId: row.ruleId,
    kind: row.kind,
    entity,
    dimensions: {},
    severity: threshold.severity,
    atMs: nowMs,
    reason: {
      ruleId: row.ruleId,
      ruleVersion: row.version,
      metric: threshold.metric,
      value: Number.isFinite(value) ? value : null,
      enterThreshold: threshold.enter,
      exitThreshold: threshold.exit,
      thresholdCitation: threshold.citation,
      ...(threshold.citation_zh === undefined ? {} : { thresholdCitationZh: threshold.citation_zh }),
      thresholdCertainty: threshold.certainty,
      observedAtMs: nowMs,
      params: { ...params, level: threshold.name, response: row.response },
    },
  };
}

/** For rules about few things (feeds, the book as a whole): one ladder per entity, evaluated each tick. */
export class EntityLadders {
  private readonly row: WatchRuleRow;
  private readonly states = new Map<string, LadderState>();
  private readonly target: LadderTarget = { rung: 0, isUnknownAbove: false };

  constructor(row: WatchRuleRow) {
    this.row = row;
  }

  entities(): IterableIterator<string> {
    return this.states.keys();
  }

  restore(open: OpenCondition): void {
    this.states.set(open.entity, { ...newLadderState(), rung: restoredRung(this.row, open), isUnknown: open.state === 'unknown' });
  }

  isOn(entity: string): boolean {
    return (this.states.get(entity)?.rung ?? 0) > 0;
  }

  /** The condition as it stands, said anew; null while it is off or its data is missing. */
  stands(entity: string, value: number, nowMs: number, params: ReasonParams): Condition | null {
    const state = this.states.get(entity);
    const threshold = state === undefined || state.isUnknown ? undefined : this.row.thresholds[state.rung - 1];
    return threshold === undefined ? null : makeCondition(this.row, 'changed', entity, threshold, value, nowMs, params);
  }

  /** `values[n]` belongs to the rule's threshold n; NaN is unknown. `params` is called only when there is something to say. */
  step(entity: string, values: ArrayLike<number>, nowMs: number, params: () => ReasonParams, out: Condition[]): void {
    let state = this.states.get(entity);
    if (state === undefined) {
      state = newLadderState();
      this.states.set(entity, state);
    }
    const heldRung = state.rung;
    findTarget(this.row.thresholds, values, heldRung, this.target);
    const transition = stepLadder(state, this.target, true, this.row, nowMs);
    if (transition === null) return;
    const spokenRung = transition === 'cleared' ? heldRung : state.rung;
    const threshold = this.row.thresholds[spokenRung - 1];
    if (threshold === undefined) return;
    out.push(makeCondition(this.row, transition, entity, threshold, values[spokenRung - 1] ?? Number.NaN, nowMs, params()));
  }
}

/** A rule's own number (not a rung), such as a tolerance: missing is a fault in the rule pack, found at start. */
export function ruleParameter(row: WatchRuleRow, name: string): number {
  const value = row.parameters?.[name];
  if (value === undefined) throw new Error(`rule ${row.ruleId}: parameter ${name} is missing`);
  return value;
}
