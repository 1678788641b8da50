/** Chooses and loads the one SQLite module, because on a wrong runtime loading it is a crash of the process, not an error. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type Database from 'better-sqlite3';
import { StoreError } from '#engine/store/store-error';

export type SqliteDatabase = Database.Database;
export type SqliteStatement = Database.Statement<unknown[], unknown>;
type SqliteConstructor = new (file: string, options?: Database.Options) => SqliteDatabase;

export type SqliteChoice = {
  isPackaged: boolean;
  /** Another build of better-sqlite3, as an absolute path. A packaged app ignores it: whoever can set it could load any code. */
  modulePath: string | null;
  /** `process.versions.napi` of the runtime that will load it. */
  napiVersion?: number;
};

export type StoreWarning = { code: string; params: Record<string, string | number> };

export type Sqlite = {
  open: (file: string, options?: Database.Options) => SqliteDatabase;
  version: string;
  /** What `require` takes, so that a worker thread loads the very same module. */
  specifier: string;
  warnings: StoreWarning[];
};

/** better-sqlite3 13 was rewritten on N-API 10; the releases before it are bound to a V8 and fail to load with an ordinary error. */
const FIRST_NAPI_MAJOR = 13;
const NEEDED_NAPI = 10;

/** The path to load, or why it cannot be: looked up in the module's own package.json, before its binary is touched. */
export function chooseSqliteModule(choice: SqliteChoice): string {
  const require = createRequire(import.meta.url);
  const specifier = !choice.isPackaged && choice.modulePath !== null ? choice.modulePath : 'better-sqlite3';
  let moduleVersion: string;
  try {
    moduleVersion = readModuleVersion(require, specifier);
  } catch (error) {
    throw new StoreError('sqliteModuleMissing', `better-sqlite3 was not found at ${specifier}`, error);
  }
  const napiVersion = choice.napiVersion ?? Number(process.versions.napi);
  if (Number.parseInt(moduleVersion, 10) >= FIRST_NAPI_MAJOR && !(napiVersion >= NEEDED_NAPI)) {
    throw new StoreError(
      'sqliteRuntimeTooOld',
      `better-sqlite3 ${moduleVersion} needs a runtime with N-API ${NEEDED_NAPI}; this one (Node ${process.versions.node}) has ${napiVersion}. ` +
        'Use Node 24 or Electron 40 and later, or name an older build with FLOORWATCH_SQLITE_MODULE.',
    );
  }
  return specifier;
}

function readModuleVersion(require: NodeJS.Require, specifier: string): string {
  let folder = dirname(require.resolve(specifier));
  while (!existsSync(join(folder, 'package.json'))) {
    if (dirname(folder) === folder) throw new Error(`no package.json above ${specifier}`);
    folder = dirname(folder);
  }
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version?: unknown };
  if (typeof manifest.version !== 'string') throw new Error(`${specifier} names no version`);
  return manifest.version;
}

/**
 * Whether this SQLite has the fix for the write-ahead-log fault (two connections that write or checkpoint at once can corrupt the file):
 * fixed in 3.51.3, back-ported to 3.44.6 and 3.50.7; 3.52.0 was withdrawn. Source: sqlite.org/wal.html, "The WAL-Reset Bug".
 */
export function hasWalResetFix(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  if (major !== 3) return major > 3;
  if (minor === 52) return patch > 0;
  if (minor > 51) return true;
  if (minor === 51) return patch >= 3;
  if (minor === 50) return patch >= 7;
  if (minor === 44) return patch >= 6;
  return false;
}

/** Loads the module and passes its SQLite through the version gate: a packaged app refuses, any other runs with a warning that people see. */
export function loadSqlite(choice: SqliteChoice): Sqlite {
  const specifier = chooseSqliteModule(choice);
  const construct = createRequire(import.meta.url)(specifier) as SqliteConstructor;
  const open = (file: string, options?: Database.Options): SqliteDatabase => new construct(file, options);
  const version = readVersion(open);
  if (hasWalResetFix(version)) return { open, version, specifier, warnings: [] };
  if (choice.isPackaged)
    throw new StoreError('sqliteVersionRefused', `SQLite ${version} can damage a write-ahead log; 3.51.3 or later (or 3.50.7, 3.44.6) is needed`);
  return { open, version, specifier, warnings: [{ code: 'sqliteWalFault', params: { version } }] };
}

function readVersion(open: Sqlite['open']): string {
  const memory = open(':memory:');
  try {
    return String(memory.prepare('SELECT sqlite_version()').pluck().get());
  } finally {
    memory.close();
  }
}
