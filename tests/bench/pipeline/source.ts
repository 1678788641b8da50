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
  const encode = (message: unknown): string | Uint8Array => (isPacked ? packr.pack(message) : JSON.stringify(message));
  const send = (message: unknown) => socket.send(encode(message));
  const data = (): unknown => {
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
    if (command.type === 'pace') pace(command, () => send(data()));
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

/** Even spacing: every millisecond sends what is due by then, so that a late timer does not lower the rate. */
function pace({ ticksPerSecond, seconds }: { ticksPerSecond: number; seconds: number }, sendOne: () => void): void {
  const startedMs = monotonicMs();
  const messages = (ticksPerSecond * seconds) / QUOTES_PER_MESSAGE;
  let sent = 0;
  const timer = setInterval(() => {
    const due = Math.min(messages, ((monotonicMs() - startedMs) / 1000) * (ticksPerSecond / QUOTES_PER_MESSAGE));
    for (; sent < due; sent++) sendOne();
    if (sent < messages) return;
    clearInterval(timer);
    process.send?.({ type: 'sent' });
  }, 1);
}

/** Encoded beforehand and sent when asked, so that only the receiver's speed is measured; the socket's own back-pressure sets the pace. */
async function flood(messages: number, socket: WebSocket, encodeOne: () => string | Uint8Array): Promise<void> {
  const encoded = Array.from({ length: messages }, encodeOne);
  const isAsked = new Promise<void>((resolve) => {
    const listen = (command: Command) => {
      if (command.type !== 'go') return;
      process.off('message', listen);
      resolve();
    };
    process.on('message', listen);
  });
  process.send?.({ type: 'encoded' });
  await isAsked;
  for (const message of encoded) {
    await new Promise<void>((resolve) => socket.send(message, () => resolve()));
  }
  process.send?.({ type: 'sent' });
}
