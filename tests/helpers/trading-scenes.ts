/** For each detector the shortest piece of trading that brings it to a warning under the thresholds that come with the product; all by account A1 (and A2), group G1. */
import type { DetectorName } from '#shared/desk/rules/threshold-row';
import { DAY, TestDesk } from '#tests/unit/watch/detectors/desk';

type Words = NonNullable<Parameters<TestDesk['order']>[0]>;
export type TradingScene = { exchangeID: string; productID: string; instrumentID: string; play(desk: TestDesk): void };

export const TRADING_DAY = DAY;
const RB = { exchangeID: 'SHFE', productID: 'rb', instrumentID: 'rb2701' };

function begin(words: Partial<typeof RB> = {}): TestDesk {
  const { exchangeID, productID, instrumentID } = { ...RB, ...words };
  const desk = new TestDesk();
  desk.group('G1', ['A1', 'A2']);
  desk.contract(exchangeID, instrumentID, productID, 1000);
  return desk;
}
export const beginScene = begin;

function cancels(desk: TestDesk, times: number, words: Words = {}): void {
  for (let no = 0; no < times; no += 1) {
    desk.cancel(desk.order(words));
    desk.nowMs += 2000;
  }
}

function deceive(desk: TestDesk, levels: number): void {
  for (let round = 0; round < 5; round += 1) {
    const orders = Array.from({ length: levels }, (_, level) => desk.order({ limitPrice: 2990 - level, volumeTotalOriginal: 100 }));
    desk.nowMs += 100;
    desk.fill(desk.order({ direction: 'sell', limitPrice: 2999, volumeTotalOriginal: 2 }));
    desk.nowMs += 1500;
    for (const order of orders) desk.cancel(order);
    desk.nowMs += 8000;
  }
}

function burst(desk: TestDesk, everyMs: number, orders: number, risePerOrder: number): void {
  let price = 3000;
  for (let no = 0; no < orders; no += 1) {
    desk.quote(price);
    desk.fill(desk.order({ limitPrice: price + 2, volumeTotalOriginal: 10 }), 10, price);
    price += risePerOrder;
    desk.nowMs += everyMs;
  }
  desk.quote(price);
  for (let left = Math.round(orders * 0.8); left > 0; left -= 1) {
    desk.fill(desk.order({ direction: 'sell', offsetFlag: 'closeToday', limitPrice: price - 3, volumeTotalOriginal: 10 }), 10, price - 1);
    desk.nowMs += everyMs;
  }
}

export const TRADING_SCENES: Record<DetectorName, TradingScene> = {
  selfTrade: {
    ...RB,
    play: (desk) => {
      for (let no = 0; no < 5; no += 1) desk.cross({ accountID: 'A1' }, { accountID: 'A2' });
    },
  },
  frequentCancel: { ...RB, play: (desk) => cancels(desk, 500) },
  largeCancel: { ...RB, play: (desk) => cancels(desk, 50, { volumeTotalOriginal: 300 }) },
  limitPriceCancel: {
    exchangeID: 'CZCE',
    productID: 'SR',
    instrumentID: 'SR701',
    play: (desk) => {
      const sr = { exchangeID: 'CZCE', instrumentID: 'SR701' };
      desk.quote(3100, { ...sr, upperLimitPrice: 3100, lowerLimitPrice: 2900, askPrice1: undefined });
      cancels(desk, 100, { ...sr, limitPrice: 3100 });
    },
  },
  intradayOpenLimit: {
    exchangeID: 'SHFE',
    productID: 'au',
    instrumentID: 'au2702',
    play: (desk) => {
      for (let no = 0; no < 3; no += 1) desk.fill(desk.order({ instrumentID: 'au2702', volumeTotalOriginal: 1000 }));
    },
  },
  orderRate: {
    ...RB,
    play: (desk) => {
      for (let no = 0; no < 120; no += 1) desk.order({ volumeTotalOriginal: 1 + no });
    },
  },
  programReport: {
    ...RB,
    play: (desk) => {
      for (let spurt = 0; spurt < 10; spurt += 1) {
        for (let no = 0; no < 10; no += 1) {
          desk.order({ volumeTotalOriginal: 1 + no });
          desk.nowMs += 50;
        }
        desk.nowMs += 5000;
      }
    },
  },
  securitiesHighFrequency: {
    exchangeID: 'SSE',
    productID: 'stock',
    instrumentID: '600000',
    play: (desk) => {
      for (let no = 0; no < 300; no += 1) desk.order({ exchangeID: 'SSE', instrumentID: '600000', volumeTotalOriginal: 100 + no });
    },
  },
  messageFee: { ...RB, play: (desk) => cancels(desk, 2001) },
  spoofing: { ...RB, play: (desk) => deceive(desk, 1) },
  layering: { ...RB, play: (desk) => deceive(desk, 3) },
  momentumIgnition: { ...RB, play: (desk) => burst(desk, 800, 8, 2) },
  ramping: { ...RB, play: (desk) => burst(desk, 6000, 20, 1) },
  markingTheClose: {
    ...RB,
    play: (desk) => {
      const closeMs = Date.UTC(2026, 10, 23, 7);
      desk.nowMs = closeMs - 460_000;
      desk.quote(3000, { volume: 1000 });
      desk.nowMs = closeMs - 60_000;
      for (let no = 0; no < 20; no += 1) {
        desk.quote(3000 + no, { volume: 1000 + no * 50 });
        desk.fill(desk.order({ limitPrice: 3002 + no, volumeTotalOriginal: 10 }), 10, 3000 + no);
        desk.nowMs += 3000;
      }
    },
  },
  washTrade: {
    ...RB,
    play: (desk) => {
      for (let round = 0; round < 5; round += 1) {
        desk.cross({ accountID: 'A1' }, { accountID: 'A2' }, 10);
        desk.nowMs += 4000;
        desk.cross({ accountID: 'A2' }, { accountID: 'A1' }, 9);
        desk.nowMs += 4000;
      }
    },
  },
  quoteStuffing: {
    ...RB,
    play: (desk) => {
      for (let no = 0; no < 200; no += 1) {
        desk.cancel(desk.order());
        desk.nowMs += 10;
      }
    },
  },
  fatFinger: {
    ...RB,
    play: (desk) => {
      desk.quote(3000);
      desk.order({ volumeTotalOriginal: 100, limitPrice: 3300 });
    },
  },
  runawayAlgo: {
    ...RB,
    play: (desk) => {
      for (let no = 0; no < 60; no += 1) {
        desk.fill(desk.order());
        desk.nowMs += 100;
      }
    },
  },
};
