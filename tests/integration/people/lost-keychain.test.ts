/** A keychain is lost: whoever knows a password of this desk gets it open again, nobody else does, and somebody who has left does not. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CliIo, CliRefusal } from '#cli/cli-io';
import { unlockCommand } from '#cli/commands/unlock';
import { KEY_FILE, KEYCHAIN_SLOT, slotsOf } from '#engine/store/data-key';
import { ADMIN, PeopleRoom, SECRET, worked } from '#tests/integration/people/people-at-desk';

const keychainKey = Buffer.alloc(32, 5).toString('base64');

let room: PeopleRoom;
beforeEach(async () => {
  room = new PeopleRoom();
  room.options = { keychainKey };
  await room.start();
  await room.claim();
}, 60_000);
afterEach(() => room.end());

function unlock(password: string): Promise<number> {
  const io: CliIo = {
    out: () => undefined,
    err: () => undefined,
    askSecret: () => Promise.resolve(password),
    workingDirectory: room.desk.dataDir,
    environment: {},
    nowMs: () => Date.now(),
    interrupted: new AbortController().signal,
  };
  return Promise.resolve(unlockCommand.run(io, [], { dataDir: room.desk.dataDir }));
}

describe('a desk whose keychain is lost', () => {
  it('opens by the password of anybody who signed in, with everything in it, and is taken over by the next keychain', async () => {
    const duty = await room.person('duty', ['dutyOfficer']);
    const slots = slotsOf(room.desk.dataDir);
    expect(slots.filter((slot) => !slot.startsWith('code:'))).toEqual([KEYCHAIN_SLOT, `person:${room.adminId}`, `person:${duty}`]);
    expect(slots.filter((slot) => slot.startsWith('code:'))).toHaveLength(room.recoveryCodes.length);
    await room.engine.stop();
    writeFileSync(join(room.desk.dataDir, 'keychain-key'), 'of the lost keychain');
    room.options = {};
    await expect(room.start()).rejects.toMatchObject({ code: 'keyLocked' });

    await expect(unlock('not-anybodys-word-5')).rejects.toBeInstanceOf(CliRefusal);
    expect(slotsOf(room.desk.dataDir)).not.toContain('file');
    expect(await unlock(SECRET)).toBe(0);
    expect(readdirSync(room.desk.dataDir).some((name) => name.startsWith('keychain-key.lost-'))).toBe(true);
    expect(existsSync(join(room.desk.dataDir, 'keychain-key'))).toBe(false);

    await room.start();
    worked(await room.signIn(ADMIN.login, ADMIN.secret));
    expect(
      worked(await room.page.request('people.list', {}))
        .people.map(({ login }) => login)
        .sort(),
    ).toEqual(['boss', 'duty']);
    expect(room.engine.view.health(Date.now()).store.protection).toBe('file');

    const other = Buffer.alloc(32, 6).toString('base64');
    room.options = { keychainKey: other };
    await room.restart();
    expect(room.engine.view.health(Date.now()).store.protection).toBe('keychain');
    expect(slotsOf(room.desk.dataDir)).not.toContain('file');
  }, 120_000);

  it('does not open by the password of somebody who has left, nor by an old one', async () => {
    const left = await room.person('left', ['dutyOfficer']);
    worked(await room.page.request('people.disable', { personId: left, reason: 'left the firm' }));
    const newSecret = 'harbour-violet-83-anchor';
    worked(await room.page.request('auth.changeSecret', { current: ADMIN.secret, secret: newSecret }));
    await room.engine.stop();
    room.options = {};
    expect(readFileSync(join(room.desk.dataDir, KEY_FILE), 'utf8')).not.toContain(left);
    expect(readFileSync(join(room.desk.dataDir, 'backups', KEY_FILE), 'utf8')).not.toContain(left);
    await expect(unlock(SECRET)).rejects.toBeInstanceOf(CliRefusal);
    await expect(unlock(ADMIN.secret)).rejects.toBeInstanceOf(CliRefusal);
    expect(await unlock(newSecret)).toBe(0);
  }, 120_000);

  it('opens by a recovery code that was not used yet', async () => {
    await room.engine.stop();
    room.options = {};
    expect(await unlock(room.recoveryCodes[3] ?? '')).toBe(0);
    await room.start();
    worked(await room.signIn(ADMIN.login, ADMIN.secret));
  }, 120_000);

  it('gives no published password of the demonstration a way to the key', async () => {
    const demonstration = new PeopleRoom();
    await demonstration.start();
    const [, , second] = demonstration.engine.people.authPicture().people;
    worked(await demonstration.signIn(second?.login ?? '', second?.published?.secret ?? ''));
    expect(slotsOf(demonstration.desk.dataDir)).toEqual(['file']);
    await demonstration.end();
  }, 60_000);
});
