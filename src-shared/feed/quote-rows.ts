/**
 * Quotes as rows of numbers, which is how the hot stream travels from the socket to the book: no object is made for a quote unless somebody asks for
 * one. A row is the contract's number, the mask of the fields that are there, and the fields; one that is left out is NaN, which no source can say.
 */
import { contractAt, contractOf } from '#shared/feed/contracts';
import { type Quote, SENTINEL_LIMIT } from '#shared/feed/items';

/** Number fields of a quote in the order of a row, with what the schema asks of each. A test holds this list equal to the schema. */
const QUOTE_NUMBER_FIELDS = [
  { name: 'updateTimeMs', rule: 'epochMs' },
  { name: 'lastPrice', rule: 'finite' },
  { name: 'preSettlementPrice', rule: 'finite' },
  { name: 'preClosePrice', rule: 'finite' },
  { name: 'openPrice', rule: 'finite' },
  { name: 'highestPrice', rule: 'finite' },
  { name: 'lowestPrice', rule: 'finite' },
  { name: 'settlementPrice', rule: 'finite' },
  { name: 'upperLimitPrice', rule: 'finite' },
  { name: 'lowerLimitPrice', rule: 'finite' },
  { name: 'averagePrice', rule: 'finite' },
  { name: 'volume', rule: 'nonNegative' },
  { name: 'turnover', rule: 'finite' },
  { name: 'openInterest', rule: 'nonNegative' },
  { name: 'bidPrice1', rule: 'finite' },
  { name: 'bidVolume1', rule: 'nonNegative' },
  { name: 'askPrice1', rule: 'finite' },
  { name: 'askVolume1', rule: 'nonNegative' },
] as const;

const FIELD_COUNT = QUOTE_NUMBER_FIELDS.length;
const LAST_EPOCH_MS = 8.64e15;
const LOWEST = Float64Array.from(QUOTE_NUMBER_FIELDS, ({ rule }) => (rule === 'finite' ? -SENTINEL_LIMIT : -Number.MIN_VALUE));
const HIGHEST = Float64Array.from(QUOTE_NUMBER_FIELDS, ({ rule }) => (rule === 'epochMs' ? LAST_EPOCH_MS + 1 : SENTINEL_LIMIT));

/** Field codes of readers: 0 and 1 are the names, then the numbers from FIRST_NUMBER on, which is also where they begin in a row. */
export const EXCHANGE_FIELD = 0;
export const FIRST_NUMBER = 2;
export const QUOTE_FIELD_NAMES: readonly string[] = ['exchangeID', 'instrumentID', ...QUOTE_NUMBER_FIELDS.map(({ name }) => name)];

/** Places in a row. */
export const ROW_LENGTH = FIRST_NUMBER + FIELD_COUNT;
export const ROW = {
  contract: 0,
  mask: 1,
  updateTimeMs: 2,
  lastPrice: 3,
  preSettlementPrice: 4,
  highestPrice: 7,
  lowestPrice: 8,
  settlementPrice: 9,
  upperLimitPrice: 10,
  lowerLimitPrice: 11,
  averagePrice: 12,
  volume: 13,
  bidPrice1: 16,
  askPrice1: 18,
} as const;

/** Whether the schema takes this value in this column (counted from 0 in QUOTE_NUMBER_FIELDS). Written so that NaN fails. */
export function isInRange(column: number, value: number): boolean {
  return value > (LOWEST[column] as number) && value < (HIGHEST[column] as number);
}

/** Shapes of quotes by mask: a quote is its shape's copy with other numbers, so that all quotes of one source share one hidden class. */
const shapes = new Map<number, Quote>();

function shapeOf(mask: number): Quote {
  let shape = shapes.get(mask);
  if (shape === undefined) {
    // 0.5 rather than 0: a field that starts as a small integer would have to change its representation with the first price.
    const fields: Record<string, unknown> = { exchangeID: '', instrumentID: '' };
    for (let column = 0; column < FIELD_COUNT; column += 1) {
      const field = QUOTE_NUMBER_FIELDS[column];
      if (field !== undefined && (mask & (1 << column)) !== 0) fields[field.name] = 0.5;
    }
    // Through JSON the fields lie inside the object; added one by one they lie outside it, and V8 then clones fifty times slower.
    shape = JSON.parse(JSON.stringify(fields)) as Quote;
    if (shapes.size > 1024) shapes.clear();
    shapes.set(mask, shape);
  }
  return shape;
}

/** The quote that a row stands for. */
export function quoteAt(rows: Float64Array, at: number): Quote {
  const mask = rows[at + ROW.mask] as number;
  const contract = contractAt(rows[at + ROW.contract] as number);
  const quote = { ...shapeOf(mask) };
  quote.exchangeID = contract.exchangeID;
  quote.instrumentID = contract.instrumentID;
  // Written out: a field named by a variable is looked up anew each time.
  quote.updateTimeMs = rows[at + 2] as number;
  if (mask & (1 << 1)) quote.lastPrice = rows[at + 3] as number;
  if (mask & (1 << 2)) quote.preSettlementPrice = rows[at + 4] as number;
  if (mask & (1 << 3)) quote.preClosePrice = rows[at + 5] as number;
  if (mask & (1 << 4)) quote.openPrice = rows[at + 6] as number;
  if (mask & (1 << 5)) quote.highestPrice = rows[at + 7] as number;
  if (mask & (1 << 6)) quote.lowestPrice = rows[at + 8] as number;
  if (mask & (1 << 7)) quote.settlementPrice = rows[at + 9] as number;
  if (mask & (1 << 8)) quote.upperLimitPrice = rows[at + 10] as number;
  if (mask & (1 << 9)) quote.lowerLimitPrice = rows[at + 11] as number;
  if (mask & (1 << 10)) quote.averagePrice = rows[at + 12] as number;
  if (mask & (1 << 11)) quote.volume = rows[at + 13] as number;
  if (mask & (1 << 12)) quote.turnover = rows[at + 14] as number;
  if (mask & (1 << 13)) quote.openInterest = rows[at + 15] as number;
  if (mask & (1 << 14)) quote.bidPrice1 = rows[at + 16] as number;
  if (mask & (1 << 15)) quote.bidVolume1 = rows[at + 17] as number;
  if (mask & (1 << 16)) quote.askPrice1 = rows[at + 18] as number;
  if (mask & (1 << 17)) quote.askVolume1 = rows[at + 19] as number;
  return quote;
}

const NOTHING = new Float64Array(0);

/**
 * Quotes of one message, in order. Those of a live feed are lent: whoever still wants them when the next message comes says `keep` while they are there.
 * Afterwards they are refused, as what lies there by then is something else.
 */
export class QuoteRows {
  #numbers: Float64Array;
  readonly count: number;
  #quotes: Quote[] | null;
  #isKept = false;

  constructor(numbers: Float64Array, count: number, quotes: Quote[] | null = null) {
    this.#numbers = numbers;
    this.count = count;
    this.#quotes = quotes;
  }

  /** The rows, one behind the other from the first number on. Throws when they were lent and are over. */
  get numbers(): Float64Array {
    if (this.#numbers === NOTHING) throw new Error('these quotes were lent for one message and not kept');
    return this.#numbers;
  }

  /** The same as objects, made when they are first asked for. */
  get quotes(): Quote[] {
    if (this.#quotes === null) {
      const { numbers } = this;
      const quotes: Quote[] = [];
      for (let row = 0; row < this.count; row += 1) quotes.push(quoteAt(numbers, row * ROW_LENGTH));
      this.#quotes = quotes;
    }
    return this.#quotes;
  }

  keep(): void {
    if (this.#isKept) return;
    this.#numbers = this.numbers.slice(0, this.count * ROW_LENGTH);
    this.#isKept = true;
  }

  /** Said by whoever lent them. */
  expire(): void {
    if (!this.#isKept) this.#numbers = NOTHING;
  }
}

/** Writes a quote that fits the schema into a row. */
function writeRow(quote: Quote, rows: Float64Array, at: number): void {
  rows[at + ROW.contract] = contractOf(quote.exchangeID, quote.instrumentID).number;
  rows[at + 2] = quote.updateTimeMs ?? Number.NaN;
  rows[at + 3] = quote.lastPrice ?? Number.NaN;
  rows[at + 4] = quote.preSettlementPrice ?? Number.NaN;
  rows[at + 5] = quote.preClosePrice ?? Number.NaN;
  rows[at + 6] = quote.openPrice ?? Number.NaN;
  rows[at + 7] = quote.highestPrice ?? Number.NaN;
  rows[at + 8] = quote.lowestPrice ?? Number.NaN;
  rows[at + 9] = quote.settlementPrice ?? Number.NaN;
  rows[at + 10] = quote.upperLimitPrice ?? Number.NaN;
  rows[at + 11] = quote.lowerLimitPrice ?? Number.NaN;
  rows[at + 12] = quote.averagePrice ?? Number.NaN;
  rows[at + 13] = quote.volume ?? Number.NaN;
  rows[at + 14] = quote.turnover ?? Number.NaN;
  rows[at + 15] = quote.openInterest ?? Number.NaN;
  rows[at + 16] = quote.bidPrice1 ?? Number.NaN;
  rows[at + 17] = quote.bidVolume1 ?? Number.NaN;
  rows[at + 18] = quote.askPrice1 ?? Number.NaN;
  rows[at + 19] = quote.askVolume1 ?? Number.NaN;
  let mask = 0;
  for (let column = 0; column < FIELD_COUNT; column += 1) if (!Number.isNaN(rows[at + FIRST_NUMBER + column])) mask |= 1 << column;
  rows[at + ROW.mask] = mask;
}

/** Quotes that came as objects: from a recording, from a file, or in a message that only the general reader understands. */
export function packQuotes(quotes: Quote[]): QuoteRows {
  const numbers = new Float64Array(quotes.length * ROW_LENGTH);
  for (let row = 0; row < quotes.length; row += 1) writeRow(quotes[row] as Quote, numbers, row * ROW_LENGTH);
  return new QuoteRows(numbers, quotes.length, quotes);
}
