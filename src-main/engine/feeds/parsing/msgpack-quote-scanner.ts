/**
 * Reads quotes in plain MessagePack maps straight into quotes, as adapters in any language write them. Understands only the plain case; on anything
 * unusual it returns null and the general reader decides. A property test holds the two equal.
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

const MAX_ITEMS = 20_000;
const TWO_TO_32 = 4_294_967_296;

/** Every key of the protocol fits a fixstr, whose head byte belongs to the pattern. */
const patternOf = (name: string, field: number): KeyPattern => keyPattern(String.fromCharCode(0xa0 | name.length) + name, field);
const FIELD_PATTERNS = QUOTE_FIELD_NAMES.map(patternOf);
const HEADER_PATTERNS = ['type', 'stream', 'tradingDay', 'sequence', 'sourceTimeMs', 'items'].map(patternOf);

export class MsgpackQuoteScanner {
  readonly #builder = new QuoteBuilder();
  readonly #names = new NameCache();
  readonly #order: KeyPattern[] = [];
  #bytes: Uint8Array = EMPTY;
  #view: DataView = EMPTY_VIEW;
  #at = 0;

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
      const pattern = findKey(this.#view, this.#at, this.#bytes.length, HEADER_PATTERNS);
      if (pattern === undefined) return null;
      this.#at += pattern.length;
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
    const view = this.#view;
    const end = this.#bytes.length;
    const builder = this.#builder;
    const values = builder.values;
    const order = this.#order;
    const size = this.#mapSize();
    if (size < 0 || size > QUOTE_FIELD_NAMES.length) return null;
    let mask = 0;
    let exchangeID = '';
    let instrumentID = '';
    let at = this.#at;
    for (let place = 0; place < size; place += 1) {
      let pattern = order[place];
      if (pattern === undefined || !matchesKey(view, at, end, pattern)) {
        pattern = findKey(view, at, end, FIELD_PATTERNS);
        if (pattern === undefined) return null;
        order[place] = pattern;
      }
      at += pattern.length;
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
    }
    this.#at = at;
    return builder.build(mask >>> FIRST_NUMBER, exchangeID, instrumentID);
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

  /** Reads the number at `at` into a slot of the scratch row; the answer is where it ends, or -1. */
  #number(at: number, slot: number): number {
    const view = this.#view;
    const values = this.#builder.values;
    const left = this.#bytes.length - at;
    const head = this.#bytes[at];
    if (head === undefined) return -1;
    if (head === 0xcb && left >= 9) {
      values[slot] = view.getFloat64(at + 1);
      return at + 9;
    }
    if (head <= 0x7f) {
      values[slot] = head;
      return at + 1;
    }
    if (head >= 0xe0) {
      values[slot] = head - 256;
      return at + 1;
    }
    const length =
      head === 0xca ? 5 : head >= 0xcc && head <= 0xcf ? 1 + (1 << (head - 0xcc)) : head >= 0xd0 && head <= 0xd3 ? 1 + (1 << (head - 0xd0)) : 0;
    if (length === 0 || left < length) return -1;
    const value = this.#wide(head, at + 1);
    // Beyond 2^53 a sum of two halves may round differently from another reader: left to the general one.
    if (length === 9 && !Number.isSafeInteger(value)) return -1;
    values[slot] = value;
    return at + length;
  }

  #wide(head: number, at: number): number {
    const view = this.#view;
    switch (head) {
      case 0xca:
        return view.getFloat32(at);
      case 0xcc:
        return view.getUint8(at);
      case 0xcd:
        return view.getUint16(at);
      case 0xce:
        return view.getUint32(at);
      case 0xcf:
        return view.getUint32(at) * TWO_TO_32 + view.getUint32(at + 4);
      case 0xd0:
        return view.getInt8(at);
      case 0xd1:
        return view.getInt16(at);
      case 0xd2:
        return view.getInt32(at);
      default:
        return view.getInt32(at) * TWO_TO_32 + view.getUint32(at + 4);
    }
  }

  /** NaN when there is no number: every comparison with it fails. */
  #headerNumber(): number {
    const end = this.#number(this.#at, SPARE_SLOT);
    if (end < 0) return Number.NaN;
    this.#at = end;
    return this.#builder.values[SPARE_SLOT] as number;
  }
}

const EMPTY = new Uint8Array(0);
const EMPTY_VIEW = new DataView(new ArrayBuffer(0));
