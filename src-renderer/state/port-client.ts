/** The page's end of the engine's port: subscriptions that outlive a restarted engine, one frame in flight, requests that always end in an outcome. */

import type { RequestAnswer, RequestName, RequestPayload } from '#shared/contract/requests';
import type { HeatmapPicture, PictureByStream, StreamKind, StreamParams } from '#shared/contract/streams';
import type { EngineMessage, PageMessage } from '#shared/contract/wire';
import type { Alert } from '#shared/desk/alerts/alert';
import { type Outcome, type Refusal, refuse } from '#shared/refusal';

/** As much of a MessagePort as is used here, so that tests can stand in for the engine. */
export type PortLike = {
  postMessage(message: PageMessage): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  start(): void;
  close(): void;
};

/** Time and drawing come from outside: the page gives `requestAnimationFrame`, a test gives its own. */
export type PageSurroundings = {
  nowMs(): number;
  /** Calls back before the next paint. */
  beforePaint(callback: () => void): void;
  /** Answers a function that cancels. */
  afterMs(delayMs: number, callback: () => void): () => void;
};

/** The last picture of one subscription, and how old it is. It stays while the engine is away. */
export type StreamView<Kind extends StreamKind = StreamKind> = {
  picture: PictureByStream[Kind] | null;
  builtAtMs: number | null;
  refusal: Refusal | null;
};

export type PortListener = {
  /** `ready` when an engine serves us, `lost` when its port is gone. */
  onConnection(state: { connected: boolean; engineId: string | null; atMs: number }): void;
  onAlerts(batch: { snapshot: boolean; alerts: Alert[] }): void;
  onFrameDrawn(frameCount: number): void;
};

type Subscription = {
  id: number;
  kind: StreamKind;
  params: unknown;
  view: StreamView;
  listeners: Set<() => void>;
};

/**
 * Pictures that fill a panel and come with every frame of a busy market: each is drawn in a paint of its own. Drawn all at once they hold the page for
 * as long as all of them take, and the pointer with it; a panel is at most a few paints behind its neighbour, and both say the time of the same frame.
 */
const LARGE_PICTURES: ReadonlySet<StreamKind> = new Set(['heatmap', 'table', 'account', 'limits', 'stress', 'distance']);

const REQUEST_TIMEOUT_MS = 15_000;
const EMPTY_VIEW: StreamView = { picture: null, builtAtMs: null, refusal: null };

/** Equal parameters give equal keys whatever the order of their properties. */
export function subscriptionKey(kind: StreamKind, params: unknown): string {
  return `${kind} ${JSON.stringify(params, (_, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : value,
  )}`;
}

/** The engine sends a heat map's layout only when it changed; a reader that comes later must find it all the same. */
function mergePicture(kind: StreamKind, previous: unknown, next: unknown): unknown {
  if (kind !== 'heatmap') return next;
  const before = previous as HeatmapPicture | null;
  const after = next as HeatmapPicture;
  if (after.layout !== null || before === null || before.layout === null || before.layoutVersion !== after.layoutVersion) return after;
  return { ...after, layout: before.layout };
}

export class PortClient {
  /** When anything last came through the port that stands now; null while there is none. */
  heardAtMs: number | null = null;
  private port: PortLike | null = null;
  private engineId: string | null = null;
  private nextId = 1;
  private frameCount = 0;
  private readonly subscriptions = new Map<string, Subscription>();
  private readonly keyById = new Map<number, string>();
  private readonly waiting = new Map<number, (outcome: Outcome<unknown>) => void>();
  private readonly surroundings: PageSurroundings;
  private readonly listener: PortListener;

  constructor(surroundings: PageSurroundings, listener: PortListener) {
    this.surroundings = surroundings;
    this.listener = listener;
  }

  /** Takes a port of a new or restarted engine. What was asked of the old engine is refused: nobody can know whether it was done. */
  attach(port: PortLike): void {
    this.detach('the engine was restarted before it answered');
    this.port = port;
    port.addEventListener('message', (event) => {
      if (this.port === port) this.receive(event.data as EngineMessage);
    });
    port.start();
    this.keyById.clear();
    for (const [key, subscription] of this.subscriptions) {
      subscription.id = this.nextId++;
      this.keyById.set(subscription.id, key);
      this.post({ t: 'subscribe', id: subscription.id, stream: subscription.kind, params: subscription.params });
    }
  }

  /** The engine is gone. Pictures stay, with their age. */
  detach(reason: string): void {
    if (this.port === null) return;
    this.port.close();
    this.port = null;
    this.heardAtMs = null;
    this.engineId = null;
    for (const settle of [...this.waiting.values()]) settle(refuse('UNAVAILABLE', reason));
    this.waiting.clear();
    this.listener.onConnection({ connected: false, engineId: null, atMs: this.surroundings.nowMs() });
  }

  /** Calls `onChange` whenever a newer picture is there. Equal subscriptions share one. Answers a function that ends it. */
  subscribe<Kind extends StreamKind>(kind: Kind, params: StreamParams<Kind>, onChange: () => void): () => void {
    const key = subscriptionKey(kind, params);
    let subscription = this.subscriptions.get(key);
    if (subscription === undefined) {
      subscription = { id: this.nextId++, kind, params, view: EMPTY_VIEW, listeners: new Set() };
      this.subscriptions.set(key, subscription);
      this.keyById.set(subscription.id, key);
      this.post({ t: 'subscribe', id: subscription.id, stream: kind, params });
    }
    const joined = subscription;
    joined.listeners.add(onChange);
    return () => {
      joined.listeners.delete(onChange);
      if (joined.listeners.size > 0 || this.subscriptions.get(key) !== joined) return;
      this.subscriptions.delete(key);
      this.keyById.delete(joined.id);
      this.post({ t: 'unsubscribe', id: joined.id });
    };
  }

  view<Kind extends StreamKind>(kind: Kind, params: StreamParams<Kind>): StreamView<Kind> {
    return (this.subscriptions.get(subscriptionKey(kind, params))?.view ?? EMPTY_VIEW) as StreamView<Kind>;
  }

  get subscriptionCount(): number {
    return this.subscriptions.size;
  }

  /** Never throws and never hangs: no engine, no answer in time and a refusal all come back as an outcome. */
  request<Name extends RequestName>(
    name: Name,
    payload: RequestPayload<Name>,
    timeoutMs = REQUEST_TIMEOUT_MS,
  ): Promise<Outcome<RequestAnswer<Name>>> {
    if (this.port === null) return Promise.resolve(refuse('UNAVAILABLE', 'the engine is not connected'));
    const id = this.nextId++;
    return new Promise((resolve) => {
      const cancelTimeout = this.surroundings.afterMs(timeoutMs, () => {
        this.waiting.delete(id);
        resolve(refuse('UNAVAILABLE', `no answer to ${name} within ${timeoutMs} ms`));
      });
      this.waiting.set(id, (outcome) => {
        cancelTimeout();
        this.waiting.delete(id);
        resolve(outcome as Outcome<RequestAnswer<Name>>);
      });
      this.post({ t: 'request', id, name, payload });
    });
  }

  private post(message: PageMessage): void {
    this.port?.postMessage(message);
  }

  private receive(message: EngineMessage): void {
    this.heardAtMs = this.surroundings.nowMs();
    switch (message.t) {
      case 'ready':
        this.engineId = message.engineId;
        this.listener.onConnection({ connected: true, engineId: this.engineId, atMs: this.surroundings.nowMs() });
        return;
      case 'answer':
        this.waiting.get(message.id)?.(message.outcome);
        return;
      case 'subscriptionRefused':
        this.update(message.id, (view) => ({ ...view, picture: null, refusal: message.outcome.ok ? null : message.outcome }));
        return;
      case 'lane':
        this.listener.onAlerts({ snapshot: message.snapshot, alerts: message.alerts as Alert[] });
        this.post({ t: 'laneCredit', sequence: message.sequence });
        return;
      case 'frame':
        this.draw(message);
        return;
    }
  }

  /** Pictures change just before the paint, and the credit goes out after it: a page that cannot draw is sent nothing. */
  private draw(message: Extract<EngineMessage, { t: 'frame' }>): void {
    const port = this.port;
    const paints = this.paintsOf(message);
    const drawNext = (): void => {
      if (this.port !== port) return;
      for (const [id, part] of paints.shift() ?? []) {
        this.update(id, (view, kind) => ({
          picture: mergePicture(kind, view.picture, part) as StreamView['picture'],
          builtAtMs: message.builtAtMs,
          refusal: null,
        }));
      }
      if (paints.length > 0) {
        this.surroundings.beforePaint(drawNext);
        return;
      }
      this.frameCount += 1;
      this.listener.onFrameDrawn(this.frameCount);
      this.surroundings.afterMs(0, () => {
        if (this.port === port) this.post({ t: 'credit', frame: message.frame });
      });
    };
    this.surroundings.beforePaint(drawNext);
  }

  /** What is drawn in each paint of a frame: everything small first, then one large picture after the other. */
  private paintsOf({ parts }: Extract<EngineMessage, { t: 'frame' }>): [number, unknown][][] {
    const small: [number, unknown][] = [];
    const large: [number, unknown][][] = [];
    for (const [key, part] of Object.entries(parts)) {
      const id = Number(key);
      const kind = this.subscriptions.get(this.keyById.get(id) ?? '')?.kind;
      if (kind !== undefined && LARGE_PICTURES.has(kind)) large.push([[id, part]]);
      else small.push([id, part]);
    }
    return small.length === 0 && large.length > 0 ? large : [small, ...large];
  }

  private update(id: number, change: (view: StreamView, kind: StreamKind) => StreamView): void {
    const key = this.keyById.get(id);
    const subscription = key === undefined ? undefined : this.subscriptions.get(key);
    if (subscription === undefined) return;
    subscription.view = change(subscription.view, subscription.kind);
    for (const listener of [...subscription.listeners]) listener();
  }
}
