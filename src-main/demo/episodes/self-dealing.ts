/** Trades that change no owner: one control group on both sides of the same trade. */
import type { Client } from '../counter/book';
import { createBeat, type Script, type Stage } from './episode';

function pair(stage: Stage): readonly [Client, Client] {
  const [first, second] = stage.actors;
  if (first === undefined || second === undefined) throw new RangeError('self-dealing needs two clients of a group');
  return [first, second];
}

/** Exchanges call five self-trades of a control group in one contract and day abnormal: this does six to nine. */
export const selfTrade: Script = {
  kind: 'selfTrade',
  needsGroup: true,
  stage: (stage, startMs) => {
    const [a, b] = pair(stage);
    const goal = stage.random.int(6, 9);
    const beat = createBeat(stage.random.int(5000, 9000), startMs);
    let done = 0;
    let tries = 0;
    return (nowMs, hand) => {
      for (let beats = beat(nowMs); beats > 0 && done < goal; beats -= 1) {
        tries += 1;
        const aBuys = stage.random.chance(0.5);
        if (hand.cross(aBuys ? a : b, aBuys ? b : a, stage.random.int(1, 4), stage.state.lastTicks, ['open', 'open'], nowMs)) done += 1;
      }
      return done >= goal || tries > goal * 3;
    };
  },
};

/** Lots go to and fro between two clients of a group and end where they began: volume without a change of owner. */
export const washTrade: Script = {
  kind: 'washTrade',
  needsGroup: true,
  stage: (stage, startMs) => {
    const [a, b] = pair(stage);
    const rounds = stage.random.int(8, 12);
    const volume = stage.random.int(5, 15);
    const beat = createBeat(4000, startMs);
    let leg = 0;
    let isOpen = false;
    let backVolume = volume;
    return (nowMs, hand) => {
      for (let beats = beat(nowMs); beats > 0 && leg < rounds * 2; beats -= 1) {
        const offset = isOpen ? hand.closeOffset : 'open';
        const lots = isOpen ? backVolume : volume;
        const isDone = hand.cross(isOpen ? b : a, isOpen ? a : b, lots, stage.state.lastTicks, [offset, offset], nowMs);
        // An actor also trades on its own account and may have closed some of these lots: then fewer go back, or none ever would.
        if (isOpen && !isDone) backVolume = Math.max(1, backVolume - 1);
        else backVolume = volume;
        if (isDone) isOpen = !isOpen;
        leg += 1;
      }
      return leg >= rounds * 2 && !isOpen ? true : leg > rounds * 2 + 2;
    };
  },
};
