/** The few IPC channels between preload and shell. Nothing but the preload sends on them, and the shell checks every sender. */
export const CHANNELS = {
  /** Page to shell: I listen now; send the engine's state and my port. */
  pageReady: 'floorwatch:page-ready',
  /** Page to shell: put this text on the clipboard. */
  copyText: 'floorwatch:copy-text',
  /** Shell to page: EngineState. */
  engineState: 'floorwatch:engine-state',
  /** Shell to page, with one MessagePort. */
  port: 'floorwatch:port',
} as const;

/** Command-line switches the shell gives its pages' preload, which is sandboxed and can ask for nothing itself. */
export const PAGE_SWITCHES = { appVersion: '--floorwatch-version=', isPackaged: '--floorwatch-packaged' } as const;
