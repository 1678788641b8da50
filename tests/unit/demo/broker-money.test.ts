/** Holds the demonstration's counter against the product's pure formulas: what it reports must be exactly what a correct valuation of its own lots, quotes and rates gives. */
import { describe, expect, it } from 'vitest';
import { type Broker, createBroker } from '#demo/broker';
import type {
  AccountMaster,
  CounterAccount,
  Instrument,
  MarginAggregation,
  MarginRate,
  PositionDetail,
  PositionSlice,
  Quote,
} from '#shared/feed/items';
import { available, dynamicEquity, heldBack } from '#shared/market/equity';
import { known } from '#shared/market/known';
import { aggregateMargin, lotsMargin, type SideMargins } from '#shared/market/margin';
import type { LotTerms } from '#shared/market/position-profit';
import { selectAggregation, selectMarginRate } from '#shared/market/rates';
import { groupBy } from './group-by';

type View = {
  instruments: Map<string, Instrument>;
  masters: Map<string, AccountMaster>;
  rates: MarginRate[];
  aggregations: MarginAggregation[];
};

function viewOf(broker: Broker): View {
  const reference = broker.snapshot('reference');
  return {
    instruments: new Map(reference.filter((item) => item.kind === 'instrument').map((item) => [item.instrumentID, item])),
    masters: new Map(reference.filter((item) => item.kind === 'accountMaster').map((item) => [item.accountID, item])),
    rates: reference.filter((item) => item.kind === 'marginRate'),
    aggregations: reference.filter((item) => item.kind === 'marginAggregation'),
  };
}

function must<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new Error(`missing: ${what}`);
  return value;
}

/** Recomputes one account from lots and quotes with the shared formulas. */
function recompute(view: View, account: CounterAccount, lots: readonly PositionDetail[], quotes: Map<string, Quote>, tradingDay: string) {
  const master = must(view.masters.get(account.accountID), account.accountID);
  let positionProfit = 0;
  const sidesByProduct = new Map<string, Map<string, { long: LotTerms[]; short: LotTerms[]; hedge: 'speculation' | 'hedge' }[]>>();
  for (const lot of lots) {
    const quote = must(quotes.get(lot.instrumentID), lot.instrumentID);
    const instrument = must(view.instruments.get(lot.instrumentID), lot.instrumentID);
    const preSettlement = must(quote.preSettlementPrice, 'preSettlementPrice');
    const isToday = lot.openDate === tradingDay;
    const basis = isToday ? lot.openPrice : preSettlement;
    const sign = lot.direction === 'long' ? 1 : -1;
    positionProfit += sign * (must(quote.lastPrice, 'lastPrice') - basis) * must(instrument.volumeMultiple, 'multiplier') * lot.volume;
    const products = sidesByProduct.get(`${instrument.exchangeID}|${instrument.productID}`) ?? new Map();
    sidesByProduct.set(`${instrument.exchangeID}|${instrument.productID}`, products);
    const groups = products.get(lot.instrumentID) ?? [];
    products.set(lot.instrumentID, groups);
    const hedge = lot.hedgeFlag as 'speculation' | 'hedge';
    let group = groups.find((one: { hedge: string }) => one.hedge === hedge);
    if (group === undefined) {
      group = { long: [], short: [], hedge };
      groups.push(group);
    }
    group[lot.direction].push({
      direction: lot.direction,
      volume: lot.volume,
      openPrice: lot.openPrice,
      isToday,
      preSettlementPrice: known(preSettlement),
    } as LotTerms);
  }
  const marginOf = (layer: 'exchange' | 'company'): number => {
    let total = 0;
    for (const [key, byInstrument] of sidesByProduct) {
      const [exchangeID = '', productID = ''] = key.split('|');
      const sides: SideMargins[] = [...byInstrument].map(([instrumentID, groups]) => {
        const quote = must(quotes.get(instrumentID), instrumentID);
        const side = (direction: 'long' | 'short'): number =>
          groups.reduce((sum, group) => {
            const rate = selectMarginRate(view.rates, {
              layer,
              exchangeID,
              productID,
              instrumentID,
              hedgeFlag: group.hedge,
              accountID: account.accountID,
              investorGroupID: master.investorGroupID,
              tradingDay,
            });
            const marks = {
              latest: known(must(quote.lastPrice, 'last')),
              preSettlement: known(must(quote.preSettlementPrice, 'pre')),
              average: known(quote.averagePrice ?? Number.NaN),
            };
            const margin = lotsMargin(
              group[direction],
              rate,
              master.marginPriceType,
              marks,
              known(must(view.instruments.get(instrumentID)?.volumeMultiple, 'mult')),
            );
            if (!margin.known) throw new Error(margin.reason);
            return sum + margin.value;
          }, 0);
        return { instrumentID, long: known(side('long')), short: known(side('short')) };
      });
      const method = selectAggregation(view.aggregations, { exchangeID, productID, tradingDay });
      if (!method.known) throw new Error(method.reason);
      const margin = aggregateMargin(method.value, sides);
      if (!margin.known) throw new Error(margin.reason);
      total += margin.value;
    }
    return total;
  };
  return { positionProfit, currMargin: marginOf('company'), exchangeMargin: marginOf('exchange'), master };
}

/** Every account, every slice, against the lots, at this very moment. */
function expectConsistent(broker: Broker, view: View): void {
  const quotes = new Map(broker.snapshot('quotes').map((quote) => [quote.instrumentID, quote]));
  const rows = broker.snapshot('positions');
  const lotsByAccount = groupBy(
    rows.filter((row): row is PositionDetail => row.kind === 'positionDetail'),
    (row) => row.accountID,
  );
  const slicesByAccount = groupBy(
    rows.filter((row): row is PositionSlice => row.kind === 'position'),
    (row) => row.accountID,
  );
  for (const account of broker.snapshot('accounts')) {
    const lots = lotsByAccount.get(account.accountID) ?? [];
    const truth = recompute(view, account, lots, quotes, broker.tradingDay);
    const about = `${account.accountID} at ${account.asOfMs}`;
    expect(account.positionProfit, about).toBeCloseTo(truth.positionProfit, 2);
    expect(account.currMargin, about).toBeCloseTo(truth.currMargin, 2);
    expect(account.exchangeMargin, about).toBeCloseTo(truth.exchangeMargin, 2);
    const balance = dynamicEquity(account, known(truth.positionProfit));
    expect(balance.known && balance.value, about).toBeCloseTo(must(account.balance, 'balance'), 2);
    const free = available({
      balance: known(must(account.balance, 'balance')),
      currMargin: known(must(account.currMargin, 'currMargin')),
      heldBack: heldBack(account),
      positionProfit: known(must(account.positionProfit, 'positionProfit')),
      closeProfit: known(must(account.closeProfit, 'closeProfit')),
      algorithm: truth.master.algorithm,
      availIncludeCloseProfit: truth.master.availIncludeCloseProfit,
    });
    expect(free.known && free.value, about).toBeCloseTo(must(account.available, 'available'), 2);
    expectSlices(view, slicesByAccount.get(account.accountID) ?? [], lots, quotes, broker.tradingDay, account);
  }
}

function expectSlices(
  view: View,
  slices: readonly PositionSlice[],
  lots: readonly PositionDetail[],
  quotes: Map<string, Quote>,
  tradingDay: string,
  account: CounterAccount,
): void {
  let profit = 0;
  let closeProfit = 0;
  let commission = 0;
  for (const slice of slices) {
    const about = `${slice.accountID} ${slice.instrumentID} ${slice.posiDirection} ${slice.positionDate}`;
    const instrument = must(view.instruments.get(slice.instrumentID), slice.instrumentID);
    const multiplier = must(instrument.volumeMultiple, 'multiplier');
    const own = lots.filter(
      (lot) =>
        lot.instrumentID === slice.instrumentID &&
        lot.direction === slice.posiDirection &&
        lot.hedgeFlag === slice.hedgeFlag &&
        (instrument.positionDateType === 'noUseHistory' || (lot.openDate === tradingDay) === (slice.positionDate === 'today')),
    );
    expect(slice.position, about).toBe(own.reduce((sum, lot) => sum + lot.volume, 0));
    expect(slice.position, about).toBe((slice.ydPosition ?? 0) + (slice.openVolume ?? 0) - (slice.closeVolume ?? 0));
    expect(slice.openCost, about).toBeCloseTo(
      own.reduce((sum, lot) => sum + lot.volume * lot.openPrice * multiplier, 0),
      2,
    );
    const sign = slice.posiDirection === 'long' ? 1 : -1;
    const mark = must(quotes.get(slice.instrumentID)?.lastPrice, 'mark');
    const cost = must(slice.positionCost, 'positionCost');
    expect(slice.positionProfit, about).toBeCloseTo(sign * (mark * multiplier * slice.position - cost), 2);
    const carried = must(slice.preSettlementPrice, 'pre') * multiplier * (slice.ydPosition ?? 0);
    expect(slice.closeProfit, about).toBeCloseTo(sign * ((slice.closeAmount ?? 0) + cost - (slice.openAmount ?? 0) - carried), 2);
    expect(slice.longFrozen, about).toBeGreaterThanOrEqual(0);
    expect((slice.shortFrozen ?? 0) + (slice.longFrozen ?? 0), about).toBeLessThanOrEqual(slice.position);
    profit += slice.positionProfit ?? 0;
    closeProfit += slice.closeProfit ?? 0;
    commission += slice.commission ?? 0;
  }
  expect(account.positionProfit).toBeCloseTo(profit, 2);
  expect(account.closeProfit).toBeCloseTo(closeProfit, 2);
  expect(account.commission).toBeCloseTo(commission, 2);
}

describe('the demonstration counter', { timeout: 60_000 }, () => {
  it.each([1, 2, 3])('adds up to the cent at every moment of a busy and violent market (seed %i)', (seed) => {
    const broker = createBroker({ seed, accounts: 48, tradingDay: '20261123', phase: 'busy' });
    const view = viewOf(broker);
    expectConsistent(broker, view);
    for (let index = 1; index <= 400; index += 1) {
      if (index === 100) broker.setPhase('violent');
      if (index === 150) broker.startEpisode('washTrade');
      if (index === 160) broker.startEpisode('runawayAlgo');
      broker.step();
      if (index % 80 === 0) expectConsistent(broker, view);
    }
  });

  it('reports in its messages exactly what a snapshot of that moment says', () => {
    const broker = createBroker({ seed: 9, accounts: 30, tradingDay: '20261123', phase: 'violent' });
    for (let index = 0; index < 120; index += 1) {
      const messages = broker.step();
      const accounts = new Map(broker.snapshot('accounts').map((item) => [item.accountID, item]));
      for (const message of messages) {
        if (message.type !== 'data' || message.stream !== 'accounts') continue;
        for (const item of message.items) expect(item).toEqual(accounts.get(item.accountID));
      }
    }
  });

  it('settles the day: equity at the settlement price is the next morning, to the cent, and today becomes history', () => {
    const broker = createBroker({
      seed: 5,
      accounts: 40,
      tradingDay: '20261123',
      phase: 'calm',
      stepMs: 5000,
      quotesPerSecond: 4,
      startMinute: 14 * 60 + 30,
    });
    const view = viewOf(broker);
    let evening: CounterAccount[] = [];
    let lots: PositionDetail[] = [];
    let settlement = new Map<string, number>();
    let isNewDay = false;
    for (let index = 0; index < 5000 && !isNewDay; index += 1) {
      for (const message of broker.step()) {
        if (message.type === 'newTradingDay') {
          isNewDay = true;
          break;
        }
        if (message.stream === 'quotes' && message.items[0]?.settlementPrice !== undefined) {
          settlement = new Map(message.items.map((quote) => [quote.instrumentID, must(quote.settlementPrice, 'settlement')]));
        }
        if (message.stream === 'accounts') evening = message.items;
      }
    }
    expect(isNewDay).toBe(true);
    expect(broker.tradingDay).toBe('20261124');
    expect(settlement.size).toBe(64);
    expect(evening).toHaveLength(40);
    lots = broker.snapshot('positions').filter((row): row is PositionDetail => row.kind === 'positionDetail');
    const morning = new Map(broker.snapshot('accounts').map((item) => [item.accountID, item]));
    const quotes = new Map(broker.snapshot('quotes').map((quote) => [quote.instrumentID, quote]));
    for (const quote of quotes.values()) expect(quote.preSettlementPrice).toBe(settlement.get(quote.instrumentID));
    for (const before of evening) {
      const after = must(morning.get(before.accountID), before.accountID);
      // The evening was marked at last prices: the step to settlement is the lots' difference between the two.
      let step = 0;
      for (const lot of lots.filter((one) => one.accountID === before.accountID)) {
        const quote = must(quotes.get(lot.instrumentID), lot.instrumentID);
        const multiplier = must(view.instruments.get(lot.instrumentID)?.volumeMultiple, 'multiplier');
        const sign = lot.direction === 'long' ? 1 : -1;
        step += sign * (must(quote.preSettlementPrice, 'pre') - must(quote.preClosePrice, 'close')) * multiplier * lot.volume;
        expect(lot.lastSettlementPrice).toBe(quote.preSettlementPrice);
      }
      expect(after.preBalance).toBeCloseTo(must(before.balance, 'balance') + step, 2);
      expect(after).toMatchObject({ deposit: 0, withdraw: 0, closeProfit: 0, commission: 0 });
    }
    expect(broker.snapshot('orders')).toHaveLength(0);
    expect(broker.sequenceOf('quotes')).toBe(0);
    expectConsistent(broker, view);
  });
});
