/** Coming to a desk and leaving it: claiming, signing in, being locked out and let in again, with everything in the journal and no secret in it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ADMIN, PeopleRoom, SECRET, worked } from '#tests/integration/people/people-at-desk';

let room: PeopleRoom;
beforeEach(async () => {
  room = new PeopleRoom();
  await room.start();
});
afterEach(() => room.end());

describe('an unclaimed desk', () => {
  it('opens with its demonstration supervisor, shows everybody else with their published secrets, and lets people change places', async () => {
    const auth = room.page.subscribe('auth', {});
    const picture = await room.page.until(auth);
    expect(picture).toMatchObject({ isClaimed: false, session: { personId: 'p-supervisor', isDemonstration: true }, locked: null, idleLockMs: null });
    expect(picture.people).toHaveLength(9);
    const auditor = picture.people.find(({ login }) => login === 'auditor');
    worked(await room.signIn('auditor', auditor?.published?.secret ?? ''));
    const after = await room.page.until(() => auth()?.session?.personId === 'p-auditor' && auth());
    expect(after.session?.functions).toContain('audit.view');
    expect(after.session?.functions).not.toContain('alert.handle');
    expect(room.entries('session.signedIn').at(-1)).toMatchObject({ actor: 'p-auditor', payload: { by: 'published' } });
    expect(room.entries('session.signedOut').at(-1)).toMatchObject({ actor: 'p-supervisor', payload: { cause: 'switched' } });
  });

  it('is claimed once: with recovery codes, without the demonstration people, and nobody sits there after a restart', async () => {
    expect(await room.page.request('people.claim', { ...ADMIN, secret: 'password1' })).toMatchObject({ ok: false, code: 'INVALID', field: 'secret' });
    expect(await room.page.request('people.claim', { ...ADMIN, login: 'supervisor' })).toMatchObject({ ok: false, code: 'CONFLICT', field: 'login' });
    await room.claim();
    expect(new Set(room.recoveryCodes).size).toBe(8);
    const auth = room.page.subscribe('auth', {});
    const picture = await room.page.until(() => auth()?.isClaimed === true && auth());
    expect(picture.session).toMatchObject({ login: 'boss', isDemonstration: false });
    expect(picture.people.map(({ login }) => login)).toEqual(['boss']);
    expect(picture.names['p-supervisor']).toBe('林岚 Lin Lan');
    expect(await room.page.request('people.claim', { ...ADMIN, login: 'other' })).toMatchObject({ ok: false, code: 'CONFLICT' });
    expect(await room.signIn('supervisor', 'demo-supervisor')).toMatchObject({ ok: false, code: 'FORBIDDEN' });

    await room.restart();
    const later = room.page.subscribe('auth', {});
    expect(await room.page.until(later)).toMatchObject({ isClaimed: true, session: null });
    expect(await room.page.request('plan.list', {})).toMatchObject({ ok: false, code: 'FORBIDDEN' });
    expect(room.entries('command.refused').at(-1)).toMatchObject({ actor: 'engine', payload: { request: 'plan.list', code: 'FORBIDDEN' } });
    worked(await room.signIn('BOSS', ADMIN.secret));
    await room.page.until(() => later()?.session?.login === 'boss');
  });

  it('is claimed by one of two who claim it at the same moment', async () => {
    const both = await Promise.all([room.page.request('people.claim', ADMIN), room.page.request('people.claim', { ...ADMIN, login: 'rival' })]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(worked(await room.page.request('people.list', {})).people).toHaveLength(1);
  });

  it('keeps every secret out of the journal and out of sight in the keyring', async () => {
    await room.claim();
    await room.person('duty', ['dutyOfficer']);
    const everything = JSON.stringify(room.recorded) + readFileSync(join(room.desk.dataDir, 'keyring.json'), 'utf8');
    for (const secret of [ADMIN.secret, SECRET, ...room.recoveryCodes]) expect(everything).not.toContain(secret);
    expect(everything).toMatch(/\$argon2id\$v=19\$m=1024,t=1,p=1\$/);
  });
});

describe('a claimed desk', () => {
  beforeEach(() => room.claim());

  it('makes people with one-time codes that work once, and refuses weak passwords before it uses the code up', async () => {
    const made = worked(await room.page.request('people.create', { login: 'duty', displayName: 'Du Ty' }));
    const redeem = (code: string, secret: string) => room.page.request('auth.redeem', { login: 'duty', code, secret });
    expect(await redeem(made.oneTime.code, '12345678')).toMatchObject({ ok: false, code: 'INVALID', field: 'secret' });
    expect(await redeem('AAAAA-AAAAA-AAAAA-AAAAA', SECRET)).toMatchObject({ ok: false, code: 'FORBIDDEN' });
    const typed = made.oneTime.code.toLowerCase().replaceAll('-', ' ');
    expect(await redeem(typed, SECRET)).toMatchObject({ ok: true, value: { personId: made.personId } });
    expect(await redeem(made.oneTime.code, SECRET)).toMatchObject({ ok: false, code: 'FORBIDDEN' });
    expect(await room.signIn('duty', SECRET)).toMatchObject({ ok: true });
    expect(await room.page.request('people.create', { login: 'x', displayName: 'X' })).toMatchObject({ ok: false, code: 'FORBIDDEN' });
  });

  it('lets an administrator back in with a recovery code, once', async () => {
    const [code = ''] = room.recoveryCodes;
    const redeem = (secret: string) => room.page.request('auth.redeem', { login: 'boss', code, secret });
    expect(await redeem(SECRET)).toMatchObject({ ok: true });
    expect(await redeem(SECRET)).toMatchObject({ ok: false, code: 'FORBIDDEN' });
    expect(await room.signIn('boss', ADMIN.secret)).toMatchObject({ ok: false, code: 'FORBIDDEN' });
    expect(await room.signIn('boss', SECRET)).toMatchObject({ ok: true });
  });

  it('answers a wrong password, an unknown name and a disabled person alike', async () => {
    const duty = await room.person('duty', ['dutyOfficer']);
    worked(await room.page.request('people.disable', { personId: duty, reason: 'left the firm' }));
    const wrong = await room.signIn('boss', 'not this one');
    expect(wrong).toMatchObject({ ok: false, code: 'FORBIDDEN' });
    expect(await room.signIn('nobody', 'not this one')).toEqual(wrong);
    expect(await room.signIn('duty', SECRET)).toEqual(wrong);
    const reasons = room.entries('session.refused').map(({ payload }) => [payload.personId, payload.reason]);
    expect(reasons).toEqual([
      [room.adminId, 'wrong'],
      [null, 'wrong'],
      [duty, 'disabled'],
    ]);
  });

  it('makes wrong tries wait, also those made at once', async () => {
    const tries = await Promise.all(Array.from({ length: 8 }, () => room.signIn('boss', 'wrong')));
    const codes = tries.map((outcome) => (outcome.ok ? 'in' : outcome.code));
    expect(codes.filter((code) => code === 'FORBIDDEN').length).toBeLessThanOrEqual(3);
    expect(codes).toContain('CONFLICT');
  });

  it('locks out after ten wrong tries, through a restart and a clock put back, and lets the right person in when the time has passed', async () => {
    for (let failures = 1; failures <= 10; failures += 1) {
      expect(await room.signIn('boss', 'wrong')).toMatchObject({ ok: false, code: 'FORBIDDEN' });
      room.clock.byMs += 61_000;
    }
    expect(room.entries('session.refused').at(-1)).toMatchObject({ payload: { failures: 10, reason: 'wrong' } });
    expect(await room.signIn('boss', ADMIN.secret)).toMatchObject({ ok: false, code: 'CONFLICT', field: 'lockedOut' });
    await room.restart();
    expect(await room.signIn('boss', ADMIN.secret)).toMatchObject({ ok: false, code: 'CONFLICT', field: 'lockedOut' });
    room.clock.byMs -= 600_000;
    expect(await room.signIn('boss', ADMIN.secret)).toMatchObject({ ok: false, code: 'CONFLICT', field: 'lockedOut' });
    room.clock.byMs += 2_600_000;
    expect((await room.signIn('boss', ADMIN.secret)).ok).toBe(true);
  });

  it('digests with what the machine can bear, and digests anew at the next sign-in when that has changed', async () => {
    const cost = () => /m=\d+,t=\d+/.exec(readFileSync(join(room.desk.dataDir, 'keyring.json'), 'utf8'))?.[0];
    expect(cost()).toBe('m=1024,t=1');
    room.more = { secretCost: { memoryKiB: 2048, iterations: 2, parallelism: 1 } };
    await room.restart();
    worked(await room.signIn('boss', ADMIN.secret));
    expect(cost()).toBe('m=2048,t=2');
    worked(await room.signIn('boss', ADMIN.secret));
  });

  it('locks when nobody has touched it for the time the row says, and not a moment before', async () => {
    const auth = room.page.subscribe('auth', {});
    expect((await room.page.until(() => auth()?.isClaimed === true && auth())).idleLockMs).toBe(900_000);
    room.clock.byMs += 890_000;
    room.engine.people.tick();
    expect(room.engine.people.isOpen).toBe(true);
    worked(await room.page.request('auth.activity', {}));
    room.clock.byMs += 890_000;
    room.engine.people.tick();
    expect(room.engine.people.isOpen).toBe(true);
    room.clock.byMs += 11_000;
    room.engine.people.tick();
    await room.page.until(() => auth()?.locked === 'idle');
  });

  it('locks and unlocks by PIN or password, and sends nothing meanwhile', async () => {
    expect(await room.page.request('auth.changePin', { current: ADMIN.secret, pin: '123456' })).toMatchObject({ ok: false, field: 'pin' });
    worked(await room.page.request('auth.changePin', { current: ADMIN.secret, pin: '258013' }));
    worked(await room.page.request('auth.lock', {}));
    const auth = room.page.subscribe('auth', {});
    await room.page.until(() => auth()?.locked === 'person');
    const people = await room.page.request('people.list', {});
    expect(people).toMatchObject({ ok: false, code: 'FORBIDDEN', message: 'the desk is locked' });
    expect(await room.page.request('auth.unlock', { secret: '111111' })).toMatchObject({ ok: false, code: 'FORBIDDEN' });
    worked(await room.page.request('auth.unlock', { secret: '258013' }));
    expect((await room.page.request('people.list', {})).ok).toBe(true);
    expect(room.entries('session.unlocked').at(-1)).toMatchObject({ payload: { by: 'pin' } });
    room.engine.onPower('suspended');
    await room.page.until(() => auth()?.locked === 'suspend');
    worked(await room.page.request('auth.unlock', { secret: ADMIN.secret }));
    await room.page.until(() => auth()?.locked === null);
  });

  it("keeps the same person's key through a change of password, and gives a new one with a code", async () => {
    const before = Buffer.from(room.engine.people.keys.unlockKey(room.adminId) ?? []).toString('hex');
    expect(before).toHaveLength(64);
    room.engine.people.keys.slot(room.adminId, 'test').set('wrapped');
    worked(await room.page.request('auth.changeSecret', { current: ADMIN.secret, secret: SECRET }));
    await room.restart();
    expect(room.engine.people.keys.unlockKey(room.adminId)).toBeNull();
    worked(await room.signIn('boss', SECRET));
    expect(Buffer.from(room.engine.people.keys.unlockKey(room.adminId) ?? []).toString('hex')).toBe(before);
    expect(room.engine.people.keys.slot(room.adminId, 'test').get()).toBe('wrapped');
    worked(await room.page.request('auth.redeem', { login: 'boss', code: room.recoveryCodes[0] ?? '', secret: ADMIN.secret }));
    expect(Buffer.from(room.engine.people.keys.unlockKey(room.adminId) ?? []).toString('hex')).not.toBe(before);
    expect(room.engine.people.keys.slot(room.adminId, 'test').get()).toBeNull();
  });

  it('ends the session of whoever is disabled while they sit there', async () => {
    const other = await room.person('second', ['administrator']);
    worked(await room.signIn('second', SECRET));
    worked(await room.page.request('people.disable', { personId: room.adminId, reason: 'left' }));
    expect(await room.page.request('people.disable', { personId: other, reason: 'me' })).toMatchObject({ ok: false, code: 'CONFLICT' });
    expect(await room.signIn('boss', ADMIN.secret)).toMatchObject({ ok: false, code: 'FORBIDDEN' });
  });
});
