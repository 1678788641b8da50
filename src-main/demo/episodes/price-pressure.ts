/** Moving the price on purpose: ramping in mid-session, igniting momentum within seconds, and marking the close. */
import { createBeat, lead, type Play, type Script, type Stage } from './episode';

type Pressure = { isUp: boolean; bursts: number; volume: number; everyMs: number; pushOfEach: number };

/** A burst one way, the price follows, then the way out against those who joined. */
function burstAndBack(stage: Stage, startMs: number, { isUp, bursts, volume, everyMs, pushOfEach }: Pressure): Play {
  const client = lead(stage);
  const beat = createBeat(everyMs, startMs);
  let placed = 0;
  let exits = 0;
  return (nowMs, hand) => {
    for (let beats = beat(nowMs); beats > 0; beats -= 1) {
      const { state } = stage;
      const net = hand.netLots(client);
      if (placed < bursts) {
        placed += 1;
        hand.submit(
          { client, isBuy: isUp, offset: 'open', limitTicks: isUp ? state.askTicks + 2 : state.bidTicks - 2, volume, isImmediate: true },
          nowMs,
        );
        stage.market.push(state.contract.product.index, (isUp ? 1 : -1) * pushOfEach);
      } else if (net !== 0 && exits < bursts * 2) {
        exits += 1;
        const lots = Math.min(Math.abs(net), volume * 2);
        hand.submit(
          {
            client,
            isBuy: net < 0,
            offset: hand.closeOffset,
            limitTicks: net < 0 ? state.askTicks + 2 : state.bidTicks - 2,
            volume: lots,
            isImmediate: true,
          },
          nowMs,
        );
      } else {
        return true;
      }
    }
    return false;
  };
}

/** Half a minute of it. */
export const ramping: Script = {
  kind: 'ramping',
  needsGroup: false,
  stage: (stage, startMs) =>
    burstAndBack(stage, startMs, {
      isUp: stage.random.chance(0.5),
      bursts: stage.random.int(18, 26),
      volume: stage.random.int(6, 14),
      everyMs: 1200,
      pushOfEach: 0.0005,
    }),
};

/** The same within seconds: too few orders for a ramp, each of them harder. */
export const momentumIgnition: Script = {
  kind: 'momentumIgnition',
  needsGroup: false,
  stage: (stage, startMs) =>
    burstAndBack(stage, startMs, {
      isUp: stage.random.chance(0.5),
      bursts: stage.random.int(7, 9),
      volume: stage.random.int(8, 16),
      everyMs: 1000,
      pushOfEach: 0.0007,
    }),
};

/** One-way buying in the last minutes, to lift the closing and the settlement price of what is already held. */
export const markingTheClose: Script = {
  kind: 'markingTheClose',
  needsGroup: false,
  stage: (stage, startMs) => {
    const client = lead(stage);
    const isUp = stage.random.chance(0.5);
    const volume = stage.random.int(5, 12);
    const beat = createBeat(3000, startMs);
    return (nowMs, hand) => {
      if (nowMs >= stage.closeMs - 2000) return true;
      for (let beats = beat(nowMs); beats > 0; beats -= 1) {
        const { state } = stage;
        hand.submit(
          { client, isBuy: isUp, offset: 'open', limitTicks: isUp ? state.askTicks + 2 : state.bidTicks - 2, volume, isImmediate: true },
          nowMs,
        );
        stage.market.push(state.contract.product.index, (isUp ? 1 : -1) * 0.00025);
      }
      return false;
    };
  },
};
