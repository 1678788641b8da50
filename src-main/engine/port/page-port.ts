/** The one shape of a message port the engine serves: Electron's in the app, Node's in tests and headless, so that both take the same path. */
import type { EngineMessage } from '#shared/contract/wire';

export interface PagePort {
  post(message: EngineMessage): void;
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}

/** What Electron's MessagePortMain offers; named here so that the engine imports no Electron. */
export type ElectronPort = {
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  postMessage(message: unknown): void;
  start(): void;
  close(): void;
};

/** What node:worker_threads' MessagePort offers. */
export type NodePort = {
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  postMessage(message: unknown): void;
  close(): void;
};

export function pagePortFromElectron(port: ElectronPort): PagePort {
  return {
    post: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.on('message', (event) => listener(event.data));
      port.start();
    },
    onClose: (listener) => void port.on('close', listener),
    close: () => port.close(),
  };
}

export function pagePortFromNode(port: NodePort): PagePort {
  return {
    post: (message) => port.postMessage(message),
    onMessage: (listener) => void port.on('message', listener),
    onClose: (listener) => void port.on('close', listener),
    close: () => port.close(),
  };
}
