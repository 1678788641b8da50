/** How much and how fast somebody sends: message rates, the report duty of programs, a stock exchange's high frequency, and a day's message fee. */
import type { WorkingOrder } from '../counter/book';
import { createBeat, type Hand, lead, type Play, type Script, type Stage } from './episode';

/** Orders that fill at once, buying and selling in turn: a program that trades, so that nobody takes it for stuffing, nor for one that runs away. */
function sendInTurn(stage: Stage, sent: number, nowMs: number, hand: Hand): void {
  const { state } = stage;
  const isBuy = sent % 2 === 0;
  hand.submit(
    {
      client: lead(stage),
      isBuy,
      offset: 'open',
      limitTicks: isBuy ? state.askTicks + 1 : state.bidTicks - 1,
      volume: 1 + (sent % 3),
      isImmediate: true,
    },
    nowMs,
  );
}

type Bursts = { bursts: number; ofEach: number; everyMs: number; withinMs: number };

function tradingBursts(stage: Stage, startMs: number, { bursts, ofEach, everyMs, withinMs }: Bursts): Play {
  const beat = createBeat(withinMs / ofEach, startMs);
  let sent = 0;
  let waitsUntilMs = startMs;
  return (nowMs, hand) => {
    for (let beats = beat(nowMs); beats > 0 && sent < bursts * ofEach; beats -= 1) {
      if (nowMs < waitsUntilMs) continue;
      sendInTurn(stage, sent, nowMs, hand);
      sent += 1;
      if (sent % ofEach === 0) waitsUntilMs = nowMs + everyMs;
    }
    return sent >= bursts * ofEach;
  };
}

/** Three times more than forty orders within a second. */
export const orderRate: Script = {
  kind: 'orderRate',
  needsGroup: false,
  stage: (stage, startMs) => tradingBursts(stage, startMs, { bursts: 3, ofEach: stage.random.int(48, 56), everyMs: 7000, withinMs: 900 }),
};

/** A dozen times more than ten orders within a second: from the tenth on in a day, who trades by program has to report it. */
export const programReport: Script = {
  kind: 'programReport',
  needsGroup: false,
  stage: (stage, startMs) =>
    tradingBursts(stage, startMs, { bursts: stage.random.int(12, 14), ofEach: 12, everyMs: stage.random.int(3000, 5000), withinMs: 600 }),
};

/** More than three hundred messages within a second on a stock exchange, for two to three seconds: some trade, the others are taken back at once. */
export const securitiesHighFrequency: Script = {
  kind: 'securitiesHighFrequency',
  needsGroup: false,
  stage: (stage, startMs) => {
    const { state } = stage;
    const untilMs = startMs + stage.random.int(2000, 3000);
    const beat = createBeat(5, startMs);
    let pending: WorkingOrder[] = [];
    let sent = 0;
    return (nowMs, hand) => {
      for (const order of pending) hand.cancel(order, nowMs);
      pending = [];
      for (let beats = nowMs < untilMs ? beat(nowMs) : 0; beats > 0; beats -= 1) {
        sent += 1;
        const isBuy = sent % 2 === 0;
        if (sent % 3 === 0) {
          sendInTurn(stage, sent, nowMs, hand);
          continue;
        }
        const limitTicks = isBuy ? state.bidTicks - 3 : state.askTicks + 3;
        const order = hand.submit({ client: lead(stage), isBuy, offset: 'open', limitTicks, volume: 10, fillsByChance: false }, nowMs);
        if (order !== null) pending.push(order);
      }
      return nowMs >= untilMs && pending.length === 0;
    };
  },
};

/** A program that keeps moving its two quotes: beyond the four thousand messages of a contract and day from which SHFE takes a fee, with next to no trade. */
export const messageFee: Script = {
  kind: 'messageFee',
  needsGroup: false,
  stage: (stage, startMs) => {
    const { state } = stage;
    const goal = stage.random.int(2030, 2120);
    const beat = createBeat(125, startMs);
    const resting: WorkingOrder[] = [];
    let sent = 0;
    return (nowMs, hand) => {
      for (let beats = beat(nowMs); beats > 0; beats -= 1) {
        const oldest = resting.length > 1 || sent >= goal ? resting.shift() : undefined;
        if (oldest !== undefined) hand.cancel(oldest, nowMs);
        if (sent >= goal) continue;
        const isBuy = sent % 2 === 0;
        sent += 1;
        const limitTicks = isBuy ? state.bidTicks - 6 : state.askTicks + 6;
        const order = hand.submit({ client: lead(stage), isBuy, offset: 'open', limitTicks, volume: 1, fillsByChance: false }, nowMs);
        if (order !== null) resting.push(order);
      }
      return sent >= goal && resting.length === 0;
    };
  },
};
