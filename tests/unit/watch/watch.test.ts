/** What the watch says of accounts and feeds, as the alert desk will hear it. */
import { describe, expect, it } from 'vitest';
import type { OpenCondition } from '#engine/watch/condition';
import { LinkClocks } from '#engine/watch/link-clocks';
import type { WatchMoment } from '#engine/watch/rule';
import { bundledRulePack, Watch } from '#engine/watch/watch';
import type { IntakeEvent } from '#shared/feed/intake';
import { ColumnBook } from '#tests/unit/watch/column-book';

const NO_CHANGES = new Int32Array(0);

function desk(ids = ['A1', 'A2'], open: OpenCondition[] = []) {
  const book = new ColumnBook(ids);
  const links = new LinkClocks();
  const watch = new Watch(bundledRulePack(), open);
  const moment = (nowMs: number, isDataLive = true): WatchMoment => ({
    nowMs,
    book,
    columns: book.accountColumns(),
    links: links.readings(),
    isDataLive,
    sessionOf: () => 'open',
  });
  return {
    book,
    links,
    message: (nowMs: number) => watch.onMessage(moment(nowMs), book.takeCrossedAccounts()),
    tick: (nowMs: number, isDataLive = true) => watch.onTick(moment(nowMs, isDataLive)),
    quietMessage: (nowMs: number) => watch.onMessage(moment(nowMs), NO_CHANGES),
  };
}

const ticks = (atMs: number, forMs: number): number[] => Array.from({ length: forMs / 250 }, (_, index) => atMs + (index + 1) * 250);
const heartbeat = (receivedAtMs: number): IntakeEvent => ({
  type: 'heartbeat',
  feedId: 'f',
  receivedAtMs,
  sourceTimeMs: receivedAtMs,
  tradingDay: '20270104',
});

describe('risk levels', () => {
  it('speak once per level, up and down, with the figures that explain them', () => {
    const it = desk();
    it.book.set(0, 100, 50, 40);
    expect(it.message(1000)).toEqual([]);
    it.book.set(0, 100, 85, 60);
    const [raised, ...rest] = it.message(2000);
    expect(rest).toEqual([]);
    expect(raised).toMatchObject({
      transition: 'raised',
      entity: 'account:A1',
      severity: 'medium',
      reason: { value: 0.85, enterThreshold: 0.8, exitThreshold: 0.78, params: { level: 'warn', previousLevel: 'normal' } },
    });
    it.book.set(0, 100, 86, 60);
    expect(it.message(3000)).toEqual([]);
    it.book.set(0, 100, 130, 105);
    expect(it.message(4000)).toMatchObject([
      { transition: 'changed', severity: 'critical', reason: { params: { level: 'force', previousLevel: 'warn' } } },
    ]);
    it.book.set(0, -5, 130, 105);
    expect(it.message(5000)).toMatchObject([
      { transition: 'changed', severity: 'critical', reason: { metric: 'balance', value: -5, params: { level: 'negative' } } },
    ]);
    it.book.set(0, 1_000_000, 130, 105);
    expect(it.message(6000)).toEqual([]);
    expect(ticks(6000, 5000).flatMap((at) => it.tick(at))).toMatchObject([{ transition: 'cleared', entity: 'account:A1' }]);
  });

  it('never clear while a figure is unknown, and say so', () => {
    const it = desk();
    it.book.set(1, 100, 101, 50);
    expect(it.message(0)).toHaveLength(1);
    it.book.set(1, Number.NaN, 10, 10);
    it.message(1000);
    const said = ticks(1000, 31_000)
      .flatMap((at) => it.tick(at))
      .filter((one) => one.kind === 'riskLevel');
    expect(said).toMatchObject([{ transition: 'unknown', entity: 'account:A2', reason: { value: null } }]);
    it.book.set(1, 100, 101, 50);
    expect(it.message(40_000)).toMatchObject([{ transition: 'changed', entity: 'account:A2', reason: { params: { level: 'call' } } }]);
  });

  it('neither fall from forced nor rise to it while the exchange’s degree is unknown, which is told as such with its reason', () => {
    const it = desk();
    const unknownReason = 'noRate:SHFE.au2612 exchange speculation';
    it.book.set(0, 100, 130, 105);
    expect(it.message(0)).toMatchObject([{ transition: 'raised', reason: { params: { level: 'force' } } }]);
    it.book.set(0, 100, 130, Number.NaN);
    it.book.set(1, 100, 300, Number.NaN);
    const said = [it.message(1000), ...ticks(1000, 31_000).map((at) => it.tick(at))].flat();
    expect(said.filter(({ entity }) => entity === 'account:A1')).toMatchObject([{ transition: 'unknown', reason: { params: { unknownReason } } }]);
    expect(said.filter(({ entity }) => entity === 'account:A2')).toMatchObject([{ transition: 'raised', reason: { params: { level: 'call' } } }]);
    expect(said.filter(({ kind }) => kind === 'figuresUnknown')).toMatchObject([
      { transition: 'raised', reason: { params: { unknownCount: 2, firstAccountID: 'A1', firstReason: unknownReason } } },
    ]);
    it.book.set(0, 100, 130, 90);
    const known = [it.message(40_000), ...ticks(40_000, 10_000).map((at) => it.tick(at))].flat().filter(({ entity }) => entity === 'account:A1');
    expect(known.at(-1)).toMatchObject({ transition: 'changed', reason: { params: { level: 'call' } } });
  });

  it('turn unknown when no live data comes, and come back without a second raise', () => {
    const it = desk();
    it.book.set(0, 100, 85, 50);
    it.message(0);
    const said = ticks(0, 60_000)
      .flatMap((at) => it.tick(at, false))
      .filter((one) => one.kind === 'riskLevel');
    expect(said.map((one) => one.transition)).toEqual(['unknown']);
    it.book.set(0, 100, 85, 50);
    expect(it.message(61_000).map((one) => one.transition)).toEqual(['changed']);
  });

  it('after a restart raise nothing twice and clear only what good data shows to be over', () => {
    const first = desk();
    first.book.set(0, 100, 85, 50);
    first.book.set(1, 100, 105, 50);
    const open = first.message(0).map((one): OpenCondition => ({ ...one, state: 'active' }));
    expect(open).toHaveLength(2);

    const second = desk(['A1', 'A2'], open);
    expect(second.quietMessage(0)).toEqual([]);
    second.book.set(0, 100, 85, 50);
    second.book.set(1, 100, 10, 5);
    expect(second.message(1000)).toEqual([]);
    expect(ticks(1000, 6000).flatMap((at) => second.tick(at))).toMatchObject([{ transition: 'cleared', entity: 'account:A2' }]);
  });
});

describe('feeds', () => {
  it('that fall silent raise one alert, worsen when the link is lost, and clear when they speak again', () => {
    const it = desk([]);
    it.links.expect('f', 0);
    it.links.apply({ type: 'link', feedId: 'f', receivedAtMs: 0, state: 'up', reason: '' });
    it.links.apply(heartbeat(0));
    const silent = ticks(0, 11_000).flatMap((at) => it.tick(at));
    expect(silent).toMatchObject([{ transition: 'raised', kind: 'feedStale', entity: 'feed:f', atMs: 10_000, severity: 'high' }]);
    it.links.apply({ type: 'link', feedId: 'f', receivedAtMs: 11_000, state: 'down', reason: 'socket closed' });
    const down = ticks(11_000, 6000).flatMap((at) => it.tick(at));
    expect(down).toMatchObject([{ transition: 'changed', severity: 'critical', reason: { params: { linkReason: 'socket closed' } } }]);
    const back = ticks(17_000, 3000).flatMap((at) => {
      if (at === 17_250) it.links.apply({ type: 'link', feedId: 'f', receivedAtMs: at, state: 'up', reason: '' });
      it.links.apply(heartbeat(at));
      return it.tick(at);
    });
    expect(back.map((one) => one.transition)).toEqual(['cleared']);
  });

  it('that never connect are seen too, and a paused one raises nothing', () => {
    const it = desk([]);
    it.links.expect('f', 0);
    it.links.expect('quiet', 0);
    it.links.setPaused('quiet', true, 0);
    expect(
      ticks(0, 20_000)
        .flatMap((at) => it.tick(at))
        .map((one) => `${one.transition} ${one.entity}`),
    ).toEqual(['raised feed:f']);
  });

  it('with many silent contracts raise one alert with a count, not one each', () => {
    const it = desk([]);
    it.links.apply(heartbeat(0));
    it.links.apply({
      type: 'items',
      feedId: 'f',
      receivedAtMs: 0,
      stream: 'quotes',
      sourceTimeMs: 0,
      tradingDay: '20270104',
      sequence: 1,
      items: [],
    });
    it.book.ticks = Array.from({ length: 30 }, (_, index) => ({
      exchangeID: 'SHFE',
      instrumentID: `au${index}`,
      productID: 'au',
      sessionID: null,
      lastReceivedAtMs: 0,
      lastSourceTimeMs: 0,
      held: true,
    }));
    const said = ticks(0, 320_000).flatMap((at) => {
      it.links.apply(heartbeat(at));
      return it.tick(at);
    });
    expect(said).toMatchObject([
      { transition: 'raised', kind: 'instrumentsStale', entity: 'feed:f', reason: { params: { staleCount: 30, openCount: 30 } } },
    ]);
  });
});

describe('data quality', () => {
  it('raises once for all accounts whose figures are unknown', () => {
    const it = desk();
    it.book.set(0, 100, 10, 10);
    it.message(0);
    const said = ticks(0, 20_000).flatMap((at) => it.tick(at));
    expect(said).toMatchObject([{ transition: 'raised', kind: 'figuresUnknown', reason: { value: 1, params: { firstAccountID: 'A2' } } }]);
  });

  it('raises for any figure that differs, not for rounding, and keeps it until a comparison says otherwise', () => {
    const it = desk();
    const compare = (atMs: number): void => {
      it.book.set(0, 100, 10, 10);
      it.book.set(1, 100, 10, 10);
      it.message(atMs);
    };
    it.book.residuals.set('A1', 0);
    it.book.moneyResiduals.set('A1', [{ field: 'commission', residual: 0.05, tolerance: 0.05 }]);
    it.book.moneyResiduals.set('A2', [{ field: 'currMargin', residual: 0.01, tolerance: 0 }]);
    compare(0);
    expect(ticks(0, 20_000).flatMap((at) => it.tick(at))).toEqual([]);
    it.book.moneyResiduals.set('A2', [{ field: 'currMargin', residual: -1_000_000, tolerance: 0 }]);
    compare(21_000);
    expect(ticks(21_000, 14_000).flatMap((at) => it.tick(at))).toMatchObject([
      {
        transition: 'raised',
        kind: 'counterResidual',
        reason: { params: { residualCount: 1, worstAccountID: 'A2', worstField: 'currMargin', worstResidual: -1_000_000 } },
      },
    ]);
    // Not comparable: nothing is known to be right again.
    it.book.moneyResiduals.set('A2', []);
    compare(36_000);
    expect(ticks(36_000, 14_000).flatMap((at) => it.tick(at))).toEqual([]);
    it.book.moneyResiduals.set('A2', [{ field: 'currMargin', residual: 0, tolerance: 0 }]);
    compare(51_000);
    expect(ticks(51_000, 14_000).flatMap((at) => it.tick(at))).toMatchObject([{ transition: 'cleared', kind: 'counterResidual' }]);
  });

  it('looks through a day of a million trades by and by, and after a restart says that a difference is gone only once it has looked', () => {
    const before = desk();
    before.book.residuals.set('A1', 0);
    before.book.moneyResiduals.set('A2', [{ field: 'currMargin', residual: 5000, tolerance: 0 }]);
    before.book.set(0, 100, 10, 10);
    before.book.set(1, 100, 10, 10);
    before.message(0);
    const [raised] = ticks(0, 20_000).flatMap((at) => before.tick(at));
    if (raised === undefined) throw new Error('nothing was raised');
    const after = desk(['A1', 'A2'], [{ ...raised, state: 'active' }]);
    after.book.dayItems = 1_000_000;
    after.book.residuals.set('A1', 0);
    after.book.moneyResiduals.set('A2', [{ field: 'currMargin', residual: 0, tolerance: 0 }]);
    after.book.set(0, 100, 10, 10);
    after.book.set(1, 100, 10, 10);
    after.message(30_000);
    const told = ticks(30_000, 60_000).flatMap((at) => after.tick(at).map(({ transition }) => ({ transition, at })));
    // Two accounts, a quarter of a minute each, and the rule's own delay.
    expect(told.filter(({ transition }) => transition === 'cleared')).toHaveLength(1);
    expect(told.find(({ transition }) => transition === 'cleared')?.at).toBeGreaterThan(30_000 + 30_000);
  });

  it('raises when our balance leaves the counter by more than the tolerance, and clears below its exit', () => {
    const it = desk();
    it.book.set(0, 100, 10, 10);
    it.book.set(1, 100, 10, 10);
    it.book.residuals.set('A1', 2.5);
    it.message(0);
    expect(ticks(0, 12_000).flatMap((at) => it.tick(at))).toMatchObject([
      { transition: 'raised', kind: 'counterResidual', reason: { params: { worstAccountID: 'A1', worstField: 'balance', worstResidual: 2.5 } } },
    ]);
    it.book.residuals.set('A1', 0.016);
    it.book.set(0, 100, 10, 10);
    it.message(13_000);
    expect(ticks(13_000, 6000).flatMap((at) => it.tick(at))).toEqual([]);
    it.book.residuals.set('A1', 0.01);
    it.book.set(0, 100, 10, 10);
    it.message(20_000);
    expect(ticks(20_000, 6000).flatMap((at) => it.tick(at))).toMatchObject([{ transition: 'cleared', kind: 'counterResidual' }]);
  });

  it('ends a difference with the account that it was of', () => {
    const it = desk();
    it.book.set(0, 100, 10, 10);
    it.book.set(1, 100, 10, 10);
    it.book.residuals.set('A1', 2.5);
    it.message(0);
    expect(ticks(0, 12_000).flatMap((at) => it.tick(at))).toMatchObject([{ transition: 'raised', kind: 'counterResidual' }]);
    it.book.gone.add(0);
    expect(ticks(13_000, 6000).flatMap((at) => it.tick(at))).toMatchObject([{ transition: 'cleared', kind: 'counterResidual' }]);
  });
});
