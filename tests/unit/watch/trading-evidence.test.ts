/** What is frozen when a detector tells of something: for each of the eighteen, what a person needs to see of it, and of a graver step its own. */
import { describe, expect, it } from 'vitest';
import { bundledAlertPolicy } from '#engine/desk/alerts/alert-policy';
import { bundledRules } from '#engine/watch/bundled-rules';
import type { Condition } from '#engine/watch/condition';
import { TradingWatch } from '#engine/watch/trading-watch';
import { decideSignal } from '#shared/desk/alerts/decide';
import { evolveAlert } from '#shared/desk/alerts/evolve';
import { type ConditionEvidence, conditionEvidenceSchema } from '#shared/desk/rules/evidence';
import type { TradingRule } from '#shared/desk/rules/rule';
import { DETECTOR_NAMES, type DetectorName } from '#shared/desk/rules/threshold-row';
import { beginScene, TRADING_SCENES } from '#tests/helpers/trading-scenes';

/** Everything that a live rule of this detector told, heard as each thing was said. */
function toldOf(detector: DetectorName): Condition[] {
  const rules = structuredClone(bundledRules().filter((rule): rule is TradingRule => rule.watches === 'trading' && rule.detector === detector));
  const watch = new TradingWatch(
    rules.map((rule) => ({ ...rule, mode: 'live' })),
    [],
  );
  const scene = TRADING_SCENES[detector];
  const desk = beginScene(scene);
  desk.quote(3000, { exchangeID: scene.exchangeID, instrumentID: scene.instrumentID });
  scene.play(desk);
  const out: Condition[] = [];
  for (const event of desk.told) watch.onEvents([event], desk.nowMs, out);
  return out;
}

function lastEvidence(detector: DetectorName): ConditionEvidence {
  return conditionEvidenceSchema.parse(toldOf(detector).at(-1)?.evidence);
}

describe('frozen evidence', () => {
  it.each(DETECTOR_NAMES)('%s: the orders or trades that made it, and the market then', (detector) => {
    const evidence = lastEvidence(detector);
    expect(evidence.orders.length + evidence.trades.length).toBeGreaterThan(0);
    expect(evidence.ticks.length).toBeGreaterThan(0);
    expect(evidence.byAccount.length).toBeGreaterThan(0);
  });

  it('shows of a layer every level and the small fill on the other side', () => {
    const { orders, trades } = lastEvidence('layering');
    const bids = orders.filter(({ direction, volume }) => direction === 'buy' && volume === 100);
    expect(new Set(bids.map(({ limitPrice }) => limitPrice)).size).toBe(3);
    expect(orders.some(({ direction, volume, state }) => direction === 'sell' && volume === 2 && state === 'traded')).toBe(true);
    expect(trades.some(({ direction, volume }) => direction === 'sell' && volume === 2)).toBe(true);
  });

  it('shows of a burst its way in and its way out, from the first order on', () => {
    const { orders } = lastEvidence('momentumIgnition');
    expect(orders.filter(({ direction }) => direction === 'buy')).toHaveLength(8);
    expect(orders.some(({ direction, offsetFlag }) => direction === 'sell' && offsetFlag === 'closeToday')).toBe(true);
  });

  it('shows of a wash trade both ways of the lots', () => {
    const { trades } = lastEvidence('washTrade');
    expect(new Set(trades.map(({ accountID }) => accountID)).size).toBe(2);
  });

  it('keeps of a graver step its own evidence and every step so far, in the journal entry', () => {
    const [warned, breached] = toldOf('selfTrade');
    const signal = (condition: Condition | undefined) => {
      if (condition === undefined) throw new Error('not told');
      return { ...condition, dedupKey: 'a'.repeat(32), planIds: [] } as Parameters<typeof decideSignal>[1];
    };
    const context = { nowMs: 0, newId: () => '01996b1c-0000-7000-8000-000000000001' } as Parameters<typeof decideSignal>[2];
    const [raised] = decideSignal(null, signal(warned), context, bundledAlertPolicy);
    const alert = raised === undefined ? null : evolveAlert(null, raised, { actor: 'engine', mode: 'live', sequence: 1 });
    const [changed] = decideSignal(alert, signal(breached), context, bundledAlertPolicy);
    if (changed?.type !== 'alert.severityChanged') throw new Error('not graver');
    expect(changed.payload.evidence?.trades).toHaveLength(5);
    expect(changed.payload.crossed?.map(({ step }) => step)).toEqual(['ignore', 'warn', 'ban']);
  });
});
