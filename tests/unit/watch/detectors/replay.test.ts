/** What makes detectors trustworthy over a day of restarts: each thing counts once, in the same way every time, in memory that does not grow. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DetectorRun } from '#engine/watch/detectors/detector-run';
import { bundledThresholdRows, findRow, readThresholdRows } from '#engine/watch/detectors/thresholds';
import { LastTimes, SlidingSum } from '#engine/watch/detectors/windows';
import type { IntakeEvent } from '#shared/feed/intake';
import { generateDay } from '#tests/helpers/generated-day';
import { TestDesk } from './desk';

describe('replays', () => {
  it('count nothing twice when a whole recording comes again, and answer the same bytes for the same recording', () => {
    const events = [...generateDay(3, { minutes: 4, accounts: 60, quotesPerSecond: 40 }).events()];
    const once = new DetectorRun(bundledThresholdRows());
    for (const event of events) once.onEvent(event);
    const expected = JSON.stringify(once.findings());
    expect(JSON.parse(expected).length).toBeGreaterThan(3);
    const again = new DetectorRun(bundledThresholdRows());
    for (const event of events) again.onEvent(event);
    expect(JSON.stringify(again.findings())).toBe(expected);
    for (const event of events) again.onEvent(event);
    expect(JSON.stringify(again.findings())).toBe(expected);
    expect(again.coverage().repeatedMessages).toBeGreaterThan(1000);
  }, 30_000);

  it('take from a picture what was missed, and only that', () => {
    const desk = new TestDesk();
    const ended = Array.from({ length: 300 }, () => {
      desk.nowMs += 30_000;
      return desk.cancel(desk.order());
    });
    const missed = ended.map((order, index) => ({
      ...order,
      orderSysID: `missed-${index}`,
      insertTimeMs: order.insertTimeMs + 15_000,
      updateTimeMs: order.updateTimeMs + 15_000,
    }));
    desk.say('orders', [...ended, ...missed], 'picture');
    expect(desk.found('frequentCancel')).toMatchObject([{ rung: 'ban', value: 600 }]);
    desk.say('orders', [...missed, ...ended], 'picture');
    expect(desk.found('frequentCancel')).toMatchObject([{ value: 600 }]);
  });

  it('count anew what another run of the source numbers from the beginning', () => {
    const desk = new TestDesk();
    const first = desk.order();
    const welcome = (source: string): IntakeEvent => ({
      type: 'welcome',
      feedId: 'test',
      receivedAtMs: desk.nowMs,
      source,
      simulated: false,
      demonstration: false,
      sourceTimeMs: desk.nowMs,
      tradingDay: desk.tradingDay,
    });
    desk.tell(welcome('counter 2'));
    const message = { ...(desk.told.find((event) => event.type === 'items') as Extract<IntakeEvent, { stream: 'orders' }>) };
    desk.tell({ ...message, items: [{ ...first, orderSysID: 'new' }] });
    expect(desk.run.coverage()).toMatchObject({ orders: 2, repeatedMessages: 0 });
    desk.tell({ ...message, items: [{ ...first, orderSysID: 'new' }] });
    expect(desk.run.coverage()).toMatchObject({ orders: 2, repeatedMessages: 1 });
  });

  it('say how many messages were lost for good', () => {
    const desk = new TestDesk();
    const gap = { type: 'gap' as const, feedId: 'test', receivedAtMs: 0, stream: 'orders' as const, fromSequence: 1, toSequence: 2 };
    desk.tell({ ...gap, healedBy: 'resend' });
    desk.tell({ ...gap, healedBy: null });
    expect(desk.run.coverage().unhealedGaps).toBe(1);
  });

  it('forget old orders, yet take none of them for new when a picture repeats the day', () => {
    const desk = new TestDesk();
    const ended = Array.from({ length: 20_000 }, (_, index) => {
      desk.nowMs += 200;
      const words = { accountID: `A${index % 100}`, instrumentID: `c${index % 50}` };
      return desk.cancel(desk.order(words));
    });
    const before = JSON.stringify(desk.run.findings());
    desk.say('orders', ended, 'picture');
    expect(JSON.stringify(desk.run.findings())).toBe(before);
    expect(desk.run.coverage().takenAsKnown).toBeGreaterThan(1000);
  });

  it('keep finished orders out of what is said: late reports of an ended order change nothing', () => {
    const desk = new TestDesk();
    const order = desk.order();
    desk.cancel(order);
    desk.say('orders', [order]);
    desk.cancel(order);
    expect(desk.run.messageFees()).toMatchObject([{ messages: 2 }]);
  });
});

describe('thresholds', () => {
  const row = {
    ruleId: 'r',
    detector: 'frequentCancel',
    exchangeID: 'SHFE',
    metric: 'cancels',
    ignore: 1,
    warn: 2,
    ban: 3,
    effectiveFrom: '20260101',
    citation: 'test',
    certainty: 'demonstration',
  };
  const table = (...rows: object[]): unknown => ({ schema: 'floorwatch-detector-thresholds/1', rows });

  it('name a source and a certainty in every bundled row', () => {
    for (const bundled of bundledThresholdRows()) {
      expect(bundled.citation.length, bundled.ruleId).toBeGreaterThan(10);
      expect(['verified', 'secondary', 'unconfirmed']).toContain(bundled.certainty);
    }
  });

  it('hold by date and by how closely they name the contract', () => {
    const rows = readThresholdRows(
      table(
        { ...row, effectiveTo: '20260630' },
        { ...row, ruleId: 'later', ban: 4, effectiveFrom: '20260701' },
        { ...row, ruleId: 'gold', ban: 5, productID: 'au', effectiveFrom: '20260101' },
        { ...row, ruleId: 'all', exchangeID: '*', notOnExchanges: ['SSE'] },
      ),
    );
    const at = (exchangeID: string, productID: string, day: string): string | undefined =>
      findRow(rows, 'frequentCancel', { exchangeID, productID, instrumentID: `${productID}2701` }, day).row?.ruleId;
    expect([at('SHFE', 'rb', '20260630'), at('SHFE', 'rb', '20260701'), at('SHFE', 'au', '20260701')]).toEqual(['r', 'later', 'gold']);
    expect([at('DCE', 'm', '20260701'), at('SSE', '600000', '20260701'), at('SHFE', 'rb', '20251231')]).toEqual(['all', undefined, undefined]);
  });

  it('are refused with field and reason when they cannot be right', () => {
    expect(() => readThresholdRows(table({ ...row, warn: 9 }))).toThrow(/must rise from ignore to ban/);
    expect(() => readThresholdRows(table({ ...row, citation: '' }))).toThrow(/citation/);
    expect(() => readThresholdRows(table(row, row))).toThrow(/two rows share an id/);
  });
});

describe('windows', () => {
  it('hold what is inside and let go of what is not', () => {
    const sum = new SlidingSum(1000);
    expect([sum.add(1, 0), sum.add(1, 500), sum.add(1, 949)]).toEqual([1, 2, 3]);
    expect([sum.sumAt(1000), sum.sumAt(1600), sum.sumAt(99_000)]).toEqual([2, 1, 0]);
  });

  it('add up as plainly as a list would, whatever comes between clearings', () => {
    const act = fc.record({ waitMs: fc.nat({ max: 1500 }), isClear: fc.integer({ min: 0, max: 9 }).map((die) => die === 0) });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 80 }), (acts) => {
        const sum = new SlidingSum(1000);
        let kept: number[] = [];
        let nowMs = 1_000_000;
        for (const { waitMs, isClear } of acts) {
          nowMs += waitMs;
          if (isClear) {
            sum.clear();
            kept = [];
          }
          kept.push(nowMs);
          // In steps of 50 ms, of which the running one is the twentieth.
          kept = kept.filter((timeMs) => Math.floor(nowMs / 50) - Math.floor(timeMs / 50) < 20);
          expect(sum.add(1, nowMs)).toBe(kept.length);
        }
      }),
    );
  });

  it('may be cleared before anything was added, more than once', () => {
    const sum = new SlidingSum(1000);
    sum.clear();
    sum.clear();
    expect(sum.add(2, 5000)).toBe(2);
  });

  it('see N within a span exactly, and not when they are further apart', () => {
    const times = new LastTimes(3);
    expect([0, 500, 1000, 1501].map((timeMs) => times.add(timeMs, 1000))).toEqual([false, false, true, false]);
  });
});
