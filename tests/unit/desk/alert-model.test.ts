/** A sample of the proof in tests/prove/alerts-model.ts: what must always hold of an alert, over random histories. */
import { describe, expect, it } from 'vitest';
import { runAlertSequence } from '#tests/helpers/alert-sequences';

describe('an alert over random histories of signals, people, suppressions and time', () => {
  it('breaks none of its promises', { timeout: 30_000 }, () => {
    const outcomes = Array.from({ length: 400 }, (_, index) => runAlertSequence(index + 1, 60));
    expect(outcomes.flatMap(({ faults }) => faults).slice(0, 5)).toEqual([]);
    const sum = (of: 'alerts' | 'flapped' | 'escalated' | 'closed' | 'risen' | 'latched'): number =>
      outcomes.reduce((total, outcome) => total + outcome[of], 0);
    // The histories reach what they are to prove.
    expect(sum('alerts')).toBeGreaterThan(400);
    expect(sum('flapped')).toBeGreaterThan(20);
    expect(sum('escalated')).toBeGreaterThan(100);
    expect(sum('closed')).toBeGreaterThan(20);
    expect(sum('risen')).toBeGreaterThan(100);
    expect(sum('latched')).toBeGreaterThan(100);
  });
});
