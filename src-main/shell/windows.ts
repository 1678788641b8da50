/** The only place that creates windows: every page gets the same preferences and guards, and comes back after a crash of its process. */
import { join } from 'node:path';
import { BrowserWindow, nativeTheme, type Session, type WebContents } from 'electron';
import { PAGE_URL } from '#shell/security/origin';
import { pagePreferences } from '#shell/security/web-preferences';
import { loadWindowBounds, saveWindowBounds } from '#shell/window-bounds';

/** A page that dies again and again is left as it is after this many reloads in a minute: reloading would only burn the machine. */
const MAX_RELOADS_PER_MINUTE = 3;

export type DeskWindows = {
  openMain(): void;
  focusMain(): void;
  isOurs(contents: WebContents): boolean;
  isInFront(): boolean;
  /** Asks for attention without taking the focus from what a person types in. */
  flash(): void;
  sendToAll(channel: string, payload: unknown): void;
  all(): WebContents[];
};

/** `ownSession`: pages that share no memory with other desks' pages, whose session is guarded as theirs is. */
export function createDeskWindows(dataDir: string, log: (message: string) => void, ownSession?: () => Session): DeskWindows {
  const windows = new Set<BrowserWindow>();
  let main: BrowserWindow | null = null;

  function openMain(): void {
    if (main !== null) {
      focusMain();
      return;
    }
    const bounds = loadWindowBounds(dataDir);
    const window = new BrowserWindow({
      width: 1600,
      height: 1000,
      ...(bounds === null ? {} : { x: bounds.x, y: bounds.y, width: bounds.width, height: bounds.height }),
      minWidth: 960,
      minHeight: 600,
      show: false,
      autoHideMenuBar: true,
      // The page's own ground, so that no white flashes before the first paint.
      backgroundColor: nativeTheme.shouldUseDarkColors ? '#14181d' : '#f6f7f9',
      webPreferences: {
        ...pagePreferences(join(import.meta.dirname, '../preload/preload.cjs')),
        ...(ownSession === undefined ? {} : { session: ownSession() }),
      },
    });
    windows.add(window);
    main = window;
    if (bounds?.isMaximized === true) window.maximize();
    window.once('ready-to-show', () => window.show());
    window.on('close', () => saveWindowBounds(dataDir, { ...window.getNormalBounds(), isMaximized: window.isMaximized() }));
    window.on('closed', () => {
      windows.delete(window);
      if (main === window) main = null;
    });
    window.on('focus', () => window.flashFrame(false));
    reloadAfterCrash(window);
    void window.loadURL(PAGE_URL).catch((error: unknown) => log(`the page did not load: ${String(error)}`));
  }

  function reloadAfterCrash(window: BrowserWindow): void {
    let recentMs: number[] = [];
    window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
      log(`the page's process ended: ${reason} (${exitCode})`);
      if (reason === 'clean-exit' || window.isDestroyed()) return;
      const nowMs = performance.now();
      recentMs = [...recentMs.filter((atMs) => nowMs - atMs < 60_000), nowMs];
      if (recentMs.length > MAX_RELOADS_PER_MINUTE) log('the page ended too often; it is left as it is');
      else void window.loadURL(PAGE_URL).catch((error: unknown) => log(`the page did not load again: ${String(error)}`));
    });
    window.on('unresponsive', () => log('the page does not answer'));
    window.on('responsive', () => log('the page answers again'));
  }

  function focusMain(): void {
    if (main === null) {
      openMain();
      return;
    }
    if (main.isMinimized()) main.restore();
    main.show();
    main.focus();
  }

  return {
    openMain,
    focusMain,
    isOurs: (contents) => [...windows].some((window) => window.webContents === contents),
    isInFront: () => [...windows].some((window) => window.isFocused()),
    flash: () => main?.flashFrame(true),
    sendToAll(channel, payload) {
      for (const window of windows) window.webContents.send(channel, payload);
    },
    all: () => [...windows].map((window) => window.webContents),
  };
}
