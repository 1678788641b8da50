/** A shift that goes over at a claimed desk: what is open is gathered and marked, another officer takes it with their own signature, and the sheet can be checked later. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PictureByHandoverStream } from '#shared/contract/handovers';
import { canonicalJson } from '#shared/journal/canonical';
import { condition } from '#tests/integration/journal/helpers';
import { ADMIN, PeopleRoom, SECRET, worked } from '#tests/integration/people/people-at-desk';

const room = new PeopleRoom();
const ids = { out: '', next: '' };
const hashOf = (value: unknown): string => createHash('sha256').update(canonicalJson(value)).digest('hex');

beforeAll(async () => {
  await room.start();
  await room.claim();
  ids.out = await room.person('evening', ['dutyOfficer']);
  ids.next = await room.person('night', ['dutyOfficer']);
  await room.person('clerk', ['settlement']);
  await room.person('part', ['dutyOfficer'], { departments: ['D1'], controlGroups: [] });
  await room.person('lawful', ['compliance']);
  room.engine.desk.alerts.onConditions([
    condition('raised', { entity: 'account:A0001', atMs: room.clock.nowMs() }),
    condition('raised', { entity: 'account:A0002', atMs: room.clock.nowMs(), severity: 'low' }),
  ]);
}, 60_000);
afterAll(() => room.end());

function picture(): PictureByHandoverStream['handovers'] {
  return room.engine.view.handovers.picture();
}

function alertOf(accountID: string): string {
  const found = room.engine.desk.alerts.openAlerts().find(({ entity }) => entity === `account:${accountID}`);
  if (found === undefined) throw new Error(`no alert about ${accountID}`);
  return found.alertId;
}

async function confirmed(login: string, payload: object): Promise<string> {
  const about = { request: 'handover.accept', payloadHash: hashOf(payload) };
  return worked(await room.page.request('auth.confirm', { login, secret: SECRET, about })).confirmationId;
}

describe('a hand-over', () => {
  it('lists what is open, and cannot be offered while something that presses has no mark', async () => {
    worked(await room.signIn('evening', SECRET));
    worked(await room.page.request('alert.acknowledge', { alertIds: [alertOf('A0002')], note: 'watching' }));
    worked(await room.page.request('handover.note', { text: 'the second link is being repaired' }));
    const { items } = picture();
    expect(items.map(({ facts, isPressing }) => [facts.kind, isPressing])).toEqual([
      ['alert', true],
      ['alert', false],
      ['note', false],
    ]);
    expect(await room.page.request('handover.offer', { remarks: '' })).toMatchObject({ ok: false, code: 'INVALID', field: 'items' });
    const itemKey = `alert:${alertOf('A0001')}`;
    expect(await room.page.request('handover.mark', { itemKey, level: 'act', ifThen: '' })).toMatchObject({ ok: false, field: 'ifThen' });
    worked(await room.page.request('handover.mark', { itemKey, level: 'act', ifThen: 'call the client before the break' }));
    expect(picture().items.map(({ isPressing }) => isPressing)).toEqual([false, false, false]);
    worked(await room.page.request('handover.offer', { remarks: 'nothing else' }));
    expect(picture().offered?.handover).toMatchObject({ outgoing: ids.out, state: 'offered', remarks: 'nothing else' });
    expect(await room.page.request('handover.offer', { remarks: '' })).toMatchObject({ ok: false, code: 'CONFLICT' });
  });

  it('stays with whoever offered it until another officer has read it back and signed, and then moves with its alerts', async () => {
    const offered = picture().offered;
    if (offered === null) throw new Error('nothing is offered');
    const { handoverId } = offered.handover;
    const asked = `alert:${alertOf('A0001')}`;
    const payload = { handoverId, readBack: [asked], words: 'I call first' };
    // Not by oneself, not unread, not by somebody who hands over no shifts, not with another's word for something else.
    expect(await room.page.request('handover.accept', payload)).toMatchObject({ ok: false, code: 'FORBIDDEN' });
    const unread = { ...payload, readBack: [] };
    const forUnread = await confirmed('night', unread);
    expect(await room.page.request('handover.accept', { ...unread, confirmationId: forUnread })).toMatchObject({ ok: false, field: 'readBack' });
    const about = { request: 'handover.accept', payloadHash: hashOf(payload) };
    expect(await room.page.request('auth.confirm', { login: 'clerk', secret: SECRET, about })).toMatchObject({
      ok: false,
      message: expect.stringContaining('handover.make'),
    });
    expect(await room.page.request('auth.confirm', { login: 'part', secret: SECRET, about })).toMatchObject({
      ok: false,
      message: expect.stringContaining('whole firm'),
    });
    expect(await room.page.request('handover.accept', { ...payload, confirmationId: forUnread })).toMatchObject({ ok: false, code: 'CONFLICT' });
    expect(room.engine.desk.alerts.openAlerts().find(({ entity }) => entity === 'account:A0002')?.owner).toBe(ids.out);

    const confirmationId = await confirmed('night', payload);
    expect(worked(await room.page.request('handover.accept', { ...payload, confirmationId }))).toEqual({ handoverId, movedAlertCount: 1 });
    expect(room.engine.desk.alerts.openAlerts().find(({ entity }) => entity === 'account:A0002')?.owner).toBe(ids.next);
    expect(picture()).toMatchObject({
      offered: null,
      past: [{ state: 'accepted', outgoing: ids.out, accepted: { incoming: ids.next, how: 'onTheSpot' } }],
    });
    const [entry] = room.entries('handover.accepted');
    expect(entry).toMatchObject({
      actor: ids.out,
      payload: { incoming: ids.next, confirmedBy: { personId: ids.next, signature: expect.any(String) } },
    });
    expect(await room.page.request('handover.accept', { ...payload, confirmationId })).toMatchObject({ ok: false, code: 'CONFLICT' });
    const stored = room.recorded.find(({ type }) => type === 'handover.accepted');
    expect(stored?.signature).toMatch(/^ed25519:/);
  });

  it('is a paper with both names and a fingerprint that the record knows again, and no other', async () => {
    const [past] = picture().past;
    const of = { kind: 'handover' as const, id: past?.handoverId ?? '' };
    const made = worked(await room.page.request('paper.make', { of, format: 'docx', language: 'en' }));
    worked(await room.signIn('lawful', SECRET));
    const [sequence = ''] = made.fingerprint.split(':');
    const find = (fingerprint: string) => room.page.request('audit.findFingerprint', { fingerprint });
    expect(worked(await find(made.fingerprint))).toMatchObject({ verdict: 'holds', sequence: Number(sequence) });
    expect(worked(await find(past?.fingerprint ?? ''))).toMatchObject({ verdict: 'holds' });
    expect(worked(await find(`${sequence}:000000000000`))).toMatchObject({ verdict: 'differs', ours: made.fingerprint });
    expect(worked(await find(`${Number(sequence) - 1}:${made.fingerprint.split(':')[1]}`))).toMatchObject({ verdict: 'differs' });
    expect(worked(await find('999999:000000000000'))).toMatchObject({ verdict: 'beyond' });
    expect(await find('12:xyz')).toMatchObject({ ok: false, code: 'INVALID' });
  });

  it('is taken in an own session by whoever signs in after the other has gone', async () => {
    worked(await room.signIn('night', SECRET));
    const kept = picture().items.find(({ facts }) => facts.kind === 'alert' && facts.entity === 'account:A0001');
    // What was said of an item stays with it from shift to shift.
    expect(kept?.mark).toMatchObject({ level: 'act', ifThen: 'call the client before the break', by: ids.out });
    const { handoverId } = worked(await room.page.request('handover.offer', { remarks: '' }));
    worked(await room.signIn('evening', SECRET));
    const taken = worked(await room.page.request('handover.accept', { handoverId, readBack: [kept?.itemKey ?? ''], words: '' }));
    expect(taken.movedAlertCount).toBe(1);
    expect(picture().past[0]).toMatchObject({ outgoing: ids.next, accepted: { incoming: ids.out, how: 'ownSession' } });
  });

  it('is nobody’s business who works with a part of the firm, or hands over no shifts', async () => {
    for (const login of ['part', 'clerk']) {
      worked(await room.signIn(login, SECRET));
      expect(await room.subscribeOnce('handovers', {})).toBe('FORBIDDEN');
      expect(await room.page.request('handover.offer', { remarks: '' })).toMatchObject({ ok: false, code: 'FORBIDDEN' });
      const of = { kind: 'handover' as const, id: picture().past[0]?.handoverId ?? '' };
      expect(await room.page.request('paper.make', { of, format: 'docx', language: 'en' })).toMatchObject({ ok: false, code: 'FORBIDDEN' });
    }
  });

  it('loses what it said about a client whose data is destroyed, and nothing else; the record verifies as before', async () => {
    worked(await room.signIn('evening', SECRET));
    const alertId = alertOf('A0001');
    worked(await room.page.request('alert.acknowledge', { alertIds: [alertId], note: 'called' }));
    room.engine.desk.alerts.onConditions([condition('cleared', { entity: 'account:A0001', atMs: room.clock.nowMs() })]);
    worked(await room.page.request('alert.close', { alertId, disposition: 'handled', note: 'paid' }));
    worked(await room.signIn(ADMIN.login, ADMIN.secret));
    const order = { dataSubject: 'client:A0001', reason: 'asked by the client after ten years' };
    const about = { request: 'privacy.destroy', payloadHash: hashOf(order) };
    const { confirmationId } = worked(await room.page.request('auth.confirm', { login: 'lawful', secret: SECRET, about }));
    worked(await room.page.request('privacy.destroy', { ...order, confirmationId }));
    worked(await room.signIn('evening', SECRET));
    const views = await Promise.all(picture().past.map(({ handoverId }) => room.page.request('handover.get', { handoverId })));
    for (const view of views) {
      const { items, lostCount } = worked(view);
      expect([lostCount, items.map(({ facts }) => facts.kind)]).toEqual([1, ['alert', 'note']]);
    }
    expect(JSON.stringify(room.engine.view.handovers.picture())).not.toContain('call the client before the break');
  });
});
