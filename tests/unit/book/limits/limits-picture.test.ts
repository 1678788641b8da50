/** Who must be reported, where limits are known, covered by the product's, missing or contradictory: what is not known must not read as a no. */
import { describe, expect, test } from 'vitest';
import type { Book } from '#engine/book/book';
import { buildLimitsPicture } from '#engine/book/limits/limits-picture';
import type { LimitsParams } from '#shared/contract/numbers-limits';
import type { ReferenceItem } from '#shared/feed/items';
import { FIXTURE_START_MS, itemsEvent } from '#tests/bench/book-fixture';
import { GOLD, REFERENCE, smallBook } from '../small-book';

const SOURCED = { effectiveFrom: '20260101', citation: 'test', certainty: 'demonstration' } as const;
const limit = (over: { productID?: string; instrumentID?: string; limitVolume: number }): ReferenceItem => ({
  kind: 'positionLimit',
  exchangeID: 'SHFE',
  ...over,
  ...SOURCED,
});

function limitsOf(view: LimitsParams['view'], ...limits: ReferenceItem[]) {
  const book: Book = smallBook({}, [...REFERENCE, ...limits]);
  book.apply(itemsEvent('positions', []));
  book.evaluate(FIXTURE_START_MS);
  const params: LimitsParams = { view, by: 'account', scope: {}, filter: '', sort: null, first: 0, count: 50 };
  const picture = buildLimitsPicture(book, params, () => null, FIXTURE_START_MS);
  return {
    unknownCount: picture.unknownCount,
    rows: picture.rows.map(({ holderID, instrumentID, tier, limitUse, reason }) => ({ holderID, instrumentID, tier, limitUse, reason })),
  };
}

describe('a control group whose members were refused', () => {
  const group: ReferenceItem = { kind: 'controlGroup', controlGroupID: 'G1', controlGroupName: 'One hand', accountIDs: ['A1', 'A2'] };
  const refused = [{ field: 'accountIDs', about: { kind: 'controlGroup', controlGroupID: 'G1' } }];
  const REASON = 'groupRefused:G1 accountIDs';

  function figuresOf(book: Book) {
    book.evaluate(FIXTURE_START_MS);
    const params: LimitsParams = { view: 'positions', by: 'controlGroup', scope: {}, filter: '', sort: null, first: 0, count: 50 };
    const [row] = buildLimitsPicture(book, params, () => null, FIXTURE_START_MS).rows;
    const [heavy] = buildLimitsPicture(book, { ...params, view: 'heavy' }, () => null, FIXTURE_START_MS).heavy;
    const map = book.heatmap({ measure: 'currMargin', rows: 'controlGroup', columns: 'product', order: 'worst', filter: '', scope: {}, maxRows: 10 });
    return {
      limit: { holder: row?.holderID, use: row?.limitUse, reason: row?.reason, accounts: row?.accountIDs },
      heavy: { ratio: heavy?.ratio, netMargin: heavy?.netMargin, reason: heavy?.reason },
      map: { value: map.rowValues[0], cell: map.values[0], reason: map.rowReasons?.[0] },
    };
  }
  const unknown = {
    limit: { holder: 'G1', use: null, reason: REASON, accounts: ['A1', 'A2'] },
    heavy: { ratio: null, netMargin: null, reason: REASON },
    map: { value: Number.NaN, cell: Number.NaN, reason: REASON },
  };

  test('has no figures of its own until it is told rightly, in a delta as in a picture, and its accounts keep theirs', () => {
    const items = [...REFERENCE, group, limit({ productID: GOLD.productID, limitVolume: 10 })];
    const book = smallBook({}, items);
    const right = figuresOf(book);
    expect(right).toMatchObject({ limit: { holder: 'G1', reason: null }, heavy: { reason: null } });
    book.apply(itemsEvent('reference', [], { refused }));
    expect(figuresOf(book)).toEqual(unknown);
    expect(book.accountRow('A1')).toMatchObject({ balance: 1_008_000, reason: null, controlGroupID: 'G1' });
    const copy = smallBook({}, items);
    copy.restorePicture(book.exportPicture());
    expect(figuresOf(copy)).toEqual(unknown);
    book.apply(itemsEvent('reference', [group]));
    expect(figuresOf(book)).toEqual(right);
    book.apply(
      itemsEvent(
        'reference',
        items.filter((item) => item !== group),
        { type: 'picture', refused },
      ),
    );
    expect(figuresOf(book)).toEqual(unknown);
    book.apply(itemsEvent('reference', items, { type: 'picture' }));
    expect(figuresOf(book)).toEqual(right);
  });
});

describe('the large-trader list', () => {
  // A1 holds two lots of gold, A2 one.
  test('keeps positions without a known limit, with the reason, and counts them', () => {
    const { rows, unknownCount } = limitsOf('largeTraders');
    expect(unknownCount).toBe(2);
    expect(rows).toEqual([
      { holderID: 'A1', instrumentID: 'au2612', tier: 'unknown', limitUse: null, reason: 'noLimit:SHFE.au2612' },
      { holderID: 'A2', instrumentID: 'au2612', tier: 'unknown', limitUse: null, reason: 'noLimit:SHFE.au2612' },
    ]);
  });

  test('counts a contract without a limit of its own in the row of its product, and reports who reaches the share', () => {
    const product = limit({ productID: GOLD.productID, limitVolume: 2 });
    const { rows, unknownCount } = limitsOf('largeTraders', product);
    expect(unknownCount).toBe(0);
    expect(rows).toEqual([{ holderID: 'A1', instrumentID: null, tier: 'reached', limitUse: 1, reason: null }]);
    expect(limitsOf('positions', product).rows.map(({ instrumentID, tier, reason }) => [instrumentID, tier, reason])).toEqual(
      expect.arrayContaining([
        ['au2612', 'covered', 'coveredByProduct:SHFE.au'],
        [null, 'reached', null],
      ]),
    );
  });

  test('keeps a contract whose two limits of one date contradict each other', () => {
    const rows = limitsOf(
      'largeTraders',
      limit({ instrumentID: 'au2612', limitVolume: 2 }),
      limit({ productID: 'au', instrumentID: 'au2612', limitVolume: 3 }),
    ).rows;
    expect(rows.map(({ reason }) => reason)).toEqual(['twoLimits:SHFE.au2612', 'twoLimits:SHFE.au2612']);
  });

  test('reports any position where none may be held', () => {
    const { rows, unknownCount } = limitsOf('largeTraders', limit({ instrumentID: 'au2612', limitVolume: 0 }));
    expect(unknownCount).toBe(0);
    expect(rows.map(({ holderID, tier, limitUse, reason }) => [holderID, tier, limitUse, reason])).toEqual([
      ['A1', 'reached', null, 'zeroLimit:SHFE.au2612'],
      ['A2', 'reached', null, 'zeroLimit:SHFE.au2612'],
    ]);
  });
});
