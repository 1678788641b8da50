/** Rows that the desk supplied itself, in a book of real figures: what was unknown is known to the cent, and whoever's row it is can be told. */
import { describe, expect, it } from 'vitest';
import type { Book } from '#engine/book/book';
import { explainInputs } from '#engine/book/what-if/explain-inputs';
import type { ExplainedField } from '#shared/contract/numbers-account';
import type { OwnItem, OwnRow } from '#shared/desk/reference-rows/own-row';
import type { IntakeEvent } from '#shared/feed/intake';
import type { Instrument, ReferenceItem } from '#shared/feed/items';
import type { Derivation, SuppliedRow } from '#shared/market/explain/derivation';
import { explainAccount } from '#shared/market/explain/explain-account';
import { FIXTURE_DAY, FIXTURE_START_MS, itemsEvent } from '#tests/bench/book-fixture';
import { GOLD, lot, money, QUOTE, REFERENCE, rateRow, smallBook } from './small-book';

const SOURCED = { effectiveFrom: '20260901', citation: 'SHFE notice 2026-12', certainty: 'verified' } as const;
const { volumeMultiple: _multiplier, ...GOLD_WITHOUT } = GOLD;
const OWN_GOLD: OwnItem = { ...GOLD, ...SOURCED };
const WITHOUT_MULTIPLIER: ReferenceItem[] = REFERENCE.map((item) => (item === GOLD ? GOLD_WITHOUT : item));

function own(item: OwnItem, precedence: OwnRow['precedence'] = 'onlyWhereMissing', rowId = 'r-1'): OwnRow {
  return { rowId, version: 1, item, precedence, suppliedBy: 'p-risk', approvedBy: ['p-supervisor'], suppliedAtMs: FIXTURE_START_MS };
}

function give(book: Book, ...rows: OwnRow[]): void {
  const event: IntakeEvent = { type: 'ownRows', feedId: 'desk', receivedAtMs: FIXTURE_START_MS, rows };
  book.apply(event);
  book.evaluate(FIXTURE_START_MS);
}

function say(book: Book, ...items: ReferenceItem[]): void {
  book.apply(itemsEvent('reference', items));
  book.evaluate(FIXTURE_START_MS);
}

/** Every line of the field's derivation that stands on a row of the desk's own. */
function suppliedIn(book: Book, field: ExplainedField): { id: string; supplied: SuppliedRow; citation: string }[] {
  const account = book.records.account('A1');
  const found: { id: string; supplied: SuppliedRow; citation: string }[] = [];
  const visit = (node: Derivation): void => {
    for (const { supplied, citation } of node.rules) if (supplied !== undefined) found.push({ id: node.id, supplied, citation });
    for (const child of node.children) visit(child);
  };
  visit(explainAccount(explainInputs(book, account), field));
  return found;
}

describe('a contract that the desk supplied', () => {
  it('makes figures known to the cent, says whose it is, and leaves them unknown again once it is withdrawn', () => {
    const book = smallBook({}, WITHOUT_MULTIPLIER);
    expect(book.reasonOf(0)).toBe('noMultiplier:SHFE.au2612');
    give(book, own(OWN_GOLD));
    expect(book.accountRow('A1')).toMatchObject({
      positionProfit: 8000,
      balance: 1_008_000,
      currMargin: 192_240,
      exchangeMargin: 160_200,
      reason: null,
    });
    expect(book.ownRows.all()).toMatchObject([{ use: 'inUse', differences: [] }]);
    const lines = suppliedIn(book, 'positionProfit');
    expect(lines.length).toBe(2);
    for (const line of lines)
      expect(line).toMatchObject({
        id: 'multiplier',
        citation: 'SHFE notice 2026-12',
        supplied: { suppliedBy: 'p-risk', approvedBy: ['p-supervisor'], precedence: 'onlyWhereMissing', feedSays: null },
      });
    expect(book.account({ accountID: 'A1' }).ownRows).toEqual([{ rowId: 'r-1', about: 'SHFE.au2612', precedence: 'onlyWhereMissing' }]);
    expect(book.fullCheck().drift).toBe(0);
    give(book);
    expect(book.account({ accountID: 'A1' }).ownRows).toEqual([]);
    expect(book.reasonOf(0)).toBe('noMultiplier:SHFE.au2612');
  });

  it('gives way to the feed as soon as the feed says it, and says so where the two differ', () => {
    const book = smallBook({}, WITHOUT_MULTIPLIER);
    give(book, own({ ...(OWN_GOLD as Instrument), ...SOURCED, volumeMultiple: 100 }));
    expect(book.accountRow('A1')).toMatchObject({ positionProfit: 800 });
    expect(book.differingOwnRows()).toEqual({ count: 0, first: null });
    say(book, GOLD);
    expect(book.accountRow('A1')).toMatchObject({ positionProfit: 8000 });
    expect(suppliedIn(book, 'positionProfit')).toEqual([]);
    expect(book.ownRows.all()).toMatchObject([{ use: 'feedDiffers' }]);
    expect(book.differingOwnRows()).toEqual({ count: 1, first: { about: 'SHFE.au2612', field: 'volumeMultiple', own: 100, feed: 1000 } });
    give(book, own(OWN_GOLD));
    expect(book.ownRows.all()).toMatchObject([{ use: 'feedAgrees' }]);
    expect(book.differingOwnRows().count).toBe(0);
  });

  it('stands before the feed’s when it was given instead, and every line that uses it shows what the feed says', () => {
    const book = smallBook();
    give(book, own({ ...(OWN_GOLD as Instrument), ...SOURCED, volumeMultiple: 100 }, 'insteadOf'));
    expect(book.accountRow('A1')).toMatchObject({ positionProfit: 800 });
    expect(book.ownRows.all()).toMatchObject([{ use: 'overrides', differences: [{ own: 100, feed: 1000 }] }]);
    expect(book.differingOwnRows().count).toBe(0);
    expect(suppliedIn(book, 'positionProfit')[0]?.supplied).toMatchObject({ precedence: 'insteadOf', feedSays: 'volumeMultiple 1000' });
  });

  it('counts only from its day on, and may be about a contract that the feed does not have', () => {
    const book = smallBook();
    book.apply(itemsEvent('positions', [lot('A1', 'T9', { instrumentID: 'au2701' })]));
    book.apply(itemsEvent('quotes', [{ ...QUOTE, instrumentID: 'au2701' }]));
    book.evaluate(FIXTURE_START_MS);
    expect(book.reasonOf(0)).toBe('noInstrument:SHFE.au2701');
    const later = { ...(OWN_GOLD as Instrument), ...SOURCED, instrumentID: 'au2701' };
    give(book, own({ ...later, effectiveFrom: '20991231' }));
    expect(book.reasonOf(0)).toBe('noInstrument:SHFE.au2701');
    expect(book.ownRows.all()).toMatchObject([{ use: 'later' }]);
    give(book, own(later));
    expect(book.accountRow('A1')).toMatchObject({ positionProfit: 11_000, reason: null });
    give(book, own({ ...later, effectiveTo: '20260902' }));
    expect(book.reasonOf(0)).toBe('noInstrument:SHFE.au2701');
    expect(book.ownRows.all()).toMatchObject([{ use: 'ended' }]);
  });
});

describe('rates that the desk supplied', () => {
  const without = REFERENCE.filter((item) => item.kind !== 'marginRate' || item.layer !== 'company');
  const row = { ...rateRow('company', 0.15), ...SOURCED };

  it('fill a missing rate, and are put aside by a row of the feed of any rank', () => {
    const book = smallBook({}, without);
    expect(book.reasonOf(0)).toBe('noRate:SHFE.au2612 company speculation');
    give(book, own(row));
    expect(book.accountRow('A1')).toMatchObject({ currMargin: 240_300, exchangeMargin: 160_200, reason: null });
    expect(suppliedIn(book, 'currMargin').map(({ id }) => id)).toEqual(['lotMargin', 'lotMargin']);
    // Wider and older than the desk's row, and still the feed's.
    const { productID: _product, ...wider } = rateRow('company', 0.12);
    say(book, wider);
    expect(book.accountRow('A1')).toMatchObject({ currMargin: 192_240 });
    expect(book.differingOwnRows()).toMatchObject({ count: 1, first: { about: 'SHFE.au2612', own: 0.15, feed: 0.12 } });
    expect(book.fullCheck().drift).toBe(0);
  });

  it('given instead of the feed’s row replace that row whatever its date, and leave a client’s own rate alone', () => {
    const book = smallBook({}, [...REFERENCE, { ...rateRow('company', 0.2), investorRange: 'investor', investorID: 'A2' }]);
    give(book, own({ ...row, effectiveFrom: '20260101' }, 'insteadOf'));
    expect(book.accountRow('A1')).toMatchObject({ currMargin: 240_300 });
    expect(book.accountRow('A2')).toMatchObject({ currMargin: 160_400 });
    expect(suppliedIn(book, 'currMargin')[0]?.supplied.feedSays).toBe('longMarginRatioByMoney 0.12, shortMarginRatioByMoney 0.12');
    expect(book.ownRows.all()).toMatchObject([{ use: 'overrides' }]);
    expect(book.account({ accountID: 'A1' }).ownRows).toMatchObject([{ precedence: 'insteadOf' }]);
    // The client with a rate of its own stands on nothing of the desk's.
    expect(book.account({ accountID: 'A2' }).ownRows).toEqual([]);
  });

  it('cannot settle what the feed contradicts itself about, unless given instead', () => {
    const other = { ...rateRow('company', 0.2), productID: undefined, instrumentID: 'au2612' };
    const twice: ReferenceItem[] = [...REFERENCE, other, { ...other, productID: 'au', longMarginRatioByMoney: 0.3 }];
    const book = smallBook({}, twice);
    expect(book.reasonOf(0)).toBe('twoRates:SHFE.au2612 company speculation');
    give(book, own({ ...row, instrumentID: 'au2612' }));
    expect(book.reasonOf(0)).toBe('twoRates:SHFE.au2612 company speculation');
    give(book, own({ ...row, instrumentID: 'au2612' }, 'insteadOf'));
    expect(book.accountRow('A1')).toMatchObject({ currMargin: 240_300, reason: null });
  });

  it('stand in for a row that was refused', () => {
    const book = smallBook();
    const about = {
      kind: 'marginRate',
      layer: 'company',
      investorRange: 'broker',
      exchangeID: 'SHFE',
      productID: 'au',
      hedgeFlag: 'speculation',
      effectiveFrom: '20260101',
    };
    book.apply(itemsEvent('reference', [], { refused: [{ field: 'longMarginRatioByMoney', about }] }));
    book.evaluate(FIXTURE_START_MS);
    expect(book.reasonOf(0)).toBe('rateRefused:SHFE.au2612 company speculation');
    give(book, own(row));
    expect(book.accountRow('A1')).toMatchObject({ currMargin: 240_300, reason: null });
  });

  it('of commission charge the day’s trades, and of aggregation tell how the sides add up', () => {
    const book = smallBook(
      {},
      REFERENCE.filter((item) => item.kind !== 'marginAggregation'),
    );
    expect(book.reasonOf(0)).toMatch(/^noAggregation/);
    give(book, own({ kind: 'marginAggregation', exchangeID: 'SHFE', method: 'productBigSide', ...SOURCED }));
    expect(book.accountRow('A1')).toMatchObject({ currMargin: 192_240, reason: null });
    const ratios = {
      openRatioByMoney: 0,
      openRatioByVolume: 10,
      closeRatioByMoney: 0,
      closeRatioByVolume: 0,
      closeTodayRatioByMoney: 0,
      closeTodayRatioByVolume: 0,
    };
    const commission: OwnItem = { kind: 'commissionRate', investorRange: 'broker', exchangeID: 'SHFE', productID: 'au', ...ratios, ...SOURCED };
    const asked = { exchangeID: 'SHFE', productID: 'au', instrumentID: 'au2612' };
    expect(book.reference.commissionRate('A1', asked, FIXTURE_DAY)).toMatchObject({ known: false });
    give(book, own(commission));
    expect(book.reference.commissionRate('A1', asked, FIXTURE_DAY)).toMatchObject({ known: true, value: { openRatioByVolume: 10 } });
  });
});

describe('a pre-settlement price that the desk supplied', () => {
  const price: OwnItem = {
    kind: 'preSettlement',
    exchangeID: 'SHFE',
    instrumentID: 'au2612',
    preSettlementPrice: 800,
    ...SOURCED,
    effectiveFrom: FIXTURE_DAY,
  };
  const { preSettlementPrice: _price, ...bare } = QUOTE;

  function unpriced(): Book {
    const book = smallBook();
    book.apply(itemsEvent('quotes', [bare]));
    book.evaluate(FIXTURE_START_MS);
    return book;
  }

  it('is the reference of older lots on its day and on no other', () => {
    const book = unpriced();
    expect(book.reasonOf(0)).toBe('noPreSettlement:SHFE.au2612');
    give(book, own({ ...price, effectiveFrom: '20260910' }));
    expect(book.reasonOf(0)).toBe('noPreSettlement:SHFE.au2612');
    give(book, own(price));
    expect(book.accountRow('A1')).toMatchObject({ positionProfit: 8000, currMargin: 192_240, reason: null });
    expect(suppliedIn(book, 'positionProfit')).toMatchObject([{ id: 'lot.preSettlementPrice', supplied: { suppliedBy: 'p-risk' } }]);
    expect(book.fullCheck().drift).toBe(0);
    book.apply(itemsEvent('quotes', [{ ...QUOTE, preSettlementPrice: 790 }]));
    book.evaluate(FIXTURE_START_MS);
    expect(book.accountRow('A1')).toMatchObject({ positionProfit: 18_000 });
    expect(book.differingOwnRows()).toMatchObject({ count: 1, first: { own: 800, feed: 790 } });
    expect(suppliedIn(book, 'positionProfit')).toEqual([]);
  });

  it('leaves the residual to the counter’s own word', () => {
    const book = unpriced();
    give(book, own(price));
    book.apply(itemsEvent('accounts', [money('A1', { balance: 1_008_100 })]));
    book.evaluate(FIXTURE_START_MS);
    expect(book.residualOf(0)).toBe(100);
  });
});
