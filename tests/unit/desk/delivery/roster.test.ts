/** The roster must say exactly who holds a step at a moment, and every hour in which nobody does. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DutyRow, onDutyAt, rosterGaps, rosterSchema, withoutLongPast } from '#shared/desk/delivery/roster';

const HOUR_MS = 3_600_000;
const duty = (personId: string, fromHour: number, toHour: number, role: DutyRow['role'] = 'second'): DutyRow => ({
  dutyId: `${personId}-${fromHour}-${role}`,
  personId,
  role,
  fromMs: fromHour * HOUR_MS,
  toMs: toHour * HOUR_MS,
});

describe('the duty roster', () => {
  it('names who holds the role at that moment: from its first moment on, no longer at its last', () => {
    const rows = [duty('p-li', 8, 20), duty('p-wang', 20, 32), duty('p-zhao', 8, 20, 'executive')];
    expect(onDutyAt(rows, 'second', 8 * HOUR_MS)).toEqual(['p-li']);
    expect(onDutyAt(rows, 'second', 20 * HOUR_MS)).toEqual(['p-wang']);
    expect(onDutyAt(rows, 'second', 8 * HOUR_MS - 1)).toEqual([]);
    expect(onDutyAt(rows, 'dutyManager', 9 * HOUR_MS)).toEqual([]);
  });

  it('refuses a duty that ends before it begins, one longer than a month, and one person twice at one time', () => {
    expect(rosterSchema.safeParse([duty('p-li', 8, 8)]).success).toBe(false);
    expect(rosterSchema.safeParse([duty('p-li', 0, 24 * 32)]).success).toBe(false);
    expect(rosterSchema.safeParse([duty('p-li', 8, 20), { ...duty('p-li', 10, 12), dutyId: 'again' }]).success).toBe(false);
    expect(rosterSchema.safeParse([duty('p-li', 8, 20), duty('p-wang', 10, 12)]).success).toBe(true);
  });

  it('lets go of what ended over a month ago, and of no role that was ever held', () => {
    const nowMs = 24 * 90 * HOUR_MS;
    const rows = [duty('p-li', 8, 20), duty('p-wang', 24 * 80, 24 * 81), duty('p-zhao', 8, 20, 'executive'), duty('p-li', 0, 8, 'executive')];
    expect(withoutLongPast(rows, nowMs).map(({ dutyId }) => dutyId)).toEqual(['p-wang-1920-second', 'p-zhao-8-executive']);
  });

  it('finds every hour in which a role that it names is held by nobody, and no other', () => {
    const row = fc.record({ person: fc.constantFrom('a', 'b'), from: fc.integer({ min: 0, max: 40 }), length: fc.integer({ min: 1, max: 12 }) });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), (rows) => {
        const roster = rows.map(({ person, from, length }) => duty(person, from, from + length));
        const gaps = rosterGaps(roster, 0, 48 * HOUR_MS);
        for (let hour = 0; hour < 48; hour += 1) {
          const atMs = hour * HOUR_MS;
          const isInGap = gaps.some(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs);
          expect(isInGap).toBe(onDutyAt(roster, 'second', atMs).length === 0);
        }
        expect(gaps.every(({ role }) => role === 'second')).toBe(true);
      }),
      { seed: 7 },
    );
  });
});
