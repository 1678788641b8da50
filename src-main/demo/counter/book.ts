/** The books of the demonstration's counter: clients, lots and slices, kept in whole ticks and cents so that every identity is exact. */
import type { AccountMaster } from '#shared/feed/items';
import type { Contract } from '../market/catalogue';

export type Side = 'long' | 'short';
export type DemoHedge = 'speculation' | 'hedge';

/** One opening trade's rest. */
export type Lot = {
  tradeID: string;
  openDate: string;
  openTicks: number;
  volume: number;
  closeVolume: number;
  isToday: boolean;
};

/** What one of a slice's two dates did today; a contract that does not tell today from history keeps everything in `today`. */
export type SliceDay = {
  openVolume: number;
  closeVolume: number;
  openTicksVolume: number;
  closeTicksVolume: number;
  closeProfitCents: number;
  commissionCents: number;
  frozen: number;
};

/** All lots of one client, contract, side and hedge flag. */
export type Slice = {
  accountIndex: number;
  contract: Contract;
  side: Side;
  hedge: DemoHedge;
  /** Oldest first: yesterday's lots before today's. */
  lots: Lot[];
  ydVolume: number;
  tdVolume: number;
  /** Sum of volume x open ticks over today's lots. */
  tdTicksVolume: number;
  /** Sum of volume x original open ticks over all lots. */
  openTicksVolume: number;
  /** The static morning number: it never falls during the day. */
  morningVolume: number;
  today: SliceDay;
  history: SliceDay;
  /** Lots opened today that the close-today fee has not yet been charged for. */
  closeTodayAllowance: number;
};

export type WorkingOrder = {
  client: Client;
  contract: Contract;
  orderSysID: string;
  orderRef: string;
  isBuy: boolean;
  offset: 'open' | 'close' | 'closeToday' | 'closeYesterday' | 'forceClose';
  hedge: DemoHedge;
  limitTicks: number;
  volume: number;
  traded: number;
  isImmediate: boolean;
  insertTimeMs: number;
  updateTimeMs: number;
  cancelTimeMs: number | null;
  canceledBy: 'customer' | 'exchange' | 'system' | null;
  status: 'noTradeQueueing' | 'partTradedQueueing' | 'allTraded' | 'canceled';
  statusMsg: string | null;
  /** When the client means to take it back; Infinity for never. */
  cancelAtMs: number;
  /** Held away from the market: a misbehaving client's order that must not fill by chance. */
  fillsByChance: boolean;
  frozenMargin: number;
  frozenCommissionCents: number;
};

export type Client = {
  index: number;
  master: AccountMaster;
  archetype: string;
  /** What the client's degree should hover around. */
  targetDegree: number;
  /** Contracts the client looks at. */
  watchlist: Contract[];
  slices: Slice[];
  orders: Set<WorkingOrder>;
  preBalanceCents: number;
  depositCents: number;
  withdrawCents: number;
  closeProfitCents: number;
  commissionCents: number;
  preMargin: number;
  hasTradedToday: boolean;
};

export const newSliceDay = (): SliceDay => ({
  openVolume: 0,
  closeVolume: 0,
  openTicksVolume: 0,
  closeTicksVolume: 0,
  closeProfitCents: 0,
  commissionCents: 0,
  frozen: 0,
});

export function findSlice(client: Client, contract: Contract, side: Side, hedge: DemoHedge): Slice | null {
  for (const slice of client.slices) {
    if (slice.contract === contract && slice.side === side && slice.hedge === hedge) return slice;
  }
  return null;
}

export function ensureSlice(client: Client, contract: Contract, side: Side, hedge: DemoHedge): Slice {
  const found = findSlice(client, contract, side, hedge);
  if (found !== null) return found;
  const slice: Slice = {
    accountIndex: client.index,
    contract,
    side,
    hedge,
    lots: [],
    ydVolume: 0,
    tdVolume: 0,
    tdTicksVolume: 0,
    openTicksVolume: 0,
    morningVolume: 0,
    today: newSliceDay(),
    history: newSliceDay(),
    closeTodayAllowance: 0,
  };
  client.slices.push(slice);
  return slice;
}

export const sliceVolume = (slice: Slice): number => slice.ydVolume + slice.tdVolume;
export const signOf = (side: Side): number => (side === 'long' ? 1 : -1);

/** Lots that may still be closed: those not already promised to a working close order. */
export function closable(slice: Slice, date: 'today' | 'history' | 'any'): number {
  if (date === 'today') return slice.tdVolume - slice.today.frozen;
  if (date === 'history') return slice.ydVolume - slice.history.frozen;
  return sliceVolume(slice) - slice.today.frozen - slice.history.frozen;
}

/** Puts a lot on the book without a trade of today: used for the books a day begins with. */
export function addYesterdayLot(slice: Slice, lot: Lot): void {
  slice.lots.push(lot);
  slice.ydVolume += lot.volume;
  slice.morningVolume += lot.volume;
  slice.openTicksVolume += lot.volume * lot.openTicks;
}

export function openLot(slice: Slice, lot: Lot): void {
  slice.lots.push(lot);
  slice.tdVolume += lot.volume;
  slice.tdTicksVolume += lot.volume * lot.openTicks;
  slice.openTicksVolume += lot.volume * lot.openTicks;
  slice.today.openVolume += lot.volume;
  slice.today.openTicksVolume += lot.volume * lot.openTicks;
  slice.closeTodayAllowance += lot.volume;
}

type Closing = { profitCents: number; closedLots: Lot[] };

/**
 * Closes `volume` lots first in first out, yesterday's first; `date` restricts it to today's or yesterday's lots where the exchange tells them
 * apart. Profit is by date: yesterday's lots against pre-settlement, today's against their open price.
 */
export function closeLots(slice: Slice, volume: number, ticks: number, preSettlementTicks: number, date: 'today' | 'history' | 'any'): Closing {
  const sign = signOf(slice.side);
  const { tickCents, exchange } = slice.contract;
  const closedLots: Lot[] = [];
  let left = volume;
  let profitCents = 0;
  for (const lot of slice.lots) {
    if (left === 0) break;
    if ((date === 'today' && !lot.isToday) || (date === 'history' && lot.isToday) || lot.volume === 0) continue;
    const taken = Math.min(left, lot.volume);
    const basis = lot.isToday ? lot.openTicks : preSettlementTicks;
    const profit = sign * (ticks - basis) * tickCents * taken;
    lot.volume -= taken;
    lot.closeVolume += taken;
    left -= taken;
    profitCents += profit;
    slice.openTicksVolume -= taken * lot.openTicks;
    if (lot.isToday) {
      slice.tdVolume -= taken;
      slice.tdTicksVolume -= taken * lot.openTicks;
    } else {
      slice.ydVolume -= taken;
    }
    const day = exchange.distinguishesToday && !lot.isToday ? slice.history : slice.today;
    day.closeVolume += taken;
    day.closeTicksVolume += taken * ticks;
    day.closeProfitCents += profit;
    closedLots.push(lot);
  }
  if (left > 0) throw new RangeError(`closed more lots of ${slice.contract.instrumentID} than are held`);
  slice.lots = slice.lots.filter((lot) => lot.volume > 0);
  return { profitCents, closedLots };
}
