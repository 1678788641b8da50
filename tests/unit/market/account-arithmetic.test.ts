/**
 * The formulas that the book values accounts with, chained from lots and trades to available, against a second, exact arithmetic: every exchange's way of adding
 * sides up, every margin price type and algorithm, both kinds of rates, hedge flags, tiers, options, orders, pledge, credit and delivery.
 */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CommissionRate, Trade } from '#shared/feed/items';
import { groupBy } from '#shared/group-by';
import { closedOnTheDay } from '#shared/market/close-profit';
import { chargeTrades, commissionEstimate } from '#shared/market/commission';
import { available, dynamicEquity, heldBack, riskDegree } from '#shared/market/equity';
import { type Known, known, sumKnown } from '#shared/market/known';
import { type AggregationMethod, aggregateMargin, lotsMargin, type SideMargins } from '#shared/market/margin';
import { optionMarginRow, optionMarginTableSchema, optionSellerMargin } from '#shared/market/option-margin';
import { type LotTerms, positionProfitByDate } from '#shared/market/position-profit';
import { mortgageableFund } from '#shared/market/withdraw-quota';
import { type Decimal, sum, toNumber } from '#tests/helpers/counter-world/decimal';
import { type GeneratedCounter, generateCounter } from '#tests/helpers/counter-world/generate';
import type { SideDay } from '#tests/helpers/counter-world/rows';

const optionRows = optionMarginTableSchema.parse(JSON.parse(readFileSync('resources/option-margin.json', 'utf8'))).rows;
const METHODS: Record<string, AggregationMethod> = {
  SHFE: 'productBigSide',
  INE: 'productBigSide',
  CFFEX: 'productBigSide',
  CZCE: 'instrumentBigSide',
  DCE: 'plainSum',
  GFEX: 'plainSum',
};
const ALGORITHMS = { '1': 'all', '2': 'onlyLost', '3': 'onlyGain', '4': 'none' } as const;
const PRICE_TYPES = { '1': 'preSettlement', '2': 'latest', '3': 'average', '4': 'open' } as const;

type ValuedSide = { day: SideDay; closed: Known<number>; closedByTrade: Known<number>; floating: Known<number>; margin: Known<number> };

function valued(day: SideDay, marginPriceType: keyof typeof PRICE_TYPES): ValuedSide {
  const { contract, direction, hedgeFlag } = day.side;
  const { product } = contract;
  const multiplier = known(toNumber(product.multiplier));
  const preSettlementPrice = known(toNumber(contract.preSettlement));
  const { byDate, byTrade, left } = closedOnTheDay({
    direction,
    carried: day.carried.map(({ volume, price }) => ({ volume: known(volume), preSettlementPrice, openPrice: known(toNumber(price)) })),
    trades: day.trades.map(({ offset, price, volume }) => ({ offsetFlag: offset, price: toNumber(price), volume })),
    keepsDaysApart: keepsDaysApart(product.exchange),
    multiplier,
    overClosed: 'lotClosedTwice',
  });
  if (left === null) throw new Error('the lots that are left must be known');
  const isOption = contract.option !== null;
  const marks = { latest: known(toNumber(contract.mark)), preSettlement: preSettlementPrice, average: known(toNumber(contract.average)) };
  const [byMoney, byVolume] = [toNumber(product.margin[hedgeFlag].byMoney), toNumber(product.margin[hedgeFlag].byVolume)];
  const rate = { longByMoney: byMoney, longByVolume: byVolume, shortByMoney: byMoney, shortByVolume: byVolume };
  return {
    day,
    closed: byDate,
    closedByTrade: byTrade,
    floating: isOption ? known(0) : positionProfitByDate(left, marks.latest, multiplier),
    margin: isOption ? optionMargin(day, left) : lotsMargin(left, known(rate), PRICE_TYPES[marginPriceType], marks, multiplier),
  };
}

function keepsDaysApart(exchange: string): boolean {
  return exchange === 'SHFE' || exchange === 'INE';
}

function optionMargin({ side: { contract, direction, hedgeFlag } }: SideDay, left: readonly LotTerms[]): Known<number> {
  if (contract.option === null || direction === 'long') return known(0);
  const { kind, strike, future } = contract.option;
  const { product } = contract;
  const row = optionMarginRow(
    optionRows,
    { exchangeID: product.exchange, productID: product.product, instrumentID: contract.instrument },
    '20260915',
  );
  if (!row.known) return row;
  const perLot = optionSellerMargin(
    {
      optionsType: kind === 'C' ? 'call' : 'put',
      strikePrice: toNumber(strike),
      multiplier: toNumber(product.multiplier),
      premium: toNumber(contract.preSettlement),
      underlyingPreSettlement: toNumber(future.preSettlement),
      futuresMargin: toNumber(future.preSettlement) * toNumber(product.multiplier) * toNumber(product.margin[hedgeFlag].byMoney),
    },
    row.value,
  );
  return known(left.reduce((lots, { volume }) => lots + volume, 0) * perLot);
}

/** Sides of different hedge flags have rates of their own and add up before the larger side is taken. */
function marginOf(sides: readonly ValuedSide[]): Known<number> {
  const products = groupBy(sides, ({ day: { side } }) => {
    const { product, instrument, option } = side.contract;
    return option === null ? `${product.exchange}.${product.product}` : instrument;
  });
  return sumKnown(
    [...products.values()].map((held) => {
      const instruments = groupBy(held, ({ day }) => day.side.contract.instrument);
      const both = [...instruments].map(([instrumentID, own]): SideMargins => {
        const of = (direction: string) => sumKnown(own.filter(({ day }) => day.side.direction === direction).map(({ margin }) => margin));
        return { instrumentID, long: of('long'), short: of('short') };
      });
      return aggregateMargin(METHODS[held[0]?.day.side.contract.product.exchange ?? ''] ?? 'plainSum', both);
    }),
  );
}

function commissionOf(days: readonly SideDay[]): Known<number> {
  return sumKnown(
    days.map(({ side, trades }) => {
      const { product, instrument } = side.contract;
      const own = trades.map(
        ({ offset, price, volume }, at): Trade => ({
          accountID: 'A1',
          hedgeFlag: side.hedgeFlag,
          exchangeID: product.exchange,
          instrumentID: instrument,
          direction: (side.direction === 'long') === (offset === 'open') ? 'buy' : 'sell',
          offsetFlag: offset,
          price: toNumber(price),
          volume,
          tradeTimeMs: at,
          tradeID: String(at),
        }),
      );
      const rate = {
        openRatioByMoney: toNumber(product.open.byMoney),
        openRatioByVolume: toNumber(product.open.byVolume),
        closeRatioByMoney: toNumber(product.closeYesterday.byMoney),
        closeRatioByVolume: toNumber(product.closeYesterday.byVolume),
        closeTodayRatioByMoney: toNumber(product.closeToday.byMoney),
        closeTodayRatioByVolume: toNumber(product.closeToday.byVolume),
      };
      const charged = chargeTrades(own, {
        rate: () => known(rate as CommissionRate),
        multiplier: () => known(toNumber(product.multiplier)),
        keepsDaysApart: () => keepsDaysApart(product.exchange),
        todayOfForced: () => known(0),
      });
      return commissionEstimate(charged);
    }),
  );
}

function expectClose(ours: Known<number>, truth: Decimal, what: string): void {
  expect(ours.known ? ours.value : ours.reason, what).toBeCloseTo(toNumber(truth), 3);
}

function agree({ days, money, params, isKnownCounter, account, rows, skew }: GeneratedCounter): void {
  const sides = days.map((day) => valued(day, params.marginPriceType as keyof typeof PRICE_TYPES));
  const closeProfit = sumKnown(sides.map(({ closed }) => closed));
  const positionProfit = sumKnown(sides.map(({ floating }) => floating));
  const currMargin = marginOf(sides);
  const of = (field: keyof (typeof rows)[number]['figures']): Decimal => sum(rows.map(({ figures }) => figures[field]));
  expectClose(closeProfit, account.closeProfit, 'close profit by date');
  expectClose(sumKnown(sides.map(({ closedByTrade }) => closedByTrade)), of('closeProfitByTrade'), 'close profit by trade');
  expectClose(positionProfit, account.positionProfit - skew, 'position profit');
  expectClose(currMargin, account.currMargin, 'margin');
  // What a counter adds to each lot during the day is no rate, and the settlement takes it out again.
  if (!isKnownCounter) expectClose(commissionOf(days), account.commission, 'commission');

  const figures = Object.fromEntries(Object.entries(money).map(([field, value]) => [field, toNumber(value)]));
  const stated = { ...figures, closeProfit: toNumber(account.closeProfit), commission: toNumber(account.commission) };
  const floating = positionProfit.known ? known(positionProfit.value + toNumber(skew)) : positionProfit;
  const balance = dynamicEquity({ preBalance: 0, deposit: 0, withdraw: 0, ...stated }, floating, true);
  expectClose(balance, account.balance, 'balance');
  const free = available({
    balance,
    currMargin,
    heldBack: heldBack({ ...figures, frozenMargin: toNumber(account.frozenMargin), frozenCommission: toNumber(account.frozenCommission) }),
    positionProfit: floating,
    closeProfit,
    algorithm: ALGORITHMS[params.algorithm as keyof typeof ALGORITHMS],
    availIncludeCloseProfit: params.availIncludeCloseProfit === '2' ? 'notInclude' : 'include',
  });
  expectClose(free, account.available, 'available');
  const fund = mortgageableFund(
    free.known ? free.value : Number.NaN,
    toNumber(account.closeProfit),
    params.availIncludeCloseProfit === '2' ? 'notInclude' : 'include',
  );
  expect(fund).toBeCloseTo(toNumber(account.mortgageableFund), 3);
  const degree = riskDegree(currMargin, balance);
  if (account.balance <= 0n) expect(degree).toEqual({ kind: 'none' });
  else expect(degree).toMatchObject({ kind: 'degree', value: expect.closeTo(toNumber(account.currMargin) / toNumber(account.balance), 9) });
}

describe('the arithmetic of an account', () => {
  it('agrees with an exact counter from the lots up, whatever was held, traded and ordered', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (seed) => agree(generateCounter(seed))),
      { numRuns: 120 },
    );
  });
});
