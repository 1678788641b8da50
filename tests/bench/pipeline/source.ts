/** The other end of the pipeline bench, in a process of its own: a feed that serves a random book and then sends quotes at a pace, or as fast as it is taken. */
import { once } from 'node:events';
import process from 'node:process';
import { Packr } from 'msgpackr';
import { type WebSocket, WebSocketServer } from 'ws';
import { STREAM_NAMES, type StreamName } from '#shared/feed/items';
import { FEED_PROTOCOL, FEED_SUBPROTOCOLS } from '#shared/feed/messages';
import { FIXTURE_DAY, seededRandom } from '#tests/bench/book-fixture';
import { makeDesk, QUOTES_PER_MESSAGE } from '#tests/bench/pipeline/plan';

type Command = { type: 'pace'; ticksPerSecond: number; seconds: number } | { type: 'flood'; messages: number } | { type: 'go' };
type Encode = (message: unknown) => string | Uint8Array;

const CHUNK = 10_000;
const packr = new Packr({ useRecords: false });
const fixture = makeDesk();
const random = seededRandom(2);
const prices = fixture.quotes.map((quote) => quote.lastPrice ?? 0);
let sequence = 0;

/** The machine's monotonic clock, which both processes share; sent as the source time so that the receiver can take the difference. */
function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

function nextItems(): unknown[] {
  return Array.from({ length: QUOTES_PER_MESSAGE }, () => {
    const at = Math.floor(random() * prices.length);
    const quote = fixture.quotes[at];
    const tick = (quote?.preSettlementPrice ?? 1) < 1000 ? 0.02 : 1;
    prices[at] = Math.round(((prices[at] ?? 0) + (Math.floor(random() * 5) - 2) * tick) * 100) / 100;
    return { ...quote, lastPrice: prices[at], updateTimeMs: Date.now() };
  });
}

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: (offered) => [...offered][0] ?? false });
await once(server, 'listening');
const address = server.address();
process.send?.({ type: 'listening', port: typeof address === 'object' ? address?.port : 0 });

server.on('connection', (socket) => {
  const isPacked = socket.protocol === FEED_SUBPROTOCOLS.msgpack;
  const encode: Encode = (message) => (isPacked ? packr.pack(message) : JSON.stringify(message));
  const send = (message: unknown) => socket.send(encode(message));
  const data = (): Record<string, unknown> => {
    sequence += 1;
    return { type: 'data', stream: 'quotes', tradingDay: FIXTURE_DAY, sequence, sourceTimeMs: monotonicMs(), items: nextItems() };
  };
  socket.on('message', (bytes: Buffer) => {
    const message = (isPacked ? packr.unpack(bytes) : JSON.parse(String(bytes))) as { type: string };
    if (message.type === 'hello') {
      send({
        type: 'welcome',
        protocol: FEED_PROTOCOL,
        source: 'bench',
        simulated: true,
        demonstration: false,
        sourceTimeMs: monotonicMs(),
        tradingDay: FIXTURE_DAY,
        heartbeatIntervalMs: 120_000,
        streams: STREAM_NAMES,
      });
    }
    if (message.type === 'subscribe') for (const stream of STREAM_NAMES) sendSnapshot(stream, send);
  });
  process.removeAllListeners('message');
  process.on('message', (command: Command) => {
    if (command.type === 'pace') void pace(command, socket, () => packr.pack({ ...data(), sourceTimeMs: TIME_TO_COME }));
    else if (command.type === 'flood') void flood(command.messages, socket, () => encode(data()));
  });
});

function sendSnapshot(stream: StreamName, send: (message: unknown) => void): void {
  const items: Partial<Record<StreamName, unknown[]>> = {
    reference: fixture.reference,
    quotes: fixture.quotes,
    accounts: fixture.accounts,
    positions: [...fixture.slices, ...fixture.details],
  };
  const mark = { stream, tradingDay: FIXTURE_DAY, sequence: 0, sourceTimeMs: monotonicMs() };
  const all = items[stream] ?? [];
  send({ type: 'snapshotBegin', ...mark, reason: 'subscribed' });
  for (let first = 0; first < all.length; first += CHUNK) send({ type: 'snapshot', stream, items: all.slice(first, first + CHUNK) });
  send({ type: 'snapshotEnd', ...mark, count: all.length });
}

/** Stands in a packed message for the time at which it is sent, as eight bytes that occur nowhere else. */
const TIME_TO_COME = 1.000_000_123_456_789;
const timeToCome = Buffer.alloc(8);
timeToCome.writeDoubleBE(TIME_TO_COME);

/**
 * Even spacing: each message is encoded beforehand, given its time and sent when it is due, for what a source that sends in bursts makes wait is
 * not the receiver's latency. A thread that sleeps until then wakes within a tenth of a millisecond; a timer of the event loop does not.
 */
async function pace(
  { ticksPerSecond, seconds }: { ticksPerSecond: number; seconds: number },
  socket: WebSocket,
  encodeOne: () => Buffer,
): Promise<void> {
  const messages = Array.from({ length: (ticksPerSecond * seconds) / QUOTES_PER_MESSAGE }, () => {
    const bytes = Buffer.from(encodeOne());
    return { bytes, timeAt: bytes.indexOf(timeToCome) };
  });
  const asked = messageOf('go');
  process.send?.({ type: 'encoded' });
  await asked;
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  const everyMs = (1000 * QUOTES_PER_MESSAGE) / ticksPerSecond;
  const latenessMs = new Float64Array(messages.length);
  const startedMs = monotonicMs();
  for (const [index, { bytes, timeAt }] of messages.entries()) {
    const dueMs = startedMs + index * everyMs;
    for (let leftMs = dueMs - monotonicMs(); leftMs > 0; leftMs = dueMs - monotonicMs()) {
      // What the socket could not take at once is written by the event loop.
      await new Promise((resolve) => setImmediate(resolve));
      if (leftMs > 0.06) Atomics.wait(sleeper, 0, 0, leftMs - 0.06);
    }
    const nowMs = monotonicMs();
    latenessMs[index] = nowMs - dueMs;
    bytes.writeDoubleBE(nowMs, timeAt);
    socket.send(bytes);
  }
  await new Promise<void>((resolve) => socket.ping(undefined, undefined, () => resolve()));
  process.send?.({ type: 'sent', p95LatenessMs: latenessMs.sort()[Math.floor(messages.length * 0.95)] });
}

/** Resolves with the next command of this type. */
function messageOf(type: Command['type']): Promise<void> {
  return new Promise<void>((resolve) => {
    const listen = (command: Command) => {
      if (command.type !== type) return;
      process.off('message', listen);
      resolve();
    };
    process.on('message', listen);
  });
}

/** Encoded beforehand and sent when asked, so that only the receiver's speed is measured; the socket's own back-pressure sets the pace. */
async function flood(messages: number, socket: WebSocket, encodeOne: () => string | Uint8Array): Promise<void> {
  const encoded = Array.from({ length: messages }, encodeOne);
  const isAsked = messageOf('go');
  process.send?.({ type: 'encoded' });
  await isAsked;
  for (const message of encoded) {
    await new Promise<void>((resolve) => socket.send(message, () => resolve()));
  }
  process.send?.({ type: 'sent' });
}
