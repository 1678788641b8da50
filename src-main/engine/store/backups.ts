/** Copies the journal while it is in use, proves each copy, and keeps enough of them: hourly, on exit, and when a person asks. */
import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Clock } from '#engine/clock';
import { type BackupVerdict, checkBackup } from '#engine/store/backup-check';
import type { BackupCheckOrder } from '#engine/store/backup-checker';
import { discardOwnCopy, fileStamp, moveDurably, stampTimeMs } from '#engine/store/files';
import type { JournalFile } from '#engine/store/journal-file';
import type { Log } from '#engine/store/log';
import { listBackups } from '#engine/store/recovery';
import type { Sqlite } from '#engine/store/sqlite-module';
import { storeErrorFrom } from '#engine/store/store-error';
import { workerFile } from '#engine/store/worker-file';
import { accept, type Outcome, refuse } from '#shared/refusal';

/** `evidenceCount`: sealed files of evidence of which a proved copy lies with the back-ups. */
export type MadeBackup = { file: string; verified: boolean; entryCount: number; evidenceCount: number; atMs: number };
export type BackupStatus = { lastAtMs: number | null; lastVerified: boolean | null; lastFault: string | null };

const HOUR_MS = 3_600_000;
/** Pages copied per turn of the event loop (4 KiB each): below a millisecond, so that risk goes on being computed. */
const PAGES_PER_TURN = 64;
/** A day of hourly ones, and the last of each day for two weeks: a fault is often noticed days after it was made. */
const KEEP_NEWEST = 24;
const KEEP_DAYS = 14;

export class Backups {
  readonly #sqlite: Sqlite;
  readonly #file: JournalFile;
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #log: Log;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<Outcome<MadeBackup>> | null = null;
  #coveredSequence = -1;
  #status: BackupStatus = { lastAtMs: null, lastVerified: null, lastFault: null };
  /** Called after each back-up that proved good, so that the desk can record it. */
  onMade: (made: MadeBackup) => void = () => undefined;
  /** Copies what the journal only names; answers how many files that is. */
  copyEvidence: () => Promise<number> = () => Promise.resolve(0);

  constructor(parts: { sqlite: Sqlite; file: JournalFile; folder: string; clock: Clock; log: Log }) {
    this.#sqlite = parts.sqlite;
    this.#file = parts.file;
    this.#folder = parts.folder;
    this.#clock = parts.clock;
    this.#log = parts.log;
    const newest = this.list()[0];
    // Only proved copies are given their final name.
    if (newest !== undefined) this.#status = { lastAtMs: newest.atMs, lastVerified: true, lastFault: null };
  }

  get status(): BackupStatus {
    return this.#status;
  }

  /** Newest first. Every file here was proved when it was made. */
  list(): { file: string; atMs: number; verified: boolean }[] {
    return listBackups(this.#folder).map((file) => ({ file, atMs: stampTimeMs(stampOf(file)), verified: true }));
  }

  start(everyMs = HOUR_MS): void {
    this.#timer ??= setInterval(() => void this.makeIfChanged(), everyMs).unref();
  }

  /** Ends the schedule and makes the last one, of which the journal says nothing: it is closed already. */
  async stop(): Promise<void> {
    this.onMade = () => undefined;
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    await this.#running;
    await this.makeIfChanged();
  }

  /** Nothing when nothing but back-ups happened since the last one. */
  async makeIfChanged(): Promise<void> {
    const news = this.#file.database.prepare(`SELECT 1 FROM entries WHERE sequence > ? AND type <> 'backup.made' LIMIT 1`).get(this.#coveredSequence);
    if (news !== undefined) await this.make();
  }

  /** Two at once become one: the second caller is answered with the first one's outcome. */
  make(): Promise<Outcome<MadeBackup>> {
    this.#running ??= this.#makeOne().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #makeOne(): Promise<Outcome<MadeBackup>> {
    const atMs = this.#clock.nowMs();
    const path = join(this.#folder, `journal-${this.#nextStamp(atMs)}.sqlite`);
    const temporary = `${path}.part`;
    try {
      mkdirSync(this.#folder, { recursive: true });
      discardOwnCopy(temporary);
      await this.#file.database.backup(temporary, { progress: () => PAGES_PER_TURN });
      const verdict = await this.#check(temporary);
      if (!verdict.isGood) return this.#failed(temporary, `the copy did not prove good: ${verdict.fault}`, false);
      moveDurably(temporary, path);
      this.#coveredSequence = verdict.entryCount;
      const evidenceCount = await this.copyEvidence();
      const made: MadeBackup = { file: path, verified: true, entryCount: verdict.entryCount, evidenceCount, atMs };
      this.#status = { lastAtMs: atMs, lastVerified: true, lastFault: null };
      this.#log('info', 'backupMade', { file: path, entryCount: verdict.entryCount, evidenceCount });
      this.#onMadeSafely(made);
      this.#dropOld();
      return accept(made);
    } catch (error) {
      return this.#failed(temporary, storeErrorFrom(error, 'back-up failed').message, this.#status.lastVerified);
    }
  }

  /** Later than every stamp there is, so that a clock set back cannot make the newest back-up look like an old one. */
  #nextStamp(atMs: number): string {
    const newest = this.list()[0];
    return fileStamp(newest === undefined || atMs > newest.atMs ? atMs : newest.atMs + 1);
  }

  /** The copy is ours and unfinished, so it goes; every earlier back-up stays. */
  #failed(temporary: string, message: string, lastVerified: boolean | null): Outcome<MadeBackup> {
    try {
      discardOwnCopy(temporary);
    } catch (error) {
      this.#log('warn', 'unfinishedBackupLeft', { file: temporary, message: error instanceof Error ? error.message : String(error) });
    }
    this.#status = { ...this.#status, lastVerified, lastFault: message };
    this.#log('error', 'backupFailed', { file: basename(temporary), message });
    return refuse('FAILED', message);
  }

  #onMadeSafely(made: MadeBackup): void {
    try {
      this.onMade(made);
    } catch (error) {
      this.#log('error', 'backupNotRecorded', { file: made.file, message: error instanceof Error ? error.message : String(error) });
    }
  }

  #check(path: string): Promise<BackupVerdict> {
    let file: string;
    try {
      file = workerFile('backup-checker');
    } catch (error) {
      this.#log('warn', 'backupCheckedInEngine', { message: error instanceof Error ? error.message : String(error) });
      return Promise.resolve(checkBackup(this.#sqlite, path));
    }
    const order: BackupCheckOrder = { path, modulePath: this.#sqlite.specifier, isPackaged: false };
    return new Promise((resolve) => {
      const worker = new Worker(file, { workerData: order, execArgv: [] });
      const answer = (verdict: BackupVerdict): void => {
        resolve(verdict);
        void worker.terminate();
      };
      worker.once('message', answer);
      worker.once('error', (error) => answer({ isGood: false, fault: error instanceof Error ? error.message : String(error), sequence: null }));
      worker.once('exit', (code) => answer({ isGood: false, fault: `the check ended with code ${code}`, sequence: null }));
    });
  }

  #dropOld(): void {
    const byDay = new Map<string, string>();
    const backups = listBackups(this.#folder);
    for (const file of backups) {
      const day = stampOf(file).slice(0, 8);
      if (!byDay.has(day)) byDay.set(day, file);
    }
    const kept = new Set([...backups.slice(0, KEEP_NEWEST), ...[...byDay.values()].slice(0, KEEP_DAYS)]);
    for (const file of backups) if (!kept.has(file)) discardOwnCopy(file);
  }
}

function stampOf(file: string): string {
  return basename(file, '.sqlite').slice('journal-'.length);
}
