/** Where a scanner of the hot stream puts what it reads: one piece of memory, written anew with every message, and contracts found by the bytes of their names. */
import { contractOf } from '#shared/feed/contracts';
import { QuoteRows, ROW, ROW_LENGTH } from '#shared/feed/quote-rows';

const FIRST_ROWS = 64;

/** Rows are lent until the next message begins: memory of their own for each would cost more than the decoding, in garbage collection alone. */
export class QuoteRowsWriter {
  numbers: Float64Array = unsaid(FIRST_ROWS * ROW_LENGTH);
  /** Where the row that is being written begins. */
  at = 0;
  #count = 0;
  #lent: QuoteRows | null = null;

  /** A message begins: what was lent of the one before it is over. */
  begin(): void {
    this.#lent?.expire();
    this.#lent = null;
    // What is not written stays unknown, also where a message ended in the middle of a row.
    this.numbers.fill(Number.NaN, 0, this.at + ROW_LENGTH);
    this.at = 0;
    this.#count = 0;
  }

  get count(): number {
    return this.#count;
  }

  /** The row at `at` is whole; the next one begins. */
  finishRow(contractNumber: number, mask: number): void {
    this.numbers[this.at + ROW.contract] = contractNumber;
    this.numbers[this.at + ROW.mask] = mask;
    this.at += ROW_LENGTH;
    this.#count += 1;
    if (this.at + ROW_LENGTH > this.numbers.length) this.#enlarge();
  }

  /** The message was right: its rows, for as long as no other message begins. */
  take(): QuoteRows {
    this.#lent = new QuoteRows(this.numbers, this.#count);
    return this.#lent;
  }

  #enlarge(): void {
    const larger = unsaid(this.numbers.length * 2);
    larger.set(this.numbers);
    this.numbers = larger;
  }
}

function unsaid(length: number): Float64Array {
  return new Float64Array(length).fill(Number.NaN);
}

const SLOTS = 4096;
/** Of each slot: both lengths in one, the exchange's eight bytes, the instrument's sixteen. */
const SLOT_LENGTH = 8;
const LONGEST_EXCHANGE = 16;
const LONGEST_INSTRUMENT = 64;

/** Contracts by the bytes of their names, which repeat endlessly: no text is made for one that was met before. ASCII without quotes or escapes only. */
export class ContractNames {
  readonly #slots = new Int32Array(SLOTS * SLOT_LENGTH);
  readonly #numbers = new Int32Array(SLOTS);

  /**
   * The number of the contract whose names lie at these places of `bytes`, of which `view` is a view; -1 when one is empty, too long or not plain
   * ASCII text.
   */
  number(bytes: Uint8Array, view: DataView, exchangeAt: number, exchangeLength: number, instrumentAt: number, instrumentLength: number): number {
    if (exchangeLength > 8 || instrumentLength > 16 || exchangeLength === 0 || instrumentLength === 0)
      return named(bytes, exchangeAt, exchangeLength, instrumentAt, instrumentLength);
    const lengths = (exchangeLength << 8) | instrumentLength;
    // Both ends of a name, which overlap where it is short: each byte is in one of the words.
    const e0 = exchangeLength < 4 ? shortWord(bytes, exchangeAt, exchangeLength) : view.getInt32(exchangeAt, true);
    const e1 = exchangeLength < 4 ? 0 : view.getInt32(exchangeAt + exchangeLength - 4, true);
    const i0 = instrumentLength < 4 ? shortWord(bytes, instrumentAt, instrumentLength) : view.getInt32(instrumentAt, true);
    const i3 = instrumentLength < 4 ? 0 : view.getInt32(instrumentAt + instrumentLength - 4, true);
    const i1 = instrumentLength <= 8 ? 0 : view.getInt32(instrumentAt + 4, true);
    const i2 = instrumentLength <= 8 ? 0 : view.getInt32(instrumentAt + instrumentLength - 8, true);
    let hash = Math.imul(i0 ^ lengths, 0x9e3779b1) ^ Math.imul(i3, 0x85ebca6b) ^ Math.imul(e0 ^ i1, 0xc2b2ae35) ^ Math.imul(e1 ^ i2, 0x27d4eb2f);
    hash ^= hash >>> 15;
    const slot = (hash ^ (hash >>> 7)) & (SLOTS - 1);
    const at = slot * SLOT_LENGTH;
    const slots = this.#slots;
    if (
      slots[at] === lengths &&
      slots[at + 1] === e0 &&
      slots[at + 2] === e1 &&
      slots[at + 3] === i0 &&
      slots[at + 4] === i3 &&
      slots[at + 5] === i1 &&
      slots[at + 6] === i2
    )
      return this.#numbers[slot] as number;
    const number = named(bytes, exchangeAt, exchangeLength, instrumentAt, instrumentLength);
    if (number < 0) return -1;
    slots.set([lengths, e0, e1, i0, i3, i1, i2], at);
    this.#numbers[slot] = number;
    return number;
  }
}

function shortWord(bytes: Uint8Array, from: number, length: number): number {
  let word = 0;
  for (let at = from; at < from + length; at += 1) word = (word << 8) | (bytes[at] as number);
  return word;
}

function named(bytes: Uint8Array, exchangeAt: number, exchangeLength: number, instrumentAt: number, instrumentLength: number): number {
  if (exchangeLength > LONGEST_EXCHANGE || instrumentLength > LONGEST_INSTRUMENT) return -1;
  const exchangeID = asciiText(bytes, exchangeAt, exchangeLength);
  const instrumentID = asciiText(bytes, instrumentAt, instrumentLength);
  return exchangeID === '' || instrumentID === '' ? -1 : contractOf(exchangeID, instrumentID).number;
}

/** Empty when a byte is not plain ASCII text. */
export function asciiText(bytes: Uint8Array, from: number, length: number): string {
  let text = '';
  for (let at = from; at < from + length; at += 1) {
    const byte = bytes[at] as number;
    if (byte < 0x20 || byte > 0x7e) return '';
    text += String.fromCharCode(byte);
  }
  return text;
}
