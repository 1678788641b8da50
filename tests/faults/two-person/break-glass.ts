/** The broken glass, used by the wrong person, too late, or for something else. */
import { type Attack, as, GLASS, HOUR_MS, OPEN_GLASS } from '#tests/faults/two-person/attack';
import { type ApprovalRoom, DANGEROUS, GRANT } from '#tests/helpers/approval-room';

export const BREAK_GLASS: Attack[] = [
  { name: 'breaks the glass where there is none', run: async (room) => breakGlass(room, {}) },
  {
    name: 'breaks the glass without the function for it',
    policies: GLASS,
    run: async (room) => {
      room.of('p-maker').functions.delete('breakGlass.use');
      await breakGlass(room, {});
    },
  },
  {
    name: 'breaks the glass with the own consent under a second record',
    policies: GLASS,
    run: (room) => breakGlass(room, { consent: { personId: 'p-alias', number: '021 5555', words: 'yes', heardAtMs: room.clock.nowMs() } }),
  },
  {
    name: 'breaks the glass with the consent of somebody who may not check',
    policies: GLASS,
    run: (room) => breakGlass(room, { consent: { personId: 'p-clerk', number: '021 5555', words: 'yes', heardAtMs: room.clock.nowMs() } }),
  },
  {
    name: 'breaks the glass with a consent of yesterday',
    policies: GLASS,
    run: (room) =>
      breakGlass(room, { consent: { personId: 'p-anna', number: '021 5555', words: 'yes', heardAtMs: room.clock.nowMs() - 24 * HOUR_MS } }),
  },
  {
    name: 'uses the glass for a policy that was not named',
    policies: GLASS,
    run: (room) => breakGlass(room, { policyIds: ['rules'] }),
  },
  {
    name: 'uses the glass after half an hour',
    policies: GLASS,
    run: async (room) => {
      await room.ask('breakGlass.open', OPEN_GLASS(room));
      room.clock.pass(31 * 60_000);
      await room.ask(DANGEROUS, GRANT);
    },
  },
  {
    name: 'uses the glass after half an hour with the clock set back',
    policies: GLASS,
    run: async (room) => {
      await room.ask('breakGlass.open', OPEN_GLASS(room));
      room.clock.monotonic += 31 * 60_000;
      room.clock.ms -= 60_000;
      await room.ask(DANGEROUS, GRANT);
    },
  },
  {
    name: 'uses the glass in a later session',
    policies: GLASS,
    run: async (room) => {
      await room.ask('breakGlass.open', OPEN_GLASS(room));
      room.signIn('p-maker');
      await room.ask(DANGEROUS, GRANT);
    },
  },
  {
    name: 'uses somebody else’s glass',
    policies: GLASS,
    run: async (room) => {
      await room.ask('breakGlass.open', OPEN_GLASS(room));
      room.of('p-clerk').functions.add('role.grant');
      await as(room, 'p-clerk', () => room.ask(DANGEROUS, GRANT));
    },
  },
  {
    name: 'uses the glass for a command without the function for the command',
    policies: GLASS,
    run: async (room) => {
      await room.ask('breakGlass.open', OPEN_GLASS(room));
      room.of('p-maker').functions.delete('role.grant');
      await room.ask(DANGEROUS, GRANT);
    },
  },
];

async function breakGlass(room: ApprovalRoom, more: Record<string, unknown>): Promise<void> {
  await room.ask('breakGlass.open', OPEN_GLASS(room, more));
  await room.ask(DANGEROUS, GRANT);
}
