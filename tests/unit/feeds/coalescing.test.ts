/** When the engine is behind, only superseded quotes may go: everything a person would miss must still arrive, in order. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coalesceQuotes } from '#engine/feeds/coalescing/coalesce';
import { IntakeLane } from '#engine/feeds/coalescing/intake-lane';
import type { IntakeEvent } from '#shared/feed/intake';

const base = { feedId: 'f', receivedAtMs: 0, sourceTimeMs: 0, tradingDay: '20240508' };
const quotes = (sequence: number, ids: string[], type: 'items' | 'picture' = 'items'): IntakeEvent => ({
  type,
  ...base,
  stream: 'quotes',
  sequence,
  items: ids.map((instrumentID) => ({ exchangeID: 'SHFE', instrumentID, updateTimeMs: sequence, lastPrice: sequence })),
});
const funds = (sequence: number): IntakeEvent => ({ type: 'items', ...base, stream: 'funds', sequence, items: [] });
const link = (): IntakeEvent => ({ type: 'link', feedId: 'f', receivedAtMs: 0, state: 'down', reason: '' });

/** What a book would show: newest quote per instrument, everything else in order. */
function fold(events: readonly IntakeEvent[]) {
  const picture = new Map<string, number>();
  const others: string[] = [];
  for (const event of events) {
    if (event.type === 'items' && event.stream === 'quotes') for (const quote of event.items) picture.set(quote.instrumentID, quote.updateTimeMs);
    else if (event.type === 'picture' && event.stream === 'quotes') {
      picture.clear();
      for (const quote of event.items) picture.set(quote.instrumentID, quote.updateTimeMs);
    } else others.push(`${event.type}${'sequence' in event ? event.sequence : ''} ${event.type === 'link' ? [...picture].sort().join() : ''}`);
  }
  return { picture: [...picture].sort(), others };
}

const anyEvent = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(fc.nat(1000), fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 5 }))
      .map(([sequence, ids]) => quotes(sequence, ids)),
  },
  { weight: 2, arbitrary: fc.nat(1000).map(funds) },
  { weight: 1, arbitrary: fc.constant(link()) },
  { weight: 1, arbitrary: fc.nat(1000).map((sequence) => quotes(sequence, ['a', 'e'], 'picture')) },
);

describe('coalescing', () => {
  it('leaves the same picture and every other event in order', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
        const merged = coalesceQuotes(events);
        expect(fold(merged.events)).toEqual(fold(events));
        const count = (list: readonly IntakeEvent[]) =>
          list.reduce((sum, event) => sum + (event.type === 'items' && event.stream === 'quotes' ? event.items.length : 0), 0);
        expect(count(events) - count(merged.events)).toBe(merged.dropped);
      }),
      { numRuns: 1000 },
    );
  });

  function lane(costMs: number) {
    let nowMs = 0;
    const delivered: IntakeEvent[][] = [];
    const turns: (() => void)[] = [];
    const pressure: boolean[] = [];
    const intake = new IntakeLane({
      deliver: (events) => {
        delivered.push([...events]);
        nowMs += costMs;
      },
      monotonicMs: () => nowMs,
      later: (callback) => turns.push(callback),
      onPressure: (isHigh) => pressure.push(isHigh),
      turnBudgetMs: 8,
      behindAfterMs: 20,
      maxQueuedMessages: 50,
    });
    const turn = () => {
      const due = turns.splice(0);
      for (const callback of due) callback();
    };
    return { intake, delivered, pressure, turn, turns };
  }

  it('hands each message over at once while the engine keeps up', () => {
    const { intake, delivered } = lane(0.01);
    for (let sequence = 1; sequence <= 100; sequence += 1) intake.offer([quotes(sequence, ['a'])]);
    expect(delivered.length).toBe(100);
    expect(intake.coalescedCount).toBe(0);
  });

  it('merges what waits when the engine is behind, and counts it', () => {
    const { intake, delivered, turn, turns } = lane(10);
    for (let sequence = 1; sequence <= 30; sequence += 1) intake.offer([sequence % 10 === 0 ? funds(sequence) : quotes(sequence, ['a', 'b'])]);
    expect(delivered.length).toBe(1);
    for (let guard = 0; turns.length > 0 && guard < 200; guard += 1) turn();
    const seen = delivered.flat();
    expect(fold(seen).picture).toEqual([
      ['a', 29],
      ['b', 29],
    ]);
    expect(fold(seen).others).toEqual(['items10 ', 'items20 ', 'items30 ']);
    expect(intake.coalescedCount).toBeGreaterThan(20);
    expect(intake.queuedMessages).toBe(0);
  });

  it('rests the socket when even that is too much, and lets it go on afterwards', () => {
    const { intake, delivered, pressure, turn, turns } = lane(10);
    for (let sequence = 1; sequence <= 80; sequence += 1) intake.offer([funds(sequence)]);
    expect(pressure).toEqual([true]);
    for (let guard = 0; turns.length > 0 && guard < 500; guard += 1) turn();
    expect(pressure).toEqual([true, false]);
    expect(delivered.length).toBe(80);
  });

  it('hands over the rest when the feed stops', () => {
    const { intake, delivered } = lane(10);
    for (let sequence = 1; sequence <= 5; sequence += 1) intake.offer([quotes(sequence, ['a'])]);
    intake.flush();
    expect(delivered.length).toBe(5);
  });
});
