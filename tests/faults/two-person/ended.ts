/** What had ended, and people who may no more. */
import { type Attack, as, HOUR_MS, STAGES, TWO } from '#tests/faults/two-person/attack';

export const ENDED: Attack[] = [
  {
    name: 'approves what was withdrawn',
    run: async (room) => {
      const approval = await room.asked();
      await room.ask('approval.withdraw', { approvalId: approval.approvalId, reason: 'not needed' });
      await as(room, 'p-anna', () => room.approve(approval));
    },
  },
  {
    name: 'approves what another checker rejected',
    run: async (room) => {
      const approval = await room.asked();
      await as(room, 'p-anna', () => room.ask('approval.decide', room.decision(approval, 'reject')));
      await as(room, 'p-bo', () => room.approve(approval));
    },
  },
  {
    name: 'approves after the life of the request',
    run: async (room) => {
      const approval = await room.asked();
      room.clock.pass(73 * HOUR_MS);
      await as(room, 'p-anna', () => room.approve(approval));
    },
  },
  {
    name: 'takes an approval of a withdrawn request over to the next one',
    policies: TWO,
    run: async (room) => {
      const first = await room.asked();
      await as(room, 'p-anna', () => room.approve(first));
      room.signIn('p-maker');
      await room.ask('approval.withdraw', { approvalId: first.approvalId, reason: 'again' });
      const second = await room.asked();
      await as(room, 'p-bo', () => room.approve(second));
    },
  },
  {
    name: 'approves after losing the function',
    run: async (room) => {
      const approval = await room.asked();
      room.signIn('p-anna');
      room.of('p-anna').functions.delete('approval.decide');
      await room.approve(approval);
    },
  },
  {
    name: 'counts a checker who lost the function before the second approved',
    policies: TWO,
    run: async (room) => {
      const approval = await room.asked();
      await as(room, 'p-anna', () => room.approve(approval));
      room.of('p-anna').functions.delete('approval.decide');
      await as(room, 'p-bo', () => room.approve(approval));
    },
  },
  {
    name: 'counts a checker who was disabled before the second approved',
    policies: TWO,
    run: async (room) => {
      const approval = await room.asked();
      await as(room, 'p-anna', () => room.approve(approval));
      room.of('p-anna').isActive = false;
      await as(room, 'p-bo', () => room.approve(approval));
    },
  },
  {
    name: 'has it carried out for a maker who lost the function',
    run: async (room) => {
      const approval = await room.asked();
      room.of('p-maker').functions.delete('role.grant');
      await as(room, 'p-anna', () => room.approve(approval));
    },
  },
  {
    name: 'approves a stage without its function',
    policies: STAGES,
    run: async (room) => {
      const approval = await room.asked();
      await as(room, 'p-anna', () => room.approve(approval));
      await as(room, 'p-bo', () => room.approve(approval));
    },
  },
  {
    name: 'counts an approval whose key was revoked since',
    policies: TWO,
    run: async (room) => {
      const approval = await room.asked();
      await as(room, 'p-anna', () => room.approve(approval));
      room.signing.revoke('p-anna', 'compromised');
      await as(room, 'p-bo', () => room.approve(approval));
    },
  },
];
