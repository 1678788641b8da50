/** The demonstration broker keeps its own counter in whole cents, written apart from the book: what it says and what the book computes must be the same money. */
import { describe, expect, test } from 'vitest';
import { createBroker } from '#demo/broker';
import { Book } from '#engine/book/book';
import type { IntakeEvent } from '#shared/feed/intake';
import { STREAM_NAMES, type StreamName } from '#shared/feed/items';

function pictures(broker: ReturnType<typeof createBroker>): IntakeEvent[] {
  const { tradingDay, sourceTimeMs } = broker;
  return STREAM_NAMES.map(
    (stream: StreamName) =>
      ({
        type: 'picture',
        feedId: 'demo',
        receivedAtMs: sourceTimeMs,
        stream,
        sourceTimeMs,
        tradingDay,
        sequence: broker.sequenceOf(stream),
        items: broker.snapshot(stream),
      }) as IntakeEvent,
  );
}

/** What the book makes of each account against what the counter said, in cents; margins and available only where no price has moved since. */
function compare(book: Book, isSameMoment: boolean): { compared: number; worstCents: number; detail: string } {
  let compared = 0;
  let worstCents = 0;
  let detail = '';
  const note = (what: string, cents: number): void => {
    compared++;
    if (!(Math.abs(cents) <= worstCents)) {
      worstCents = Math.abs(cents);
      detail = what;
    }
  };
  for (const account of book.records.accounts) {
    const row = book.accountRow(account.accountID);
    const counter = account.counter?.item;
    if (row === null || counter === undefined) continue;
    note(`${row.accountID} residual ${account.residualReason}`, (row.residual ?? Number.NaN) * 100);
    if (!isSameMoment) continue;
    for (const { field, residual, tolerance = 0 } of book.account({ accountID: account.accountID }).figures) {
      if (residual === null) continue;
      if (field === 'withdrawQuota' || field === 'closeProfit') note(`${row.accountID} ${field}`, residual * 100);
      // The demonstration rounds every charge to the cent: more than half a cent a trade would be another rate.
      if (field === 'commission' || field === 'frozenMargin' || field === 'frozenCommission')
        note(`${row.accountID} ${field}`, Math.max(0, Math.abs(residual) - tolerance) * 100);
    }
    for (const field of ['balance', 'positionProfit', 'currMargin', 'exchangeMargin', 'available'] as const) {
      note(`${row.accountID} ${field} ${row[field]} ${counter[field]} ${row.reason}`, ((row[field] ?? Number.NaN) - (counter[field] ?? 0)) * 100);
    }
  }
  return { compared, worstCents, detail };
}

describe('the demonstration counter and the book', { timeout: 60_000 }, () => {
  test('are equal to the cent on the first picture and on a later one, and the residual stays zero while orders flow in between', () => {
    const broker = createBroker({ seed: 3, accounts: 60, tradingDay: '20260914', phase: 'busy' });
    const book = new Book();
    book.apply(pictures(broker));
    book.evaluate();
    const first = compare(book, true);
    expect(first.detail).toBe(first.worstCents < 0.02 ? first.detail : 'equal');
    expect(first.compared).toBeGreaterThan(60 * 6);
    for (let step = 0; step < 1500; step++) {
      for (const message of broker.step()) {
        if (message.type !== 'data') throw new Error('the day does not end within this test');
        const { type: _, ...rest } = message;
        book.apply({ ...rest, type: 'items', feedId: 'demo', receivedAtMs: message.sourceTimeMs } as IntakeEvent);
      }
      book.evaluate();
    }
    expect(book.fullCheck().drift).toBeLessThan(1e-5);
    const later = compare(book, false);
    expect(later.detail).toBe(later.worstCents < 0.02 ? later.detail : 'no residual');
    // Pictures of one moment: everything equal again.
    book.apply(pictures(broker));
    book.evaluate();
    const last = compare(book, true);
    // Closes were among it, and what they realised is known.
    const closed = book.records.accounts.filter(({ counter }) => (counter?.item.closeProfit ?? 0) !== 0);
    const realised = closed.map(({ accountID }) => book.account({ accountID }).figures.find(({ field }) => field === 'closeProfit'));
    expect(realised.filter((figure) => typeof figure?.ours === 'number').length).toBeGreaterThan(3);
    expect(last.detail).toBe(last.worstCents < 0.02 ? last.detail : 'equal');
  });
});
