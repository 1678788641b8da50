/** Moving the price on purpose: ramping in mid-session and marking the close. */
import { createBeat, lead, type Script } from './episode';

/** A burst one way, the price follows, then the way out against those who joined. */
export const ramping: Script = {
  kind: 'ramping',
  needsGroup: false,
  stage: (stage, startMs) => {
    const client = lead(stage);
    const isUp = stage.random.chance(0.5);
    const bursts = stage.random.int(18, 26);
    const volume = stage.random.int(6, 14);
    const beat = createBeat(1200, startMs);
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
          stage.market.push(state.contract.product.index, (isUp ? 1 : -1) * 0.0005);
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
  },
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
