/** Builds quotes at the speed of the hot stream: fields are collected into one scratch row and become an object of a known shape at once. */
import { type Quote, SENTINEL_LIMIT } from '#shared/feed/items';

/** Number fields of a quote in the order of the scratch row, with what the schema asks of each. A test holds this list equal to the schema. */
export const QUOTE_NUMBER_FIELDS = [
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

/** A slot of the scratch row that belongs to no column. */
export const SPARE_SLOT = FIELD_COUNT;

/** Field codes shared by the scanners: 0 and 1 are the strings, then the numbers from FIRST_NUMBER on. */
export const EXCHANGE_FIELD = 0;

export const FIRST_NUMBER = 2;
export const QUOTE_FIELD_NAMES: readonly string[] = ['exchangeID', 'instrumentID', ...QUOTE_NUMBER_FIELDS.map(({ name }) => name)];

/** Whether the schema takes this value in this column (counted from 0 in QUOTE_NUMBER_FIELDS). Written so that NaN fails. */
export function isInRange(column: number, value: number): boolean {
  return value > (LOWEST[column] as number) && value < (HIGHEST[column] as number);
}

/**
 * Makes quotes out of a row of numbers and a mask of the columns that are there. Shapes already seen are cloned, so that objects of one source
 * share one hidden class and a store is a plain write.
 */
export class QuoteBuilder {
  /** The scratch row: one slot per column, and one spare. */
  readonly values = new Float64Array(FIELD_COUNT + 1);
  readonly #shapes = new Map<number, Quote>();
  #lastMask = -1;
  #lastShape: Quote | null = null;

  /** Null when a required field is missing or a name is empty or too long; the numbers must have been checked. */
  build(mask: number, exchangeID: string, instrumentID: string): Quote | null {
    const exchangeLength = exchangeID.length;
    const instrumentLength = instrumentID.length;
    if (exchangeLength === 0 || exchangeLength > 16 || instrumentLength === 0 || instrumentLength > 64 || (mask & 1) === 0) return null;
    const v = this.values;
    const quote = { ...(mask === this.#lastMask && this.#lastShape !== null ? this.#lastShape : this.#shapeOf(mask)) };
    quote.exchangeID = exchangeID;
    quote.instrumentID = instrumentID;
    quote.updateTimeMs = v[0] as number;
    if (mask & (1 << 1)) quote.lastPrice = v[1] as number;
    if (mask & (1 << 2)) quote.preSettlementPrice = v[2] as number;
    if (mask & (1 << 3)) quote.preClosePrice = v[3] as number;
    if (mask & (1 << 4)) quote.openPrice = v[4] as number;
    if (mask & (1 << 5)) quote.highestPrice = v[5] as number;
    if (mask & (1 << 6)) quote.lowestPrice = v[6] as number;
    if (mask & (1 << 7)) quote.settlementPrice = v[7] as number;
    if (mask & (1 << 8)) quote.upperLimitPrice = v[8] as number;
    if (mask & (1 << 9)) quote.lowerLimitPrice = v[9] as number;
    if (mask & (1 << 10)) quote.averagePrice = v[10] as number;
    if (mask & (1 << 11)) quote.volume = v[11] as number;
    if (mask & (1 << 12)) quote.turnover = v[12] as number;
    if (mask & (1 << 13)) quote.openInterest = v[13] as number;
    if (mask & (1 << 14)) quote.bidPrice1 = v[14] as number;
    if (mask & (1 << 15)) quote.bidVolume1 = v[15] as number;
    if (mask & (1 << 16)) quote.askPrice1 = v[16] as number;
    if (mask & (1 << 17)) quote.askVolume1 = v[17] as number;
    return quote;
  }

  #shapeOf(mask: number): Quote {
    let shape = this.#shapes.get(mask);
    if (shape === undefined) {
      // 0.5 rather than 0: a field that starts as a small integer would have to change its representation with the first price.
      const fields: Record<string, unknown> = { exchangeID: '', instrumentID: '' };
      for (let column = 0; column < FIELD_COUNT; column += 1) {
        const field = QUOTE_NUMBER_FIELDS[column];
        if (field !== undefined && (mask & (1 << column)) !== 0) fields[field.name] = 0.5;
      }
      // Through JSON the fields lie inside the object; added one by one they lie outside it, and V8 then clones fifty times slower.
      shape = JSON.parse(JSON.stringify(fields)) as Quote;
      if (this.#shapes.size > 1024) this.#shapes.clear();
      this.#shapes.set(mask, shape);
    }
    this.#lastMask = mask;
    this.#lastShape = shape;
    return shape;
  }
}

const NAME_SLOTS = 4096;
/** Up to here a name is two numbers, which are compared instead of its bytes. */
const SHORT_NAME = 8;

/** Instrument and exchange names repeat endlessly: found by their bytes again, they cost no new string. ASCII without quotes or escapes only. */
export class NameCache {
  /** Of each slot's short name: its length, its first four bytes, the others. */
  readonly #short = new Int32Array(NAME_SLOTS * 4);
  readonly #shortTexts: string[] = new Array(NAME_SLOTS).fill('');
  readonly #long: ({ bytes: Uint8Array; text: string } | undefined)[] = new Array(NAME_SLOTS);

  /** The text of `length` ASCII bytes at `from`, or null when a byte is not plain ASCII text. */
  text(bytes: Uint8Array, from: number, length: number): string | null {
    if (length > SHORT_NAME) return this.#longText(bytes, from, length);
    let head = 0;
    let tail = 0;
    const half = from + Math.min(length, 4);
    for (let at = from; at < half; at += 1) head = (head << 8) | (bytes[at] as number);
    for (let at = half; at < from + length; at += 1) tail = (tail << 8) | (bytes[at] as number);
    const hash = Math.imul(head, 0x9e3779b1) ^ Math.imul(tail + length, 0x85ebca6b);
    const slot = (hash ^ (hash >>> 16)) & (NAME_SLOTS - 1);
    const known = this.#short;
    const at = slot * 4;
    if (known[at] === length && known[at + 1] === head && known[at + 2] === tail) return this.#shortTexts[slot] as string;
    const text = asciiText(bytes, from, length);
    if (text === null) return null;
    known[at] = length;
    known[at + 1] = head;
    known[at + 2] = tail;
    this.#shortTexts[slot] = text;
    return text;
  }

  #longText(bytes: Uint8Array, from: number, length: number): string | null {
    let hash = length;
    for (let at = 0; at < length; at += 1) hash = (Math.imul(hash, 31) + (bytes[from + at] as number)) | 0;
    const slot = (hash ^ (hash >>> 12)) & (NAME_SLOTS - 1);
    const known = this.#long[slot];
    if (known !== undefined && known.bytes.length === length) {
      let at = 0;
      while (at < length && known.bytes[at] === bytes[from + at]) at += 1;
      if (at === length) return known.text;
    }
    const text = asciiText(bytes, from, length);
    // A copy, never a Buffer's slice: that is a window onto the socket's memory, which the next message overwrites.
    if (text !== null) this.#long[slot] = { bytes: Uint8Array.from(bytes.subarray(from, from + length)), text };
    return text;
  }
}

function asciiText(bytes: Uint8Array, from: number, length: number): string | null {
  let text = '';
  for (let at = from; at < from + length; at += 1) {
    const byte = bytes[at] as number;
    if (byte < 0x20 || byte > 0x7e) return null;
    text += String.fromCharCode(byte);
  }
  return text;
}

/** The bytes of a key in words of four, the last one overlapping: the usual comparison (the key is where it was last time) costs a few loads. */
export type KeyPattern = { field: number; length: number; words: Int32Array; last: number };

/** `text` is ASCII and at least four characters long. */
export function keyPattern(text: string, field: number): KeyPattern {
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  const words = Int32Array.from({ length: (bytes.length - 1) >> 2 }, (_, index) => view.getInt32(index * 4, true));
  return { field, length: bytes.length, words, last: view.getInt32(bytes.length - 4, true) };
}

/** Whether `view` holds the key at `at`; never reads past `end`, which the caller knows (asking a DataView for its length each time is slow). */
export function matchesKey(view: DataView, at: number, end: number, pattern: KeyPattern): boolean {
  const length = pattern.length;
  if (at + length > end || view.getInt32(at + length - 4, true) !== pattern.last) return false;
  const words = pattern.words;
  for (let index = 0; index < words.length; index += 1) if (view.getInt32(at + index * 4, true) !== words[index]) return false;
  return true;
}

/** The key at `at`, when it is one of these. */
export function findKey(view: DataView, at: number, end: number, patterns: readonly KeyPattern[]): KeyPattern | undefined {
  for (const pattern of patterns) if (matchesKey(view, at, end, pattern)) return pattern;
  return undefined;
}
