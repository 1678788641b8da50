/**
 * Reads the text of a bilingual CTP settlement statement. A table is believed only when its own count and totals agree with its rows, so
 * a truncated or disturbed file is refused with the line, and nothing of it is used.
 */

import { isCalendarDay } from '#shared/calendar-day';
import { groupBy } from '#shared/group-by';
import { productOf } from '#shared/market/counter/aggregation';
import {
  type ColumnKind,
  DIRECTIONS,
  EXCHANGES,
  HEDGE_FLAGS,
  OFFSET_FLAGS,
  OTHER_SECTION_TITLES,
  REQUIRED_SUMMARY,
  SECTIONS,
  type SectionName,
  SUMMARY_LABELS,
  type SummaryField,
} from '#shared/market/statement/layout';
import type { Statement } from '#shared/market/statement/statement';
import { accept, type Outcome, refuse } from '#shared/refusal';

const MAX_LINES = 2_000_000;
/** Far beyond the widest table; longer text is no statement, and would only be searched through at length. */
const MAX_LINE_LENGTH = 20_000;

/** Carries a refusal out of the nested readers; never leaves this file. */
class StatementFault extends Error {
  readonly field: string;
  constructor(line: number, message: string) {
    super(`line ${line}: ${message}`);
    this.field = `line ${line}`;
  }
}

export function parseStatement(text: string): Outcome<Statement> {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  if (lines.length > MAX_LINES) return refuse('INVALID', `the file has ${lines.length} lines, more than any statement`, 'file');
  const longest = lines.findIndex((line) => line.length > MAX_LINE_LENGTH);
  if (longest >= 0)
    return refuse(
      'INVALID',
      `line ${longest + 1}: ${lines[longest]?.length ?? 0} characters, more than a line of any statement`,
      `line ${longest + 1}`,
    );
  try {
    return accept(readStatement(lines));
  } catch (fault) {
    if (fault instanceof StatementFault) return refuse('INVALID', fault.message, fault.field);
    throw fault;
  }
}

function readStatement(lines: readonly string[]): Statement {
  const statement: Statement = { ...readHeading(lines), account: {}, transactions: [], closes: [], positionsDetail: [], positions: [] };
  const seen = new Set<SectionName>();
  const titles = lines.flatMap((line, index) => (line.includes('Settlement Statement') ? [index + 1] : []));
  if (titles[1] !== undefined) throw new StatementFault(titles[1], 'a second statement begins: a file holds one statement of one client');
  let accountID: string | null = null;
  let hasSummary = false;
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (line.startsWith('|')) throw new StatementFault(index + 1, 'a table row outside any table');
    if (line.includes('Account Summary')) {
      if (hasSummary) throw new StatementFault(index + 1, 'a second account summary: a statement is read for one account in one currency');
      accountID = /AccountID[：:]\s*(\S+)/.exec(line)?.[1] ?? null;
      // Whose statement it is is read from the one; what it is of, from the other.
      if (accountID !== null && accountID !== statement.clientID)
        throw new StatementFault(index + 1, `the account ${accountID} is not that of the client ${statement.clientID} above it`);
      statement.currencyID = currencyOf(line, index + 1);
      index = readSummary(lines, index + 1, statement);
      hasSummary = true;
      continue;
    }
    const section = sectionAt(lines, index);
    if (section === null) continue;
    const table = readTable(lines, index + 1, section, accountID);
    if (section !== 'other') {
      if (seen.has(section)) throw new StatementFault(index + 1, `the section ${SECTIONS[section].title} appears twice`);
      seen.add(section);
      (statement[section] as unknown[]) = table.rows;
    }
    index = table.lastIndex;
  }
  if (!hasSummary) throw new StatementFault(lines.length, 'the file ends without an account summary');
  refuseMissingParts(statement, seen, lines.length);
  refuseLaterDays(statement);
  refuseSecondExchange(statement);
  return statement;
}

function readHeading(lines: readonly string[]): Pick<Statement, 'clientID' | 'clientName' | 'date' | 'basis' | 'currencyID'> {
  const titleAt = lines.findIndex((line) => line.includes('Settlement Statement'));
  if (titleAt < 0) throw new StatementFault(1, 'no title "Settlement Statement": this is not a settlement statement');
  const heading = lines.slice(titleAt, titleAt + 8);
  const find = (pattern: RegExp, what: string): string => {
    for (const line of heading) {
      const value = pattern.exec(line)?.[1]?.trim();
      if (value !== undefined && value !== '') return value;
    }
    throw new StatementFault(titleAt + 1, `no ${what} below the title`);
  };
  const date = find(/(?<!Creation )Date[：:]\s*(\d{8})\b/, 'Date');
  if (!isCalendarDay(date)) throw new StatementFault(titleAt + 1, `the date "${date}" is not a day YYYYMMDD`);
  return {
    clientID: find(/Client ID[：:]\s*(\S+)/, 'Client ID'),
    clientName: find(/Client Name[：:]\s*(.+?)\s*$/, 'Client Name'),
    date,
    basis: heading.some((line) => line.includes('(MTM)')) ? 'mtm' : 'trade',
    currencyID: '',
  };
}

function currencyOf(line: string, lineNumber: number): string {
  const currencyID = /Currency[：:]\s*([A-Z]{3})\b/.exec(line)?.[1];
  if (currencyID === undefined) throw new StatementFault(lineNumber, 'the account summary names no currency');
  return currencyID;
}

/** Two `label：value` pairs a line, up to the first empty line. Returns the index of that line. */
function readSummary(lines: readonly string[], first: number, { account, basis }: Pick<Statement, 'account' | 'basis'>): number {
  let index = first;
  for (; index < lines.length && (lines[index] ?? '').trim() !== ''; index++) {
    const line = lines[index] ?? '';
    if (/^-+$/.test(line.trim())) continue;
    for (const [label, value] of pairsOf(line)) {
      const field = summaryFieldOf(label);
      if (field === null) continue;
      if (account[field] !== undefined) throw new StatementFault(index + 1, `the account summary has a second line ${label}`);
      account[field] = readNumber(value, index + 1, label);
    }
  }
  const profit: SummaryField = basis === 'mtm' ? 'mtmProfit' : 'floatingProfit';
  const missing = [...REQUIRED_SUMMARY, profit].find((field) => account[field] === undefined);
  if (missing !== undefined) throw new StatementFault(index, `the account summary ends without ${missing}`);
  return index;
}

/** What stands before each colon, and the first word after it; the rest is the next label. */
function pairsOf(line: string): [label: string, value: string][] {
  const [first = '', ...parts] = line.split(/[：:]/);
  let label = first.trim();
  return parts.map((part) => {
    const text = part.trim();
    const wordEnd = text.search(/\s/);
    const value = wordEnd < 0 ? text : text.slice(0, wordEnd);
    const pair: [string, string] = [label, value];
    label = text.slice(value.length).trim();
    return pair;
  });
}

function summaryFieldOf(label: string): SummaryField | null {
  const words = label.trim();
  for (const [english, field] of Object.entries(SUMMARY_LABELS)) if (words.endsWith(english)) return field;
  return null;
}

/** A title stands alone on its line with a rule of dashes below it. */
function sectionAt(lines: readonly string[], index: number): SectionName | 'other' | null {
  const title = (lines[index] ?? '').trim();
  if (title === '' || title.startsWith('-') || !/^-{20,}$/.test((lines[index + 1] ?? '').trim()) || !(lines[index + 2] ?? '').startsWith('|'))
    return null;
  for (const name of Object.keys(SECTIONS) as SectionName[]) if (title.endsWith(SECTIONS[name].title)) return name;
  if (OTHER_SECTION_TITLES.some((words) => title.includes(words))) return 'other';
  throw new StatementFault(index + 1, `unknown section "${title.slice(0, 60)}"`);
}

type Table = { rows: Record<string, string | number>[]; lastIndex: number };

function readTable(lines: readonly string[], first: number, section: SectionName | 'other', accountID: string | null): Table {
  const headingAt = first + 2;
  const headings = cellsOf(lines[headingAt] ?? '').map((cell) => cell.replace(/\s+/g, ''));
  const twice = headings.find((heading, at) => heading !== '' && headings.indexOf(heading) !== at);
  if (twice !== undefined && section !== 'other') throw new StatementFault(headingAt + 1, `the table has two columns ${twice}`);
  const rows: Record<string, string | number>[] = [];
  for (let index = headingAt + 1; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (/^-+$/.test(line.trim())) continue;
    if (!line.startsWith('|')) throw new StatementFault(index + 1, 'the table ends without its totals row: the file is truncated or disturbed');
    const cells = cellsOf(line);
    const count = /^共\s*(\d+)\s*条$/.exec(cells[0] ?? '')?.[1];
    if (count !== undefined) {
      if (section !== 'other') checkTotals(section, headings, rows, cells.slice(1), Number(count), index + 1);
      const rule = (lines[first] ?? '').trim();
      if (!line.trimEnd().endsWith('|') || (lines[index + 1] ?? '').trim() !== rule)
        throw new StatementFault(index + 1, 'the table is not closed below its totals row: the file is truncated or disturbed');
      return { rows, lastIndex: index };
    }
    if (cells.length !== headings.length || !line.trimEnd().endsWith('|')) {
      throw new StatementFault(index + 1, `${cells.length} cells where the heading has ${headings.length}`);
    }
    rows.push(section === 'other' ? {} : readRow(section, headings, cells, accountID, index + 1));
  }
  throw new StatementFault(lines.length, 'the file ends inside a table');
}

function cellsOf(line: string): string[] {
  const cells = line.split('|').map((cell) => cell.trim());
  return cells.slice(1, line.trimEnd().endsWith('|') ? -1 : undefined);
}

function readRow(
  section: SectionName,
  headings: readonly string[],
  cells: readonly string[],
  accountID: string | null,
  lineNumber: number,
): Record<string, string | number> {
  const row: Record<string, string | number> = { line: lineNumber };
  const { columns, optional } = SECTIONS[section];
  for (const [heading, [field, kind]] of Object.entries<readonly [string, ColumnKind]>({ ...columns, ...optional })) {
    const at = headings.indexOf(heading);
    if (at < 0 && heading in optional) continue;
    if (at < 0) throw new StatementFault(lineNumber, `the table has no column ${heading}`);
    const cell = cells[at] ?? '';
    if (kind !== 'account') row[field] = readCell(cell, kind, lineNumber, heading);
    else if (accountID !== null && cell !== accountID)
      throw new StatementFault(lineNumber, `the row is of account "${cell}", the summary of ${accountID}`);
  }
  return row;
}

function readCell(cell: string, kind: Exclude<ColumnKind, 'account'>, lineNumber: number, heading: string): string | number {
  if (kind === 'money' || kind === 'price') return readNumber(cell, lineNumber, heading);
  if (kind === 'lots') {
    const lots = readNumber(cell, lineNumber, heading);
    if (!Number.isInteger(lots) || lots < 0) throw new StatementFault(lineNumber, `${heading} "${cell}" is not a number of lots`);
    return lots;
  }
  if (kind === 'date' && !isCalendarDay(cell)) throw new StatementFault(lineNumber, `${heading} "${cell}" is not a day YYYYMMDD`);
  const words = { exchange: EXCHANGES, direction: DIRECTIONS, hedge: HEDGE_FLAGS, offset: OFFSET_FLAGS, date: null, text: null }[kind];
  if (words === null) {
    if (cell === '') throw new StatementFault(lineNumber, `${heading} is empty`);
    return cell;
  }
  const word = Object.hasOwn(words, cell) ? words[cell] : Object.values(words).find((value) => value === cell);
  if (word === undefined) throw new StatementFault(lineNumber, `${heading} "${cell}" is not a known word`);
  return word;
}

function readNumber(text: string, lineNumber: number, what: string): number {
  const isPercent = text.endsWith('%');
  const figure = isPercent ? text.slice(0, -1) : text;
  const digits = /^-?\d{1,3}(,\d{3})+(\.\d+)?$/.test(figure) ? figure.replaceAll(',', '') : figure;
  if (!/^-?\d+(\.\d+)?$/.test(digits) || digits.length > 20) throw new StatementFault(lineNumber, `${what} "${text}" is not a number`);
  return isPercent ? Number(`${digits}e-2`) : Number(digits);
}

/** The totals row merges columns as it likes, so its figures are read by their order: that of the totalled columns in the heading. */
function checkTotals(
  section: SectionName,
  headings: readonly string[],
  rows: Table['rows'],
  cells: readonly string[],
  count: number,
  lineNumber: number,
): void {
  if (count !== rows.length) throw new StatementFault(lineNumber, `the table says ${count} rows and has ${rows.length}`);
  const figures = cells.filter((cell) => cell !== '');
  const totalled = Object.entries<string>(SECTIONS[section].totals)
    .filter(([heading]) => headings.includes(heading))
    .sort(([one], [other]) => headings.indexOf(one) - headings.indexOf(other));
  for (const [at, [heading, field]] of totalled.entries()) {
    const stated = readNumber(figures[at] ?? '', lineNumber, heading);
    const summed = rows.reduce((total, row) => total + Number(row[field]), 0);
    if (Math.abs(stated - summed) > 0.005)
      throw new StatementFault(lineNumber, `${heading} says ${stated} in all, its rows add up to ${summed.toFixed(2)}`);
  }
}

/** A statement speaks of its day and of days before it. */
function refuseLaterDays({ date, transactions, closes, positionsDetail }: Statement): void {
  const days = [
    ...transactions.map(({ line, tradeDate }) => ({ line, day: tradeDate })),
    ...closes.flatMap(({ line, openDate, closeDate }) => [openDate, closeDate].map((day) => ({ line, day }))),
    ...positionsDetail.map(({ line, openDate }) => ({ line, day: openDate })),
  ];
  for (const { line, day } of days) if (day > date) throw new StatementFault(line, `${day} is later than ${date}, the day of the statement`);
}

/** A product is listed on one exchange: the row that says another is the one that most others speak against. */
function refuseSecondExchange({ transactions, closes, positionsDetail }: Statement): void {
  for (const [product, rows] of groupBy([...transactions, ...closes, ...positionsDetail], ({ instrumentID }) => productOf(instrumentID))) {
    const [usual, ...others] = [...groupBy(rows, ({ exchangeID }) => exchangeID)].sort(([, a], [, b]) => b.length - a.length);
    const odd = others.at(-1)?.[1][0];
    if (usual !== undefined && odd !== undefined)
      throw new StatementFault(
        odd.line,
        `${odd.instrumentID} stands under ${odd.exchangeID}, and ${product} under ${usual[0]} on line ${usual[1][0]?.line}`,
      );
  }
}

/** CTP leaves empty sections out, so a missing one is truncation only where another part says that it must exist. */
function refuseMissingParts(statement: Statement, seen: ReadonlySet<SectionName>, lineCount: number): void {
  const { account } = statement;
  const isStated = (...fields: SummaryField[]): boolean => fields.some((field) => (account[field] ?? 0) !== 0);
  const isHeld = isStated('marginOccupied', 'mtmProfit', 'floatingProfit', 'optionValueLong', 'optionValueShort');
  const needed: [SectionName, boolean][] = [
    ['transactions', isStated('commission', 'premiumReceived', 'premiumPaid') || seen.has('closes')],
    ['closes', isStated('realizedProfit')],
    ['positionsDetail', isHeld || seen.has('positions')],
    ['positions', isHeld || seen.has('positionsDetail')],
  ];
  for (const [section, isNeeded] of needed) {
    if (isNeeded && !seen.has(section))
      throw new StatementFault(lineCount, `the file ends without the section ${SECTIONS[section].title}, which the rest of it needs`);
  }
}
