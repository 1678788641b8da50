/** What every kind of labelled misbehaviour shares: who plays it, on what, and the account of what was really done, for scoring detectors. */
import type { Client, WorkingOrder } from '../counter/book';
import type { OrderDesk, OrderWish } from '../counter/exchange';
import type { ContractState, MarketPrices } from '../market/prices';
import type { Random } from '../random';

export const EPISODE_KINDS = [
  'fatFinger',
  'selfTrade',
  'layering',
  'quoteStuffing',
  'washTrade',
  'spoofing',
  'runawayAlgo',
  'largeCancel',
  'ramping',
  'frequentCancel',
  'markingTheClose',
  'messageFee',
  'momentumIgnition',
  'orderRate',
  'programReport',
  'securitiesHighFrequency',
  'intradayOpenLimit',
  'limitPriceCancel',
] as const;
export type EpisodeKind = (typeof EPISODE_KINDS)[number];

/** One line of the labels file: what was played, by whom, when (source time), and how much of it. */
export type EpisodeLabel = {
  kind: EpisodeKind;
  tradingDay: string;
  fromMs: number;
  /** The last act; grows while the episode runs. */
  toMs: number;
  isFinished: boolean;
  /** The market paused or closed before its programme was over: it may not have come to what its kind says. */
  isCutShort: boolean;
  accountIDs: string[];
  controlGroupID: string | null;
  exchangeID: string;
  instrumentID: string;
  orders: number;
  cancels: number;
  trades: number;
  /** Lots opened, whether or not they were closed again. */
  lotsOpened: number;
};

export type Stage = {
  actors: readonly Client[];
  state: ContractState;
  desk: OrderDesk;
  market: MarketPrices;
  random: Random;
  /** Epoch milliseconds of the exchange's own closing of the day session, for whoever wants to paint the close. */
  closeMs: number;
};

/** An actor's hand: everything it does is counted in the label. */
export type Hand = {
  readonly orderCount: number;
  readonly cancelCount: number;
  /** Over all clients of the episode. */
  readonly lotsOpened: number;
  submit(wish: Omit<OrderWish, 'state' | 'hedge'>, nowMs: number): WorkingOrder | null;
  cancel(order: WorkingOrder, nowMs: number): void;
  cross(
    buyer: Client,
    seller: Client,
    volume: number,
    ticks: number,
    offsets: readonly [buy: OrderWish['offset'], sell: OrderWish['offset']],
    nowMs: number,
  ): boolean;
  /** Lots still open from this episode, positive when long. */
  netLots(client: Client): number;
  /** The offset that closes lots opened today on this contract's exchange. */
  readonly closeOffset: 'close' | 'closeToday';
};

/** Plays one step; true when the episode is over. */
export type Play = (nowMs: number, hand: Hand) => boolean;
export type Script = { kind: EpisodeKind; needsGroup: boolean; stage(stage: Stage, startMs: number): Play };

export function createHand(stage: Stage, label: EpisodeLabel): Hand {
  const net = new Map<Client, number>();
  const placed: { order: WorkingOrder; counted: number }[] = [];
  const { state, desk } = stage;

  function collect(): void {
    for (const entry of placed) {
      const { order } = entry;
      if (order.traded === entry.counted) continue;
      const lots = order.traded - entry.counted;
      entry.counted = order.traded;
      label.trades += 1;
      if (order.offset === 'open') label.lotsOpened += lots;
      net.set(order.client, (net.get(order.client) ?? 0) + (order.isBuy ? lots : -lots));
    }
    if (placed.length > 400) placed.splice(0, placed.length - 200);
  }

  const closeOffset = state.contract.exchange.distinguishesToday ? 'closeToday' : 'close';
  return {
    get orderCount() {
      return label.orders;
    },
    get cancelCount() {
      return label.cancels;
    },
    get lotsOpened() {
      collect();
      return label.lotsOpened;
    },
    closeOffset,
    submit: (wish, nowMs) => {
      const order = desk.submit({ ...wish, state, hedge: 'speculation' }, nowMs);
      label.orders += 1;
      label.toMs = nowMs;
      if (order !== null) placed.push({ order, counted: 0 });
      collect();
      return order;
    },
    cancel: (order, nowMs) => {
      if (!desk.working.has(order)) return;
      desk.cancel(order, nowMs, 'customer');
      label.cancels += 1;
      label.toMs = nowMs;
    },
    cross: (buyer, seller, volume, ticks, offsets, nowMs) => {
      const base = { state, hedge: 'speculation', limitTicks: ticks, volume } as const;
      const isDone = desk.cross(
        { ...base, client: buyer, isBuy: true, offset: offsets[0] },
        { ...base, client: seller, isBuy: false, offset: offsets[1] },
        ticks,
        nowMs,
      );
      label.orders += 2;
      label.toMs = nowMs;
      if (isDone) {
        label.trades += 1;
        for (const offset of offsets) if (offset === 'open') label.lotsOpened += volume;
      }
      return isDone;
    },
    netLots: (client) => {
      collect();
      return net.get(client) ?? 0;
    },
  };
}

/** The one client of a solo episode, or the first of a group's. */
export function lead(stage: Stage): Client {
  const client = stage.actors[0];
  if (client === undefined) throw new RangeError('an episode needs an actor');
  return client;
}

/** Acts at intervals of `everyMs`, catching up when a step is longer than that. */
export function createBeat(everyMs: number, startMs: number): (nowMs: number) => number {
  let nextMs = startMs;
  return (nowMs) => {
    let beats = 0;
    while (nextMs <= nowMs) {
      beats += 1;
      nextMs += everyMs;
    }
    return beats;
  };
}
