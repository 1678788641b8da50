/** Declared combinations and contracts out of the larger side, on books small enough to check by hand: what margin they make, and what they make unknown. */
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { Book } from '#engine/book/book';
import { buildLimitsPicture } from '#engine/book/limits/limits-picture';
import type { AccountRecord } from '#engine/book/things';
import { referenceRowsInForce } from '#engine/book/views/reference-rows';
import { buildAccountModel } from '#engine/book/what-if/account-model';
import { explainInputs } from '#engine/book/what-if/explain-inputs';
import { figuresUnder, linesOf } from '#engine/book/what-if/scenario-figures';
import { worklistBasis } from '#engine/book/what-if/worklist-basis';
import type { LimitsParams } from '#shared/contract/numbers-limits';
import { type HeatmapParams, QUALITY_CODE } from '#shared/contract/streams';
import type { MarginRate, PositionCombineDetail, PositionDetail, PositionSlice, ReferenceItem } from '#shared/feed/items';
import { refusedItem } from '#shared/feed/refused';
import type { Derivation } from '#shared/market/explain/derivation';
import { explainAccount } from '#shared/market/explain/explain-account';
import { safeMove } from '#shared/market/what-if/inverse';
import { scenarioSchema, stressAccount } from '#shared/market/what-if/scenario';
import { makeWorklist, worklistRulesSchema } from '#shared/market/what-if/worklist';
import { FIXTURE_DAY, FIXTURE_START_MS, itemsEvent, makeBookFixture } from '#tests/bench/book-fixture';
import { combinationRules, combineRows, exclusions, randomCombinations } from '#tests/helpers/random-combinations';
import { lot, master, money, slice } from './small-book';

const SOURCED = { effectiveFrom: '20260101', citation: 'notice 7', certainty: 'verified' } as const;
const EARLIER = '20260910';

function contract(instrumentID: string, over: { exchangeID?: string; productID?: string } = {}): ReferenceItem {
  const { exchangeID = 'DCE', productID = 'm' } = over;
  return {
    ...{ kind: 'instrument', exchangeID, instrumentID, productID, productClass: 'futures', currencyID: 'CNY', volumeMultiple: 10, priceTick: 1 },
  };
}

function rate(layer: MarginRate['layer'], ratio: number, exchangeID = 'DCE', productID = 'm'): MarginRate {
  return {
    ...{ kind: 'marginRate', layer, investorRange: 'broker', exchangeID, productID, hedgeFlag: 'speculation', isRelative: false },
    ...{ longMarginRatioByMoney: ratio, longMarginRatioByVolume: 0, shortMarginRatioByMoney: ratio, shortMarginRatioByVolume: 0 },
    ...SOURCED,
  };
}

const REFERENCE: ReferenceItem[] = [
  { kind: 'department', departmentID: 'D1', departmentName: 'Grains' },
  contract('m2405'),
  contract('m2409'),
  contract('au2406', { exchangeID: 'SHFE', productID: 'au' }),
  contract('au2412', { exchangeID: 'SHFE', productID: 'au' }),
  { kind: 'marginAggregation', exchangeID: 'DCE', method: 'plainSum', ...SOURCED },
  { kind: 'marginAggregation', exchangeID: 'SHFE', method: 'productBigSide', ...SOURCED },
  rate('company', 0.1),
  rate('exchange', 0.05),
  rate('company', 0.1, 'SHFE', 'au'),
  rate('exchange', 0.05, 'SHFE', 'au'),
  master('A1'),
  master('A2'),
];

/** Long ten m2405 of yesterday at 3,000, short ten m2409 of today at 3,200. 10 lots x 10 x 3,000 x 10 % = 30,000, and 32,000. */
const LONG = lot('A1', 'L', { exchangeID: 'DCE', instrumentID: 'm2405', volume: 10, openPrice: 2900, openDate: EARLIER, lastSettlementPrice: 3000 });
const SHORT = lot('A1', 'S', { exchangeID: 'DCE', instrumentID: 'm2409', direction: 'short', volume: 10, openPrice: 3200 });
const OIL = lot('A1', 'Y', { exchangeID: 'DCE', instrumentID: 'y2405', direction: 'short', volume: 10, openPrice: 8000 });
const OTHER = lot('A2', 'O', { exchangeID: 'DCE', instrumentID: 'm2405', volume: 1, openPrice: 3000 });

function quote(exchangeID: string, instrumentID: string, lastPrice: number, preSettlementPrice: number) {
  return { exchangeID, instrumentID, updateTimeMs: FIXTURE_START_MS - 500, lastPrice, preSettlementPrice };
}

function declared(volume: number, kind = 'SP', over: Partial<PositionCombineDetail>[] = []): PositionCombineDetail[] {
  const rows = combineRows('DCE', 'C1', `${kind} m2405&m2409`, [
    { lot: LONG, legMultiple: 1, volume },
    { lot: SHORT, legMultiple: 1, volume },
  ]);
  return rows.map((row, at) => ({ ...row, ...over[at] }));
}

function bookWith(positions: (PositionDetail | PositionSlice | PositionCombineDetail)[], reference: ReferenceItem[] = []): Book {
  const book = new Book();
  book.apply([
    itemsEvent('reference', [...REFERENCE, ...reference], { type: 'picture' }),
    itemsEvent(
      'quotes',
      [quote('DCE', 'm2405', 3010, 3000), quote('DCE', 'm2409', 3190, 3150), quote('SHFE', 'au2406', 800, 800), quote('SHFE', 'au2412', 800, 800)],
      { type: 'picture' },
    ),
    itemsEvent('accounts', [money('A1', { preBalance: 50_000 }), money('A2')], { type: 'picture' }),
    itemsEvent('positions', positions, { type: 'picture' }),
  ]);
  book.evaluate(FIXTURE_START_MS);
  return book;
}

function say(book: Book, stream: 'positions' | 'reference', items: unknown[], sequence: number, refused?: Record<string, unknown>): void {
  const about = refused === undefined ? [] : [refusedItem(stream, String(refused.field), refused.item)].filter((item) => item !== null);
  book.apply({ ...itemsEvent(stream, items as never[], { sequence }), ...(about.length === 0 ? {} : { refused: about }) } as never);
  book.evaluate(FIXTURE_START_MS);
}

const accountOf = (book: Book, accountID = 'A1'): AccountRecord => book.records.findAccount(accountID) as AccountRecord;

function marginOf(book: Book, accountID = 'A1'): number | string | null {
  const { columns } = book.kernel;
  const { index } = accountOf(book, accountID);
  // Kernel and formulas agree about it, whatever it is.
  expect(book.fullCheck().drift).toBeLessThan(1e-6);
  const margin = columns.margin[index] ?? Number.NaN;
  return Number.isNaN(margin) ? (book.reasonOf(index) ?? null) : Math.round(margin * 100) / 100;
}

function treeOf(book: Book): Derivation {
  return explainAccount(explainInputs(book, accountOf(book)), 'currMargin');
}

function nodesOf(node: Derivation): Derivation[] {
  return [node, ...node.children.flatMap(nodesOf)];
}

describe('a declared combination', () => {
  test('takes the larger leg’s margin, and the lots outside it theirs as before', () => {
    expect(marginOf(bookWith([LONG, SHORT]))).toBe(62_000);
    // Six of ten: four lots of each outside, 12,000 + 12,800, and max(18,000, 19,200) for the six.
    const book = bookWith([LONG, SHORT, OTHER, ...declared(6)]);
    expect(marginOf(book)).toBe(44_000);
    expect(book.kernel.columns.exchangeMargin[accountOf(book).index]).toBe(22_000);
    expect(marginOf(book, 'A2')).toBe(3_000);
    expect(book.counts()).toMatchObject({ netPositions: 3, lots: 3 });
    const combination = nodesOf(treeOf(book)).find(({ id }) => id === 'combinationMargin.largerLeg');
    expect(combination).toMatchObject({ subject: 'DCE.SP m2405&m2409 C1', value: expect.closeTo(19_200, 6), combination: 'largest' });
    expect(combination?.children.map(({ subject, value }) => [subject, value])).toEqual([
      ['DCE.m2405 long', expect.closeTo(18_000, 6)],
      ['DCE.m2409 short', expect.closeTo(19_200, 6)],
    ]);
    // No row of the feed says how: a bundled one does, and that nobody has confirmed it.
    expect(combination?.rules).toMatchObject([{ subject: 'DCE.SP', text: 'largerLeg', certainty: 'unconfirmed' }]);
  });

  test('goes by the feed’s row of its kind before the exchange’s, and by any of them before a bundled one', () => {
    const ofAll: ReferenceItem = { kind: 'combinationMargin', exchangeID: 'DCE', legMargin: 'sumOfLegs', ...SOURCED };
    const book = bookWith([LONG, SHORT, ...declared(10)], [ofAll]);
    expect(marginOf(book)).toBe(62_000);
    say(book, 'reference', [{ ...ofAll, combinationKind: 'SP', legMargin: 'largerLeg' }], 2);
    expect(marginOf(book)).toBe(32_000);
    expect(nodesOf(treeOf(book)).find(({ id }) => id.startsWith('combinationMargin'))?.rules).toMatchObject([
      { subject: 'DCE.SP', citation: 'notice 7', certainty: 'verified' },
    ]);
  });

  test('of a kind that no row knows, or by a row that was refused, makes the margin unknown and nothing else', () => {
    const book = bookWith([LONG, SHORT, OTHER, ...declared(6, 'LOCK')]);
    expect(marginOf(book)).toBe('noCombinationRule:DCE.LOCK');
    expect(book.kernel.columns.balance[accountOf(book).index]).not.toBeNaN();
    expect(marginOf(book, 'A2')).toBe(3_000);
    const row = { kind: 'combinationMargin', exchangeID: 'DCE', combinationKind: 'LOCK', legMargin: 'largerLeg', ...SOURCED };
    say(book, 'reference', [row], 2);
    expect(marginOf(book)).toBe(44_000);
    say(book, 'reference', [], 3, { field: 'legMargin', item: { ...row, legMargin: 'halfLeg' } });
    expect(marginOf(book)).toBe('rateRefused:DCE.LOCK combinationMargin');
    say(book, 'reference', [row, { ...row, legMargin: 'sumOfLegs' }], 4);
    expect(marginOf(book)).toBe('twoAggregations:DCE.LOCK');
  });

  test.each([
    ['larger than its lots', declared(11), 'combinationTooLarge:DCE.SP m2405&m2409 C1'],
    ['of a lot that is not there', declared(6, 'SP', [{ tradeID: 'gone' }]), 'combinationTooLarge:DCE.SP m2405&m2409 C1'],
    ['of a contract nobody knows', declared(6, 'SP', [{ instrumentID: 'm2499' }]), 'noInstrument:DCE.m2499'],
    ['whose legs do not fit each other', declared(6, 'SP', [{ totalAmt: 5 }]), 'combinationUnclear:DCE.SP m2405&m2409 C1'],
    ['with one leg', declared(6).slice(0, 1), 'combinationUnclear:DCE.SP m2405&m2409 C1'],
  ])('%s makes the margin unknown, with the reason', (_, rows, reason) => {
    const book = bookWith([LONG, SHORT, OTHER, ...rows]);
    expect(marginOf(book)).toBe(reason);
    expect(book.accountRow('A1')).toMatchObject({ currMargin: null, quality: 'unknown', reason });
    expect(marginOf(book, 'A2')).toBe(3_000);
    expect(treeOf(book)).toMatchObject({ value: null });
    // The next good word makes it known again.
    say(book, 'positions', [...rows.map((row) => ({ ...row, totalAmt: 0 })), ...declared(6)], 2);
    expect(marginOf(book)).toBe(44_000);
  });

  test('together larger than a lot they share is unknown', () => {
    const twice = declared(6).map((row) => ({ ...row, comTradeID: 'C2' }));
    expect(marginOf(bookWith([LONG, SHORT, ...declared(6), ...twice]))).toBe('combinationTooLarge:DCE.SP m2405&m2409 C2');
    const rest = declared(4).map((row) => ({ ...row, comTradeID: 'C2' }));
    expect(marginOf(bookWith([LONG, SHORT, ...declared(6), ...rest]))).toBe(32_000);
  });

  test('follows its lots, its dissolution, and what is refused of it', () => {
    const book = bookWith([LONG, SHORT, ...declared(6)]);
    say(book, 'positions', [{ ...SHORT, volume: 5 }], 2);
    expect(marginOf(book)).toBe('combinationTooLarge:DCE.SP m2405&m2409 C1');
    say(book, 'positions', declared(5), 3);
    // Five outside on the long side, and the larger of 15,000 and 16,000.
    expect(marginOf(book)).toBe(31_000);
    say(book, 'positions', [], 4, { field: 'totalAmt', item: { ...declared(4)[0], totalAmt: -1 } });
    expect(marginOf(book)).toBe('positionRefused:A1.SP m2405&m2409 totalAmt');
    say(book, 'positions', declared(0), 5);
    expect(marginOf(book)).toBe(46_000);
  });

  test('is in a copy of the book, and gone with a picture that has none', () => {
    const book = bookWith([LONG, SHORT, ...declared(6)]);
    const copy = new Book();
    copy.restorePicture(book.exportPicture());
    copy.evaluate(FIXTURE_START_MS);
    expect(marginOf(copy)).toBe(44_000);
    copy.apply(itemsEvent('positions', [LONG, SHORT], { type: 'picture', sequence: 9 }));
    copy.evaluate(FIXTURE_START_MS);
    expect(marginOf(copy)).toBe(62_000);
  });

  test('of an account whose counter gives slices only takes its lots of the day it names', () => {
    const place = { exchangeID: 'DCE', position: 10 } as const;
    const book = bookWith([
      slice('A1', { ...place, instrumentID: 'm2405', positionDate: 'history', positionCost: 300_000, openCost: 290_000, preSettlementPrice: 3000 }),
      slice('A1', { ...place, instrumentID: 'm2409', posiDirection: 'short', positionCost: 320_000, openCost: 320_000, todayPosition: 10 }),
      ...declared(6),
    ]);
    expect(marginOf(book)).toBe(44_000);
    say(book, 'positions', [...declared(0), ...declared(6, 'SP', [{ openDate: FIXTURE_DAY }])], 2);
    expect(marginOf(book)).toBe('combinationTooLarge:DCE.SP m2405&m2409 C1');
  });
});

describe('where combinations are shown', () => {
  const MAP: HeatmapParams = { measure: 'currMargin', rows: 'account', columns: 'instrument', scope: {}, filter: '', order: 'name', maxRows: 100 };
  function cellsOf(book: Book, over: Partial<HeatmapParams> = {}) {
    const { layout, values, rowValues } = book.heatmap({ ...MAP, scope: { accountID: 'A1' }, ...over });
    return { row: rowValues[0], cells: Object.fromEntries((layout?.columns ?? []).map(({ key }, at) => [key, values[at]])) };
  }

  test('the heat map’s cells hold each leg’s part, so that they add up to the account, and what is scoped to a contract has its own', () => {
    const book = bookWith([LONG, SHORT, ...declared(6)]);
    // Four lots outside on each side, and the larger leg's 19,200, which is the short one's.
    expect(cellsOf(book)).toEqual({ row: 44_000, cells: { 'DCE.m2405': 12_000, 'DCE.m2409': 12_800 + 19_200 } });
    expect(cellsOf(book, { scope: { accountID: 'A1', instrumentID: 'DCE.m2409' } }).row).toBeCloseTo(32_000, 6);
    say(book, 'positions', declared(0), 2);
    expect(cellsOf(book).cells).toEqual({ 'DCE.m2405': 30_000, 'DCE.m2409': 32_000 });
    expect(cellsOf(bookWith([LONG, SHORT, ...declared(6, 'LOCK')]))).toEqual({ row: NaN, cells: { 'DCE.m2405': NaN, 'DCE.m2409': NaN } });
  });

  test('the bundled rules stand in the table of reference data with their certainty, and unused where the feed or the desk says', () => {
    const shown = (book: Book) =>
      referenceRowsInForce(book, 'combinationMargin', '').rows.map(({ exchangeID, figures, certainty, feedId, isBundled, isUnused, citation }) => [
        `${exchangeID} ${figures.combinationKind ?? ''} ${figures.legMargin}`,
        ...[certainty, feedId, isBundled, isUnused, citation !== ''],
      ]);
    expect(shown(bookWith([LONG]))).toEqual([
      ['CZCE IPS largerLeg', 'unconfirmed', null, true, false, true],
      ['CZCE SPD largerLeg', 'unconfirmed', null, true, false, true],
      ['DCE SPC largerLeg', 'unconfirmed', null, true, false, true],
      ['DCE SP largerLeg', 'unconfirmed', null, true, false, true],
    ]);
    const said: ReferenceItem = { kind: 'combinationMargin', exchangeID: 'DCE', combinationKind: 'SP', legMargin: 'sumOfLegs', ...SOURCED };
    expect(shown(bookWith([LONG], [said])).filter(([about]) => String(about).startsWith('DCE SP '))).toEqual([
      ['DCE SP sumOfLegs', 'verified', expect.any(String), false, false, true],
      ['DCE SP largerLeg', 'unconfirmed', null, true, true, true],
    ]);
    const out: ReferenceItem = { kind: 'bigSideExclusion', exchangeID: 'SHFE', instrumentID: 'au2406', countedAs: 'plainSum', ...SOURCED };
    expect(referenceRowsInForce(bookWith([LONG], [out]), 'bigSideExclusion', '').rows).toMatchObject([
      { instrumentID: 'au2406', figures: { countedAs: 'plainSum' }, citation: 'notice 7', certainty: 'verified', isBundled: false },
    ]);
  });

  test('on random books, the cells of every account add up to its margin', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
        const fixture = makeBookFixture(seed, { instruments: 23, accounts: 12, lots: 150 });
        const { random, details, reference } = fixture;
        reference.push(...combinationRules(random), ...exclusions(random, reference, 0.2));
        fixture.events[3] = itemsEvent('positions', [...details, ...randomCombinations(random, details, 30)], { type: 'picture' });
        const book = new Book();
        book.apply(fixture.events);
        book.evaluate();
        const { layout, rowValues, values, qualities } = book.heatmap(MAP);
        const width = layout?.columns.length ?? 0;
        for (const [row, value] of rowValues.entries()) {
          const shown = [...values.slice(row * width, (row + 1) * width)].filter((_, at) => qualities[row * width + at] !== QUALITY_CODE.none);
          const sum = shown.reduce((total, cell) => total + cell, 0);
          if (Number.isNaN(value)) expect(sum).toBeNaN();
          else expect(sum).toBeCloseTo(value, 4);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('a heavy position is unknown for both legs’ products where no row says how the combination is reckoned', () => {
    const rows = combineRows('DCE', 'C1', 'LOCK m2405&y2405', [
      { lot: LONG, legMultiple: 1, volume: 6 },
      { lot: OIL, legMultiple: 1, volume: 6 },
    ]);
    const book = bookWith([LONG, OIL, ...rows], [contract('y2405', { productID: 'y' }), rate('company', 0.1, 'DCE', 'y')]);
    book.apply(itemsEvent('quotes', [quote('DCE', 'y2405', 8000, 8000)], { sequence: 2 }));
    book.evaluate(FIXTURE_START_MS);
    const params: LimitsParams = { view: 'heavy', by: 'account', scope: {}, filter: '', sort: null, first: 0, count: 50 };
    const { heavy } = buildLimitsPicture(book, params, () => null, FIXTURE_START_MS);
    const reason = 'noCombinationRule:DCE.LOCK';
    expect(heavy.map(({ setID, netMargin, reason: why }) => [setID, netMargin, why]).sort()).toEqual([
      ['DCE.m', null, reason],
      ['DCE.y', null, reason],
    ]);
  });

  test('an account without any more is placed lot by lot again', () => {
    const book = bookWith([LONG, SHORT, ...declared(6)]);
    say(book, 'positions', declared(0), 2);
    const setEntry = vi.spyOn(book.kernel, 'setEntry');
    say(book, 'positions', [{ ...SHORT, volume: 5 }], 3);
    expect(setEntry).toHaveBeenCalledOnce();
    expect(marginOf(book)).toBe(46_000);
    book.apply(itemsEvent('positions', [LONG, SHORT], { type: 'picture', sequence: 9 }));
    expect(accountOf(book).combinations).toBeNull();
  });

  test('lots that a slice of today without its cost stands in for have the reason', () => {
    const place = { exchangeID: 'DCE', position: 10 } as const;
    const book = bookWith([
      slice('A1', { ...place, instrumentID: 'm2405', positionDate: 'history', positionCost: 300_000, openCost: 290_000, preSettlementPrice: 3000 }),
      slice('A1', { ...place, instrumentID: 'm2409', posiDirection: 'short', openCost: 320_000, todayPosition: 10 }),
      ...declared(10, 'SP', [{}, { openDate: FIXTURE_DAY }]),
    ]);
    expect(marginOf(book)).toBe('noPositionCost:DCE.m2409');
    expect(accountOf(book).combinations?.marginReason).toBe('noPositionCost:DCE.m2409');
  });
});

describe('what is reckoned on a combination', () => {
  const scenario = (parts: Record<string, unknown>) => scenarioSchema.parse({ scenarioId: 's', name: 's', version: 1, ...parts });

  test('stress knows it at other prices, other rates and after closes', () => {
    const book = bookWith([LONG, SHORT, ...declared(6)]);
    const account = accountOf(book);
    const settled = scenario({ price: { type: 'percent', percent: 0 }, marginOverrides: [{ layer: 'company', addedRateByMoney: 0.1 }] });
    // Twice the rate is twice the margin; one leg closed whole leaves the other at its own margin.
    const oneLeg = scenario({
      price: { type: 'latest' },
      closes: [{ accountID: 'A1', exchangeID: 'DCE', instrumentID: 'm2405', direction: 'long', volume: 10 }],
    });
    // What is outside a combination goes first: four lots of 3,000 x 10 x 10 %.
    const outside = scenario({
      price: { type: 'latest' },
      closes: [{ accountID: 'A1', exchangeID: 'DCE', instrumentID: 'm2405', direction: 'long', volume: 4 }],
    });
    for (const [each, margin] of [
      [settled, 88_000],
      [oneLeg, 32_000],
      [outside, 32_000],
    ] as const) {
      const pure = stressAccount(buildAccountModel(book, account), each).currMargin;
      expect(pure).toMatchObject({ value: expect.closeTo(margin, 6) });
      expect(figuresUnder(book, linesOf(book), each).currMargin[account.index]).toBeCloseTo(margin, 6);
    }
  });

  test('the distance to a level is that of the lower margin', () => {
    const without = safeMove(buildAccountModel(bookWith([LONG, SHORT]), accountOf(bookWith([LONG, SHORT]))), 'call', 'up');
    const book = bookWith([LONG, SHORT, ...declared(10)]);
    const within = safeMove(buildAccountModel(book, accountOf(book)), 'call', 'up');
    // 62,000 of margin is more than 50,500 of equity: called already. 32,000 is not.
    expect(without).toMatchObject({ kind: 'reached', percent: 0 });
    expect(within.kind === 'reached' ? within.percent : Number.NaN).toBeGreaterThan(0.5);
  });

  test('a worklist knows that closing one leg releases less, and the smaller leg nothing', () => {
    const rules = worklistRulesSchema.parse({
      ...{ standard: 'broker', targetDegree: 0.5, order: 'longFirst', hedge: 'alike', dates: 'historyFirst', skipLocked: false },
    });
    const free = makeWorklist(buildAccountModel(bookWith([LONG, SHORT]), accountOf(bookWith([LONG, SHORT]))), rules);
    const book = bookWith([LONG, SHORT, ...declared(10)]);
    const list = makeWorklist(buildAccountModel(book, accountOf(book)), rules);
    if (free.kind !== 'list' || list.kind !== 'list') throw new Error('both accounts are above the target');
    expect(free.lines[0]).toMatchObject({ instrumentID: 'm2405', volume: 10, releaseMargin: expect.closeTo(30_000, 6) });
    // The long leg is the smaller one: closed by itself it leaves the short its whole margin. Both go together, two lots each, and release the larger leg's.
    expect(list.lines).toMatchObject([
      { instrumentID: 'm2405', volume: 2, releaseMargin: expect.closeTo(0, 6), together: 1 },
      { instrumentID: 'm2409', volume: 2, releaseMargin: expect.closeTo(6_400, 6), together: 1 },
    ]);
    expect(list.isEnough).toBe(true);
    expect(list.after.currMargin).toMatchObject({ value: expect.closeTo(25_600, 6) });
  });

  test('a worklist no longer holds once a combination is declared or dissolved', () => {
    const book = bookWith([LONG, SHORT, ...declared(6)]);
    const before = worklistBasis(book, accountOf(book)).lotsHash;
    say(book, 'positions', declared(5), 2);
    expect(worklistBasis(book, accountOf(book)).lotsHash).not.toBe(before);
  });
});

describe('a contract that is out of its product’s larger side', () => {
  const LONG_NEAR = lot('A1', 'N', { instrumentID: 'au2406', volume: 10, openPrice: 800 });
  const SHORT_FAR = lot('A1', 'F', { instrumentID: 'au2412', direction: 'short', volume: 6, openPrice: 800 });
  const SHORT_NEAR = lot('A1', 'M', { instrumentID: 'au2406', direction: 'short', volume: 4, openPrice: 800 });
  const excluded = (over: Record<string, unknown> = {}) =>
    ({ kind: 'bigSideExclusion', exchangeID: 'SHFE', instrumentID: 'au2406', countedAs: 'plainSum', ...SOURCED, ...over }) as ReferenceItem;

  test('does not net with other months, and its own sides add up as its row says', () => {
    const positions = [LONG_NEAR, SHORT_FAR, SHORT_NEAR];
    // 800 a lot: the larger side is ten lots, whatever the month.
    expect(marginOf(bookWith(positions))).toBe(8_000);
    expect(marginOf(bookWith(positions, [excluded()]))).toBe(16_000);
    expect(marginOf(bookWith(positions, [excluded({ countedAs: 'instrumentBigSide' })]))).toBe(12_800);
  });

  test('is so from the row’s first day to its last, and unknown while two rows differ or the row is refused', () => {
    const book = bookWith([LONG_NEAR, SHORT_FAR, SHORT_NEAR], [excluded({ effectiveFrom: '20991231' })]);
    expect(marginOf(book)).toBe(8_000);
    say(book, 'reference', [excluded()], 2);
    expect(marginOf(book)).toBe(16_000);
    const product = treeOf(book).children.find(({ subject }) => subject === 'SHFE.au2406');
    expect(product).toMatchObject({ id: 'productMargin.plainSum', value: expect.closeTo(11_200, 6) });
    expect(product?.rules).toMatchObject([
      { subject: 'SHFE.au2406', text: 'outOfBigSide plainSum', effectiveFrom: '20260101', citation: 'notice 7' },
    ]);
    say(book, 'reference', [excluded(), excluded({ countedAs: 'instrumentBigSide' })], 3);
    expect(marginOf(book)).toBe('twoAggregations:SHFE.au2406');
    say(book, 'reference', [], 4, { field: 'countedAs', item: excluded({ countedAs: 'thirdSide' }) });
    expect(marginOf(book)).toBe('rateRefused:SHFE.au2406 bigSideExclusion');
    say(book, 'reference', [excluded({ effectiveTo: '20260102' })], 5);
    expect(marginOf(book)).toBe(8_000);
  });
});
