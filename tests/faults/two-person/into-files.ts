/** Rows written into the desk’s own files, past the engine. */
import { signingKeyOf, signText } from '#engine/journal/signing/ed25519';
import { sha256 } from '#engine/store/hash';
import type { Approval } from '#shared/desk/approvals/approval';
import { canonicalJson } from '#shared/journal/canonical';
import { KEYS_SUBJECT } from '#shared/journal/keys';
import { confirmationStatement, enrolmentStatement } from '#shared/journal/signature';
import {
  type Attack,
  approvedEvent,
  as,
  behind,
  check,
  EDITED,
  FOREIGN,
  gotEdited,
  moreThanOnce,
  statementOf,
  TWO,
} from '#tests/faults/two-person/attack';
import type { ApprovalRoom } from '#tests/helpers/approval-room';
import { appended, forgeDocument, forgeJournal } from '#tests/helpers/journal-forger';

export const INTO_FILES: Attack[] = [
  {
    name: 'marks the request as approved in the table',
    run: async (room) => {
      const approval = await room.asked();
      await behind(room, (path) => forgeDocument(path, approval.approvalId, (body) => ({ ...body, state: 'approved' }), approval));
    },
  },
  {
    name: 'edits the payload in the table',
    run: async (room) => {
      const approval = await room.asked();
      await behind(room, (path) => forgeDocument(path, approval.approvalId, (body) => ({ ...body, payload: EDITED }), approval));
      await as(room, 'p-anna', () => room.approve(approval));
    },
    succeeded: gotEdited,
  },
  {
    name: 'sets a request that was carried out back to approved in the table',
    run: async (room) => {
      const approval = await room.asked();
      await as(room, 'p-anna', () => room.approve(approval));
      await behind(room, (path) => forgeDocument(path, approval.approvalId, (body) => ({ ...body, state: 'approved' }), approval));
    },
    succeeded: moreThanOnce,
  },
  {
    name: 'edits the payload in the entry and leaves its hashes',
    run: async (room) => {
      const approval = await room.asked();
      await behind(room, (path) => rewriteAsked(path, approval, { payload: EDITED, payloadHash: sha256(canonicalJson(EDITED)) }, false));
      await as(room, 'p-anna', () => room.approve(approval));
    },
  },
  {
    name: 'edits the payload in the entry with all hashes, after one of two has approved',
    policies: TWO,
    run: async (room) => {
      const approval = await room.asked();
      await as(room, 'p-anna', () => room.approve(approval));
      const payloadHash = sha256(canonicalJson(EDITED));
      await behind(room, (path) => rewriteAsked(path, approval, { payload: EDITED, payloadHash }, true));
      await as(room, 'p-bo', () => room.approve({ ...approval, payloadHash }));
    },
  },
  {
    name: 'edits the payload in the entry and keeps the hash that was approved',
    run: async (room) => {
      const approval = await room.asked();
      await behind(room, (path) => rewriteAsked(path, approval, { payload: EDITED }, true));
      await as(room, 'p-anna', () => room.approve(approval));
    },
  },
  {
    name: 'rewrites how many are needed, with all hashes',
    policies: TWO,
    run: async (room) => {
      const approval = await room.asked();
      await behind(room, (path) => rewriteAsked(path, approval, { policy: { ...approval.policy, stages: [check(1)] } }, true));
      await as(room, 'p-anna', () => room.approve(approval));
    },
  },
  {
    name: 'rewrites who the maker is, so that the maker may check',
    run: async (room) => {
      const approval = await room.asked();
      await behind(room, (path) => rewriteAsked(path, approval, { makerHuman: 'p-nobody' }, true));
      await as(room, 'p-maker', () => room.approve(approval));
    },
  },
  {
    name: 'writes an approval into the record without a signature of its person',
    run: async (room) => {
      const approval = await room.asked();
      const signed = { keyId: '0'.repeat(32), signature: '0'.repeat(128) };
      await behind(room, (path) => forgeJournal(path, (rows) => appended(rows, approvedEvent(approval, 'p-anna', signed))));
    },
  },
  {
    name: 'writes an approval into the record with the maker’s signature under another name',
    run: async (room) => {
      const approval = await room.asked();
      const signed = room.signing.sign('p-maker', statementOf(approval, 'p-anna'));
      if (signed === null) throw new Error('the maker’s key is closed');
      await behind(room, (path) => forgeJournal(path, (rows) => appended(rows, approvedEvent(approval, 'p-anna', signed))));
    },
  },
  {
    name: 'writes an approval into the record with a signature copied from another one',
    run: async (room) => {
      const first = await room.asked(EDITED);
      await as(room, 'p-anna', () => room.approve(first));
      const signed = (await room.state(first.approvalId)).approvals[0]?.signedBy;
      if (signed === undefined) throw new Error('nobody approved');
      room.carriedOut.length = 0;
      room.signIn('p-maker');
      const second = await room.asked();
      await behind(room, (path) => forgeJournal(path, (rows) => appended(rows, approvedEvent(second, 'p-anna', signed))));
    },
  },
  {
    name: 'writes an approval signed by an unpublished key',
    run: async (room) => {
      const approval = await room.asked();
      const signed = signText(FOREIGN, statementOf(approval, 'p-anna'));
      await behind(room, (path) => forgeJournal(path, (rows) => appended(rows, approvedEvent(approval, 'p-anna', signed))));
    },
  },
  {
    name: 'publishes a key in a checker’s name without the device’s word, and signs with it',
    run: async (room) => {
      const approval = await room.asked();
      await behind(room, (path) => forgeJournal(path, (rows) => withForeignKey(room, rows, approval, null)));
    },
  },
  {
    name: 'publishes a key in a checker’s name with the word of another device’s key, and signs with it',
    run: async (room) => {
      const approval = await room.asked();
      const other = signingKeyOf(new Uint8Array(32).fill(8));
      await behind(room, (path) => forgeJournal(path, (rows) => withForeignKey(room, rows, approval, other)));
    },
  },
  {
    name: 'writes a confirmed approval into the record with the signature of another confirmation',
    run: async (room) => {
      const approval = await room.asked();
      const confirmationId = '01996b1c-0000-7000-8000-000000000001';
      const about = { confirmationId, request: 'approval.decide', payloadHash: sha256('something else'), personId: 'p-anna' };
      const signed = room.signing.signOnce('p-anna', room.of('p-anna').secret, confirmationStatement(about));
      const event = approvedEvent(approval, 'p-anna', signed, { signedBy: { how: 'confirmation', confirmationId, ...signed } });
      await behind(room, (path) => forgeJournal(path, (rows) => appended(rows, event)));
    },
  },
  {
    name: 'writes two approvals of one human into the record where two are needed',
    policies: TWO,
    run: async (room) => {
      const approval = await room.asked();
      await as(room, 'p-anna', () => room.approve(approval));
      const signed = room.signing.sign('p-anna', statementOf(approval, 'p-anna'));
      if (signed === null) throw new Error('the key is closed');
      await behind(room, (path) => forgeJournal(path, (rows) => appended(rows, approvedEvent(approval, 'p-anna', signed, { human: 'p-other' }))));
    },
  },
];

function rewriteAsked(path: string, approval: Approval, change: Record<string, unknown>, rechain: boolean): void {
  const { approvalId, request, payload, payloadHash, before, contextHash, policy, makerHuman, makerSessionId, workedOnBy, expiresAtMs, askedAtMs } =
    approval;
  const asked = {
    approvalId,
    request,
    payload,
    payloadHash,
    before,
    contextHash,
    policy,
    makerHuman,
    makerSessionId,
    workedOnBy,
    expiresAtMs,
    atMs: askedAtMs,
  };
  const forged = canonicalJson({ ...asked, ...change });
  const isIt = (row: { type: string; subject: string }): boolean => row.type === 'approval.asked' && row.subject === `approval:${approvalId}`;
  forgeJournal(path, (rows) => rows.map((row) => (isIt(row) ? { ...row, payload: forged } : row)), { rechain });
}

function withForeignKey(
  room: ApprovalRoom,
  rows: Parameters<typeof appended>[0],
  approval: Approval,
  device: ReturnType<typeof signingKeyOf> | null,
): ReturnType<typeof appended> {
  const { keyId, publicKey } = FOREIGN;
  const statement = enrolmentStatement({ keyId, publicKey, device: room.journal.device, personId: 'p-anna' });
  const countersigned = device === null ? null : signText(device, statement);
  const possession = signText(FOREIGN, statement).signature;
  const payload = { keyId, publicKey, personId: 'p-anna', device: room.journal.device, possession, countersigned, atMs: 0 };
  const enrolled = appended(rows, { type: 'key.enrolled', subject: KEYS_SUBJECT, actor: 'engine', payload });
  return appended(enrolled, approvedEvent(approval, 'p-anna', signText(FOREIGN, statementOf(approval, 'p-anna'))));
}
