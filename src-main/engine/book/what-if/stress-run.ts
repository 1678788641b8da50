/** One computation of a stress grid: figures of every account under every column, and what they say of the firm. */
import { DEGREE_BINS, RISK_LEVELS, type StressSummary } from '#shared/contract/numbers-stress';
import type { RiskLevel } from '#shared/contract/streams';
import type { CutClose } from '#shared/market/what-if/frozen-lots';
import type { Scenario } from '#shared/market/what-if/scenario';
import type { Book } from '../book';
import type { AccountRecord } from '../things';
import { FigureColumns, LEVEL_CODE } from './figure-columns';
import { figuresAtPercents, figuresUnder, linesOf } from './scenario-figures';
import { cutClosesInBook, unmatchedInBook } from './scenario-rows';
import { UnknownUnder } from './unknown-under';

export type StressColumn = { key: string; label: string; percent: number | null; scenario: Scenario | null };
export type StressRun = {
  columns: readonly StressColumn[];
  now: FigureColumns;
  figures: readonly FigureColumns[];
  nowSummary: StressSummary;
  summaries: readonly StressSummary[];
  computedAtMs: number;
  computedInMs: number;
  marketAsOfMs: number | null;
  unknownUnder: UnknownUnder;
  /** By column, what its scenario's rows name that was not in the book. */
  unmatched: readonly { key: string; about: string[] }[];
  cutCloses: readonly { key: string; rows: CutClose[] }[];
};

const CHANGED_SHOWN = 200;
const REASONS_SHOWN = 3;

/** `nowMs` for the picture's time, `monotonicMs` to say what it cost. */
export function runStress(book: Book, columns: readonly StressColumn[], clock: { nowMs(): number; monotonicMs(): number }): StressRun {
  const begunMs = clock.monotonicMs();
  const lines = linesOf(book);
  // All moves of the ladder share one simplification of the lines.
  const moves = columns.flatMap(({ scenario, percent }) => (scenario === null ? [percent ?? 0] : []));
  const [now = new FigureColumns(0), ...moved] = figuresAtPercents(book, lines, [0, ...moves]);
  const figures = columns.map(({ scenario }) => (scenario === null ? (moved.shift() as FigureColumns) : figuresUnder(book, lines, scenario)));
  const unknownUnder = new UnknownUnder(book, columns);
  const isPresent = Uint8Array.from(book.records.accounts, (account) => (book.records.isPresent(account) ? 1 : 0));
  return {
    columns,
    now,
    figures,
    nowSummary: summarize(book, { key: 'now', at: -1 }, now, now, isPresent, unknownUnder),
    summaries: columns.map(({ key }, at) => summarize(book, { key, at }, now, figures[at] as FigureColumns, isPresent, unknownUnder)),
    unknownUnder,
    unmatched: columns.flatMap(({ key, scenario }) => {
      const about = scenario === null ? [] : unmatchedInBook(book, scenario).map((row) => row.about);
      return about.length === 0 ? [] : [{ key, about }];
    }),
    cutCloses: columns.flatMap(({ key, scenario }) => {
      const rows = scenario === null ? [] : cutClosesInBook(book, scenario);
      return rows.length === 0 ? [] : [{ key, rows }];
    }),
    computedAtMs: clock.nowMs(),
    computedInMs: clock.monotonicMs() - begunMs,
    marketAsOfMs: book.marketTimeMs,
  };
}

/** Worst first; unknown is no worse than negative, but must be seen before normal. */
const SEVERITY: readonly number[] = RISK_LEVELS.map((level) => ({ normal: 0, unknown: 0.5, warn: 1, call: 2, force: 3, negative: 4 })[level]);

export function severityOf(levelCode: number): number {
  return SEVERITY[levelCode] ?? 0;
}

/** The run's summaries over the accounts of one scope only, now first; the whole desk's stand in the run. */
export function summariesWithin(
  book: Book,
  run: StressRun,
  isWanted: (account: AccountRecord) => boolean,
): { now: StressSummary; summaries: StressSummary[] } {
  const isCounted = Uint8Array.from(book.records.accounts, (account) => (book.records.isPresent(account) && isWanted(account) ? 1 : 0));
  return {
    now: summarize(book, { key: 'now', at: -1 }, run.now, run.now, isCounted, run.unknownUnder),
    summaries: run.columns.map(({ key }, at) => summarize(book, { key, at }, run.now, run.figures[at] as FigureColumns, isCounted, run.unknownUnder)),
  };
}

type Amounts = Pick<StressSummary, 'callAmount' | 'firmLoss' | 'balance' | 'balanceChange'>;

/** The sums of a summary; of accounts in several currencies, or of none that is known, they are no amounts: null. */
export function amountsOf(summary: StressSummary, currencies: readonly string[]): { [Field in keyof Amounts]: number | null } {
  const { callAmount, firmLoss, balance, balanceChange, levels, unknown } = summary;
  const isNoneKnown = unknown === Object.values(levels).reduce((sum, count) => sum + count, 0);
  return currencies.length > 1 || isNoneKnown
    ? { callAmount: null, firmLoss: null, balance: null, balanceChange: null }
    : { callAmount, firmLoss, balance, balanceChange };
}

function summarize(
  book: Book,
  column: { key: string; at: number },
  now: FigureColumns,
  then: FigureColumns,
  isCounted: Uint8Array,
  unknownUnder: UnknownUnder,
): StressSummary {
  const levels = new Int32Array(RISK_LEVELS.length);
  const bins = new Int32Array(DEGREE_BINS.length + 1);
  let noDegree = 0;
  let callAmount = 0;
  let firmLoss = 0;
  let balanceSum = 0;
  let balanceBefore = 0;
  const changed: number[] = [];
  const firstUnknown: number[] = [];
  const { balance, currMargin, level } = then;
  for (let account = 0; account < then.count; account++) {
    if (isCounted[account] === 0) continue;
    const code = level[account] as number;
    levels[code] = (levels[code] as number) + 1;
    if (code !== now.level[account]) changed.push(account);
    if (code === LEVEL_CODE.unknown && firstUnknown.length < REASONS_SHOWN) firstUnknown.push(account);
    const equity = balance[account] as number;
    const margin = currMargin[account] as number;
    if (Number.isNaN(equity)) continue;
    const before = now.balance[account] as number;
    balanceSum += equity;
    if (!Number.isNaN(before)) balanceBefore += equity - before;
    if (equity < 0) firmLoss -= equity;
    if (Number.isNaN(margin)) continue;
    if (equity > 0) {
      const bin = binOf(margin / equity);
      bins[bin] = (bins[bin] as number) + 1;
    } else noDegree += 1;
    if (severityOf(code) >= 2 && margin > equity) callAmount += margin - equity;
  }
  changed.sort((a, b) => severityOf(level[b] as number) - severityOf(level[a] as number) || (balance[a] as number) - (balance[b] as number) || a - b);
  const counts = Object.fromEntries(RISK_LEVELS.map((name, code) => [name, levels[code] as number])) as Record<RiskLevel, number>;
  return {
    key: column.key,
    levels: counts,
    degreeBins: [...bins],
    noDegree,
    unknown: counts.unknown,
    calls: counts.call + counts.force + counts.negative,
    callAmount,
    forced: counts.force + counts.negative,
    negative: counts.negative,
    firmLoss,
    balance: balanceSum,
    balanceChange: balanceBefore,
    changedCount: changed.length,
    changed: changed.slice(0, CHANGED_SHOWN).map((index) => changedAccount(book, index, now, then)),
    unknownReasons: [...new Set(firstUnknown.flatMap((account) => unknownUnder.reasonOf(column.at, account) ?? []))],
  };
}

function binOf(degree: number): number {
  let bin = 0;
  while (bin < DEGREE_BINS.length && degree >= (DEGREE_BINS[bin] as number)) bin++;
  return bin;
}

function changedAccount(book: Book, index: number, now: FigureColumns, then: FigureColumns): StressSummary['changed'][number] {
  const account = book.records.accounts[index];
  const balance = then.balance[index] ?? Number.NaN;
  const margin = then.currMargin[index] ?? Number.NaN;
  const degree = balance > 0 ? margin / balance : Number.NaN;
  return {
    accountID: account?.accountID ?? '',
    accountName: account?.master?.accountName ?? '',
    from: RISK_LEVELS[now.level[index] ?? LEVEL_CODE.unknown] ?? 'unknown',
    to: RISK_LEVELS[then.level[index] ?? LEVEL_CODE.unknown] ?? 'unknown',
    balance: Number.isNaN(balance) ? null : balance,
    riskDegree: Number.isNaN(degree) ? null : degree,
  };
}
