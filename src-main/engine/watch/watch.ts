/** Looks at the book after every message and every 250 ms, and says which conditions began, moved, ended or went out of sight. */
import { Band } from '#engine/watch/band';
import type { Condition, OpenCondition } from '#engine/watch/condition';
import type { WatchMoment, WatchRule } from '#engine/watch/rule';
import { type RulePack, rulePackSchema, type WatchRuleRow } from '#engine/watch/rule-schema';
import { counterResidualRule, figuresUnknownRule } from '#engine/watch/rules/data-quality';
import { accountsBehindRule, feedStaleRule, instrumentsStaleRule } from '#engine/watch/rules/feed-stale';
import { RiskLevelRule } from '#engine/watch/rules/risk-level';
import firstRules from '../../../resources/rules/first-rules.json' with { type: 'json' };

const RULE_BY_KIND: Record<string, (row: WatchRuleRow) => WatchRule> = {
  riskLevel: (row) => new RiskLevelRule(row),
  feedStale: feedStaleRule,
  instrumentsStale: instrumentsStaleRule,
  accountsBehind: accountsBehindRule,
  figuresUnknown: figuresUnknownRule,
  counterResidual: counterResidualRule,
};

/** Parses a rule pack; throws with field and reason, as the desk must not open on rules nobody can read. */
export function readRulePack(value: unknown): RulePack {
  return rulePackSchema.parse(value);
}

export function bundledRulePack(): RulePack {
  return readRulePack(firstRules);
}

export class Watch {
  private readonly rules: WatchRule[];
  private readonly accountRules: WatchRule[];
  private readonly band = new Band();

  constructor(pack: RulePack, open: readonly OpenCondition[]) {
    this.rules = pack.rules.map((row) => {
      const make = RULE_BY_KIND[row.kind];
      if (make === undefined) throw new Error(`rule ${row.ruleId}: no rule of kind ${row.kind} exists`);
      return make(row);
    });
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
    if (moment.isDataLive) {
      const compared = moment.book.takeComparedAccounts();
      if (compared.size > 0) for (const rule of this.rules) rule.onCompared?.(moment, compared);
    }
    for (const rule of this.rules) rule.onTick(moment, out);
    return out;
  }
}
