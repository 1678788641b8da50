/** Reads reference rows from a CSV file: one header line of field names, one row a line; every refusal names its line and field, and nothing is guessed. */
import type { z } from 'zod';
import { OWN_KINDS, type OwnRowDraft, ownRowDraftSchema } from '#shared/desk/reference-rows/own-row';

type RowFileRefusal = { line: number; field: string; message: string };
type RowFile = { rows: { line: number; draft: OwnRowDraft }[]; refusals: RowFileRefusal[] };

const MAX_FILE_ROWS = 500;
const MAX_REFUSALS = 200;

const MARGIN_RATIOS = ['longMarginRatioByMoney', 'longMarginRatioByVolume', 'shortMarginRatioByMoney', 'shortMarginRatioByVolume'];
const NUMBERS: ReadonlySet<string> = new Set([
  ...['volumeMultiple', 'priceTick', 'maxLimitOrderVolume', 'strikePrice', 'preSettlementPrice'],
  ...MARGIN_RATIOS,
  ...MARGIN_RATIOS.flatMap((ratio) => [`aboveExchange.${ratio}`, `ownTimes.${ratio}`]),
  ...['openRatioByMoney', 'openRatioByVolume', 'closeRatioByMoney', 'closeRatioByVolume', 'closeTodayRatioByMoney', 'closeTodayRatioByVolume'],
]);
const WORDS: ReadonlySet<string> = new Set([
  ...['kind', 'exchangeID', 'productID', 'instrumentID', 'instrumentName', 'productClass', 'currencyID', 'expireDate', 'lifePhase'],
  ...[
    'positionDateType',
    'sessionID',
    'underlyingInstrID',
    'optionsType',
    'method',
    'countedAs',
    'combinationKind',
    'legMargin',
    'layer',
    'investorRange',
    'investorID',
    'hedgeFlag',
  ],
  ...['effectiveFrom', 'effectiveTo', 'citation', 'certainty'],
]);
const PLAIN_NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** `text` as the file has it, with or without a byte order mark. Empty cells are fields that are left out. */
export function readRowFile(text: string): RowFile {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const [header = '', ...rest] = lines;
  const refusals: RowFileRefusal[] = [];
  const names = cellsOf(header)?.map((name) => name.trim()) ?? [];
  for (const name of headerFaults(names)) refusals.push({ line: 1, ...name });
  if (refusals.length > 0) return { rows: [], refusals };
  const filled = rest.map((line, at) => ({ line: at + 2, text: line })).filter((line) => line.text.trim() !== '');
  if (filled.length === 0) return { rows: [], refusals: [{ line: 2, field: '', message: 'there is no row below the header' }] };
  if (filled.length > MAX_FILE_ROWS)
    return { rows: [], refusals: [{ line: filled[MAX_FILE_ROWS]?.line ?? 1, field: '', message: `more than ${MAX_FILE_ROWS} rows` }] };
  const rows: RowFile['rows'] = [];
  for (const { line, text: row } of filled) {
    const read = readLine(names, row);
    if (read.ok) rows.push({ line, draft: read.draft });
    else refusals.push(...read.faults.map((fault) => ({ line, ...fault })));
    if (refusals.length >= MAX_REFUSALS) break;
  }
  return { rows, refusals: refusals.slice(0, MAX_REFUSALS) };
}

function headerFaults(names: readonly string[]): RowFault[] {
  const faults: RowFault[] = [];
  const isField = (name: string): boolean => NUMBERS.has(name) || WORDS.has(name) || name === 'isRelative' || name === 'precedence';
  for (const name of names) if (!isField(name)) faults.push({ field: name.slice(0, 64), message: 'is no field of a reference row' });
  for (const [at, name] of names.entries()) if (names.indexOf(name) < at) faults.push({ field: name, message: 'stands twice in the header' });
  for (const name of ['kind', 'exchangeID', 'effectiveFrom', 'citation', 'certainty'])
    if (!names.includes(name)) faults.push({ field: name, message: 'is missing in the header' });
  return faults;
}

function readLine(names: readonly string[], text: string): ReadRow {
  const cells = cellsOf(text);
  if (cells === null) return { ok: false, faults: [{ field: '', message: 'a quotation mark is not closed' }] };
  if (cells.length > names.length)
    return { ok: false, faults: [{ field: '', message: `has ${cells.length} cells, the header has ${names.length}` }] };
  return readRowTexts(names.map((name, at) => [name, cells[at] ?? '']));
}

export type RowFault = { field: string; message: string };
export type ReadRow = { ok: true; draft: OwnRowDraft } | { ok: false; faults: RowFault[] };

/** A row from its fields as a person typed them or a file has them; a text of nothing is a field that is left out. */
export function readRowTexts(fields: readonly (readonly [name: string, text: string])[]): ReadRow {
  const item: Record<string, unknown> = {};
  const faults: RowFault[] = [];
  let precedence = 'onlyWhereMissing';
  for (const [name, raw] of fields) {
    const text = raw.trim();
    if (text === '') continue;
    if (name === 'precedence') precedence = text;
    else if (name === 'isRelative') {
      if (text === 'true' || text === 'false') item[name] = text === 'true';
      else faults.push({ field: name, message: 'must be true or false' });
    } else if (!NUMBERS.has(name)) item[name] = text;
    else if (PLAIN_NUMBER.test(text)) put(item, name, Number(text));
    else faults.push({ field: name, message: 'must be a number without separators or units' });
  }
  if (faults.length > 0) return { ok: false, faults };
  if (!(OWN_KINDS as readonly unknown[]).includes(item.kind))
    return { ok: false, faults: [{ field: 'kind', message: `must be one of ${OWN_KINDS.join(', ')}` }] };
  const parsed = ownRowDraftSchema.safeParse({ item, precedence });
  return parsed.success ? { ok: true, draft: parsed.data } : { ok: false, faults: parsed.error.issues.map(faultOfIssue) };
}

/** `ownTimes.longMarginRatioByMoney` is a part of `ownTimes`. */
function put(item: Record<string, unknown>, name: string, value: number): void {
  const [field = '', part] = name.split('.');
  if (part === undefined) item[field] = value;
  else item[field] = { ...(item[field] as Record<string, number> | undefined), [part]: value };
}

function faultOfIssue({ path, message }: z.core.$ZodIssue): RowFault {
  return { field: path.filter((part) => part !== 'item').join('.'), message };
}

/** The cells of a line by RFC 4180; null when a quotation mark is not closed. */
function cellsOf(line: string): string[] | null {
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at] as string;
    if (isQuoted) {
      if (character !== '"') cell += character;
      else if (line[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else isQuoted = false;
    } else if (character === '"' && cell.trim() === '') {
      cell = '';
      isQuoted = true;
    } else if (character === ',') {
      cells.push(cell);
      cell = '';
    } else cell += character;
  }
  if (isQuoted) return null;
  return [...cells, cell];
}
