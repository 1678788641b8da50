/** Looks at the book after every message and every 250 ms, and says which conditions began, moved, ended or went out of sight. */
import { Band } from '#engine/watch/band';
import type { Condition, OpenCondition } from '#engine/watch/condition';
import type { WatchMoment, WatchRule } from '#engine/watch/rule';
import type { RulePack, WatchRuleRow } from '#engine/watch/rule-schema';
import { counterResidualRule } from '#engine/watch/rules/counter-residual';
import { figuresUnknownRule, ownRowsRule } from '#engine/watch/rules/data-quality';
import { accountsBehindRule, feedStaleRule, instrumentsStaleRule } from '#engine/watch/rules/feed-stale';
import { FigureWatchRule } from '#engine/watch/rules/figure-rule';
import { RiskLevelRule } from '#engine/watch/rules/risk-level';

const RULE_BY_ENGINE: Record<string, (row: WatchRuleRow) => WatchRule> = {
  band: (row) => new RiskLevelRule(row),
  feedStale: feedStaleRule,
  instrumentsStale: instrumentsStaleRule,
  accountsBehind: accountsBehindRule,
  figuresUnknown: figuresUnknownRule,
  counterResidual: counterResidualRule,
  ownRows: ownRowsRule,
};

export { bundledRulePack } from '#engine/watch/bundled-rules';

export class Watch {
  private readonly rules: WatchRule[];
  private readonly accountRules: WatchRule[];
  private readonly band = new Band();
  /** A watch that was built in mid-day has not judged anybody yet, and the kernel's bands are those of the rules before it. */
  private hasJudgedAll: boolean;

  constructor(pack: RulePack, open: readonly OpenCondition[], isInMidDay = false) {
    this.hasJudgedAll = !isInMidDay;
    const rows = pack.rules.map((row) => {
      const make = RULE_BY_ENGINE[row.engine];
      if (make === undefined) throw new Error(`rule ${row.ruleId}: no part of the watch is called ${row.engine}`);
      return make(row);
    });
    this.rules = [...rows, ...pack.scans.map((rule) => new FigureWatchRule(rule))];
    this.accountRules = this.rules.filter((rule) => rule.onAccount !== undefined);
    for (const condition of open) this.rules.find((rule) => rule.ruleId === condition.ruleId)?.restore(condition);
  }

  /** At the end of a received message: judges the accounts that left their band and gives each its new one. */
  onMessage(moment: WatchMoment, crossedAccounts: Int32Array): Condition[] {
    const out: Condition[] = [];
    const { band } = this;
    for (let at = 0; at < crossedAccounts.length; at += 1) {
      const index = crossedAccounts[at] as number;
      band.reset();
      for (const rule of this.accountRules) rule.onAccount?.(moment, index, band, out);
      if (band.isOpen) moment.book.openBand(index);
      else moment.book.setBand(index, band.low, band.high);
    }
    return out;
  }

  onTick(moment: WatchMoment): Condition[] {
    const out: Condition[] = [];
    if (moment.isDataLive && !this.hasJudgedAll) {
      this.hasJudgedAll = true;
      const all = Int32Array.from({ length: moment.columns.count }, (_, index) => index);
      out.push(...this.onMessage(moment, all));
      for (const rule of this.rules) rule.onCompared?.(moment, new Set(all));
    }
    if (moment.isDataLive) {
      const compared = moment.book.takeComparedAccounts();
      if (compared.size > 0) for (const rule of this.rules) rule.onCompared?.(moment, compared);
    }
    for (const rule of this.rules) rule.onTick(moment, out);
    return out;
  }
}
