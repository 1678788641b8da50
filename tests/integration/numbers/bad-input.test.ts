/** Bad input over a real socket: each kind makes the account it touches unknown with its reason, all together raise one condition, no other account moves, and good input heals it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AccountRow } from '#shared/contract/streams';
import type { FeedEncoding } from '#shared/feed/messages';
import { BAD_INPUT_CASES } from '#tests/helpers/bad-input-cases';
import { FeedServer } from '#tests/helpers/feed-server';
import { oneContractAccount as world, worldReference } from '#tests/helpers/one-contract-account';
import { createTestDesk, type TestDesk } from '#tests/integration/engine/desk';
import { PageClient } from '#tests/integration/engine/page-client';

/** Wall time runs this much faster, so that the delays of the rule pack pass in seconds. */
const PACE = 20;
const MOST_AT_ONCE_MS = 1000;

let desk: TestDesk;
let server: FeedServer;
beforeEach(() => {
  desk = createTestDesk();
});
afterEach(async () => {
  await desk.end();
  await server.stop();
});

/** Live, or on a machine that was kept waiting stale: known either way. */
const GOOD = { balance: 1_006_000, currMargin: 192_480, exchangeMargin: 160_400, reason: null, quality: expect.stringMatching(/^(live|stale)$/) };

/** The desk's own time: so much faster, and no further at once than a step, so that a machine that stood still has not made a feed silent. */
function deskClock(): { nowMs: () => number; monotonicMs: () => number } {
  let [deskMs, lookedAtMs] = [Date.now(), Date.now()];
  return {
    nowMs: () => {
      const nowMs = Date.now();
      deskMs += Math.min((nowMs - lookedAtMs) * PACE, MOST_AT_ONCE_MS);
      lookedAtMs = nowMs;
      return deskMs;
    },
    monotonicMs: () => performance.now(),
  };
}

describe.each(['json', 'msgpack'] as const)('bad input in %s', (encoding: FeedEncoding) => {
  it('makes what it touches unknown with its reason, raises one condition, leaves the others right, and is healed by good input', async () => {
    server = await FeedServer.start({ encodings: [encoding], heartbeatIntervalMs: 100 });
    const worlds = Object.values(BAD_INPUT_CASES).map((one, index) => [world(`c${index}`), one] as const);
    const others = [world('right'), world('alsoright')];
    // Two rates for one date are a conflict within one message only: in a later message the second is a correction.
    const doubled = world('doubled');
    const everyone = [...worlds.map(([at]) => at), ...others, doubled];
    server.publish('reference', worldReference(everyone));
    server.publish(
      'quotes',
      everyone.map(({ quote }) => quote),
    );
    server.publish(
      'accounts',
      everyone.map(({ money }) => money),
    );
    server.publish(
      'positions',
      everyone.flatMap(({ lot, slice }) => [lot, slice]),
    );

    const engine = await desk.start(server.url, {}, { clock: deskClock() });
    const page = new PageClient(engine);
    const table = page.subscribe('table', { table: 'accounts', scope: {}, filter: '', sort: null, first: 0, count: 100 });
    const rowOf = (accountID: string): AccountRow | undefined =>
      (table()?.rows as AccountRow[] | undefined)?.find((row) => row.accountID === accountID);
    const unknownAlerts = () => [...page.alerts.values()].filter(({ kind }) => kind === 'figuresUnknown');
    await page.until(() => everyone.every(({ accountID }) => rowOf(accountID)?.balance === GOOD.balance));
    for (const { accountID } of everyone) expect(rowOf(accountID)).toMatchObject(GOOD);

    for (const [at, { bad }] of worlds) for (const [stream, item] of bad(at)) server.publish(stream, [item]);
    server.publish('reference', [doubled.rate('company', 0.12), doubled.rate('company', 0.13)]);
    const expected = new Map([
      ...worlds.map(([at, { reason }]) => [at.accountID, reason(at)] as const),
      [doubled.accountID, `twoRates:${doubled.label} company speculation`],
    ]);
    await page.until(() => [...expected].every(([accountID, reason]) => rowOf(accountID)?.reason === reason));
    expect(new Map([...expected.keys()].map((accountID) => [accountID, rowOf(accountID)?.reason]))).toEqual(expected);
    for (const accountID of expected.keys()) expect(rowOf(accountID)).toMatchObject({ riskDegree: null, level: 'unknown' });
    for (const { accountID } of others) expect(rowOf(accountID)).toMatchObject(GOOD);

    const [alert] = await page.until(() => unknownAlerts().length > 0 && unknownAlerts());
    expect(alert).toMatchObject({ entity: 'book:accounts', condition: 'active', reason: { params: { unknownCount: expected.size } } });

    for (const [at, { heal }] of worlds) for (const [stream, item] of heal(at)) server.publish(stream, [item]);
    server.publish('reference', [doubled.rate('company', 0.12)]);
    await page.until(() => everyone.every(({ accountID }) => rowOf(accountID)?.reason === null));
    for (const { accountID } of everyone) expect(rowOf(accountID)).toMatchObject(GOOD);
    await page.until(() => unknownAlerts()[0]?.condition === 'cleared');
    // One for all of it: other rules about data had nothing to say. A machine kept waiting may have heard nothing for a while, which is another matter.
    expect([...page.alerts.values()].flatMap(({ kind }) => (kind === 'feedStale' ? [] : [kind]))).toEqual(['figuresUnknown']);
    page.close();
  }, 60_000);
});
