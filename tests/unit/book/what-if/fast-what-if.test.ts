/** The fast paths over all accounts against the pure formulas on one account: to the cent, and to one step of the grid of moves. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Book } from '#engine/book/book';
import { buildAccountModel } from '#engine/book/what-if/account-model';
import { distanceOf, solveAll } from '#engine/book/what-if/fast-inverse';
import { LEVEL_CODE } from '#engine/book/what-if/figure-columns';
import { figuresUnder, linesOf } from '#engine/book/what-if/scenario-figures';
import type { MarginAggregation, Quote } from '#shared/feed/items';
import { type Known, knownOrNaN } from '#shared/market/known';
import { moveShock, safeMove } from '#shared/market/what-if/inverse';
import { type Scenario, scenarioSchema, stressAccount } from '#shared/market/what-if/scenario';
import { valueAccount } from '#shared/market/what-if/value-account';
import { decimal, itemsEvent, makeBookFixture } from '#tests/bench/book-fixture';
import { combinationRules, exclusions, randomCombinations } from '#tests/helpers/random-combinations';

/** A book with price limits, settlements for some, and a few things missing. */
function randomBook(seed: number, hasHoles: boolean, lots = 150): Book {
  const fixture = makeBookFixture(seed, { instruments: 23, accounts: 12, lots });
  const { random } = fixture;
  const quotes = fixture.quotes.map((quote): Quote => {
    const base = quote.preSettlementPrice ?? 0;
    const full = { ...quote, upperLimitPrice: decimal(base * 1.1), lowerLimitPrice: decimal(base * 0.9), settlementPrice: decimal(base * 1.01) };
    const average = { averagePrice: decimal(base * 1.003), lowestPrice: decimal(base * 0.99), highestPrice: decimal(base * 1.02) };
    if (!hasHoles || random() > 0.1) return { ...full, ...average };
    const { lastPrice: _, ...rest } = full;
    return random() < 0.5 ? rest : { ...quote };
  });
  const book = new Book();
  // What a combination cannot be believed for is with the holes.
  const combinations = randomCombinations(random, fixture.details, lots / 5, hasHoles ? 0.1 : 0);
  const rules = [...combinationRules(random), ...exclusions(random, fixture.reference, 0.2)];
  book.apply(fixture.events);
  book.apply(itemsEvent('reference', rules, { sequence: 2 }));
  book.apply(itemsEvent('positions', combinations, { sequence: 2 }));
  book.apply(itemsEvent('quotes', quotes, { type: 'picture', sequence: 2 }));
  book.evaluate();
  return book;
}

const priceArbitrary = fc.oneof(
  fc.constantFrom(
    { type: 'latest' as const },
    { type: 'settlement' as const },
    { type: 'upperLimit' as const },
    { type: 'lowerLimit' as const },
    { type: 'average' as const },
  ),
  fc.record({ type: fc.constant('percent' as const), percent: fc.integer({ min: -40, max: 40 }) }),
  fc.record({
    type: fc.constant('custom' as const),
    moves: fc.array(fc.record({ productID: fc.constantFrom('p0', 'p1', 'p2', 'p3'), percent: fc.integer({ min: -30, max: 30 }) }), { maxLength: 3 }),
  }),
  fc.record({
    type: fc.constant('lockedLimit' as const),
    direction: fc.constantFrom('up' as const, 'down' as const),
    days: fc.integer({ min: 1, max: 4 }),
    widening: fc.constantFrom('exchange' as const, 'none' as const, [{ limitAdded: 0.02, marginAdded: 0.04 }]),
  }),
);
const scenarioArbitrary = fc
  .record({
    price: priceArbitrary,
    marginOverrides: fc.array(
      fc.record({
        layer: fc.constantFrom('company' as const, 'exchange' as const, 'both' as const),
        productID: fc.constantFrom('p0', 'p2', 'p4'),
        addedRateByMoney: fc.constantFrom(0.02, 0.1, -0.05, -0.2),
      }),
      { maxLength: 2 },
    ),
    cash: fc.array(fc.record({ accountID: fc.constantFrom('A00001', 'A00003'), amount: fc.integer({ min: -1_000_000, max: 1_000_000 }) }), {
      maxLength: 2,
    }),
    closes: fc.array(
      fc.record({
        accountID: fc.constantFrom('A00001', 'A00002'),
        exchangeID: fc.constant('SHFE'),
        instrumentID: fc.constantFrom('p0m0', 'p0m1'),
        direction: fc.constantFrom('long' as const, 'short' as const),
        volume: fc.integer({ min: 1, max: 20 }),
      }),
      { maxLength: 2 },
    ),
  })
  .map((parts) => scenarioSchema.parse({ scenarioId: 's', name: 's', version: 1, ...parts }));

function expectSame(column: number | undefined, pure: Known<number>, what: string): void {
  const expected = knownOrNaN(pure);
  if (Number.isNaN(expected)) expect(column, what).toBeNaN();
  else expect(Math.abs((column ?? Number.NaN) - expected), what).toBeLessThan(0.005);
}

function expectAgreement(book: Book, scenario: Scenario): void {
  const fast = figuresUnder(book, linesOf(book), scenario);
  for (const account of book.records.accounts) {
    const pure = stressAccount(buildAccountModel(book, account), scenario);
    const { index, accountID } = account;
    expectSame(fast.profit[index], pure.positionProfit, `${accountID} positionProfit`);
    expectSame(fast.balance[index], pure.balance, `${accountID} balance`);
    expectSame(fast.currMargin[index], pure.currMargin, `${accountID} currMargin`);
    expectSame(fast.exchangeMargin[index], pure.exchangeMargin, `${accountID} exchangeMargin`);
    expectSame(fast.available[index], pure.available, `${accountID} available`);
    expect(fast.level[index], `${accountID} level`).toBe(LEVEL_CODE[pure.level]);
  }
}

describe('stress of all accounts', () => {
  test('equals the pure formulas to the cent on random books, whatever the scenario and whatever is missing', { timeout: 30_000 }, () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.boolean(), scenarioArbitrary, (seed, hasHoles, scenario) => {
        expectAgreement(randomBook(seed, hasHoles), scenario);
      }),
      { numRuns: 120 },
    );
  });

  test('keeps the columns of other rates in step with positions, rates and aggregation rules that change', () => {
    const book = randomBook(7, false);
    const scenario = scenarioSchema.parse({
      scenarioId: 's',
      name: 's',
      version: 1,
      price: { type: 'lockedLimit', direction: 'down', days: 2 },
      marginOverrides: [{ layer: 'both', addedRateByMoney: 0.03 }],
    });
    expectAgreement(book, scenario);
    const fixture = makeBookFixture(7, { instruments: 23, accounts: 12, lots: 150 });
    book.apply(
      itemsEvent(
        'positions',
        fixture.details.slice(0, 40).map((lot, at) => ({ ...lot, volume: at % 5 })),
        { sequence: 3 },
      ),
    );
    const rate = fixture.reference.find((item) => item.kind === 'marginRate' && item.layer === 'company');
    if (rate?.kind === 'marginRate') book.apply(itemsEvent('reference', [{ ...rate, longMarginRatioByMoney: 0.07 }], { sequence: 4 }));
    const plain = fixture.reference.find((item): item is MarginAggregation => item.kind === 'marginAggregation');
    if (plain !== undefined) book.apply(itemsEvent('reference', [{ ...plain, method: 'plainSum' }], { sequence: 5 }));
    book.evaluate();
    expectAgreement(book, scenario);
  });
});

describe('the distance of all accounts', () => {
  test('is the move that the pure search finds, to one step of its grid, and reaches the level when stressed', { timeout: 30_000 }, () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.boolean(), fc.integer({ min: 5, max: 150 }), (seed, hasHoles, lots) => {
        const book = randomBook(seed, hasHoles, lots);
        const answer = solveAll(book.kernel.columns, linesOf(book), book.levels);
        for (const account of book.records.accounts.slice(0, 6)) {
          const model = buildAccountModel(book, account);
          for (const direction of ['up', 'down'] as const) {
            for (const [at, target] of (['warn', 'call', 'force', 'negative'] as const).entries()) {
              const fast = distanceOf(answer[direction][at]?.[account.index] ?? Number.NaN);
              const pure = safeMove(model, target, direction);
              const what = `${account.accountID} ${target} ${direction}`;
              expect(fast.kind, what).toBe(pure.kind);
              if (fast.kind !== 'reached' || pure.kind !== 'reached') continue;
              expect(Math.abs(fast.percent - pure.percent), what).toBeLessThan(1.5e-6);
              const past = fast.percent + (direction === 'up' ? 1e-6 : -1e-6);
              if (Math.abs(fast.percent) > 0 && past > -100) {
                const { level } = valueAccount(model, moveShock(past, { type: 'equal' }));
                expect(LEVEL_CODE[level], what).toBeGreaterThanOrEqual(at + 1);
              }
            }
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
