/** Writes a table as CSV or XLSX so that no cell can run as a formula and nothing unknown looks like a zero. */
import writeXlsxFile from 'write-excel-file/node';
import { type FilePlace, type PlacedFile, placeFile } from '#engine/reports/export/place-file';

export type Cell = string | number | boolean | null;
/** `heading` as people read it; cells in the order of the columns. */
export type ExportTable = { name: string; columns: { field: string; heading: string }[]; rows: Cell[][] };

/** What a spreadsheet would take for the beginning of a formula: also behind spaces, and in the full-width forms that East Asian settings accept. */
const FORMULA_START = /^[\t\r\n]|^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/;

/** Text that a spreadsheet could run gets an apostrophe; numbers are numbers and need none. */
export function safeText(text: string): string {
  return FORMULA_START.test(text) ? `'${text}` : text;
}

function csvCell(cell: Cell): string {
  if (cell === null || (typeof cell === 'number' && !Number.isFinite(cell))) return '';
  if (typeof cell !== 'string') return String(cell);
  const text = safeText(cell);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** RFC 4180 with a byte order mark: without it spreadsheets read Chinese as something else. */
export function csvOf(table: ExportTable): string {
  const lines = [table.columns.map(({ heading }) => csvCell(heading)), ...table.rows.map((row) => row.map(csvCell))];
  return `\uFEFF${lines.map((cells) => cells.join(',')).join('\r\n')}\r\n`;
}

type XlsxCell = { value: string | number | boolean; type: StringConstructor | NumberConstructor | BooleanConstructor; fontWeight?: 'bold' } | null;

function xlsxCell(cell: Cell): XlsxCell {
  if (cell === null || (typeof cell === 'number' && !Number.isFinite(cell))) return null;
  if (typeof cell === 'number') return { value: cell, type: Number };
  return typeof cell === 'boolean' ? { value: cell, type: Boolean } : { value: safeText(cell), type: String };
}

/** What the journal was when the file was written, as people compare it: number of entries and first 12 characters of its tree head. Below the table, after an empty line. */
const FINGERPRINT_LABEL = 'journal';

async function xlsxOf(table: ExportTable, fingerprint: string): Promise<Buffer> {
  const heading = table.columns.map((column): XlsxCell => ({ value: safeText(column.heading), type: String, fontWeight: 'bold' }));
  const data = [heading, ...table.rows.map((row) => row.map(xlsxCell)), [null], [xlsxCell(FINGERPRINT_LABEL), xlsxCell(fingerprint)]];
  return writeXlsxFile(data, { sheet: table.name.slice(0, 31), stickyRowsCount: 1 }).toBuffer();
}

export type WrittenFile = PlacedFile & { rowCount: number };

/** Whole or not at all. Throws when the disk refuses. */
export async function writeTable(table: ExportTable, format: 'csv' | 'xlsx', place: FilePlace, fingerprint: string): Promise<WrittenFile> {
  const footer = `\r\n${FINGERPRINT_LABEL},${fingerprint}\r\n`;
  const content = format === 'csv' ? Buffer.from(csvOf(table) + footer, 'utf8') : await xlsxOf(table, fingerprint);
  return { ...(await placeFile(content, format, place)), rowCount: table.rows.length };
}
