import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { killJournal } from '#tests/faults/kill-journal';
import { condition, openDesk, temporaryFolder } from '#tests/integration/journal/helpers';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const authorship = { actor: 'li.wei', session: 's', mode: 'live' } as const;

describe('a killed desk', () => {
  it('has lost nothing that was answered, time after time on the same file', { timeout: 120_000 }, async () => {
    for (const [seed, count] of [
      [1, 1],
      [2, 23],
      [3, 150],
      [4, 7],
      [5, 400],
    ] as const) {
      const outcome = await killJournal(folder.path, seed, count);
      expect(outcome.faults).toEqual([]);
      expect(outcome.storedCount).toBeGreaterThanOrEqual(outcome.acknowledgedCount);
    }
  });
});

describe('a full disk', () => {
  it.skipIf(process.platform === 'win32')(
    'refuses what it cannot record, keeps what it has, and goes on when there is room again',
    { timeout: 60_000 },
    async () => {
      // No file of this process may grow past 2 MB: writing fails as it does on a full disk.
      const child = join(import.meta.dirname, 'journal-child.ts');
      const command = `trap '' XFSZ; ulimit -f 2000; exec "${process.execPath}" "${child}" "${folder.path}" 9 until-full`;
      const lines = await new Promise<string[]>((resolve, reject) => {
        const shell = spawn('bash', ['-c', command], { stdio: ['ignore', 'pipe', 'inherit'] });
        let output = '';
        shell.stdout.on('data', (chunk: Buffer) => {
          output += chunk.toString();
        });
        shell.once('error', reject);
        shell.once('exit', () => resolve(output.trim().split('\n')));
      });
      expect(lines.at(-1)).toMatch(/^failed diskFull pending \d+$/);
      const acknowledged = lines.filter((line) => line.startsWith('stored '));
      expect(acknowledged.length).toBeGreaterThan(20);
      const { store, journal, desk, close } = openDesk(folder.path);
      expect(store.notice).toBeNull();
      expect(journal.verify().verdict).toBe('OK');
      expect(journal.entriesAfter(0, 100_000).map((entry) => `stored ${entry.sequence} ${entry.entryHash}`)).toEqual(acknowledged);
      expect(journal.append([{ type: 'desk.test', subject: 'desk', payload: {} }], authorship)).toHaveLength(1);
      expect(desk.journalPicture().state).toBe('ok');
      await close();
    },
  );

  it('holds conditions back until they can be written, and then writes all of them', async () => {
    const { journal, store, desk, close } = openDesk(folder.path);
    const { database } = store.journalFile;
    const pages = Number(database.pragma('page_count', { simple: true }));
    database.pragma(`max_page_count = ${pages}`);
    for (let count = 0; count < 200; count += 1) desk.alerts.onConditions([condition('raised', { entity: `account:A${count}` })]);
    expect(desk.alerts.pendingConditionCount).toBeGreaterThan(0);
    expect(desk.journalPicture()).toMatchObject({ state: 'failed', notice: 'diskFull' });
    const refused = desk.requests['workspace.save']({ name: 'a', layout: 'x'.repeat(100_000) });
    expect(refused).toMatchObject({ ok: false, code: 'FAILED' });
    database.pragma('max_page_count = 1000000');
    desk.alerts.onConditions([]);
    expect(desk.alerts.pendingConditionCount).toBe(0);
    expect(desk.alerts.openAlerts()).toHaveLength(200);
    expect(desk.journalPicture().state).toBe('ok');
    expect(journal.verify().verdict).toBe('OK');
    await close();
  });
});

describe('a storm of alerts on a full disk', () => {
  it('costs the market no second try with every message, and loses none', async () => {
    let failures = 0;
    const { journal, store, desk, close } = openDesk(folder.path, {
      log: (_level, code) => {
        if (code === 'journalAppendFailed') failures += 1;
      },
    });
    const { database } = store.journalFile;
    database.pragma(`max_page_count = ${Number(database.pragma('page_count', { simple: true }))}`);
    const storm = Array.from({ length: 3_000 }, (_, count) => condition('raised', { entity: `account:A${count}` }));
    for (let from = 0; from < storm.length; from += 10) desk.alerts.onConditions(storm.slice(from, from + 10));
    expect(failures).toBe(1);
    const waiting = desk.alerts.pendingConditionCount;
    expect(waiting).toBeGreaterThan(2_000);
    desk.alerts.onConditions([]);
    expect(failures).toBe(2);
    expect(desk.alerts.pendingConditionCount).toBe(waiting);
    database.pragma('max_page_count = 1000000');
    /* As the engine's ticks do. */
    for (let tick = 0; desk.alerts.pendingConditionCount > 0 && tick < 100; tick += 1) desk.alerts.onConditions([]);
    const entities = desk.alerts.openAlerts().map(({ entity }) => entity);
    expect(entities).toEqual(storm.map(({ entity }) => entity));
    expect(journal.verify().verdict).toBe('OK');
    await close();
  });
});

describe('a flipped bit', () => {
  it('anywhere in the file is found, or leaves every entry as it was', { timeout: 120_000 }, async () => {
    const { journal, store } = openDesk(folder.path);
    for (let count = 0; count < 60; count += 1) journal.append([{ type: 'desk.test', subject: 'desk', payload: { count } }], authorship);
    const hashes = journal.entriesAfter(0, 100).map((entry) => entry.entryHash);
    store.journalFile.markInUse();
    // Closed without its clean mark, so that opening looks closely.
    store.journalFile.database.close();
    const original = readFileSync(join(folder.path, 'journal.sqlite'));
    let found = 0;
    for (let sample = 0; sample < 40; sample += 1) {
      const copy = join(folder.path, `flip-${sample}`);
      mkdirSync(copy);
      const bytes = Buffer.from(original);
      const at = (sample * 7_919 + 101) % bytes.length;
      bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << (sample % 8)), at);
      writeFileSync(join(copy, 'journal.sqlite'), bytes);
      // The key lies in a file of its own, which this test does not damage.
      copyFileSync(join(folder.path, 'desk-key.json'), join(copy, 'desk-key.json'));
      const opened = openAnyway(copy);
      if (opened === null) {
        found += 1;
        expect(readFileSync(join(copy, 'journal.sqlite')).equals(bytes)).toBe(true);
        continue;
      }
      const after = opened.journal.entriesAfter(0, 100).map((entry) => entry.entryHash);
      if (opened.store.notice !== null) {
        found += 1;
        expect(readFileSync(opened.store.notice.params.brokenFile ?? '').equals(bytes)).toBe(true);
      } else expect(after).toEqual(hashes);
      expect(opened.journal.verify().verdict).toBe('OK');
      expect(after).toEqual(hashes.slice(0, after.length));
      opened.store.journalFile.close();
      rmSync(copy, { recursive: true });
    }
    expect(found).toBeGreaterThan(5);
  });
});

/** Null when the file is refused as one of a newer release: a bit in the schema's number. */
function openAnyway(directory: string): ReturnType<typeof openDesk> | null {
  try {
    return openDesk(directory);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'schemaNewer') return null;
    throw error;
  }
}

describe('a clock that jumps', () => {
  it('back a year between two starts changes no order and refuses nothing', async () => {
    const first = openDesk(folder.path);
    first.desk.alerts.onConditions([condition('raised')]);
    await first.store.close();
    const second = openDesk(folder.path);
    second.clock.ms -= 365 * 86_400_000;
    const [alert] = second.desk.alerts.openAlerts();
    expect(second.desk.requests['alert.acknowledge']({ alertIds: [alert?.alertId ?? ''], note: 'seen' })).toMatchObject({ ok: true });
    const clocks = second.journal.entriesAfter(0, 10).map((entry) => entry.hlc);
    expect(clocks).toEqual([...clocks].sort());
    expect(second.journal.verify()).toMatchObject({ verdict: 'OK', clockAnomalies: 1 });
    await second.store.close();
    expect(second.store.backups.list()).toHaveLength(2);
  });
});

describe('a restored back-up', () => {
  it('is the journal as it was, on another machine too', async () => {
    const { journal, desk, store, close } = openDesk(folder.path);
    desk.alerts.onConditions([condition('raised')]);
    desk.requests['run.start']({ planId: 'EP-09' });
    const entries = journal.entriesAfter(0, 100);
    const made = await store.backups.make();
    await close();
    const other = join(folder.path, 'other-machine');
    mkdirSync(other);
    copyFileSync(made.ok ? made.value.file : '', join(other, 'journal.sqlite'));
    // Without the keys that lie with the back-ups the other machine would open neither the desk's entries nor those about a client.
    for (const keys of ['desk-key.json', 'subject-keys.sqlite']) copyFileSync(join(folder.path, 'backups', keys), join(other, keys));
    const restored = openDesk(other);
    expect(restored.journal.entriesAfter(0, entries.length)).toEqual(entries);
    expect(restored.desk.plans.openRunCount()).toBe(1);
    expect(restored.journal.verify().verdict).toBe('OK');
    await restored.close();
    expect(existsSync(join(other, 'backups'))).toBe(true);
  });
});
