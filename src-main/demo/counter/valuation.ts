/** What the demonstration's counter reports: account money and position rows that agree with quotes and lots to the cent at one as-of. */
import type { CounterAccount, PositionDetail, PositionSlice } from '#shared/feed/items';
import { truncate } from '#shared/market/money';
import { priceOf } from '../market/catalogue';
import { averagePriceOf, type ContractState } from '../market/prices';
import { type Client, type Lot, type Slice, type SliceDay, signOf, sliceVolume } from './book';
import type { RateBook } from './rates';

export type Valuation = {
  positionProfitCents: number;
  balanceCents: number;
  currMargin: number;
  exchangeMargin: number;
  frozenMargin: number;
  frozenCommissionCents: number;
  available: number;
};

/** Counters report margin unrounded; four decimals keep the noise of binary fractions out of the messages. */
const round4 = (value: number): number => Math.round(value * 1e4) / 1e4 || 0;

function costTicks(slice: Slice, state: ContractState): number {
  return slice.ydVolume * state.preSettlementTicks + slice.tdTicksVolume;
}

function sliceProfitCents(slice: Slice, state: ContractState, markTicks: number): number {
  return signOf(slice.side) * (markTicks * sliceVolume(slice) - costTicks(slice, state)) * slice.contract.tickCents;
}

/** The value, in CNY, that a slice's margin is a ratio of: yesterday's lots at pre-settlement, today's by MarginPriceType. */
function marginBase(client: Client, slice: Slice, state: ContractState): number {
  const perTick = slice.contract.tickCents / 100;
  const yesterday = slice.ydVolume * state.preSettlementTicks;
  switch (client.master.marginPriceType) {
    case 'preSettlement':
      return (yesterday + slice.tdVolume * state.preSettlementTicks) * perTick;
    case 'latest':
      return (yesterday + slice.tdVolume * state.lastTicks) * perTick;
    case 'average': {
      const average = averagePriceOf(state) ?? priceOf(slice.contract, state.preSettlementTicks);
      return yesterday * perTick + slice.tdVolume * average * slice.contract.product.multiplier;
    }
    default:
      return (yesterday + slice.tdTicksVolume) * perTick;
  }
}

function sliceMargin(client: Client, slice: Slice, state: ContractState, rates: RateBook, layer: 'exchange' | 'company'): number {
  const rate = rates.margin(client, slice.contract, slice.hedge, layer);
  const byMoney = slice.side === 'long' ? rate.longByMoney : rate.shortByMoney;
  const byVolume = slice.side === 'long' ? rate.longByVolume : rate.shortByVolume;
  return marginBase(client, slice, state) * byMoney + sliceVolume(slice) * byVolume;
}

/** Adds the sides up as each exchange does: the bigger side per product, per contract, or both sides in full. */
function aggregateSides(client: Client, states: readonly ContractState[], rates: RateBook, layer: 'exchange' | 'company'): number {
  const groups = new Map<string, { long: number; short: number }>();
  let plain = 0;
  for (const slice of client.slices) {
    if (sliceVolume(slice) === 0) continue;
    const state = states[slice.contract.index];
    if (state === undefined) continue;
    const margin = sliceMargin(client, slice, state, rates, layer);
    const { aggregation } = slice.contract.exchange;
    if (aggregation === 'plainSum') {
      plain += margin;
      continue;
    }
    const key = aggregation === 'productBigSide' ? `p${slice.contract.product.index}` : `c${slice.contract.index}`;
    const group = groups.get(key) ?? { long: 0, short: 0 };
    group[slice.side] += margin;
    groups.set(key, group);
  }
  let total = plain;
  for (const group of groups.values()) total += Math.max(group.long, group.short);
  return round4(total);
}

/** `marks` picks the price profit is counted at: the last price all day, the settlement price at the end of it. */
export function valueClient(client: Client, states: readonly ContractState[], rates: RateBook, marks: 'last' | 'settlement' = 'last'): Valuation {
  let positionProfitCents = 0;
  for (const slice of client.slices) {
    const state = states[slice.contract.index];
    if (state === undefined) continue;
    const mark = marks === 'settlement' ? (state.settlementTicks ?? state.lastTicks) : state.lastTicks;
    positionProfitCents += sliceProfitCents(slice, state, mark);
  }
  let frozenMargin = 0;
  let frozenCommissionCents = 0;
  for (const order of client.orders) {
    frozenMargin += order.frozenMargin;
    frozenCommissionCents += order.frozenCommissionCents;
  }
  frozenMargin = round4(frozenMargin);
  const balanceCents =
    client.preBalanceCents + client.depositCents - client.withdrawCents + client.closeProfitCents + positionProfitCents - client.commissionCents;
  const currMargin = aggregateSides(client, states, rates, 'company');
  const exchangeMargin = aggregateSides(client, states, rates, 'exchange');
  const available = round4(
    balanceCents / 100 - currMargin - frozenMargin - frozenCommissionCents / 100 - excludedCents(client, positionProfitCents) / 100,
  );
  return { positionProfitCents, balanceCents, currMargin, exchangeMargin, frozenMargin, frozenCommissionCents, available };
}

/** Profit that may not be used for new positions; it nets over the whole account. */
function excludedCents(client: Client, positionProfitCents: number): number {
  const { algorithm, availIncludeCloseProfit } = client.master;
  const close = availIncludeCloseProfit === 'notInclude' ? Math.max(client.closeProfitCents, 0) : 0;
  if (algorithm === 'onlyLost') return close + Math.max(positionProfitCents, 0);
  if (algorithm === 'onlyGain') return close + Math.min(positionProfitCents, 0);
  if (algorithm === 'none') return close + positionProfitCents;
  return close;
}

const WITHDRAWABLE_SHARE = 0.8;

export function accountItem(client: Client, value: Valuation, asOfMs: number): CounterAccount {
  // Realised gains that are not in available cannot be taken out of it again.
  const realizedGain = client.master.availIncludeCloseProfit === 'notInclude' ? 0 : Math.max(client.closeProfitCents / 100, 0);
  const mortgageable = value.available - realizedGain;
  const isUntouched = !client.hasTradedToday && client.slices.every((slice) => sliceVolume(slice) === 0);
  return {
    accountID: client.master.accountID,
    currencyID: client.master.currencyID,
    asOfMs,
    preBalance: client.preBalanceCents / 100,
    preCredit: 0,
    preMortgage: 0,
    mortgage: 0,
    credit: 0,
    deposit: client.depositCents / 100,
    withdraw: client.withdrawCents / 100,
    balance: value.balanceCents / 100,
    available: value.available,
    currMargin: value.currMargin,
    exchangeMargin: value.exchangeMargin,
    closeProfit: client.closeProfitCents / 100,
    positionProfit: value.positionProfitCents / 100,
    commission: client.commissionCents / 100,
    cashIn: 0,
    frozenMargin: value.frozenMargin,
    frozenCash: 0,
    frozenCommission: value.frozenCommissionCents / 100,
    deliveryMargin: 0,
    exchangeDeliveryMargin: 0,
    withdrawQuota: Math.max(0, truncate(round4(mortgageable * (isUntouched ? 1 : WITHDRAWABLE_SHARE)))),
    preMargin: client.preMargin,
  };
}

type RowPart = { date: 'today' | 'history'; day: SliceDay; yd: number; td: number; morning: number };

/** The rows a slice is reported as: two (today, history) where the exchange tells them apart, else one that holds both. */
export function positionItems(client: Client, slice: Slice, state: ContractState, rates: RateBook, asOfMs: number): PositionSlice[] {
  const { contract } = slice;
  const parts: RowPart[] = [];
  if (!contract.exchange.distinguishesToday) {
    parts.push({ date: 'today', day: slice.today, yd: slice.ydVolume, td: slice.tdVolume, morning: slice.morningVolume });
  } else {
    if (slice.morningVolume > 0) parts.push({ date: 'history', day: slice.history, yd: slice.ydVolume, td: 0, morning: slice.morningVolume });
    if (slice.today.openVolume > 0) parts.push({ date: 'today', day: slice.today, yd: 0, td: slice.tdVolume, morning: 0 });
  }
  return parts.map((part) => {
    const lots = slice.lots.filter(
      (lot) => (part.date === 'today' && !contract.exchange.distinguishesToday) || lot.isToday === (part.date === 'today'),
    );
    const cost = part.yd * state.preSettlementTicks + (part.td > 0 ? slice.tdTicksVolume : 0);
    const view: Slice = { ...slice, ydVolume: part.yd, tdVolume: part.td, tdTicksVolume: part.td > 0 ? slice.tdTicksVolume : 0 };
    return {
      kind: 'position',
      accountID: client.master.accountID,
      exchangeID: contract.product.exchangeID,
      instrumentID: contract.instrumentID,
      posiDirection: slice.side,
      hedgeFlag: slice.hedge,
      positionDate: part.date,
      asOfMs,
      position: part.yd + part.td,
      ydPosition: part.morning,
      todayPosition: part.td,
      longFrozen: slice.side === 'short' ? part.day.frozen : 0,
      shortFrozen: slice.side === 'long' ? part.day.frozen : 0,
      openVolume: part.day.openVolume,
      closeVolume: part.day.closeVolume,
      openAmount: (part.day.openTicksVolume * contract.tickCents) / 100,
      closeAmount: (part.day.closeTicksVolume * contract.tickCents) / 100,
      positionCost: (cost * contract.tickCents) / 100,
      openCost: (lots.reduce((sum, lot) => sum + lot.volume * lot.openTicks, 0) * contract.tickCents) / 100,
      useMargin: round4(sliceMargin(client, view, state, rates, 'company')),
      exchangeMargin: round4(sliceMargin(client, view, state, rates, 'exchange')),
      positionProfit: (signOf(slice.side) * (state.lastTicks * (part.yd + part.td) - cost) * contract.tickCents) / 100,
      closeProfit: part.day.closeProfitCents / 100,
      commission: part.day.commissionCents / 100,
      preSettlementPrice: priceOf(contract, state.preSettlementTicks),
      settlementPrice: priceOf(contract, state.lastTicks),
    };
  });
}

export function lotItem(client: Client, slice: Slice, lot: Lot, state: ContractState, asOfMs: number): PositionDetail {
  const { contract } = slice;
  return {
    kind: 'positionDetail',
    accountID: client.master.accountID,
    exchangeID: contract.product.exchangeID,
    instrumentID: contract.instrumentID,
    direction: slice.side,
    hedgeFlag: slice.hedge,
    openDate: lot.openDate,
    tradeID: lot.tradeID,
    asOfMs,
    volume: lot.volume,
    openPrice: priceOf(contract, lot.openTicks),
    ...(lot.isToday ? {} : { lastSettlementPrice: priceOf(contract, state.preSettlementTicks) }),
    closeVolume: lot.closeVolume,
  };
}
