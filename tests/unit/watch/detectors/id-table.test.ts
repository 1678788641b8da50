/** Detectors know a repeated order or trade by this table: it must answer as a map does, whatever comes and goes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IdTable } from '#engine/watch/detectors/id-table';
import { RecentSlots } from '#engine/watch/detectors/recent-slots';

describe('the table of ids', () => {
  it('answers as a map does while things come and go', () => {
    const ids = fc.oneof(fc.integer({ min: 0, max: 40 }).map(String), fc.string({ maxLength: 4 }));
    fc.assert(
      fc.property(fc.array(fc.record({ id: ids, isAdding: fc.boolean() }), { maxLength: 200 }), (steps) => {
        const table = new IdTable<{ name: string }>();
        const expected = new Map<string, { name: string }>();
        for (const { id, isAdding } of steps) {
          const slot = table.find(id);
          expect(table.get(id)).toBe(expected.get(id));
          if (isAdding && slot < 0) {
            const thing = { name: id };
            expect(table.at(table.add(id, thing))).toBe(thing);
            expected.set(id, thing);
          } else if (!isAdding && slot >= 0) {
            expect(table.remove(slot)).toBe(expected.get(id));
            expected.delete(id);
          }
        }
        for (const [id, thing] of expected) expect(table.get(id)).toBe(thing);
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  it('grows, keeps every slot, and uses freed ones again', () => {
    const table = new IdTable<number>();
    const slots = Array.from({ length: 5000 }, (_, number) => table.add(`order-${number}`, number));
    expect(slots.every((slot, number) => table.at(slot) === number && table.find(`order-${number}`) === slot)).toBe(true);
    const freed = slots[1234] ?? -1;
    table.remove(freed);
    expect(table.get('order-1234')).toBeUndefined();
    expect(table.add('another', 7)).toBe(freed);
    expect(table.get('order-1235')).toBe(1235);
  });

  it('says which slot to forget, and up to when all was forgotten', () => {
    const recent = new RecentSlots(2);
    expect(recent.oldest).toBe(-1);
    recent.add(10, 500);
    recent.add(11, 400);
    expect(recent.forgottenUpToMs).toBe(Number.NEGATIVE_INFINITY);
    expect(recent.oldest).toBe(10);
    recent.add(12, 600);
    recent.add(13, 700);
    expect(recent.forgottenUpToMs).toBe(500);
    expect([...recent.slots()]).toEqual([12, 13]);
  });
});
