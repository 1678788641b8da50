/** A source of feed protocol v1 on a real socket that misbehaves on command: loses, doubles, stalls, talks nonsense, refuses, hangs up. */
import type { AddressInfo } from 'node:net';
import { Packr, unpack } from 'msgpackr';
import { type WebSocket, WebSocketServer } from 'ws';
import { STREAM_NAMES, type StreamName } from '#shared/feed/items';
import {
  clientMessageSchema,
  FEED_PROTOCOL,
  FEED_SUBPROTOCOLS,
  type FeedClientMessage,
  type FeedEncoding,
  type FeedSourceMessage,
} from '#shared/feed/messages';

type Delta = { sequence: number; items: unknown[] };
export type SnapshotReason = 'subscribed' | 'requested' | 'resendUnavailable' | 'newTradingDay';

export type FeedServerOptions = { encodings?: FeedEncoding[]; token?: string; heartbeatIntervalMs?: number; source?: string };

export class FeedServer {
  readonly received: FeedClientMessage[] = [];
  readonly #server: WebSocketServer;
  readonly #options: FeedServerOptions;
  readonly #packr = new Packr({ useRecords: false });
  readonly #deltas = new Map<StreamName, Delta[]>(STREAM_NAMES.map((stream) => [stream, []]));
  readonly #beats: NodeJS.Timeout;
  #socket: WebSocket | null = null;
  tradingDay = '20240508';
  sourceTimeMs = 1_715_130_000_000;
  connectionCount = 0;
  /** Switches that make it misbehave. */
  isSilent = false;
  withholdsWelcome = false;
  /** Whoever connects is sent away at once, as by a counter that is being restarted. */
  refusesAll = false;
  refusesResend = false;
  ignoresResend = false;
  /** Snapshots that are begun but not finished, and then the link is cut. */
  breaksSnapshots = 0;
  losesNext = 0;
  /** These four letters go out as the bytes of 贵金 in GBK, as from an adapter that passes a counter's names through. */
  inGbk: string | null = null;
  doublesNext = 0;

  private constructor(server: WebSocketServer, options: FeedServerOptions) {
    this.#server = server;
    this.#options = options;
    server.on('connection', (socket) => this.#connected(socket));
    this.#beats = setInterval(() => this.beat(), options.heartbeatIntervalMs ?? 500);
  }

  static async start(options: FeedServerOptions = {}): Promise<FeedServer> {
    const encodings = options.encodings ?? ['json', 'msgpack'];
    const server = new WebSocketServer({
      host: '127.0.0.1',
      port: 0,
      perMessageDeflate: false,
      handleProtocols: (offered) => {
        for (const protocol of offered) if (encodings.some((encoding) => FEED_SUBPROTOCOLS[encoding] === protocol)) return protocol;
        return false;
      },
    });
    await new Promise((resolve) => server.once('listening', resolve));
    return new FeedServer(server, options);
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  async stop(): Promise<void> {
    clearInterval(this.#beats);
    for (const socket of this.#server.clients) socket.terminate();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** The encoding the client got, once it is connected. */
  get encoding(): FeedEncoding {
    return this.#socket?.protocol === FEED_SUBPROTOCOLS.msgpack ? 'msgpack' : 'json';
  }

  countOf(type: FeedClientMessage['type']): number {
    return this.received.filter((message) => message.type === type).length;
  }

  publish(stream: StreamName, items: unknown[]): void {
    const deltas = this.#deltas.get(stream) ?? [];
    const delta = { sequence: deltas.length + 1, items };
    deltas.push(delta);
    if (this.losesNext > 0) {
      this.losesNext -= 1;
      return;
    }
    this.#sendDelta(stream, delta);
    if (this.doublesNext > 0) {
      this.doublesNext -= 1;
      this.#sendDelta(stream, delta);
    }
  }

  newTradingDay(tradingDay: string): void {
    this.tradingDay = tradingDay;
    for (const stream of STREAM_NAMES) this.#deltas.set(stream, []);
    for (const stream of STREAM_NAMES) this.#sendSnapshot(stream, 'newTradingDay');
  }

  beat(): void {
    if (this.isSilent) return;
    const positions = STREAM_NAMES.map((stream) => ({ stream, tradingDay: this.tradingDay, sequence: this.#deltas.get(stream)?.length ?? 0 }));
    this.send({ type: 'heartbeat', sourceTimeMs: this.sourceTimeMs, tradingDay: this.tradingDay, positions });
  }

  /** Any bytes as a frame. */
  sendRaw(data: string | Uint8Array): void {
    this.#socket?.send(data);
  }

  /** Any value, encoded as the client expects it. */
  send(message: FeedSourceMessage | object): void {
    if (this.#socket?.readyState !== this.#socket?.OPEN) return;
    const bytes = this.encoding === 'msgpack' ? this.#packr.pack(message) : Buffer.from(JSON.stringify(message));
    const at = this.inGbk === null ? -1 : bytes.indexOf(this.inGbk);
    if (at >= 0) bytes.set([0xb9, 0xf3, 0xbd, 0xf0], at);
    this.#socket?.send(bytes, { binary: this.encoding === 'msgpack' });
  }

  /** The network goes: no goodbye. */
  cut(): void {
    this.#socket?.terminate();
    this.#socket = null;
  }

  #connected(socket: WebSocket): void {
    if (this.refusesAll) {
      socket.terminate();
      return;
    }
    this.#socket = socket;
    this.connectionCount += 1;
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      const message = clientMessageSchema.parse(isBinary ? unpack(data) : JSON.parse(data.toString('utf8')));
      this.received.push(message);
      if (socket === this.#socket) this.#answer(message, socket);
    });
  }

  #answer(message: FeedClientMessage, socket: WebSocket): void {
    switch (message.type) {
      case 'hello':
        if (this.withholdsWelcome) return;
        if (this.#options.token !== undefined && message.token !== this.#options.token) {
          this.send({ type: 'refusal', code: 'UNAUTHORISED', message: 'the token is not known' });
          socket.close(1008, 'unauthorised');
          return;
        }
        this.send({
          type: 'welcome',
          protocol: FEED_PROTOCOL,
          source: this.#options.source ?? 'test source',
          simulated: true,
          demonstration: true,
          sourceTimeMs: this.sourceTimeMs,
          tradingDay: this.tradingDay,
          heartbeatIntervalMs: this.#options.heartbeatIntervalMs ?? 500,
          streams: [...STREAM_NAMES],
        });
        return;
      case 'subscribe':
        for (const { stream, from } of message.streams) {
          const deltas = this.#deltas.get(stream) ?? [];
          if (from !== undefined && from.tradingDay === this.tradingDay && from.sequence <= deltas.length) {
            for (const delta of deltas.slice(from.sequence)) this.#sendDelta(stream, delta);
          } else this.#sendSnapshot(stream, 'subscribed');
        }
        return;
      case 'resend':
        if (this.ignoresResend) return;
        if (this.refusesResend) {
          this.send({ type: 'refusal', code: 'RESEND_UNAVAILABLE', message: 'too long ago', stream: message.stream });
          return;
        }
        for (const delta of (this.#deltas.get(message.stream) ?? []).slice(message.fromSequence - 1, message.toSequence)) {
          this.#sendDelta(message.stream, delta);
        }
        return;
      case 'snapshotRequest':
        this.#sendSnapshot(message.stream, 'requested');
        return;
      default:
        return;
    }
  }

  #sendDelta(stream: StreamName, { sequence, items }: Delta): void {
    this.send({ type: 'data', stream, tradingDay: this.tradingDay, sequence, sourceTimeMs: this.sourceTimeMs, items });
  }

  #sendSnapshot(stream: StreamName, reason: SnapshotReason): void {
    if (this.#socket === null) return;
    const items = (this.#deltas.get(stream) ?? []).flatMap((delta) => delta.items);
    const mark = { stream, tradingDay: this.tradingDay, sequence: this.#deltas.get(stream)?.length ?? 0, sourceTimeMs: this.sourceTimeMs };
    this.send({ type: 'snapshotBegin', ...mark, reason });
    if (this.breaksSnapshots > 0) {
      this.breaksSnapshots -= 1;
      this.send({ type: 'snapshot', stream, items: items.slice(0, 1) });
      this.cut();
      return;
    }
    for (let at = 0; at < items.length; at += 2) this.send({ type: 'snapshot', stream, items: items.slice(at, at + 2) });
    this.send({ type: 'snapshotEnd', ...mark, count: items.length });
  }
}
