/** What the preload gives the page: the few named functions of `window.floorwatch`, and the window message that carries the engine's port. */

/**
 * A MessagePort cannot cross the context bridge, so the preload hands each new port over as
 * `window.postMessage({ type: PORT_MESSAGE }, location.origin, [port])`. It keeps a port that arrives before `pageReady` was called.
 * Every restart of the engine brings a new port; the page drops the old one.
 */
export const PORT_MESSAGE = 'floorwatch:port';

/** What the shell knows of the engine process, which the engine itself cannot say when it is down. */
export type EngineState = {
  state: 'starting' | 'running' | 'restarting' | 'failed';
  sinceMs: number;
  restartCount: number;
  /** Technical reason of the last end (`exit 137`, `no answer`), empty while all is well. */
  reason: string;
};

export type FloorwatchBridge = {
  /** The page listens now: the preload may post the port. */
  pageReady(): void;
  /** Calls back at once with the state known now, then on every change. Answers a function that stops it. */
  onEngineState(callback: (state: EngineState) => void): () => void;
  /** Puts plain text on the clipboard: the sandboxed page has no clipboard of its own. */
  copyText(text: string): void;
  /** What the page may show about the program it runs in. */
  readonly about: { appVersion: string; electronVersion: string; chromeVersion: string; platform: string; isPackaged: boolean };
};
