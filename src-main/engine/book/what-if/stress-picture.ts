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
  shown.forEach((row, at) => {
    run.figures.forEach((figures, column) => {
      values[at * width + column] = measureOf(params.measure, row.members, figures, run.now);
      levels[at * width + column] = worstLevel(row.members, figures);
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
    })),
    totalRows: rows.length,
    values,
    levels,
    summaries: outcome.summaries,
    now: outcome.now,
    currencies: currenciesOf(book, accountFilter(book, params.scope)),
    computedAtMs: run.computedAtMs,
    computedInMs: run.computedInMs,
    marketAsOfMs: run.marketAsOfMs,
    missing,
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

/** Unknown on top, then the worst level in any column, then the lowest balance in any column; names decide between equals. */
function worstFirst(rows: readonly Row[], run: StressRun): Row[] {
  const keyed = rows.map((row) => {
    let severity = 0;
    let balance = Number.POSITIVE_INFINITY;
    let isUnknown = false;
    for (const figures of run.figures) {
      const level = worstLevel(row.members, figures);
      severity = Math.max(severity, severityOf(level));
      isUnknown ||= level === LEVEL_CODE.unknown;
      balance = Math.min(balance, sumOf(row.members, figures.balance));
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
