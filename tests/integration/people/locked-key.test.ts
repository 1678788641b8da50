/** A desk that only people's secrets open: nothing on its disk leads to what is stored, it starts locked, and a password or a code opens it there and then. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChainedJournal } from '#engine/journal/chained-journal';
import { type KeyOpened, type LockedDesk, openLockedDesk } from '#engine/locked-desk';
import { KEY_FILE, slotsOf, type WrappingKey } from '#engine/store/data-key';
import { openStore } from '#engine/store/open-store';
import { PageClient } from '#tests/integration/engine/page-client';
import { ADMIN, PeopleRoom, SECRET, worked } from '#tests/integration/people/people-at-desk';

const REASON = 'this machine has no keychain';

let room: PeopleRoom;
let locked: LockedDesk | null;
let page: PageClient;

beforeEach(async () => {
  locked = null;
  room = new PeopleRoom();
  await room.start();
  await room.claim();
}, 60_000);
afterEach(async () => {
  await locked?.stop();
  await room.end();
});

async function keepBySignIn(): Promise<void> {
  worked(await room.page.request('desk.keepKey', { keeping: 'signIn', reason: REASON }));
}

function openPage(): void {
  locked = openLockedDesk({ dataDir: room.desk.dataDir, framePaceMs: 20, clock: room.clock, log: () => undefined });
  page = new PageClient(locked);
}

async function tryKey(secret: string) {
  return page.request('desk.openKey', { secret });
}

async function startWith(keyOpened: KeyOpened): Promise<void> {
  await locked?.stop();
  room.more = { keyOpened };
  await room.start();
}

function heldKey(): string | undefined {
  return room.desk.reports.flatMap((report) => (report.type === 'keyHeld' ? [report.key] : [])).at(-1);
}

describe('a desk that only people open', () => {
  it('has nothing on its disk that opens it, does not start by itself, and opens by a password that signs its person in', async () => {
    expect(room.engine.people.authPicture().protection).toBe('file');
    const bare = JSON.parse(readFileSync(join(room.desk.dataDir, KEY_FILE), 'utf8')) as { slots: { key?: string }[] };
    const key = bare.slots.flatMap((slot) => slot.key ?? [])[0] ?? '';
    expect(key.length).toBe(44);
    await keepBySignIn();
    expect(room.engine.people.authPicture().protection).toBe('signIn');
    expect(room.entries('desk.keyKept').map(({ actor, payload }) => [actor, payload])).toEqual([
      [room.adminId, { atMs: expect.any(Number), before: 'machine', after: 'signIn', reason: REASON }],
    ]);
    await room.engine.stop();
    const disk = bytesOf(room.desk.dataDir);
    for (const thing of [key, Buffer.from(key, 'base64'), ADMIN.displayName, ...room.recoveryCodes]) expect(disk.includes(thing)).toBe(false);
    await expect(room.start()).rejects.toMatchObject({ code: 'keyLocked' });

    openPage();
    const auth = page.subscribe('auth', {});
    await page.until(() => auth() !== null);
    expect(auth()).toMatchObject({ session: null, people: [], names: {}, keyLocked: { why: 'signIn', people: 1, codes: 8 } });
    expect(await page.request('people.list', {})).toMatchObject({ ok: false, code: 'UNAVAILABLE' });
    expect(await tryKey('nobodys-word-of-any-5')).toMatchObject({ ok: false, code: 'FORBIDDEN' });
    expect(worked(await tryKey(ADMIN.secret))).toEqual({ by: 'password' });
    const opened = (await locked?.opened) as KeyOpened;
    await startWith(opened);
    expect(room.engine.people.authPicture()).toMatchObject({ keyLocked: null, protection: 'signIn', session: { personId: room.adminId } });
    expect(await journalled('desk.keyOpened', opened.way)).toMatchObject([{ personId: room.adminId, by: 'password', wrongTries: 1 }]);
  }, 120_000);

  it('opens again without anybody when only the engine ended, and not when the machine did', async () => {
    await keepBySignIn();
    const memoryKey = heldKey();
    expect(memoryKey).toBeDefined();
    room.options = memoryKey === undefined ? {} : { memoryKey };
    await room.restart();
    expect(room.engine.people.authPicture()).toMatchObject({ protection: 'signIn', session: null });
    room.options = {};
    await room.engine.stop();
    await expect(room.start()).rejects.toMatchObject({ code: 'keyLocked' });
  }, 120_000);

  it('opens by a recovery code, also while wrong passwords make others wait, and no more once the code was used up', async () => {
    await keepBySignIn();
    await room.engine.stop();
    openPage();
    for (let count = 0; count < 3; count += 1) await tryKey(`wrong-${count}`);
    expect(await tryKey(ADMIN.secret)).toMatchObject({ ok: false, code: 'CONFLICT', field: 'tooSoon' });
    const code = room.recoveryCodes[0] ?? '';
    expect(worked(await tryKey(code.toLowerCase().replaceAll('-', ' ')))).toEqual({ by: 'code' });
    await startWith((await locked?.opened) as KeyOpened);
    expect(room.engine.people.authPicture().session).toBeNull();
    worked(await room.page.request('auth.redeem', { login: ADMIN.login, code, secret: SECRET }));
    expect(slotsOf(room.desk.dataDir).filter((slot) => slot.startsWith('code:'))).toHaveLength(7);
    await room.engine.stop();
    openPage();
    room.clock.byMs += 3_600_000;
    expect(await tryKey(code)).toMatchObject({ ok: false, code: 'FORBIDDEN' });
    expect(worked(await tryKey(SECRET))).toEqual({ by: 'password' });
  }, 120_000);

  it('can be given back to the machine, which then opens it alone', async () => {
    await keepBySignIn();
    worked(await room.page.request('desk.keepKey', { keeping: 'machine', reason: 'a keychain came' }));
    expect(room.engine.people.authPicture().protection).toBe('file');
    room.options = { keychainKey: Buffer.alloc(32, 5).toString('base64') };
    await room.restart();
    expect(room.engine.people.authPicture().protection).toBe('keychain');
    expect(slotsOf(room.desk.dataDir)).not.toContain('file');
  }, 120_000);

  it('is refused to a desk nobody has claimed, and needs somebody else’s approval once there is somebody', async () => {
    const free = new PeopleRoom();
    await free.start();
    expect(await free.page.request('desk.keepKey', { keeping: 'signIn', reason: REASON })).toMatchObject({ ok: false });
    await free.end();
    await room.person('second', ['supervisor']);
    await room.person('third', ['compliance']);
    expect(await room.page.request('desk.keepKey', { keeping: 'signIn', reason: REASON })).toMatchObject({ ok: false, code: 'NEEDS_APPROVAL' });
    expect(room.engine.people.authPicture().protection).toBe('file');
  }, 120_000);
});

/** Read once the desk is closed: what was recorded while it started, nobody could listen to. */
async function journalled(type: string, way: WrappingKey): Promise<unknown[]> {
  await room.engine.stop();
  const store = openStore({ directory: room.desk.dataDir, isPackaged: false, sqliteModulePath: null, clock: room.clock, wrappingKeys: [way] });
  const journal = new ChainedJournal({ file: store.journalFile, clock: room.clock, newId: v7 });
  const found = journal.entriesAfter(0, 10_000).filter((entry) => entry.type === type);
  await store.close();
  return found.map(({ payload }) => JSON.parse(payload) as unknown);
}

function bytesOf(folder: string): Buffer {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Buffer.concat(files.map((entry) => readFileSync(join(entry.parentPath, entry.name))));
}
