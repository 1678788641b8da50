/** What was given once, used again or for something else. */
import { type Attack, as, EDITED, gotEdited, moreThanOnce } from '#tests/faults/two-person/attack';

export const USED_AGAIN: Attack[] = [
  {
    name: 'uses one confirmation for two approvals',
    run: async (room) => {
      const first = await room.asked();
      const second = await room.asked(EDITED);
      const payload = room.decision(first);
      const confirmationId = room.confirm('p-anna', 'approval.decide', payload);
      await room.ask('approval.decide', { ...payload, confirmationId });
      await room.ask('approval.decide', { ...room.decision(second), confirmationId });
    },
    succeeded: gotEdited,
  },
  {
    name: 'uses a confirmation of another approval',
    run: async (room) => {
      const first = await room.asked();
      const second = await room.asked(EDITED);
      const confirmationId = room.confirm('p-anna', 'approval.decide', room.decision(first));
      await room.ask('approval.decide', { ...room.decision(second), confirmationId });
    },
  },
  {
    name: 'turns a confirmed rejection into an approval',
    run: async (room) => {
      const approval = await room.asked();
      const confirmationId = room.confirm('p-anna', 'approval.decide', room.decision(approval, 'reject'));
      await room.ask('approval.decide', { ...room.decision(approval), confirmationId });
    },
  },
  {
    name: 'changes the note under a confirmation',
    run: async (room) => {
      const approval = await room.asked();
      const confirmationId = room.confirm('p-anna', 'approval.decide', room.decision(approval, 'approve', 'only for tonight'));
      await room.ask('approval.decide', { ...room.decision(approval, 'approve', 'for good'), confirmationId });
    },
  },
  {
    name: 'uses a confirmation that was given for another request',
    run: async (room) => {
      const approval = await room.asked();
      const payload = room.decision(approval);
      const confirmationId = room.confirm('p-anna', 'approval.withdraw', payload);
      await room.ask('approval.decide', { ...payload, confirmationId });
    },
  },
  {
    name: 'uses a confirmation after its time',
    run: async (room) => {
      const approval = await room.asked();
      const payload = room.decision(approval);
      const confirmationId = room.confirm('p-anna', 'approval.decide', payload);
      room.clock.pass(600_000);
      await room.ask('approval.decide', { ...payload, confirmationId });
    },
  },
  {
    name: 'invents a confirmation',
    run: async (room) =>
      void (await room.ask('approval.decide', { ...room.decision(await room.asked()), confirmationId: '01996b1c-0000-7000-8000-000000000000' })),
  },
  {
    name: 'approves again what was carried out',
    run: async (room) => {
      const approval = await room.asked();
      await as(room, 'p-anna', () => room.approve(approval));
      await as(room, 'p-bo', () => room.approve(approval));
      await room.approvals.resume();
    },
    succeeded: moreThanOnce,
  },
];
