/** Bad input in what people decide by: the account it touches is unknown with a reason in every figure, one condition is raised for the book, and every other account stays right. */
import { describe, expect, test } from 'vitest';
import { runDistance } from '#engine/book/what-if/distance-picture';
import { explainInputs } from '#engine/book/what-if/explain-inputs';
import { distanceOf } from '#engine/book/what-if/fast-inverse';
import { runStress } from '#engine/book/what-if/stress-run';
import { MarketCore } from '#engine/core';
import type { Condition } from '#engine/watch/condition';
import { bundledRulePack } from '#engine/watch/watch';
import { EXPLAINED_FIELDS } from '#shared/contract/numbers-account';
import { RISK_LEVELS } from '#shared/contract/numbers-stress';
import type { IntakeEvent } from '#shared/feed/intake';
import type { ReferenceItem } from '#shared/feed/items';
import { explainAccount } from '#shared/market/explain/explain-account';
import { FIXTURE_START_MS, itemsEvent } from '#tests/bench/book-fixture';
import { GOLD, lot, money, QUOTE, REFERENCE, rateRow, slice, smallBook } from '../small-book';

/** Another contract, which only A1 holds: what is wrong with it must not touch A2. */
const SILVER = { ...GOLD, instrumentID: 'ag2612', productID: 'ag', volumeMultiple: 15, priceTick: 1 };
const SILVER_QUOTE = { ...QUOTE, instrumentID: 'ag2612', lastPrice: 15_800, preSettlementPrice: 15_700 };
const silverRate = (layer: 'company' | 'exchange', ratio: number) => ({ ...rateRow(layer, ratio), productID: 'ag' });
const SILVER_REFERENCE: ReferenceItem[] = [SILVER, silverRate('company', 0.16), silverRate('exchange', 0.12)];
const silverLot = (over = {}) => lot('A1', 'S1', { instrumentID: 'ag2612', openPrice: 15_700, ...over });
const { volumeMultiple: _multiplier, ...NO_MULTIPLIER } = SILVER;
const { lastPrice: _last, ...NO_PRICE } = SILVER_QUOTE;
const { preSettlementPrice: _pre, ...NO_PRE_SETTLEMENT } = SILVER_QUOTE;

type Case = [name: string, reason: string, events: IntakeEvent[]];
const positions = (...items: Parameters<typeof itemsEvent<'positions'>>[1]) => itemsEvent('positions', items, { sequence: 2 });
const reference = (items: ReferenceItem[]) => itemsEvent('reference', items, { sequence: 2 });
const quote = (item: typeof SILVER_QUOTE | typeof NO_PRICE | typeof NO_PRE_SETTLEMENT) => itemsEvent('quotes', [item], { sequence: 2 });

const CASES: Case[] = [
  [
    'a missing multiplier',
    'noMultiplier:SHFE.ag2612',
    [reference([NO_MULTIPLIER, ...SILVER_REFERENCE.slice(1)]), quote(SILVER_QUOTE), positions(silverLot())],
  ],
  ['a missing rate', 'noRate:SHFE.ag2612 company speculation', [reference([SILVER]), quote(SILVER_QUOTE), positions(silverLot())]],
  [
    'two rates for one date',
    'twoRates:SHFE.ag2612 company speculation',
    [reference([...SILVER_REFERENCE, silverRate('company', 0.2)]), quote(SILVER_QUOTE), positions(silverLot())],
  ],
  [
    'a missing pre-settlement price',
    'noPreSettlement:SHFE.ag2612',
    [reference(SILVER_REFERENCE), quote(NO_PRE_SETTLEMENT), positions(silverLot({ openDate: '20260910' }))],
  ],
  ['no price at all', 'noPrice:SHFE.ag2612', [reference(SILVER_REFERENCE), quote(NO_PRICE), positions(silverLot())]],
  ['an unknown product', 'noInstrument:SHFE.zz2612', [positions(lot('A1', 'Z1', { instrumentID: 'zz2612' }))]],
  [
    'a lot told in two ways',
    'lotTwice:SHFE.ag2612',
    [
      reference(SILVER_REFERENCE),
      quote(SILVER_QUOTE),
      itemsEvent('positions', [lot('A2', 'T3'), silverLot(), silverLot({ volume: 3 })], { type: 'picture', sequence: 2 }),
    ],
  ],
  [
    'lots that do not add up to the slice',
    'lotsDoNotAddUp:SHFE.ag2612',
    [reference(SILVER_REFERENCE), quote(SILVER_QUOTE), positions(silverLot({ volume: 2 }), slice('A1', { instrumentID: 'ag2612', position: 3 }))],
  ],
  ['a counter field left out', 'field:commission', [itemsEvent('accounts', [withoutCommission()], { sequence: 2 })]],
];

function withoutCommission() {
  const { commission: _, ...rest } = money('A1');
  return rest;
}

const CLOCK = { nowMs: () => FIXTURE_START_MS, monotonicMs: () => 0 };
const A2_BALANCE = 1_003_000;

describe.each(CASES)('%s', (_name, reason, events) => {
  test('makes the account unknown under every move and in every explanation, and leaves the other right', () => {
    const book = smallBook({}, REFERENCE);
    for (const event of events) book.apply(event);
    book.evaluate(FIXTURE_START_MS);
    expect(book.accountRow('A1')).toMatchObject({ reason, level: 'unknown', riskDegree: null });
    expect(book.accountRow('A2')).toMatchObject({ reason: null, balance: A2_BALANCE, level: 'normal' });

    const run = runStress(book, [{ key: 'down', label: 'down', percent: -5, scenario: null }], CLOCK);
    const levels = [...(run.figures[0]?.level ?? [])].map((code) => RISK_LEVELS[code]);
    expect(levels).toEqual(['unknown', 'normal']);
    expect(run.figures[0]?.balance[1]).toBeCloseTo(A2_BALANCE - 805_000 * 0.05, 6);
    expect(run.summaries[0]).toMatchObject({ unknown: 1, changedCount: 0 });

    const { moves } = runDistance(book, CLOCK);
    const distances = [0, 1].map((account) => distanceOf(moves.down[3]?.[account] ?? Number.NaN).kind);
    // One lot of gold cannot lose a million: known, and never.
    expect(distances).toEqual(['unknown', 'never']);
    expect(book.fullCheck().drift).toBeLessThan(1e-5);

    const account = book.records.findAccount('A1');
    if (account === null) throw new Error('A1 is in the book');
    const inputs = explainInputs(book, account);
    const reasons = EXPLAINED_FIELDS.map((field) => explainAccount(inputs, field).reason);
    expect(reasons).toContain(reason);
  });

  test('raises one data-quality condition for the book, not one per account', () => {
    const book = smallBook({}, REFERENCE);
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
    const welcome = { type: 'welcome', feedId: 'fixture', receivedAtMs: nowMs, sourceTimeMs: nowMs, tradingDay: '20260914' };
    core.onMessage([{ ...welcome, source: 'test', demonstration: false, simulated: false, streams: [] } as unknown as IntakeEvent], nowMs);
    core.onMessage([itemsEvent('accounts', [money('A1'), money('A2')], { type: 'picture', sequence: 1 })], nowMs);
    core.onMessage(events, nowMs);
    for (let step = 0; step < 4 * 120; step++) {
      nowMs += 250;
      core.onMessage([{ type: 'heartbeat', feedId: 'fixture', receivedAtMs: nowMs, sourceTimeMs: nowMs, tradingDay: '20260914' }], nowMs);
      core.tick(nowMs);
    }
    const raised = said.filter(({ entity, transition }) => entity === 'book:accounts' && transition === 'raised');
    expect(raised).toHaveLength(1);
    expect(raised[0]?.reason.params).toMatchObject({ unknownCount: 1, firstAccountID: 'A1', firstReason: reason });
  });
});
