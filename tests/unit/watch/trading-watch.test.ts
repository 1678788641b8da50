/** Detectors beside the live market: told once with what made it, changed when it worsens, over with its day, and never again after a restart or a change of rule. */
import { describe, expect, it } from 'vitest';
import { bundledRules } from '#engine/watch/bundled-rules';
import type { Condition, OpenCondition } from '#engine/watch/condition';
import { TradingWatch } from '#engine/watch/trading-watch';
import { conditionEvidenceSchema } from '#shared/desk/rules/evidence';
import type { TradingRule } from '#shared/desk/rules/rule';
import { contradictingRows } from '#shared/desk/rules/silent-settings';
import { TEN_MS, TestDesk } from '#tests/unit/watch/detectors/desk';

const rules = (): TradingRule[] => structuredClone(bundledRules().filter((rule) => rule.watches === 'trading'));
const only = (detector: string): TradingRule[] => rules().filter((rule) => rule.detector === detector);

function desk(given: TradingRule[] = only('selfTrade'), open: OpenCondition[] = []) {
  const source = new TestDesk();
  const watch = new TradingWatch(given, open);
  let fed = 0;
  return {
    source,
    watch,
    /** Everything the source said since the last time. */
    hear(nowMs = source.nowMs): Condition[] {
      const out: Condition[] = [];
      watch.onEvents(source.told.slice(fed), nowMs, out);
      fed = source.told.length;
      return out;
    },
    tick(nowMs: number, isDataLive = true): Condition[] {
      const out: Condition[] = [];
      watch.onTick(nowMs, isDataLive, out);
      return out;
    },
  };
}

function cross(it: ReturnType<typeof desk>, times: number): void {
  for (let no = 0; no < times; no += 1) it.source.cross({ accountID: 'A1' }, { accountID: 'A2' });
}

describe('a counted rule', () => {
  it('is told at its warning and its limit, with the orders, trades and ticks that made it', () => {
    const it = desk();
    it.source.group('G1', ['A1', 'A2']);
    it.source.quote(3000);
    cross(it, 3);
    expect(it.hear()).toEqual([]);
    cross(it, 1);
    const [warned] = it.hear();
    expect(warned).toMatchObject({
      transition: 'raised',
      kind: 'selfTrade',
      entity: 'controlGroup:G1',
      severity: 'medium',
      dimensions: { instrument: 'SHFE.rb2701', tradingDay: '20261123' },
      quality: 'good',
      crossed: [{ step: 'ignore' }, { step: 'warn', threshold: 4, certainty: 'secondary' }],
      reason: { value: 4, enterThreshold: 4, thresholdCertainty: 'secondary', params: { thresholdRow: 'self-trade-shfe', level: 'warn' } },
    });
    const evidence = conditionEvidenceSchema.parse(warned?.evidence);
    expect(evidence.trades).toMatchObject([{ counterpartyID: 'A2' }, {}, {}, {}]);
    expect(evidence.orders.length).toBeGreaterThan(0);
    expect(evidence.ticks).toMatchObject([{ lastPrice: 3000 }]);
    cross(it, 1);
    expect(it.hear()).toMatchObject([{ transition: 'changed', severity: 'high', reason: { value: 5 } }]);
    // What was told is frozen: later acts do not change it.
    expect(evidence.trades).toHaveLength(4);
    cross(it, 20);
    expect(it.hear()).toEqual([]);
  });

  it('is over when its trading day is, and begins anew in the next', () => {
    const it = desk();
    it.source.group('G1', ['A1', 'A2']);
    cross(it, 5);
    expect(it.hear()).toMatchObject([{ transition: 'raised', severity: 'high', crossed: [{ step: 'ignore' }, { step: 'warn' }, { step: 'ban' }] }]);
    expect(it.tick(TEN_MS + 3_600_000)).toEqual([]);
    it.source.tradingDay = '20261124';
    it.source.quote(3001);
    expect(it.hear()).toMatchObject([
      { transition: 'cleared', dimensions: { tradingDay: '20261123' }, reason: { params: { endedBy: 'tradingDayOver' } } },
    ]);
    cross(it, 5);
    expect(it.hear()).toMatchObject([{ transition: 'raised', dimensions: { tradingDay: '20261124' } }]);
  });

  it('is not told a second time after a restart that sees the day again in a picture', () => {
    const first = desk();
    first.source.group('G1', ['A1', 'A2']);
    cross(first, 5);
    const last = first.hear().at(-1);
    if (last === undefined) throw new Error('nothing was told');
    const again = desk(only('selfTrade'), [{ ...last, state: 'active' }]);
    again.source.group('G1', ['A1', 'A2']);
    cross(again, 5);
    expect(again.hear()).toEqual([]);
  });

  it('follows a threshold that is changed in mid-day, counts included, and keeps to its scope', () => {
    const it = desk();
    it.source.group('G1', ['A1', 'A2']);
    cross(it, 3);
    it.hear();
    const stricter = only('selfTrade').map((rule) => ({
      ...rule,
      version: 2,
      rows: rule.rows.map((row) => ({ ...row, ignore: 1, warn: 2, ban: 9 })),
    }));
    it.watch.setRules(stricter, []);
    cross(it, 1);
    expect(it.hear()).toMatchObject([{ transition: 'raised', reason: { ruleVersion: 2, value: 4, enterThreshold: 2 } }]);
    const elsewhere = desk(only('selfTrade').map((rule) => ({ ...rule, scope: { exchangeIDs: ['DCE'] } })));
    elsewhere.source.group('G1', ['A1', 'A2']);
    cross(elsewhere, 6);
    expect(elsewhere.hear()).toEqual([]);
    const hedging = desk(only('selfTrade').map((rule) => ({ ...rule, exempt: ['arbitrage' as const] })));
    hedging.source.group('G1', ['A1', 'A2']);
    for (let no = 0; no < 6; no += 1) hedging.source.cross({ accountID: 'A1', hedgeFlag: 'arbitrage' }, { accountID: 'A2', hedgeFlag: 'arbitrage' });
    expect(hedging.hear()).toEqual([]);
  });
});

describe('what cannot be judged', () => {
  it('is said by detector: two rows that contradict each other, an exchange without a row', () => {
    const given = only('frequentCancel');
    const [rule] = given;
    const shfe = rule?.rows.find(({ exchangeID, productID }) => exchangeID === 'SHFE' && productID === undefined);
    if (rule === undefined || shfe === undefined) throw new Error('no row of SHFE');
    rule.rows.push({ ...shfe, ruleId: 'twin', ban: shfe.ban + 1 });
    expect([...contradictingRows(rule)]).toEqual([rule.rows.indexOf(shfe), rule.rows.length - 1]);
    const it = desk(given);
    const cancelAt = (exchangeID: string, instrumentID: string): void => {
      const order = it.source.order({ exchangeID, instrumentID });
      it.source.cancel(order);
    };
    cancelAt('SHFE', 'rb2701');
    cancelAt('GFEX', 'si2701');
    it.hear();
    expect(it.watch.notJudgedBy('frequentCancel')).toEqual([
      { reason: 'CONTRADICTING_THRESHOLDS', subject: 'SHFE' },
      { reason: 'NO_THRESHOLD', subject: 'GFEX' },
    ]);
    expect(it.watch.notJudgedBy('spoofing').filter(({ reason }) => reason === 'CONTRADICTING_THRESHOLDS')).toEqual([]);
  });
});

describe('a pattern', () => {
  /** Equal filled orders, one every 200 ms: a program that cannot stop. */
  function runaway(it: ReturnType<typeof desk>, orders: number): Condition[] {
    const said: Condition[] = [];
    for (let no = 0; no < orders; no += 1) {
      it.source.nowMs += 200;
      it.source.fill(it.source.order());
      said.push(...it.hear());
    }
    return said;
  }

  it('is over after it was quiet for long enough on live data, and told again when it comes back', () => {
    const it = desk(only('runawayAlgo'));
    expect(runaway(it, 35)).toMatchObject([{ transition: 'raised', kind: 'runawayAlgo' }]);
    const quietMs = it.source.nowMs;
    expect(it.tick(quietMs)).toEqual([]);
    // Ten minutes without data are not ten quiet minutes.
    for (let step = 1; step <= 20; step += 1) expect(it.tick(quietMs + step * 60_000, false)).toEqual([]);
    expect(it.tick(quietMs + 25 * 60_000)).toEqual([]);
    expect(it.tick(quietMs + 31 * 60_000)).toMatchObject([{ transition: 'cleared', reason: { params: { endedBy: 'quiet' } } }]);
    it.source.nowMs = quietMs + 40 * 60_000;
    expect(runaway(it, 35)).toEqual([]);
    expect(it.tick(it.source.nowMs)).toMatchObject([{ transition: 'raised' }]);
  });
});
