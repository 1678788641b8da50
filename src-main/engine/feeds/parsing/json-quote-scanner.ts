/**
 * Reads the one message that arrives a hundred thousand times a second, quotes in JSON, without JSON.parse. It understands only the plain case;
 * on anything unusual (escapes, exponents, nulls, nesting, unknown fields, doubt) it returns null and the general reader decides. It must
 * never accept what the general reader would refuse, nor read another value: a property test holds the two equal.
 */
import type { Quote } from '#shared/feed/items';
import type { DataStatement } from '../supervision/statement';
import {
  EXCHANGE_FIELD,
  FIRST_NUMBER,
  findKey,
  isInRange,
  type KeyPattern,
  keyPattern,
  matchesKey,
  NameCache,
  QUOTE_FIELD_NAMES,
  QuoteBuilder,
  SPARE_SLOT,
} from './quote-columns';

const QUOTE_MARK = 0x22;
const COLON = 0x3a;
const COMMA = 0x2c;
const SPACE = 0x20;
const MAX_ITEMS = 20_000;
const MAX_KEYS = 32;

const POWERS_OF_TEN = Float64Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));

const HEADER_KEYS = ['type', 'stream', 'tradingDay', 'sequence', 'sourceTimeMs', 'items'];

/** Keys with their closing mark; the order of the previous item is tried first, so the usual case is one comparison. */
const FIELD_PATTERNS = QUOTE_FIELD_NAMES.map((name, field) => keyPattern(`${name}"`, field));
const HEADER_PATTERNS = HEADER_KEYS.map((name, field) => keyPattern(`${name}"`, field));

export class JsonQuoteScanner {
  readonly #builder = new QuoteBuilder();
  readonly #names = new NameCache();
  readonly #order: KeyPattern[] = [];
  #bytes: Uint8Array = EMPTY;
  #view: DataView = EMPTY_VIEW;
  #at = 0;

  /** The message as a statement, or null when it is not a plain quotes message. */
  scan(bytes: Uint8Array): DataStatement | null {
    // Always a plain Uint8Array: a Buffer here and there would make every read polymorphic.
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = 0;
    const message = this.#message();
    this.#bytes = EMPTY;
    this.#view = EMPTY_VIEW;
    return message;
  }

  #message(): DataStatement | null {
    const bytes = this.#bytes;
    if (bytes[0] !== 0x7b) return null;
    this.#at = 1;
    let seen = 0;
    let tradingDay = '';
    let sequence = -1;
    let sourceTimeMs = -1;
    let items: Quote[] = [];
    for (;;) {
      this.#space();
      if (bytes[this.#at] !== QUOTE_MARK) return null;
      this.#at += 1;
      const pattern = findKey(this.#view, this.#at, this.#bytes.length, HEADER_PATTERNS);
      if (pattern === undefined) return null;
      this.#at += pattern.length;
      if (!this.#colon()) return null;
      const bit = 1 << pattern.field;
      if ((seen & bit) !== 0) return null;
      seen |= bit;
      if (pattern.field === 0) {
        if (this.#string() !== 'data') return null;
      } else if (pattern.field === 1) {
        if (this.#string() !== 'quotes') return null;
      } else if (pattern.field === 2) {
        const text = this.#string();
        if (text === null || !/^\d{8}$/.test(text)) return null;
        tradingDay = text;
      } else if (pattern.field === 3) {
        sequence = this.#headerNumber();
        if (!Number.isSafeInteger(sequence) || sequence < 0) return null;
      } else if (pattern.field === 4) {
        sourceTimeMs = this.#headerNumber();
        if (!(sourceTimeMs >= 0 && sourceTimeMs <= 8.64e15)) return null;
      } else {
        const list = this.#items();
        if (list === null) return null;
        items = list;
      }
      this.#space();
      const byte = bytes[this.#at];
      this.#at += 1;
      if (byte === COMMA) continue;
      if (byte !== 0x7d) return null;
      break;
    }
    if (seen !== 63 || this.#at !== bytes.length) return null;
    return { type: 'data', stream: 'quotes', tradingDay, sequence, sourceTimeMs, items };
  }

  #items(): Quote[] | null {
    const bytes = this.#bytes;
    const items: Quote[] = [];
    if (bytes[this.#at] !== 0x5b) return null;
    this.#at += 1;
    this.#space();
    if (bytes[this.#at] === 0x5d) {
      this.#at += 1;
      return items;
    }
    for (;;) {
      const quote = this.#item();
      if (quote === null || items.length === MAX_ITEMS) return null;
      items.push(quote);
      this.#space();
      const byte = bytes[this.#at];
      this.#at += 1;
      if (byte === 0x5d) return items;
      if (byte !== COMMA) return null;
      this.#space();
    }
  }

  #item(): Quote | null {
    const bytes = this.#bytes;
    const view = this.#view;
    const end = this.#bytes.length;
    const builder = this.#builder;
    const values = builder.values;
    const order = this.#order;
    let mask = 0;
    let exchangeID = '';
    let instrumentID = '';
    let at = this.#at;
    if (bytes[at] !== 0x7b) return null;
    at += 1;
    for (let place = 0; ; place += 1) {
      while (bytes[at] === SPACE) at += 1;
      if (bytes[at] !== QUOTE_MARK) return null;
      at += 1;
      let pattern = order[place];
      if (pattern === undefined || !matchesKey(view, at, end, pattern)) {
        pattern = findKey(view, at, end, FIELD_PATTERNS);
        if (pattern === undefined) return null;
        if (place < MAX_KEYS) order[place] = pattern;
      }
      at += pattern.length;
      while (bytes[at] === SPACE) at += 1;
      if (bytes[at] !== COLON) return null;
      at += 1;
      while (bytes[at] === SPACE) at += 1;
      const field = pattern.field;
      const bit = 1 << field;
      if ((mask & bit) !== 0) return null;
      mask |= bit;
      if (field >= FIRST_NUMBER) {
        const column = field - FIRST_NUMBER;
        at = this.#number(at, column);
        if (at < 0 || !isInRange(column, values[column] as number)) return null;
      } else {
        this.#at = at;
        const text = this.#string();
        if (text === null) return null;
        at = this.#at;
        if (field === EXCHANGE_FIELD) exchangeID = text;
        else instrumentID = text;
      }
      while (bytes[at] === SPACE) at += 1;
      const byte = bytes[at];
      at += 1;
      if (byte === COMMA) continue;
      this.#at = at;
      return byte === 0x7d ? builder.build(mask >>> FIRST_NUMBER, exchangeID, instrumentID) : null;
    }
  }

  #space(): void {
    while (this.#bytes[this.#at] === SPACE) this.#at += 1;
  }

  #colon(): boolean {
    this.#space();
    if (this.#bytes[this.#at] !== COLON) return false;
    this.#at += 1;
    this.#space();
    return true;
  }

  /** NaN when it is not a plain number: every comparison with it fails. */
  #headerNumber(): number {
    const end = this.#number(this.#at, SPARE_SLOT);
    if (end < 0) return Number.NaN;
    this.#at = end;
    return this.#builder.values[SPARE_SLOT] as number;
  }

  /** Plain ASCII text up to 64 characters; null for anything else. */
  #string(): string | null {
    const bytes = this.#bytes;
    if (bytes[this.#at] !== QUOTE_MARK) return null;
    const from = this.#at + 1;
    let end = from;
    for (let byte = bytes[end]; byte !== QUOTE_MARK; byte = bytes[end]) {
      if (byte === undefined || byte === 0x5c || end - from > 64) return null;
      end += 1;
    }
    this.#at = end + 1;
    return this.#names.text(bytes, from, end - from);
  }

  /**
   * A JSON number without exponent. Up to 15 digits are a whole number below 2^53 over a power of ten up to 10^22, so one division rounds right;
   * longer ones go through Number, which reads the same grammar to the same value as JSON.parse. The value goes into a slot of the scratch
   * row; the answer is where the number ends, or -1.
   */
  #number(from: number, slot: number): number {
    const bytes = this.#bytes;
    const values = this.#builder.values;
    let at = from;
    const isNegative = bytes[at] === 0x2d;
    if (isNegative) at += 1;
    const firstDigit = at;
    let mantissa = 0;
    let digit = (bytes[at] as number) - 48;
    while (digit >= 0 && digit <= 9) {
      mantissa = mantissa * 10 + digit;
      at += 1;
      digit = (bytes[at] as number) - 48;
    }
    let digits = at - firstDigit;
    if (digits === 0 || (digits > 1 && bytes[firstDigit] === 48)) return -1;
    let decimals = 0;
    if (bytes[at] === 0x2e) {
      at += 1;
      const firstDecimal = at;
      digit = (bytes[at] as number) - 48;
      while (digit >= 0 && digit <= 9) {
        mantissa = mantissa * 10 + digit;
        at += 1;
        digit = (bytes[at] as number) - 48;
      }
      decimals = at - firstDecimal;
      if (decimals === 0) return -1;
      digits += decimals;
    }
    const next = bytes[at];
    // A number ends here or it is not plain: 'e', 'E' and everything else is left to the general reader.
    if (next !== COMMA && next !== 0x7d && next !== 0x5d && next !== SPACE) return -1;
    if (digits > 40) return -1;
    if (digits > 15) {
      let text = '';
      for (let index = from; index < at; index += 1) text += String.fromCharCode(bytes[index] as number);
      values[slot] = Number(text);
    } else {
      const value = decimals === 0 ? mantissa : mantissa / (POWERS_OF_TEN[decimals] as number);
      values[slot] = isNegative ? -value : value;
    }
    return at;
  }
}

const EMPTY = new Uint8Array(0);
const EMPTY_VIEW = new DataView(new ArrayBuffer(0));
