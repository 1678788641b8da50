/** A margin call is owed until the money is there: over the end of the trading day, over a weekend, through a restart of the desk. */
import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NoticeDesk } from '#engine/desk/notices/notice-desk';
import { Recorder } from '#engine/desk/record';
import { bundledRules } from '#engine/watch/bundled-rules';
import { packOf } from '#engine/watch/rule-schema';
import type { Alert } from '#shared/desk/alerts/alert';
import type { Notice } from '#shared/desk/notices/notice';
import { SceneMarket } from '#tests/helpers/rule-scenes';
import { type OpenDesk, openDesk, TestClock, temporaryFolder } from '#tests/integration/journal/helpers';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let folder: ReturnType<typeof temporaryFolder>;
let open: OpenDesk;
let market: SceneMarket;
let notices: NoticeDesk;
let accountID: string;

beforeEach(() => {
  folder = temporaryFolder();
  open = openDesk(folder.path, { clock: new TestClock(0) });
  const rules = packOf(
    bundledRules().map((rule) => ({ ...rule, mode: rule.ruleId === 'margin-call-deadline' ? ('live' as const) : ('shadow' as const) })),
  );
  market = new SceneMarket(rules, { onConditions: (conditions) => open.desk.alerts.onConditions(conditions) });
  notices = noticeDesk();
  market.callDueAtMs = (called) => notices.callDueAtMs(called);
  market.onSecond = () => {
    market.send('quotes', market.quotes());
    open.clock.ms = market.nowMs;
    notices.tick(market.nowMs);
  };
  open.clock.ms = market.nowMs;
  accountID = mostMargin();
});
afterEach(async () => {
  await open.close();
  folder.remove();
});

function noticeDesk(): NoticeDesk {
  const { journal, clock } = open;
  const recorder = new Recorder({ journal, mode: 'live', clock, newId: v7, session: v7(), person: () => 'p-duty', log: () => undefined });
  const isDataLive = () => market.core.isDataLive(market.nowMs);
  return new NoticeDesk(recorder, { book: () => market.book, isDataLive, timeZone: () => 'Asia/Shanghai' });
}

function mostMargin(): string {
  const { accountIDs, currMargin, count } = market.book.accountColumns();
  let best = 0;
  for (let index = 0; index < count; index += 1) if ((currMargin[index] ?? 0) > (currMargin[best] ?? 0)) best = index;
  return accountIDs[best] ?? '';
}

/** The counter says what leaves the account at this degree. */
function stand(degree: number): void {
  const row = market.book.accountRow(accountID);
  const said = market.broker.snapshot('accounts').find((each) => each.accountID === accountID);
  if (said === undefined || row?.balance == null || row.currMargin === null) throw new Error('the account is not known');
  const already = withdrawn - (said.withdraw ?? 0);
  withdrawn += row.balance - row.currMargin / degree;
  if (Number.isNaN(already)) throw new Error('no figure');
  market.send('accounts', [
    { ...said, withdraw: withdrawn, balance: (said.balance ?? 0) - (withdrawn - (said.withdraw ?? 0)), asOfMs: market.nowMs },
  ]);
}
let withdrawn = 0;
beforeEach(() => {
  withdrawn = market.broker.snapshot('accounts').find((each) => each.accountID === accountID)?.withdraw ?? 0;
});

function call(dueInMs: number): Notice {
  const made = notices.generate({ accountIDs: [accountID], dueInMs });
  if (!made.ok || made.value.notices[0] === undefined) throw new Error(`no call was made: ${JSON.stringify(made)}`);
  return made.value.notices[0];
}

const missed = (): Alert[] => open.desk.alerts.openAlerts().filter(({ ruleId }) => ruleId === 'margin-call-deadline');

describe('a margin call', () => {
  it('that is due before the next day’s open is missed then, stays so though the client confirmed it, and ends with the money', () => {
    stand(1.05);
    market.pass(2000);
    const { noticeId } = call(18 * HOUR_MS);
    for (const [state, method] of [
      ['sent', 'phone'],
      ['confirmed', null],
    ] as const)
      notices.follow({ accountID, noticeId, state, method, note: '' });
    market.pass(5000);
    expect(missed()).toEqual([]);
    market.returnOn('20261124', market.nowMs + 22 * HOUR_MS, () => stand(1.05));
    market.pass(30_000, () => missed().length > 0);
    expect(missed()).toMatchObject([{ entity: `account:${accountID}`, condition: 'active', reason: { params: { level: 'missed' } } }]);
    // Beyond the day it is still owed by: another evening, and a desk that was started anew.
    market.returnOn('20261125', market.nowMs + 24 * HOUR_MS, () => stand(1.05));
    notices = noticeDesk();
    market.pass(60_000);
    expect(missed()).toMatchObject([{ condition: 'active' }]);
    stand(0.5);
    market.pass(3 * MINUTE_MS, () => missed()[0]?.condition === 'cleared');
    expect(missed()).toMatchObject([{ condition: 'cleared' }]);
    market.pass(2 * MINUTE_MS, () => notices.callDueAtMs(accountID) === null);
    expect(notices.picture().notices[0]).toMatchObject({ noticeId, answered: { figures: { riskDegree: expect.closeTo(0.5, 1) } } });
  });

  it('that was missed on a Friday is still missed on Monday, until somebody withdraws it', () => {
    stand(1.05);
    market.pass(2000);
    const { noticeId, dueAtMs } = call(MINUTE_MS);
    market.pass(2 * MINUTE_MS, () => missed().length > 0);
    expect(missed()).toHaveLength(1);
    market.returnOn('20261130', market.nowMs + 66 * HOUR_MS, () => stand(1.05));
    market.pass(2 * MINUTE_MS);
    expect(missed()).toMatchObject([{ condition: 'active', episode: 1 }]);
    // Called anew with a later deadline: what is overdue is the first call, and when that is withdrawn nothing is.
    const again = call(HOUR_MS);
    expect(notices.callDueAtMs(accountID)).toBe(dueAtMs);
    notices.follow({ accountID, noticeId, state: 'withdrawn', method: null, note: 'given until noon' });
    expect(notices.callDueAtMs(accountID)).toBe(again.dueAtMs);
    market.pass(30_000, () => missed()[0]?.condition === 'cleared');
    expect(missed()).toMatchObject([{ condition: 'cleared' }]);
  });

  it('is not answered by a favourable moment, nor by figures that nobody has, and an account that gets there again is called again', () => {
    stand(1.05);
    market.pass(2000);
    call(HOUR_MS);
    stand(0.9);
    market.pass(30_000);
    stand(1.05);
    market.pass(60_000);
    expect(notices.callDueAtMs(accountID)).not.toBeNull();
    stand(0.9);
    market.pass(30_000);
    market.quiet.add('all');
    market.pass(10 * MINUTE_MS, undefined, 1000);
    for (let second = 0; second < 120; second += 1) notices.tick(market.nowMs + second * 1000);
    expect(notices.callDueAtMs(accountID)).not.toBeNull();
    market.quiet.clear();
    market.pass(3 * MINUTE_MS, () => notices.callDueAtMs(accountID) === null);
    expect(notices.callDueAtMs(accountID)).toBeNull();
    stand(1.05);
    market.pass(2000);
    expect(call(HOUR_MS).accountID).toBe(accountID);
  });
});

describe('a notice of forced liquidation', () => {
  it('stands until the account is right again, and then another can be made on the same day', () => {
    stand(3);
    market.pass(2000);
    expect(call(HOUR_MS)).toMatchObject({ level: 'forceLiquidation', dueAtMs: null });
    expect(notices.generate({ accountIDs: [accountID], dueInMs: HOUR_MS })).toMatchObject({ value: { notices: [] } });
    stand(0.5);
    market.pass(30_000);
    stand(3);
    market.pass(30_000);
    // A favourable moment ends nothing.
    expect(notices.picture().candidates.map((candidate) => candidate.accountID)).not.toContain(accountID);
    stand(0.5);
    market.pass(90_000);
    expect(notices.picture().notices[0]).toMatchObject({ level: 'forceLiquidation', answered: { figures: { riskDegree: expect.closeTo(0.5, 1) } } });
    stand(3);
    market.pass(2000);
    expect(notices.picture().candidates.map((candidate) => candidate.accountID)).toContain(accountID);
    expect(call(HOUR_MS)).toMatchObject({ level: 'forceLiquidation' });
    expect(notices.callDueAtMs(accountID)).toBeNull();
  });
});
