/** One window's side of the port: its subscriptions, its single frame in flight, its alert lane. Holds a bounded amount whatever the page does. */

import type { Ask } from '#engine/desk/bus/command-bus';
import { AlertLane, type AlertSource } from '#engine/port/alert-lane';
import type { OpenStream, StreamServers } from '#engine/port/open-stream';
import type { PagePort } from '#engine/port/page-port';
import type { StreamGate } from '#engine/port/stream-gate';
import { STREAMS, type StreamKind } from '#shared/contract/streams';
import { type PageMessage, pageMessageSchema } from '#shared/contract/wire';
import { type Refusal, refuse, refuseSchemaIssue } from '#shared/refusal';

const MAX_SUBSCRIPTIONS = 64;
const MAX_REQUESTS_IN_FLIGHT = 64;

/** `stream` is null while this person may not see it, or nobody is there to see it: the page need not ask again when that ends. */
type Subscription = { stream: OpenStream | null; sentVersion: string | number | null };

export type WindowParts = {
  port: PagePort;
  streams: () => StreamServers;
  ask: Ask;
  gate: StreamGate;
  alerts: () => AlertSource;
  nowMs: () => number;
  framePaceMs: number;
  onRefusal: (refusal: Refusal, about: string) => void;
};

export class WindowSession {
  private readonly parts: WindowParts;
  private readonly lane: AlertLane;
  private readonly subscriptions = new Map<number, Subscription & { kind: StreamKind; params: unknown }>();
  private frame = 0;
  private hasCredit = true;
  private lastFrameAtMs = Number.NEGATIVE_INFINITY;
  private requestsInFlight = 0;
  private isClosed = false;

  constructor(parts: WindowParts) {
    this.parts = parts;
    this.lane = new AlertLane(
      parts.alerts,
      (message) => this.post(message),
      () => parts.gate.alertTest(),
    );
    parts.port.onMessage((message) => this.onMessage(message));
  }

  /** What this window costs: for the health picture and for the test that a stalled page costs nothing more. */
  counts(): { subscriptions: number; requestsInFlight: number } {
    return { subscriptions: this.subscriptions.size, requestsInFlight: this.requestsInFlight };
  }

  /** Sends one frame with everything that changed, if the page has drawn the last and the pace allows. Called at the frame pace. */
  flushFrame(): void {
    if (!this.hasCredit || this.isClosed) return;
    const nowMs = this.parts.nowMs();
    if (nowMs - this.lastFrameAtMs < this.parts.framePaceMs && nowMs >= this.lastFrameAtMs) return;
    let parts: Record<number, unknown> | null = null;
    for (const [id, subscription] of this.subscriptions) {
      if (subscription.stream === null) continue;
      const version = subscription.stream.version(nowMs);
      if (version === subscription.sentVersion) continue;
      parts ??= {};
      parts[id] = subscription.stream.build(nowMs);
      subscription.sentVersion = version;
    }
    if (parts === null) return;
    this.frame += 1;
    this.hasCredit = false;
    this.lastFrameAtMs = nowMs;
    this.post({ t: 'frame', frame: this.frame, builtAtMs: nowMs, parts });
  }

  flushLane(): void {
    if (!this.isClosed) this.lane.flush();
  }

  /** The source of pictures changed (a replay began or ended), or who may see them: every subscription is opened anew. */
  reopen(): void {
    for (const [id, subscription] of this.subscriptions) {
      const { stream, refusal } = this.open(subscription.kind, subscription.params);
      subscription.stream = stream;
      subscription.sentVersion = null;
      // Not journalled: nobody asked for it; the page is told why its picture stands still.
      if (refusal !== null) this.post({ t: 'subscriptionRefused', id, outcome: refusal });
    }
    this.lane.restart();
  }

  /** Closing tells the other end, which may answer by closing: the second time is nothing. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.subscriptions.clear();
    this.parts.port.close();
  }

  private post(message: Parameters<PagePort['post']>[0]): void {
    if (!this.isClosed) this.parts.port.post(message);
  }

  private onMessage(raw: unknown): void {
    const parsed = pageMessageSchema.safeParse(raw);
    if (!parsed.success) {
      this.parts.onRefusal(refuseSchemaIssue(parsed.error), 'page message');
      return;
    }
    this.take(parsed.data);
  }

  private take(message: PageMessage): void {
    switch (message.t) {
      case 'request':
        void this.answer(message.id, message.name, message.payload);
        return;
      case 'subscribe':
        this.subscribe(message.id, message.stream, message.params);
        return;
      case 'unsubscribe':
        this.subscriptions.delete(message.id);
        return;
      case 'credit':
        if (message.frame === this.frame) this.hasCredit = true;
        return;
      case 'laneCredit':
        this.lane.credit(message.sequence);
    }
  }

  private async answer(id: number, name: string, payload: unknown): Promise<void> {
    if (this.requestsInFlight >= MAX_REQUESTS_IN_FLIGHT) {
      const refusal = refuse('UNAVAILABLE', 'too many requests are still being answered');
      this.parts.onRefusal(refusal, name);
      this.post({ t: 'answer', id, outcome: refusal });
      return;
    }
    this.requestsInFlight += 1;
    const outcome = await this.parts.ask(name, payload);
    this.requestsInFlight -= 1;
    if (!outcome.ok) this.parts.onRefusal(outcome, name);
    this.post({ t: 'answer', id, outcome });
  }

  private subscribe(id: number, stream: string, params: unknown): void {
    const refused = this.trySubscribe(id, stream, params);
    if (refused === null) return;
    this.parts.onRefusal(refused, `subscribe ${stream}`);
    this.post({ t: 'subscriptionRefused', id, outcome: refused });
  }

  private trySubscribe(id: number, stream: string, params: unknown): Refusal | null {
    if (!isStreamKind(stream)) return refuse('UNKNOWN', `no stream is called ${stream}`, 'stream');
    const parsed = STREAMS[stream].safeParse(params);
    if (!parsed.success) return refuseSchemaIssue(parsed.error);
    if (!this.subscriptions.has(id) && this.subscriptions.size >= MAX_SUBSCRIPTIONS) {
      return refuse('UNAVAILABLE', `a window may hold ${MAX_SUBSCRIPTIONS} subscriptions`);
    }
    const opened = this.open(stream, parsed.data);
    this.subscriptions.set(id, { kind: stream, params: parsed.data, stream: opened.stream, sentVersion: null });
    return opened.refusal;
  }

  private open(kind: StreamKind, params: unknown): { stream: OpenStream | null; refusal: Refusal | null } {
    const opened = this.parts.gate.open(this.parts.streams(), kind, params);
    if (opened === 'silent') return { stream: null, refusal: null };
    return 'ok' in opened ? { stream: null, refusal: opened } : { stream: opened, refusal: null };
  }
}

function isStreamKind(value: string): value is StreamKind {
  return Object.hasOwn(STREAMS, value);
}
