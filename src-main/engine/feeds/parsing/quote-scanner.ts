/**
 * What both readers of the hot stream do: a message of quotes is read straight from its bytes into rows. They understand only the plain case; on anything
 * unusual they answer null and the general reader decides. They must never accept what that would refuse, nor read another value: a property test
 * holds them equal.
 */
import { isCalendarDay } from '#shared/calendar-day';
import type { Quote } from '#shared/feed/items';
import { FIRST_NUMBER, isInRange, QUOTE_FIELD_NAMES, type QuoteRows } from '#shared/feed/quote-rows';
import type { DataStatement } from '../supervision/statement';
import { findKey, type KeyPattern, matchesKey } from './key-pattern';
import { asciiText, ContractNames, QuoteRowsWriter } from './quote-rows-writer';

const MAX_ITEMS = 20_000;
const DAY_LENGTH = 8;
const HEADER_KEYS = ['type', 'stream', 'tradingDay', 'sequence', 'sourceTimeMs', 'items'];
const ALL_HEADER_KEYS = 2 ** HEADER_KEYS.length - 1;
const EMPTY = new Uint8Array(0);
const EMPTY_VIEW = new DataView(new ArrayBuffer(0));

/** A message of quotes; its items are made of its rows when somebody asks for them. */
class QuotesStatement implements DataStatement {
  readonly type = 'data';
  readonly stream = 'quotes';
  readonly tradingDay: string;
  readonly sequence: number;
  readonly sourceTimeMs: number;
  readonly rows: QuoteRows;

  constructor(tradingDay: string, sequence: number, sourceTimeMs: number, rows: QuoteRows) {
    this.tradingDay = tradingDay;
    this.sequence = sequence;
    this.sourceTimeMs = sourceTimeMs;
    this.rows = rows;
  }

  get items(): Quote[] {
    return this.rows.quotes;
  }
}

/** How one encoding writes keys and the two words that a message of quotes must say. */
type Spelling = { key: (name: string, field: number) => KeyPattern; text: (text: string) => KeyPattern };

export abstract class QuoteScanner {
  protected readonly writer = new QuoteRowsWriter();
  protected bytes: Uint8Array = EMPTY;
  protected view: DataView = EMPTY_VIEW;
  /** Where the message is read, and where it ends, in `bytes`. */
  protected at = 0;
  protected end = 0;
  /** Of the text last read: where its characters are. */
  protected textAt = 0;
  protected textLength = 0;
  /** What `number` is told to write to when it is not a field of a quote. */
  protected readonly spare = new Float64Array(1);
  readonly #names = new ContractNames();
  readonly #fields: readonly KeyPattern[];
  readonly #header: readonly KeyPattern[];
  readonly #data: KeyPattern;
  readonly #quotes: KeyPattern;
  /** The keys of the item before, in their order: nearly always this one's too. */
  readonly #order: KeyPattern[] = [];
  #seen = 0;
  #tradingDay = '';
  #sequence = -1;
  #sourceTimeMs = -1;

  constructor({ key, text }: Spelling) {
    this.#fields = QUOTE_FIELD_NAMES.map(key);
    this.#header = HEADER_KEYS.map(key);
    this.#data = text('data');
    this.#quotes = text('quotes');
  }

  /** The message as a statement, or null when it is not a plain message of quotes. Never throws: reading past the end gives null. */
  scan(bytes: Uint8Array): DataStatement | null {
    // Views of all the memory that the socket reads into: many messages lie in it, one behind the other, and a view of its own for each is slow.
    if (this.view.buffer !== bytes.buffer) {
      this.bytes = new Uint8Array(bytes.buffer);
      this.view = new DataView(bytes.buffer);
    }
    this.at = bytes.byteOffset;
    this.end = bytes.byteOffset + bytes.byteLength;
    this.#seen = 0;
    this.writer.begin();
    // Whatever was read beyond the end belongs to another message: then this one was not whole.
    const isRead = this.message() && this.#seen === ALL_HEADER_KEYS && this.at === this.end;
    return isRead ? new QuotesStatement(this.#tradingDay, this.#sequence, this.#sourceTimeMs, this.writer.take()) : null;
  }

  /** Reads the whole message, calling `headerKey` and `headerValue` for each of its entries; false when it is not plain. */
  protected abstract message(): boolean;
  /** Reads the list of quotes, calling `quoteKey`, `quoteValue` and `finishQuote`. */
  protected abstract items(): boolean;
  /** Sets `textAt` and `textLength` to the plain text at `at` and answers where it ends, or -1. */
  protected abstract text(at: number): number;
  /** Reads the number at `at` into `into[slot]` and answers where it ends, or -1. */
  protected abstract number(at: number, into: Float64Array, slot: number): number;

  /** Reads a key of the message; null when it is unknown or was there before. */
  protected headerKey(): KeyPattern | null {
    const pattern = findKey(this.view, this.at, this.end, this.#header);
    if (pattern === undefined) return null;
    const bit = 1 << pattern.field;
    if ((this.#seen & bit) !== 0) return null;
    this.#seen |= bit;
    this.at += pattern.length;
    return pattern;
  }

  protected headerValue({ field }: KeyPattern): boolean {
    switch (field) {
      case 0:
        return this.#is(this.#data);
      case 1:
        return this.#is(this.#quotes);
      case 2:
        return this.#day();
      case 3:
        this.#sequence = this.#plainNumber();
        return Number.isSafeInteger(this.#sequence) && this.#sequence >= 0;
      case 4:
        this.#sourceTimeMs = this.#plainNumber();
        return this.#sourceTimeMs >= 0 && this.#sourceTimeMs <= 8.64e15;
      default:
        return this.items();
    }
  }

  /** The key at `at` of a quote's entry at this place; null when it is none. */
  protected quoteKey(at: number, place: number): KeyPattern | null {
    const expected = this.#order[place];
    const { end } = this;
    if (expected !== undefined && matchesKey(this.view, at, end, expected)) return expected;
    const pattern = findKey(this.view, at, end, this.#fields);
    if (pattern === undefined) return null;
    if (place < QUOTE_FIELD_NAMES.length) this.#order[place] = pattern;
    return pattern;
  }

  /** Ends the row whose fields `mask` names (by field code) and whose names lie at these places; false when the schema would refuse it. */
  protected finishQuote(mask: number, exchangeAt: number, exchangeLength: number, instrumentAt: number, instrumentLength: number): boolean {
    const NEEDED = 0b111;
    const { writer } = this;
    if ((mask & NEEDED) !== NEEDED || writer.count === MAX_ITEMS) return false;
    const contract = this.#names.number(this.bytes, this.view, exchangeAt, exchangeLength, instrumentAt, instrumentLength);
    if (contract < 0) return false;
    writer.finishRow(contract, mask >>> FIRST_NUMBER);
    return true;
  }

  #is(text: KeyPattern): boolean {
    if (!matchesKey(this.view, this.at, this.end, text)) return false;
    this.at += text.length;
    return true;
  }

  #day(): boolean {
    const end = this.text(this.at);
    if (end < 0 || this.textLength !== DAY_LENGTH) return false;
    this.at = end;
    const known = this.#tradingDay;
    let index = 0;
    while (index < DAY_LENGTH && this.bytes[this.textAt + index] === known.charCodeAt(index)) index += 1;
    if (index === DAY_LENGTH) return true;
    const text = asciiText(this.bytes, this.textAt, DAY_LENGTH);
    if (!isCalendarDay(text)) return false;
    this.#tradingDay = text;
    return true;
  }

  /** NaN when there is no plain number: every comparison with it fails. */
  #plainNumber(): number {
    const end = this.number(this.at, this.spare, 0);
    if (end < 0) return Number.NaN;
    this.at = end;
    return this.spare[0] as number;
  }
}

/** Whether the schema takes the value in a field of the row that begins at `row`. */
export function isRight(numbers: Float64Array, row: number, field: number): boolean {
  return isInRange(field - FIRST_NUMBER, numbers[row + field] as number);
}
