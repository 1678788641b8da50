/** Rules change while the market runs: in force at once, nothing raised twice, nothing lost, and a shadow tells nobody. */
import { describe, expect, it } from 'vitest';
import { type MarketBook, MarketCore } from '#engine/core';
import { bundledRules } from '#engine/watch/bundled-rules';
import type { Condition } from '#engine/watch/condition';
import { packOf, type RulePack } from '#engine/watch/rule-schema';
import type { Rule, RuleMode } from '#shared/desk/rules/rule';
import type { IntakeEvent } from '#shared/feed/intake';
import { ColumnBook } from '#tests/unit/watch/column-book';

class QuietBook extends ColumnBook implements MarketBook {
  apply(): void {}
  evaluate(): void {}
}

function pack(change: (rule: Rule) => Rule | null = (rule) => rule): RulePack {
  return packOf(bundledRules().flatMap((rule) => (rule.watches === 'figures' ? (change(structuredClone(rule)) ?? []) : [])));
}
const levels = (change: (rule: Extract<Rule, { watches: 'figures' }>) => void) =>
  pack((rule) => {
    if (rule.ruleId === 'account-risk-level' && rule.watches === 'figures') change(rule);
    return rule;
  });

function desk() {
  const book = new QuietBook(['A', 'B']);
  const said: Condition[] = [];
  const core = new MarketCore({ book, rules: pack(), open: [], sink: { onConditions: (some) => said.push(...some) }, sessionOf: () => 'closed' });
  let nowMs = 1_000_000;
  let sequence = 0;
  const take = (): Condition[] => said.splice(0).filter((one) => one.kind === 'riskLevel');
  return {
    book,
    core,
    /** A message of the counter, then whatever time brings. */
    step(forMs = 250): Condition[] {
      sequence += 1;
      const event: IntakeEvent = {
        type: 'items',
        feedId: 'f',
        receivedAtMs: nowMs,
        stream: 'accounts',
        sourceTimeMs: nowMs,
        tradingDay: '20270104',
        sequence,
        items: [],
      };
      core.onMessage([event], nowMs);
      nowMs += forMs;
      core.tick(nowMs);
      return take();
    },
    change(rules: RulePack): Condition[] {
      core.setRules(rules, nowMs);
      return take();
    },
  };
}
const setMode = (mode: RuleMode) =>
  levels((rule) => {
    rule.mode = mode;
  });

describe('a threshold that is changed', () => {
  it('raises what now stands beyond it although no figure moved, and keeps what was on', () => {
    const it = desk();
    it.book.set(0, 100, 85, 60);
    it.book.set(1, 100, 75, 60);
    expect(it.step()).toMatchObject([{ entity: 'account:A', transition: 'raised' }]);
    const lower = levels((rule) => {
      rule.version = 2;
      const [warn] = rule.rungs;
      if (warn === undefined || !('metric' in warn.enter) || !('metric' in warn.exit)) throw new Error('the first rung is a comparison');
      warn.enter.value = 0.7;
      warn.exit.value = 0.65;
    });
    expect(it.change(lower)).toEqual([]);
    expect(it.step()).toMatchObject([{ entity: 'account:B', transition: 'raised', reason: { ruleVersion: 2, enterThreshold: 0.7 } }]);
    expect([...it.step(), ...it.step(5000)]).toEqual([]);
  });

  it('ends what it no longer reaches, by good data and after the usual delay', () => {
    const it = desk();
    it.book.set(0, 100, 85, 60);
    it.step();
    const higher = levels((rule) => {
      const [warn] = rule.rungs;
      if (warn === undefined || !('metric' in warn.enter) || !('metric' in warn.exit)) throw new Error('the first rung is a comparison');
      warn.enter.value = 0.95;
      warn.exit.value = 0.9;
    });
    it.change(higher);
    const said = [it.step(), it.step(4000), it.step(2000), it.step()].flat();
    expect(said).toMatchObject([{ entity: 'account:A', transition: 'cleared' }]);
  });
});

describe('a rule in shadow', () => {
  it('counts what it would have raised, tells nobody, and raises it when it goes live', () => {
    const it = desk();
    it.change(setMode('shadow'));
    it.book.set(0, 100, 85, 60);
    expect(it.step()).toEqual([]);
    expect(it.core.ledger.volumeOf('account-risk-level')).toMatchObject({
      raised: 0,
      shadowRaised: 1,
      shadowOn: 1,
      examples: [{ entity: 'account:A' }],
    });
    it.change(setMode('live'));
    expect(it.step()).toMatchObject([{ entity: 'account:A', transition: 'raised' }]);
    expect(it.core.ledger.volumeOf('account-risk-level')).toMatchObject({ raised: 1, on: 1, shadowOn: 0 });
  });

  it('leaves no alert behind that nobody watches: going into shadow ends it and says why', () => {
    const it = desk();
    it.book.set(0, 100, 85, 60);
    it.step();
    expect(it.change(setMode('shadow'))).toMatchObject([
      { transition: 'cleared', entity: 'account:A', reason: { params: { endedBy: 'ruleChanged' } } },
    ]);
    expect(it.step()).toEqual([]);
    // Live once more: it still stands there, and is told again.
    it.change(setMode('live'));
    expect(it.step()).toMatchObject([{ transition: 'raised' }]);
  });
});
