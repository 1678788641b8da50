/** Something else carried out than what was agreed to. */
import { sha256 } from '#engine/store/hash';
import { canonicalJson } from '#shared/journal/canonical';
import { type Attack, as, EDITED, TWO } from '#tests/faults/two-person/attack';

export const EDITED_LATER: Attack[] = [
  {
    name: 'approves an edited payload',
    run: async (room) => {
      const approval = await room.asked();
      await as(room, 'p-anna', () => room.ask('approval.decide', { ...room.decision(approval), payloadHash: sha256(canonicalJson(EDITED)) }));
    },
  },
  {
    name: 'approves over another ground than the one shown',
    run: async (room) => {
      const approval = await room.asked();
      await as(room, 'p-anna', () => room.ask('approval.decide', { ...room.decision(approval), contextHash: sha256('null') }));
    },
  },
  {
    name: 'moves the ground between asking and approving',
    run: async (room) => {
      const approval = await room.asked();
      room.context = { holds: ['administrator'] };
      await as(room, 'p-anna', () => room.approve(approval));
    },
  },
  {
    name: 'moves the ground between the first and the second approval',
    policies: TWO,
    run: async (room) => {
      const approval = await room.asked();
      await as(room, 'p-anna', () => room.approve(approval));
      room.context = { holds: ['administrator'] };
      await as(room, 'p-bo', () => room.approve(approval));
    },
  },
  {
    name: 'moves the ground and back while a clean-up looks',
    run: async (room) => {
      const approval = await room.asked();
      room.context = { holds: ['administrator'] };
      room.approvals.tick();
      room.context = { holds: [] };
      await as(room, 'p-anna', () => room.approve(approval));
    },
  },
];
