/** The ranking of accounts by how far prices may move before each of them reaches a level. */
import type { Distance, DistanceParams, DistancePicture, DistanceRow } from '#shared/contract/numbers-account';
import { limitsTo } from '#shared/market/what-if/locked-limits';
import type { Book } from '../book';
import { SCALE } from '../kernel/kernel';
import type { AccountRecord, InstrumentRecord } from '../things';
import { buildAccountRow } from '../views/account-rows';
import { accountFilter, textFilter } from '../views/scope';
import { type Column, sortedWindow } from '../views/sorting';
import { distanceOf, type InverseColumns, solveAll } from './fast-inverse';
import { lockedDaysInForce } from './priced-contract';
import { linesOf } from './scenario-figures';

export type DistanceRun = { moves: InverseColumns; computedAtMs: number; computedInMs: number; marketAsOfMs: number | null };

const TARGETS = ['warn', 'call', 'force', 'negative'] as const;

export function runDistance(book: Book, clock: { nowMs(): number; monotonicMs(): number }): DistanceRun {
  const begunMs = clock.monotonicMs();
  const moves = solveAll(book.kernel.columns, linesOf(book), book.levels);
  return { moves, computedAtMs: clock.nowMs(), computedInMs: clock.monotonicMs() - begunMs, marketAsOfMs: book.marketTimeMs };
}

type Told = { account: AccountRecord; move: number; main: InstrumentRecord | null; ticks: number | null; limits: number | null };

export function buildDistancePicture(book: Book, run: DistanceRun, params: DistanceParams): DistancePicture {
  const isWanted = accountFilter(book, params.scope);
  const matches = textFilter(params.filter);
  const told = book.records.accounts
    .filter(
      (account) => isWanted(account) && (matches === null || matches(account.accountID, account.master?.accountName, account.master?.departmentID)),
    )
    .map((account): Told => tell(account, moveOf(run.moves, account.index, params), params, book.tradingDay ?? ''));
  const column = columnFor(book, params);
  const direction = params.sort?.direction ?? 'ascending';
  const window = sortedWindow(told, column, direction, params.first, params.count);
  return {
    total: told.length,
    first: params.first,
    rows: window.map((row) => buildRow(book, run, row)),
    computedAtMs: run.computedAtMs,
    computedInMs: run.computedInMs,
    marketAsOfMs: run.marketAsOfMs,
  };
}

/** Signed move as a share of 1; Infinity never, NaN unknown. `nearest` takes the smaller of both directions. */
function moveOf(moves: InverseColumns, index: number, { target, direction }: DistanceParams): number {
  const at = TARGETS.indexOf(target);
  const up = moves.up[at]?.[index] ?? Number.NaN;
  const down = moves.down[at]?.[index] ?? Number.NaN;
  if (direction === 'up') return up;
  if (direction === 'down') return down;
  if (Number.isNaN(up) || Number.isNaN(down)) return Number.NaN;
  return Math.abs(down) <= Math.abs(up) ? down : up;
}

function tell(account: AccountRecord, move: number, { measure }: DistanceParams, tradingDay: string): Told {
  const main = mainContract(account);
  const isTold = Number.isFinite(move);
  return {
    account,
    move,
    main,
    ticks: isTold || measure === 'ticks' ? ticksOf(main, move) : null,
    limits: isTold || measure === 'limits' ? limitsOf(main, move, tradingDay) : null,
  };
}

/** The contract with the largest net value at its latest price. */
function mainContract(account: AccountRecord): InstrumentRecord | null {
  let best: InstrumentRecord | null = null;
  let value = 0;
  for (const { netQuantity, instrument } of account.holdings.values()) {
    const size = Math.abs(netQuantity * (instrument.quote?.lastPrice ?? 0));
    if (size <= value) continue;
    value = size;
    best = instrument;
  }
  return best;
}

/** On the contract's grid, on the side where the level is not reached yet; off the grid where the tick is not known. */
export function safePrice(price: number, move: number, tick: number | undefined): number {
  if (tick === undefined || !(tick > 0)) return Math.round(price * SCALE) / SCALE;
  const steps = price / tick;
  return Math.round((move < 0 ? Math.ceil(steps - 1e-9) : Math.floor(steps + 1e-9)) * tick * SCALE) / SCALE;
}

function ticksOf(main: InstrumentRecord | null, move: number): number | null {
  const price = main?.quote?.lastPrice;
  const tick = main?.master?.priceTick;
  return price === undefined || tick === undefined || !Number.isFinite(move) ? null : Math.ceil(Math.abs(price * move) / tick - 1e-9);
}

function limitsOf(main: InstrumentRecord | null, move: number, tradingDay: string): number | null {
  const { lastPrice, upperLimitPrice, lowerLimitPrice } = main?.quote ?? {};
  const preSettlementPrice = main?.preSettlementPrice;
  const limit = move >= 0 ? upperLimitPrice : lowerLimitPrice;
  if (lastPrice === undefined || preSettlementPrice === undefined || limit === undefined || !Number.isFinite(move)) return null;
  const widened = main === null ? null : lockedDaysInForce(main, tradingDay);
  return widened?.known === true ? limitsTo(lastPrice * (1 + move), limit, preSettlementPrice, widened.value) : null;
}

/** Never is farther than anything; unknown goes on top when the nearest come first. */
function columnFor(book: Book, { sort, measure }: DistanceParams): Column<Told> {
  const { columns } = book.kernel;
  switch (sort?.column) {
    case 'accountID':
      return { kind: 'text', value: ({ account }) => account.accountID };
    case 'accountName':
      return { kind: 'text', value: ({ account }) => account.master?.accountName ?? '' };
    case 'departmentName':
      return { kind: 'text', value: ({ account }) => account.master?.departmentID ?? '' };
    case 'balance':
      return { kind: 'number', value: ({ account }) => columns.balance[account.index] };
    case 'riskDegree':
      return { kind: 'number', value: ({ account }) => columns.degree[account.index], worst: 'descending' };
  }
  const by = sort?.column === 'ticks' || sort?.column === 'limits' ? sort.column : sort?.column === 'percent' ? 'percent' : measure;
  // Who is there already stands by how far beyond: the highest degree first, without equity before all.
  const beyond = ({ account }: Told): number => {
    const degree = columns.degree[account.index] ?? Number.NaN;
    return Number.isNaN(degree) ? -Number.MAX_VALUE : -degree;
  };
  if (by === 'percent') return { kind: 'number', value: (row) => (row.move === 0 ? beyond(row) : Math.abs(row.move)), worst: 'ascending' };
  return {
    kind: 'number',
    value: (row) => (row.move === 0 ? beyond(row) : Number.isNaN(row.move) ? Number.NaN : (row[by] ?? Number.POSITIVE_INFINITY)),
    worst: 'ascending',
  };
}

function buildRow(book: Book, run: DistanceRun, { account, move, main, ticks, limits }: Told): DistanceRow {
  const row = buildAccountRow(book, account);
  const all = (moves: Float64Array[]): DistanceRow['up'] =>
    Object.fromEntries(TARGETS.map((target, at) => [target, distanceOf(moves[at]?.[account.index] ?? Number.NaN)])) as Record<
      (typeof TARGETS)[number],
      Distance
    >;
  const told = distanceOf(move);
  const price = main?.quote?.lastPrice ?? null;
  return {
    key: account.accountID,
    accountID: account.accountID,
    accountName: row.accountName,
    departmentID: row.departmentID,
    departmentName: row.departmentName,
    controlGroupID: row.controlGroupID,
    level: row.level,
    balance: row.balance,
    riskDegree: row.riskDegree,
    reason: row.reason,
    up: all(run.moves.up),
    down: all(run.moves.down),
    percent: told.kind === 'reached' ? told.percent : null,
    kind: told.kind,
    mainContract:
      main === null
        ? null
        : {
            exchangeID: main.exchangeID,
            instrumentID: main.instrumentID,
            price,
            atPrice: price === null || told.kind !== 'reached' ? null : safePrice(price * (1 + move), move, main.master?.priceTick),
          },
    ticks,
    limits,
  };
}
