/** What a recording that begins or ends in the middle of a programme can say about a detector: nothing is missed that it does not hold, and nothing is wrong that it holds in part. */
import { expect, it } from 'vitest';
import type { Finding } from '#engine/watch/detectors/finding';
import { labelsFileSchema, tallyFindings } from '#engine/watch/detectors/scoring';

const label = {
  kind: 'spoofing',
  tradingDay: '20261123',
  fromMs: 10_000,
  toMs: 20_000,
  isFinished: true,
  accountIDs: ['A1'],
  controlGroupID: null,
  exchangeID: 'SHFE',
  instrumentID: 'au2702',
  orders: 900,
  cancels: 600,
  trades: 0,
  lotsOpened: 0,
};
const { labels } = labelsFileSchema.parse({ labels: [label] });

function found(detector: Finding['detector'], spells: Finding['spells']): Finding {
  const subject = { tradingDay: '20261123', customerKind: 'account', customerID: 'A1', exchangeID: 'SHFE', instrumentID: 'au2702' } as const;
  const count = { metric: 'count', value: 600, byAccount: [], unknownCount: 0, thresholds: { ignore: 1, warn: 2, ban: 3 } };
  const reached = { rung: 'ban' as const, reachedAtMs: { ignore: 11_000, warn: 12_000, ban: 13_000 }, fromMs: 11_000, toMs: 19_000, spells };
  const evidence = { factors: {}, orderSysIDs: [], tradeIDs: [], citation: 'test', certainty: 'verified' as const };
  return { findingId: `${detector} A1`, detector, ruleId: detector, ...subject, ...count, ...reached, ...evidence };
}

function tallyOf(detector: Finding['detector'], held: { fromMs: number; toMs: number }) {
  const findings = [found(detector, [{ fromMs: 16_000, raisedAtMs: 17_000, toMs: 18_000 }])];
  return tallyFindings(findings, labels, [], held).find((tally) => tally.detector === detector);
}

it('counts a pattern for a detector where the recording holds all of it', () => {
  expect(tallyOf('spoofing', { fromMs: 0, toMs: 30_000 })).toMatchObject({ expected: 1, found: 1, right: 1, wrong: 0 });
});

it.each([
  ['begins', { fromMs: 15_000, toMs: 30_000 }],
  ['ends', { fromMs: 0, toMs: 18_500 }],
])('expects nothing of a programme in whose middle the recording %s, and calls nothing wrong that was found of it', (_, held) => {
  expect(tallyOf('spoofing', held)).toMatchObject({ expected: 0, right: 1, wrong: 0 });
  expect(tallyOf('frequentCancel', held)).toMatchObject({ expected: 0, related: 1, wrong: 0 });
});

it('calls wrong what no label is about', () => {
  expect(tallyOf('spoofing', { fromMs: 40_000, toMs: 50_000 })).toMatchObject({ expected: 0, right: 0, wrong: 1 });
  expect(tallyOf('frequentCancel', { fromMs: 40_000, toMs: 50_000 })).toMatchObject({ related: 0, wrong: 1 });
});
