/** For how long an alert is silenced is what the dialog shows, also when it opens for a graver one than before. */
import { expect, it } from 'vitest';
import { silenceLength, silenceLengths } from '../../../../src-renderer/features/alerts/silence-length';

const MINUTE_MS = 60_000;

it('is always one of the lengths on offer, the longest that nobody asked to exceed', () => {
  expect(silenceLength(60 * MINUTE_MS, 480 * MINUTE_MS)).toBe(60 * MINUTE_MS);
  expect(silenceLength(1440 * MINUTE_MS, 45 * MINUTE_MS)).toBe(30 * MINUTE_MS);
  expect(silenceLength(MINUTE_MS, 45 * MINUTE_MS)).toBe(15 * MINUTE_MS);
  for (const atMostMs of [15, 20, 60, 300, 2000].map((minutes) => minutes * MINUTE_MS)) {
    expect(silenceLengths(atMostMs)).toContain(silenceLength(1440 * MINUTE_MS, atMostMs));
  }
});

it('is none where the policy allows none that is offered', () => {
  expect(silenceLength(60 * MINUTE_MS, 0)).toBeNull();
});
