/** Each rule on risk that comes with the product, as it is, in a real market: what it names happens, the alert is in the record and told; it ends, and that is told too. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundledRules } from '#engine/watch/bundled-rules';
import { packOf } from '#engine/watch/rule-schema';
import type { Alert } from '#shared/desk/alerts/alert';
import type { Notice } from '#shared/desk/delivery/notice';
import type { Rule } from '#shared/desk/rules/rule';
import type { ItemByStream } from '#shared/feed/items';
import { SceneMarket } from '#tests/helpers/rule-scenes';
import { type OpenDesk, openDesk, TestClock, temporaryFolder } from '#tests/integration/journal/helpers';

type Account = ItemByStream['accounts'];

let folder: ReturnType<typeof temporaryFolder>;
let open: OpenDesk;
let market: SceneMarket;
let told: Notice[];
const lastSaid = new Map<string, Account>();

/** The product's own rules; one that comes in shadow is heard too, as the firm would let it go live unchanged. */
function begin(...ruleIds: string[]): void {
  const rules = bundledRules().flatMap((rule): Rule[] =>
    ruleIds.includes(rule.ruleId) ? [{ ...rule, mode: 'live' }] : rule.ruleId === 'feed-stale' ? [{ ...rule, mode: 'shadow' }] : [],
  );
  open = openDesk(folder.path, { clock: new TestClock(0) });
  market = new SceneMarket(packOf(rules), { onConditions: (conditions) => open.desk.alerts.onConditions(conditions) });
  open.clock.ms = market.nowMs;
  open.desk.delivery.begin();
  open.desk.delivery.onNotice = (notice) => told.push(notice);
}
beforeEach(() => {
  folder = temporaryFolder();
  told = [];
  lastSaid.clear();
});
afterEach(async () => {
  await open.desk.delivery.stop();
  await open.close();
  folder.remove();
});

const alertsOf = (ruleId: string, level?: string): Alert[] =>
  open.desk.alerts.openAlerts().filter((alert) => alert.ruleId === ruleId && (level === undefined || alert.reason.params.level === level));

function expectTold(ruleId: string, level: string, withinMs = 30_000): Alert {
  // Long waits in longer steps: still far shorter than what any of them is about.
  market.pass(withinMs, () => alertsOf(ruleId, level).length > 0, withinMs > 100_000 ? 2000 : undefined);
  const [alert] = alertsOf(ruleId, level);
  if (alert === undefined)
    throw new Error(
      `${ruleId} said nothing of ${level}; it said: ${alertsOf(ruleId)
        .map(({ reason }) => reason.params.level)
        .join(', ')}`,
    );
  for (let step = 0; step < 400 && !told.some((notice) => notice.ruleId === ruleId); step += 1) {
    open.clock.ms = Math.max(open.clock.ms + 1000, market.nowMs);
    open.desk.delivery.tick();
  }
  expect(told.map((notice) => notice.ruleId)).toContain(ruleId);
  expect(alert.reason.thresholdCitation).not.toBe('');
  return alert;
}

/** The desk's own time goes on, second by second, while the market stands. */
function passDesk(seconds: number): void {
  for (let second = 0; second < seconds; second += 1) {
    open.clock.ms = Math.max(open.clock.ms + 1000, market.nowMs);
    open.desk.delivery.tick();
  }
}

const account = (): Account => market.broker.snapshot('accounts')[0] as Account;
/** The counter says something else of one account, and the market's clock goes on. */
function say(change: Record<string, number>): string {
  const one = account();
  market.send('accounts', [{ ...one, ...change, asOfMs: market.nowMs }]);
  return one.accountID;
}

/** Takes equity from the account until its degree stands where the test wants it; answers its id. */
function atDegree(wanted: number): string {
  market.pass(1000);
  const columns = market.book.accountColumns();
  let index = 0;
  for (let at = 0; at < columns.count; at += 1) if ((columns.currMargin[at] ?? 0) > (columns.currMargin[index] ?? 0)) index = at;
  const accountID = columns.accountIDs[index] ?? '';
  const one = lastSaid.get(accountID) ?? market.broker.snapshot('accounts').find((each) => each.accountID === accountID);
  if (one === undefined) throw new Error('no such account');
  const takenOut = (columns.balance[index] ?? Number.NaN) - (columns.currMargin[index] ?? 0) / wanted;
  const said = { ...one, withdraw: (one.withdraw ?? 0) + takenOut, balance: (one.balance ?? 0) - takenOut, asOfMs: market.nowMs };
  lastSaid.set(accountID, said);
  market.send('accounts', [said]);
  return accountID;
}

describe('the rules on risk', () => {
  it('tell the company’s and the exchange’s levels and equity below zero', () => {
    begin('account-risk-level');
    const accountID = atDegree(1.05);
    expect(expectTold('account-risk-level', 'call')).toMatchObject({ severity: 'high', entity: expect.stringMatching(/^account:/) });
    atDegree(3);
    expect(expectTold('account-risk-level', 'force')).toMatchObject({ severity: 'critical' });
    atDegree(-2);
    expectTold('account-risk-level', 'negative');
    market.pass(2000);
    expect(alertsOf('account-risk-level', 'negative').map(({ entity }) => entity)).toContain(`account:${accountID}`);
  });

  it('tell a margin call whose deadline has passed, and end it when the money is there', () => {
    begin('margin-call-deadline');
    const accountID = atDegree(1.05);
    market.onSecond = () => market.send('quotes', market.quotes());
    market.dues.set(accountID, market.nowMs + 8000);
    market.pass(6000);
    expect(alertsOf('margin-call-deadline')).toEqual([]);
    expect(expectTold('margin-call-deadline', 'missed')).toMatchObject({
      entity: `account:${accountID}`,
      reason: { metric: 'callOverdueMs', params: { callDueAtMs: market.dues.get(accountID) } },
    });
    atDegree(0.5);
    market.pass(30_000, () => alertsOf('margin-call-deadline')[0]?.condition === 'cleared');
    expect(alertsOf('margin-call-deadline')).toMatchObject([{ condition: 'cleared' }]);
  });

  it('tell an account that stays long at the call level', () => {
    begin('margin-call-open');
    atDegree(1.05);
    expect(expectTold('margin-call-open', 'long', 1_900_000)).toMatchObject({ reason: { metric: 'callOpenMs' } });
  });

  it('tell heavy positions, concentration, limits and large traders', () => {
    begin('position-limit', 'large-trader', 'position-concentration', 'heavy-position');
    // What people hold stays; the exchange lowers its limits, open interest shrinks, and equity goes.
    const lowered = market.broker.snapshot('reference').flatMap((item) => (item.kind === 'positionLimit' ? [{ ...item, limitVolume: 1 }] : []));
    market.send('reference', lowered);
    market.onSecond = () =>
      market.send(
        'quotes',
        market.quotes(() => ({ openInterest: 1000 })),
      );
    atDegree(4);
    for (const [ruleId, level] of [
      ['position-limit', 'reached'],
      ['large-trader', 'report'],
      ['position-concentration', 'high'],
      ['heavy-position', 'heavy'],
    ] as const)
      expectTold(ruleId, level, 90_000);
  });

  it('tell a position where the exchange allows no lots', () => {
    begin('position-limit');
    const limitOf = (limitVolume: number): void =>
      market.send(
        'reference',
        market.broker.snapshot('reference').flatMap((item) => (item.kind === 'positionLimit' ? [{ ...item, limitVolume }] : [])),
      );
    limitOf(0);
    const { alertId, reason } = expectTold('position-limit', 'reached');
    expect(reason.params).toMatchObject({ limitVolume: 0, countedVolume: expect.any(Number) });
    expect(reason.params.countedVolume).toBeGreaterThan(0);
    // A limit that was refused is no limit and no all-clear either: nobody knows.
    limitOf(Number.NaN);
    const mine = (): Alert | undefined => alertsOf('position-limit').find((alert) => alert.alertId === alertId);
    market.onSecond = () => market.send('quotes', market.quotes());
    market.pass(60_000, () => mine()?.condition !== 'active');
    expect(mine()).toMatchObject({ condition: 'unknown' });
  });

  it('tell of each currency by itself: a rich account in dollars hides nobody’s want of yuan', () => {
    begin('department-risk', 'heavy-position');
    market.pass(1000);
    // One account of each department is in another currency, and richer than all others together.
    const rich = new Map<string, string>();
    for (const item of market.broker.snapshot('reference'))
      if (item.kind === 'accountMaster' && !rich.has(item.departmentID)) rich.set(item.departmentID, item.accountID);
    const ids = new Set(rich.values());
    const masters = market.broker.snapshot('reference').filter((item) => item.kind === 'accountMaster');
    market.send(
      'reference',
      masters.flatMap((item) => (item.kind === 'accountMaster' && ids.has(item.accountID) ? [{ ...item, currencyID: 'USD' }] : [])),
    );
    const columns = market.book.accountColumns();
    const accounts = market.broker.snapshot('accounts').map((one): Account => {
      if (ids.has(one.accountID)) return { ...one, currencyID: 'USD', deposit: 1e11, balance: 1e11, asOfMs: market.nowMs };
      const index = columns.accountIDs.indexOf(one.accountID);
      const takenOut = Math.max(0, (columns.balance[index] ?? 0) - (columns.currMargin[index] ?? 0) / 0.95);
      return { ...one, withdraw: (one.withdraw ?? 0) + takenOut, balance: (one.balance ?? 0) - takenOut, asOfMs: market.nowMs };
    });
    market.send('accounts', accounts);
    market.onSecond = () => market.send('quotes', market.quotes());
    const { reason, entity } = expectTold('department-risk', 'warn', 60_000);
    expect(entity).toMatch(/^department:/);
    expect(reason.params.currencyID).toBe('CNY');
    expect(reason.value).toBeGreaterThan(0.8);
  });

  it('tell moves, nearness to the limit and a locked contract', () => {
    begin('price-move', 'fast-move', 'price-limit');
    market.pass(15_000);
    market.send(
      'quotes',
      market.quotes((quote) => (quote.preSettlementPrice === undefined ? {} : { lastPrice: quote.preSettlementPrice * 1.065 })),
    );
    expectTold('price-move', 'veryLarge');
    expectTold('fast-move', 'fast');
    market.send(
      'quotes',
      market.quotes((quote) => ({ lastPrice: quote.upperLimitPrice, askPrice1: undefined, askVolume1: undefined }) as never),
    );
    expectTold('price-limit', 'locked');
  });

  it('tell that two sources disagree about a price', () => {
    begin('source-basis');
    market.onSecond = () => {
      market.send('quotes', market.quotes());
      market.send(
        'quotes',
        market.quotes((quote) => (quote.lastPrice === undefined ? {} : { lastPrice: quote.lastPrice * 1.02 })),
        'second',
      );
    };
    expect(expectTold('source-basis', 'far')).toMatchObject({ reason: { params: { highFeed: 'second' } } });
  });

  it('tell money that leaves and equity that jumps', () => {
    begin('funds-jump', 'equity-jump');
    market.pass(60_000);
    const { accountID, balance = 0, currencyID } = account();
    market.send('funds', [{ accountID, currencyID, fundSerial: 'w-1', fundDirection: 'out', amount: balance, fundTimeMs: market.nowMs }]);
    expect(expectTold('funds-jump', 'out').entity).toBe(`account:${accountID}`);
    say({ withdraw: balance * 0.6, balance: balance * 0.4 });
    expectTold('equity-jump', 'jump', 60_000);
  });

  it('tell a residual against the counter, and figures nobody knows', () => {
    begin('counter-residual', 'figures-unknown');
    // Charged too much, and equity follows: only the charge itself differs.
    say({ commission: (account().commission ?? 0) + 5000, balance: (account().balance ?? 0) - 5000 });
    const { params } = expectTold('counter-residual', 'some', 200_000).reason;
    expect(params).toMatchObject({ worstAccountID: account().accountID, worstField: 'commission' });
    expect(params.worstResidual).toBeCloseTo(5000, 1);
    const [slice] = market.broker.snapshot('positions').flatMap((item) => (item.kind === 'position' ? [item] : []));
    if (slice === undefined) throw new Error('nobody holds anything');
    market.send('positions', [{ ...slice, instrumentID: 'nobodyknows9', position: 5, asOfMs: market.nowMs }]);
    expect(expectTold('figures-unknown', 'some').severity).toBe('high');
  });

  it('tell a stream that should speak and does not, contracts and accounts that fall behind, and a source that stops or is lost', () => {
    begin('activity-missing', 'accounts-behind', 'instruments-stale', 'feed-stale');
    market.quiet.add('orders');
    market.onSecond = () => market.send('quotes', market.quotes());
    expect(expectTold('activity-missing', 'missing', 700_000)).toMatchObject({ dimensions: { stream: 'orders' } });
    market.quiet.add('accounts');
    expectTold('accounts-behind', 'behind', 400_000);
    market.onSecond = () => undefined;
    expectTold('instruments-stale', 'most', 400_000);
    market.quiet.add('all');
    expectTold('feed-stale', 'stale');
    market.linkDown();
    expect(expectTold('feed-stale', 'down').severity).toBe('critical');
  });

  it('tell an account that was taken on, whose data stopped, and that comes back graver: to the desk, and then to the next person', () => {
    begin('account-risk-level');
    const accountID = atDegree(0.85);
    const mine = (): Alert[] => alertsOf('account-risk-level').filter(({ entity }) => entity === `account:${accountID}`);
    market.pass(20_000, () => mine().length > 0);
    passDesk(5);
    open.desk.alerts.acknowledge({ alertIds: mine().map(({ alertId }) => alertId), note: 'seen' });
    market.quiet.add('all');
    market.pass(90_000, () => mine()[0]?.condition === 'unknown');
    expect(mine()).toMatchObject([{ severity: 'medium', human: 'acknowledged', condition: 'unknown' }]);
    told = [];
    market.quiet.clear();
    market.pass(1000);
    atDegree(-2);
    market.pass(60_000, () => mine()[0]?.severity === 'critical');
    passDesk(130);
    const ofIt = told.filter(({ alertIds }) => mine().some(({ alertId }) => alertIds.includes(alertId)));
    expect(ofIt.map(({ reason, role }) => [reason, role])).toEqual([
      ['severityUp', 'desk'],
      ['escalated', 'second'],
    ]);
    expect(mine()).toMatchObject([{ human: 'unacknowledged', condition: 'active' }]);
  });

  it('tell that a further account’s figures are not known after somebody took on those of another', () => {
    begin('figures-unknown');
    const slices = market.broker.snapshot('positions').flatMap((item) => (item.kind === 'position' ? [item] : []));
    const [first] = slices;
    const other = slices.find(({ accountID }) => accountID !== first?.accountID);
    if (first === undefined || other === undefined) throw new Error('too few hold anything');
    const lose = (slice: typeof first) => market.send('positions', [{ ...slice, instrumentID: 'nobodyknows9', position: 5, asOfMs: market.nowMs }]);
    lose(first);
    const { alertId } = expectTold('figures-unknown', 'some');
    open.desk.alerts.acknowledge({ alertIds: [alertId], note: 'looking' });
    market.pass(70_000);
    expect(alertsOf('figures-unknown')).toMatchObject([{ human: 'acknowledged' }]);
    told = [];
    lose(other);
    market.pass(90_000, () => alertsOf('figures-unknown')[0]?.human === 'unacknowledged');
    expect(alertsOf('figures-unknown')).toMatchObject([
      { alertId, human: 'unacknowledged', reason: { params: { unknownCount: 2, furtherCount: 1, furtherFirst: other.accountID } } },
    ]);
    passDesk(30);
    expect(told).toMatchObject([{ ruleId: 'figures-unknown', reason: 'worseValue' }]);
  });
});
