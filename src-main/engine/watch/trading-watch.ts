/** Runs the detectors beside the live market and turns what they find into conditions: told once, changed when it worsens, over when its day or its pattern is. */
import type { Condition, OpenCondition } from '#engine/watch/condition';
import { DetectorRun } from '#engine/watch/detectors/detector-run';
import type { Finding, FindingChange } from '#engine/watch/detectors/finding';
import type { NotJudged } from '#shared/contract/rules';
import type { TradingRule } from '#shared/desk/rules/rule';
import type { DetectorName, ThresholdRow } from '#shared/desk/rules/threshold-row';
import type { IntakeEvent } from '#shared/feed/intake';

/** What was told and is not over. A restored one has no finding until the detectors see it again. */
type Told = {
  key: string;
  rule: TradingRule;
  finding: Finding | null;
  condition: Condition;
  /** Its latest act, and when it was received: quiet is counted by the clock of receipt. */
  actedAtMs: number;
  heardAtMs: number;
};

/** For a person to read: more of them are of one cause. */
const MOST_NOT_JUDGED = 20;
const TOLD_STEPS = ['warn', 'ban'] as const;

export class TradingWatch {
  readonly #run: DetectorRun;
  readonly #changes: Finding[] = [];
  readonly #told = new Map<string, Told>();
  /** Patterns that went quiet: one that begins again is told again. */
  readonly #quiet = new Map<string, Told>();
  #rules: ReadonlyMap<DetectorName, TradingRule>;
  #tradingDay = '';
  #sequence: number | null = null;
  #departmentOf: (accountID: string) => string | null;

  constructor(rules: readonly TradingRule[], open: readonly OpenCondition[], departmentOf: (accountID: string) => string | null = () => null) {
    this.#rules = byDetector(rules);
    this.#departmentOf = departmentOf;
    this.#run = new DetectorRun(rowsOf(rules), (change) => this.#noteChange(change));
    this.#restore(open);
  }

  /** Other rules from now on; counts of the day go on. */
  setRules(rules: readonly TradingRule[], open: readonly OpenCondition[]): void {
    this.#rules = byDetector(rules);
    this.#run.setRows(rowsOf(rules));
    const findings = new Map([...this.#told.values(), ...this.#quiet.values()].map((told) => [told.key, told.finding]));
    this.#told.clear();
    this.#quiet.clear();
    this.#restore(open);
    for (const told of this.#told.values()) told.finding = findings.get(told.key) ?? null;
    // What reached its rung before its rule was live is told now, if it still stands there.
    for (const finding of this.#run.findings()) if (finding.tradingDay === this.#run.tradingDay) this.#changes.push(finding);
  }

  /** Since the engine began, the commonest first. */
  notJudgedBy(detector: DetectorName): NotJudged[] {
    return this.#run.notJudgedBy(detector, MOST_NOT_JUDGED);
  }

  onEvents(events: readonly IntakeEvent[], nowMs: number, out: Condition[]): void {
    for (const event of events) {
      if (event.type === 'items' || event.type === 'picture') this.#sequence = event.sequence;
      this.#run.onEvent(event);
      if (this.#run.tradingDay !== this.#tradingDay) this.#endDay(nowMs, out);
    }
    if (this.#changes.length > 0) this.#tellChanges(nowMs, out);
  }

  /** Every 250 ms: patterns that have been quiet for long enough are over. Without live data nothing is: silence is not good behaviour. */
  onTick(nowMs: number, isDataLive: boolean, out: Condition[]): void {
    if (this.#changes.length > 0) this.#tellChanges(nowMs, out);
    for (const told of this.#told.values()) {
      if (told.finding !== null && told.finding.toMs > told.actedAtMs) {
        told.actedAtMs = told.finding.toMs;
        told.heardAtMs = nowMs;
      }
      if (!isDataLive) told.heardAtMs = nowMs;
      if (told.rule.offDelayMs === 0 || nowMs - told.heardAtMs < told.rule.offDelayMs) continue;
      this.#told.delete(told.key);
      this.#quiet.set(told.key, told);
      out.push(ended(told, nowMs, 'quiet'));
    }
    for (const told of this.#quiet.values()) {
      if (told.finding === null || told.finding.toMs <= told.actedAtMs) continue;
      this.#quiet.delete(told.key);
      this.#tell(told.finding, nowMs, out);
    }
  }

  #noteChange({ finding }: FindingChange): void {
    this.#changes.push(finding);
  }

  #tellChanges(nowMs: number, out: Condition[]): void {
    for (const finding of this.#changes.splice(0)) this.#tell(finding, nowMs, out);
  }

  #tell(finding: Finding, nowMs: number, out: Condition[]): void {
    const rule = this.#rules.get(finding.detector);
    if (rule === undefined || !this.#isInScope(rule, finding)) return;
    const step = finding.rung === 'warn' || finding.rung === 'ban' ? finding.rung : null;
    if (step === null) return;
    const dimensions = dimensionsOf(finding);
    const entity = `${finding.customerKind === 'group' ? 'controlGroup' : 'account'}:${finding.customerID}`;
    const key = keyOf(rule.ruleId, entity, dimensions);
    const known = this.#told.get(key);
    if (known !== undefined) known.finding = finding;
    if (known !== undefined && known.condition.reason.params.level === step) return;
    const condition = this.#conditionOf(rule, finding, step, entity, dimensions, known === undefined ? 'raised' : 'changed', nowMs);
    out.push(condition);
    this.#told.set(key, { key, rule, finding, condition, actedAtMs: finding.toMs, heardAtMs: nowMs });
  }

  #isInScope(rule: TradingRule, finding: Finding): boolean {
    const { accountIDs, controlGroupIDs, departmentIDs, exchangeIDs, instrumentIDs, productIDs } = rule.scope;
    const has = (list: readonly string[] | undefined, isIn: (one: string) => boolean): boolean =>
      list === undefined || list.length === 0 || list.some(isIn);
    // Whoever of a group acted: the group is one customer, and is in scope as a whole.
    const accounts = [...this.#run.accountsOf(finding)];
    return (
      has(accountIDs, (one) => accounts.includes(one)) &&
      has(controlGroupIDs, (one) => accounts.some((accountID) => this.#run.controlGroupOf(accountID) === one)) &&
      has(departmentIDs, (one) => accounts.some((accountID) => this.#departmentOf(accountID) === one)) &&
      has(exchangeIDs, (one) => finding.exchangeID === one) &&
      has(instrumentIDs, (one) => finding.instrumentID === one) &&
      has(productIDs, (one) => this.#run.productOf(finding) === one)
    );
  }

  #conditionOf(
    rule: TradingRule,
    finding: Finding,
    step: (typeof TOLD_STEPS)[number],
    entity: string,
    dimensions: Readonly<Record<string, string>>,
    transition: 'raised' | 'changed',
    nowMs: number,
  ): Condition {
    const { citation, certainty, thresholds } = finding;
    const citationZh = rule.rows.find(({ ruleId }) => ruleId === finding.ruleId)?.citation_zh;
    return {
      transition,
      ruleId: rule.ruleId,
      kind: rule.kind,
      entity,
      dimensions,
      severity: rule.severities[step],
      atMs: nowMs,
      quality: finding.unknownCount > 0 ? 'suspect' : 'good',
      evidence: structuredClone(this.#run.evidenceOf(finding)),
      crossed: (['ignore', ...TOLD_STEPS] as const).flatMap((one) => {
        const atMs = finding.reachedAtMs[one];
        return atMs === null ? [] : [{ step: one, threshold: thresholds[one], atMs, citation, certainty }];
      }),
      sourceSeq: this.#sequence,
      reason: {
        ruleId: rule.ruleId,
        ruleVersion: rule.version,
        metric: finding.metric,
        value: finding.value,
        enterThreshold: thresholds[step],
        exitThreshold: null,
        thresholdCitation: citation,
        ...(citationZh === undefined ? {} : { thresholdCitationZh: citationZh }),
        thresholdCertainty: certainty,
        observedAtMs: nowMs,
        params: {
          ...finding.factors,
          ...dimensions,
          thresholdRow: finding.ruleId,
          fromMs: finding.fromMs,
          toMs: finding.toMs,
          actingAccounts: finding.byAccount.length,
          uncertainCount: finding.unknownCount,
          level: step,
          response: rule.kind,
        },
      },
    };
  }

  /** Counts begin anew with the trading day: what was counted under the last one is over, however it stood. */
  #endDay(nowMs: number, out: Condition[]): void {
    this.#tradingDay = this.#run.tradingDay;
    for (const told of this.#told.values()) {
      if (told.condition.dimensions.tradingDay === this.#tradingDay) continue;
      this.#told.delete(told.key);
      out.push(ended(told, nowMs, 'tradingDayOver'));
    }
    this.#quiet.clear();
  }

  #restore(open: readonly OpenCondition[]): void {
    for (const { state: _state, ...condition } of open) {
      const rule = [...this.#rules.values()].find(({ ruleId }) => ruleId === condition.ruleId);
      if (rule === undefined) continue;
      const key = keyOf(rule.ruleId, condition.entity, condition.dimensions);
      const { observedAtMs } = condition.reason;
      const restored: Condition = { ...condition, transition: 'raised', atMs: observedAtMs };
      this.#told.set(key, { key, rule, finding: null, condition: restored, actedAtMs: observedAtMs, heardAtMs: observedAtMs });
    }
  }
}

/** One alert per rule, customer, contract and trading day, whose count grows: never one per act. */
function dimensionsOf({ exchangeID, instrumentID, tradingDay }: Finding): Record<string, string> {
  return { instrument: instrumentID === null ? (exchangeID ?? '∅') : `${exchangeID}.${instrumentID}`, tradingDay };
}

function keyOf(ruleId: string, entity: string, dimensions: Readonly<Record<string, string>>): string {
  return [ruleId, entity, dimensions.instrument, dimensions.tradingDay].join(' ');
}

function ended({ condition, finding }: Told, nowMs: number, endedBy: string): Condition {
  const { reason } = condition;
  const params = { ...reason.params, endedBy };
  const value = finding?.value ?? reason.value;
  const { evidence: _frozen, ...rest } = condition;
  return { ...rest, transition: 'cleared', atMs: nowMs, reason: { ...reason, value, observedAtMs: nowMs, params } };
}

function byDetector(rules: readonly TradingRule[]): ReadonlyMap<DetectorName, TradingRule> {
  return new Map(rules.map((rule) => [rule.detector, rule]));
}

/** Rows of all rules; what a whole rule leaves out, each of its rows does. */
function rowsOf(rules: readonly TradingRule[]): ThresholdRow[] {
  return rules.flatMap((rule) =>
    rule.rows.map((row) => (rule.exempt.length === 0 ? row : { ...row, exempt: [...new Set([...row.exempt, ...rule.exempt])] })),
  );
}
