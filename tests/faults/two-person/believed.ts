/** Which desk is believed: a file of one that is not, a card that is not the other desk’s, and trust that somebody writes into the record. */
import { gzipSync } from 'node:zlib';
import { newBoxKey, sealTo } from '#engine/journal/signing/box';
import { signingKeyOf, signText } from '#engine/journal/signing/ed25519';
import { sha256 } from '#engine/store/hash';
import { cardFingerprint, cardStatement, type DeviceCard } from '#shared/desk/devices/card';
import { DEVICES_SUBJECT, trustStatement } from '#shared/desk/devices/device';
import { letterHead, letterStatement } from '#shared/desk/devices/letter';
import { canonicalJson } from '#shared/journal/canonical';
import { type Attack, approvedEvent, as, behind, FOREIGN, HOUR_MS, TWO } from '#tests/faults/two-person/attack';
import { changed } from '#tests/faults/two-person/carried';
import { SAME, TwoDesks } from '#tests/faults/two-person/two-desks';
import type { ApprovalRoom } from '#tests/helpers/approval-room';
import { appended, forgeJournal } from '#tests/helpers/journal-forger';

/** The other desk’s card with a key of the attacker’s in it, signed anew by a key that the attacker has. */
function cardOfAttacker(card: DeviceCard): DeviceCard {
  const { keyId, publicKey } = FOREIGN;
  const people = card.people.map((person) => (person.personId === 'p-zoe' ? { ...person, keyId, publicKey } : person));
  const body = { ...card, deviceKey: publicKey, people };
  return { ...body, signed: signText(FOREIGN, cardStatement(body)) };
}

export const BELIEVED: Attack[] = [
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
