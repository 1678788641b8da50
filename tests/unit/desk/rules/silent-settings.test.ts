/** A rule that could not speak, or carries a setting without effect, is refused by the field that does it. */
import { describe, expect, it } from 'vitest';
import { bundledRules } from '#engine/watch/bundled-rules';
import type { FigureRule, Rule, TradingRule } from '#shared/desk/rules/rule';
import { silentSettingsOf } from '#shared/desk/rules/silent-settings';

const rule = (ruleId: string): Rule => structuredClone(bundledRules().find((one) => one.ruleId === ruleId) as Rule);
const figures = (ruleId: string, change: Partial<FigureRule>) => silentSettingsOf({ ...(rule(ruleId) as FigureRule), ...change });
const trading = (ruleId: string, change: (rule: TradingRule) => void) => {
  const changed = rule(ruleId) as TradingRule;
  change(changed);
  return silentSettingsOf(changed);
};

describe('settings that would keep a rule silent', () => {
  it('are in none of the rules that come with the product', () => {
    expect(bundledRules().flatMap((one) => silentSettingsOf(one).map((found) => ({ ruleId: one.ruleId, ...found })))).toEqual([]);
  });

  it('are named by field: scopes, sessions and sums that mean nothing for what is watched', () => {
    expect(figures('price-limit', { scope: { accountIDs: ['A'] } })).toMatchObject([{ fault: 'scopeUnknown', path: 'scope.accountIDs' }]);
    expect(figures('feed-stale', { scope: { feedIDs: ['a'] } })).toMatchObject([{ fault: 'scopeUnknown', path: 'scope.feedIDs' }]);
    expect(figures('position-limit', { session: 'open' })).toMatchObject([{ fault: 'sessionIgnored', path: 'session' }]);
    expect(figures('price-limit', { combine: 'joint' })).toMatchObject([{ fault: 'jointMeaningless', path: 'combine' }]);
    // Left empty, a list narrows nothing and harms nothing.
    expect(figures('price-limit', { scope: { accountIDs: [] } })).toEqual([]);
  });

  it('are named by field: ladders that tell nobody, or tell less when it gets worse', () => {
    const { rungs } = rule('position-limit') as FigureRule;
    const steps = (...names: ('ignore' | 'warn' | 'ban')[]) =>
      figures('position-limit', { rungs: rungs.map((rung, at) => ({ ...rung, step: names[at] ?? 'ban' })) });
    expect(steps('ignore', 'ignore', 'ignore')).toMatchObject([{ fault: 'toldNobody', path: 'rungs' }]);
    expect(steps('warn', 'ignore', 'ban')).toMatchObject([{ fault: 'stepFalls', path: 'rungs.1.step' }]);
    const severities = figures('position-limit', { rungs: rungs.map((rung, at) => ({ ...rung, severity: at === 2 ? 'low' : 'high' })) });
    expect(severities).toMatchObject([{ fault: 'severityFalls', path: 'rungs.2.severity' }]);
  });

  it('are named by field: windows, delays and degrees that cancel each other out', () => {
    expect(figures('fast-move', { parameters: { windowMs: 500 } })).toMatchObject([{ fault: 'parameterRange', path: 'parameters.windowMs' }]);
    expect(figures('fast-move', { onDelayMs: 60_000 })).toMatchObject([{ fault: 'delayOutlastsWindow', path: 'onDelayMs' }]);
    expect(figures('margin-call-open', { parameters: { callDegree: 1, releaseDegree: 1 } })).toMatchObject([{ path: 'parameters.releaseDegree' }]);
    expect(figures('counter-residual', { parameters: { residualEnterMoney: 1, residualExitMoney: 1 } })).toMatchObject([
      { path: 'parameters.residualExitMoney' },
    ]);
  });

  it('are named by field: two rows of one scope and day with other numbers, not two that say the same', () => {
    const twin = (change: Record<string, unknown>) =>
      trading('trading-self-trade', (one) => Object.assign(one, { rows: [...one.rows, { ...one.rows[0], ruleId: 'twin', ...change }] }));
    const { rows } = rule('trading-self-trade') as TradingRule;
    expect(twin({ ban: 1_000_000 })).toMatchObject([{ fault: 'rowContradicts', path: `rows.${rows.length}.effectiveFrom` }]);
    expect(twin({ citation: 'another notice' })).toEqual([]);
    expect(twin({ ban: 1_000_000, effectiveFrom: '20260101' })).toEqual([]);
  });

  it('are named by field: rows of detectors that could not be judged by', () => {
    expect(trading('trading-ramping', (one) => Object.assign(one.rows[0]?.parameters ?? {}, { noiseShare: 1.2 }))).toMatchObject([
      { fault: 'parameterRange', path: 'rows.0.parameters.noiseShare' },
    ]);
    expect(trading('trading-ramping', (one) => delete one.rows[0]?.parameters.noiseShare)).toEqual([]);
    expect(trading('trading-spoofing', (one) => delete one.rows[0]?.parameters.minLots)).toMatchObject([{ path: 'rows.0.parameters.minLots' }]);
    expect(
      trading('trading-large-cancel', (one) => Object.assign(one, { rows: one.rows.map((row) => ({ ...row, parameters: {} })) }))[0],
    ).toMatchObject({
      path: 'rows.0.parameters.minLots',
    });
    expect(trading('trading-order-rate', (one) => Object.assign(one, { scope: { instrumentIDs: ['au2612'] } }))).toMatchObject([
      { fault: 'scopeUnknown', path: 'scope.instrumentIDs' },
    ]);
    expect(trading('trading-self-trade', (one) => Object.assign(one, { scope: { exchangeIDs: ['LME'] } }))).toMatchObject([
      { fault: 'rowMissing', path: 'scope.exchangeIDs' },
    ]);
    expect(trading('trading-ramping', (one) => Object.assign(one.rows[0] ?? {}, { warn: 2, ban: 3 }))).toMatchObject([
      { fault: 'rowNever', path: 'rows.0.warn' },
    ]);
    expect(trading('trading-self-trade', (one) => Object.assign(one, { effectiveTo: '20180101', effectiveFrom: '20170101' }))[0]).toMatchObject({
      fault: 'rowNever',
      path: 'rows.0.effectiveFrom',
    });
  });
});
