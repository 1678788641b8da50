/** Reads the rows of a market data file strictly: a bad row is refused with its line number and the rest goes on. */
import { z } from 'zod';
import { LineSource, type LineSourceLimits } from '../recording/line-source';

export type MarketFileKind = 'quotes' | 'trades';
export type QuoteRow = { line: number; msOfDay: number; bid: number; ask: number };
export type TradeRow = { line: number; msOfDay: number; contractMonth: string; price: number; quantity: number };
export type MarketRow = QuoteRow | TradeRow;

export type RowRefusal = { line: number; reason: string };

const HEADERS: Record<MarketFileKind, string> = { quotes: 'ms_of_day,bid,ask', trades: 'ms_of_day,contract_month,price,quantity' };
const LIMITS: LineSourceLimits = { maxLineBytes: 4096, maxRatio: 1000, ratioAfterBytes: 64 * 1024 * 1024, chunkBytes: 64 * 1024 };

/** Number('') is 0 and Number('0x10') is 16: text must look like a decimal number before it is one. */
const decimal = z
  .string()
  .regex(/^-?\d{1,18}(\.\d{1,18})?([eE][+-]?\d{1,3})?$/, 'is not a number')
  .transform(Number);
const msOfDay = decimal.refine((value) => value >= 0 && value < 86_400_000, 'is not a time of day in milliseconds');
const price = decimal.refine((value) => value > 0 && value < 1e9, 'is not a price');

const quoteRow = z.tuple([msOfDay, price, price]);
const tradeRow = z.tuple([
  msOfDay,
  z.string().regex(/^\d{4}(0[1-9]|1[0-2])$/, 'is not a contract month (YYYYMM)'),
  price,
  decimal
    .refine((value) => value > 0, 'is not above zero: no trade')
    .refine((value) => Number.isInteger(value) && value <= 1e9, 'is not a whole quantity'),
]);

export class MarketFile {
  readonly kind: MarketFileKind;
  readonly #file: string;
  rowCount = 0;
  refusedCount = 0;
  /** The first refusals, with their line (the header is line 1). */
  readonly refusals: RowRefusal[] = [];
  /** Why the file could not be read to its end, or at all. */
  failure: string | null = null;

  constructor(file: string, kind: MarketFileKind) {
    this.#file = file;
    this.kind = kind;
  }

  /** The good rows in the order of the file. Each call reads the file anew. */
  async *rows(): AsyncGenerator<MarketRow[], void, undefined> {
    this.rowCount = 0;
    this.refusedCount = 0;
    this.refusals.length = 0;
    const source = new LineSource(this.#file, LIMITS, { isCompressed: this.#file.endsWith('.gz'), mayLackLastNewline: true });
    const columns = HEADERS[this.kind].split(',');
    let line = 0;
    for await (const lines of source.batches()) {
      const rows: MarketRow[] = [];
      for (const raw of lines) {
        line += 1;
        const text = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
        if (line === 1) {
          if (text === HEADERS[this.kind]) continue;
          this.failure = `the first line must be ${HEADERS[this.kind]}`;
          return;
        }
        if (text === '') continue;
        this.rowCount += 1;
        const row = this.#parse(text, line, columns);
        if (row !== null) rows.push(row);
      }
      if (rows.length > 0) yield rows;
    }
    this.failure = source.failure;
  }

  #parse(text: string, line: number, columns: readonly string[]): MarketRow | null {
    const parsed = (this.kind === 'quotes' ? quoteRow : tradeRow).safeParse(text.split(','));
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      const column = columns[Number(issue?.path[0])];
      this.refusedCount += 1;
      if (this.refusals.length < 20)
        this.refusals.push({ line, reason: `${column === undefined ? '' : `${column} `}${issue?.message ?? 'does not fit'}` });
      return null;
    }
    const values = parsed.data;
    return values.length === 3
      ? { line, msOfDay: values[0], bid: values[1], ask: values[2] }
      : { line, msOfDay: values[0], contractMonth: values[1], price: values[2], quantity: values[3] };
  }
}
