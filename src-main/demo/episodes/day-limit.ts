/** More lots opened on one day than the exchange's notice allows, though hardly any are held at a time. */
import { createBeat, lead, type Script } from './episode';

/** SHFE's notice of 2024-04-12: 2,800 lots of gold. What is opened is closed at once, as only opening counts. */
export const intradayOpenLimit: Script = {
  kind: 'intradayOpenLimit',
  needsGroup: false,
  stage: (stage, startMs) => {
    const client = lead(stage);
    const goal = stage.random.int(2830, 2950);
    const volume = stage.random.int(34, 44);
    const isBuy = stage.random.chance(0.5);
    const beat = createBeat(500, startMs);
    let tries = 0;
    return (nowMs, hand) => {
      for (let beats = beat(nowMs); beats > 0; beats -= 1) {
        const { state } = stage;
        const net = hand.netLots(client);
        if (net === 0 && (hand.lotsOpened >= goal || tries > goal)) return true;
        tries += 1;
        const buys = net === 0 ? isBuy : net < 0;
        hand.submit(
          {
            client,
            isBuy: buys,
            offset: net === 0 ? 'open' : hand.closeOffset,
            limitTicks: buys ? state.askTicks + 2 : state.bidTicks - 2,
            volume: net === 0 ? volume : Math.abs(net),
            isImmediate: true,
          },
          nowMs,
        );
      }
      return false;
    };
  },
};
