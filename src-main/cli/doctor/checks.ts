/** The single looks of `desk doctor`: each answers what it found and, where something is wrong, what a person can do. */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, rmdirSync, rmSync, statfsSync, statSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hasWalResetFix, loadSqlite } from '#engine/store/sqlite-module';

export type Finding = { check: string; state: 'ok' | 'warning' | 'problem'; detail: string; advice: string | null };

const ok = (check: string, detail: string): Finding => ({ check, state: 'ok', detail, advice: null });
const warning = (check: string, detail: string, advice: string): Finding => ({ check, state: 'warning', detail, advice });
const problem = (check: string, detail: string, advice: string): Finding => ({ check, state: 'problem', detail, advice });

/** The oldest Node the engine's bundle is built for (that of the registry runtime). */
const OLDEST_NODE = [20, 18] as const;
const NEEDED_FREE_BYTES = 200 * 1024 * 1024;
const COMFORTABLE_FREE_BYTES = 2 * 1024 * 1024 * 1024;
/** No build of this product is older than this day; a clock before it is wrong. */
const PRODUCT_BEGAN_MS = Date.UTC(2025, 0, 1);
const TOO_FAR_AHEAD_MS = Date.UTC(2080, 0, 1);

export function checkRuntime(versions: NodeJS.ProcessVersions): Finding {
  const [major = 0, minor = 0] = versions.node.split('.').map(Number);
  const detail = `Node ${versions.node}, N-API ${versions.napi ?? 'unknown'}, ${process.platform} ${process.arch}`;
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    return problem('runtime', detail, `use Node ${OLDEST_NODE.join('.')} or later; in a checkout run the command with npm, which brings its own`);
  }
  return ok('runtime', detail);
}

/** The module's own gate keeps a runtime that would crash on loading it from loading it. */
export function checkSqlite(modulePath: string | null): Finding {
  try {
    const sqlite = loadSqlite({ isPackaged: false, modulePath });
    const detail = `SQLite ${sqlite.version} from ${sqlite.specifier}`;
    if (hasWalResetFix(sqlite.version)) return ok('sqlite', detail);
    return warning(
      'sqlite',
      `${detail} can damage a write-ahead log that two connections write at once`,
      'use SQLite 3.51.3 or later, 3.50.7 or 3.44.6; a packaged app refuses this one',
    );
  } catch (error) {
    return problem('sqlite', messageOf(error), 'install the dependencies again (npm ci), or run with Node 24');
  }
}

/** Whether the folder can be made and written, durably; and what of an earlier desk is in it. */
export function checkDataFolder(dataDir: string): Finding[] {
  const probe = join(dataDir, `.doctor-${process.pid}`);
  const madeFolder = !existsSync(dataDir);
  try {
    mkdirSync(dataDir, { recursive: true });
    const begun = performance.now();
    const handle = openSync(probe, 'w');
    try {
      writeSync(handle, 'a test of writing; safe to delete\n');
      fsyncSync(handle);
    } finally {
      closeSync(handle);
      rmSync(probe, { force: true });
    }
    const tookMs = performance.now() - begun;
    const findings = [
      tookMs > 200
        ? warning(
            'data folder',
            `${dataDir} takes ${tookMs.toFixed(0)} ms for one durable write`,
            'every journal entry waits for such a write: put the data folder on a local solid-state disk',
          )
        : ok('data folder', `${dataDir} is writable`),
    ];
    const broken = readdirSync(dataDir).filter((name) => name.includes('.broken-'));
    if (broken.length > 0) {
      findings.push(
        warning(
          'journal',
          `damaged files were kept: ${broken.join(', ')}`,
          'the desk went on from a back-up; keep these files and have them looked at',
        ),
      );
    }
    if (madeFolder) rmdirSync(dataDir);
    return findings;
  } catch (error) {
    return [
      problem('data folder', `${dataDir}: ${messageOf(error)}`, 'give this user the right to write there, or choose another folder with --data-dir'),
    ];
  }
}

export function checkDisk(dataDir: string): Finding {
  let folder = dataDir;
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  try {
    const { bavail, bsize } = statfsSync(folder);
    const free = bavail * bsize;
    const detail = `${(free / 1024 ** 3).toFixed(1)} GiB free at ${folder}`;
    if (free < NEEDED_FREE_BYTES) return problem('disk', detail, 'free some space: the journal stops recording when the disk is full');
    if (free < COMFORTABLE_FREE_BYTES) return warning('disk', detail, 'recordings and back-ups need a few GiB: free some space soon');
    return ok('disk', detail);
  } catch (error) {
    return warning('disk', messageOf(error), 'the free space could not be read: check it by hand');
  }
}

/** Recording is never refused because of a clock, so a wrong one must be found here. */
export function checkClock(nowMs: number, dataDir: string): Finding {
  const text = Number.isFinite(nowMs) && Math.abs(nowMs) <= 8.64e15 ? new Date(nowMs).toISOString() : String(nowMs);
  if (!(nowMs > PRODUCT_BEGAN_MS && nowMs < TOO_FAR_AHEAD_MS)) {
    return problem(
      'clock',
      `the system clock says ${text}`,
      'set the clock (time synchronisation): sessions, ages and the times in the journal depend on it',
    );
  }
  const journal = join(dataDir, 'journal.sqlite');
  if (existsSync(journal) && statSync(journal).mtimeMs > nowMs + 60_000) {
    return warning(
      'clock',
      `the journal was written after what the clock says now (${text})`,
      'the clock was set back: check time synchronisation; the journal keeps its order all the same',
    );
  }
  return ok('clock', text);
}

export async function checkFeed(url: string): Promise<Finding> {
  const { testFeed } = await import('#engine/feeds/websocket/test-feed');
  const outcome = await testFeed({ feedId: 'doctor', url, encoding: 'json' });
  if (!outcome.ok)
    return problem('feed', `${url}: ${outcome.message}`, 'check address, network, certificate and token; a firewall must let this port out');
  const { source, tradingDay, clockOffsetMs } = outcome.value;
  const detail = `${url}: ${source}, trading day ${tradingDay}, its clock ${clockOffsetMs >= 0 ? 'ahead' : 'behind'} by ${Math.abs(clockOffsetMs)} ms`;
  return ok('feed', detail);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
