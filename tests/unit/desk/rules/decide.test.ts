/** Changing a rule is a decision with a reason: nothing is overwritten unseen, and the desk cannot lose what it stands on. */
import { describe, expect, it } from 'vitest';
import { bundledRules } from '#engine/watch/bundled-rules';
import { decideRule } from '#shared/desk/rules/decide';
import type { FigureRule, Rule } from '#shared/desk/rules/rule';
import { evolveRule, versionInForce } from '#shared/desk/rules/saved-rule';

const context = { nowMs: 5, newId: () => 'id', actor: 'p-duty' };
const bundled = (ruleId: string): Rule => {
  const rule = bundledRules().find((one) => one.ruleId === ruleId);
  if (rule === undefined) throw new Error(`no rule ${ruleId}`);
  return structuredClone(rule);
};
const others = (ruleId: string): Rule[] => bundledRules().filter((one) => one.ruleId !== ruleId);
const about = (before: Rule | null, isRetired = false) => ({ before, isRetired, others: before === null ? [] : others(before.ruleId) });

describe('saving a rule', () => {
  it('makes the next version with what was before, after, and why', () => {
    const before = bundled('heavy-position');
    const decision = decideRule(
      about(before),
      { type: 'save', rule: { ...before, mode: 'live' }, baseVersion: 1, reason: 'the firm agreed' },
      context,
    );
    expect(decision).toMatchObject([
      {
        type: 'rule.saved',
        subject: 'rule:heavy-position',
        payload: { before: { version: 1, mode: 'shadow' }, after: { version: 2, mode: 'live' }, reason: 'the firm agreed' },
      },
    ]);
  });

  it('records nothing when nothing changed, and refuses to overwrite what somebody else saved meanwhile', () => {
    const before = bundled('price-limit');
    expect(decideRule(about(before), { type: 'save', rule: before, baseVersion: 1, reason: 'r' }, context)).toEqual([]);
    const newer = { ...before, version: 4 };
    expect(decideRule(about(newer), { type: 'save', rule: before, baseVersion: 3, reason: 'r' }, context)).toMatchObject({
      ok: false,
      code: 'CONFLICT',
      field: 'baseVersion',
    });
  });

  it('keeps the levels, the age of data, and one rule per detector', () => {
    const levels = bundled('account-risk-level') as FigureRule;
    const save = (rule: Rule) => decideRule(about(bundled(rule.ruleId)), { type: 'save', rule, baseVersion: 1, reason: 'r' }, context);
    expect(save({ ...levels, mode: 'shadow' })).toMatchObject({ ok: false, field: 'rule.mode' });
    expect(save({ ...levels, rungs: levels.rungs.slice(0, 2) })).toMatchObject({ ok: false, field: 'rule.rungs' });
    expect(save({ ...levels, scope: { departmentIDs: ['D1'] } })).toMatchObject({ ok: false, field: 'rule.rungs' });
    const silence = bundled('feed-stale') as FigureRule;
    expect(save({ ...silence, rungs: silence.rungs.slice(1) })).toMatchObject({ ok: false, field: 'rule.rungs' });
    expect(decideRule(about(levels), { type: 'retire', ruleId: levels.ruleId, baseVersion: 1, reason: 'r' }, context)).toMatchObject({
      ok: false,
      code: 'CONFLICT',
    });
    const twin = { ...bundled('trading-spoofing'), ruleId: 'another-spoofing' };
    expect(
      decideRule({ before: null, isRetired: false, others: bundledRules() }, { type: 'save', rule: twin, baseVersion: 0, reason: 'r' }, context),
    ).toMatchObject({
      ok: false,
      field: 'rule.detector',
    });
  });
});

describe('the versions of a rule', () => {
  it('hold on their own days, the highest first, and a retired rule is taken up again with the next number', () => {
    const first = bundled('price-move');
    const second = { ...first, version: 2, effectiveFrom: '20270101' };
    expect(versionInForce([second, first], '20261231')?.version).toBe(1);
    expect(versionInForce([second, first], '20270101')?.version).toBe(2);
    expect(versionInForce([{ ...first, effectiveTo: '20250101' }], '20260101')).toBeNull();
    const entry = { actor: 'p-duty', mode: 'live' as const, sequence: 7 };
    const saved = evolveRule(
      null,
      { type: 'rule.saved', payload: { ruleId: first.ruleId, before: first, after: second, reason: 'a', atMs: 1 } },
      entry,
    );
    const retired = evolveRule(saved, { type: 'rule.retired', payload: { ruleId: first.ruleId, before: second, reason: 'b', atMs: 2 } }, entry);
    expect(retired).toMatchObject({ retired: { by: 'p-duty', reason: 'b' }, versions: [{ rule: { version: 2 } }] });
    const again = decideRule(about(second, true), { type: 'save', rule: second, baseVersion: 2, reason: 'c' }, context);
    expect(again).toMatchObject([{ payload: { after: { version: 3 } } }]);
  });
});
