/** A small client of feed protocol v1 for tests: remembers everything it was told and waits for states, never for time. */
import { unpack } from 'msgpackr';
import WebSocket from 'ws';
import type { StreamName } from '#shared/feed/items';
import {
  FEED_PROTOCOL,
  FEED_SUBPROTOCOLS,
  type FeedClientMessage,
  type FeedEncoding,
  type FeedSourceMessage,
  sourceMessageSchema,
} from '#shared/feed/messages';

export type FeedClient = {
  readonly messages: FeedSourceMessage[];
  readonly socket: WebSocket;
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly refusedByUs: string[];
  send(message: FeedClientMessage | object): void;
  /** Resolves with the first message, already here or to come, that fits. */
  until(fits: (message: FeedSourceMessage) => boolean, what: string): Promise<FeedSourceMessage>;
  of(stream: StreamName): FeedSourceMessage[];
  close(): void;
};

export async function openFeedClient(url: string, encoding: FeedEncoding = 'json', hello: object | null = {}): Promise<FeedClient> {
  const socket = new WebSocket(url, [FEED_SUBPROTOCOLS[encoding]]);
  const messages: FeedSourceMessage[] = [];
  const refusedByUs: string[] = [];
  const waiting = new Set<() => void>();
  socket.on('message', (data: Buffer, isBinary) => {
    const raw: unknown = isBinary ? unpack(data) : JSON.parse(data.toString('utf8'));
    const parsed = sourceMessageSchema.safeParse(raw);
    if (parsed.success) messages.push(parsed.data);
    else refusedByUs.push(parsed.error.message);
    if (isBinary !== (encoding === 'msgpack')) refusedByUs.push('a frame of the wrong kind');
    for (const check of [...waiting]) check();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString('utf8') }));
  });
  const send = (message: object): void => socket.send(JSON.stringify(message));
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  if (hello !== null) send({ type: 'hello', protocol: FEED_PROTOCOL, client: 'test', ...hello });
  return {
    messages,
    socket,
    closed,
    refusedByUs,
    send,
    until: (fits, what) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          const found = messages.find(fits);
          if (found === undefined) return;
          clearTimeout(timer);
          waiting.delete(check);
          resolve(found);
        };
        const timer = setTimeout(() => {
          waiting.delete(check);
          reject(new Error(`never came: ${what}; last was ${JSON.stringify(messages.at(-1))?.slice(0, 300)}`));
        }, 10_000);
        waiting.add(check);
        check();
      }),
    of: (stream) => messages.filter((message) => 'stream' in message && message.stream === stream),
    close: () => socket.terminate(),
  };
}
