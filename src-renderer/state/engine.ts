/** The one engine connection of this window, and how it gets its ports from the preload. */
import { PORT_MESSAGE } from '#shared/contract/preload';
import { acceptAlerts } from './alerts-store';
import { useConnection } from './connection-store';
import { PortClient, type PortLike } from './port-client';
import { createSilenceWatch } from './silence-watch';

const SILENCE_LOOK_MS = 1000;

/** A hidden window draws no frames; asking for the paint anyway would only let frames pile up behind it. */
export const engine = new PortClient(
  {
    nowMs: () => Date.now(),
    beforePaint: (callback) => {
      requestAnimationFrame(callback);
    },
    afterMs: (delayMs, callback) => {
      const timer = setTimeout(callback, delayMs);
      return () => clearTimeout(timer);
    },
  },
  {
    onConnection: ({ connected, engineId, atMs }) => useConnection.getState().setConnection(connected, engineId, atMs),
    onAlerts: acceptAlerts,
    onFrameDrawn: () => {},
  },
);

/** Listens before it tells the preload that it does, so that no port is missed. Answers whether there is a shell at all. */
export function connectToShell(): boolean {
  const bridge = window.floorwatch;
  if (bridge === undefined) return false;
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (event.source !== window) return;
    const data = event.data as { type?: unknown } | null;
    const port = event.ports[0];
    if (data?.type !== PORT_MESSAGE || port === undefined) return;
    engine.attach(port as PortLike);
  });
  bridge.onEngineState((state) => {
    useConnection.getState().setEngineState(state);
    if (state.state === 'restarting' || state.state === 'failed') engine.detach(`the engine ended (${state.reason})`);
  });
  bridge.pageReady();
  watchForSilence();
  return true;
}

function watchForSilence(): void {
  const watch = createSilenceWatch({
    get heardAtMs() {
      return engine.heardAtMs;
    },
    ask: () => void engine.request('settings.get', {}),
  });
  setInterval(() => {
    const silentSinceMs = watch.look(Date.now());
    if (silentSinceMs !== useConnection.getState().silentSinceMs) useConnection.getState().setSilence(silentSinceMs);
  }, SILENCE_LOOK_MS);
}
