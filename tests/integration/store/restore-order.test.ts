/** A back-up that people ordered back: it is the journal from the next start on, nothing of what it replaces is lost, and an order that cannot be carried out changes nothing. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { orderRestore } from '#engine/store/restore-order';
import { loadSqlite } from '#engine/store/sqlite-module';
import { type OpenDesk, openDesk, temporaryFolder } from '#tests/integration/journal/helpers';

let folder: ReturnType<typeof temporaryFolder>;
let opened: OpenDesk;
beforeEach(() => {
  folder = temporaryFolder();
  opened = openDesk(folder.path);
});
afterEach(async () => {
  await opened.close();
  folder.remove();
});

async function restart(): Promise<void> {
  await opened.close();
  opened = openDesk(folder.path);
}

function save(name: string): void {
  const saved = opened.desk.workspace.save({ name, layout: '{}' });
  if (!saved.ok) throw new Error(saved.message);
}

function layouts(): string[] {
  const list = opened.desk.workspace.list();
  if (!list.ok) throw new Error(list.message);
  return list.value.layouts.map(({ name }) => name);
}

async function backUp(): Promise<string> {
  const made = await opened.store.backups.make();
  if (!made.ok) throw new Error(made.message);
  return basename(made.value.file);
}

const orders = (): string[] => readdirSync(folder.path).filter((name) => name.startsWith('restore-order'));

it('is the journal after the next start, and the one of before lies beside it, whole', async () => {
  save('before');
  // That a back-up was made stands in the entry after it, and not in the back-up.
  const then = opened.journal.headSequence;
  const file = await backUp();
  save('after');
  orderRestore(folder.path, file);
  expect(layouts().sort()).toEqual(['after', 'before']);
  const device = opened.journal.device;

  await restart();
  expect(opened.store.notice).toMatchObject({ code: 'journalPutBack', params: { restoredCount: then, salvagedCount: 0 } });
  expect(layouts()).toEqual(['before']);
  // What was replaced may be known elsewhere under the numbers that would come next.
  expect(opened.journal.device).not.toBe(device);
  expect(orders()).toEqual([expect.stringMatching(/^restore-order\.done-/)]);
  const replaced = opened.store.notice?.params.brokenFile ?? '';
  const sqlite = loadSqlite({ isPackaged: false, modulePath: null });
  const reader = sqlite.open(replaced, { readonly: true });
  expect(reader.prepare('SELECT count(*) FROM entries').pluck().get()).toBeGreaterThan(then);
  reader.close();

  save('later');
  await restart();
  expect(opened.store.notice).toBeNull();
  expect(layouts().sort()).toEqual(['before', 'later']);
});

it('changes nothing when the back-up is gone, damaged, or named by somebody who wrote the file by hand', async () => {
  save('kept');
  const file = await backUp();
  const path = join(folder.path, 'backups', file);
  const bytes = readFileSync(path);
  bytes.fill(0xff, Math.floor(bytes.length / 2));
  writeFileSync(path, bytes);
  for (const order of [file, 'journal-20200101T000000000Z.sqlite']) {
    orderRestore(folder.path, order);
    await restart();
    expect(opened.store.notice).toBeNull();
    expect(layouts()).toEqual(['kept']);
  }
  writeFileSync(join(folder.path, 'restore-order.json'), JSON.stringify({ format: 1, file: '../journal.sqlite' }));
  await restart();
  expect(layouts()).toEqual(['kept']);
  expect(existsSync(join(folder.path, 'restore-order.json'))).toBe(false);
  expect(orders().every((name) => name.startsWith('restore-order.refused-'))).toBe(true);
  expect(orders()).toHaveLength(3);
});

it('is ordered by a request that names a back-up which is there, and says so in the record', async () => {
  const file = await backUp();
  const ask = opened.desk.requests['backup.restore'];
  expect(await ask({ file: 'journal-20200101T000000000Z.sqlite', reason: 'x' })).toMatchObject({ ok: false, code: 'UNKNOWN' });
  expect(orders()).toEqual([]);
  expect(await ask({ file, reason: 'the rules of this morning were wrong' })).toMatchObject({ ok: true });
  expect(orders()).toEqual(['restore-order.json']);
  const last = opened.journal.entriesAfter(opened.journal.headSequence - 1, 1)[0];
  expect(last).toMatchObject({ type: 'backup.restoreOrdered', actor: 'li.wei' });
});
