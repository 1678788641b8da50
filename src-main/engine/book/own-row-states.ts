/** How each of the desk's own reference rows stands to the feed today: in use, before the feed's, or not needed because the feed says it, alike or otherwise. */
import type { OwnRowStanding } from '#shared/contract/reference-rows';
import { isOwnInForce, type OwnItem, type OwnRow, type OwnRowDraft } from '#shared/desk/reference-rows/own-row';
import { statedFields } from '#shared/desk/reference-rows/precedence';
import type { CommissionRate, MarginRate } from '#shared/feed/items';
import type { Known } from '#shared/market/known';
import { type RateQuery, selectCommissionRate } from '#shared/market/rates';
import type { Book } from './book';
import { flattened } from './flattened';

type OwnRowState = OwnRowStanding & { row: OwnRow };
export type OwnDifference = OwnRowStanding['differences'][number];

/** What the feed says about what a row is about: each contract's figures of the row's fields; null where it says nothing. */
type Said = { about: string; figures: Record<string, unknown> | null };

const NOT_FIGURES: ReadonlySet<string> = new Set([
  ...['kind', 'layer', 'investorRange', 'investorID', 'exchangeID', 'productID', 'instrumentID', 'hedgeFlag', 'combinationKind'],
  ...['effectiveFrom', 'effectiveTo', 'citation', 'certainty'],
]);

/** Kept until the reference data or the day changes; only prices, which move with every quote, are looked at each time. */
export class OwnRowStates {
  readonly #book: Book;
  #key = '';
  #states: OwnRowState[] = [];

  constructor(book: Book) {
    this.#book = book;
  }

  all(): OwnRowState[] {
    const book = this.#book;
    const { rows, version } = book.reference.own;
    if (rows.length === 0) return [];
    const day = book.tradingDay ?? '';
    const key = `${book.namesVersion} ${version} ${day}`;
    if (key !== this.#key) {
      this.#key = key;
      this.#states = rows.map((row) => ({ row, ...standingOf(book, row) }));
    }
    return this.#states.map(({ row, ...standing }) => ({ row, ...(row.item.kind === 'preSettlement' ? standingOf(book, row) : standing) }));
  }
}

/** How a row stands, or would, on the book's trading day. */
export function standingOf(book: Book, { item, precedence }: OwnRowDraft): OwnRowStanding {
  const day = book.tradingDay ?? '';
  if (!isOwnInForce(item, day)) return { use: item.effectiveFrom > day ? 'later' : 'ended', differences: [] };
  const fields = item.kind === 'instrument' ? statedFields(item) : Object.keys(flattened(item)).filter((field) => !NOT_FIGURES.has(field));
  const own = flattened(item);
  const differences: OwnDifference[] = [];
  let isNeeded = false;
  let isSaid = false;
  for (const { about, figures } of saidAbout(book, item, day)) {
    for (const field of fields) {
      const feed = figures?.[field];
      if (feed === undefined) isNeeded = true;
      else {
        isSaid = true;
        if (feed !== own[field]) differences.push({ about, field, own: shown(own[field]), feed: shown(feed) });
      }
    }
  }
  if (precedence === 'insteadOf') return { use: isSaid ? 'overrides' : 'inUse', differences };
  return { use: differences.length > 0 ? 'feedDiffers' : isNeeded || !isSaid ? 'inUse' : 'feedAgrees', differences };
}

function shown(value: unknown): number | string {
  return typeof value === 'number' ? value : String(value);
}

function figuresOf(row: Known<object>): Record<string, unknown> | null {
  return row.known ? flattened(row.value) : null;
}

function saidAbout(book: Book, item: OwnItem, day: string): Said[] {
  const { reference } = book;
  switch (item.kind) {
    case 'instrument': {
      const about = `${item.exchangeID}.${item.instrumentID}`;
      const said = reference.items.byKey.get(`instrument|${item.exchangeID}|${item.instrumentID}`)?.item;
      return [{ about, figures: said === undefined ? null : { ...said } }];
    }
    case 'preSettlement': {
      const instrument = book.records.findInstrument(item.exchangeID, item.instrumentID);
      // A quote of the day before still has the settlement before the last.
      const quote = instrument !== null && instrument.quoteTradingDay >= day ? instrument.quote : null;
      return [{ about: `${item.exchangeID}.${item.instrumentID}`, figures: quote === null ? null : { ...quote } }];
    }
    case 'marginAggregation':
      return [
        {
          about: [item.exchangeID, item.productID].filter(Boolean).join('.'),
          figures: figuresOf(reference.sides.saidAggregationRow(item.exchangeID, item.productID ?? '', day)),
        },
      ];
    case 'bigSideExclusion':
      return [
        {
          about: `${item.exchangeID}.${item.instrumentID}`,
          figures: figuresOf(reference.sides.saidExclusionRow(item.exchangeID, item.instrumentID, day)),
        },
      ];
    case 'combinationMargin':
      return [
        {
          about: `${item.exchangeID}.${item.combinationKind ?? ''}`,
          figures: figuresOf(reference.sides.saidCombinationRow(item.exchangeID, item.combinationKind ?? '', day)),
        },
      ];
    case 'marginRate':
      return placesOf(book, item).map((place) => ({
        about: `${place.exchangeID}.${place.instrumentID || place.productID}`,
        figures: figuresOf(reference.saidMarginRow({ ...queryOf(item, place, day), layer: item.layer, hedgeFlag: item.hedgeFlag })),
      }));
    case 'commissionRate':
      return placesOf(book, item).map((place) => ({
        about: `${place.exchangeID}.${place.instrumentID || place.productID}`,
        figures: figuresOf(selectCommissionRate(reference.commissionRates, queryOf(item, place, day))),
      }));
  }
}

type Place = { exchangeID: string; productID: string; instrumentID: string };

/** The contracts that a rate row is about; the place itself while the desk knows none of them. */
function placesOf(book: Book, { exchangeID, productID, instrumentID }: MarginRate | CommissionRate): Place[] {
  const found = book.records.instruments
    .filter((record) => record.exchangeID === exchangeID && record.master !== null)
    .filter((record) =>
      instrumentID === undefined ? productID === undefined || record.productID === productID : record.instrumentID === instrumentID,
    )
    .map((record): Place => ({ exchangeID, productID: record.productID, instrumentID: record.instrumentID }));
  return found.length > 0 ? found : [{ exchangeID, productID: productID ?? '', instrumentID: instrumentID ?? '' }];
}

function queryOf(item: MarginRate | CommissionRate, place: Place, tradingDay: string): Omit<RateQuery, 'layer' | 'hedgeFlag'> {
  const isGroup = item.investorRange === 'group';
  return {
    ...place,
    accountID: item.investorRange === 'investor' ? (item.investorID ?? '') : '',
    investorGroupID: isGroup ? item.investorID : undefined,
    tradingDay,
  };
}
