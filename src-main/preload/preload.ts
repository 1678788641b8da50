/** The page's only window to the shell: a few named functions and the engine's port, nothing generic. Runs sandboxed, as one CommonJS file. */
import { contextBridge, ipcRenderer } from 'electron';
import { CHANNELS, PAGE_SWITCHES } from '#shared/contract/channels';
import { type EngineState, type FloorwatchBridge, PORT_MESSAGE } from '#shared/contract/preload';

let lastState: EngineState = { state: 'starting', sinceMs: Date.now(), restartCount: 0, reason: '' };
const listeners = new Set<(state: EngineState) => void>();

ipcRenderer.on(CHANNELS.engineState, (_event, state: EngineState) => {
  lastState = state;
  for (const listener of listeners) listener(state);
});

// A MessagePort cannot cross the context bridge; a window message to the page's own origin can carry it.
ipcRenderer.on(CHANNELS.port, (event) => {
  window.postMessage({ type: PORT_MESSAGE }, location.origin, [...event.ports]);
});

const argumentAfter = (prefix: string): string => process.argv.find((argument) => argument.startsWith(prefix))?.slice(prefix.length) ?? '';

const bridge = {
  pageReady() {
    ipcRenderer.send(CHANNELS.pageReady);
  },
  // Every function that crosses the bridge arrives as a new proxy, so a page could never remove it by identity: it gets a function that does.
  onEngineState(callback) {
    const listener = (state: EngineState): void => callback(state);
    listeners.add(listener);
    listener(lastState);
    return () => {
      listeners.delete(listener);
    };
  },
  copyText(text) {
    ipcRenderer.send(CHANNELS.copyText, text);
  },
  about: {
    appVersion: argumentAfter(PAGE_SWITCHES.appVersion),
    electronVersion: process.versions.electron ?? '',
    chromeVersion: process.versions.chrome ?? '',
    platform: process.platform,
    isPackaged: process.argv.includes(PAGE_SWITCHES.isPackaged),
  },
} satisfies FloorwatchBridge;

contextBridge.exposeInMainWorld('floorwatch', bridge);
