/** One connected client: hello, subscriptions, resends and snapshots, and what happens when it reads too slowly. */
import type { RawData, WebSocket } from 'ws';
import type { StreamName } from '#shared/feed/items';
import { FEED_PROTOCOL, type FeedClientMessage, type FeedEncoding, type FeedSourceMessage, type StreamPosition } from '#shared/feed/messages';
import type { BrokerData } from '../broker';
import { decode, encode, encodingOf, type Prepared } from './encoding';

/** What a link may ask of the server it belongs to. */
type LinkSource = {
  welcome(): FeedSourceMessage;
  checksToken(token: string | undefined): boolean;
  tradingDay(): string;
  sourceTimeMs(): number;
  sequenceOf(stream: StreamName): number;
  snapshot(stream: StreamName): readonly object[];
  range(stream: StreamName, fromSequence: number, toSequence: number): BrokerData[] | null;
  offers(stream: StreamName): boolean;
};

export type LinkLimits = {
  helloTimeoutMs: number;
  /** Above this many unsent bytes deltas are withheld; below a quarter of it the stream goes on with a snapshot. */
  conflateAboveBytes: number;
  /** Above this, or after `mostBehindMs` of withholding, the client is cut off. */
  dropAboveBytes: number;
  mostBehindMs: number;
  snapshotPartItems: number;
};

export const DEFAULT_LINK_LIMITS: LinkLimits = {
  helloTimeoutMs: 5_000,
  conflateAboveBytes: 4 * 1024 * 1024,
  dropAboveBytes: 64 * 1024 * 1024,
  mostBehindMs: 30_000,
  snapshotPartItems: 2_000,
};

/** WebSocket close codes of our own range; docs/demonstration-desk.md lists them. */
export const CLOSE_CODES = { badHello: 4001, badToken: 4003, helloTimeout: 4004, slowClient: 4008, cut: 4010 } as const;

type SnapshotReason = 'subscribed' | 'requested' | 'resendUnavailable' | 'newTradingDay';

export class ClientLink {
  readonly #socket: WebSocket;
  readonly #source: LinkSource;
  readonly #limits: LinkLimits;
  readonly #encoding: FeedEncoding;
  readonly #streams = new Set<StreamName>();
  readonly #withheld = new Set<StreamName>();
  #behindSinceMs: number | null = null;
  #isWelcome = false;
  readonly #helloTimer: NodeJS.Timeout;

  constructor(socket: WebSocket, source: LinkSource, limits: LinkLimits) {
    this.#socket = socket;
    this.#source = source;
    this.#limits = limits;
    this.#encoding = encodingOf(socket.protocol);
    this.#helloTimer = setTimeout(() => this.close(CLOSE_CODES.helloTimeout, 'no hello'), limits.helloTimeoutMs);
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    socket.on('close', () => clearTimeout(this.#helloTimer));
    // A broken connection ends in 'close'; the error itself needs no answer.
    socket.on('error', () => undefined);
  }

  get isWelcome(): boolean {
    return this.#isWelcome;
  }

  close(code: number, reason: string): void {
    clearTimeout(this.#helloTimer);
    this.#socket.close(code, reason);
  }

  /** Passes on a delta, unless this client is behind: then the stream is withheld until it has caught up. */
  deliver(stream: StreamName, message: Prepared): void {
    if (!this.#streams.has(stream)) return;
    if (this.#withheld.has(stream)) return;
    if (this.#socket.bufferedAmount > this.#limits.conflateAboveBytes) {
      this.#withheld.add(stream);
      return;
    }
    this.#socket.send(message.in(this.#encoding));
  }

  /** Once per step: a client that has caught up gets a snapshot of what it missed; one that never does is cut off. */
  tend(nowMs: number): void {
    const unsentBytes = this.#socket.bufferedAmount;
    if (this.#withheld.size === 0) {
      this.#behindSinceMs = null;
      return;
    }
    this.#behindSinceMs ??= nowMs;
    if (unsentBytes > this.#limits.dropAboveBytes || nowMs - this.#behindSinceMs > this.#limits.mostBehindMs) {
      this.close(CLOSE_CODES.slowClient, 'the client reads too slowly');
      this.#socket.terminate();
      return;
    }
    if (unsentBytes > this.#limits.conflateAboveBytes / 4) return;
    const streams = [...this.#withheld];
    this.#withheld.clear();
    this.#behindSinceMs = null;
    for (const stream of streams) this.#sendSnapshot(stream, 'resendUnavailable');
  }

  startDay(): void {
    this.#withheld.clear();
    for (const stream of this.#streams) this.#sendSnapshot(stream, 'newTradingDay');
  }

  heartbeat(): void {
    if (!this.#isWelcome || this.#socket.bufferedAmount > this.#limits.conflateAboveBytes) return;
    const positions: StreamPosition[] = [];
    for (const stream of this.#streams) {
      // A withheld stream's position would only provoke a request for what this client cannot take yet.
      if (!this.#withheld.has(stream)) positions.push({ stream, tradingDay: this.#source.tradingDay(), sequence: this.#source.sequenceOf(stream) });
    }
    this.#send({ type: 'heartbeat', sourceTimeMs: this.#source.sourceTimeMs(), tradingDay: this.#source.tradingDay(), positions });
  }

  #send(message: FeedSourceMessage | BrokerData): void {
    this.#socket.send(encode(message, this.#encoding));
  }

  #receive(data: RawData, isBinary: boolean): void {
    const bytes = Buffer.isBuffer(data) ? data : Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
    const message = decode(bytes, isBinary);
    if (!message.ok) {
      this.#send({ type: 'refusal', code: 'INVALID', message: message.message.slice(0, 1000) });
      if (!this.#isWelcome) this.close(CLOSE_CODES.badHello, 'hello expected');
      return;
    }
    if (!this.#isWelcome) this.#hello(message.value);
    else this.#answer(message.value);
  }

  #hello(message: FeedClientMessage): void {
    if (message.type !== 'hello') {
      this.#send({ type: 'refusal', code: 'HELLO_EXPECTED', message: `say hello with protocol ${FEED_PROTOCOL} first` });
      this.close(CLOSE_CODES.badHello, 'hello expected');
      return;
    }
    if (!this.#source.checksToken(message.token)) {
      this.#send({ type: 'refusal', code: 'FORBIDDEN', message: 'the token is missing or wrong' });
      this.close(CLOSE_CODES.badToken, 'token refused');
      return;
    }
    clearTimeout(this.#helloTimer);
    this.#isWelcome = true;
    this.#send(this.#source.welcome());
  }

  #answer(message: FeedClientMessage): void {
    switch (message.type) {
      case 'hello':
        this.#send({ type: 'refusal', code: 'INVALID', message: 'hello was already said' });
        return;
      case 'heartbeat':
        return;
      case 'subscribe':
        for (const { stream, from } of message.streams) {
          if (!this.#source.offers(stream)) {
            this.#send({ type: 'refusal', code: 'NOT_FOUND', message: 'no such stream here', stream });
            continue;
          }
          this.#streams.add(stream);
          this.#withheld.delete(stream);
          if (from === undefined) this.#sendSnapshot(stream, 'subscribed');
          else this.#sendRange(stream, from.tradingDay, from.sequence + 1, this.#source.sequenceOf(stream));
        }
        return;
      case 'resend':
        if (this.#streams.has(message.stream)) this.#sendRange(message.stream, message.tradingDay, message.fromSequence, message.toSequence);
        else this.#refuseUnsubscribed(message.stream);
        return;
      case 'snapshotRequest':
        if (this.#streams.has(message.stream)) this.#sendSnapshot(message.stream, 'requested');
        else this.#refuseUnsubscribed(message.stream);
    }
  }

  #refuseUnsubscribed(stream: StreamName): void {
    this.#send({ type: 'refusal', code: 'NOT_SUBSCRIBED', message: 'subscribe to the stream first', stream });
  }

  /** The messages again when they are still kept, else a snapshot. A position ahead of ours belongs to another run of the source. */
  #sendRange(stream: StreamName, tradingDay: string, fromSequence: number, toSequence: number): void {
    const current = this.#source.sequenceOf(stream);
    const isOurs = tradingDay === this.#source.tradingDay() && fromSequence <= current + 1;
    const messages = isOurs ? this.#source.range(stream, fromSequence, Math.min(toSequence, current)) : null;
    if (messages === null) this.#sendSnapshot(stream, 'resendUnavailable');
    else for (const message of messages) this.#send(message);
  }

  #sendSnapshot(stream: StreamName, reason: SnapshotReason): void {
    const items = this.#source.snapshot(stream);
    const mark = {
      stream,
      tradingDay: this.#source.tradingDay(),
      sequence: this.#source.sequenceOf(stream),
      sourceTimeMs: this.#source.sourceTimeMs(),
    };
    this.#withheld.delete(stream);
    this.#send({ type: 'snapshotBegin', ...mark, reason });
    for (let from = 0; from < items.length; from += this.#limits.snapshotPartItems) {
      this.#send({ type: 'snapshot', stream, items: items.slice(from, from + this.#limits.snapshotPartItems) });
    }
    this.#send({ type: 'snapshotEnd', ...mark, count: items.length });
  }
}
