/** Ids of entries: valid, never twice, and in the order in which they were made, whatever the clock does. */
import { validate, version } from 'uuid';
import { describe, expect, it } from 'vitest';
import { createEntryIds } from '#engine/journal/entry-ids';

describe('ids of entries', () => {
  it('grow within a millisecond, over the end of the pool of random numbers, and while the clock goes back or answers nonsense', () => {
    const readings = [1_790_000_000_000, 1_790_000_000_001, 1_789_999_000_000, Number.NaN, -5, 1_790_000_000_002.7];
    let reading = 0;
    const newId = createEntryIds(() => readings[Math.floor(reading++ / 400)] ?? 1_790_000_000_003);
    const ids = Array.from({ length: 3_000 }, () => newId());
    for (const id of ids) expect(validate(id) && version(id) === 7).toBe(true);
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('carry the time at which they were made', () => {
    const id = createEntryIds(() => 1_790_000_000_123)();
    expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(1_790_000_000_123);
  });
});
