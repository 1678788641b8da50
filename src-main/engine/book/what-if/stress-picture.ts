/** The stress matrix a page asked for, from one run: rows by account, department, control group or the whole firm. */
import { RISK_LEVELS, type StressMeasure, type StressParams, type StressPicture } from '#shared/contract/numbers-stress';
import type { Book } from '../book';
import type { AccountRecord } from '../things';
import { accountFilter, currenciesOf, textFilter } from '../views/scope';
import { compareNames } from '../views/sorting';
import { type FigureColumns, LEVEL_CODE } from './figure-columns';
import { type StressRun, severityOf, summariesWithin } from './stress-run';

type Row = { key: string; label: string; sublabel: string; members: number[] };

export function buildStressPicture(book: Book, run: StressRun, params: StressParams, missing: string[]): StressPicture {
  const rows = rowsOf(book, params);
  // What a person has drilled into is what the outcome must speak of.
  const isWhole = Object.values(params.scope).every((part) => part === undefined);
  const outcome = isWhole ? { now: run.nowSummary, summaries: [...run.summaries] } : summariesWithin(book, run, accountFilter(book, params.scope));
  const ordered = params.order === 'name' ? rows.sort((a, b) => compareNames(a.label, b.label)) : worstFirst(rows, run);
  const shown = ordered.slice(params.first, params.first + params.maxRows);
  const width = run.columns.length;
  const values = new Float64Array(shown.length * width);
  const levels = new Uint8Array(shown.length * width);
  const unknownCounts = new Uint32Array(shown.length * width);
  const unknownReasons: Record<number, string> = {};
  shown.forEach((row, rowAt) => {
    run.figures.forEach((figures, column) => {
      const at = rowAt * width + column;
      values[at] = measureOf(params.measure, row.members, figures, run.now);
      levels[at] = worstLevel(row.members, figures);
      if (!Number.isNaN(values[at])) return;
      const unknown = unknownOf(params.measure, row.members, figures, run.now);
      unknownCounts[at] = unknown.length;
      const [first] = unknown;
      const reason = first === undefined ? null : run.unknownUnder.reasonOf(column, first);
      if (reason !== null) unknownReasons[at] = reason;
    });
  });
  return {
    columns: run.columns.map(({ key, label, percent, scenario }) => ({ key, label, percent, version: scenario?.version ?? null })),
    rows: shown.map((row) => ({
      key: row.key,
      label: row.label,
      sublabel: row.sublabel,
      level: RISK_LEVELS[worstLevel(row.members, run.now)] ?? 'unknown',
      accounts: row.members.length,
      unknown: row.members.filter((index) => run.now.level[index] === LEVEL_CODE.unknown).length,
    })),
    totalRows: rows.length,
    values,
    levels,
    unknownCounts,
    unknownReasons,
    summaries: outcome.summaries,
    now: outcome.now,
    currencies: currenciesOf(book, accountFilter(book, params.scope)),
    computedAtMs: run.computedAtMs,
    computedInMs: run.computedInMs,
    marketAsOfMs: run.marketAsOfMs,
    missing,
    unmatched: [...run.unmatched],
    cutCloses: [...run.cutCloses],
    levelBreaks: book.levels.map(({ level, enterDegree }) => ({ level, enterDegree })),
  };
}

function rowsOf(book: Book, { rows, scope, filter }: StressParams): Row[] {
  const isWanted = accountFilter(book, scope);
  const matches = textFilter(filter);
  const byKey = new Map<string, Row>();
  // An account that came after the run has no figures in it yet.
  for (const account of book.records.accounts) {
    if (!isWanted(account)) continue;
    const { key, label, sublabel } = placeOf(book, account, rows);
    if (matches !== null && !matches(key, label, sublabel)) continue;
    const row = byKey.get(key);
    if (row === undefined) byKey.set(key, { key, label, sublabel, members: [account.index] });
    else row.members.push(account.index);
  }
  return [...byKey.values()];
}

function placeOf(book: Book, account: AccountRecord, by: StressParams['rows']): { key: string; label: string; sublabel: string } {
  const departmentID = account.master?.departmentID ?? '';
  const departmentName = book.reference.departments.get(departmentID)?.departmentName ?? departmentID;
  switch (by) {
    case 'account':
      return { key: account.accountID, label: account.accountID, sublabel: account.master?.accountName ?? '' };
    case 'department':
      return { key: departmentID, label: departmentName, sublabel: departmentID };
    case 'controlGroup': {
      const groupID = book.reference.controlGroupOf(account.accountID) ?? '';
      return { key: groupID, label: book.reference.controlGroups.get(groupID)?.controlGroupName ?? groupID, sublabel: groupID };
    }
    case 'firm':
      return { key: '', label: '', sublabel: '' };
  }
}

function worstLevel(members: readonly number[], figures: FigureColumns): number {
  let worst: number = LEVEL_CODE.normal;
  for (const index of members) {
    const code = figures.level[index] ?? LEVEL_CODE.unknown;
    if (severityOf(code) > severityOf(worst)) worst = code;
  }
  return worst;
}

function sumOf(members: readonly number[], column: Float64Array): number {
  let sum = 0;
  for (const index of members) sum += column[index] ?? Number.NaN;
  return sum;
}

/** A roll-up's degree is its accounts' margins over their balances; unknown as soon as one of them is. */
function measureOf(measure: StressMeasure, members: readonly number[], figures: FigureColumns, now: FigureColumns): number {
  switch (measure) {
    case 'balance':
      return sumOf(members, figures.balance);
    case 'balanceChange':
      return sumOf(members, figures.balance) - sumOf(members, now.balance);
    case 'currMargin':
      return sumOf(members, figures.currMargin);
    case 'available':
      return sumOf(members, figures.available);
    case 'riskDegree':
    case 'exchangeRiskDegree': {
      const balance = sumOf(members, figures.balance);
      const margin = sumOf(members, measure === 'riskDegree' ? figures.currMargin : figures.exchangeMargin);
      return balance > 0 ? margin / balance : Number.NaN;
    }
    case 'marginCall': {
      let sum = 0;
      for (const index of members) sum += Math.max(0, (figures.currMargin[index] ?? Number.NaN) - (figures.balance[index] ?? Number.NaN));
      return sum;
    }
  }
}

/** The members whose figures a measure without a value lacks. None, for a degree, where all equity is known and none of it is left. */
function unknownOf(measure: StressMeasure, members: readonly number[], figures: FigureColumns, now: FigureColumns): number[] {
  const lacking = (...columns: readonly Float64Array[]) =>
    members.filter((index) => columns.some((column) => Number.isNaN(column[index] ?? Number.NaN)));
  switch (measure) {
    case 'balance':
      return lacking(figures.balance);
    case 'balanceChange':
      return lacking(figures.balance, now.balance);
    case 'currMargin':
      return lacking(figures.currMargin);
    case 'available':
      return lacking(figures.available);
    case 'riskDegree':
    case 'exchangeRiskDegree':
      if (sumOf(members, figures.balance) <= 0) return [];
      return lacking(figures.balance, measure === 'riskDegree' ? figures.currMargin : figures.exchangeMargin);
    case 'marginCall':
      return lacking(figures.balance, figures.currMargin);
  }
}

/** Unknown on top, then the worst level in any column, then the lowest balance in any column; names decide between equals. */
function worstFirst(rows: readonly Row[], run: StressRun): Row[] {
  const keyed = rows.map((row) => {
    let severity = 0;
    let balance = Number.POSITIVE_INFINITY;
    let isUnknown = false;
    for (const figures of run.figures) {
      const level = worstLevel(row.members, figures);
      severity = Math.max(severity, severityOf(level));
      const sum = sumOf(row.members, figures.balance);
      // One unknown member makes the whole row unknown, whatever the worst of the others is.
      isUnknown ||= level === LEVEL_CODE.unknown || Number.isNaN(sum);
      balance = Math.min(balance, sum);
    }
    return { row, severity, isUnknown, balance };
  });
  keyed.sort(
    (a, b) =>
      Number(b.isUnknown) - Number(a.isUnknown) ||
      b.severity - a.severity ||
      (a.balance === b.balance || Number.isNaN(a.balance) || Number.isNaN(b.balance) ? 0 : a.balance - b.balance) ||
      compareNames(a.row.label, b.row.label),
  );
  return keyed.map(({ row }) => row);
}
