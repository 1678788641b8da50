/** Reads quotes in JSON without JSON.parse. Escapes, exponents, nulls, nesting, unknown fields and all doubt are left to the general reader. */
import { EXCHANGE_FIELD, FIRST_NUMBER } from '#shared/feed/quote-rows';
import { keyPattern } from './key-pattern';
import { isRight, QuoteScanner } from './quote-scanner';

const QUOTE_MARK = 0x22;
const COLON = 0x3a;
const COMMA = 0x2c;
const SPACE = 0x20;
const LONGEST_TEXT = 64;

const POWERS_OF_TEN = Float64Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));

export class JsonQuoteScanner extends QuoteScanner {
  constructor() {
    // A key with its closing mark; its opening one has been read.
    super({ key: (name, field) => keyPattern(`${name}"`, field), text: (text) => keyPattern(`"${text}"`, 0) });
  }

  protected message(): boolean {
    const { bytes } = this;
    if (bytes[this.at] !== 0x7b) return false;
    this.at += 1;
    for (;;) {
      this.#space();
      if (bytes[this.at] !== QUOTE_MARK) return false;
      this.at += 1;
      const key = this.headerKey();
      if (key === null || !this.#colon() || !this.headerValue(key)) return false;
      this.#space();
      const byte = bytes[this.at];
      this.at += 1;
      if (byte !== COMMA) return byte === 0x7d;
    }
  }

  protected items(): boolean {
    const { bytes } = this;
    if (bytes[this.at] !== 0x5b) return false;
    this.at += 1;
    this.#space();
    if (bytes[this.at] === 0x5d) {
      this.at += 1;
      return true;
    }
    for (;;) {
      if (!this.#item()) return false;
      this.#space();
      const byte = bytes[this.at];
      this.at += 1;
      if (byte === 0x5d) return true;
      if (byte !== COMMA) return false;
      this.#space();
    }
  }

  #item(): boolean {
    const { bytes, writer } = this;
    const { numbers } = writer;
    const row = writer.at;
    let mask = 0;
    let exchangeAt = 0;
    let exchangeLength = 0;
    let instrumentAt = 0;
    let instrumentLength = 0;
    let { at } = this;
    if (bytes[at] !== 0x7b) return false;
    at += 1;
    for (let place = 0; ; place += 1) {
      while (bytes[at] === SPACE) at += 1;
      if (bytes[at] !== QUOTE_MARK) return false;
      at += 1;
      const pattern = this.quoteKey(at, place);
      if (pattern === null) return false;
      at += pattern.length;
      while (bytes[at] === SPACE) at += 1;
      if (bytes[at] !== COLON) return false;
      at += 1;
      while (bytes[at] === SPACE) at += 1;
      const field = pattern.field;
      const bit = 1 << field;
      if ((mask & bit) !== 0) return false;
      mask |= bit;
      if (field >= FIRST_NUMBER) {
        at = this.number(at, numbers, row + field);
        if (at < 0 || !isRight(numbers, row, field)) return false;
      } else {
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
      while (bytes[at] === SPACE) at += 1;
      const byte = bytes[at];
      at += 1;
      if (byte === COMMA) continue;
      this.at = at;
      return byte === 0x7d && this.finishQuote(mask, exchangeAt, exchangeLength, instrumentAt, instrumentLength);
    }
  }

  #space(): void {
    while (this.bytes[this.at] === SPACE) this.at += 1;
  }

  #colon(): boolean {
    this.#space();
    if (this.bytes[this.at] !== COLON) return false;
    this.at += 1;
    this.#space();
    return true;
  }

  /** Text without escapes; that it is plain ASCII is seen when it is read. */
  protected text(at: number): number {
    const { bytes } = this;
    if (bytes[at] !== QUOTE_MARK) return -1;
    const from = at + 1;
    let end = from;
    for (let byte = bytes[end]; byte !== QUOTE_MARK; byte = bytes[end]) {
      if (byte === undefined || byte === 0x5c || end - from > LONGEST_TEXT) return -1;
      end += 1;
    }
    this.textAt = from;
    this.textLength = end - from;
    return end + 1;
  }

  /**
   * A JSON number without exponent. Up to 15 digits are a whole number below 2^53 over a power of ten up to 10^22, so one division rounds right;
   * longer ones go through Number, which reads the same grammar to the same value as JSON.parse.
   */
  protected number(from: number, into: Float64Array, slot: number): number {
    const { bytes } = this;
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
      into[slot] = Number(text);
    } else {
      const value = decimals === 0 ? mantissa : mantissa / (POWERS_OF_TEN[decimals] as number);
      into[slot] = isNegative ? -value : value;
    }
    return at;
  }
}
