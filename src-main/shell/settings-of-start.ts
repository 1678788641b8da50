/** How this start was asked for: arguments first, then the environment, then the defaults of the machine. */
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { app } from 'electron';

export type StartSettings = {
  /** Where the desk's journal, cache, recordings and logs live. */
  dataDir: string;
  /** A demonstration feed that already runs; null lets the shell start its own. */
  demoUrl: string | null;
  startsDemo: boolean;
  sqliteModulePath: string | null;
  person: string;
};

function argument(name: string): string | null {
  const prefix = `--${name}=`;
  const value = process.argv.find((candidate) => candidate.startsWith(prefix))?.slice(prefix.length);
  return value === undefined || value === '' ? null : value;
}

/** The name of the person at this desk until somebody signs in: that of the operating system's user. */
function systemUser(): string {
  try {
    return userInfo().username.trim().slice(0, 64) || 'desk';
  } catch {
    return 'desk';
  }
}

export function readStartSettings(): StartSettings {
  const dataDir = argument('data-dir') ?? process.env.FLOORWATCH_DATA_DIR ?? join(app.getPath('appData'), 'Floorwatch');
  return {
    dataDir: resolve(dataDir),
    demoUrl: argument('demo-url'),
    startsDemo: !process.argv.includes('--no-demo'),
    // Whoever can name a module to load can run any code, so a packaged app does not listen.
    sqliteModulePath: app.isPackaged ? null : (process.env.FLOORWATCH_SQLITE_MODULE ?? null),
    person: systemUser(),
  };
}
