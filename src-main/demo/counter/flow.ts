/** The ordinary order flow: who trades next, and what a client of that kind would do. */
import type { PhaseName } from '../market/market-data';
import { type ContractState, type MarketPrices, runningTotals } from '../market/prices';
import type { Random } from '../random';
import { type Client, closable, type Slice, sliceVolume } from './book';
import { INTENSITY, marginPerLot } from './clients';
import type { OrderDesk } from './exchange';
import type { RateBook } from './rates';
import { type Valuation, valueClient } from './valuation';

type Flow = {
  /** `count` clients act, one after the other. */
  act(count: number, nowMs: number, phase: PhaseName): void;
  startDay(rates: RateBook): void;
};

export function createFlow(clients: readonly Client[], market: MarketPrices, desk: OrderDesk, firstRates: RateBook, random: Random): Flow {
  const weights = runningTotals(clients.map((client) => INTENSITY[client.archetype] ?? 1));
  let rates = firstRates;

  function act(count: number, nowMs: number, phase: PhaseName): void {
    for (let index = 0; index < count; index += 1) {
      const client = clients[random.pickWeighted(weights)];
      if (client !== undefined && client.orders.size < 12) decide(client, nowMs, phase);
    }
  }

  const degreeOf = (value: Valuation): number => (value.balanceCents <= 0 ? Number.POSITIVE_INFINITY : value.currMargin / (value.balanceCents / 100));

  function decide(client: Client, nowMs: number, phase: PhaseName): void {
    const value = valueClient(client, market.states, rates);
    const degree = degreeOf(value);
    const held = client.slices.filter((slice) => sliceVolume(slice) > 0 && market.states[slice.contract.index]?.isOpen === true);
    // Clients in trouble mostly freeze or wait for money: some cut.
    if (degree > Math.max(0.95, client.targetDegree * 1.05)) {
      if (held.length > 0 && random.chance(0.12)) reduce(client, random.pick(held), 0.1, nowMs, true);
      return;
    }
    const mustReduce = degree > client.targetDegree * 1.08;
    switch (client.archetype) {
      case 'scalper':
        if (held.length > 0 && (mustReduce || random.chance(0.5))) reduce(client, pickToday(held), 1, nowMs, false);
        else if (!mustReduce) add(client, value, 0.01, nowMs, random.range(1500, 9000), false);
        return;
      case 'dayTrader':
        if (held.length > 0 && (mustReduce || random.chance(0.48))) reduce(client, pickToday(held), 0.5, nowMs, random.chance(0.6));
        else if (!mustReduce) add(client, value, 0.025, nowMs, random.range(8000, 60_000), random.chance(0.55));
        return;
      case 'arbitrageur':
        if (!mustReduce) spread(client, value, nowMs);
        else if (held.length > 0) reduce(client, random.pick(held), 0.15, nowMs, true);
        return;
      default: {
        const isNervous = phase === 'violent' && random.chance(0.3);
        if (held.length > 0 && (mustReduce || isNervous || random.chance(0.45))) reduce(client, random.pick(held), 0.2, nowMs, random.chance(0.5));
        else if (!mustReduce) add(client, value, 0.03, nowMs, random.range(20_000, 240_000), random.chance(0.5));
      }
    }
  }

  /** Day traders close what they opened today first. */
  function pickToday(held: readonly Slice[]): Slice {
    const today = held.filter((slice) => slice.tdVolume > 0);
    return random.pick(today.length > 0 ? today : held);
  }

  function openState(client: Client): ContractState | null {
    const open = client.watchlist.filter((contract) => market.states[contract.index]?.isOpen === true);
    return open.length === 0 ? null : (market.states[random.pick(open).index] ?? null);
  }

  function add(client: Client, value: Valuation, share: number, nowMs: number, lifeMs: number, isAggressive: boolean): void {
    const state = openState(client);
    if (state === null) return;
    const hedge = client.archetype === 'hedger' ? 'hedge' : 'speculation';
    const perLot = marginPerLot(client, state, hedge, rates);
    const budget = Math.max(0, value.balanceCents / 100) * share * random.range(0.3, 1.5);
    const volume = Math.max(1, Math.floor(budget / perLot));
    // A client that cannot pay for one lot looks at something else; a few try all the same and are refused.
    if (value.available < perLot * volume && !random.chance(0.04)) return;
    const existing = client.slices.find((slice) => slice.contract === state.contract && sliceVolume(slice) > 0);
    const isBuy = existing !== undefined && random.chance(0.7) ? existing.side === 'long' : random.chance(0.55);
    const limitTicks = isBuy ? (isAggressive ? state.askTicks : state.bidTicks) : isAggressive ? state.bidTicks : state.askTicks;
    desk.submit(
      {
        client,
        state,
        isBuy,
        offset: 'open',
        hedge,
        limitTicks,
        volume,
        isImmediate: isAggressive && random.chance(0.15),
        cancelAtMs: nowMs + lifeMs,
      },
      nowMs,
    );
  }

  function reduce(client: Client, slice: Slice, share: number, nowMs: number, isAggressive: boolean): void {
    const state = market.states[slice.contract.index];
    if (state === undefined) return;
    const tellsApart = slice.contract.exchange.distinguishesToday;
    const useToday = tellsApart && closable(slice, 'today') > 0 && (client.archetype !== 'swing' || closable(slice, 'history') <= 0);
    const free = closable(slice, tellsApart ? (useToday ? 'today' : 'history') : 'any');
    if (free <= 0) return;
    const volume = Math.max(1, Math.min(free, Math.ceil(free * share * random.range(0.4, 1))));
    const isBuy = slice.side === 'short';
    const limitTicks = isBuy ? (isAggressive ? state.askTicks : state.bidTicks) : isAggressive ? state.bidTicks : state.askTicks;
    desk.submit(
      {
        client,
        state,
        isBuy,
        offset: useToday ? 'closeToday' : 'close',
        hedge: slice.hedge,
        limitTicks,
        volume,
        cancelAtMs: nowMs + random.range(4000, 60_000),
      },
      nowMs,
    );
  }

  /** Both legs of a calendar spread, at the market. */
  function spread(client: Client, value: Valuation, nowMs: number): void {
    const near = openState(client);
    if (near === null) return;
    const far = market.states.find((state) => state.contract.product === near.contract.product && state !== near);
    if (far === undefined) return;
    const perLot = marginPerLot(client, near, 'speculation', rates);
    const volume = Math.max(1, Math.floor((Math.max(0, value.balanceCents / 100) * 0.01) / perLot));
    if (value.available < perLot * volume * 2.2) return;
    const isBuy = random.chance(0.5);
    const leg = (state: ContractState, buys: boolean): void => {
      desk.submit(
        {
          client,
          state,
          isBuy: buys,
          offset: 'open',
          hedge: 'speculation',
          limitTicks: buys ? state.askTicks : state.bidTicks,
          volume,
          cancelAtMs: nowMs + 20_000,
        },
        nowMs,
      );
    };
    leg(near, isBuy);
    leg(far, !isBuy);
  }

  return {
    act,
    startDay: (newRates) => {
      rates = newRates;
    },
  };
}
