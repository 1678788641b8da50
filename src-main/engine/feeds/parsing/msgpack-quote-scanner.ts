/**
 * Reads quotes in plain MessagePack maps straight into quotes, as adapters in any language write them. Understands only the plain case; on anything
 * unusual it returns null and the general reader decides. A property test holds the two equal.
 */
import type { Quote } from '#shared/feed/items';
import type { DataStatement } from '../supervision/statement';
import {
  EXCHANGE_FIELD,
  FIRST_NUMBER,
  INSTRUMENT_FIELD,
  type KeyPattern,
  keyPattern,
  matchesKey,
  NameCache,
  QUOTE_FIELD_NAMES,
  QuoteRow,
} from './quote-columns';

const MAX_ITEMS = 20_000;
const TWO_TO_32 = 4_294_967_296;

/** Every key of the protocol fits a fixstr, whose head byte belongs to the pattern. */
const patternOf = (name: string, field: number): KeyPattern => keyPattern(String.fromCharCode(0xa0 | name.length) + name, field);
const FIELD_PATTERNS = QUOTE_FIELD_NAMES.map(patternOf);
const HEADER_PATTERNS = ['type', 'stream', 'tradingDay', 'sequence', 'sourceTimeMs', 'items'].map(patternOf);

export class MsgpackQuoteScanner {
  readonly #row = new QuoteRow();
  readonly #names = new NameCache();
  readonly #order: KeyPattern[] = [];
  #bytes: Uint8Array = EMPTY;
  #view: DataView = EMPTY_VIEW;
  #at = 0;
  #number = 0;

  /** The message as a statement, or null when it is not a plain quotes message. Never throws: reading past the end gives null. */
  scan(bytes: Uint8Array): DataStatement | null {
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = 0;
    const message = this.#message();
    this.#bytes = EMPTY;
    this.#view = EMPTY_VIEW;
    return message;
  }

  #message(): DataStatement | null {
    if (this.#mapSize() !== 6) return null;
    let seen = 0;
    let tradingDay = '';
    let sequence = -1;
    let sourceTimeMs = -1;
    let items: Quote[] = [];
    for (let entry = 0; entry < 6; entry += 1) {
      const pattern = this.#findKey(HEADER_PATTERNS);
      if (pattern === null) return null;
      seen |= 1 << pattern.field;
      if (pattern.field === 0) {
        if (this.#string() !== 'data') return null;
      } else if (pattern.field === 1) {
        if (this.#string() !== 'quotes') return null;
      } else if (pattern.field === 2) {
        const text = this.#string();
        if (text === null || !/^\d{8}$/.test(text)) return null;
        tradingDay = text;
      } else if (pattern.field === 3) {
        if (!this.#readNumber() || !Number.isSafeInteger(this.#number) || this.#number < 0) return null;
        sequence = this.#number;
      } else if (pattern.field === 4) {
        if (!this.#readNumber() || !(this.#number >= 0 && this.#number <= 8.64e15)) return null;
        sourceTimeMs = this.#number;
      } else {
        const list = this.#items();
        if (list === null) return null;
        items = list;
      }
    }
    if (seen !== 63 || this.#at !== this.#bytes.length) return null;
    return { type: 'data', stream: 'quotes', tradingDay, sequence, sourceTimeMs, items };
  }

  #items(): Quote[] | null {
    const head = this.#bytes[this.#at];
    let count: number;
    if (head !== undefined && head >= 0x90 && head <= 0x9f) {
      count = head - 0x90;
      this.#at += 1;
    } else if (head === 0xdc && this.#at + 3 <= this.#bytes.length) {
      count = this.#view.getUint16(this.#at + 1);
      this.#at += 3;
    } else return null;
    if (count > MAX_ITEMS) return null;
    const items: Quote[] = [];
    for (let index = 0; index < count; index += 1) {
      const quote = this.#item();
      if (quote === null) return null;
      items.push(quote);
    }
    return items;
  }

  #item(): Quote | null {
    const row = this.#row;
    const order = this.#order;
    const size = this.#mapSize();
    if (size < 0 || size > QUOTE_FIELD_NAMES.length) return null;
    row.clear();
    for (let place = 0; place < size; place += 1) {
      let pattern = order[place];
      if (pattern === undefined || !this.#matches(pattern)) {
        const found = this.#findKey(FIELD_PATTERNS);
        if (found === null) return null;
        pattern = found;
        order[place] = found;
      }
      const field = pattern.field;
      if (field >= FIRST_NUMBER) {
        if (!this.#readNumber() || !row.set(field - FIRST_NUMBER, this.#number)) return null;
      } else {
        const text = this.#string();
        if (text === null) return null;
        if (field === EXCHANGE_FIELD && !row.setExchange(text)) return null;
        if (field === INSTRUMENT_FIELD && !row.setInstrument(text)) return null;
      }
    }
    return row.take();
  }

  #mapSize(): number {
    const head = this.#bytes[this.#at];
    if (head !== undefined && head >= 0x80 && head <= 0x8f) {
      this.#at += 1;
      return head - 0x80;
    }
    if (head === 0xde && this.#at + 3 <= this.#bytes.length) {
      const size = this.#view.getUint16(this.#at + 1);
      this.#at += 3;
      return size;
    }
    return -1;
  }

  #matches(pattern: KeyPattern): boolean {
    if (!matchesKey(this.#view, this.#at, pattern)) return false;
    this.#at += pattern.length;
    return true;
  }

  #findKey(patterns: readonly KeyPattern[]): KeyPattern | null {
    for (const pattern of patterns) if (this.#matches(pattern)) return pattern;
    return null;
  }

  #string(): string | null {
    const bytes = this.#bytes;
    const head = bytes[this.#at];
    if (head === undefined) return null;
    let length: number;
    let from: number;
    if (head >= 0xa0 && head <= 0xbf) {
      length = head & 31;
      from = this.#at + 1;
    } else if (head === 0xd9) {
      length = bytes[this.#at + 1] ?? 255;
      from = this.#at + 2;
    } else return null;
    if (length > 64 || from + length > bytes.length) return null;
    this.#at = from + length;
    return this.#names.text(bytes, from, length);
  }

  #readNumber(): boolean {
    const view = this.#view;
    const at = this.#at;
    const left = this.#bytes.length - at;
    const head = this.#bytes[at];
    if (head === undefined) return false;
    if (head === 0xcb && left >= 9) return this.#set(view.getFloat64(at + 1), 9);
    if (head <= 0x7f) return this.#set(head, 1);
    if (head >= 0xe0) return this.#set(head - 256, 1);
    switch (head) {
      case 0xca:
        return left >= 5 && this.#set(view.getFloat32(at + 1), 5);
      case 0xcc:
        return left >= 2 && this.#set(view.getUint8(at + 1), 2);
      case 0xcd:
        return left >= 3 && this.#set(view.getUint16(at + 1), 3);
      case 0xce:
        return left >= 5 && this.#set(view.getUint32(at + 1), 5);
      case 0xcf:
        return left >= 9 && this.#setLong(view.getUint32(at + 1) * TWO_TO_32 + view.getUint32(at + 5));
      case 0xd0:
        return left >= 2 && this.#set(view.getInt8(at + 1), 2);
      case 0xd1:
        return left >= 3 && this.#set(view.getInt16(at + 1), 3);
      case 0xd2:
        return left >= 5 && this.#set(view.getInt32(at + 1), 5);
      case 0xd3:
        return left >= 9 && this.#setLong(view.getInt32(at + 1) * TWO_TO_32 + view.getUint32(at + 5));
      default:
        return false;
    }
  }

  /** Beyond 2^53 a sum of two halves may round differently from another reader: left to the general one. */
  #setLong(value: number): boolean {
    return Number.isSafeInteger(value) && this.#set(value, 9);
  }

  #set(value: number, length: number): boolean {
    this.#number = value;
    this.#at += length;
    return true;
  }
}

const EMPTY = new Uint8Array(0);
const EMPTY_VIEW = new DataView(new ArrayBuffer(0));
