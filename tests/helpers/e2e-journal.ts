/** Looks at the journal from outside the app, as an auditor would: what was written before a kill must be there after it. */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';

export type JournalEntryRow = { sequence: number; type: string; subject: string; actor: string; entryHash: string };

const ATTEMPTS = 5;

/**
 * All entries, oldest first, read from a copy, because the engine holds the file for itself alone. A copy taken in the middle of a
 * checkpoint may not fit together; that shows in quick_check, and it is taken again.
 */
export function journalEntries(dataDir: string): JournalEntryRow[] {
  for (let attempt = 1; ; attempt++) {
    const copy = mkdtempSync(join(tmpdir(), 'floorwatch-journal-'));
    try {
      for (const name of ['journal.sqlite', 'journal.sqlite-wal']) {
        if (existsSync(join(dataDir, name))) copyFileSync(join(dataDir, name), join(copy, name));
      }
      const database = new Database(join(copy, 'journal.sqlite'));
      try {
        if (database.pragma('quick_check', { simple: true }) === 'ok') {
          return database.prepare('SELECT sequence, type, subject, actor, entryHash FROM entries ORDER BY sequence').all() as JournalEntryRow[];
        }
      } finally {
        database.close();
      }
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
    if (attempt === ATTEMPTS) throw new Error('no copy of the journal fits together');
  }
}
