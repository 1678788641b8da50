/** Writes each message once per encoding, however many clients listen, and reads what clients say. */
import { Packr, Unpackr } from 'msgpackr';
import { clientMessageSchema, FEED_SUBPROTOCOLS, type FeedClientMessage, type FeedEncoding } from '#shared/feed/messages';
import { accept, type Outcome, refuse } from '#shared/refusal';

// Plain maps and 64-bit floats only: decoders in any language can read them.
const packr = new Packr({ useRecords: false, variableMapSize: true });
const unpackr = new Unpackr({ useRecords: false, int64AsType: 'number' });

export function encodingOf(subprotocol: string): FeedEncoding {
  return subprotocol === FEED_SUBPROTOCOLS.msgpack ? 'msgpack' : 'json';
}

export function encode(message: object, encoding: FeedEncoding): string | Buffer {
  return encoding === 'msgpack' ? packr.pack(message) : JSON.stringify(message);
}

/** A message prepared for any number of clients: encoded at the first need, at most once per encoding. */
export type Prepared = { in(encoding: FeedEncoding): string | Buffer };

export function prepare(message: object): Prepared {
  const done: Partial<Record<FeedEncoding, string | Buffer>> = {};
  return {
    in: (encoding) => {
      const ready = done[encoding] ?? encode(message, encoding);
      done[encoding] = ready;
      return ready;
    },
  };
}

/** A client's message, or why it is none. */
export function decode(data: Buffer, isBinary: boolean): Outcome<FeedClientMessage> {
  let raw: unknown;
  try {
    raw = isBinary ? unpackr.unpack(data) : JSON.parse(data.toString('utf8'));
  } catch {
    return refuse('INVALID', `not a ${isBinary ? 'MessagePack' : 'JSON'} message`);
  }
  const parsed = clientMessageSchema.safeParse(raw);
  if (parsed.success) return accept(parsed.data);
  const issue = parsed.error.issues[0];
  return refuse('INVALID', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a client message'}`);
}
