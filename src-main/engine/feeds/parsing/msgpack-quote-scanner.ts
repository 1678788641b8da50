/** Reads quotes in plain MessagePack maps, as adapters in any language write them. */
import { EXCHANGE_FIELD, FIRST_NUMBER, QUOTE_FIELD_NAMES } from '#shared/feed/quote-rows';
import { keyPattern } from './key-pattern';
import { isRight, QuoteScanner } from './quote-scanner';

const TWO_TO_32 = 4_294_967_296;
const HEADER_ENTRIES = 6;

/** Every word of the protocol fits a fixstr, whose head byte belongs to the pattern. */
const fixstr = (text: string, field = 0) => keyPattern(String.fromCharCode(0xa0 | text.length) + text, field);

export class MsgpackQuoteScanner extends QuoteScanner {
  constructor() {
    super({ key: fixstr, text: fixstr });
  }

  protected message(): boolean {
    if (this.#mapSize() !== HEADER_ENTRIES) return false;
    for (let entry = 0; entry < HEADER_ENTRIES; entry += 1) {
      const key = this.headerKey();
      if (key === null || !this.headerValue(key)) return false;
    }
    return true;
  }

  protected items(): boolean {
    const head = this.bytes[this.at];
    let count: number;
    if (head !== undefined && head >= 0x90 && head <= 0x9f) {
      count = head - 0x90;
      this.at += 1;
    } else if (head === 0xdc && this.at + 3 <= this.end) {
      count = this.view.getUint16(this.at + 1);
      this.at += 3;
    } else return false;
    for (let index = 0; index < count; index += 1) if (!this.#item()) return false;
    return true;
  }

  #item(): boolean {
    const { writer } = this;
    const { numbers } = writer;
    const row = writer.at;
    const size = this.#mapSize();
    if (size < 0 || size > QUOTE_FIELD_NAMES.length) return false;
    let mask = 0;
    let exchangeAt = 0;
    let exchangeLength = 0;
    let instrumentAt = 0;
    let instrumentLength = 0;
    let { at } = this;
    for (let place = 0; place < size; place += 1) {
      const pattern = this.quoteKey(at, place);
      if (pattern === null) return false;
      at += pattern.length;
      const field = pattern.field;
      const bit = 1 << field;
      if ((mask & bit) !== 0) return false;
      mask |= bit;
      if (field >= FIRST_NUMBER) {
        at = this.number(at, numbers, row + field);
        if (at < 0 || !isRight(numbers, row, field)) return false;
        continue;
      }
      at = this.text(at);
      if (at < 0) return false;
      if (field === EXCHANGE_FIELD) {
        exchangeAt = this.textAt;
        exchangeLength = this.textLength;
      } else {
        instrumentAt = this.textAt;
        instrumentLength = this.textLength;
      }
    }
    this.at = at;
    return this.finishQuote(mask, exchangeAt, exchangeLength, instrumentAt, instrumentLength);
  }

  #mapSize(): number {
    const head = this.bytes[this.at];
    if (head !== undefined && head >= 0x80 && head <= 0x8f) {
      this.at += 1;
      return head - 0x80;
    }
    if (head === 0xde && this.at + 3 <= this.end) {
      const size = this.view.getUint16(this.at + 1);
      this.at += 3;
      return size;
    }
    return -1;
  }

  protected text(at: number): number {
    const head = this.bytes[at];
    if (head === undefined) return -1;
    if (head >= 0xa0 && head <= 0xbf) {
      this.textLength = head & 31;
      this.textAt = at + 1;
    } else if (head === 0xd9) {
      this.textLength = this.bytes[at + 1] ?? 255;
      this.textAt = at + 2;
    } else return -1;
    const end = this.textAt + this.textLength;
    return end > this.end ? -1 : end;
  }

  protected number(at: number, into: Float64Array, slot: number): number {
    const { view } = this;
    const left = this.end - at;
    const head = this.bytes[at];
    if (head === undefined) return -1;
    if (head === 0xcb && left >= 9) {
      into[slot] = view.getFloat64(at + 1);
      return at + 9;
    }
    if (head <= 0x7f) {
      into[slot] = head;
      return at + 1;
    }
    if (head >= 0xe0) {
      into[slot] = head - 256;
      return at + 1;
    }
    const length =
      head === 0xca ? 5 : head >= 0xcc && head <= 0xcf ? 1 + (1 << (head - 0xcc)) : head >= 0xd0 && head <= 0xd3 ? 1 + (1 << (head - 0xd0)) : 0;
    if (length === 0 || left < length) return -1;
    const value = this.#wide(head, at + 1);
    // Beyond 2^53 a sum of two halves may round differently from another reader: left to the general one.
    if (length === 9 && !Number.isSafeInteger(value)) return -1;
    into[slot] = value;
    return at + length;
  }

  #wide(head: number, at: number): number {
    const { view } = this;
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
}
