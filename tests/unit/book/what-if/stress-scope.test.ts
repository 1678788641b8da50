/** What stress says in sum is of the accounts a person has drilled into, and of nobody else. */
import { describe, expect, test } from 'vitest';
import { scenarioRefusal } from '#engine/book/what-if/scenario-rows';
import { buildStressPicture } from '#engine/book/what-if/stress-picture';
import { runStress } from '#engine/book/what-if/stress-run';
import { RISK_LEVELS, type StressParams } from '#shared/contract/numbers-stress';
import { QUALITY_CODE } from '#shared/contract/streams';
import { scenarioSchema } from '#shared/market/what-if/scenario';
import { FIXTURE_START_MS, itemsEvent } from '#tests/bench/book-fixture';
import { GOLD, lot, master, money, REFERENCE, smallBook } from '../small-book';

const CLOCK = { nowMs: () => FIXTURE_START_MS, monotonicMs: () => 0 };

const EVERYONE: StressParams = {
  columns: { type: 'scenarios', scenarioIds: [] },
  rows: 'account',
  measure: 'balance',
  scope: {},
  filter: '',
  order: 'worst',
  first: 0,
  maxRows: 10,
};

test('the outcome of a department counts and names only its accounts', () => {
  const book = smallBook({}, REFERENCE);
  book.apply(itemsEvent('reference', [master('A2', { departmentID: 'D2' })], { sequence: 2 }));
  book.evaluate(FIXTURE_START_MS);
  const run = runStress(book, [{ key: 'crash', label: 'crash', percent: -60, scenario: null }], CLOCK);
  const params: StressParams = { ...EVERYONE, columns: { type: 'scenarios', scenarioIds: ['crash'] } };
  const whole = buildStressPicture(book, run, params, []);
  const part = buildStressPicture(book, run, { ...params, scope: { departmentID: 'D2' } }, []);
  const count = (picture: typeof whole) => Object.values(picture.now.levels).reduce((sum, accounts) => sum + accounts, 0);
  expect([count(whole), count(part)]).toEqual([2, 1]);
  expect(part.summaries[0]?.balance).toBe(part.values[0]);
  expect(part.summaries[0]?.balanceChange).toBeLessThan(0);
  expect(part.summaries[0]?.changed.map(({ accountID }) => accountID)).not.toContain('A1');
  expect(whole.summaries[0]?.balance).toBeLessThan((whole.now.balance ?? 0) - 1_000_000);
});

describe('a sum with an account below zero and one that nobody knows', () => {
  const book = smallBook({}, REFERENCE);
  book.apply(itemsEvent('accounts', [money('A2', { preBalance: -1_000_000 })], { sequence: 2 }));
  book.apply(itemsEvent('positions', [lot('A1', 'T8', { instrumentID: 'au2701' })], { sequence: 2 }));
  book.evaluate(FIXTURE_START_MS);
  const run = runStress(book, [{ key: 'down', label: 'down', percent: -1, scenario: null }], CLOCK);
  const params: StressParams = { ...EVERYONE, rows: 'firm', measure: 'riskDegree' };

  test('is unknown under stress, with how many and why, and not without equity', () => {
    const picture = buildStressPicture(book, run, params, []);
    expect(picture.values[0]).toBeNaN();
    expect([...picture.unknownCounts]).toEqual([1]);
    expect(picture.unknownReasons).toEqual({ 0: 'noInstrument:SHFE.au2701' });
    expect(picture.rows[0]).toMatchObject({ accounts: 2, unknown: 1 });
    expect(picture.summaries[0]).toMatchObject({ unknown: 1, negative: 1, unknownReasons: ['noInstrument:SHFE.au2701'] });
    expect(picture.now.unknownReasons).toEqual(['noInstrument:SHFE.au2701']);
  });

  test('keeps an account of its own without equity when all of it is known', () => {
    const picture = buildStressPicture(book, run, { ...params, rows: 'account', order: 'name' }, []);
    expect([...picture.unknownCounts]).toEqual([1, 0]);
    expect(RISK_LEVELS[picture.levels[1] ?? -1]).toBe('negative');
  });

  test('is unknown on the live map as well', () => {
    const live = (rows: 'account' | 'department') =>
      book.heatmap({ rows, columns: 'product', measure: 'riskDegree', scope: {}, order: 'name', filter: '', maxRows: 10 });
    const departments = live('department');
    expect([[...departments.rowHasNoEquity], [...departments.rowUnknowns], departments.rowLevels]).toEqual([[0], [1], ['negative']]);
    expect(departments.rowQualities[0]).toBe(QUALITY_CODE.unknown);
    expect(departments.rowReasons).toEqual({ 0: 'noInstrument:SHFE.au2701' });
    expect([[...live('account').rowHasNoEquity], [...live('account').rowUnknowns]]).toEqual([
      [0, 1],
      [1, 0],
    ]);
  });
});

describe('rows of a scenario', () => {
  const book = smallBook({}, REFERENCE);
  const scenario = (over: object) => scenarioSchema.parse({ scenarioId: 's', name: 's', version: 1, price: { type: 'latest' }, ...over });
  const close = { accountID: 'A1', exchangeID: 'SHFE', instrumentID: 'au2612', direction: 'long', volume: 1 };

  test('that match nothing are refused with their field when they are given, and named in the picture when they come to match nothing later', () => {
    expect(scenarioRefusal(book, scenario({ closes: [close] }))).toBeNull();
    expect(scenarioRefusal(book, scenario({ closes: [close, { ...close, direction: 'short' }] }))).toMatchObject({
      code: 'INVALID',
      field: 'closes.1.instrumentID',
    });
    const gone = scenario({
      price: {
        type: 'custom',
        moves: [
          { productID: 'zzz', percent: 1 },
          { productID: 'au', percent: -1 },
        ],
      },
    });
    const run = runStress(book, [{ key: 's', label: 's', percent: null, scenario: gone }], CLOCK);
    expect(buildStressPicture(book, run, EVERYONE, []).unmatched).toEqual([{ key: 's', about: ['zzz'] }]);
    // They are of the run's moment, as its figures are: no picture of the run looks through the book again.
    book.apply(itemsEvent('reference', [{ ...GOLD, productID: 'zzz', instrumentID: 'zzz2612' }], { sequence: 2 }));
    expect(buildStressPicture(book, run, EVERYONE, []).unmatched).toEqual([{ key: 's', about: ['zzz'] }]);
    expect(buildStressPicture(book, runStress(book, run.columns, CLOCK), EVERYONE, []).unmatched).toEqual([]);
  });

  test('that close what was closed already match nothing', () => {
    const sold = smallBook({}, REFERENCE);
    sold.apply(itemsEvent('positions', [lot('A2', 'T3', { volume: 0 })], { sequence: 2 }));
    sold.evaluate(FIXTURE_START_MS);
    expect(scenarioRefusal(sold, scenario({ closes: [close] }))).toBeNull();
    expect(scenarioRefusal(sold, scenario({ closes: [{ ...close, accountID: 'A2' }] }))).toMatchObject({ field: 'closes.0.instrumentID' });
  });

  test('of one scope are refused, for one of them would silently win', () => {
    const moves = [
      { productID: 'au', percent: -10 },
      { exchangeID: 'SHFE', productID: 'au', percent: 5 },
      { productID: 'au', percent: 10 },
    ];
    expect(scenarioRefusal(book, scenario({ price: { type: 'custom', moves } }))).toMatchObject({ field: 'price.moves.2' });
  });
});
