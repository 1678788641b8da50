/** Turns one received frame into one statement, whatever bytes arrive: a bad message is refused with its reason and never thrown. */
import { isUtf8 } from 'node:buffer';
import { Unpackr } from 'msgpackr';
import { z } from 'zod';
import {
  dataSchema,
  heartbeatSchema,
  snapshotBeginSchema,
  snapshotEndSchema,
  snapshotSchema,
  sourceRefusalSchema,
  welcomeSchema,
} from '#shared/feed/messages';
import type { Statement } from '../supervision/statement';
import { JsonQuoteScanner } from './json-quote-scanner';
import { lookOverMsgpack } from './msgpack-guard';
import { MsgpackQuoteScanner } from './msgpack-quote-scanner';
import { type Complaints, parseItems } from './parse-items';
import { maskUnreadable, unreadableField } from './unreadable-text';

const schemaByType: Record<string, z.ZodType> = {
  welcome: welcomeSchema,
  heartbeat: heartbeatSchema,
  data: dataSchema,
  snapshotBegin: snapshotBeginSchema,
  snapshot: snapshotSchema,
  snapshotEnd: snapshotEndSchema,
  refusal: sourceRefusalSchema,
};
const typed = z.object({ type: z.string() });

/** One reader per connection: it learns the order in which its source writes fields. */
export class MessageReader {
  readonly #jsonQuotes = new JsonQuoteScanner();
  readonly #msgpackQuotes = new MsgpackQuoteScanner();
  readonly #unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true, int64AsType: 'number' });

  /** The statement, or null when the whole message was refused; complaints say why, also about single items. */
  read(bytes: Uint8Array, isBinary: boolean, complaints: Complaints): Statement | null {
    const quick = isBinary ? this.#msgpackQuotes.scan(bytes) : this.#jsonQuotes.scan(bytes);
    if (quick !== null) return quick;
    let value: unknown;
    let isReadable: boolean;
    try {
      if (isBinary) {
        const { refusal, unreadable } = lookOverMsgpack(bytes);
        if (refusal !== null) {
          complaints.add(null, `MessagePack refused: ${refusal}`, bytes);
          return null;
        }
        isReadable = unreadable.length === 0;
        value = this.#unpackr.unpack(isReadable ? bytes : maskUnreadable(bytes, unreadable));
      } else {
        isReadable = isUtf8(bytes);
        value = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
      }
    } catch (error) {
      complaints.add(null, `message cannot be decoded: ${error instanceof Error ? error.message : 'unknown'}`, bytes);
      return null;
    }
    return this.#statement(value, isReadable, bytes, complaints);
  }

  #statement(value: unknown, isReadable: boolean, bytes: Uint8Array, complaints: Complaints): Statement | null {
    const type = typed.safeParse(value);
    const schema = type.success && Object.hasOwn(schemaByType, type.data.type) ? schemaByType[type.data.type] : undefined;
    if (schema === undefined) {
      complaints.add(null, type.success ? `unknown message type ${JSON.stringify(type.data.type.slice(0, 40))}` : 'message has no type', bytes);
      return null;
    }
    const parsed = schema.safeParse(value);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      const path = issue?.path.map(String).join('.') ?? '';
      complaints.add(null, `${type.success ? type.data.type : ''} message refused: ${path}: ${issue?.message ?? ''}`, bytes);
      return null;
    }
    const message = parsed.data as z.infer<typeof dataSchema> | z.infer<typeof snapshotSchema> | Exclude<Statement, { items: unknown }>;
    if (message.type !== 'data' && message.type !== 'snapshot') {
      const field = isReadable ? null : unreadableField(message);
      if (field === null) return message;
      complaints.add(null, `${message.type} message refused: ${field}: the text is not UTF-8`, bytes);
      return null;
    }
    const items = parseItems(message.stream, message.items, complaints, isReadable);
    const refused = complaints.refused.length === 0 ? {} : { refused: complaints.refused };
    return message.type === 'data' ? { ...message, items, ...refused } : { ...message, items, ...refused, receivedCount: message.items.length };
  }
}
