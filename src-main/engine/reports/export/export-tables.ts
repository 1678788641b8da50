/** The tables people may take out of the desk, each as columns and plain cells. */
import type { Book } from '#engine/book/book';
import { accountFilter, narrowsAccounts } from '#engine/book/views/scope';
import { amountsOf } from '#engine/book/what-if/stress-run';
import { type AccountAnswer, accountRows, accountTableOf } from '#engine/reports/export/account-tables';
import { comparisonRows, explanationRows, statementRows, varRows } from '#engine/reports/export/desk-tables';
import type { Cell, ExportTable } from '#engine/reports/export/table-file';
import type { DistancePicture, ExplainedField, Explanation } from '#shared/contract/numbers-account';
import type { ExportParams, StatementComparison, StatementView, WorklistView } from '#shared/contract/numbers-desk';
import type { LimitsPicture } from '#shared/contract/numbers-limits';
import { RISK_LEVELS, type StressPicture, type VarAnswer, type VarParams } from '#shared/contract/numbers-stress';
import type { TableName } from '#shared/contract/streams';
import { reasonParts } from '#shared/market/reason';

/** What the numbers room can give beside the book's own tables. */
export type ExportSources = {
  book: () => Book;
  stress: (params: ExportParams) => StressPicture;
  distance: (params: ExportParams, first: number, count: number) => DistancePicture;
  limits: (params: ExportParams, view: 'positions' | 'heavy' | 'largeTraders', first: number, count: number) => LimitsPicture;
  worklist: (worklistId: string) => WorklistView | null;
  statements: () => readonly StatementView[];
  comparison: (statementId: string) => StatementComparison | null;
  valueAtRisk: (params: VarParams) => VarAnswer;
  explanation: (accountID: string, field: ExplainedField) => Explanation | null;
  /** What was asked of one account, where the export is about one; null without an account. */
  account: AccountAnswer | null;
};

const PAGE = 500;
const BOOK_TABLES: readonly TableName[] = ['accounts', 'positions', 'lots', 'orders', 'trades', 'quotes'];

type PlainRow = Record<string, unknown>;

/** Null when it names something that does not exist. */
export function exportTable(sources: ExportSources, params: ExportParams): ExportTable | null {
  const { table } = params;
  const bookTable = BOOK_TABLES.find((name) => name === table);
  if (bookTable !== undefined) return plainTable(params, bookRows(sources.book(), params, bookTable));
  switch (table) {
    case 'stress':
      return stressTable(params, sources.stress(params));
    case 'stressSummary':
      return plainTable(params, summaryRows(sources.stress(params)));
    case 'distance':
      return plainTable(params, paged((first) => sources.distance(params, first, PAGE)).map(distanceRow));
    case 'limits':
    case 'largeTraders': {
      const view = table === 'limits' ? 'positions' : 'largeTraders';
      return plainTable(params, paged((first) => sources.limits(params, view, first, PAGE)).map(limitRow));
    }
    case 'heavy':
      return plainTable(params, paged((first) => heavyPage(sources.limits(params, 'heavy', first, PAGE))).map(heavyRow));
    case 'worklist': {
      const list = params.worklistId === undefined ? null : sources.worklist(params.worklistId);
      return list === null ? null : worklistTable(params, list);
    }
    case 'statements':
      return plainTable(params, statementRows(sources.statements().filter(clientWithin(sources.book(), params))));
    case 'statementComparison': {
      const comparison = params.statementId === undefined ? null : sources.comparison(params.statementId);
      return comparison === null ? null : plainTable(params, comparisonRows(comparison));
    }
    case 'valueAtRisk':
      return params.of === undefined ? null : plainTable(params, varRows(params.of, sources.valueAtRisk(params.of)));
    case 'explanation': {
      const { scope, figure } = params;
      const explanation = scope.accountID === undefined || figure === undefined ? null : sources.explanation(scope.accountID, figure);
      return explanation === null ? null : plainTable(params, explanationRows(explanation));
    }
    default:
      return accountTableOf(table) === null || sources.account === null ? null : plainTable(params, accountRows(sources.account));
  }
}

/** Statements of clients within the scope; one of a client whom the book does not know is for people who reach the whole firm. */
function clientWithin(book: Book, { scope }: ExportParams): (statement: StatementView) => boolean {
  if (!narrowsAccounts(scope)) return () => true;
  const isWithin = accountFilter(book, scope);
  return ({ clientID }) => {
    const account = book.records.findAccount(clientID);
    return account !== null && isWithin(account);
  };
}

function heavyPage({ total, heavy }: LimitsPicture): { total: number; rows: LimitsPicture['heavy'] } {
  return { total, rows: heavy };
}

function paged<Row>(page: (first: number) => { total: number; rows: readonly Row[] }): Row[] {
  const rows: Row[] = [];
  for (;;) {
    const picture = page(rows.length);
    rows.push(...picture.rows);
    if (picture.rows.length === 0 || rows.length >= picture.total) return rows;
  }
}

function bookRows(book: Book, { scope, filter, sort }: ExportParams, table: TableName): PlainRow[] {
  return paged<PlainRow>((first) => book.table({ table, scope, filter, sort, first, count: PAGE }));
}

/** Fields in the order of the first row; objects and lists as JSON, so that nothing is lost. */
function plainTable({ table, headings, words }: ExportParams, rows: readonly object[]): ExportTable {
  const fields = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((field) => field !== 'key');
  return {
    name: table,
    columns: fields.map((field) => ({ field, heading: headings[field] ?? field })),
    rows: rows.map((row) => fields.map((field) => cellOf((row as PlainRow)[field], field, words))),
  };
}

/** Times are written as UTC, which a spreadsheet and a person can read; codes as the page's words; a reason keeps what it is about. */
function cellOf(value: unknown, field: string, words: ExportParams['words']): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return field.endsWith('Ms') && value > 0 && value < 8.64e15 ? new Date(value).toISOString() : value;
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return JSON.stringify(value);
  if (field !== 'reason' && field !== 'levelReason') return words[`${field}.${value}`] ?? (field === 'subject' ? aboutOf(value, words) : value);
  const { code, subject } = reasonParts(value);
  const word = words[`reason.${code}`];
  if (word === undefined || subject === '') return word ?? value;
  return `${word}: ${aboutOf(subject, words)}`;
}

/** What a line is about: contracts, sides and days; what is ours among the words is said as the page says it. */
function aboutOf(subject: string, words: ExportParams['words']): string {
  return subject
    .split(' ')
    .map((part) => words[`reasonWord.${part}`] ?? part)
    .join(' ');
}

function stressTable({ table, headings, words, stress }: ExportParams, picture: StressPicture): ExportTable {
  const width = picture.columns.length;
  const fixed = ['key', 'label', 'level', 'accounts'] as const;
  // Which figure the cells are: without it a file of numbers says nothing when it is read elsewhere.
  const measure = headings[`measure.${stress?.measure ?? 'balance'}`];
  const named = (key: string, label: string): string => [headings[`column.${key}`] ?? label, measure].filter(Boolean).join(' ');
  return {
    name: table,
    columns: [
      ...fixed.map((field) => ({ field, heading: headings[field] ?? field })),
      ...picture.columns.flatMap(({ key, label }) => [
        { field: key, heading: named(key, label) },
        { field: `${key}.level`, heading: `${headings[`column.${key}`] ?? label} ${headings.level ?? 'level'}` },
      ]),
    ],
    rows: picture.rows.map((row, at) => [
      ...fixed.map((field) => cellOf(row[field], field, words)),
      ...picture.columns.flatMap((_, column): Cell[] => [
        picture.values[at * width + column] ?? null,
        cellOf(RISK_LEVELS[picture.levels[at * width + column] ?? -1], 'level', words),
      ]),
    ]),
  };
}

function summaryRows({ now, summaries, columns, currencies }: StressPicture): PlainRow[] {
  return [now, ...summaries].map((summary) => {
    const { key, levels, changed: _, unknownReasons, degreeBins, calls, ...rest } = summary;
    const amounts = amountsOf(summary, currencies);
    return {
      scenario: columns.find((column) => column.key === key)?.label ?? key,
      ...Object.fromEntries(Object.entries(levels).map(([level, count]) => [`accounts.${level}`, count])),
      ...rest,
      calls: rest.unknown === Object.values(levels).reduce((sum, count) => sum + count, 0) ? null : calls,
      ...amounts,
      ...Object.fromEntries(degreeBins.map((count, bin) => [`degree.${bin}`, count])),
      reason: unknownReasons.join(' ') || null,
    };
  });
}

/** Moves in percent; a level that no price reaches, or that is not known, is told in words. */
function distanceRow({ up, down, mainContract, ticks, limits, percent, kind, reason, ...row }: DistancePicture['rows'][number]): PlainRow {
  const moves = Object.entries({ down, up }).flatMap(([direction, targets]) =>
    Object.entries(targets).map(([target, distance]) => [`${direction}.${target}`, distance.kind === 'reached' ? distance.percent : distance.kind]),
  );
  return {
    ...row,
    percent,
    kind,
    mainContract: mainContract === null ? null : `${mainContract.exchangeID}.${mainContract.instrumentID}`,
    priceNow: mainContract?.price ?? null,
    priceThere: mainContract?.atPrice ?? null,
    ticks,
    limits,
    ...Object.fromEntries(moves),
    reason,
  };
}

function limitRow({ limitRow: row, accountIDs, reason, key: _, ...rest }: LimitsPicture['rows'][number]): PlainRow {
  return {
    ...rest,
    accountIDs: accountIDs.join(' '),
    limitFrom: row?.effectiveFrom ?? null,
    limitCertainty: row?.certainty ?? null,
    limitCitation: row?.citation ?? null,
    reason,
  };
}

function heavyRow({ products, key: _, ...rest }: LimitsPicture['heavy'][number]): PlainRow {
  return { ...rest, products: products.join(' ') };
}

function worklistTable(params: ExportParams, list: WorklistView): ExportTable {
  const { accountID, state, inputsHash, madeBy } = list;
  return plainTable(
    params,
    list.lines.map((line) => ({
      worklistId: list.worklistId,
      accountID,
      state,
      madeBy,
      ...line,
      orders: line.orders.join(' '),
      together: line.together ?? null,
      fee: line.fee ?? null,
      inputsHash,
    })),
  );
}
