/** Whose row answers a question, for any rows of the feed and of the desk: the tiers never mix, so that two rates for one date cannot arise between them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOwnInForce, type OwnRow, slotAndDayOf, slotOf } from '#shared/desk/reference-rows/own-row';
import { chooseRow, mergeInstrument, newestOf, ownItemsOf, withOverrides } from '#shared/desk/reference-rows/precedence';
import type { Instrument, MarginRate } from '#shared/feed/items';
import type { Known } from '#shared/market/known';
import { type RateQuery, selectMarginRateRow } from '#shared/market/rates';

const DAY = '20261123';
const SOURCED = { citation: 'notice 12', certainty: 'secondary' } as const;
const day = fc.constantFrom('20261101', '20261122', DAY, '20261124');
const ratio = fc.constantFrom(0.1, 0.12, 0.15);

const rateRow: fc.Arbitrary<MarginRate> = fc
  .record({
    layer: fc.constantFrom('exchange' as const, 'company' as const),
    range: fc.constantFrom(['broker', undefined] as const, ['investor', 'A1'] as const, ['group', 'G1'] as const),
    place: fc.constantFrom({}, { productID: 'au' }, { instrumentID: 'au2612' }, { productID: 'au', instrumentID: 'au2612' }),
    ratio,
    effectiveFrom: day,
    effectiveTo: fc.option(day, { nil: undefined }),
  })
  .map(({ layer, range: [investorRange, investorID], place, ratio: share, effectiveFrom, effectiveTo }) => ({
    kind: 'marginRate',
    layer,
    investorRange,
    ...(investorID === undefined ? {} : { investorID }),
    exchangeID: 'SHFE',
    ...place,
    hedgeFlag: 'speculation',
    isRelative: false,
    longMarginRatioByMoney: share,
    longMarginRatioByVolume: 0,
    shortMarginRatioByMoney: share,
    shortMarginRatioByVolume: 0,
    effectiveFrom,
    ...(effectiveTo === undefined ? {} : { effectiveTo }),
    ...SOURCED,
  }));

const precedence = fc.constantFrom('onlyWhereMissing' as const, 'insteadOf' as const);
/** As the decider lets them be: never two about one thing from one day on. */
const ownRows: fc.Arbitrary<OwnRow[]> = fc
  .uniqueArray(fc.record({ item: rateRow, precedence }), { maxLength: 6, selector: ({ item }) => slotAndDayOf(item) })
  .map((drafts) => drafts.map((draft, at) => ownRow(`r-${at}`, draft.item, draft.precedence)));
const saidRows = fc.array(rateRow, { maxLength: 6 });
const query: fc.Arbitrary<RateQuery> = fc.record({
  layer: fc.constantFrom('exchange' as const, 'company' as const),
  exchangeID: fc.constant('SHFE'),
  productID: fc.constant('au'),
  instrumentID: fc.constantFrom('au2612', 'au2701'),
  hedgeFlag: fc.constant('speculation' as const),
  accountID: fc.constantFrom('A1', 'A2'),
  investorGroupID: fc.constantFrom('G1', undefined),
  tradingDay: fc.constantFrom(DAY, '20261124'),
});

function ownRow(rowId: string, item: OwnRow['item'], of: OwnRow['precedence']): OwnRow {
  return { rowId, version: 1, item, precedence: of, suppliedBy: 'p-risk', approvedBy: ['p-supervisor'], suppliedAtMs: 1 };
}

function answer(said: readonly MarginRate[], own: readonly OwnRow[], asked: RateQuery): Known<MarginRate> {
  const tier = (of: OwnRow['precedence']): MarginRate[] => ownItemsOf(own, 'marginRate', of, asked.tradingDay);
  return chooseRow(withOverrides(said, tier('insteadOf')), tier('onlyWhereMissing'), (rows) => selectMarginRateRow(rows, asked));
}

const runs = { numRuns: 1000, seed: 20261123 };

describe('rates of the desk’s own beside the feed’s', () => {
  it('given only where missing never change anything that the feed answers', () => {
    fc.assert(
      fc.property(saidRows, ownRows, query, (said, own, asked) => {
        const missingOnly = own.filter((row) => row.precedence === 'onlyWhereMissing');
        const alone = selectMarginRateRow(said, asked);
        if (alone.known) expect(answer(said, missingOnly, asked)).toEqual(alone);
      }),
      runs,
    );
  });

  it('answer by the ordinary rules where the feed says nothing at all', () => {
    fc.assert(
      fc.property(ownRows, query, (own, asked) => {
        const missingOnly = own.filter((row) => row.precedence === 'onlyWhereMissing');
        const rows = missingOnly.map(({ item }) => item as MarginRate);
        expect(answer([], missingOnly, asked)).toEqual(selectMarginRateRow(rows, asked));
      }),
      runs,
    );
  });

  it('never make two rates for one date out of a feed that has none', () => {
    fc.assert(
      fc.property(saidRows, ownRows, query, (said, own, asked) => {
        const alone = selectMarginRateRow(said, asked);
        const both = answer(said, own, asked);
        const isConflict = (one: Known<MarginRate>): boolean => !one.known && one.reason.startsWith('twoRates');
        if (!isConflict(alone)) expect(isConflict(both)).toBe(false);
        if (alone.known) expect(both.known).toBe(true);
      }),
      runs,
    );
  });

  it('given instead of the feed’s row stand in its place, whatever date the feed’s has, and nowhere else', () => {
    fc.assert(
      fc.property(saidRows, ownRows, query, (said, own, asked) => {
        const both = answer(said, own, asked);
        if (!both.known) return;
        const { value } = both;
        const overriding = own.filter((row) => row.precedence === 'insteadOf' && isOwnInForce(row.item, asked.tradingDay));
        const isOfFeed = said.includes(value);
        if (isOfFeed) expect(overriding.some(({ item }) => slotOf(item) === slotOf(value))).toBe(false);
        expect(isOfFeed || own.some(({ item }) => item === value)).toBe(true);
      }),
      runs,
    );
  });

  it('are the same whichever of feed and desk spoke first, and in whatever order', () => {
    fc.assert(
      fc.property(saidRows, ownRows, query, (said, own, asked) => {
        const known = answer(said, own, asked);
        const turned = answer([...said].reverse(), [...own].reverse(), asked);
        expect(turned.known).toBe(known.known);
        if (known.known && turned.known) expect(turned.value.longMarginRatioByMoney).toBe(known.value.longMarginRatioByMoney);
      }),
      runs,
    );
  });
});

describe('a contract of the desk’s own beside the feed’s', () => {
  const fields = fc.record(
    { volumeMultiple: fc.constantFrom(10, 1000), priceTick: fc.constantFrom(0.02, 1), expireDate: fc.constant('20261215') },
    { requiredKeys: [] },
  );
  const base = {
    kind: 'instrument',
    exchangeID: 'SHFE',
    instrumentID: 'au2612',
    productID: 'au',
    productClass: 'futures',
    currencyID: 'CNY',
  } as const;

  it('fills up what is missing, field by field, and replaces only when it was given instead', () => {
    fc.assert(
      fc.property(fc.option(fields, { nil: null }), fields, precedence, (saidFields, ownFields, of) => {
        const said: Instrument | null = saidFields === null ? null : { ...base, ...saidFields };
        const row = ownRow('r', { ...base, ...ownFields, effectiveFrom: '20261101', ...SOURCED }, of);
        const merged = mergeInstrument(said, row);
        for (const field of ['volumeMultiple', 'priceTick', 'expireDate'] as const) {
          const own = ownFields[field];
          const feed = said?.[field];
          const isOwn = own !== undefined && (feed === undefined || of === 'insteadOf');
          expect(merged?.instrument[field]).toBe(isOwn ? own : feed);
          expect(merged?.fields.has(field)).toBe(isOwn && own !== feed);
        }
      }),
      runs,
    );
  });

  it('is the one that began last', () => {
    const item = { ...base, effectiveFrom: '20261101', ...SOURCED };
    const [early, late] = [ownRow('a', item, 'insteadOf'), ownRow('b', { ...item, effectiveFrom: '20261120' }, 'onlyWhereMissing')];
    expect(newestOf([late, early])).toBe(late);
    expect(newestOf([])).toBeNull();
  });
});
