/** A decision that comes in a file from another desk: edited, forged, used again, late, by the wrong person, for the wrong thing. */
import { gzipSync } from 'node:zlib';
import { newBoxKey, sealTo } from '#engine/journal/signing/box';
import { signingKeyOf, signText } from '#engine/journal/signing/ed25519';
import { sha256 } from '#engine/store/hash';
import { cardFingerprint, cardStatement, type DeviceCard } from '#shared/desk/devices/card';
import { DEVICES_SUBJECT, trustStatement } from '#shared/desk/devices/device';
import { letterHead, letterStatement } from '#shared/desk/devices/letter';
import { canonicalJson } from '#shared/journal/canonical';
import { type Attack, approvedEvent, as, behind, EDITED, FOREIGN, HOUR_MS, moreThanOnce, STAGES, TWO } from '#tests/faults/two-person/attack';
import { SAME, TwoDesks } from '#tests/faults/two-person/two-desks';
import type { ApprovalRoom } from '#tests/helpers/approval-room';
import { appended, forgeJournal } from '#tests/helpers/journal-forger';

/** A stick whose bytes somebody changes. */
function changed(text: string, change: Record<string, unknown>): string {
  return JSON.stringify({ ...(JSON.parse(text) as object), ...change });
}

function flipped(text: string, field: 'sealed' | 'ephemeralKey'): string {
  const value = (JSON.parse(text) as Record<string, string>)[field] ?? '';
  const at = Math.floor(value.length / 2);
  return changed(text, { [field]: value.slice(0, at) + (value[at] === '1' ? '2' : '1') + value.slice(at + 1) });
}

/** The other desk’s card with a key of the attacker’s in it, signed anew by a key that the attacker has. */
function cardOfAttacker(card: DeviceCard): DeviceCard {
  const { keyId, publicKey } = FOREIGN;
  const people = card.people.map((person) => (person.personId === 'p-zoe' ? { ...person, keyId, publicKey } : person));
  const body = { ...card, deviceKey: publicKey, people };
  return { ...body, signed: signText(FOREIGN, cardStatement(body)) };
}

export const CARRIED: Attack[] = [
  {
    name: 'changes the sealed bytes of a decision file',
    refusedFor: /signed: the file was changed/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      await desks.bringBack(flipped(await desks.decided(await room.asked()), 'sealed'));
    },
  },
  {
    name: 'changes the key of a decision file',
    refusedFor: /signed: the file was changed/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      await desks.bringBack(flipped(await desks.decided(await room.asked()), 'ephemeralKey'));
    },
  },
  {
    name: 'cuts a decision file off at every tenth',
    refusedFor: /value|text|expected/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const text = await desks.decided(await room.asked());
      for (let part = 1; part < 10; part += 1) await desks.bringBack(text.slice(0, Math.floor((text.length * part) / 10)));
    },
  },
  {
    name: 'turns a rejection into an agreement in the file',
    refusedFor: /signature: is bad/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const foreign = await desks.takeIn(await desks.carry(await room.asked()));
      await desks.bringBack(desks.forged(foreign, 'p-zoe', { decision: 'approve' }, { decision: 'reject' }));
    },
  },
  {
    name: 'brings an agreement to another payload',
    refusedFor: /this is not what was asked for/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const foreign = await desks.takeIn(await desks.carry(await room.asked()));
      const payloadHash = sha256(canonicalJson(EDITED));
      await desks.bringBack(desks.forged(foreign, 'p-zoe', { payloadHash }, { payloadHash }));
      await desks.bringBack(desks.forged(foreign, 'p-zoe', {}, { payloadHash }));
    },
  },
  {
    name: 'edits the payload in the file that leaves, so that the checker agrees to something else',
    refusedFor: /signed: the file was changed/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const approval = await room.asked();
      const text = await desks.carry(approval);
      desks.away.signIn('p-zoe');
      await desks.away.ask('foreign.take', { text: flipped(text, 'sealed') });
      const foreign = await desks.takeIn(text);
      await desks.bringBack(desks.forged({ ...foreign, payload: EDITED, payloadHash: sha256(canonicalJson(EDITED)) }, 'p-zoe'));
    },
  },
  {
    name: 'moves the ground between the file’s leaving and its coming back',
    refusedFor: /the approval is void/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const text = await desks.decided(await room.asked());
      room.context = { holds: ['administrator'] };
      await desks.bringBack(text);
    },
  },
  {
    name: 'brings a decision about another approval',
    refusedFor: /carryId: no such file/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const foreign = await desks.takeIn(await desks.carry(await room.asked(EDITED)));
      room.signIn('p-maker');
      const { approvalId, payloadHash, contextHash } = await room.asked();
      await desks.bringBack(desks.forged(foreign, 'p-zoe', { approvalId, payloadHash, contextHash }));
      await desks.bringBack(desks.forged({ ...foreign, approvalId, payloadHash, contextHash }, 'p-zoe'));
    },
  },
  {
    name: 'brings a decision about a file that never left',
    refusedFor: /carryId: no such file/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const foreign = await desks.takeIn(await desks.carry(await room.asked()));
      const carryId = '01996b1c-0000-7000-8000-0000000000aa';
      await desks.bringBack(desks.forged({ ...foreign, carryId }, 'p-zoe'));
    },
  },
  {
    name: 'brings one decision twice where two are needed',
    refusedFor: /this decision has been brought back/,
    policies: TWO,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const text = await desks.decided(await room.asked());
      await desks.bringBack(text);
      await desks.bringBack(text);
      await desks.bringBack(text, 'p-bo');
    },
  },
  {
    name: 'brings one decision again after it was carried out',
    refusedFor: /this decision has been brought back/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const text = await desks.decided(await room.asked());
      await desks.bringBack(text);
      await desks.bringBack(text);
    },
    succeeded: moreThanOnce,
  },
  {
    name: 'has one human decide under two records of the other desk',
    refusedFor: /has agreed already/,
    policies: TWO,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const foreign = await desks.takeIn(await desks.carry(await room.asked()));
      for (const personId of ['p-zoe', 'p-zoe-too']) await desks.bringBack(desks.forged(foreign, personId));
    },
  },
  {
    name: 'has one human decide at both desks',
    refusedFor: /has agreed already/,
    policies: TWO,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const approval = await room.asked();
      const text = await desks.decided(approval);
      await as(room, 'p-anna', () => room.approve(approval));
      await desks.bringBack(text);
    },
  },
  {
    name: 'has the maker decide at the other desk',
    refusedFor: /whoever asked for it cannot decide/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const foreign = await desks.takeIn(await desks.carry(await room.asked()));
      await desks.bringBack(desks.forged(foreign, 'p-maker-there'));
    },
  },
  {
    name: 'has the maker’s second record decide at the other desk',
    refusedFor: /whoever asked for it cannot decide/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const foreign = await desks.takeIn(await desks.carry(await room.asked()));
      await desks.bringBack(desks.forged(foreign, 'p-alias-there'));
    },
  },
  {
    name: 'has whoever wrote the draft decide at the other desk',
    refusedFor: /worked on it and cannot check/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      room.workedOn = ['p-anna'];
      await desks.bringBack(await desks.decided(await room.asked()));
    },
  },
  {
    name: 'has somebody decide whom nobody knows at home',
    refusedFor: /personId: nobody said who that is/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      await desks.bringBack(await desks.decided(await room.asked(), 'p-guest'));
    },
  },
  {
    name: 'has somebody decide who came to the other desk after its card was given',
    refusedFor: /personId: is not on that desk/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      desks.away.add('p-new', ['approval.decide']);
      desks.away.signIn('p-new');
      await desks.bringBack(await desks.decided(await room.asked(), 'p-new'));
    },
  },
  {
    name: 'has somebody decide who may not check at home',
    refusedFor: /is not among this person/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      await desks.bringBack(await desks.decided(await room.asked(), 'p-clerk-there'));
    },
  },
  {
    name: 'has somebody decide who has lost the function at home meanwhile',
    refusedFor: /is not among this person/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const text = await desks.decided(await room.asked());
      room.of('p-anna').functions.clear();
      await desks.bringBack(text);
    },
  },
  {
    name: 'has somebody decide who may not check at the other desk',
    refusedFor: /needs the function approval\.decide/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const foreign = await desks.takeIn(await desks.carry(await room.asked()));
      desks.away.of('p-zoe').functions.clear();
      const decided = await desks.decide(foreign, 'p-zoe');
      if (decided.ok) throw new Error('the other desk let them decide');
    },
  },
  {
    name: 'decides at the other desk without the checker’s secret',
    refusedFor: /the secret is wrong/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const foreign = await desks.takeIn(await desks.carry(await room.asked()));
      const decided = await desks.decide(foreign, 'p-zoe', 'approve', 'guessed');
      if (decided.ok) throw new Error('the other desk took a wrong secret');
    },
  },
  {
    name: 'signs for the checker with the key of somebody else at the other desk',
    refusedFor: /signature: is unknownKey/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const foreign = await desks.takeIn(await desks.carry(await room.asked()));
      await desks.bringBack(desks.forged(foreign, 'p-guest', { personId: 'p-zoe' }, { personId: 'p-zoe' }));
    },
  },
  {
    name: 'agrees in one stage and brings it for another',
    refusedFor: /is not the stage that waits/,
    policies: STAGES,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      for (const personId of ['p-anna', 'p-bo']) room.of(personId).functions.add('audit.view');
      const approval = await room.asked();
      const foreign = await desks.takeIn(await desks.carry(approval));
      await as(room, 'p-bo', () => room.approve(approval));
      await desks.bringBack(desks.forged(foreign, 'p-zoe'));
      await desks.bringBack(desks.forged(foreign, 'p-zoe', { stageId: 'oversight' }, { stageId: 'oversight' }));
    },
  },
  {
    name: 'brings the file after the request has expired',
    refusedFor: /the approval is expired/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const text = await desks.decided(await room.asked());
      room.clock.pass(73 * HOUR_MS);
      await desks.bringBack(text);
    },
  },
  {
    name: 'brings the file after the request has expired, with the clock put back',
    refusedFor: /the approval is expired/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const text = await desks.decided(await room.asked());
      room.clock.pass(73 * HOUR_MS);
      room.approvals.tick();
      room.clock.ms -= 73 * HOUR_MS;
      await desks.bringBack(text);
    },
  },
  {
    name: 'decides before the file left, and after now',
    refusedFor: /decidedAtMs: was decided at a time that has not come/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const foreign = await desks.takeIn(await desks.carry(await room.asked()));
      for (const off of [-HOUR_MS, HOUR_MS]) {
        const decidedAtMs = room.clock.nowMs() + off;
        await desks.bringBack(desks.forged(foreign, 'p-zoe', { decidedAtMs }, { decidedAtMs }));
      }
    },
  },
  {
    name: 'brings the file after the request was withdrawn',
    refusedFor: /the approval is withdrawn/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const approval = await room.asked();
      const text = await desks.decided(approval);
      await as(room, 'p-maker', () => room.ask('approval.withdraw', { approvalId: approval.approvalId, reason: 'no longer' }));
      await desks.bringBack(text);
    },
  },
  {
    name: 'brings an agreement after a rejection from the other desk',
    refusedFor: /the approval is rejected/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const approval = await room.asked();
      const foreign = await desks.takeIn(await desks.carry(approval));
      await desks.bringBack(desks.forged(foreign, 'p-yan', { decision: 'reject', note: 'no' }, { decision: 'reject', note: 'no' }));
      await desks.bringBack(desks.forged(foreign, 'p-zoe'));
    },
  },
  {
    name: 'brings a file of a desk whose trust was withdrawn',
    refusedFor: /from: the trust in that desk was withdrawn/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const text = await desks.decided(await room.asked());
      await desks.withdraw();
      await desks.bringBack(text);
    },
  },
  {
    name: 'has the trust withdrawn after one of two agreed there',
    policies: TWO,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const approval = await room.asked();
      await desks.bringBack(await desks.decided(approval));
      await desks.withdraw();
      await as(room, 'p-bo', () => room.approve(approval));
    },
  },
  {
    name: 'brings a file of a desk whose trust has expired',
    refusedFor: /has expired: take in a new card/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      room.clock.pass(181 * 24 * HOUR_MS);
      const approval = await room.asked();
      const carried = await room.ask('approval.carry', { approvalId: approval.approvalId, device: desks.away.journal.device });
      if (carried.ok) throw new Error('the file left');
    },
  },
  {
    name: 'brings a file of a desk that nobody took in',
    refusedFor: /from: this desk does not know/,
    run: async (room) => {
      const desks = TwoDesks.strangers(room);
      const card = desks.card(room);
      await desks.believe(desks.away, card, []);
      room.signIn('p-maker');
      const { approvalId, payloadHash, contextHash } = await room.asked();
      const body = { carryId: '01996b1c-0000-7000-8000-0000000000ab', approvalId, stageId: 'check', payloadHash, contextHash };
      await desks.bringBack(desks.forged(body as never, 'p-zoe'));
    },
  },
  {
    name: 'writes a decision file in the other desk’s name without its key',
    refusedFor: /signed: the file was changed, or is not of/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const foreign = await desks.takeIn(await desks.carry(await room.asked()));
      const genuine = JSON.parse(desks.forged(foreign, 'p-zoe')) as Parameters<typeof letterStatement>[0];
      const ephemeral = newBoxKey();
      const head = { ...genuine, ephemeralKey: ephemeral.publicKey };
      const body = gzipSync(JSON.stringify({ decision: 'approve' }));
      const sealed = sealTo(room.signing.box.publicKey, ephemeral, letterHead(head), body).toString('base64');
      await desks.bringBack(JSON.stringify({ ...head, sealed, signed: signText(FOREIGN, letterStatement(head, sealed, sha256)) }));
    },
  },
  {
    name: 'brings a file that grows to hundreds of megabytes when it is opened',
    refusedFor: /Invalid input|expected/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const foreign = await desks.takeIn(await desks.carry(await room.asked()));
      const text = desks.forged(foreign, 'p-zoe', { bomb: ' '.repeat(200_000_000) } as never);
      const opened = await desks.bringBack(text);
      if (opened.ok) throw new Error('the file was opened');
    },
  },
  {
    name: 'brings home the file that left, as if it were a decision',
    refusedFor: /what: is a pendingApproval/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      await desks.bringBack(await desks.carry(await room.asked()));
    },
  },
  {
    name: 'brings a decision that was meant for another desk',
    refusedFor: /to: is for another desk/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      await desks.bringBack(changed(await desks.decided(await room.asked()), { to: 'another-desk' }));
    },
  },
  {
    name: 'takes another desk in alone',
    refusedFor: /from: this desk does not know/,
    run: async (room) => {
      const desks = TwoDesks.strangers(room);
      await desks.believe(desks.away, desks.card(room), []);
      const card = desks.card(desks.away);
      room.signIn('p-admin');
      await room.ask('device.trust', { card, heard: cardFingerprint(card, sha256), people: SAME, reason: 'alone' });
      room.signIn('p-maker');
      const approval = await room.asked();
      const { approvalId, payloadHash, contextHash } = approval;
      const body = { carryId: '01996b1c-0000-7000-8000-0000000000ac', approvalId, stageId: 'check', payloadHash, contextHash };
      const left = await room.ask('approval.carry', { approvalId, device: desks.away.journal.device });
      if (left.ok) throw new Error('the file left for a desk that one person believed');
      await desks.bringBack(desks.forged(body as never, 'p-zoe'));
    },
  },
  {
    name: 'puts a card of the attacker’s own in the place of the other desk’s',
    refusedFor: /heard: this is not the fingerprint/,
    run: async (room) => {
      const desks = TwoDesks.strangers(room);
      const genuine = desks.card(desks.away);
      const forged = cardOfAttacker(genuine);
      // The telephone gave the fingerprint of the genuine one.
      const believed = await desks.believe(room, forged, SAME, cardFingerprint(genuine, sha256));
      if (believed.ok) throw new Error('the forged card was believed');
    },
  },
  {
    name: 'changes a person’s key on a card that two people are about to take in',
    refusedFor: /card\.signed: the card was changed/,
    run: async (room) => {
      const desks = TwoDesks.strangers(room);
      const card = desks.card(desks.away);
      const people = card.people.map((person) => ({ ...person, keyId: FOREIGN.keyId, publicKey: FOREIGN.publicKey }));
      const believed = await desks.believe(room, { ...card, people }, SAME);
      if (believed.ok) throw new Error('the changed card was believed');
    },
  },
  {
    name: 'puts an older card back, on which a lost key still stands',
    refusedFor: /card\.madeAtMs: a later card/,
    run: async (room) => {
      const desks = TwoDesks.strangers(room);
      const older = desks.card(desks.away);
      room.clock.pass(HOUR_MS);
      desks.away.signing.revoke('p-zoe', 'compromised');
      await desks.believe(room, desks.card(desks.away), []);
      const believed = await desks.believe(room, older, SAME);
      if (believed.ok) throw new Error('the older card was believed');
    },
  },
  {
    name: 'writes a believed desk into the record without this desk’s word',
    refusedFor: /this desk does not know the desk/,
    run: async (room) => {
      const desks = TwoDesks.strangers(room);
      await desks.believe(desks.away, desks.card(room), []);
      const card = desks.card(desks.away);
      room.signIn('p-maker');
      const approval = await room.asked();
      await writeTrust(room, card);
      const carried = await room.ask('approval.carry', { approvalId: approval.approvalId, device: card.device });
      if (carried.ok) throw new Error('the file left for a desk that nobody believed');
    },
  },
  {
    name: 'writes a vote of another desk into the record with a signature of nobody there',
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const approval = await room.asked();
      const { carryId } = await desks.takeIn(await desks.carry(approval));
      const signed = signText(FOREIGN, 'anything');
      const carried = { carryId, device: desks.away.journal.device, personId: 'p-zoe', decidedAtMs: room.clock.nowMs() };
      const event = approvedEvent(approval, 'p-anna', signed, { signedBy: { how: 'carried', confirmationId: null, ...signed, carried } });
      await behind(room, (path) => forgeJournal(path, (rows) => appended(rows, event)));
    },
  },
];

/** With every hash made anew, and countersigned by a key that is not this desk’s. */
async function writeTrust(room: ApprovalRoom, card: DeviceCard): Promise<void> {
  const { device } = card;
  const said = { device, fingerprint: 'X', cardHash: sha256(canonicalJson(card)), people: SAME, expiresAtMs: 9e12, atMs: 0 };
  const countersigned = signText(signingKeyOf(new Uint8Array(32).fill(9)), trustStatement(said));
  const payload = { device, card, fingerprint: 'X', people: SAME, expiresAtMs: 9e12, reason: 'x', countersigned, atMs: 0 };
  const event = { type: 'device.trusted', subject: DEVICES_SUBJECT, actor: 'p-admin', payload };
  const { journalPath } = room;
  await room.store.close();
  forgeJournal(journalPath, (rows) => appended(rows, event));
  room.start();
  room.signIn('p-maker');
}
