/** Random but sensible account models for property tests of what-if computations. */
import fc from 'fast-check';
import { known } from '#shared/market/known';
import type { AccountModel, HeldInstrument, HeldLot } from '#shared/market/what-if/account-model';

const CONTRACTS = [
  { exchangeID: 'SHFE', productID: 'ag', instrumentID: 'ag2702', multiplier: 15, tick: 1, price: 15_800, method: 'productBigSide' as const },
  { exchangeID: 'SHFE', productID: 'ag', instrumentID: 'ag2704', multiplier: 15, tick: 1, price: 15_850, method: 'productBigSide' as const },
  { exchangeID: 'CZCE', productID: 'MA', instrumentID: 'MA701', multiplier: 10, tick: 1, price: 2_900, method: 'instrumentBigSide' as const },
  { exchangeID: 'DCE', productID: 'm', instrumentID: 'm2701', multiplier: 10, tick: 1, price: 3_400, method: 'plainSum' as const },
];

export const LEVELS = (['warn', 'call', 'force'] as const).map((level) => ({
  level,
  basis: level === 'force' ? ('exchange' as const) : ('company' as const),
  enterDegree: level === 'warn' ? 0.8 : 1,
  effectiveFrom: '20000101',
  citation: 'test',
  certainty: 'demonstration' as const,
}));

const lotArbitrary = fc.record({
  direction: fc.constantFrom('long' as const, 'short' as const),
  volume: fc.integer({ min: 1, max: 30 }),
  isToday: fc.boolean(),
  openTicks: fc.integer({ min: -100, max: 100 }),
  hedgeFlag: fc.constantFrom('speculation' as const, 'hedge' as const),
});

export function heldInstrument(contract: (typeof CONTRACTS)[number], lots: readonly HeldLot[], moveTicks = 0): HeldInstrument {
  const rate = (byMoney: number) => known({ longByMoney: byMoney, longByVolume: 0, shortByMoney: byMoney, shortByVolume: 0 });
  return {
    exchangeID: contract.exchangeID,
    instrumentID: contract.instrumentID,
    productID: contract.productID,
    isOption: false,
    multiplier: known(contract.multiplier),
    priceTick: known(contract.tick),
    maxLimitOrderVolume: 7,
    marks: {
      latest: known(contract.price + moveTicks),
      preSettlement: known(contract.price),
      average: known(contract.price),
      settlement: known(contract.price + moveTicks),
      upperLimit: known(Math.floor(contract.price * 1.1)),
      lowerLimit: known(Math.ceil(contract.price * 0.9)),
    },
    lockedDays: known([
      { limitAdded: 0.03, marginAdded: 0.03 },
      { limitAdded: 0.05, marginAdded: 0.05 },
    ]),
    lots,
    lotsReason: null,
    companyRate: { speculation: rate(0.16), hedge: rate(0.14) },
    exchangeRate: { speculation: rate(0.12), hedge: rate(0.1) },
    aggregation: known(contract.method),
  };
}

export function modelOf(
  holdings: readonly HeldInstrument[],
  equityBeforePositions: number,
  marginPriceType: AccountModel['marginPriceType'] = 'open',
): AccountModel {
  return {
    accountID: 'A0001',
    accountName: 'Test account',
    departmentID: 'D1',
    controlGroupID: null,
    currencyID: 'CNY',
    equityBeforePositions: known(equityBeforePositions),
    heldBack: known(0),
    closeProfit: known(0),
    algorithm: 'onlyLost',
    availIncludeCloseProfit: 'include',
    marginPriceType,
    holdings,
    holdingsReason: null,
    levels: LEVELS,
  };
}

export const modelArbitrary: fc.Arbitrary<AccountModel> = fc
  .record({
    lots: fc.array(fc.array(lotArbitrary, { maxLength: 4 }), { minLength: CONTRACTS.length, maxLength: CONTRACTS.length }),
    moves: fc.array(fc.integer({ min: -200, max: 200 }), { minLength: CONTRACTS.length, maxLength: CONTRACTS.length }),
    cushion: fc.integer({ min: 10_000, max: 3_000_000 }),
    type: fc.constantFrom('open' as const, 'latest' as const, 'preSettlement' as const),
  })
  .map(({ lots, moves, cushion, type }) => {
    const holdings = CONTRACTS.map((contract, index) =>
      heldInstrument(
        contract,
        (lots[index] ?? []).map((lot, at) => ({
          direction: lot.direction,
          volume: lot.volume,
          isToday: lot.isToday,
          hedgeFlag: lot.hedgeFlag,
          openPrice: contract.price + lot.openTicks,
          preSettlementPrice: known(contract.price),
          openDate: lot.isToday ? '20260915' : '20260910',
          tradeID: `${contract.instrumentID}-${at}`,
        })),
        moves[index],
      ),
    );
    return modelOf(holdings, cushion, type);
  });
