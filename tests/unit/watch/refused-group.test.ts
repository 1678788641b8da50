/** A control group whose members were refused has no figures of its own: the one condition about unknown figures says so, and ends when it is told rightly. */
import { expect, test } from 'vitest';
import { MarketCore } from '#engine/core';
import { bundledRulePack } from '#engine/watch/bundled-rules';
import type { Condition } from '#engine/watch/condition';
import type { IntakeEvent } from '#shared/feed/intake';
import type { ReferenceItem } from '#shared/feed/items';
import { FIXTURE_START_MS, itemsEvent } from '#tests/bench/book-fixture';
import { money, REFERENCE, smallBook } from '#tests/unit/book/small-book';

test('a refused control group raises the one condition about unknown figures, and its accounts stay known', () => {
  const group: ReferenceItem = { kind: 'controlGroup', controlGroupID: 'G1', controlGroupName: 'One hand', accountIDs: ['A1', 'A2'] };
  const book = smallBook({}, [...REFERENCE, group]);
  const said: Condition[] = [];
  const core = new MarketCore({
    book,
    rules: bundledRulePack(),
    open: [],
    sink: { onConditions: (conditions) => said.push(...conditions) },
    sessionOf: () => 'closed',
    judgesLinks: false,
  });
  let nowMs = FIXTURE_START_MS;
  const beat = (type: string) => ({ type, feedId: 'fixture', receivedAtMs: nowMs, sourceTimeMs: nowMs, tradingDay: '20260914' });
  const letPass = (seconds: number): void => {
    for (let step = 0; step < 4 * seconds; step++) {
      nowMs += 250;
      core.onMessage([beat('heartbeat') as IntakeEvent], nowMs);
      core.tick(nowMs);
    }
  };
  const told = () => said.filter(({ entity }) => entity === 'book:accounts').map(({ transition }) => transition);
  core.onMessage([{ ...beat('welcome'), source: 'test', demonstration: false, simulated: false, streams: [] } as unknown as IntakeEvent], nowMs);
  core.onMessage([itemsEvent('accounts', [money('A1'), money('A2')], { type: 'picture', sequence: 1 })], nowMs);
  letPass(60);
  expect(told()).toEqual([]);

  const refused = [{ field: 'accountIDs', about: { kind: 'controlGroup', controlGroupID: 'G1' } }];
  core.onMessage([itemsEvent('reference', [], { refused, sequence: 2 })], nowMs);
  letPass(60);
  expect(told()).toEqual(['raised']);
  const { reason } = said.find(({ entity }) => entity === 'book:accounts') as Condition;
  expect(reason.params).toMatchObject({ unknownCount: 0, refusedGroupCount: 1, groupReason: 'groupRefused:G1 accountIDs' });
  expect(book.accountRow('A1')).toMatchObject({ reason: null });

  core.onMessage([itemsEvent('reference', [group], { sequence: 3 })], nowMs);
  letPass(60);
  expect(told()).toEqual(['raised', 'cleared']);
});
