/** A page on a real MessagePort: draws nothing, answers credit like one, and waits for states instead of times. */
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Engine } from '#engine/engine';
import { pagePortFromNode } from '#engine/port/page-port';
import type { RequestAnswer, RequestName, RequestPayload } from '#shared/contract/requests';
import type { PictureByStream, StreamKind, StreamParams } from '#shared/contract/streams';
import type { EngineMessage, PageMessage } from '#shared/contract/wire';
import type { Alert } from '#shared/desk/alerts/alert';
import type { Outcome, Refusal } from '#shared/refusal';

export class PageClient {
  readonly alerts = new Map<string, Alert>();
  readonly pictures = new Map<number, unknown>();
  readonly refusals = new Map<number, Refusal>();
  frames = 0;
  lastSequence = 0;
  /** How often the list of alerts began anew. */
  laneSnapshots = 0;
  private readonly port: MessagePort;
  private readonly streams = new Map<number, string>();
  private nextId = 1;
  private readonly answers = new Map<number, (outcome: Outcome<unknown>) => void>();
  private readonly waiting = new Set<() => void>();

  constructor(engine: Pick<Engine, 'attachPort'>) {
    const { port1, port2 } = new MessageChannel();
    this.port = port2;
    this.port.on('message', (message: EngineMessage) => this.take(message));
    engine.attachPort(pagePortFromNode(port1));
  }

  subscribe<Kind extends StreamKind>(stream: Kind, params: StreamParams<Kind>): () => PictureByStream[Kind] | null {
    const id = this.nextId++;
    this.streams.set(id, stream);
    this.say({ t: 'subscribe', id, stream, params });
    return () => (this.pictures.get(id) ?? null) as PictureByStream[Kind] | null;
  }

  /** Which stream a picture is of. */
  streamOf(id: number): string {
    return this.streams.get(id) ?? '';
  }

  /** For streams and parameters that a test walks through by name. Answers the subscription's id. */
  subscribeRaw(stream: string, params: unknown): number {
    const id = this.nextId++;
    this.say({ t: 'subscribe', id, stream, params });
    return id;
  }

  unsubscribe(id: number): void {
    this.say({ t: 'unsubscribe', id });
  }

  request<Name extends RequestName>(name: Name, payload: RequestPayload<Name>): Promise<Outcome<RequestAnswer<Name>>> {
    const id = this.nextId++;
    return new Promise((resolve) => {
      this.answers.set(id, resolve as (outcome: Outcome<unknown>) => void);
      this.say({ t: 'request', id, name, payload });
    });
  }

  /** Resolves with the first truthy value after a message; the test's own time limit is the only clock. */
  until<Value>(look: () => Value | null | undefined | false): Promise<Value> {
    return new Promise((resolve) => {
      const check = (): void => {
        const value = look();
        if (value === null || value === undefined || value === false) return;
        this.waiting.delete(check);
        resolve(value);
      };
      this.waiting.add(check);
      check();
    });
  }

  close(): void {
    this.port.close();
  }

  private say(message: PageMessage): void {
    this.port.postMessage(message);
  }

  private take(message: EngineMessage): void {
    if (message.t === 'answer') {
      this.answers.get(message.id)?.(message.outcome);
      this.answers.delete(message.id);
    } else if (message.t === 'frame') {
      this.frames += 1;
      for (const [id, part] of Object.entries(message.parts)) this.pictures.set(Number(id), part);
      this.say({ t: 'credit', frame: message.frame });
    } else if (message.t === 'subscriptionRefused') {
      if (!message.outcome.ok) this.refusals.set(message.id, message.outcome);
    } else if (message.t === 'lane') {
      if (message.snapshot) {
        this.alerts.clear();
        this.laneSnapshots += 1;
      }
      for (const alert of message.alerts as Alert[]) this.alerts.set(alert.alertId, alert);
      this.lastSequence = message.sequence;
      this.say({ t: 'laneCredit', sequence: message.sequence });
    }
    for (const check of [...this.waiting]) check();
  }
}
