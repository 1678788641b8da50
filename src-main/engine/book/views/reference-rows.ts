/** Contracts, rates and rules in force on the trading day, the feeds' and the desk's own beside each other, each with where it is from. */
import type { ReferenceParams, ReferenceRowView } from '#shared/contract/reference-rows';
import { isOwnInForce, type OwnRow, slotOf } from '#shared/desk/reference-rows/own-row';
import type { RateRow } from '#shared/desk/reference-rows/precedence';
import type { Instrument, ReferenceItem } from '#shared/feed/items';
import { isInForce } from '#shared/market/rates';
import type { Book } from '../book';
import { flattened } from '../flattened';
import type { Kept } from '../keyed-items';

const MOST_ROWS = 500;
const RATIOS = ['longMarginRatioByMoney', 'longMarginRatioByVolume', 'shortMarginRatioByMoney', 'shortMarginRatioByVolume'] as const;
const FIGURES = {
  instrument: ['volumeMultiple', 'priceTick', 'productClass', 'currencyID', 'expireDate', 'maxLimitOrderVolume', 'underlyingInstrID', 'strikePrice'],
  marginRate: ['isRelative', ...RATIOS, ...RATIOS.flatMap((ratio) => [`aboveExchange.${ratio}`, `ownTimes.${ratio}`])],
  commissionRate: [
    ...['openRatioByMoney', 'openRatioByVolume', 'closeRatioByMoney', 'closeRatioByVolume'],
    ...['closeTodayRatioByMoney', 'closeTodayRatioByVolume'],
  ],
  marginAggregation: ['method'],
  bigSideExclusion: ['countedAs'],
  combinationMargin: ['combinationKind', 'legMargin'],
} as const;

/** Sorted by exchange, product and contract; `total` counts all that the filter lets through. */
export function referenceRowsInForce(book: Book, table: ReferenceParams['table'], filter: string): { rows: ReferenceRowView[]; total: number } {
  const wanted = filter.trim().toLowerCase();
  const all = (table === 'instrument' ? contracts(book) : rates(book, table)).filter((row) => wanted === '' || textOf(row).includes(wanted));
  all.sort((one, other) => (sortKey(one) < sortKey(other) ? -1 : 1));
  return { rows: all.slice(0, MOST_ROWS), total: all.length };
}

function textOf(row: ReferenceRowView): string {
  const { exchangeID, productID, instrumentID, investorID, citation } = row;
  return [exchangeID, productID, instrumentID, investorID, citation].join(' ').toLowerCase();
}

/** What stands out first: missing fields, then the desk's own; what is bundled comes last. */
function sortKey(row: ReferenceRowView): string {
  const { missing, own, isBundled, exchangeID, productID, instrumentID, layer, hedgeFlag, investorID, effectiveFrom, figures } = row;
  const rank = missing.length > 0 ? 0 : own !== null ? 1 : isBundled ? 3 : 2;
  const names = [exchangeID, productID, instrumentID, layer, hedgeFlag, investorID, figures.combinationKind, effectiveFrom];
  return [rank, ...names.map((name) => name ?? '')].join('|');
}

function contracts(book: Book): ReferenceRowView[] {
  const { reference } = book;
  const rows = [...reference.contracts(book.tradingDay ?? '')].map(({ instrument, row, fields }): ReferenceRowView => {
    const { exchangeID, instrumentID, productID } = instrument;
    const kept = reference.items.byKey.get(`instrument|${exchangeID}|${instrumentID}`);
    return {
      ...bareRow(`${exchangeID}.${instrumentID}`, exchangeID, productID, instrumentID),
      figures: figuresOf(instrument, 'instrument'),
      effectiveFrom: row?.item.effectiveFrom ?? null,
      citation: row?.item.citation ?? '',
      certainty: row?.item.certainty ?? null,
      feedId: kept?.feedId ?? null,
      receivedAtMs: kept?.receivedAtMs ?? null,
      own: row === null ? null : { rowId: row.rowId, precedence: row.precedence, fields: [...fields] },
      missing: instrument.volumeMultiple === undefined ? ['volumeMultiple'] : [],
    };
  });
  // Held, and no source has said what it is.
  const unknown = book.records.instruments
    .filter((record) => record.master === null && record.holdings.length > 0)
    .map(
      ({ label, exchangeID, instrumentID }): ReferenceRowView => ({ ...bareRow(label, exchangeID, null, instrumentID), missing: ['volumeMultiple'] }),
    );
  return [...unknown, ...rows];
}

type RateTable = Exclude<ReferenceParams['table'], 'instrument'>;

function rates(book: Book, table: RateTable): ReferenceRowView[] {
  const day = book.tradingDay ?? '';
  const { reference } = book;
  const own = reference.own.rows.filter(({ item }) => item.kind === table && isOwnInForce(item, day));
  const taken = new Set(own.filter(({ precedence }) => precedence === 'insteadOf').map(({ item }) => slotOf(item)));
  const needless = new Set(book.ownRows.all().flatMap(({ row, use }) => (use === 'feedAgrees' || use === 'feedDiffers' ? [row.rowId] : [])));
  const said = [...reference.items.byKey.values()].flatMap((kept) => {
    const { item } = kept;
    return item.kind === table && isInForce(item, day) ? [saidRate(kept as Kept<RateRow>, taken.has(slotOf(item)))] : [];
  });
  const bundled = table === 'combinationMargin' ? reference.sides.bundledCombinationRows(day) : [];
  return [
    ...said,
    ...own.map((row) => ownRate(row, needless.has(row.rowId))),
    ...bundled.map(({ row, isUnused }) => ({ ...rateRow(`bundled ${row.exchangeID} ${row.combinationKind}`, row), isBundled: true, isUnused })),
  ];
}

function saidRate({ key, item, feedId, receivedAtMs }: Kept<RateRow>, isUnused: boolean): ReferenceRowView {
  return { ...rateRow(key, item), feedId, receivedAtMs, isUnused };
}

function ownRate(row: OwnRow, isUnused: boolean): ReferenceRowView {
  const { rowId, precedence } = row;
  return { ...rateRow(rowId, row.item as RateRow), own: { rowId, precedence, fields: [] }, isUnused };
}

function rateRow(key: string, item: RateRow): ReferenceRowView {
  const { exchangeID, effectiveFrom, citation, certainty } = item;
  const dated = { effectiveFrom, citation, certainty, figures: figuresOf(item, item.kind) };
  if (item.kind === 'combinationMargin') return { ...bareRow(key, exchangeID, null, null), ...dated };
  if (item.kind === 'bigSideExclusion') return { ...bareRow(key, exchangeID, null, item.instrumentID), ...dated };
  const { productID = null } = item;
  if (item.kind === 'marginAggregation') return { ...bareRow(key, exchangeID, productID, null), ...dated };
  const { instrumentID = null, investorRange, investorID = null } = item;
  const isMargin = item.kind === 'marginRate';
  return {
    ...bareRow(key, exchangeID, productID, instrumentID),
    ...dated,
    ...{ layer: isMargin ? item.layer : null, investorRange, investorID, hedgeFlag: isMargin ? item.hedgeFlag : null },
  };
}

function bareRow(key: string, exchangeID: string, productID: string | null, instrumentID: string | null): ReferenceRowView {
  return {
    ...{ key, exchangeID, productID, instrumentID, layer: null, investorRange: null, investorID: null, hedgeFlag: null },
    ...{
      figures: {},
      effectiveFrom: null,
      citation: '',
      certainty: null,
      feedId: null,
      receivedAtMs: null,
      own: null,
      isBundled: false,
      isUnused: false,
      missing: [],
    },
  };
}

/** What a refused row has as NaN is not there. */
function figuresOf(item: Instrument | Extract<ReferenceItem, RateRow>, kind: ReferenceParams['table']): ReferenceRowView['figures'] {
  // What a company's rate must lie above the exchange's by, or is multiplied by, is named with it: `ownTimes.longMarginRatioByMoney`.
  const values = flattened(item);
  const isShown = (value: unknown): value is number | string | boolean =>
    typeof value === 'number' ? Number.isFinite(value) : typeof value === 'string' || typeof value === 'boolean';
  return Object.fromEntries(FIGURES[kind].flatMap((field) => (isShown(values[field]) ? [[field, values[field]]] : [])));
}
