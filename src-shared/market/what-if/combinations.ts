/**
 * Lots that are in declared combinations stand apart from their sides: the combination's rule makes one margin of its legs. What is in a combination leaves
 * it last, so a lot that is closed in part is closed outside its combinations first, and a combination lives on with as many sets as its legs still have.
 */
import type { HedgeFlag, PosiDirection } from '#shared/feed/items';
import { groupBy } from '#shared/group-by';
import type { Known } from '#shared/market/known';
import type { Reason } from '#shared/market/reason';
import type { LegMargin } from '#shared/market/side-rules';
import type { HeldInstrument, HeldLot } from '#shared/market/what-if/account-model';

/** One leg: so many lots for each set of the combination, taken from these lots of the account. Volumes in lots. */
export type CombinationLeg = {
  exchangeID: string;
  instrumentID: string;
  direction: PosiDirection;
  hedgeFlag: HedgeFlag;
  legMultiple: number;
  lots: readonly { openDate: string; tradeID: string; volume: number }[];
};

export type HeldCombination = {
  exchangeID: string;
  combInstrumentID: string;
  comTradeID: string;
  legs: readonly CombinationLeg[];
  legMargin: Known<LegMargin>;
  /** Why it cannot be believed: larger than its lots, of contracts nobody knows, not two legs that fit; null when it can. */
  reason: Reason | null;
};

type WithLots = Pick<HeldInstrument, 'exchangeID' | 'instrumentID' | 'lots'>;
type CombinedLeg<Holding = HeldInstrument> = { holding: Holding; lots: readonly HeldLot[] };
export type Combined<Holding = HeldInstrument> = { combination: HeldCombination; legs: readonly CombinedLeg<Holding>[] };
/** `outside` has each holding's lots that are in no combination; a holding that is not there has all of its lots outside. */
type SplitHoldings<Holding> = { outside: ReadonlyMap<Holding, readonly HeldLot[]>; combined: readonly Combined<Holding>[] };

type Open<Holding> = { holding: Holding; lot: HeldLot; left: number };

/** One that cannot be believed takes no lots: its margin is unknown anyway. */
export function splitByCombination<Holding extends WithLots>(
  holdings: readonly Holding[],
  combinations: readonly HeldCombination[],
): SplitHoldings<Holding> {
  const named = new Set(combinations.flatMap(({ legs }) => legs.map((leg) => `${leg.exchangeID}|${leg.instrumentID}`)));
  const touched = holdings.filter(({ exchangeID, instrumentID }) => named.has(`${exchangeID}|${instrumentID}`));
  const open = new Map<string, Open<Holding>>();
  for (const holding of touched)
    for (const lot of holding.lots) open.set(lotName(holding, lot, lot.openDate, lot.tradeID), { holding, lot, left: lot.volume });
  const combined = combinations.map((combination): Combined<Holding> => {
    if (combination.reason !== null) return { combination, legs: [] };
    const rooms = combination.legs.map((leg) => ({ leg, room: leg.lots.flatMap((lot) => roomIn(open, leg, lot)) }));
    const sets = Math.min(...rooms.map(({ leg, room }) => setsIn(room, leg.legMultiple)));
    return { combination, legs: rooms.flatMap(({ leg, room }) => takenLegs(room, sets * leg.legMultiple)) };
  });
  const outside = new Map<Holding, readonly HeldLot[]>(touched.map((holding) => [holding, []]));
  for (const [holding, held] of groupBy([...open.values()], (each) => each.holding))
    outside.set(
      holding,
      held.flatMap(({ lot, left }) => (left === 0 ? [] : [left === lot.volume ? lot : { ...lot, volume: left }])),
    );
  return { outside, combined };
}

type Room<Holding> = { open: Open<Holding>; volume: number };

function roomIn<Holding>(
  open: ReadonlyMap<string, Open<Holding>>,
  leg: CombinationLeg,
  { openDate, tradeID, volume }: CombinationLeg['lots'][number],
): Room<Holding>[] {
  const found = open.get(lotName(leg, leg, openDate, tradeID));
  return found === undefined ? [] : [{ open: found, volume: Math.min(volume, found.left) }];
}

function setsIn(room: readonly Room<unknown>[], legMultiple: number): number {
  return Math.floor(room.reduce((sum, { volume }) => sum + volume, 0) / legMultiple);
}

/** Takes `wanted` lots out of what is open, and answers them as one leg; nothing when it is none. */
function takenLegs<Holding>(room: readonly Room<Holding>[], wanted: number): CombinedLeg<Holding>[] {
  let left = wanted;
  const lots: HeldLot[] = [];
  for (const { open, volume } of room) {
    const taken = Math.min(volume, left);
    if (taken === 0) continue;
    left -= taken;
    open.left -= taken;
    lots.push({ ...open.lot, volume: taken });
  }
  const holding = room[0]?.open.holding;
  return holding === undefined || lots.length === 0 ? [] : [{ holding, lots }];
}

function lotName(
  { exchangeID, instrumentID }: Pick<HeldInstrument, 'exchangeID' | 'instrumentID'>,
  { direction, hedgeFlag }: Pick<HeldLot, 'direction' | 'hedgeFlag'>,
  openDate: string,
  tradeID: string,
): string {
  return [exchangeID, instrumentID, direction, hedgeFlag, openDate, tradeID].join('|');
}
