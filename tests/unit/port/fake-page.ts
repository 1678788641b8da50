/** A page without a window: keeps what the engine posted, and speaks only when told to. */

import type { PagePort } from '#engine/port/page-port';
import type { EngineMessage, PageMessage } from '#shared/contract/wire';

export class FakePage implements PagePort {
  readonly received: EngineMessage[] = [];
  private listener: (message: unknown) => void = () => undefined;
  private closeListener: () => void = () => undefined;

  post(message: EngineMessage): void {
    this.received.push(message);
  }
  onMessage(listener: (message: unknown) => void): void {
    this.listener = listener;
  }
  onClose(listener: () => void): void {
    this.closeListener = listener;
  }
  close(): void {
    this.closeListener();
  }

  say(message: PageMessage): void {
    this.listener(message);
  }
  sayAnything(message: unknown): void {
    this.listener(message);
  }
  of<T extends EngineMessage['t']>(type: T): Extract<EngineMessage, { t: T }>[] {
    return this.received.filter((message): message is Extract<EngineMessage, { t: T }> => message.t === type);
  }
}
