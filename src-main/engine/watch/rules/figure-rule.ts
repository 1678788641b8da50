/** A rule written by a person: any figures, any comparison, judged at a steady pace instead of with every message. */
import type { Condition, OpenCondition } from '#engine/watch/condition';
import { type LadderState, type LadderTarget, newLadderState, stepLadder } from '#engine/watch/ladder';
import type { MarketReadings, Reading } from '#engine/watch/readings';
import type { ReasonParams, WatchMoment, WatchRule } from '#engine/watch/rule';
import { comparisonsOf, evaluate } from '#shared/desk/rules/expression';
import type { FigureRule, Rung } from '#shared/desk/rules/rule';

type Held = {
  entity: string;
  dimensions: Readonly<Record<string, string>>;
  state: LadderState;
  /** Whether the rung it stands on was told; a rung that is only noted is not. */
  isTold: boolean;
  seenInRound: number;
};

type Worst = { reading: Frozen; rung: number; value: number; isLost: boolean };
/** A reading that may be kept for the rest of the scan, and which of its entity's it is. */
type Frozen = Reading & { of: string };

/** A position that was closed is not shown any more. */
const GOES_TO_ZERO: ReadonlySet<FigureRule['subject']> = new Set(['position', 'exposure', 'product']);

/** What an alert of a rule without a reading can still say. */
const NO_PARAMS = (): ReasonParams => ({});

export class FigureWatchRule implements WatchRule {
  readonly ruleId: string;
  private readonly rule: FigureRule;
  /** Only what is on, or waits: everything else has nothing to remember. */
  private readonly held = new Map<string, Held>();
  /** Of alerts that stand for many readings: which one was the worst. */
  private readonly toldOf = new Map<string, string>();
  /** The same for alerts of before a restart, which kept it among the figures of their reason. */
  private readonly restoredOf = new Map<string, ReasonParams>();
  private readonly target: LadderTarget = { rung: 0, isUnknownAbove: false };
  private part = 0;
  private parts = 1;
  /** Rounds over all parts: what a whole round has not shown is out of sight. */
  private round = 1;

  constructor(rule: FigureRule) {
    this.rule = rule;
    this.ruleId = rule.ruleId;
  }

  restore(open: OpenCondition): void {
    const { entity, dimensions } = open;
    const byName = this.rule.rungs.findIndex((rung) => rung.name === open.reason.params.level);
    const bySeverity = this.rule.rungs.findIndex((rung) => rung.severity === open.severity);
    const rung = byName >= 0 ? byName + 1 : bySeverity >= 0 ? bySeverity + 1 : 1;
    const state = { ...newLadderState(), rung, isUnknown: open.state === 'unknown' };
    this.restoredOf.set(entity, open.reason.params);
    this.held.set(keyOf(entity, dimensions), { entity, dimensions, state, isTold: true, seenInRound: 0 });
  }

  onTick(moment: WatchMoment, out: Condition[]): void {
    const { readings } = moment;
    if (readings === undefined) return;
    if (!moment.isDataLive) {
      for (const held of [...this.held.values()]) this.loseSight(held, null, moment, out);
      return;
    }
    if (this.part === 0) this.parts = Math.max(1, readings.partsOf(this.rule));
    if (this.rule.isPerDimension) readings.each(this.rule, this.part, moment, (reading) => this.judge(reading, reading.dimensions, moment, out));
    else this.judgeWorst(readings, moment, out);
    this.part += 1;
    if (this.part < this.parts) return;
    for (const held of [...this.held.values()]) if (held.seenInRound !== this.round) this.loseSight(held, readings, moment, out);
    this.part = 0;
    this.round += 1;
  }

  /**
   * Of each entity only the reading on the highest rung, of equals the one that lies farthest the rule's way: one alert, with the worst in it. What is
   * not known hides nothing that is; but while nothing known holds the alert's rung and the reading it was told of is out of sight, so is the alert.
   */
  private judgeWorst(readings: MarketReadings, moment: WatchMoment, out: Condition[]): void {
    const worst = new Map<string, Worst>();
    const [main] = comparisonsOf((this.rule.rungs[0] as Rung).enter);
    if (main === undefined) return;
    const sign = main.is === 'atLeast' || main.is === 'above' ? 1 : -1;
    readings.each(this.rule, this.part, moment, (reading) => {
      const held = this.held.get(keyOf(reading.entity, {}));
      const heldRung = held?.state.rung ?? 0;
      this.aim(reading, heldRung);
      const { rung, isUnknownAbove } = this.target;
      const value = sign * reading.value(main.metric);
      const isLost = heldRung > 0 && rung < heldRung && isUnknownAbove && this.isTheTold(reading);
      const known = worst.get(reading.entity);
      const before = known ?? { rung: -1, value: Number.NaN, isLost: false };
      const isWorse = isLost
        ? before.rung < heldRung
        : !(before.isLost && rung < heldRung) &&
          (rung > before.rung || (rung === before.rung && (value > before.value || Number.isNaN(before.value))));
      if (known === undefined || isWorse) worst.set(reading.entity, { reading: frozen(reading, this.rule), rung, value, isLost });
    });
    for (const { reading } of worst.values()) {
      this.judge(reading, {}, moment, out);
      const held = this.held.get(keyOf(reading.entity, {}));
      if (held === undefined) this.toldOf.delete(reading.entity);
      else if (!held.state.isUnknown) this.toldOf.set(reading.entity, reading.of);
    }
  }

  private isTheTold({ entity, dimensions }: Reading): boolean {
    const told = this.toldOf.get(entity);
    if (told !== undefined) return told === keyOf('', dimensions);
    const before = this.restoredOf.get(entity);
    return before !== undefined && Object.entries(dimensions).every(([name, value]) => before[name] === value);
  }

  private judge(reading: Reading, dimensions: Readonly<Record<string, string>>, moment: WatchMoment, out: Condition[]): void {
    const key = keyOf(reading.entity, dimensions);
    const known = this.held.get(key);
    if (known !== undefined) known.seenInRound = this.round;
    // Between sessions figures stand still and say nothing new: what is on stays on, and nothing begins.
    if (this.rule.session === 'open' && !reading.isOpen) return;
    this.aim(reading, known?.state.rung ?? 0);
    if (known === undefined && this.target.rung === 0) return;
    const held = known ?? { entity: reading.entity, dimensions, state: newLadderState(), isTold: false, seenInRound: this.round };
    if (known === undefined) this.held.set(key, held);
    this.step(held, !reading.isStale, reading, moment, out);
    if (held.state.rung === 0 && held.state.pending === 'none') this.held.delete(key);
  }

  /** The highest rung that is on; a held one stays on until its exit is known to be true. */
  private aim(reading: Reading, heldRung: number): void {
    const { target } = this;
    const figure = (metric: string): number => reading.value(metric);
    target.isUnknownAbove = false;
    for (let rung = this.rule.rungs.length; rung >= 1; rung -= 1) {
      const { enter, exit } = this.rule.rungs[rung - 1] as Rung;
      const isHeld = heldRung >= rung;
      const known = evaluate(isHeld ? exit : enter, figure);
      if (known === null) target.isUnknownAbove = true;
      else if (known !== isHeld) {
        target.rung = rung;
        return;
      }
    }
    target.rung = 0;
  }

  /** No reading where there was one. Of what the book knows, nothing is left: that reads as 0. Of anything else nothing is known. */
  private loseSight(held: Held, readings: MarketReadings | null, moment: WatchMoment, out: Condition[]): void {
    const key = keyOf(held.entity, held.dimensions);
    if (held.state.rung === 0) {
      this.held.delete(key);
      return;
    }
    if (readings?.isKnown(held.entity) === true && GOES_TO_ZERO.has(this.rule.subject)) {
      const { entity, dimensions } = held;
      const gone: Reading = { entity, dimensions, value: () => 0, params: NO_PARAMS, isOpen: true, isStale: false };
      this.aim(gone, held.state.rung);
      this.step(held, true, gone, moment, out);
      if (held.state.rung === 0) this.held.delete(key);
      return;
    }
    this.target.rung = 0;
    this.target.isUnknownAbove = true;
    this.step(held, false, null, moment, out);
  }

  private step(held: Held, canFall: boolean, reading: Reading | null, moment: WatchMoment, out: Condition[]): void {
    const { state } = held;
    const before = state.rung;
    const transition = stepLadder(state, this.target, canFall, this.rule, moment.nowMs);
    if (transition === null) return;
    const wasTold = held.isTold;
    const isTold = state.rung > 0 && (this.rule.rungs[state.rung - 1] as Rung).step !== 'ignore';
    held.isTold = isTold;
    if (!wasTold && !isTold) return;
    const said = !wasTold ? 'raised' : !isTold ? 'cleared' : transition;
    out.push(this.say(said, held, isTold ? state.rung : before, reading, moment));
  }

  private say(transition: Condition['transition'], held: Held, rungNo: number, reading: Reading | null, moment: WatchMoment): Condition {
    const { rule } = this;
    const rung = rule.rungs[rungNo - 1] as Rung;
    const enters = comparisonsOf(rung.enter);
    // The part that a person would name: the one that is true now, else the first.
    const part = enters.find((one) => reading !== null && evaluate(one, (metric) => reading.value(metric)) === true) ?? enters[0];
    const metric = part?.metric ?? '';
    const value = reading?.value(metric) ?? Number.NaN;
    const exit = comparisonsOf(rung.exit).find((one) => one.metric === metric);
    return {
      transition,
      ruleId: rule.ruleId,
      kind: rule.kind,
      entity: held.entity,
      dimensions: held.dimensions,
      severity: rung.severity,
      atMs: moment.nowMs,
      quality: transition === 'unknown' || reading === null ? 'missing' : reading.isStale ? 'stale' : 'good',
      crossed: rule.rungs.slice(0, rungNo).map((one) => ({
        step: one.name,
        threshold: comparisonsOf(one.enter)[0]?.value ?? Number.NaN,
        atMs: null,
        citation: one.citation,
        certainty: one.certainty,
      })),
      sourceSeq: null,
      reason: {
        ruleId: rule.ruleId,
        ruleVersion: rule.version,
        metric,
        value: Number.isFinite(value) ? value : null,
        enterThreshold: part?.value ?? null,
        exitThreshold: exit?.value ?? null,
        thresholdCitation: rung.citation,
        ...(rung.citationZh === undefined ? {} : { thresholdCitationZh: rung.citationZh }),
        thresholdCertainty: rung.certainty,
        observedAtMs: moment.nowMs,
        params: { ...(reading?.params ?? NO_PARAMS)(), ...held.dimensions, level: rung.name, response: rule.kind },
      },
    };
  }
}

function keyOf(entity: string, dimensions: Readonly<Record<string, string>>): string {
  return Object.values(dimensions).length === 0 ? entity : `${entity} ${JSON.stringify(dimensions)}`;
}

function frozen(reading: Reading, rule: FigureRule): Frozen {
  const values = new Map<string, number>();
  for (const rung of rule.rungs) {
    for (const { metric } of [...comparisonsOf(rung.enter), ...comparisonsOf(rung.exit)]) values.set(metric, reading.value(metric));
  }
  const params = { ...reading.params(), ...reading.dimensions };
  const { entity, dimensions, isOpen, isStale } = reading;
  return {
    entity,
    dimensions,
    of: keyOf('', dimensions),
    isOpen,
    isStale,
    value: (metric) => values.get(metric) ?? Number.NaN,
    params: () => params,
  };
}
