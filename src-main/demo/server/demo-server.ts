/** Serves the demonstration broker over a loopback WebSocket in feed protocol v1, at the pace of the wall clock. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { STREAM_NAMES, type StreamName } from '#shared/feed/items';
import { FEED_PROTOCOL, FEED_SUBPROTOCOLS } from '#shared/feed/messages';
import type { Broker } from '../broker';
import { CLOSE_CODES, ClientLink, DEFAULT_LINK_LIMITS, type LinkLimits } from './client-link';
import { prepare } from './encoding';
import { createPace } from './pace';
import { createStreamLog } from './stream-log';

export type DemoServerOptions = {
  broker: Broker;
  /** 0 takes any free port. */
  port: number;
  /** Market seconds per wall second. */
  speed: number;
  /** Clients must give it in their hello; without one everybody on this machine may listen. */
  token?: string | undefined;
  heartbeatIntervalMs?: number;
  limits?: Partial<LinkLimits>;
  /** Monotonic milliseconds; a test passes its own and calls `advance`. */
  monotonicMs?: () => number;
  /** False when the caller drives the market with `advance`. */
  isPaced?: boolean;
  onStep?: () => void;
};

export type DemoServer = {
  readonly url: string;
  readonly clientCount: number;
  /** Moves the market on by `steps` steps and tells every client. */
  advance(steps: number): void;
  /** Loses the next message of a stream for everybody, so that a gap can be seen to heal. */
  loseNext(stream: StreamName): void;
  /** Cuts every connection and lets nobody in for a while, as a broken line does. */
  cut(forMs: number): void;
  close(): Promise<void>;
};

const HEARTBEAT_MS = 1_000;
const LARGEST_CLIENT_MESSAGE_BYTES = 64 * 1024;

/** Compared by digest, so that neither length nor content leaks by timing. */
function sameToken(expected: string, given: string | undefined): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(expected), digest(given ?? ''));
}

/** Resolves once the server listens; rejects when the port is taken. */
export async function startDemoServer(options: DemoServerOptions): Promise<DemoServer> {
  const { broker } = options;
  const limits = { ...DEFAULT_LINK_LIMITS, ...options.limits };
  const monotonicMs = options.monotonicMs ?? (() => performance.now());
  const heartbeatIntervalMs = options.heartbeatIntervalMs ?? HEARTBEAT_MS;
  // Sequences mean something within one run only: the run is part of the source's name, so nobody resumes into another run.
  const source = `demonstration-${randomBytes(4).toString('hex')}`;
  const log = createStreamLog();
  const links = new Set<ClientLink>();
  const toLose = new Set<StreamName>();
  let closedUntilMs = 0;

  const server = new WebSocketServer({
    host: '127.0.0.1',
    port: options.port,
    perMessageDeflate: false,
    maxPayload: LARGEST_CLIENT_MESSAGE_BYTES,
    handleProtocols: (offered) => {
      for (const protocol of offered) {
        if (protocol === FEED_SUBPROTOCOLS.json || protocol === FEED_SUBPROTOCOLS.msgpack) return protocol;
      }
      return false;
    },
    // Web pages may not listen: a browser always sends an origin, our clients never do.
    verifyClient: ({ origin }: { origin: string }) => (origin === undefined || origin === '') && monotonicMs() >= closedUntilMs,
  });
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
  });
  server.removeAllListeners('error');
  server.on('error', () => undefined);

  const linkSource = {
    welcome: () => ({
      type: 'welcome' as const,
      protocol: FEED_PROTOCOL as typeof FEED_PROTOCOL,
      source,
      simulated: true,
      demonstration: true,
      sourceTimeMs: broker.sourceTimeMs,
      tradingDay: broker.tradingDay,
      heartbeatIntervalMs,
      streams: [...STREAM_NAMES],
    }),
    checksToken: (token: string | undefined) => options.token === undefined || sameToken(options.token, token),
    tradingDay: () => broker.tradingDay,
    sourceTimeMs: () => broker.sourceTimeMs,
    sequenceOf: broker.sequenceOf,
    snapshot: broker.snapshot,
    range: log.range,
    offers: (stream: StreamName) => STREAM_NAMES.includes(stream),
  };

  server.on('connection', (socket) => {
    const link = new ClientLink(socket, linkSource, limits);
    links.add(link);
    socket.on('close', () => links.delete(link));
  });

  function advance(steps: number): void {
    for (let left = steps; left > 0; left -= 1) {
      for (const message of broker.step()) {
        if (message.type === 'newTradingDay') {
          log.clear();
          for (const link of links) if (link.isWelcome) link.startDay();
          continue;
        }
        log.add(message);
        if (toLose.delete(message.stream)) continue;
        const prepared = prepare(message);
        for (const link of links) if (link.isWelcome) link.deliver(message.stream, prepared);
      }
      options.onStep?.();
    }
    const nowMs = monotonicMs();
    for (const link of links) link.tend(nowMs);
  }

  const pace = createPace({ stepMs: broker.stepMs, speed: options.speed, monotonicMs, advance });
  if (options.isPaced !== false) pace.start();
  const heart = setInterval(() => {
    for (const link of links) link.heartbeat();
  }, heartbeatIntervalMs);

  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get clientCount() {
      return links.size;
    },
    advance,
    loseNext: (stream) => {
      toLose.add(stream);
    },
    cut: (forMs) => {
      closedUntilMs = monotonicMs() + forMs;
      for (const link of links) link.close(CLOSE_CODES.cut, 'the line is cut for a demonstration');
    },
    close: async () => {
      pace.stop();
      clearInterval(heart);
      for (const socket of server.clients) socket.terminate();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
