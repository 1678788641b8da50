/** Nobody means these: a fat finger and a program that cannot stop. */
import { createBeat, lead, type Script } from './episode';

/** One order of a size or a price that cannot be meant, taken back some seconds later. */
export const fatFinger: Script = {
  kind: 'fatFinger',
  needsGroup: false,
  stage: (stage, startMs) => {
    const client = lead(stage);
    const regretMs = startMs + stage.random.int(3000, 8000);
    const isBuy = stage.random.chance(0.5);
    const { state } = stage;
    const away = Math.round(state.lastTicks * stage.random.range(0.02, 0.035));
    const volume = Math.min(state.contract.product.maxOrder, stage.random.int(80, 160));
    let order: ReturnType<Parameters<ReturnType<Script['stage']>>[1]['submit']> = null;
    let isPlaced = false;
    return (nowMs, hand) => {
      if (!isPlaced) {
        isPlaced = true;
        // Far on the passive side: the keyed price is wrong by a digit, so it rests where everyone can see it.
        order = hand.submit(
          { client, isBuy, offset: 'open', limitTicks: isBuy ? state.lastTicks - away : state.lastTicks + away, volume, fillsByChance: false },
          nowMs,
        );
      }
      if (nowMs < regretMs) return false;
      if (order !== null) hand.cancel(order, nowMs);
      return true;
    };
  },
};

/** The same order again and again, ten a second, the position growing with each. */
export const runawayAlgo: Script = {
  kind: 'runawayAlgo',
  needsGroup: false,
  stage: (stage, startMs) => {
    const client = lead(stage);
    const isBuy = stage.random.chance(0.5);
    const goal = stage.random.int(220, 320);
    const beat = createBeat(100, startMs);
    let sent = 0;
    return (nowMs, hand) => {
      for (let beats = beat(nowMs); beats > 0 && sent < goal; beats -= 1) {
        sent += 1;
        const { state } = stage;
        hand.submit({ client, isBuy, offset: 'open', limitTicks: isBuy ? state.askTicks : state.bidTicks, volume: 1, isImmediate: true }, nowMs);
      }
      return sent >= goal;
    };
  },
};
