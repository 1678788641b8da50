import { describe, expect, it } from 'vitest';
import { bundledThresholdRows } from '#engine/watch/detectors/thresholds';
import { TestDesk } from './desk';

type Words = NonNullable<Parameters<TestDesk['order']>[0]>;

/** Large orders at some levels on one side, a small fill on the other, then the large ones go. */
function deceive(
  desk: TestDesk,
  levels: number,
  more: { volume?: number; lifeMs?: number; isFilled?: boolean; small?: Words; large?: Words } = {},
): void {
  const { volume = 100, lifeMs = 1500, isFilled = true, small = {}, large = {} } = more;
  const orders = Array.from({ length: levels }, (_, level) => desk.order({ limitPrice: 2990 - level, volumeTotalOriginal: volume, ...large }));
  desk.nowMs += 100;
  const bait = desk.order({ direction: 'sell', limitPrice: 2999, volumeTotalOriginal: 2, ...small });
  if (isFilled) desk.fill(bait);
  desk.nowMs += lifeMs;
  for (const order of orders) desk.cancel(order);
  desk.nowMs += 8000;
}

describe('spoofing and layering', () => {
  it('warns at three rounds and tells one level from several', () => {
    const desk = new TestDesk();
    for (let round = 0; round < 5; round += 1) deceive(desk, 1);
    expect(desk.found('layering')).toEqual([]);
    expect(desk.found('spoofing')).toMatchObject([{ rung: 'ban', value: 5, factors: { levels: 1, largeLots: 100 } }]);
    const other = new TestDesk();
    for (let round = 0; round < 3; round += 1) deceive(other, 4);
    expect(other.found('spoofing')).toEqual([]);
    expect(other.found('layering')).toMatchObject([{ rung: 'warn', value: 3, factors: { levels: 4 } }]);
  });

  it('sees the two sides in two accounts of one group', () => {
    const desk = new TestDesk();
    desk.group('G1', ['A1', 'A2']);
    for (let round = 0; round < 3; round += 1) deceive(desk, 1, { small: { accountID: 'A2' } });
    expect(desk.found('spoofing')).toMatchObject([{ customerID: 'G1', rung: 'warn' }]);
  });

  it('leaves alone whoever’s large orders mostly trade, and not who lets a few of them', () => {
    const withTraded = (each: number): TestDesk => {
      const desk = new TestDesk();
      for (let round = 0; round < 5; round += 1) {
        for (let no = 0; no < each; no += 1) desk.fill(desk.order({ limitPrice: 2995, volumeTotalOriginal: 30 }));
        deceive(desk, 1);
      }
      return desk;
    };
    expect(withTraded(2).found('spoofing')).toEqual([]);
    expect(withTraded(1).found('spoofing')).toMatchObject([{ rung: 'ban', value: 5, factors: { takenBackShare: 0.5 } }]);
  });

  it.each([
    ['nothing traded on the other side', { isFilled: false }],
    ['the orders stayed long in the market', { lifeMs: 60_000 }],
    ['the orders were not large beside what traded', { volume: 20, small: { volumeTotalOriginal: 10 } }],
    ['it is market making', { large: { hedgeFlag: 'marketMaker' as const } }],
    ['the small trade was on the same side', { small: { direction: 'buy' as const } }],
  ])('says nothing when %s', (_name, more) => {
    const desk = new TestDesk();
    for (let round = 0; round < 6; round += 1) deceive(desk, 2, more);
    expect([...desk.found('spoofing'), ...desk.found('layering')]).toEqual([]);
  });
});

describe('quote stuffing and runaway programs', () => {
  it('tells many messages without fills from many orders that all fill', () => {
    const desk = new TestDesk();
    for (let index = 0; index < 200; index += 1) {
      const order = desk.order({ volumeTotalOriginal: 1 + (index % 3) });
      desk.nowMs += 10;
      desk.cancel(order);
      desk.nowMs += 10;
    }
    expect(desk.found('quoteStuffing')).toMatchObject([{ rung: 'ban' }]);
    expect(desk.found('runawayAlgo')).toEqual([]);
    const other = new TestDesk();
    for (let index = 0; index < 60; index += 1) {
      other.fill(other.order());
      other.nowMs += 100;
    }
    expect(other.found('quoteStuffing')).toEqual([]);
    expect(other.found('runawayAlgo')).toMatchObject([{ rung: 'ban', factors: { lotsOfEach: 1 } }]);
  });

  it('are found of a control group’s accounts together, each with its own part, and not of accounts that have nothing to do with each other', () => {
    const stuff = (isGroup: boolean): TestDesk => {
      const desk = new TestDesk();
      if (isGroup) desk.group('G1', ['A1', 'A2']);
      for (let index = 0; index < 160; index += 1) {
        const order = desk.order({ accountID: index % 2 === 0 ? 'A1' : 'A2' });
        if (index % 4 < 2) desk.cancel(order);
        desk.nowMs += 5;
      }
      return desk;
    };
    const run = (isGroup: boolean): TestDesk => {
      const desk = new TestDesk();
      if (isGroup) desk.group('G1', ['A1', 'A2']);
      for (let index = 0; index < 24; index += 1) {
        desk.fill(desk.order({ accountID: index % 2 === 0 ? 'A1' : 'A2' }));
        desk.nowMs += 100;
      }
      return desk;
    };
    for (const [detector, made] of [
      ['quoteStuffing', stuff],
      ['runawayAlgo', run],
    ] as const) {
      const [together] = made(true).found(detector);
      const apart = made(false).found(detector);
      expect(together, detector).toMatchObject({ customerKind: 'group', customerID: 'G1' });
      expect(together?.byAccount.map(({ accountID }) => accountID).sort()).toEqual(['A1', 'A2']);
      expect(together?.byAccount.reduce((sum, { value }) => sum + value, 0)).toBe(together?.value);
      for (const { value } of apart) expect(value).toBeLessThan(together?.value ?? 0);
    }
  });

  it('are found of one account of a group whose partner trades as others do', () => {
    const desk = new TestDesk();
    desk.group('G1', ['A1', 'A2']);
    for (let index = 0; index < 200; index += 1) {
      const order = desk.order({ limitPrice: 3000 + (index % 5) });
      desk.cancel(order);
      desk.fill(desk.order({ accountID: 'A2', direction: index % 2 === 0 ? 'buy' : 'sell' }));
      desk.nowMs += 10;
    }
    expect(desk.found('quoteStuffing')).toMatchObject([{ byAccount: [{ accountID: 'A1' }] }]);
  });

  it('does not call orders of changing size or side a runaway', () => {
    const desk = new TestDesk();
    for (let index = 0; index < 100; index += 1) {
      desk.fill(desk.order({ direction: index % 2 === 0 ? 'buy' : 'sell' }));
      desk.nowMs += 100;
    }
    expect(desk.found('runawayAlgo')).toEqual([]);
  });
});

describe('fat fingers', () => {
  function send(words: Words, last: number | null = 3000): TestDesk {
    const desk = new TestDesk();
    desk.contract('SHFE', 'rb2701', 'rb');
    if (last !== null) desk.quote(last);
    desk.order({ volumeTotalOriginal: 100, ...words });
    return desk;
  }

  it('measures the distance from the last price on either side', () => {
    expect(send({ limitPrice: 3300 }).found('fatFinger')).toMatchObject([{ rung: 'ban', value: 0.1 }]);
    expect(send({ limitPrice: 2940 }).found('fatFinger')).toMatchObject([{ rung: 'warn', factors: { lots: 100, lastPrice: 3000 } }]);
    expect(send({ limitPrice: 2990 }).found('fatFinger')).toEqual([]);
  });

  it('leaves small orders alone, notes what the counter turned away, and does not guess without a price', () => {
    expect(send({ limitPrice: 3300, volumeTotalOriginal: 1 }).found('fatFinger')).toEqual([]);
    expect(send({ limitPrice: 3300, orderStatus: 'canceled', canceledBy: 'system' }).found('fatFinger')).toMatchObject([{ rung: 'ignore' }]);
    const blind = send({ limitPrice: 3300 }, null);
    expect(blind.found('fatFinger')).toEqual([]);
    expect(blind.run.coverage().unjudged).toContainEqual({ detector: 'fatFinger', reason: 'NO_CURRENT_PRICE', subject: 'rb2701', count: 1 });
  });
});

describe('wash trades', () => {
  it('count lots that go to and fro, also in a ring of three, and not single self-trades', () => {
    const desk = new TestDesk();
    desk.group('G1', ['A1', 'A2']);
    for (let round = 0; round < 3; round += 1) {
      desk.cross({ accountID: 'A1' }, { accountID: 'A2' }, 10);
      desk.nowMs += 4000;
      desk.cross({ accountID: 'A2' }, { accountID: 'A1' }, 9);
      desk.nowMs += 4000;
    }
    expect(desk.found('washTrade')).toMatchObject([{ customerID: 'G1', rung: 'warn', value: 3 }]);
    const ring = new TestDesk();
    ring.group('G1', ['A1', 'A2', 'A3']);
    for (let round = 0; round < 5; round += 1) {
      for (const [buyer, seller] of [
        ['A1', 'A2'],
        ['A3', 'A1'],
        ['A2', 'A3'],
      ] as const) {
        ring.cross({ accountID: buyer }, { accountID: seller }, 10);
        ring.nowMs += 4000;
      }
    }
    expect(ring.found('washTrade')).toMatchObject([{ rung: 'ban', value: 5 }]);
    const oneWay = new TestDesk();
    oneWay.group('G1', ['A1', 'A2']);
    for (let index = 0; index < 8; index += 1) oneWay.cross({ accountID: 'A1' }, { accountID: 'A2' }, 10);
    expect(oneWay.found('washTrade')).toEqual([]);
  });

  it('goes on seeing rounds when some lots left the group meanwhile', () => {
    const desk = new TestDesk();
    desk.group('G1', ['A1', 'A2']);
    const volumes = [14, 14, 14, 10, 14, 14, 14, 14];
    for (const [leg, volume] of volumes.entries()) {
      const isOut = leg % 2 === 0;
      desk.cross({ accountID: isOut ? 'A1' : 'A2' }, { accountID: isOut ? 'A2' : 'A1' }, volume);
      desk.nowMs += 4000;
    }
    expect(desk.found('washTrade')).toMatchObject([{ value: 3, rung: 'warn' }]);
  });
});

describe('bursts that are traded back', () => {
  /** Buys `orders` times while the price rises a little with each, then sells `back` of it. */
  function burst(everyMs: number, orders: number, risePerOrder: number, back: number): TestDesk {
    const desk = new TestDesk();
    let price = 3000;
    for (let index = 0; index < orders; index += 1) {
      desk.quote(price);
      desk.fill(desk.order({ limitPrice: price + 2, volumeTotalOriginal: 10 }), 10, price);
      price += risePerOrder;
      desk.nowMs += everyMs;
    }
    desk.quote(price);
    for (let left = Math.round(orders * back); left > 0; left -= 1) {
      desk.fill(desk.order({ direction: 'sell', offsetFlag: 'closeToday', limitPrice: price - 3, volumeTotalOriginal: 10 }), 10, price - 1);
      desk.nowMs += everyMs;
    }
    return desk;
  }

  it('calls minutes ramping and seconds momentum ignition', () => {
    const slow = burst(6000, 20, 1, 0.6);
    expect(slow.found('ramping')).toMatchObject([{ rung: 'ban' }]);
    expect(slow.found('momentumIgnition')).toEqual([]);
    const quick = burst(800, 8, 2, 0.8);
    expect(quick.found('momentumIgnition')).toMatchObject([{ rung: 'ban' }]);
    expect(quick.found('ramping')).toEqual([]);
  });

  it('notes a burst, and warns only when it is traded back', () => {
    expect(burst(6000, 20, 1, 0).found('ramping')).toMatchObject([{ rung: 'ignore', value: 0 }]);
    expect(burst(6000, 20, 1, 0.3).found('ramping')).toMatchObject([{ rung: 'warn' }]);
  });

  it('goes on over a small counter-trade of at most the share that its row names', () => {
    const disturbed = (noiseShare?: number): number => {
      const { noiseShare: bundled, ...parameters } = bundledThresholdRows().find(({ detector }) => detector === 'ramping')?.parameters ?? {};
      expect(bundled).toBeGreaterThanOrEqual(0.08);
      const named = noiseShare === undefined ? parameters : { ...parameters, noiseShare };
      const desk = new TestDesk(bundledThresholdRows().map((row) => (row.detector === 'ramping' ? { ...row, parameters: named } : row)));
      let price = 3000;
      for (let index = 0; index < 14; index += 1) {
        desk.quote(price);
        desk.fill(desk.order({ limitPrice: price + 2, volumeTotalOriginal: 10 }), 10, price);
        // After seven orders, with three to go before it is a burst: a twelfth of what was bought goes back.
        if (index === 6)
          desk.fill(desk.order({ direction: 'sell', offsetFlag: 'closeToday', limitPrice: price - 3, volumeTotalOriginal: 5 }), 5, price);
        price += 1;
        desk.nowMs += 6000;
      }
      return desk.found('ramping').length;
    };
    expect([disturbed(0.1), disturbed(0.05), disturbed()]).toEqual([1, 0, 0]);
  });

  it('says nothing when the price did not follow', () => {
    expect(burst(6000, 20, 0, 1).found('ramping')).toEqual([]);
  });
});

describe('marking the close', () => {
  /** One-way buying that ends `beforeCloseMs` before 15:00. */
  function close(beforeCloseMs: number, rise: number, isOneWay = true): TestDesk {
    const desk = new TestDesk();
    desk.contract('SHFE', 'rb2701', 'rb');
    const closeMs = Date.UTC(2026, 10, 23, 7);
    desk.nowMs = closeMs - beforeCloseMs - 400_000;
    desk.quote(3000, { volume: 1000 });
    desk.nowMs = closeMs - beforeCloseMs - 60_000;
    for (let index = 0; index < 20; index += 1) {
      const price = 3000 + index * rise;
      desk.quote(price, { volume: 1000 + index * 50 });
      const isBuy = isOneWay || index % 2 === 0;
      desk.fill(desk.order({ direction: isBuy ? 'buy' : 'sell', limitPrice: isBuy ? price + 2 : price - 2, volumeTotalOriginal: 10 }), 10, price);
      desk.nowMs += 3000;
    }
    return desk;
  }

  it('is seen in the last minutes of the contract’s own session only', () => {
    expect(close(0, 1).found('markingTheClose')).toMatchObject([{ rung: 'warn', factors: { isBuy: 1, oneWayShare: 1 } }]);
    expect(close(3_600_000, 1).found('markingTheClose')).toEqual([]);
  });

  it('needs the price to go along and the trading to be one-way', () => {
    expect(close(0, 0).found('markingTheClose')).toEqual([]);
    expect(close(0, 1, false).found('markingTheClose')).toEqual([]);
  });
});
