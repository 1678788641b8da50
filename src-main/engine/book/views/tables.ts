/** Windows onto the tables: scope, filter and sort happen here, and only the rows in the window are built. */
import type { OrderRow, QuoteRow, RowByTable, TableName, TableParams, TablePicture, TradeRow } from '#shared/contract/streams';
import type { Order, Trade } from '#shared/feed/items';
import type { Book } from '../book';
import type { Kept } from '../keyed-items';
import type { AccountRecord, Holding, InstrumentRecord } from '../things';
import { buildAccountRow } from './account-rows';
import {
  buildLotRow,
  buildPositionRow,
  type LotRef,
  lotProfit,
  lotRefs,
  marginOfSide,
  type PositionRef,
  positionRefs,
  positionVolume,
  profitByDate,
  profitByTrade,
  sums,
} from './position-rows';
import { accountFilter, instrumentFilter, narrowsAccounts, narrowsInstruments, type ReachScope, textFilter } from './scope';
import { type Column, type Direction, sortedWindow } from './sorting';

type TableView<Ref, Row> = {
  rows: (book: Book, params: TableParams) => Ref[];
  columns: Record<string, Column<Ref>>;
  /** Without a wish: how the table is found useful. */
  defaultSort: { column: string; direction: Direction };
  build: (book: Book, ref: Ref) => Row;
};

function text<Ref>(value: (ref: Ref) => string): Column<Ref> {
  return { kind: 'text', value };
}
function number<Ref>(value: (ref: Ref) => number | null | undefined, worst?: Direction): Column<Ref> {
  return worst === undefined ? { kind: 'number', value } : { kind: 'number', value, worst };
}

const LEVEL_RANK = { normal: 0, warn: 1, call: 2, force: 3, negative: 4, unknown: Number.NaN } as const;
const QUALITY_RANK = { none: 0, live: 1, closed: 2, stale: 3, unknown: 4 } as const;

function accountsView(book: Book): TableView<AccountRecord, RowByTable['accounts']> {
  const { columns } = book.kernel;
  const { reference } = book;
  /** Equity at or below zero has no degree and is worse than any. */
  const degree = (account: AccountRecord, values: Float64Array): number =>
    (columns.balance[account.index] ?? 0) <= 0 ? Number.POSITIVE_INFINITY : (values[account.index] ?? Number.NaN);
  return {
    rows: (_, { scope, filter }) => {
      const isWanted = accountFilter(book, scope);
      const isInstrument = narrowsInstruments(scope) ? instrumentFilter(scope) : null;
      const matches = textFilter(filter);
      return book.records.accounts.filter((account) => {
        if (!isWanted(account)) return false;
        if (isInstrument !== null && ![...account.holdings.values()].some(({ instrument }) => isInstrument(instrument))) return false;
        if (matches === null) return true;
        const departmentID = account.master?.departmentID ?? '';
        return matches(
          account.accountID,
          account.master?.accountName,
          departmentID,
          reference.departments.get(departmentID)?.departmentName,
          reference.controlGroupOf(account.accountID),
        );
      });
    },
    columns: {
      accountID: text((a) => a.accountID),
      accountName: text((a) => a.master?.accountName ?? ''),
      departmentID: text((a) => a.master?.departmentID ?? ''),
      departmentName: text((a) => reference.departments.get(a.master?.departmentID ?? '')?.departmentName ?? ''),
      controlGroupID: text((a) => reference.controlGroupOf(a.accountID) ?? ''),
      currencyID: text((a) => a.counter?.item.currencyID ?? a.master?.currencyID ?? ''),
      level: number((a) => LEVEL_RANK[book.levelOf(a.index)], 'descending'),
      quality: number((a) => QUALITY_RANK[book.qualityOf(a.index)]),
      riskDegree: number((a) => degree(a, columns.degree), 'descending'),
      exchangeRiskDegree: number((a) => degree(a, columns.exchangeDegree), 'descending'),
      balance: number((a) => columns.balance[a.index], 'ascending'),
      available: number((a) => columns.available[a.index], 'ascending'),
      currMargin: number((a) => columns.margin[a.index], 'descending'),
      exchangeMargin: number((a) => columns.exchangeMargin[a.index], 'descending'),
      positionProfit: number((a) => columns.positionProfit[a.index], 'ascending'),
      closeProfit: number((a) => a.counter?.item.closeProfit, 'ascending'),
      commission: number((a) => a.counter?.item.commission, 'descending'),
      preBalance: number((a) => a.counter?.item.preBalance, 'ascending'),
      marginCall: number((a) => Math.max(0, (columns.margin[a.index] ?? 0) - (columns.balance[a.index] ?? 0)), 'descending'),
      residual: number((a) => (a.residual === null ? null : Math.abs(a.residual)), 'descending'),
      asOfMs: number((a) => a.counter?.item.asOfMs, 'ascending'),
    },
    defaultSort: { column: 'accountID', direction: 'ascending' },
    build: buildAccountRow,
  };
}

function holdingFilter(book: Book, { scope, filter }: TableParams): (holding: Holding) => boolean {
  const isAccount = accountFilter(book, scope);
  const isInstrument = instrumentFilter(scope);
  const matches = textFilter(filter);
  return ({ account, instrument }) =>
    isInstrument(instrument) &&
    isAccount(account) &&
    (matches === null ||
      matches(account.accountID, account.master?.accountName, instrument.label, instrument.productID, instrument.master?.instrumentName));
}

function positionsView(book: Book): TableView<PositionRef, RowByTable['positions']> {
  return {
    rows: (_, params) => positionRefs(book, holdingFilter(book, params)),
    columns: {
      accountID: text((p) => p.holding.account.accountID),
      exchangeID: text((p) => p.holding.instrument.exchangeID),
      productID: text((p) => p.holding.instrument.productID),
      instrumentID: text((p) => p.holding.instrument.instrumentID),
      direction: text((p) => p.side.direction),
      hedgeFlag: text((p) => p.side.hedgeFlag),
      quality: number((p) => (p.holding.profitReason !== null ? QUALITY_RANK.unknown : QUALITY_RANK[book.qualityOfInstrument(p.holding.instrument)])),
      volume: number(positionVolume),
      todayVolume: number((p) => sums(book, p).todayVolume),
      historyVolume: number((p) => positionVolume(p) - sums(book, p).todayVolume),
      openPriceAverage: number((p) => buildPositionRow(book, p).openPriceAverage),
      lastPrice: number((p) => p.holding.instrument.quote?.lastPrice),
      preSettlementPrice: number((p) => p.holding.instrument.preSettlementPrice),
      positionProfitByDate: number((p) => profitByDate(book, p), 'ascending'),
      positionProfitByTrade: number((p) => profitByTrade(book, p), 'ascending'),
      margin: number((p) => marginOfSide(book, p, 'company'), 'descending'),
      exchangeMargin: number((p) => marginOfSide(book, p, 'exchange'), 'descending'),
    },
    defaultSort: { column: 'accountID', direction: 'ascending' },
    build: buildPositionRow,
  };
}

function lotsView(book: Book): TableView<LotRef, RowByTable['lots']> {
  return {
    rows: (_, params) => lotRefs(book, holdingFilter(book, params)),
    columns: {
      accountID: text((l) => l.holding.account.accountID),
      exchangeID: text((l) => l.holding.instrument.exchangeID),
      instrumentID: text((l) => l.holding.instrument.instrumentID),
      direction: text((l) => l.side.direction),
      hedgeFlag: text((l) => l.side.hedgeFlag),
      openDate: text((l) => l.lot.item.openDate),
      tradeID: text((l) => l.lot.item.tradeID),
      volume: number((l) => l.lot.item.volume),
      openPrice: number((l) => l.lot.item.openPrice),
      lastPrice: number((l) => l.holding.instrument.quote?.lastPrice),
      positionProfitByDate: number((l) => lotProfit(book, l, 'date'), 'ascending'),
      positionProfitByTrade: number((l) => lotProfit(book, l, 'trade'), 'ascending'),
      margin: number((l) => buildLotRow(book, l).margin, 'descending'),
    },
    defaultSort: { column: 'openDate', direction: 'ascending' },
    build: buildLotRow,
  };
}

/** Orders and trades of accounts and instruments in scope. */
function activity<Item extends Order | Trade>(book: Book, items: Iterable<Kept<Item>>, { scope, filter }: TableParams): Kept<Item>[] {
  const isAccount = accountFilter(book, scope);
  const isInstrument = instrumentFilter(scope);
  const needsInstrument = narrowsInstruments(scope);
  const needsAccount = narrowsAccounts(scope);
  const matches = textFilter(filter);
  const wanted: Kept<Item>[] = [];
  for (const kept of items) {
    const { item } = kept;
    if (needsAccount) {
      const account = book.records.findAccount(item.accountID);
      if (account === null || !isAccount(account)) continue;
    }
    if (needsInstrument) {
      const instrument = book.records.findInstrument(item.exchangeID, item.instrumentID);
      if (instrument === null || !isInstrument(instrument)) continue;
    }
    const number = 'tradeID' in item ? item.tradeID : item.orderSysID;
    if (matches !== null && !matches(item.accountID, `${item.exchangeID}.${item.instrumentID}`, number)) continue;
    wanted.push(kept);
  }
  return wanted;
}

function tickOf(book: Book, item: { exchangeID: string; instrumentID: string }): number | null {
  return book.records.findInstrument(item.exchangeID, item.instrumentID)?.master?.priceTick ?? null;
}

function buildOrderRow(book: Book, { key, item }: Kept<Order>): OrderRow {
  const { accountID, exchangeID, instrumentID, orderSysID, direction, offsetFlag, volumeTotalOriginal, volumeTraded, orderStatus, insertTimeMs } =
    item;
  return {
    key,
    quality: 'live',
    reason: null,
    asOfMs: item.updateTimeMs,
    priceTick: tickOf(book, item),
    accountID,
    exchangeID,
    instrumentID,
    orderSysID,
    direction,
    offsetFlag,
    limitPrice: item.limitPrice ?? null,
    volumeTotalOriginal,
    volumeTraded,
    orderStatus,
    insertTimeMs,
  };
}

function ordersView(book: Book): TableView<Kept<Order>, OrderRow> {
  return {
    rows: (_, params) => activity(book, book.orders.items.byKey.values(), params),
    columns: {
      accountID: text((o) => o.item.accountID),
      exchangeID: text((o) => o.item.exchangeID),
      instrumentID: text((o) => o.item.instrumentID),
      orderSysID: text((o) => o.item.orderSysID),
      direction: text((o) => o.item.direction),
      offsetFlag: text((o) => o.item.offsetFlag),
      orderStatus: text((o) => o.item.orderStatus),
      limitPrice: number((o) => o.item.limitPrice),
      volumeTotalOriginal: number((o) => o.item.volumeTotalOriginal),
      volumeTraded: number((o) => o.item.volumeTraded),
      insertTimeMs: number((o) => o.item.insertTimeMs),
    },
    defaultSort: { column: 'insertTimeMs', direction: 'descending' },
    build: buildOrderRow,
  };
}

function buildTradeRow(book: Book, { key, item }: Kept<Trade>): TradeRow {
  const { accountID, exchangeID, instrumentID, tradeID, direction, offsetFlag, price, volume, tradeTimeMs } = item;
  return {
    key,
    quality: 'live',
    reason: null,
    asOfMs: tradeTimeMs,
    priceTick: tickOf(book, item),
    accountID,
    exchangeID,
    instrumentID,
    tradeID,
    direction,
    offsetFlag,
    price,
    volume,
    tradeTimeMs,
  };
}

function tradesView(book: Book): TableView<Kept<Trade>, TradeRow> {
  return {
    rows: (_, params) => activity(book, book.trades.items.byKey.values(), params),
    columns: {
      accountID: text((t) => t.item.accountID),
      exchangeID: text((t) => t.item.exchangeID),
      instrumentID: text((t) => t.item.instrumentID),
      tradeID: text((t) => t.item.tradeID),
      direction: text((t) => t.item.direction),
      offsetFlag: text((t) => t.item.offsetFlag),
      price: number((t) => t.item.price),
      volume: number((t) => t.item.volume),
      tradeTimeMs: number((t) => t.item.tradeTimeMs),
    },
    defaultSort: { column: 'tradeTimeMs', direction: 'descending' },
    build: buildTradeRow,
  };
}

/** Against yesterday's settlement, as the exchange screens show it. */
function change({ quote }: InstrumentRecord): number | null {
  const { lastPrice, preSettlementPrice } = quote ?? {};
  return lastPrice === undefined || preSettlementPrice === undefined ? null : lastPrice - preSettlementPrice;
}

function changePercent(record: InstrumentRecord): number | null {
  const moved = change(record);
  const base = record.quote?.preSettlementPrice;
  return moved === null || base === undefined || base <= 0 ? null : (moved / base) * 100;
}

function buildQuoteRow(book: Book, record: InstrumentRecord): QuoteRow {
  const { quote } = record;
  const quality = book.qualityOfInstrument(record);
  return {
    key: record.label,
    quality,
    reason: quote?.lastPrice === undefined ? `noPrice:${record.label}` : null,
    asOfMs: quote?.updateTimeMs ?? null,
    priceTick: record.master?.priceTick ?? null,
    exchangeID: record.exchangeID,
    productID: record.productID,
    instrumentID: record.instrumentID,
    lastPrice: quote?.lastPrice ?? null,
    change: change(record),
    changePercent: changePercent(record),
    bidPrice1: quote?.bidPrice1 ?? null,
    bidVolume1: quote?.bidVolume1 ?? null,
    askPrice1: quote?.askPrice1 ?? null,
    askVolume1: quote?.askVolume1 ?? null,
    volume: quote?.volume ?? null,
    openInterest: quote?.openInterest ?? null,
    upperLimitPrice: quote?.upperLimitPrice ?? null,
    lowerLimitPrice: quote?.lowerLimitPrice ?? null,
    preSettlementPrice: quote?.preSettlementPrice ?? null,
  };
}

const QUOTE_NUMBERS = [
  'lastPrice',
  'bidPrice1',
  'bidVolume1',
  'askPrice1',
  'askVolume1',
  'volume',
  'openInterest',
  'upperLimitPrice',
  'lowerLimitPrice',
  'preSettlementPrice',
] as const;

function quotesView(book: Book): TableView<InstrumentRecord, QuoteRow> {
  const columns: Record<string, Column<InstrumentRecord>> = {
    exchangeID: text((r) => r.exchangeID),
    productID: text((r) => r.productID),
    instrumentID: text((r) => r.instrumentID),
    change: number(change),
    changePercent: number(changePercent),
    quality: number((r) => QUALITY_RANK[book.qualityOfInstrument(r)]),
  };
  for (const name of QUOTE_NUMBERS) columns[name] = number((r) => r.quote?.[name]);
  return {
    rows: (_, { scope, filter }) => {
      const isInstrument = instrumentFilter(scope);
      // Prices are everybody's: only a wish narrows them, never a person's reach.
      const { within: _reach, ...wished } = scope as ReachScope;
      const isNarrowed = narrowsAccounts(wished);
      const isAccount = accountFilter(book, scope);
      const matches = textFilter(filter);
      return book.records.instruments.filter(
        (record) =>
          (record.quote !== null || record.master !== null) &&
          isInstrument(record) &&
          (!isNarrowed || record.holdings.some(({ account }) => isAccount(account))) &&
          (matches === null || matches(record.label, record.productID, record.master?.instrumentName)),
      );
    },
    columns,
    defaultSort: { column: 'instrumentID', direction: 'ascending' },
    build: buildQuoteRow,
  };
}

function present<Ref, Name extends TableName>(
  book: Book,
  params: TableParams & { table: Name },
  view: TableView<Ref, RowByTable[Name]>,
): TablePicture<Name> {
  const refs = view.rows(book, params);
  const wish = params.sort !== null && Object.hasOwn(view.columns, params.sort.column) ? params.sort : view.defaultSort;
  const column = view.columns[wish.column];
  const first = Math.min(params.first, Math.max(0, refs.length - 1));
  const window = column === undefined ? refs.slice(first, first + params.count) : sortedWindow(refs, column, wish.direction, first, params.count);
  return { table: params.table, total: refs.length, first, rows: window.map((ref) => view.build(book, ref)) };
}

/** An unknown sort column falls back to the table's own order; a window past the end moves to the last row. */
export function buildTable<Name extends TableName>(book: Book, params: TableParams & { table: Name }): TablePicture<Name> {
  const build = {
    accounts: () => present(book, { ...params, table: 'accounts' }, accountsView(book)),
    positions: () => present(book, { ...params, table: 'positions' }, positionsView(book)),
    lots: () => present(book, { ...params, table: 'lots' }, lotsView(book)),
    orders: () => present(book, { ...params, table: 'orders' }, ordersView(book)),
    trades: () => present(book, { ...params, table: 'trades' }, tradesView(book)),
    quotes: () => present(book, { ...params, table: 'quotes' }, quotesView(book)),
  } satisfies { [Table in TableName]: () => TablePicture<Table> };
  return build[params.table]() as unknown as TablePicture<Name>;
}
