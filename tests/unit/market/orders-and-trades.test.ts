/** What resting orders freeze and what trades cost, by the tiers of the rate in force. */
import { describe, expect, it } from 'vitest';
import type { CommissionRate, Order, Trade } from '#shared/feed/items';
import { chargeTrades, commissionEstimate } from '#shared/market/commission';
import { frozenBy, isResting } from '#shared/market/frozen';
import { type Known, known, unknown } from '#shared/market/known';
import { selectCommissionRate } from '#shared/market/rates';

const RATE: CommissionRate = {
  kind: 'commissionRate',
  investorRange: 'broker',
  exchangeID: 'DCE',
  productID: 'm',
  openRatioByMoney: 0,
  openRatioByVolume: 1.5,
  closeRatioByMoney: 0,
  closeRatioByVolume: 1.5,
  closeTodayRatioByMoney: 0,
  closeTodayRatioByVolume: 0.75,
  effectiveFrom: '20260101',
  citation: 'test',
  certainty: 'demonstration',
};
const trade = (tradeID: string, over: Partial<Trade>): Trade => ({
  accountID: 'A',
  exchangeID: 'DCE',
  instrumentID: 'm2701',
  tradeID,
  direction: 'buy',
  offsetFlag: 'open',
  hedgeFlag: 'speculation',
  price: 3_400,
  volume: 1,
  tradeTimeMs: Number(tradeID),
  ...over,
});
const order: Order = {
  accountID: 'A',
  exchangeID: 'DCE',
  instrumentID: 'm2701',
  orderSysID: '1',
  direction: 'buy',
  offsetFlag: 'open',
  hedgeFlag: 'speculation',
  limitPrice: 3_390,
  volumeTotalOriginal: 5,
  volumeTraded: 2,
  volumeTotal: 3,
  timeCondition: 'GFD',
  volumeCondition: 'any',
  orderStatus: 'partTradedQueueing',
  insertTimeMs: 1,
  updateTimeMs: 1,
};
const OF = {
  marginRate: known({ longByMoney: 0.1, longByVolume: 2, shortByMoney: 0.2, shortByVolume: 0 }),
  commissionRate: known(RATE),
  multiplier: known(10),
};

describe('commission', () => {
  it('charges close-today for as many lots as were opened today so far in that direction, whichever lot is consumed', () => {
    const charged = chargeTrades(
      [
        trade('1', { volume: 3 }),
        trade('2', { direction: 'sell', offsetFlag: 'close', volume: 5 }),
        trade('3', { direction: 'sell', offsetFlag: 'close' }),
      ],
      { rate: () => known(RATE), multiplier: () => known(10), keepsDaysApart: () => false, todayOfForced: () => known(0) },
    );
    expect(charged.map(({ tier, volume }) => [tier, volume])).toEqual([
      ['open', 3],
      ['closeToday', 3],
      ['close', 2],
      ['close', 1],
    ]);
    expect(commissionEstimate(charged)).toEqual(known(3 * 1.5 + 3 * 0.75 + 3 * 1.5));
  });

  it('takes trades of one moment by their numbers: 9 before 10', () => {
    const charged = chargeTrades([trade('10', { direction: 'sell', offsetFlag: 'close', tradeTimeMs: 1 }), trade('9', { tradeTimeMs: 1 })], {
      rate: () => known(RATE),
      multiplier: () => known(10),
      keepsDaysApart: () => false,
      todayOfForced: () => known(0),
    });
    expect(charged.map(({ tier }) => tier)).toEqual(['open', 'closeToday']);
  });

  it("charges close-today only where the close names today, on exchanges that keep today's lots apart", () => {
    const charged = chargeTrades(
      [
        trade('1', { volume: 3 }),
        ...(['close', 'closeYesterday', 'closeToday'] as const).map((flag, at) => trade(`${at + 2}`, { direction: 'sell', offsetFlag: flag })),
      ],
      { rate: () => known(RATE), multiplier: () => known(10), keepsDaysApart: () => true, todayOfForced: () => known(0) },
    );
    expect(charged.map(({ tier }) => tier)).toEqual(['open', 'close', 'close', 'closeToday']);
  });

  it('charges a forced close, which names no day, by the lots it took of each where days are kept apart', () => {
    const forced = (['forceClose', 'forceOff', 'localForceClose'] as const).map((flag, at) =>
      trade(`${at + 2}`, { direction: 'sell', offsetFlag: flag, volume: 3 }),
    );
    const charge = (today: Known<number>) =>
      chargeTrades(forced, { rate: () => known(RATE), multiplier: () => known(10), keepsDaysApart: () => true, todayOfForced: () => today });
    expect(charge(known(2)).map(({ tier, volume }) => [tier, volume])).toEqual(
      forced.flatMap(() => [
        ['closeToday', 2],
        ['close', 1],
      ]),
    );
    expect(commissionEstimate(charge(unknown('field:ydPosition')))).toEqual({ known: false, reason: 'field:ydPosition' });
  });

  it('is unknown without a rate, and with two rates from one date', () => {
    const query = { exchangeID: 'DCE', productID: 'm', instrumentID: 'm2701', accountID: 'A', investorGroupID: undefined, tradingDay: '20260915' };
    expect(selectCommissionRate([], query)).toEqual({ known: false, reason: 'noRate:DCE.m2701 commission' });
    expect(selectCommissionRate([RATE, { ...RATE, openRatioByVolume: 2 }], query)).toEqual({ known: false, reason: 'twoRates:DCE.m2701 commission' });
    expect(selectCommissionRate([RATE, { ...RATE, investorRange: 'investor', investorID: 'A', openRatioByVolume: 1 }], query)).toMatchObject({
      value: { openRatioByVolume: 1 },
    });
    const charged = chargeTrades([trade('1', {})], {
      rate: () => unknown('noRate'),
      multiplier: () => known(10),
      keepsDaysApart: () => false,
      todayOfForced: () => known(0),
    });
    expect(commissionEstimate(charged)).toEqual({ known: false, reason: 'noRate' });
  });
});

describe('a resting order', () => {
  it('freezes margin at the order price for what is left, and commission; a close freezes commission alone', () => {
    expect(frozenBy(order, OF)).toMatchObject({ margin: known(3 * (0.1 * 3_390 * 10 + 2)), commission: known(4.5) });
    expect(frozenBy({ ...order, offsetFlag: 'close' }, OF)).toMatchObject({ margin: known(0), commission: known(4.5) });
  });

  it('is unknown without a price and nothing once it no longer rests', () => {
    const { limitPrice: _, ...market } = order;
    expect(frozenBy(market, OF).margin).toEqual({ known: false, reason: 'field:limitPrice' });
    expect([isResting(order), isResting({ ...order, orderStatus: 'canceled' }), isResting({ ...order, volumeTotal: 0 })]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
