/** Other ways in than the one door: other names, other programs, borrowed screens and confirmations. */
import { type Attack, confirmed, DESTROY } from '#tests/faults/two-person/attack';
import { DANGEROUS, GRANT } from '#tests/helpers/approval-room';

export const WAYS_IN: Attack[] = [
  {
    name: 'asks again while it waits',
    run: async (room) => {
      await room.asked();
      await room.ask(DANGEROUS, GRANT);
    },
  },
  { name: 'asks from a program on this machine', run: async (room) => void (await room.bus.fromLocal(DANGEROUS, GRANT)) },
  {
    name: 'approves from a program on this machine',
    run: async (room) => void (await room.bus.fromLocal('approval.decide', room.decision(await room.asked()))),
  },
  {
    name: 'asks under a name that only looks like it',
    run: async (room) => {
      for (const name of ['Role.Grant', 'role.grant ', '__proto__', 'constructor', 'toString', 'role.grant\u0000']) await room.ask(name, GRANT);
    },
  },
  {
    name: 'slips a confirmation into the payload of the command itself',
    run: async (room) => {
      room.of('p-anna').functions.add('role.grant');
      await room.ask(DANGEROUS, { ...GRANT, confirmationId: room.confirm('p-anna', DANGEROUS, GRANT) });
    },
  },
  {
    name: 'approves while nobody is signed in',
    run: async (room) => {
      const approval = await room.asked();
      room.signOut();
      await room.approve(approval);
    },
  },
  {
    name: 'approves at a locked desk of a checker',
    run: async (room) => {
      const approval = await room.asked();
      room.signIn('p-anna');
      room.isLocked = true;
      await room.approve(approval);
    },
  },
  {
    name: 'approves in a session that was handed over without the checker’s key',
    run: async (room) => {
      const approval = await room.asked();
      room.signIn('p-anna');
      room.signing.close('p-anna');
      await room.approve(approval);
    },
  },
  {
    name: 'brings a confirmation that was given to another session',
    run: async (room) => {
      const approval = await room.asked();
      const payload = room.decision(approval);
      room.signIn('p-clerk');
      const confirmationId = room.confirm('p-anna', 'approval.decide', payload);
      room.signIn('p-maker');
      await room.ask('approval.decide', { ...payload, confirmationId });
    },
  },
  {
    name: 'lets somebody without the function confirm',
    run: async (room) => void (await confirmed(room, 'p-clerk', await room.asked())),
  },
  {
    name: 'lets somebody who holds nothing agree to destroying a client’s data',
    run: () => undefined,
    succeeded: (room) => room.tryConfirm('p-clerk', 'privacy.destroy', DESTROY).ok,
  },
  {
    name: 'lets another administrator agree to destroying a client’s data',
    run: (room) => void room.add('p-boss', ['people.manage', 'role.grant']),
    succeeded: (room) => room.tryConfirm('p-boss', 'privacy.destroy', DESTROY).ok,
  },
  {
    name: 'uses an agreement to destroying data after its giver lost the function',
    run: () => undefined,
    succeeded: (room) => {
      room.add('p-lawful', ['privacy.agree']);
      const confirmationId = room.confirm('p-lawful', 'privacy.destroy', DESTROY);
      room.of('p-lawful').functions.delete('privacy.agree');
      return room.confirmations.take(confirmationId, { request: 'privacy.destroy', payload: DESTROY }).ok;
    },
  },
];
