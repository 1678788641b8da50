import { describe, expect, it } from 'vitest';
import { bundledThresholdRows } from '#engine/watch/detectors/thresholds';
import { TEN_MS, TestDesk } from './desk';

/** Orders and takes back, a minute apart, so that nothing but the count can be at work. */
function cancelTimes(
  desk: TestDesk,
  times: number,
  words: Parameters<TestDesk['order']>[0] = {},
  by: 'customer' | 'exchange' | 'system' | null = 'customer',
): void {
  for (let index = 0; index < times; index += 1) {
    const order = desk.order(words);
    desk.nowMs += 30_000;
    desk.cancel(order, by);
    desk.nowMs += 30_000;
  }
}

describe('frequent cancels', () => {
  it('rises from a note over a warning to a breach, each told once, and names its row', () => {
    const desk = new TestDesk();
    cancelTimes(desk, 399);
    expect(desk.found('frequentCancel')).toEqual([]);
    cancelTimes(desk, 201);
    const [finding] = desk.found('frequentCancel');
    expect(finding).toMatchObject({
      rung: 'ban',
      value: 600,
      customerID: 'A1',
      instrumentID: 'rb2701',
      certainty: 'secondary',
      ruleId: 'frequent-cancel-shfe',
    });
    expect(finding?.thresholds).toEqual({ ignore: 400, warn: 470, ban: 500 });
    expect(finding?.citation).not.toBe('');
    const told = desk.changes.filter((change) => change.finding.detector === 'frequentCancel');
    expect(told.map((change) => [change.transition, change.finding.rung])).toEqual([
      ['raised', 'ignore'],
      ['worsened', 'warn'],
      ['worsened', 'ban'],
    ]);
    // The 500th cancel, not one earlier or later.
    expect(finding?.reachedAtMs.ban).toBe(TEN_MS + 500 * 60_000 - 30_000);
  });

  it('merges a control group and shows each account beside it', () => {
    const desk = new TestDesk();
    desk.group('G1', ['A1', 'A2']);
    cancelTimes(desk, 300, { accountID: 'A1' });
    cancelTimes(desk, 200, { accountID: 'A2' });
    const [finding] = desk.found('frequentCancel');
    expect(finding).toMatchObject({ customerKind: 'group', customerID: 'G1', rung: 'ban', value: 500 });
    expect(finding?.byAccount).toEqual([
      { accountID: 'A1', value: 300 },
      { accountID: 'A2', value: 200 },
    ]);
  });

  it.each([
    ['fill-and-kill', { timeCondition: 'IOC' as const }, 'customer' as const],
    ['fill-or-kill', { timeCondition: 'IOC' as const, volumeCondition: 'all' as const }, 'customer' as const],
    ['hedging', { hedgeFlag: 'hedge' as const }, 'customer' as const],
    ['market making', { hedgeFlag: 'marketMaker' as const }, 'customer' as const],
    ['what the exchange cancelled', {}, 'exchange' as const],
    ['what the counter cancelled', {}, 'system' as const],
  ])('does not count %s', (_name, words, by) => {
    const desk = new TestDesk();
    cancelTimes(desk, 520, words, by);
    expect(desk.found('frequentCancel')).toEqual([]);
  });

  it('warns, but claims no breach, where the source does not say whose the cancels were', () => {
    const desk = new TestDesk();
    cancelTimes(desk, 300);
    cancelTimes(desk, 300, {}, null);
    expect(desk.found('frequentCancel')).toMatchObject([
      { rung: 'warn', value: 600, unknownCount: 300, byAccount: [{ accountID: 'A1', value: 300 }] },
    ]);
    expect(desk.run.coverage().unknownCancels).toBe(300);
    cancelTimes(desk, 200);
    expect(desk.found('frequentCancel')).toMatchObject([{ rung: 'ban' }]);
  });

  it('judges index futures at 400 and bond futures at 500, and says where no threshold is in force', () => {
    const desk = new TestDesk();
    desk.contract('CFFEX', 'IF2612', 'IF');
    desk.contract('CFFEX', 'T2612', 'T');
    cancelTimes(desk, 400, { exchangeID: 'CFFEX', instrumentID: 'IF2612' });
    cancelTimes(desk, 400, { exchangeID: 'CFFEX', instrumentID: 'T2612' });
    cancelTimes(desk, 600, { exchangeID: 'GFEX', instrumentID: 'si2701' });
    expect(desk.found('frequentCancel').map((finding) => [finding.instrumentID, finding.rung])).toEqual([
      ['IF2612', 'ban'],
      ['T2612', 'ignore'],
    ]);
    expect(desk.run.coverage().unjudged).toContainEqual({ detector: 'frequentCancel', reason: 'NO_THRESHOLD', subject: 'GFEX', count: 1 });
  });
});

describe('two rows about the same from the same day on', () => {
  const rows = bundledThresholdRows().filter(({ detector }) => detector === 'frequentCancel');
  const shfe = rows.find(({ exchangeID, productID }) => exchangeID === 'SHFE' && productID === undefined);
  if (shfe === undefined) throw new Error('no row of SHFE');
  const withTwin = (change: Partial<typeof shfe>) => [...rows, { ...shfe, ruleId: 'twin', ...change }];
  const judgedBy = (given: typeof rows): TestDesk => {
    const desk = new TestDesk(given);
    cancelTimes(desk, 600);
    return desk;
  };

  it('judge nothing when they contradict each other, in either order, and that is said', () => {
    for (const given of [withTwin({ ban: shfe.ban + 100 }), withTwin({ ban: shfe.ban + 100 }).reverse()]) {
      const desk = judgedBy(given);
      expect(desk.found('frequentCancel')).toEqual([]);
      expect(desk.run.coverage().unjudged).toContainEqual(
        expect.objectContaining({ detector: 'frequentCancel', reason: 'CONTRADICTING_THRESHOLDS', subject: 'SHFE' }),
      );
    }
  });

  it('are one when they say the same, and the later day’s holds as before', () => {
    expect(judgedBy(withTwin({ citation: 'another notice' })).found('frequentCancel')).toHaveLength(1);
    expect(judgedBy(withTwin({ ban: shfe.ban + 100, effectiveFrom: '20261101' })).found('frequentCancel')).toMatchObject([{ ruleId: 'twin' }]);
  });
});

describe('the trading day', () => {
  it('goes on counting over midnight and begins anew with the next trading day', () => {
    const desk = new TestDesk();
    desk.nowMs = Date.UTC(2026, 10, 20, 13);
    cancelTimes(desk, 300);
    // Past midnight of the same night session, then the day session: one trading day, two dates.
    desk.nowMs = Date.UTC(2026, 10, 23, 1);
    cancelTimes(desk, 200);
    expect(desk.found('frequentCancel')).toMatchObject([{ tradingDay: '20261123', value: 500, rung: 'ban' }]);
    desk.tradingDay = '20261124';
    cancelTimes(desk, 410);
    expect(desk.found('frequentCancel').map((finding) => [finding.tradingDay, finding.value])).toEqual([
      ['20261123', 500],
      ['20261124', 410],
    ]);
  });

  it('leaves out what comes late from a day that is over, and counts it', () => {
    const desk = new TestDesk();
    desk.tradingDay = '20261124';
    desk.order();
    desk.tradingDay = '20261123';
    desk.order();
    expect(desk.run.coverage()).toMatchObject({ lateItems: 1, tradingDays: ['20261124'] });
    // A source of another market may be on that day for hours: each detector says that it does not count it, until its own day begins.
    expect(desk.run.notJudgedBy('selfTrade', 9)[0]).toEqual({ reason: 'EARLIER_TRADING_DAY', subject: 'test 20261123' });
  });
});

describe('large cancels', () => {
  it('measures what the cancel took out, not what was ordered', () => {
    const desk = new TestDesk();
    cancelTimes(desk, 60, { volumeTotalOriginal: 299 });
    cancelTimes(desk, 60, { volumeTotalOriginal: 500, volumeTraded: 250, orderStatus: 'partTradedQueueing' });
    expect(desk.found('largeCancel')).toEqual([]);
    cancelTimes(desk, 50, { volumeTotalOriginal: 300 });
    expect(desk.found('largeCancel')).toMatchObject([{ rung: 'ban', value: 50, factors: { largeFromLots: 300 } }]);
  });

  it('takes DCE at more than 80 % of the largest order and CFFEX at 80 % and more', () => {
    const desk = new TestDesk();
    desk.contract('DCE', 'm2701', 'm', 1000);
    desk.contract('CFFEX', 'IF2612', 'IF', 20);
    cancelTimes(desk, 450, { exchangeID: 'DCE', instrumentID: 'm2701', volumeTotalOriginal: 800 });
    cancelTimes(desk, 100, { exchangeID: 'CFFEX', instrumentID: 'IF2612', volumeTotalOriginal: 16 });
    expect(desk.found('largeCancel').map((finding) => finding.instrumentID)).toEqual(['IF2612']);
    cancelTimes(desk, 400, { exchangeID: 'DCE', instrumentID: 'm2701', volumeTotalOriginal: 801 });
    expect(desk.found('largeCancel')).toMatchObject([
      { instrumentID: 'IF2612', rung: 'ban' },
      { instrumentID: 'm2701', rung: 'ban', value: 400 },
    ]);
  });

  it('says that it cannot judge where the largest order is not known', () => {
    const desk = new TestDesk();
    cancelTimes(desk, 3, { exchangeID: 'DCE', instrumentID: 'm2701', volumeTotalOriginal: 5000 });
    expect(desk.run.coverage().unjudged).toContainEqual({ detector: 'largeCancel', reason: 'MAX_ORDER_UNKNOWN', subject: 'm2701', count: 3 });
  });
});

describe('cancels at the limit price', () => {
  it('count only after the contract was locked there, on the locked side', () => {
    const desk = new TestDesk();
    const sr = { exchangeID: 'CZCE', instrumentID: 'SR701' };
    const limits = { ...sr, upperLimitPrice: 3100, lowerLimitPrice: 2900 };
    desk.quote(3099, limits);
    cancelTimes(desk, 120, { ...sr, limitPrice: 3100 });
    desk.nowMs += 1;
    desk.quote(3100, { ...limits, askPrice1: undefined });
    cancelTimes(desk, 120, { ...sr, direction: 'sell', limitPrice: 3100 });
    cancelTimes(desk, 120, { ...sr, limitPrice: 3090 });
    expect(desk.found('limitPriceCancel')).toEqual([]);
    cancelTimes(desk, 100, { ...sr, limitPrice: 3100 });
    expect(desk.found('limitPriceCancel')).toMatchObject([{ rung: 'ban', value: 100 }]);
  });
});

describe('self-trades', () => {
  it('count once per trade number, between the accounts of a group, with the account column apart', () => {
    const desk = new TestDesk();
    desk.group('G1', ['A1', 'A2']);
    for (let index = 0; index < 4; index += 1) desk.cross({ accountID: 'A1' }, { accountID: 'A2' });
    desk.cross({ accountID: 'A1' }, { accountID: 'A1' });
    desk.cross({ accountID: 'A1' }, { accountID: 'B1' });
    const byAccount = [
      { accountID: 'A1', value: 1 },
      { accountID: 'A2', value: 0 },
    ];
    expect(desk.found('selfTrade')).toMatchObject([{ customerID: 'G1', rung: 'ban', value: 5, byAccount }]);
  });

  it('sees both sides of a single account, and nothing between strangers', () => {
    const desk = new TestDesk();
    for (let index = 0; index < 6; index += 1) desk.cross({ accountID: 'A1' }, { accountID: 'B1' });
    expect(desk.found('selfTrade')).toEqual([]);
    for (let index = 0; index < 5; index += 1) desk.cross({ accountID: 'C1' }, { accountID: 'C1' });
    expect(desk.found('selfTrade')).toMatchObject([{ customerKind: 'account', customerID: 'C1', rung: 'ban', value: 5 }]);
  });

  it('keeps the trades of an auction apart', () => {
    const desk = new TestDesk();
    desk.contract('SHFE', 'rb2701', 'rb');
    desk.say('instrumentStatus', [{ exchangeID: 'SHFE', productID: 'rb', instrumentStatus: 'auctionMatch', enterTimeMs: desk.nowMs }]);
    for (let index = 0; index < 5; index += 1) desk.cross({ accountID: 'C1' }, { accountID: 'C1' });
    expect(desk.found('selfTrade')).toEqual([]);
    desk.say('instrumentStatus', [{ exchangeID: 'SHFE', productID: 'rb', instrumentStatus: 'continuous', enterTimeMs: desk.nowMs }]);
    for (let index = 0; index < 5; index += 1) desk.cross({ accountID: 'C1' }, { accountID: 'C1' });
    expect(desk.found('selfTrade')).toMatchObject([{ rung: 'ban', value: 5, factors: { auctionTrades: 5 } }]);
  });
});

describe('the intraday open limit', () => {
  it('adds up the lots a group opened in gold, without closing and without hedging', () => {
    const desk = new TestDesk();
    desk.contract('SHFE', 'au2702', 'au');
    desk.group('G1', ['A1', 'A2']);
    const au = { instrumentID: 'au2702', volumeTotalOriginal: 1400 };
    desk.fill(desk.order({ ...au, accountID: 'A1' }));
    desk.fill(desk.order({ ...au, accountID: 'A1', offsetFlag: 'closeToday' }));
    desk.fill(desk.order({ ...au, accountID: 'A2', hedgeFlag: 'hedge' }));
    desk.fill(desk.order({ ...au, accountID: 'A2' }));
    expect(desk.found('intradayOpenLimit')).toMatchObject([{ customerID: 'G1', value: 2800, rung: 'warn' }]);
    desk.fill(desk.order({ ...au, accountID: 'A2', volumeTotalOriginal: 1 }));
    expect(desk.found('intradayOpenLimit')).toMatchObject([{ value: 2801, rung: 'ban', certainty: 'secondary' }]);
  });
});

describe('rates', () => {
  it('asks for a report at ten bursts of ten messages within a second, a group merged', () => {
    const desk = new TestDesk();
    desk.group('G1', ['A1', 'A2']);
    for (let burst = 0; burst < 10; burst += 1) {
      for (let index = 0; index < 10; index += 1) {
        desk.order({ accountID: index % 2 === 0 ? 'A1' : 'A2', volumeTotalOriginal: 1 + index });
        desk.nowMs += 100;
      }
      desk.nowMs += 5000;
    }
    expect(desk.found('programReport')).toMatchObject([{ customerID: 'G1', rung: 'ban', value: 10, exchangeID: null, instrumentID: null }]);
  });

  it('does not make many bursts of one long one, nor one of slow sending', () => {
    const desk = new TestDesk();
    for (let index = 0; index < 49; index += 1) {
      desk.order({ volumeTotalOriginal: 1 + index });
      desk.nowMs += 10;
    }
    expect(desk.found('programReport')).toEqual([]);
    for (let index = 0; index < 500; index += 1) {
      desk.order({ accountID: 'SLOW', volumeTotalOriginal: 1 + (index % 7) });
      desk.nowMs += 112;
    }
    expect(desk.found('programReport')).toEqual([]);
  });

  it('calls 300 messages of an account within a second high-frequency on a stock exchange, and 20,000 in a day', () => {
    const desk = new TestDesk();
    const stock = { exchangeID: 'SSE', instrumentID: '600000' };
    for (let index = 0; index < 299; index += 1) desk.order({ ...stock, volumeTotalOriginal: 100 + index });
    expect(desk.found('securitiesHighFrequency')).toEqual([]);
    desk.order(stock);
    expect(desk.found('securitiesHighFrequency')).toMatchObject([{ exchangeID: 'SSE', customerID: 'A1', rung: 'ban' }]);
    for (let index = 0; index < 20_000; index += 1) {
      desk.nowMs += 100;
      desk.order({ ...stock, accountID: 'A2', volumeTotalOriginal: 100 + (index % 50) });
    }
    expect(desk.found('securitiesHighFrequency')[1]).toMatchObject({ customerID: 'A2', rung: 'ban', factors: { messagesToday: 20_000 } });
    // Messages to a stock exchange are not the futures exchanges' business.
    expect(desk.found('programReport')).toEqual([]);
  });
});
