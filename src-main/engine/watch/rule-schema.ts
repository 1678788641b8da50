/** Rules in the form in which the watch runs them: what the kernel's bands and the older rules take is one figure against numbers, everything else is scanned. */

import type { Severity } from '#shared/desk/alerts/alert';
import { comparisonsOf } from '#shared/desk/rules/expression';
import { levelRowsOf } from '#shared/desk/rules/level-rows';
import { metricOf } from '#shared/desk/rules/metrics';
import { type FigureRule, isBandRule, type Rule, type RuleMode, simpleRung, type TradingRule } from '#shared/desk/rules/rule';
import type { Certainty } from '#shared/feed/items';
import type { RiskLevelRow } from '#shared/market/risk-level';

/** One rung. `above`: on from value >= enter until value < exit. `below`: on from value < enter until value > exit. */
export type Threshold = {
  name: string;
  metric: string;
  direction: 'above' | 'below';
  enter: number;
  exit: number;
  severity: Severity;
  citation: string;
  citation_zh?: string;
  certainty: Certainty;
};

export type WatchRuleRow = {
  ruleId: string;
  version: number;
  kind: string;
  /** Which part of the watch runs it. */
  engine: string;
  entity: 'account' | 'feed' | 'book';
  /** Key of what a person is told to do. */
  response: string;
  onDelayMs: number;
  offDelayMs: number;
  unknownAfterMs: number;
  parameters?: Record<string, number>;
  /** Rungs from the mildest to the worst: a condition stands on the highest rung that is on. */
  thresholds: Threshold[];
};

/** By rule id: how its conditions end beyond their delays. Rules that are not named end by these alone. */
export type RuleEndings = ReadonlyMap<string, { minActiveMs: number; isLatched: boolean }>;

export type RulePack = {
  rules: readonly WatchRuleRow[];
  scans: readonly FigureRule[];
  trading: readonly TradingRule[];
  /** The account levels as the screen shows them: the same thresholds. */
  levels: readonly RiskLevelRow[];
  /** Rules that are not named here are live. */
  modes: ReadonlyMap<string, RuleMode>;
  endings: RuleEndings;
};

export function packOf(rules: readonly Rule[]): RulePack {
  const running = rules.filter((rule) => rule.mode !== 'off');
  const figures = running.filter((rule) => rule.watches === 'figures');
  const rows = figures.flatMap((rule) => rowOf(rule) ?? []);
  const lowered = new Set(rows.map((row) => row.ruleId));
  return {
    rules: rows,
    scans: figures.filter((rule) => !lowered.has(rule.ruleId)),
    trading: running.filter((rule) => rule.watches === 'trading'),
    levels: levelRowsOf(rules),
    modes: new Map(rules.map((rule) => [rule.ruleId, rule.mode])),
    endings: endingsOf(running),
  };
}

function endingsOf(rules: readonly Rule[]): RuleEndings {
  const held = rules.map(({ ruleId, minActiveMs = 0, isLatched = false }) => ({ ruleId, minActiveMs, isLatched }));
  return new Map(held.filter(({ minActiveMs, isLatched }) => minActiveMs > 0 || isLatched).map(({ ruleId, ...ending }) => [ruleId, ending]));
}

/** Null for a rule that has to be scanned. */
function rowOf(rule: FigureRule): WatchRuleRow | null {
  const first = rule.rungs[0];
  const metric = first === undefined ? null : metricOf(comparisonsOf(first.enter)[0]?.metric ?? '');
  if (metric === null || metric.engine === 'scan' || (metric.engine === 'band' && !isBandRule(rule))) return null;
  const thresholds = rule.rungs.flatMap((rung): Threshold[] => {
    const simple = simpleRung(rung);
    if (simple === null) return [];
    const { name, severity, citation, citationZh, certainty } = rung;
    return [{ name, ...simple, severity, citation, ...(citationZh === undefined ? {} : { citation_zh: citationZh }), certainty }];
  });
  const { ruleId, version, kind, onDelayMs, offDelayMs, unknownAfterMs, parameters, subject } = rule;
  const entity = subject === 'feed' || subject === 'book' ? subject : 'account';
  return { ruleId, version, kind, engine: metric.engine, entity, response: kind, onDelayMs, offDelayMs, unknownAfterMs, parameters, thresholds };
}
