/** Every pair of settings of a rule about trading that a rule in force can have raises its alert; what cannot is refused by a field that it names. */
import { describe, expect, it } from 'vitest';
import { bundledAlertPolicy } from '#engine/desk/alerts/alert-policy';
import { bundledRules } from '#engine/watch/bundled-rules';
import type { Condition } from '#engine/watch/condition';
import { LeastTimeOn } from '#engine/watch/least-time-on';
import { packOf } from '#engine/watch/rule-schema';
import { TradingWatch } from '#engine/watch/trading-watch';
import { decideSignal } from '#shared/desk/alerts/decide';
import { isRefusal } from '#shared/desk/decision';
import { decideRule } from '#shared/desk/rules/decide';
import { type Rule, ruleSchema, type TradingRule } from '#shared/desk/rules/rule';
import { silentSettingsOf } from '#shared/desk/rules/silent-settings';
import { DETECTOR_NAMES } from '#shared/desk/rules/threshold-row';
import { allPairs, type Chosen } from '#tests/helpers/all-pairs';
import { beginScene, TRADING_DAY, TRADING_SCENES } from '#tests/helpers/trading-scenes';

const FACTORS = {
  detector: DETECTOR_NAMES,
  /** How it comes to be live, and whether the detector it shares its measure with runs. */
  path: ['live', 'shadowFirst', 'offFirst', 'retiredBefore'],
  others: ['on', 'off'],
  scope: ['none', 'accountIDs', 'controlGroupIDs', 'departmentIDs', 'exchangeIDs', 'productIDs', 'instrumentIDs', 'feedIDs'],
  inGroup: [true, false],
  session: ['always', 'open'],
  offDelayMs: [0, 600_000],
  minActiveMs: [0, 600_000],
  isLatched: [false, true],
  severities: ['low', 'critical'],
  exempt: ['none', 'marketMaker', 'hedgeAndFok'],
  rows: ['bundled', 'ofProduct', 'ended', 'laterOne', 'withoutParameters'],
  effective: ['now', 'lastDay'],
} as const;
type Settings = Chosen<typeof FACTORS>;

const BUNDLED = bundledRules().filter((rule) => rule.watches === 'trading');

function ruleOf(settings: Settings): TradingRule {
  const rule = BUNDLED.find(({ detector }) => detector === settings.detector);
  if (rule === undefined) throw new Error(`no rule has ${settings.detector}`);
  const { exchangeID, productID, instrumentID } = TRADING_SCENES[settings.detector];
  const account = settings.inGroup || needsGroup(settings.detector) ? 'A1' : 'C1';
  const ids = {
    accountIDs: [account],
    controlGroupIDs: ['G1'],
    departmentIDs: ['D1'],
    exchangeIDs: [exchangeID],
    productIDs: [productID],
    instrumentIDs: [instrumentID],
    feedIDs: ['test'],
  };
  const row = rule.rows.find((one) => one.exchangeID === exchangeID && (one.productID ?? productID) === productID) ?? rule.rows[0];
  if (row === undefined) throw new Error('a rule has rows');
  const rows = {
    bundled: rule.rows,
    ofProduct: [{ ...row, exchangeID, productID, notOnExchanges: [] }],
    ended: rule.rows.map((one) => ({ ...one, effectiveFrom: '20100101', effectiveTo: '20110101' })),
    laterOne: [...rule.rows, { ...row, ruleId: 'from-next-year', effectiveFrom: '20270101' }],
    withoutParameters: rule.rows.map((one) => ({ ...one, parameters: {} })),
  }[settings.rows];
  return {
    ...rule,
    mode: 'live',
    effectiveFrom: '20260101',
    ...(settings.effective === 'lastDay' ? { effectiveTo: TRADING_DAY } : {}),
    scope: settings.scope === 'none' ? {} : { [settings.scope]: ids[settings.scope] },
    session: settings.session,
    offDelayMs: settings.offDelayMs,
    minActiveMs: settings.minActiveMs,
    isLatched: settings.isLatched,
    severities: { warn: settings.severities, ban: 'critical' },
    exempt: settings.exempt === 'none' ? [] : settings.exempt === 'marketMaker' ? ['marketMaker'] : ['hedge', 'FOK'],
    rows,
  };
}

const needsGroup = (detector: Settings['detector']): boolean => detector === 'selfTrade' || detector === 'washTrade';

function refusalOf(rule: TradingRule): string | null {
  const parsed = ruleSchema.safeParse(rule);
  if (!parsed.success) return parsed.error.issues[0]?.path.join('.') ?? '';
  const before = bundledRules().find(({ ruleId }) => ruleId === rule.ruleId) as Rule;
  const decision = decideRule(
    { before, isRetired: false, others: [] },
    { type: 'save', rule, baseVersion: before.version, reason: 'trial' },
    { nowMs: 0, newId: () => '', actor: 'p' },
  );
  return isRefusal(decision) ? (decision.field ?? '') : null;
}

const pack = (rules: readonly Rule[]) => packOf(rules).trading;

/** Trades the scene under the rule, and answers what the alert desk would record. */
function play(settings: Settings, rule: TradingRule): string[] {
  const others = bundledRules().filter((one) => settings.others === 'on' && one.watches === 'trading' && one.detector !== rule.detector);
  const beforeMode = { live: rule.mode, shadowFirst: 'shadow', offFirst: 'off', retiredBefore: null }[settings.path] as Rule['mode'] | null;
  const first = pack([...others, ...(beforeMode === null ? [] : [{ ...rule, mode: beforeMode }])]);
  const scene = TRADING_SCENES[settings.detector];
  const desk = beginScene(scene);
  if (!settings.inGroup && !needsGroup(settings.detector)) desk.moveOut('A1', 'C1');
  const watch = new TradingWatch(first, [], (accountID) => (accountID === 'A1' || accountID === 'C1' ? 'D1' : null));
  const out: Condition[] = [];
  let fed = 0;
  const hear = (): void => {
    watch.onEvents(desk.told.slice(fed), desk.nowMs, out);
    fed = desk.told.length;
  };
  // The day has begun and something was traded before the rule is live.
  desk.quote(3000, { exchangeID: scene.exchangeID, instrumentID: scene.instrumentID });
  desk.fill(desk.order({ accountID: 'B9', exchangeID: scene.exchangeID, instrumentID: scene.instrumentID }));
  hear();
  out.length = 0;
  if (settings.path !== 'live') watch.setRules(pack([...others, rule]), []);
  scene.play(desk);
  hear();
  watch.onTick(desk.nowMs, true, out);
  const leastTimeOn = new LeastTimeOn(packOf([rule]).endings, []);
  let ids = 0;
  return leastTimeOn
    .take(out, desk.nowMs)
    .filter(({ ruleId }) => ruleId === rule.ruleId)
    .flatMap((condition) =>
      decideSignal(
        null,
        { ...condition, dedupKey: 'a'.repeat(32), planIds: [] },
        { nowMs: desk.nowMs, newId: () => `01996b1c-0000-7000-8000-${String(++ids).padStart(12, '0')}`, actor: 'watch' },
        bundledAlertPolicy,
      ),
    )
    .map(({ type }) => type);
}

describe('all pairs of settings of a rule about trading', () => {
  it('raise their alert when they are taken, and name a field when they are not', { timeout: 120_000 }, () => {
    const isTaken = (settings: Settings): boolean =>
      !(settings.scope === 'controlGroupIDs' && !settings.inGroup && !needsGroup(settings.detector)) &&
      silentSettingsOf(ruleOf(settings)).length === 0;
    const { rows: taken } = allPairs(FACTORS, 3, isTaken, 300);
    const silent = taken.flatMap((settings) => {
      const rule = ruleOf(settings);
      const refused = refusalOf(rule);
      if (refused !== null) return [{ refused, ...settings }];
      return play(settings, rule).includes('alert.raised') ? [] : [settings];
    });
    expect(silent).toEqual([]);
    expect(taken.length).toBeGreaterThan(60);
    const { rows: any } = allPairs(FACTORS, 4);
    const unnamed = any.filter((settings) => silentSettingsOf(ruleOf(settings)).length > 0 && (refusalOf(ruleOf(settings)) ?? '') === '');
    expect(unnamed).toEqual([]);
  });
});
