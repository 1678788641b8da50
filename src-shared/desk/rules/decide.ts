/** Decides what saving or retiring a rule means: every change is a new version with its reason, and a desk cannot be left without what it stands on. */
import type { Decision, DecisionContext } from '#shared/desk/decision';
import type { RuleEvent } from '#shared/desk/rules/events';
import { comparisonsOf } from '#shared/desk/rules/expression';
import { LEVEL_RULE_ID, levelRowsOf } from '#shared/desk/rules/level-rows';
import { isBandRule, type Rule } from '#shared/desk/rules/rule';
import { silentSettingsOf } from '#shared/desk/rules/silent-settings';
import { type Refusal, refuse } from '#shared/refusal';

export type RuleCommand =
  | { type: 'save'; rule: Rule; baseVersion: number; reason: string }
  | { type: 'retire'; ruleId: string; baseVersion: number; reason: string };

/** `before` is the newest version, bundled ones included, retired or not; `others` are the newest versions of all other rules. */
export type RuleContext = { before: Rule | null; isRetired: boolean; others: readonly Rule[] };

export function decideRule({ before, isRetired, others }: RuleContext, command: RuleCommand, context: DecisionContext): Decision<RuleEvent> {
  const { baseVersion, reason } = command;
  const ruleId = command.type === 'save' ? command.rule.ruleId : command.ruleId;
  const known = before?.version ?? 0;
  // Two people change one rule: the second sees what the first made of it before anything is overwritten.
  if (known !== baseVersion) return refuse('CONFLICT', `the rule is at version ${known} by now, not ${baseVersion}`, 'baseVersion');
  const base = { subject: `rule:${ruleId}` };
  if (command.type === 'retire') {
    if (before === null) return refuse('UNKNOWN', `there is no rule ${ruleId}`, 'ruleId');
    if (isRetired) return [];
    if (isEssential(before)) return refuse('CONFLICT', 'the desk stands on this rule: it can be changed, not retired', 'ruleId');
    return [{ ...base, type: 'rule.retired', payload: { ruleId, before, reason, atMs: context.nowMs } }];
  }
  const after = { ...withShadowReason(before, command.rule, reason), version: known + 1 };
  const obstacle = obstacleOf(before, after, others);
  if (obstacle !== null) return obstacle;
  if (before !== null && !isRetired && isSame(before, after)) return [];
  return [{ ...base, type: 'rule.saved', payload: { ruleId, before, after, reason, atMs: context.nowMs } }];
}

/** Whoever puts a rule into shadow says why with the change itself; out of it the reason is no longer true. */
function withShadowReason(before: Rule | null, rule: Rule, reason: string): Rule {
  const { shadowReason, ...rest } = rule;
  if (rule.mode !== 'shadow') return rest;
  const stands = before?.mode === 'shadow' ? shadowReason : undefined;
  return { ...rest, shadowReason: stands ?? { 'zh-CN': reason, en: reason } };
}

/** Levels on screen and the age of data are judged by these two: without them nothing else can be. */
function isEssential(rule: Rule): boolean {
  if (rule.ruleId === LEVEL_RULE_ID) return true;
  return rule.ruleId === 'feed-stale';
}

function obstacleOf(before: Rule | null, after: Rule, others: readonly Rule[]): Refusal | null {
  const [silent] = silentSettingsOf(after);
  if (silent !== undefined) return refuse('INVALID', silent.message, `rule.${silent.path}`);
  if (before !== null && before.watches !== after.watches) return refuse('INVALID', 'a rule cannot come to watch something else', 'rule.watches');
  if (after.watches === 'trading') {
    const other = others.find((one) => one.watches === 'trading' && one.detector === after.detector);
    if (other !== undefined) return refuse('CONFLICT', `rule ${other.ruleId} has this detector already`, 'rule.detector');
    if (before?.watches === 'trading' && before.detector !== after.detector)
      return refuse('INVALID', 'a rule cannot come to watch something else', 'rule.detector');
    return null;
  }
  if (!isEssential(after)) return null;
  if (after.mode !== 'live') return refuse('CONFLICT', 'the desk stands on this rule: it can be changed, not put aside', 'rule.mode');
  if (after.effectiveTo !== undefined) return refuse('CONFLICT', 'the desk stands on this rule: it cannot end', 'rule.effectiveTo');
  if (after.ruleId === LEVEL_RULE_ID) {
    const levels = new Set(levelRowsOf([after]).map((row) => row.level));
    if (levels.size < 3 || !isBandRule(after))
      return refuse('INVALID', 'must keep the levels warn, call and force on a risk degree, for all accounts and at all times', 'rule.rungs');
    return null;
  }
  const hasSilence = after.rungs.some((rung) => comparisonsOf(rung.enter).some(({ metric }) => metric === 'silenceMs'));
  return hasSilence ? null : refuse('INVALID', 'must keep a rung on silenceMs: data older than that is not judged by', 'rule.rungs');
}

function isSame(before: Rule, after: Rule): boolean {
  const { version: _before, ...one } = before;
  const { version: _after, ...other } = after;
  return JSON.stringify(one) === JSON.stringify(other);
}
