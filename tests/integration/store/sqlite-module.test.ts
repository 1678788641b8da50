import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { journalSchema } from '#engine/store/migrations/0001-journal';
import { migrate, schemaVersionOf } from '#engine/store/migrations/migration';
import { createSlowQueryLog } from '#engine/store/slow-queries';
import { chooseSqliteModule, hasWalResetFix, loadSqlite } from '#engine/store/sqlite-module';
import { temporaryFolder } from '#tests/integration/journal/helpers';

describe('choosing the SQLite module', () => {
  it('says what is needed instead of crashing on a runtime that is too old', () => {
    expect(() => chooseSqliteModule({ isPackaged: false, modulePath: null, napiVersion: 9 })).toThrow(
      expect.objectContaining({ code: 'sqliteRuntimeTooOld', message: expect.stringContaining('N-API 10') }),
    );
    expect(chooseSqliteModule({ isPackaged: false, modulePath: null, napiVersion: 10 })).toBe('better-sqlite3');
  });

  it('takes another build when it is named, except in a packaged app', () => {
    const folder = temporaryFolder();
    const modulePath = join(folder.path, 'better-sqlite3');
    mkdirSync(modulePath);
    writeFileSync(join(modulePath, 'package.json'), JSON.stringify({ name: 'better-sqlite3', version: '11.5.0', main: 'index.js' }));
    writeFileSync(join(modulePath, 'index.js'), '');
    expect(chooseSqliteModule({ isPackaged: false, modulePath, napiVersion: 9 })).toBe(modulePath);
    expect(chooseSqliteModule({ isPackaged: true, modulePath })).toBe('better-sqlite3');
    folder.remove();
    expect(() => chooseSqliteModule({ isPackaged: false, modulePath })).toThrow(expect.objectContaining({ code: 'sqliteModuleMissing' }));
  });

  it('knows which versions have the write-ahead-log fix', () => {
    for (const version of ['3.51.3', '3.51.4', '3.53.0', '3.54.1', '3.50.7', '3.44.6', '4.0.0'])
      expect([version, hasWalResetFix(version)]).toEqual([version, true]);
    for (const version of ['3.47.0', '3.51.2', '3.52.0', '3.50.4', '3.44.5', '3.7.0'])
      expect([version, hasWalResetFix(version)]).toEqual([version, false]);
  });

  it('is here one with the fix', () => {
    expect(loadSqlite({ isPackaged: true, modulePath: null }).warnings).toEqual([]);
  });
});

describe('migrations', () => {
  const sqlite = loadSqlite({ isPackaged: false, modulePath: null });

  it('0001 makes the journal, once', () => {
    const database = sqlite.open(':memory:');
    migrate(database, [journalSchema], 'memory');
    migrate(database, [journalSchema], 'memory');
    expect(schemaVersionOf(database)).toBe(1);
    const tables = database.prepare(`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`).pluck().all();
    expect(tables).toEqual(['alerts', 'entries', 'feeds', 'layouts', 'meta', 'outbox', 'parked', 'runs', 'settings']);
    database.close();
  });

  it('that fail leave the version and the tables as they were', () => {
    const database = sqlite.open(':memory:');
    const broken = {
      version: 2,
      up: () => {
        database.exec('CREATE TABLE half (a) STRICT');
      },
    };
    expect(() => migrate(database, [journalSchema, broken], 'memory')).toThrow();
    expect(schemaVersionOf(database)).toBe(1);
    expect(database.prepare(`SELECT COUNT(*) FROM sqlite_master WHERE name = 'half'`).pluck().get()).toBe(0);
    database.close();
  });
});

describe('the slow-query log', () => {
  it('names what took long and nothing else', () => {
    let nowMs = 0;
    const lines: unknown[] = [];
    const measure = createSlowQueryLog({ nowMs: () => 0, monotonicMs: () => nowMs }, (level, code, params) => lines.push([level, code, params]), 50);
    measure('quick', () => {
      nowMs += 10;
    });
    expect(
      measure('slow', () => {
        nowMs += 80;
        return 'answer';
      }),
    ).toBe('answer');
    expect(lines).toEqual([['warn', 'slowQuery', { name: 'slow', tookMs: 80 }]]);
  });
});
