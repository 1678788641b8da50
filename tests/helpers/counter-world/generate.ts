/**
 * Makes counter snapshots whose every figure is known, from a seed: one account's morning lots, its trades, orders and money, run lot by lot in exact decimals.
 * Written from the rules of a counter and the form of its files, not from the product's formulas; what those cannot tell from a file is not generated here.
 */
import { type Decimal, decimal, sum, times, toNumber, ZERO } from './decimal';
import { type AccountTruth, accountTruth, type MoneyInputs } from './funds';
import { PRODUCTS, type Product } from './market';
import { type Contract, type RowTruth, rowsOf, type Side, type SideDay } from './rows';

export type Raw = Record<string, unknown>;
export type GeneratedCounter = {
  file: Raw & { account: Raw; positions: Raw[] };
  days: SideDay[];
  money: MoneyInputs;
  params: { algorithm: string; availIncludeCloseProfit: string; marginPriceType: string };
  isKnownCounter: boolean;
  account: AccountTruth;
  rows: RowTruth[];
  skew: Decimal;
};

/** Random choices from a seed (mulberry32). */
export type Choices = { below(limit: number): number; chance(share: number): boolean; of<Item>(items: readonly Item[]): Item };

function choicesFrom(seed: number): Choices {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return { below, chance: (share) => next() < share, of: (items) => items[below(items.length)] as (typeof items)[number] };
}

export function generateCounter(seed: number): GeneratedCounter {
  const pick = choicesFrom(seed);
  const params = {
    algorithm: pick.of(['1', '2', '2', '3', '4']),
    availIncludeCloseProfit: pick.of(['0', '0', '2']),
    marginPriceType: pick.of(['4', '4', '1', '2', '3']),
    optionRoyaltyPriceType: '5',
    currencyID: 'CNY',
  };
  const isKnownCounter = pick.chance(0.5);
  const contracts = contractsOf(pick);
  const days = contracts.flatMap((contract) => sidesOf(contract, pick)).filter((day, _, all) => isTold(day, all));
  const rows = days.flatMap((day) => rowsOf(day, params.marginPriceType, isKnownCounter, pick));
  // At latest price the margin follows the marks as well, and the two queries would differ in it too.
  const skew =
    params.marginPriceType === '2' || rows.every(({ position }) => position === 0) || pick.chance(0.7) ? ZERO : decimal(pick.below(61) - 30);
  const money = moneyOf(pick, sum(days.map(({ premium }) => premium)));
  const account = accountTruth(rows, money, params, skew);
  const file = fileOf(pick, params, isKnownCounter, contracts, days, rows, money, account);
  return { file, days, money, params, isKnownCounter, account, rows, skew };
}

/** A sold option's margin takes the rate of a future, which must stand in the file. */
function isTold({ side }: SideDay, all: readonly SideDay[]): boolean {
  const { contract: one, direction, hedgeFlag } = side;
  if (one.option === null || direction === 'long') return true;
  return all.some(
    (other) =>
      other.side.contract.option === null &&
      other.side.contract.product === one.product &&
      other.side.hedgeFlag === hedgeFlag &&
      other.trades.length > 0,
  );
}

function contractsOf(pick: Choices): Contract[] {
  const contracts: Contract[] = [];
  const products = new Set(Array.from({ length: pick.below(4) }, () => pick.of(PRODUCTS)));
  for (const product of products) {
    for (const month of product.months.slice(0, 1 + pick.below(3))) {
      const preSettlement = product.price + pick.below(60) - 30;
      const future = contract(product, `${product.product}${month}`, preSettlement, pick);
      contracts.push(future);
      if (product.optionName === null || !pick.chance(0.2)) continue;
      const kind = pick.of(['C', 'P'] as const);
      const strike = times(product.tick, decimal(product.price + pick.below(400) - 200));
      const option = contract(product, product.optionName(future.instrument, kind, String(toNumber(strike))), 40 + pick.below(40), pick);
      contracts.push({ ...option, option: { kind, strike, future } });
    }
  }
  return contracts;
}

function contract(product: Product, instrument: string, preSettlementTicks: number, pick: Choices): Contract {
  const at = (ticks: number): Decimal => times(product.tick, decimal(ticks));
  const spread = Math.min(60, preSettlementTicks - 2);
  const mark = preSettlementTicks + pick.below(spread) - Math.floor(spread / 2);
  const average = preSettlementTicks + pick.below(spread) - Math.floor(spread / 2);
  return {
    product,
    instrument,
    preSettlement: at(preSettlementTicks),
    mark: at(mark),
    average: product.exchange === 'CZCE' ? decimal(Math.round(toNumber(at(average)))) : at(average),
    low: at(Math.max(1, preSettlementTicks - 2 * spread)),
    high: at(preSettlementTicks + 2 * spread),
    priceNear: (choose) => at(preSettlementTicks + choose.below(spread) - Math.floor(spread / 2)),
    option: null,
  };
}

/** The holdings of one contract: up to both sides and, seldom, a second hedge flag. Where no rule for both sides is known only one is held. */
function sidesOf(one: Contract, pick: Choices): SideDay[] {
  const flags = pick.chance(0.2) ? (['speculation', 'hedge'] as const) : ([pick.of(['speculation', 'speculation', 'arbitrage'] as const)] as const);
  const directions: Side['direction'][] = one.product.exchange === 'GFEX' ? ['long'] : pick.of([['long'], ['short'], ['long', 'short']]);
  return flags.flatMap((hedgeFlag) => directions.map((direction) => dayOf({ contract: one, direction, hedgeFlag }, pick)));
}

function dayOf(side: Side, pick: Choices): SideDay {
  const { contract: one } = side;
  const most = pick.chance(0.02) ? 4_000 : 6;
  const lots = (): number => 1 + pick.below(most);
  const carried = Array.from({ length: pick.chance(0.5) ? 1 + pick.below(3) : 0 }, () => ({ volume: lots(), price: one.priceNear(pick) }));
  let held = carried.reduce((total, lot) => total + lot.volume, 0);
  let ofToday = 0;
  const keepsDaysApart = one.product.exchange === 'SHFE' || one.product.exchange === 'INE';
  let ofYesterday = held;
  const trades: SideDay['trades'] = [];
  for (let count = pick.chance(0.3) ? 0 : pick.below(7); count > 0; count--) {
    // How the close of an option is booked was not seen on a counter.
    const isClose = one.option === null && held > 0 && pick.chance(0.5);
    const price = one.priceNear(pick);
    if (!isClose) {
      const volume = lots();
      trades.push({ offset: 'open', price, volume });
      held += volume;
      ofToday += volume;
      continue;
    }
    const isToday = keepsDaysApart ? ofToday > 0 && (ofYesterday === 0 || pick.chance(0.5)) : false;
    const most = keepsDaysApart ? (isToday ? ofToday : ofYesterday) : held;
    const volume = pick.chance(0.3) ? most : 1 + pick.below(most);
    trades.push({ offset: keepsDaysApart ? (isToday ? 'closeToday' : 'closeYesterday') : 'close', price, volume });
    held -= volume;
    if (isToday) ofToday -= volume;
    else ofYesterday -= Math.min(ofYesterday, volume);
  }
  const isResting = one.option === null && pick.chance(0.2);
  const value = (trade: { price: Decimal; volume: number }): Decimal => times(trade.price, decimal(trade.volume), one.product.multiplier);
  const paid = one.option === null ? ZERO : sum(trades.map(value));
  return {
    side,
    carried,
    trades,
    openOrder: isResting ? { price: one.priceNear(pick), volume: lots() } : null,
    closeOrder: isResting && held > 0 && pick.chance(0.5) ? { price: one.priceNear(pick), volume: 1 } : null,
    premium: side.direction === 'long' ? -paid : paid,
  };
}

function moneyOf(pick: Choices, premium: Decimal): MoneyInputs {
  const cents = (most: number): Decimal => decimal((pick.below(most) / 100).toFixed(2));
  const sometimes = (most: number): Decimal => (pick.chance(0.25) ? cents(most) : ZERO);
  return {
    preBalance: decimal(pick.below(80_000_000)) + cents(100),
    deposit: sometimes(500_000_00),
    withdraw: sometimes(500_000_00),
    cashIn: premium,
    deliveryMargin: sometimes(90_000_00),
    preCredit: sometimes(10_000_00),
    preMortgage: sometimes(90_000_00),
    mortgage: sometimes(90_000_00),
    credit: sometimes(10_000_00),
    frozenCash: sometimes(5_000_00),
  };
}

const ABSENT = Number.MAX_VALUE;

function fileOf(
  pick: Choices,
  params: Raw,
  isKnownCounter: boolean,
  contracts: readonly Contract[],
  days: readonly SideDay[],
  rows: readonly RowTruth[],
  money: MoneyInputs,
  account: AccountTruth,
): GeneratedCounter['file'] {
  const tradingDay = pick.of(['20260914', '20260915', '20260928']);
  // A night session belongs to the next trading day: Friday's to Monday.
  const capturedAt = pick.of(['2026-09-11T21:05:05+08:00', '2026-09-15T10:15:00+08:00']);
  const amounts = Object.fromEntries(
    Object.entries({ ...money, ...account }).flatMap(([field, value]) =>
      // A counter may leave out what it does not have, in each of its ways.
      value === ZERO && pick.chance(0.5) ? [] : [[field, value === null ? pick.of([null, ABSENT]) : toNumber(value)]],
    ),
  );
  const oftenTraded = contracts.filter(
    ({ instrument }) => pick.chance(0.5) && days.filter(({ side }) => side.contract.instrument === instrument).length === 1,
  );
  return {
    source: isKnownCounter ? 'ctp-simnow' : 'another-counter',
    name: 'ctp-slices-20260915-7',
    tradingDay,
    capturedAt,
    note: 'made up',
    params,
    account: { ...amounts, reserve: 0, settlementID: 1, currencyID: 'CNY', specProductMargin: ABSENT },
    positions: rows.map(({ raw }) => ({ ...raw, combPosition: 0, openDetail: [{ at: { depth: 1 } }] })),
    instruments: Object.fromEntries(
      contracts.map(({ instrument, product }) => [instrument, { multiplier: toNumber(product.multiplier), multiplierSource: 'known contract spec' }]),
    ),
    quotes: contracts.map((one) => ({
      exchange: pick.of([one.product.exchange, '']),
      instrument: one.instrument,
      last: toNumber(one.mark),
      preSettlement: toNumber(one.preSettlement),
      bandingUpper: ABSENT,
      high: toNumber(one.high),
      low: toNumber(one.low),
      averagePrice: toNumber(one.product.exchange === 'CZCE' ? one.average : times(one.average, one.product.multiplier)),
    })),
    trades: oftenTraded.flatMap((one) =>
      days
        .filter(({ side }) => side.contract === one)
        .flatMap(({ side, trades }) =>
          trades.map(({ offset, price, volume }) => ({
            exchange: one.product.exchange,
            instrument: one.instrument,
            side: (side.direction === 'long') === (offset === 'open') ? 'buy' : 'sell',
            offset,
            price: toNumber(price),
            volume,
          })),
        ),
    ),
  };
}
