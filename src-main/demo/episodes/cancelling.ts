/** Orders that are not meant to trade: frequent and large cancels, spoofing, layering and quote stuffing. */
import type { WorkingOrder } from '../counter/book';
import { createBeat, type Hand, lead, type Script, type Stage } from './episode';

const LIMIT_QUEUE_EVERY_MS = 700;
/** How far beyond its limit the price would stand, so that noise does not unlock it; and how hard each push is. Logarithmic. */
const BEYOND_LIMIT = 0.006;
const LIMIT_PUSH = 0.005;
const LONGEST_LIMIT_QUEUE_MS = 240_000;

type Pending = { order: WorkingOrder; cancelAtMs: number };

function sweep(pending: Pending[], nowMs: number, hand: Hand): Pending[] {
  return pending.filter((entry) => {
    if (entry.cancelAtMs > nowMs) return true;
    hand.cancel(entry.order, nowMs);
    return false;
  });
}

/** A price that stays clear of the market, `away` ticks on the passive side. */
function passiveTicks(stage: Stage, isBuy: boolean, away: number): number {
  const { state } = stage;
  return isBuy ? Math.max(state.lowerTicks, state.bidTicks - away) : Math.min(state.upperTicks, state.askTicks + away);
}

type Repeated = { goal: number; everyMs: number; lifeMs: number; away: number; volume: number };

function repeatedCancels(stage: Stage, startMs: number, plan: Repeated): (nowMs: number, hand: Hand) => boolean {
  const client = lead(stage);
  const beat = createBeat(plan.everyMs, startMs);
  let pending: Pending[] = [];
  let tries = 0;
  return (nowMs, hand) => {
    pending = sweep(pending, nowMs, hand);
    for (let beats = beat(nowMs); beats > 0 && tries < plan.goal; beats -= 1) {
      tries += 1;
      const isBuy = stage.random.chance(0.5);
      const limitTicks = passiveTicks(stage, isBuy, plan.away);
      const order = hand.submit({ client, isBuy, offset: 'open', limitTicks, volume: plan.volume, fillsByChance: false }, nowMs);
      if (order !== null) pending.push({ order, cancelAtMs: nowMs + plan.lifeMs });
    }
    return tries >= plan.goal && pending.length === 0;
  };
}

/** Over the 500 cancels of one contract and day at which exchanges call them frequent. */
export const frequentCancel: Script = {
  kind: 'frequentCancel',
  needsGroup: false,
  stage: (stage, startMs) => repeatedCancels(stage, startMs, { goal: stage.random.int(510, 560), everyMs: 500, lifeMs: 1200, away: 4, volume: 1 }),
};

/** Over fifty cancels of three hundred lots and more. */
export const largeCancel: Script = {
  kind: 'largeCancel',
  needsGroup: false,
  stage: (stage, startMs) =>
    repeatedCancels(stage, startMs, {
      goal: stage.random.int(54, 62),
      everyMs: 2500,
      lifeMs: 1800,
      away: 5,
      volume: Math.min(stage.state.contract.product.maxOrder, stage.random.int(310, 380)),
    }),
};

/** Messages at many times the usual rate and next to no fills. */
export const quoteStuffing: Script = {
  kind: 'quoteStuffing',
  needsGroup: false,
  stage: (stage, startMs) => repeatedCancels(stage, startMs, { goal: stage.random.int(500, 700), everyMs: 20, lifeMs: 60, away: 12, volume: 1 }),
};

/** Over the hundred cancels at the limit price that CZCE calls abnormal: the price is pushed to its limit, and a queue is shown there that nobody means. */
export const limitPriceCancel: Script = {
  kind: 'limitPriceCancel',
  needsGroup: false,
  stage: (stage, startMs) => {
    const client = lead(stage);
    const { state, market } = stage;
    const isUp = stage.random.chance(0.5);
    const sign = isUp ? 1 : -1;
    const goal = stage.random.int(104, 118);
    const volume = stage.random.int(20, 60);
    const beat = createBeat(LIMIT_QUEUE_EVERY_MS, startMs);
    let pending: Pending[] = [];
    let tries = 0;
    return (nowMs, hand) => {
      pending = sweep(pending, nowMs, hand);
      for (let beats = beat(nowMs); beats > 0; beats -= 1) {
        const limitTicks = isUp ? state.upperTicks : state.lowerTicks;
        if ((state.fairTicks - limitTicks * (1 + sign * BEYOND_LIMIT)) * sign < 0) market.push(state.contract.product.index, sign * LIMIT_PUSH);
        if (tries >= goal || state.lastTicks !== limitTicks) continue;
        tries += 1;
        const order = hand.submit({ client, isBuy: isUp, offset: 'open', limitTicks, volume, fillsByChance: false }, nowMs);
        if (order !== null) pending.push({ order, cancelAtMs: nowMs + 1100 });
      }
      return (tries >= goal && pending.length === 0) || nowMs - startMs > LONGEST_LIMIT_QUEUE_MS;
    };
  },
};

/** A few rounds of: large orders on one side, a small fill on the other, then the large ones are gone. */
function deceptiveRounds(stage: Stage, startMs: number, levels: number): (nowMs: number, hand: Hand) => boolean {
  const client = lead(stage);
  const rounds = stage.random.int(5, 8);
  const beat = createBeat(stage.random.int(6000, 10_000), startMs);
  const bigVolume = Math.min(stage.state.contract.product.maxOrder, stage.random.int(60, 160));
  let round = 0;
  let pending: Pending[] = [];
  return (nowMs, hand) => {
    pending = sweep(pending, nowMs, hand);
    for (let beats = beat(nowMs); beats > 0 && round < rounds; beats -= 1) {
      round += 1;
      const isBigBuy = stage.random.chance(0.5);
      for (let level = 1; level <= levels; level += 1) {
        const limitTicks = passiveTicks(stage, isBigBuy, level);
        const order = hand.submit({ client, isBuy: isBigBuy, offset: 'open', limitTicks, volume: bigVolume, fillsByChance: false }, nowMs);
        if (order !== null) pending.push({ order, cancelAtMs: nowMs + stage.random.int(700, 1900) });
      }
      const { state } = stage;
      hand.submit(
        {
          client,
          isBuy: !isBigBuy,
          offset: 'open',
          limitTicks: isBigBuy ? state.bidTicks : state.askTicks,
          volume: stage.random.int(1, 3),
          isImmediate: true,
        },
        nowMs,
      );
    }
    return round >= rounds && pending.length === 0;
  };
}

export const spoofing: Script = { kind: 'spoofing', needsGroup: false, stage: (stage, startMs) => deceptiveRounds(stage, startMs, 1) };
export const layering: Script = {
  kind: 'layering',
  needsGroup: false,
  stage: (stage, startMs) => deceptiveRounds(stage, startMs, stage.random.int(3, 5)),
};
