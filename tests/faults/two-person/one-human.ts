/** One human who counts as two: by records, keys, sessions and screens. */
import type { Approval } from '#shared/desk/approvals/approval';
import { type Attack, as, confirmed, HOUR_MS, STAGES, TWO } from '#tests/faults/two-person/attack';
import { type ApprovalRoom, DANGEROUS, GRANT } from '#tests/helpers/approval-room';

/** The steps of an attack that begin once Anna, the first of two, has agreed. */
function afterAnna(next: (room: ApprovalRoom, approval: Approval) => Promise<void>): Attack['run'] {
  return async (room) => {
    const approval = await room.asked();
    await as(room, 'p-anna', () => room.approve(approval));
    await next(room, approval);
  };
}

export const ONE_HUMAN: Attack[] = [
  { name: 'the maker approves, being allowed to approve others', run: async (room) => void (await room.approve(await room.asked())) },
  {
    name: 'the maker approves after signing out and in again',
    run: async (room) => {
      const approval = await room.asked();
      await as(room, 'p-maker', () => room.approve(approval));
    },
  },
  {
    name: 'the maker approves under a second record',
    run: async (room) => {
      const approval = await room.asked();
      await as(room, 'p-alias', () => room.approve(approval));
    },
  },
  { name: 'the maker confirms at the own screen', run: async (room) => void (await confirmed(room, 'p-maker', await room.asked())) },
  {
    name: 'the maker confirms at the own screen under a second record',
    run: async (room) => void (await confirmed(room, 'p-alias', await room.asked())),
  },
  {
    name: 'two records of one checker approve where two people are needed',
    policies: TWO,
    run: async (room) => {
      room.add('p-anna-two', ['approval.decide'], 'p-anna');
      const approval = await room.asked();
      await as(room, 'p-anna', () => room.approve(approval));
      await as(room, 'p-anna-two', () => room.approve(approval));
    },
  },
  {
    name: 'two checkers who turn out to be one human before it is carried out',
    policies: TWO,
    run: afterAnna(async (room, approval) => {
      room.of('p-bo').human = 'p-anna';
      await as(room, 'p-bo', () => room.approve(approval));
    }),
  },
  {
    name: 'a checker who turns out to be the maker under a record that was linked after they agreed',
    policies: TWO,
    run: afterAnna(async (room, approval) => {
      room.of('p-anna').human = 'p-maker';
      await as(room, 'p-bo', () => room.approve(approval));
    }),
  },
  {
    name: 'the maker asks for a confirmation under a second record',
    run: () => undefined,
    succeeded: (room) => room.tryConfirm('p-alias', DANGEROUS, GRANT).ok,
  },
  {
    name: 'a confirmation kept alive by setting the clock back',
    run: async (room) => {
      const approval = await room.asked();
      const payload = room.decision(approval);
      const confirmationId = room.confirm('p-anna', 'approval.decide', payload);
      // Three minutes really pass while the wall clock is put back by an hour.
      room.clock.pass(180_000);
      room.clock.ms -= HOUR_MS;
      await room.ask('approval.decide', { ...payload, confirmationId });
    },
  },
  {
    name: 'a confirmation given while the clock is ahead, used after it was set right',
    run: async (room) => {
      const approval = await room.asked();
      room.clock.ms += 60_000;
      const payload = room.decision(approval);
      const confirmationId = room.confirm('p-anna', 'approval.decide', payload);
      room.clock.ms -= 60_000;
      room.clock.pass(121_000);
      await room.ask('approval.decide', { ...payload, confirmationId });
    },
  },
  {
    name: 'the maker gets a second key by a new secret and approves with that',
    run: async (room) => {
      const approval = await room.asked();
      room.of('p-maker').secret = new Uint8Array(32).fill(9);
      await as(room, 'p-maker', () => room.approve(approval));
    },
  },
  {
    name: 'one checker approves twice where two are needed',
    policies: TWO,
    run: afterAnna(async (room, approval) => {
      await room.approve(approval);
    }),
  },
  {
    name: 'one checker approves in two sessions where two are needed',
    policies: TWO,
    run: afterAnna(async (room, approval) => {
      await as(room, 'p-anna', () => room.approve(approval));
    }),
  },
  {
    name: 'one checker approves with two keys where two are needed',
    policies: TWO,
    run: afterAnna(async (room, approval) => {
      room.of('p-anna').secret = new Uint8Array(32).fill(9);
      await as(room, 'p-anna', () => room.approve(approval));
    }),
  },
  {
    name: 'one checker approves signed in, then confirms at the maker’s screen, where two are needed',
    policies: TWO,
    run: afterAnna(async (room, approval) => {
      room.signIn('p-maker');
      await confirmed(room, 'p-anna', approval);
    }),
  },
  {
    name: 'one human approves in both stages',
    policies: STAGES,
    run: async (room) => {
      room.of('p-anna').functions.add('audit.view');
      const approval = await room.asked();
      await as(room, 'p-anna', () => room.approve(approval));
      await room.approve(approval);
    },
  },
  {
    name: 'the first checker turns out to be the second before the second approves',
    policies: TWO,
    run: afterAnna(async (room, approval) => {
      room.of('p-anna').human = 'p-bo';
      await as(room, 'p-bo', () => room.approve(approval));
    }),
  },
  {
    name: 'whoever worked on it approves for the maker',
    run: async (room) => {
      room.workedOn = ['p-anna'];
      const approval = await room.asked();
      await as(room, 'p-anna', () => room.approve(approval));
    },
  },
];
