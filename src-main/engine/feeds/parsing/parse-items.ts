/** Parses items one by one with their stream's schema: a bad item costs only itself, and a person can see why. */
import type { z } from 'zod';
import { contractOf } from '#shared/feed/contracts';
import { itemSchemaByStream, type Quote, quoteSchema, type StreamName } from '#shared/feed/items';
import { FIRST_NUMBER, isInRange, QUOTE_FIELD_NAMES, quoteAt, ROW, ROW_LENGTH } from '#shared/feed/quote-rows';
import { type RefusedItem, refusedItem } from '#shared/feed/refused';
import { unreadableField } from './unreadable-text';

export type Complaint = { stream: string | null; reason: string; sample: string };

/** Complaints of one message that are shown to people; the rest is only counted. */
const MAX_COMPLAINTS_PER_MESSAGE = 20;
const SAMPLE_LENGTH = 400;

/** Complaints collected while reading one message. */
export class Complaints {
  readonly shown: Complaint[] = [];
  /** Items that were refused but say what they are about, in order. */
  readonly refused: RefusedItem[] = [];
  count = 0;

  add(stream: string | null, reason: string, sample: unknown): void {
    this.count += 1;
    if (this.shown.length < MAX_COMPLAINTS_PER_MESSAGE) this.shown.push({ stream, reason: reason.slice(0, SAMPLE_LENGTH), sample: sampleOf(sample) });
  }
}

/** A short, printable picture of whatever arrived: never longer than 400 characters, never throws, never walks deep. */
export function sampleOf(value: unknown): string {
  try {
    if (value instanceof Uint8Array) {
      const head = Buffer.from(value.buffer, value.byteOffset, Math.min(value.byteLength, SAMPLE_LENGTH)).toString('utf8');
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not reach a screen or a log.
      return head.replace(/[\u0000-\u001f\u007f-\u009f\ufffd]/g, '.').slice(0, SAMPLE_LENGTH);
    }
    const text = typeof value === 'string' ? value.slice(0, SAMPLE_LENGTH) : JSON.stringify(shallow(value, 0));
    return (text ?? String(value)).slice(0, SAMPLE_LENGTH);
  } catch {
    return 'not printable';
  }
}

/** Cuts width and depth before printing: the sample of a hostile item must be cheap. */
function shallow(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value.slice(0, 80);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return Number.isNaN(value) ? 'NaN' : value;
  if (depth >= 3) return '…';
  if (Array.isArray(value)) return value.slice(0, 5).map((part) => shallow(part, depth + 1));
  const fields: [string, unknown][] = [];
  for (const name in value) {
    if (fields.length >= 24) break;
    fields.push([name.slice(0, 40), shallow((value as Record<string, unknown>)[name], depth + 1)]);
  }
  return Object.fromEntries(fields);
}

function reasonOf(error: z.ZodError): string {
  const issue = error.issues[0];
  const path = issue?.path.map(String).join('.') ?? '';
  return `${path === '' ? 'item' : path}: ${issue?.message ?? 'does not fit the schema'}`;
}

const NUMBER_COLUMN = new Map(QUOTE_FIELD_NAMES.slice(FIRST_NUMBER).map((name, column) => [name, column]));
const row = new Float64Array(ROW_LENGTH);

/** The quote when it is plainly right; null when it is wrong or unusual, and the schema has to say. */
export function quickQuote(value: unknown): Quote | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const fields = value as Record<string, unknown>;
  let mask = 0;
  let exchangeID = '';
  let instrumentID = '';
  for (const name in fields) {
    const field = fields[name];
    if (typeof field === 'number') {
      const column = NUMBER_COLUMN.get(name);
      if (column === undefined || !isInRange(column, field)) return null;
      mask |= 1 << column;
      row[FIRST_NUMBER + column] = field;
    } else if (typeof field === 'string') {
      if (name === 'exchangeID') exchangeID = field;
      else if (name === 'instrumentID') instrumentID = field;
      else return null;
    } else return null;
  }
  const areNamed = exchangeID !== '' && exchangeID.length <= 16 && instrumentID !== '' && instrumentID.length <= 64;
  if (!areNamed || (mask & 1) === 0) return null;
  row[ROW.contract] = contractOf(exchangeID, instrumentID).number;
  row[ROW.mask] = mask;
  return quoteAt(row, 0);
}

/** What of an item can be believed when some of its text was not UTF-8: a name that could not be read names nothing. */
function readableOf(item: unknown): unknown {
  if (typeof item !== 'object' || item === null) return item;
  return Object.fromEntries(Object.entries(item).filter(([, field]) => unreadableField(field) === null));
}

/** Items that fit, in order; the others become complaints. In a message that is not `isReadable` some text was not UTF-8. Never throws. */
export function parseItems(stream: StreamName, items: readonly unknown[], complaints: Complaints, isReadable = true): unknown[] {
  const schema: z.ZodType = stream === 'quotes' ? quoteSchema : itemSchemaByStream[stream];
  const good: unknown[] = [];
  for (const item of items) {
    if (isReadable && stream === 'quotes') {
      const quote = quickQuote(item);
      if (quote !== null) {
        good.push(quote);
        continue;
      }
    }
    try {
      const parsed = schema.safeParse(item);
      const unreadable = parsed.success && !isReadable ? unreadableField(parsed.data) : null;
      if (parsed.success && unreadable === null) {
        good.push(parsed.data);
        continue;
      }
      const reason = unreadable === null ? reasonOf(parsed.error as z.ZodError) : `${unreadable}: the text is not UTF-8`;
      complaints.add(stream, reason, item);
      const refused = refusedItem(stream, unreadable ?? String(parsed.error?.issues[0]?.path[0] ?? ''), isReadable ? item : readableOf(item));
      if (refused !== null) complaints.refused.push(refused);
    } catch (error) {
      complaints.add(stream, `item could not be read: ${error instanceof Error ? error.message : 'unknown'}`, item);
    }
  }
  return good;
}
