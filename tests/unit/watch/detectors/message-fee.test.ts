import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageFeeCny, orderToTradeRatio } from '#engine/watch/detectors/message-fee';
import { bundledThresholdRows } from '#engine/watch/detectors/thresholds';
import { TestDesk } from './desk';

const TIERS = bundledThresholdRows().find((row) => row.detector === 'messageFee')?.tiers ?? [];

describe('the message fee', () => {
  it('is what the tiers say at their edges', () => {
    expect([4000, 4001, 8000, 8001, 40_000, 40_001].map((messages) => messageFeeCny(TIERS, messages))).toEqual([
      0, 0.5, 2000, 2002.5, 82_000, 82_050,
    ]);
  });

  it('is the sum over single messages, each at its own tier', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60_000 }), (messages) => {
        let sum = 0;
        for (let index = 1; index <= messages; index += 1) sum += index <= 4000 ? 0 : index <= 8000 ? 0.5 : index <= 40_000 ? 2.5 : 50;
        expect(messageFeeCny(TIERS, messages)).toBeCloseTo(sum, 6);
      }),
      { numRuns: 60 },
    );
  });

  it('counts a fill-and-kill with a remainder twice, refused orders not, and halves the fee of who trades', () => {
    const desk = new TestDesk();
    for (let index = 0; index < 2100; index += 1) desk.cancel(desk.order({ accountID: 'A1', timeCondition: 'IOC' }), 'exchange');
    for (let index = 0; index < 4200; index += 1) desk.fill(desk.order({ accountID: 'A2' }));
    desk.order({ accountID: 'A3', orderStatus: 'canceled', canceledBy: 'system' });
    const fees = desk.run.messageFees();
    expect(fees[0]).toMatchObject({ customerID: 'A1', messages: 4200, ordersWithFill: 0, orderToTradeRatio: 4199, feeCny: 100 });
    expect(fees[1]).toMatchObject({ customerID: 'A2', messages: 4200, ordersWithFill: 4200, orderToTradeRatio: 0, feeCny: 50 });
    expect(fees).toHaveLength(2);
    expect(desk.found('messageFee').map((finding) => [finding.customerID, finding.rung])).toEqual([
      ['A1', 'warn'],
      ['A2', 'warn'],
    ]);
  });

  it('divides by at least one order', () => {
    expect(orderToTradeRatio(10, 0)).toBe(9);
    expect(orderToTradeRatio(10, 5)).toBe(1);
  });
});
