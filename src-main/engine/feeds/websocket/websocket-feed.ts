/** Feed protocol v1 over a WebSocket: connects, says hello, subscribes from where it was, answers heartbeats and comes back when the link breaks. */
import { Packr } from 'msgpackr';
import WebSocket from 'ws';
import type { FeedPicture } from '#shared/contract/streams';
import type { IntakeEvent, LinkState } from '#shared/feed/intake';
import { STREAM_NAMES, type StreamName } from '#shared/feed/items';
import { FEED_PROTOCOL, FEED_SUBPROTOCOLS, type FeedClientMessage, type FeedEncoding } from '#shared/feed/messages';
import { accept, type Outcome } from '#shared/refusal';
import { IntakeLane } from '../coalescing/intake-lane';
import type { Feed, FeedSink, FeedStreamPicture } from '../feed';
import { MessageReader } from '../parsing/message-reader';
import { Complaints } from '../parsing/parse-items';
import { RateMeter } from '../rate-meter';
import { DEFAULT_LINK_CLOCK, linkHealth } from '../staleness/link-clock';
import { FeedSupervisor } from '../supervision/feed-supervisor';
import type { Statement, WelcomeStatement } from '../supervision/statement';
import { type Effects, noEffects } from '../supervision/stream-supervisor';
import { checkFeedAddress } from './address';
import { BackOff } from './back-off';
import {
  DEFAULT_WEBSOCKET_TIMINGS,
  MAX_PAYLOAD_BYTES,
  MAX_QUEUED_MESSAGES,
  type WebSocketFeedOptions,
  type WebSocketTimings,
} from './websocket-options';

export type { WebSocketFeedOptions, WebSocketTimings } from './websocket-options';

type Link = {
  socket: WebSocket;
  reader: MessageReader;
  encoding: FeedEncoding;
  openedMs: number;
  lastHeardMs: number;
  lastBeatMs: number;
  welcome: WelcomeStatement | null;
};

/** Refuses an address that may not be used; the feed does nothing before `start`. */
export function openWebSocketFeed(options: WebSocketFeedOptions): Outcome<WebSocketFeed> {
  const address = checkFeedAddress(options.url);
  return address.ok ? accept(new WebSocketFeed(options, address.value)) : address;
}

export class WebSocketFeed implements Feed {
  readonly feedId: string;
  readonly #options: WebSocketFeedOptions;
  readonly #address: URL;
  readonly #timings: WebSocketTimings;
  readonly #streams: readonly StreamName[];
  readonly #backOff: BackOff;
  readonly #lane: IntakeLane;
  readonly #packr = new Packr({ useRecords: false });
  readonly #messages = new RateMeter();
  readonly #items = new RateMeter();
  #supervisor: FeedSupervisor;
  #sink: FeedSink | null = null;
  #link: Link | null = null;
  #ticker: NodeJS.Timeout | null = null;
  #retryAtMs: number | null = null;
  #retryAtWallMs: number | null = null;
  #lastTickMs = 0;
  #state: FeedPicture['state'] = 'down';
  #sinceMs: number;
  #reason = 'not started';
  #sourceRefusal: string | null = null;
  #lastWelcome: WelcomeStatement | null = null;
  #lastReceivedAtMs: number | null = null;
  #refusedCount = 0;
  #pastGapCount = 0;
  #reconnectCount = 0;
  #isResting = false;
  #startsAnew = false;

  constructor(options: WebSocketFeedOptions, address: URL) {
    this.feedId = options.feedId;
    this.#options = options;
    this.#address = address;
    this.#timings = { ...DEFAULT_WEBSOCKET_TIMINGS, ...options.timings };
    this.#streams = options.streams ?? STREAM_NAMES;
    this.#sinceMs = options.clock.nowMs();
    this.#supervisor = this.#newSupervisor();
    this.#backOff = new BackOff({ firstMs: this.#timings.firstRetryMs, maxMs: this.#timings.maxRetryMs, random: options.random });
    this.#lane = new IntakeLane({
      deliver: (events) => this.#sink?.onEvents(events),
      monotonicMs: () => options.clock.monotonicMs(),
      later: (callback) => void setImmediate(callback),
      onPressure: (isHigh) => this.#rest(isHigh),
      turnBudgetMs: this.#timings.turnBudgetMs,
      behindAfterMs: this.#timings.behindAfterMs,
      maxQueuedMessages: options.maxQueuedMessages ?? MAX_QUEUED_MESSAGES,
    });
  }

  /** Quotes left out because the engine was behind and a newer one was already here. */
  get coalescedCount(): number {
    return this.#lane.coalescedCount;
  }

  start(sink: FeedSink): void {
    if (this.#sink !== null) return;
    this.#sink = sink;
    this.#lastTickMs = this.#options.clock.monotonicMs();
    this.#ticker = setInterval(() => this.#tick(), this.#timings.tickMs);
    this.#connect();
  }

  async stop(): Promise<void> {
    if (this.#ticker !== null) clearInterval(this.#ticker);
    this.#ticker = null;
    this.#drop('stopped', 'down');
    this.#lane.flush();
    this.#sink = null;
  }

  /** Leaves the source alone until `resume`; what was missed meanwhile is asked for then. */
  pause(): void {
    if (this.#sink === null || this.#state === 'paused') return;
    this.#drop('paused', 'paused');
  }

  resume(): void {
    if (this.#sink !== null && this.#state === 'paused') this.#connect();
  }

  /** Drops the link and connects again at once. */
  reconnect(): void {
    if (this.#sink === null || this.#state === 'paused') return;
    this.#backOff.reset();
    this.#drop('reconnecting on request', 'down');
    this.#connect();
  }

  requestPictures(): void {
    this.#withEffects((out) => this.#supervisor.requestPictures(this.#options.clock.monotonicMs(), out));
  }

  /** Whether every subscribed stream has its picture and nothing is missing. */
  isWhole(): boolean {
    return this.#link?.welcome != null && this.#supervisor.isWhole();
  }

  picture(): FeedPicture {
    const nowMs = this.#options.clock.monotonicMs();
    return {
      feedId: this.feedId,
      source: this.#lastWelcome?.source ?? '',
      address: `${this.#address.protocol}//${this.#address.host}${this.#address.pathname}`,
      demonstration: this.#lastWelcome?.demonstration ?? false,
      simulated: this.#lastWelcome?.simulated ?? false,
      state: this.#state,
      sinceMs: this.#sinceMs,
      lastReceivedAtMs: this.#lastReceivedAtMs,
      reason: this.#reason,
      messagesPerSecond: this.#messages.perSecond(nowMs),
      itemsPerSecond: this.#items.perSecond(nowMs),
      refusedCount: this.#refusedCount,
      gapCount: this.#pastGapCount + this.#supervisor.gapCount(),
      reconnectCount: this.#reconnectCount,
      nextAttemptAtMs: this.#retryAtWallMs,
    };
  }

  streamPictures(): FeedStreamPicture[] {
    return this.#supervisor.streamPictures();
  }

  // ---- link --------------------------------------------------------------------------------------------------------------

  #newSupervisor(streams: readonly StreamName[] = this.#streams): FeedSupervisor {
    return new FeedSupervisor(this.#options.feedId, streams, this.#options.supervision);
  }

  #connect(): void {
    this.#retryAtMs = null;
    this.#retryAtWallMs = null;
    this.#sourceRefusal = null;
    const encodings = this.#options.encodings ?? ['msgpack', 'json'];
    const socket = new WebSocket(
      this.#address,
      encodings.map((encoding) => FEED_SUBPROTOCOLS[encoding]),
      {
        handshakeTimeout: this.#timings.handshakeTimeoutMs,
        maxPayload: this.#options.maxPayloadBytes ?? MAX_PAYLOAD_BYTES,
        // Compression would let a small frame become a huge one.
        perMessageDeflate: false,
        followRedirects: false,
        // The reader refuses the item with the text; here the whole link would end, again and again at the same message.
        skipUTF8Validation: true,
      },
    );
    const nowMs = this.#options.clock.monotonicMs();
    const link: Link = {
      socket,
      reader: new MessageReader(),
      encoding: 'json',
      openedMs: nowMs,
      lastHeardMs: nowMs,
      lastBeatMs: nowMs,
      welcome: null,
    };
    this.#link = link;
    this.#isResting = false;
    this.#become('connecting', 'connecting', 'connecting');
    socket.on('open', () => this.#opened(link));
    socket.on('message', (data: Buffer, isBinary: boolean) => this.#message(link, data, isBinary));
    // 'close' always follows 'error'; the error only has the better reason.
    let failure: string | null = null;
    socket.on('error', (error: Error & { code?: string }) => {
      failure = error.message;
      if (link === this.#link && error.code?.startsWith('WS_ERR_')) this.#brokenFrame(failure);
    });
    socket.on('close', (code, reason) => {
      const said = reason.toString('utf8').slice(0, 200);
      this.#lost(link, this.#sourceRefusal ?? failure ?? `closed by the source (${code}${said === '' ? '' : `: ${said}`})`);
    });
  }

  #opened(link: Link): void {
    if (link !== this.#link) return;
    link.encoding = link.socket.protocol === FEED_SUBPROTOCOLS.msgpack ? 'msgpack' : 'json';
    link.openedMs = this.#options.clock.monotonicMs();
    const { token, client } = this.#options;
    this.#send({ type: 'hello', protocol: FEED_PROTOCOL, client: client ?? 'floorwatch', ...(token === undefined ? {} : { token }) });
  }

  #lost(link: Link, reason: string): void {
    if (link !== this.#link) return;
    const nowMs = this.#options.clock.monotonicMs();
    this.#link = null;
    this.#supervisor.linkClosed();
    if (link.welcome !== null && nowMs - link.openedMs >= this.#timings.stableAfterMs) this.#backOff.reset();
    const delayMs = this.#backOff.nextDelayMs();
    this.#retryAtMs = nowMs + delayMs;
    this.#retryAtWallMs = this.#options.clock.nowMs() + delayMs;
    this.#become('down', 'down', reason);
  }

  /** What broke the link would come again if it were resumed where it was: the next one begins with snapshots. */
  #brokenFrame(reason: string): void {
    this.#startsAnew = true;
    this.#refusedCount += 1;
    this.#sink?.onDeadLetter({ feedId: this.feedId, atMs: this.#options.clock.nowMs(), stream: null, reason, sample: '' });
  }

  /** Ends the link from our side, without a retry. */
  #drop(reason: string, state: 'down' | 'paused'): void {
    const link = this.#link;
    this.#link = null;
    this.#retryAtMs = null;
    this.#retryAtWallMs = null;
    this.#supervisor.linkClosed();
    if (link !== null) {
      link.socket.on('error', () => undefined);
      link.socket.terminate();
    }
    this.#become(state, 'down', reason);
  }

  #become(state: FeedPicture['state'], linkState: LinkState, reason: string): void {
    const receivedAtMs = this.#options.clock.nowMs();
    if (state !== this.#state) this.#sinceMs = receivedAtMs;
    this.#state = state;
    this.#reason = reason;
    this.#lane.offer([{ type: 'link', feedId: this.feedId, receivedAtMs, state: linkState, reason }]);
  }

  #rest(isHigh: boolean): void {
    const socket = this.#link?.socket;
    if (socket?.readyState !== WebSocket.OPEN || isHigh === this.#isResting) return;
    this.#isResting = isHigh;
    if (isHigh) socket.pause();
    else socket.resume();
  }

  #send(message: FeedClientMessage): void {
    const link = this.#link;
    if (link === null || link.socket.readyState !== WebSocket.OPEN) return;
    link.socket.send(link.encoding === 'msgpack' ? this.#packr.pack(message) : JSON.stringify(message));
  }

  // ---- what arrives --------------------------------------------------------------------------------------------------------

  #message(link: Link, data: Buffer, isBinary: boolean): void {
    if (link !== this.#link) return;
    const { clock } = this.#options;
    const nowMs = clock.monotonicMs();
    const receivedAtMs = clock.nowMs();
    link.lastHeardMs = nowMs;
    this.#lastReceivedAtMs = receivedAtMs;
    this.#messages.add(1, nowMs);
    if (this.#state === 'stale') this.#setStale(false);
    const complaints = new Complaints();
    const statement = link.reader.read(data, isBinary, complaints);
    if (statement !== null) {
      if (statement.type === 'data') this.#items.add(statement.rows?.count ?? statement.items.length, nowMs);
      else if (statement.type === 'snapshot') this.#items.add(statement.items.length, nowMs);
      this.#statement(link, statement, receivedAtMs, nowMs, complaints);
    }
    this.#refusedCount += complaints.count;
    for (const { stream, reason, sample } of complaints.shown) {
      this.#sink?.onDeadLetter({ feedId: this.feedId, atMs: receivedAtMs, stream, reason, sample });
    }
  }

  #statement(link: Link, statement: Statement, receivedAtMs: number, nowMs: number, complaints: Complaints): void {
    if (statement.type === 'welcome') {
      this.#welcomed(link, statement, receivedAtMs, nowMs);
      return;
    }
    if (statement.type === 'refusal') {
      if (link.welcome === null) this.#sourceRefusal = `refused by the source: ${statement.code} ${statement.message}`.slice(0, 200);
      complaints.add(statement.stream ?? null, `the source refused: ${statement.code} ${statement.message}`, '');
    }
    if (link.welcome === null) {
      if (statement.type !== 'refusal') complaints.add(null, `${statement.type} arrived before the welcome and was ignored`, '');
      return;
    }
    this.#withEffects((out) => this.#supervisor.receive(statement, receivedAtMs, nowMs, out), receivedAtMs);
  }

  #welcomed(link: Link, welcome: WelcomeStatement, receivedAtMs: number, nowMs: number): void {
    const isFirst = link.welcome === null;
    link.welcome = welcome;
    const before = this.#lastWelcome;
    this.#lastWelcome = welcome;
    const offered = this.#streams.filter((stream) => welcome.streams.includes(stream));
    // Sequence numbers belong to a source: another one, or another set of streams, starts from nothing.
    const isSame =
      before !== null && before.source === welcome.source && offered.join() === this.#streams.filter((s) => before.streams.includes(s)).join();
    if (!isSame || this.#startsAnew) {
      this.#startsAnew = false;
      this.#pastGapCount += this.#supervisor.gapCount();
      this.#supervisor = this.#newSupervisor(offered);
    }
    if (isFirst && before !== null) this.#reconnectCount += 1;
    const out = noEffects();
    this.#supervisor.linkOpened(offered, nowMs);
    this.#supervisor.receive(welcome, receivedAtMs, nowMs, out);
    this.#lane.offer(out.events);
    this.#become('live', 'up', '');
    this.#send({ type: 'subscribe', streams: this.#supervisor.subscriptions() });
    // The link before this one may have left more behind than the core has taken.
    if (this.#lane.isUnderPressure) this.#rest(true);
  }

  #withEffects(act: (out: Effects) => void, receivedAtMs = this.#options.clock.nowMs()): void {
    const out = noEffects();
    act(out);
    this.#refusedCount += out.complaints.length;
    for (const { stream, reason } of out.complaints) {
      this.#sink?.onDeadLetter({ feedId: this.feedId, atMs: receivedAtMs, stream, reason, sample: '' });
    }
    const events: IntakeEvent[] = out.events;
    if (events.length > 0) this.#lane.offer(events);
    for (const request of out.requests) {
      if (request.type === 'reconnect') {
        const link = this.#link;
        if (link === null) continue;
        link.socket.terminate();
        this.#lost(link, request.reason);
      } else this.#send(request);
    }
  }

  // ---- time ----------------------------------------------------------------------------------------------------------------

  #tick(): void {
    const nowMs = this.#options.clock.monotonicMs();
    // After a long turn or a sleep the socket has had no chance to speak: judge it at the next tick.
    const wasAway = nowMs - this.#lastTickMs > this.#timings.tickMs * 5;
    this.#lastTickMs = nowMs;
    const link = this.#link;
    if (link === null) {
      if (this.#retryAtMs !== null && nowMs >= this.#retryAtMs) this.#connect();
      return;
    }
    if (wasAway || link.socket.readyState !== WebSocket.OPEN) return;
    if (this.#isResting) {
      link.lastHeardMs = nowMs;
      return;
    }
    if (link.welcome === null) {
      if (nowMs - link.openedMs > this.#timings.welcomeTimeoutMs) this.#giveUp(link, 'no welcome from the source');
      return;
    }
    const { heartbeatIntervalMs } = link.welcome;
    const health = linkHealth(link.lastHeardMs, nowMs, heartbeatIntervalMs, DEFAULT_LINK_CLOCK);
    if (health === 'dead') {
      this.#giveUp(link, 'no heartbeat from the source');
      return;
    }
    if (health === 'stale' && this.#state === 'live') this.#setStale(true);
    if (nowMs - link.lastBeatMs >= heartbeatIntervalMs) {
      link.lastBeatMs = nowMs;
      this.#send({ type: 'heartbeat', sentAtMs: this.#options.clock.nowMs() });
    }
    if (nowMs >= this.#supervisor.nextDeadlineMs()) this.#withEffects((out) => this.#supervisor.tick(nowMs, out));
  }

  #giveUp(link: Link, reason: string): void {
    link.socket.terminate();
    this.#lost(link, reason);
  }

  /** A silent link is not yet a broken one: shown as stale, and the core learns of it only when it goes down. */
  #setStale(isStale: boolean): void {
    this.#state = isStale ? 'stale' : 'live';
    this.#sinceMs = this.#options.clock.nowMs();
    this.#reason = isStale ? 'the source is silent' : '';
  }
}
