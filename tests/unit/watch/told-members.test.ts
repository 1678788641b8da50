/** One condition for many: every further one is told, none twice in a flicker, and a cascade at most so often. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ToldMembers } from '#engine/watch/told-members';

const DELAYS = { onDelayMs: 10_000, tellAgainAfterMs: 60_000, forgetAfterMs: 600_000 };

/** Looks once a second and answers at which second what was told. */
function watch(told: ToldMembers, fromSecond: number, seconds: number, membersAt: (second: number) => string[]): [number, string[]][] {
  return Array.from({ length: seconds }, (_, index) => fromSecond + index).flatMap((second): [number, string[]][] => {
    const further = told.further(membersAt(second), second * 1000);
    return further.length === 0 ? [] : [[second, further]];
  });
}

function begun(...members: string[]): ToldMembers {
  const told = new ToldMembers(DELAYS);
  told.begin(members, 0);
  return told;
}

describe('the members of one condition', () => {
  it('tell a further one once it has lasted, also when another has left, and those that were there never', () => {
    expect(watch(begun('A'), 1, 300, (second) => (second < 100 ? ['A'] : ['A', 'B']))).toEqual([[110, ['B']]]);
    expect(watch(begun('A'), 1, 300, (second) => (second < 100 ? ['A'] : ['B']))).toEqual([[110, ['B']]]);
  });

  it('tell one that flickers once, and anew after it was right for long', () => {
    const flickers = (second: number): string[] => (second >= 100 && Math.floor(second / 30) % 2 === 0 ? ['A', 'B'] : ['A']);
    expect(watch(begun('A'), 1, 3600, flickers)).toHaveLength(1);
    const returns = (second: number): string[] => ((second >= 100 && second < 200) || second >= 900 ? ['A', 'B'] : ['A']);
    expect(watch(begun('A'), 1, 1200, returns)).toEqual([
      [110, ['B']],
      [910, ['B']],
    ]);
  });

  it('tell a cascade together, at most once a minute', () => {
    const cascade = (second: number): string[] => ['A', ...Array.from({ length: Math.min(200, second) }, (_, index) => `B${index}`)];
    const told = watch(begun('A'), 1, 400, cascade);
    expect(told.flatMap(([, members]) => members)).toHaveLength(200);
    expect(told.length).toBeLessThanOrEqual(5);
  });

  it('are the same after a restart, those that were told one by one and those of which only the number is known', () => {
    const before = begun('A', 'B');
    const restored = (marks: string | undefined, count = 2): ToldMembers => {
      const told = new ToldMembers(DELAYS);
      told.restore({ count, marks });
      return told;
    };
    for (const marks of [before.marks(), undefined]) {
      expect(watch(restored(marks), 1000, 100, () => ['A', 'B'])).toEqual([]);
      expect(watch(restored(marks), 1000, 100, () => ['A', 'B', 'C'])).toEqual([[1010, ['C']]]);
      // The book fills one by one, and shows more for a moment than there are.
      expect(watch(restored(marks), 1000, 100, (second) => (second < 1020 ? ['A'] : ['A', 'B']))).toEqual([]);
      expect(watch(restored(marks), 1000, 100, (second) => (second < 1005 ? ['C', 'D', 'A', 'B'] : ['A', 'B']))).toEqual([]);
    }
    // One that was put right while the desk was down leaves no room for another, unless nothing says which it was.
    expect(watch(restored(before.marks()), 1000, 100, () => ['B', 'C'])).toEqual([[1010, ['C']]]);
    // Long right, it is a further one when it comes again.
    expect(watch(restored(before.marks()), 1000, 800, (second) => (second < 1700 ? ['A'] : ['A', 'B']))).toEqual([[1710, ['B']]]);
  });

  it('are known again in a book of thousands: by name as many as are kept, the rest by their number', () => {
    const all = Array.from({ length: 3000 }, (_, index) => `8${String(index).padStart(7, '0')}`);
    const before = begun(...all);
    expect(before.marks().length).toBeLessThanOrEqual(2048);
    const told = new ToldMembers(DELAYS);
    told.restore({ count: all.length, marks: before.marks() });
    expect(watch(told, 1000, 100, () => all)).toEqual([]);
    expect(watch(told, 1100, 100, () => [...all, 'new'])).toEqual([[1110, ['new']]]);
  });

  it('leave nobody untold for long, and tell nobody again within the time in which one must be right, whatever comes and goes', () => {
    const changes = fc.array(fc.record({ at: fc.integer({ min: 1, max: 2000 }), member: fc.constantFrom('A', 'B', 'C', 'D'), isIn: fc.boolean() }), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(changes, (all) => {
        const told = begun('A');
        const current = new Set(['A']);
        const since = new Map<string, number>();
        const toldAt = new Map<string, number>([['A', 0]]);
        for (let second = 1; second <= 2200; second += 1) {
          for (const { at, member, isIn } of all) {
            if (at !== second) continue;
            if (!isIn) since.delete(member);
            else if (!current.has(member)) since.set(member, second);
            if (isIn) current.add(member);
            else current.delete(member);
          }
          for (const member of told.further([...current], second * 1000)) {
            expect(second - (toldAt.get(member) ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(600);
            toldAt.set(member, second);
          }
          for (const member of current) if (second - (since.get(member) ?? 0) > 70) expect(toldAt.has(member)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });
});
