/** Clocks put forward and back. */
import { type Attack, as, HOUR_MS } from '#tests/faults/two-person/attack';

export const CLOCKS: Attack[] = [
  {
    name: 'sets the clock back after the request has expired',
    run: async (room) => {
      const approval = await room.asked();
      room.clock.pass(73 * HOUR_MS);
      room.approvals.tick();
      room.clock.ms -= 73 * HOUR_MS;
      await as(room, 'p-anna', () => room.approve(approval));
    },
  },
  {
    name: 'holds the clock still while the life of the request runs',
    run: async (room) => {
      const approval = await room.asked();
      room.clock.monotonic += 73 * HOUR_MS;
      await as(room, 'p-anna', () => room.approve(approval));
    },
  },
  {
    name: 'sets the clock forward and back again',
    run: async (room) => {
      const approval = await room.asked();
      room.clock.ms += 73 * HOUR_MS;
      room.approvals.tick();
      room.clock.ms -= 73 * HOUR_MS;
      await as(room, 'p-anna', () => room.approve(approval));
    },
  },
  {
    name: 'restarts the desk with the clock set back after the request has expired',
    run: async (room) => {
      const approval = await room.asked();
      room.clock.pass(73 * HOUR_MS);
      room.signIn('p-clerk');
      await room.stop();
      room.clock.ms -= 100 * HOUR_MS;
      room.start();
      await as(room, 'p-anna', () => room.approve(approval));
    },
  },
  {
    name: 'sets the clock to the beginning of time',
    run: async (room) => {
      const approval = await room.asked();
      room.clock.monotonic += 73 * HOUR_MS;
      room.clock.ms = 0;
      await as(room, 'p-anna', () => room.approve(approval));
    },
  },
];
