/** The heat map: rows of accounts, departments or control groups against products or contracts, one number per cell. */
import { type HeatmapParams, type HeatmapPicture, QUALITY_CODE, type Quality, type RiskLevel } from '#shared/contract/streams';
import { type Reason, reasonFor } from '#shared/market/reason';
import type { Book } from '../book';
import type { AccountRecord, InstrumentRecord } from '../things';
import { CellSums, isHeld, type Measure } from './heatmap-cells';
import { accountFilter, currencyOf, instrumentFilter, textFilter } from './scope';
import { compareNames } from './sorting';

type Row = {
  key: string;
  label: string;
  sublabel: string;
  accounts: AccountRecord[];
  value: number;
  sortKey: number;
  quality: Quality;
  level: RiskLevel;
  /** Of an account whose level may be a worse one than is told. */
  levelReason: string | null;
  reason: string | null;
  /** Why its accounts make no sum: the control group was refused, or they are in several currencies. */
  membersReason: Reason | null;
  currency: string;
  hasNoDegree: boolean;
  /** How many of its accounts lack what the measure needs. */
  unknowns: number;
};
type ColumnKey = { key: string; label: string };
type Layout = NonNullable<HeatmapPicture['layout']>;

const LEVEL_RANK: Record<RiskLevel, number> = { normal: 0, unknown: 1, warn: 2, call: 3, force: 4, negative: 5 };
const LAYOUTS_KEPT = 32;

function worstQuality(a: Quality, b: Quality): Quality {
  const rank: Record<Quality, number> = { none: 0, closed: 1, live: 2, stale: 3, unknown: 4 };
  return rank[b] > rank[a] ? b : a;
}

/** Row equity and row figures: one unknown account makes the row unknown. */
function rowValue(
  book: Book,
  accounts: readonly AccountRecord[],
  measure: Measure,
  isWhole: boolean,
  cells: CellSums,
): { value: number; hasNoDegree: boolean } {
  const { columns } = book.kernel;
  const sum = (values: Float64Array): number => accounts.reduce((total, account) => total + (values[account.index] ?? Number.NaN), 0);
  if (measure === 'netNotional') return { value: cells.rowSum(accounts, 'netNotional'), hasNoDegree: false };
  if (measure === 'positionProfit') return { value: isWhole ? sum(columns.positionProfit) : cells.rowSum(accounts, measure), hasNoDegree: false };
  const margin = isWhole ? sum(columns.margin) : cells.rowSum(accounts, 'currMargin');
  if (measure === 'currMargin') return { value: margin, hasNoDegree: false };
  const equity = sum(columns.balance);
  return { value: equity > 0 ? margin / equity : Number.NaN, hasNoDegree: equity <= 0 };
}

function isLacking(book: Book, account: AccountRecord, measure: Measure): boolean {
  const { balance, margin, positionProfit } = book.kernel.columns;
  const isNaNAt = (column: Float64Array): boolean => Number.isNaN(column[account.index] ?? Number.NaN);
  if (measure === 'riskDegree') return isNaNAt(balance) || isNaNAt(margin);
  return isNaNAt(measure === 'currMargin' ? margin : positionProfit);
}

/** Larger is worse; unknown is worst of all, then no degree. */
function worstness(measure: Measure, value: number, hasNoDegree: boolean): number {
  if (hasNoDegree) return Number.MAX_VALUE;
  if (Number.isNaN(value)) return Number.POSITIVE_INFINITY;
  if (measure === 'positionProfit') return -value;
  return measure === 'netNotional' ? Math.abs(value) : value;
}

export class HeatmapView {
  #nextVersion = 1;
  #namesVersion = 0;
  readonly #layouts = new Map<string, { signature: string; version: number; layout: Layout }>();

  /** The layout is always in the picture, with a version that stays while it is the same: the port leaves it out for a window that has it. */
  build(book: Book, params: HeatmapParams): HeatmapPicture {
    if (book.namesVersion !== this.#namesVersion) {
      // Labels may have changed.
      this.#layouts.clear();
      this.#namesVersion = book.namesVersion;
    }
    const isInstrument = instrumentFilter(params.scope);
    const isWhole = params.scope.productID === undefined && params.scope.instrumentID === undefined;
    const isAccount = accountFilter(book, params.scope);
    const accounts = book.records.accounts.filter(
      (account) => isAccount(account) && (isWhole || [...account.holdings.values()].some(({ instrument }) => isInstrument(instrument))),
    );
    const cells = new CellSums(book, isInstrument);
    const nowMs = book.nowMs;
    const qualities = new Map<InstrumentRecord, Quality>();
    for (const instrument of book.records.instruments) qualities.set(instrument, book.qualityOfInstrument(instrument, nowMs));
    const matches = textFilter(params.filter);
    const all = this.#groupRows(book, accounts, params).filter((row) => matches === null || matches(row.key, row.label, row.sublabel));
    for (const row of all) {
      const currencies = currenciesIn(row.accounts);
      row.currency = currencies.length === 1 ? (currencies[0] ?? '') : '';
      const groupRefusal = params.rows === 'controlGroup' ? book.reference.groupRefusal(row.key) : null;
      row.membersReason = groupRefusal ?? (currencies.length > 1 ? reasonFor('currenciesMixed', currencies.sort().join(', ')) : null);
      row.reason = row.membersReason;
      const told = rowValue(book, row.accounts, params.measure, isWhole, cells);
      const { value, hasNoDegree } = row.membersReason === null ? told : { value: Number.NaN, hasNoDegree: false };
      row.value = value;
      row.unknowns = Number.isNaN(value) && !hasNoDegree ? row.accounts.filter((account) => isLacking(book, account, params.measure)).length : 0;
      row.sortKey = worstness(params.measure, value, hasNoDegree);
      for (const account of row.accounts) {
        row.quality = worstQuality(row.quality, book.qualityOf(account.index));
        const level = book.levelOf(account.index);
        if (LEVEL_RANK[level] > LEVEL_RANK[row.level]) row.level = level;
        row.reason ??= book.reasonOf(account.index);
        row.levelReason ??= book.levelReasonOf(account.index);
      }
      // What one account hides is no worse than the worst that another has.
      if (LEVEL_RANK[row.level] >= LEVEL_RANK.force) row.levelReason = null;
      row.hasNoDegree = hasNoDegree && row.level === 'negative';
      if (Number.isNaN(value) && !hasNoDegree) row.quality = 'unknown';
    }
    all.sort((a, b) => (params.order === 'worst' && a.sortKey !== b.sortKey ? (a.sortKey > b.sortKey ? -1 : 1) : compareNames(a.key, b.key)));
    const rows = all.slice(0, params.maxRows);
    const columns = columnsOf(rows, params.columns, isInstrument);
    const picture = this.#paint(book, params, rows, columns, cells, qualities);
    const layout = this.#layoutOf(params, rows, columns, all.length);
    return { ...picture, ...layout, asOfMs: book.marketTimeMs, levels: book.levels.map(({ level, enterDegree }) => ({ level, enterDegree })) };
  }

  #groupRows(book: Book, accounts: readonly AccountRecord[], params: HeatmapParams): Row[] {
    const rows = new Map<string, Row>();
    for (const account of accounts) {
      const { key, label, sublabel } = rowNames(book, account, params.rows);
      let row = rows.get(key);
      if (row === undefined) {
        row = {
          key,
          label,
          sublabel,
          accounts: [],
          value: 0,
          sortKey: 0,
          quality: 'none',
          level: 'normal',
          levelReason: null,
          reason: null,
          membersReason: null,
          currency: '',
          hasNoDegree: false,
          unknowns: 0,
        };
        rows.set(key, row);
      }
      row.accounts.push(account);
    }
    return [...rows.values()];
  }

  #paint(
    book: Book,
    params: HeatmapParams,
    rows: readonly Row[],
    columns: readonly ColumnKey[],
    cells: CellSums,
    qualities: ReadonlyMap<InstrumentRecord, Quality>,
  ): Omit<HeatmapPicture, 'layout' | 'layoutVersion' | 'asOfMs'> {
    const width = columns.length;
    const values = new Float64Array(rows.length * width).fill(Number.NaN);
    const codes = new Uint8Array(rows.length * width).fill(QUALITY_CODE.none);
    const place = new Map(columns.map(({ key }, index) => [key, index]));
    const columnOf = Int32Array.from(
      book.records.instruments,
      (instrument) => place.get(params.columns === 'product' ? productKey(instrument) : instrument.label) ?? -1,
    );
    const rowReasons: Record<number, string> = {};
    const rowLevelReasons: Record<number, string> = {};
    const cellMeasure = params.measure === 'riskDegree' ? 'currMargin' : params.measure;
    rows.forEach((row, rowIndex) => {
      if (row.reason !== null && row.quality === 'unknown') rowReasons[rowIndex] = row.reason;
      if (row.levelReason !== null) rowLevelReasons[rowIndex] = row.levelReason;
      for (const account of row.accounts) {
        for (const { instrument, value } of cells.ofAccount(account, cellMeasure)) {
          const column = columnOf[instrument.index] ?? -1;
          if (column < 0) continue;
          const at = rowIndex * width + column;
          const isEmpty = codes[at] === QUALITY_CODE.none;
          values[at] = (isEmpty ? 0 : (values[at] ?? 0)) + (row.membersReason === null ? value : Number.NaN);
          const quality = Number.isNaN(value) || row.membersReason !== null ? 'unknown' : (qualities.get(instrument) ?? 'unknown');
          codes[at] = isEmpty ? QUALITY_CODE[quality] : worseCode(codes[at] ?? 0, QUALITY_CODE[quality]);
        }
      }
      if (params.measure !== 'riskDegree') return;
      const equity = row.accounts.reduce((sum, account) => sum + (book.kernel.columns.balance[account.index] ?? Number.NaN), 0);
      for (let at = rowIndex * width; at < (rowIndex + 1) * width; at++) {
        if (codes[at] === QUALITY_CODE.none) continue;
        values[at] = equity > 0 ? (values[at] ?? Number.NaN) / equity : Number.NaN;
        if (Number.isNaN(values[at])) codes[at] = QUALITY_CODE.unknown;
      }
    });
    return {
      values,
      qualities: codes,
      rowValues: Float64Array.from(rows, (row) => row.value),
      rowQualities: Uint8Array.from(rows, (row) => QUALITY_CODE[row.quality]),
      rowLevels: rows.map((row) => row.level),
      rowHasNoEquity: Uint8Array.from(rows, (row) => (row.hasNoDegree ? 1 : 0)),
      rowUnknowns: Uint32Array.from(rows, (row) => row.unknowns),
      rowCurrencies: rows.map((row) => row.currency),
      rowReasons,
      rowLevelReasons,
    };
  }

  #layoutOf(params: HeatmapParams, rows: readonly Row[], columns: ColumnKey[], totalRows: number): { layoutVersion: number; layout: Layout } {
    const key = JSON.stringify(params);
    const signature = `${totalRows}\n${rows.map((row) => row.key).join('\t')}\n${columns.map((column) => column.key).join('\t')}`;
    const kept = this.#layouts.get(key);
    if (kept !== undefined && kept.signature === signature) return { layoutVersion: kept.version, layout: kept.layout };
    const layout = { rows: rows.map(({ key: rowKey, label, sublabel }) => ({ key: rowKey, label, sublabel })), columns, totalRows };
    const version = this.#nextVersion++;
    this.#layouts.delete(key);
    this.#layouts.set(key, { signature, version, layout });
    for (const oldest of this.#layouts.keys()) {
      if (this.#layouts.size <= LAYOUTS_KEPT) break;
      this.#layouts.delete(oldest);
    }
    return { layoutVersion: version, layout };
  }
}

/** Nearly always one: ten thousand rows are looked at for each picture. */
function currenciesIn(accounts: readonly AccountRecord[]): string[] {
  const found: string[] = [];
  for (const account of accounts) {
    const currency = currencyOf(account);
    if (currency !== undefined && !found.includes(currency)) found.push(currency);
  }
  return found;
}

/** A cell over several contracts is as good as its worst: unknown, stale, live, closed. */
function worseCode(a: number, b: number): number {
  const rank = (code: number): number => (code === QUALITY_CODE.closed ? 0.5 : code);
  return rank(b) > rank(a) ? b : a;
}

export function productKey(instrument: InstrumentRecord): string {
  return `${instrument.exchangeID}.${instrument.productID}`;
}

function rowNames(book: Book, account: AccountRecord, rows: HeatmapParams['rows']): { key: string; label: string; sublabel: string } {
  const departmentID = account.master?.departmentID ?? '';
  const department = book.reference.departments.get(departmentID)?.departmentName ?? departmentID;
  if (rows === 'account') return { key: account.accountID, label: account.accountID, sublabel: account.master?.accountName ?? '' };
  if (rows === 'department') return { key: departmentID, label: department, sublabel: departmentID };
  const controlGroupID = book.reference.controlGroupOf(account.accountID);
  // Accounts in no group share one row, or a map of groups would hide their risk; the empty key is its scope as well.
  if (controlGroupID === null) return { key: '', label: '', sublabel: '' };
  return {
    key: controlGroupID,
    label: book.reference.controlGroups.get(controlGroupID)?.controlGroupName ?? controlGroupID,
    sublabel: controlGroupID,
  };
}

function columnsOf(rows: readonly Row[], kind: HeatmapParams['columns'], isInstrument: (instrument: InstrumentRecord) => boolean): ColumnKey[] {
  const columns = new Map<string, ColumnKey>();
  const seen = new Set<InstrumentRecord>();
  for (const row of rows) {
    for (const account of row.accounts) {
      for (const holding of account.holdings.values()) {
        const { instrument } = holding;
        if (seen.has(instrument) || !isHeld(holding) || !isInstrument(instrument)) continue;
        seen.add(instrument);
        const key = kind === 'product' ? productKey(instrument) : instrument.label;
        if (!columns.has(key)) columns.set(key, { key, label: kind === 'product' ? instrument.productID : instrument.instrumentID });
      }
    }
  }
  return [...columns.values()].sort((a, b) => compareNames(a.key, b.key));
}
