/** The core judges a recording by its own time: how it is cut into chunks cannot change what it says. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MarketBook, MarketCore, RecordedTime } from '#engine/core';
import type { Condition } from '#engine/watch/condition';
import { bundledRulePack } from '#engine/watch/watch';
import type { IntakeEvent } from '#shared/feed/intake';
import { ColumnBook } from '#tests/unit/watch/column-book';

/** Sets one account's margin from the item count of each accounts event: enough of a book to make levels move. */
class CountingBook extends ColumnBook implements MarketBook {
  evaluations = 0;
  apply(events: readonly IntakeEvent[]): void {
    for (const event of events) if (event.type === 'items' && event.stream === 'accounts') this.set(0, 100, event.sequence, event.sequence / 2);
  }
  evaluate(): void {
    this.evaluations += 1;
  }
}

function core() {
  const book = new CountingBook(['A']);
  const said: Condition[] = [];
  const market = new MarketCore({
    book,
    rules: bundledRulePack(),
    open: [],
    sink: { onConditions: (conditions) => said.push(...conditions) },
    sessionOf: () => 'closed',
  });
  return { book, said, market };
}

const accounts = (receivedAtMs: number, margin: number): IntakeEvent => ({
  type: 'items',
  feedId: 'f',
  receivedAtMs,
  stream: 'accounts',
  sourceTimeMs: receivedAtMs,
  tradingDay: '20270104',
  sequence: margin,
  items: [],
});

const recording = fc
  .array(fc.record({ stepMs: fc.integer({ min: 0, max: 9000 }), margin: fc.integer({ min: 0, max: 250 }) }), { maxLength: 60 })
  .map((steps) => {
    let atMs = 1_000_000;
    return steps.map(({ stepMs, margin }) => {
      atMs += stepMs;
      return accounts(atMs, margin);
    });
  });

function replay(events: readonly IntakeEvent[], cuts: readonly number[]): string {
  const { said, market, book } = core();
  const time = new RecordedTime(market);
  let from = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    time.take(events.slice(from, Math.max(from, cut)));
    from = Math.max(from, cut);
  }
  time.take(events.slice(from));
  time.end();
  return JSON.stringify({ said, evaluations: book.evaluations });
}

describe('recorded time', () => {
  it('gives the same answer in any chunking', () => {
    fc.assert(
      fc.property(recording, fc.array(fc.nat(60), { maxLength: 10 }), (events, cuts) => {
        expect(replay(events, cuts)).toBe(replay(events, []));
      }),
    );
  });

  it('steps through a night without stepping through all of it', () => {
    const { market, said } = core();
    const time = new RecordedTime(market);
    time.take([accounts(0, 50)]);
    time.take([accounts(100 * 3_600_000, 50)]);
    time.end();
    expect(said.filter((one) => one.kind === 'feedStale').map((one) => one.transition)).toEqual(['raised']);
  });
});

describe('the core', () => {
  it('evaluates once per message and judges only by live data', () => {
    const { market, book, said } = core();
    market.expectFeed('f', 0);
    market.onMessage([accounts(0, 10), accounts(0, 90)], 0);
    expect(book.evaluations).toBe(1);
    expect(said).toMatchObject([{ transition: 'raised', entity: 'account:A' }]);
    market.onMessage([{ type: 'link', feedId: 'f', receivedAtMs: 10, state: 'down', reason: 'cut' }], 10);
    for (let atMs = 250; atMs <= 40_000; atMs += 250) market.tick(atMs);
    expect(said.filter((one) => one.kind === 'riskLevel').map((one) => one.transition)).toEqual(['raised', 'unknown']);
  });
});
