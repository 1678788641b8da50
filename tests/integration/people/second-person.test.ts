/** Two people at one screen: a confirmation is of another human, for one command with exactly this payload, once, and for minutes; every other use is refused. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson } from '#shared/journal/canonical';
import { PageClient } from '#tests/integration/engine/page-client';
import { ADMIN, PeopleRoom, SECRET, worked } from '#tests/integration/people/people-at-desk';

const room = new PeopleRoom();
let lost = '';
beforeAll(async () => {
  await room.start();
  await room.claim();
  lost = await room.person('duty', ['dutyOfficer']);
  await room.person('second', ['administrator']);
  await room.person('other', ['settlement']);
}, 60_000);
afterAll(() => room.end());

const payload = () => ({ personId: lost, reason: 'forgot the password' });
const hashOf = (value: unknown): string => createHash('sha256').update(canonicalJson(value)).digest('hex');
const confirm = (login: string, secret: string, about: { request: string; payloadHash: string }) =>
  room.page.request('auth.confirm', { login, secret, about });
const recover = (confirmationId: string, over: object = {}) => room.page.request('people.recover', { ...payload(), ...over, confirmationId });
const about = () => ({ request: 'people.recover', payloadHash: hashOf(payload()) });

describe('recovery by two administrators', () => {
  it('is done with the confirmation of another administrator, whose signature and id stand in the entry, and only once', async () => {
    const given = worked(await confirm('second', SECRET, about()));
    const recovered = worked(await recover(given.confirmationId));
    expect(room.entries('person.recovered').at(-1)).toMatchObject({
      actor: room.adminId,
      payload: { personId: lost, secondPersonId: given.personId, signature: expect.stringMatching(/.{40,}/) },
    });
    expect(await recover(given.confirmationId)).toMatchObject({ ok: false, code: 'CONFLICT', field: 'confirmationId' });
    worked(await room.page.request('auth.redeem', { login: 'duty', code: recovered.oneTime.code, secret: 'lantern-harbour-39-moss' }));
    expect(await room.signIn('duty', SECRET)).toMatchObject({ ok: false });
    worked(await room.signIn(ADMIN.login, ADMIN.secret));
  });

  it('counts once when two windows use it at the same moment, and so does the code that it gave', async () => {
    const rival = new PageClient(room.engine);
    const given = worked(await confirm('second', SECRET, about()));
    const order = { ...payload(), confirmationId: given.confirmationId };
    const before = room.entries('person.recovered').length;
    const both = await Promise.all([room.page, rival, room.page, rival].map((page) => page.request('people.recover', order)));
    const recovered = both.filter((outcome) => outcome.ok);
    expect(recovered).toHaveLength(1);
    expect(room.entries('person.recovered')).toHaveLength(before + 1);
    const [only] = recovered;
    if (only?.ok !== true) throw new Error('nobody recovered');
    const secrets = ['cobalt-orchard-58-ferry', 'amber-lighthouse-24-reed'];
    const redeem = { login: 'duty', code: only.value.oneTime.code };
    const redeemed = await Promise.all([room.page, rival].map((page, at) => page.request('auth.redeem', { ...redeem, secret: secrets[at] ?? '' })));
    expect(redeemed.filter(({ ok }) => ok)).toHaveLength(1);
    const opens = [];
    for (const secret of secrets) opens.push((await room.signIn('duty', secret)).ok);
    expect(opens).toEqual(redeemed.map(({ ok }) => ok));
    rival.close();
    worked(await room.signIn(ADMIN.login, ADMIN.secret));
  });

  it('is refused to oneself under any name, to somebody without the function, and with a wrong password', async () => {
    expect(await confirm('boss', ADMIN.secret, about())).toMatchObject({ ok: false, code: 'CONFLICT', field: 'login' });
    expect(await confirm('second', 'wrong', about())).toMatchObject({ ok: false, code: 'FORBIDDEN' });
    expect(await confirm('other', SECRET, about())).toMatchObject({
      ok: false,
      code: 'FORBIDDEN',
      message: expect.stringContaining('people.manage'),
    });
    expect(await recover('01996b1c-0000-7000-8000-0000000000ff')).toMatchObject({ ok: false, code: 'UNKNOWN' });
  });

  it('is refused for another payload, for another command, when it has expired, and in another session', async () => {
    const edited = worked(await confirm('second', SECRET, about()));
    expect(await recover(edited.confirmationId, { reason: 'something else' })).toMatchObject({ ok: false, code: 'CONFLICT' });
    const foreign = worked(await confirm('second', SECRET, { ...about(), request: 'people.disable' }));
    expect(await recover(foreign.confirmationId)).toMatchObject({ ok: false, code: 'CONFLICT' });
    const late = worked(await confirm('second', SECRET, about()));
    room.clock.byMs += 300_001;
    expect(await recover(late.confirmationId)).toMatchObject({ ok: false, code: 'CONFLICT', message: expect.stringContaining('expired') });
    const carried = worked(await confirm('second', SECRET, about()));
    worked(await room.page.request('auth.signOut', {}));
    worked(await room.signIn(ADMIN.login, ADMIN.secret));
    expect(await recover(carried.confirmationId)).toMatchObject({ ok: false, code: 'CONFLICT' });
    // Nor does the second person gain by signing in and using their own confirmation.
    const own = worked(await confirm('second', SECRET, about()));
    worked(await room.signIn('second', SECRET));
    expect(await recover(own.confirmationId)).toMatchObject({ ok: false });
    worked(await room.signIn(ADMIN.login, ADMIN.secret));
  });
});

describe('making somebody’s data unreadable', () => {
  const order = { dataSubject: 'client:A0001', reason: 'asked by the client after ten years' };
  const aboutIt = { request: 'privacy.destroy', payloadHash: hashOf(order) };

  it('needs a second person who answers for personal data, still at the moment it is done', async () => {
    const compliance = await room.person('lawful', ['compliance']);
    for (const login of ['second', 'other'])
      expect(await confirm(login, SECRET, aboutIt)).toMatchObject({
        ok: false,
        code: 'FORBIDDEN',
        message: expect.stringContaining('privacy.agree'),
      });
    const given = worked(await confirm('lawful', SECRET, aboutIt));
    worked(await room.page.request('role.revoke', { personId: compliance, role: 'compliance', reason: 'leaves the office' }));
    expect(await room.page.request('privacy.destroy', { ...order, confirmationId: given.confirmationId })).toMatchObject({
      ok: false,
      code: 'FORBIDDEN',
      message: expect.stringContaining('privacy.agree'),
    });
    expect(room.entries('privacy.destroyed')).toEqual([]);
  });
});

it('a program on this machine acts under its own name, and on a claimed desk may do little', async () => {
  expect(await room.engine.request('people.list', {})).toMatchObject({ ok: false, code: 'FORBIDDEN' });
  expect(await room.engine.request('alert.acknowledge', { alertIds: ['01996b1c-0000-7000-8000-0000000000ff'], note: 'x' })).toMatchObject({
    ok: false,
    code: 'FORBIDDEN',
  });
  expect(room.entries('command.refused').at(-1)).toMatchObject({ actor: 'local:tester', payload: { channel: 'local' } });
  expect((await room.engine.request('plan.list', {})).ok).toBe(true);
});
