/** A machine's clock that is put forward, put back, or found behind the record: doubted, said, and believed again only by people. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClockWatch } from '#engine/desk/clock/clock-watch';
import type { Condition } from '#engine/watch/condition';
import { ApprovalRoom } from '#tests/helpers/approval-room';
import { temporaryFolder } from '#tests/integration/journal/helpers';

const RULES = {
  ...{ effectiveFrom: '20260101', trustDays: 180, clockToleranceMinutes: 10, clockJumpSeconds: 60 },
  ...{ citation: 'a test', certainty: 'proposal' as const },
};
const HOUR_MS = 3_600_000;

let folder: ReturnType<typeof temporaryFolder>;
let room: ApprovalRoom;
let told: Condition[];

function watched(): ClockWatch {
  const { recorder, clock } = room;
  const watch = new ClockWatch({ recorder, clock, rules: () => RULES, onConditions: (conditions) => void told.push(...conditions), open: [] });
  const head = room.journal.entriesAfter(room.journal.headSequence - 1, 1)[0];
  watch.begin(head === undefined ? null : Date.parse(head.wallTime));
  return watch;
}

const kinds = (): string[] => room.journal.entriesOf('clock').map(({ type }) => type);

beforeEach(() => {
  folder = temporaryFolder();
  room = new ApprovalRoom(folder.path);
  room.add('p-anna', ['settings.desk']);
  room.signIn('p-anna');
  told = [];
});
afterEach(async () => {
  await room.stop();
  folder.remove();
});

describe('the machine’s clock', () => {
  it('is believed while it keeps step with the running time, within a minute', () => {
    const watch = watched();
    for (const offMs of [0, 59_000, -59_000, 30_000]) {
      room.clock.pass(HOUR_MS);
      room.clock.ms += offMs;
      watch.tick();
    }
    expect(watch.doubt).toBeNull();
    expect(told).toEqual([]);
  });

  it.each([
    ['ahead', 3 * HOUR_MS],
    ['back', -3 * HOUR_MS],
  ])('is doubted when it jumps %s, once, with how far', (_way, byMs) => {
    const watch = watched();
    room.clock.pass(1_000);
    watch.tick();
    room.clock.pass(1_000);
    room.clock.ms += byMs;
    for (let second = 0; second < 5; second += 1) {
      watch.tick();
      room.clock.pass(1_000);
    }
    expect(watch.doubt).toMatchObject({ differenceMs: byMs, jumps: 1, cause: 'running' });
    expect(kinds()).toEqual(['clock.jumped']);
    expect(told.map(({ transition, kind }) => [transition, kind])).toEqual([['raised', 'clockDoubted']]);
  });

  it('is found behind the record at a start, and stays doubted through restarts', async () => {
    room.clock.ms -= 5 * HOUR_MS;
    await room.restart();
    room.clock.ms -= 5 * HOUR_MS;
    const [entry] = room.journal.entriesAfter(room.journal.headSequence - 1, 1);
    const watch = watched();
    expect(watch.doubt).toMatchObject({ cause: 'start', differenceMs: -5 * HOUR_MS });
    expect(entry).toBeDefined();
    await room.restart();
    expect(watched().doubt).toMatchObject({ cause: 'start' });
  });

  it('is believed again when somebody accepts it, and the entries in between are named', () => {
    const watch = watched();
    room.clock.pass(1_000);
    room.clock.ms += HOUR_MS;
    watch.tick();
    const first = watch.doubt?.firstSequence ?? 0;
    expect(watch.requests['clock.accept']({ firstSequence: first + 1, reason: 'unseen' })).toMatchObject({ ok: false, field: 'firstSequence' });
    expect(watch.requests['clock.accept']({ firstSequence: first, reason: 'compared with the telephone' })).toMatchObject({ ok: true });
    expect(watch.doubt).toBeNull();
    expect(watched().doubt).toBeNull();
    expect(told.map(({ transition }) => transition)).toEqual(['raised', 'cleared']);
    const accepted = JSON.parse(room.journal.entriesOf('clock').at(-1)?.payload ?? '{}') as Record<string, number>;
    expect(accepted.firstSequence).toBe(first);
    expect((accepted.acceptedAtMs ?? 0) - (accepted.expectedAtMs ?? 0)).toBe(HOUR_MS);
    expect(watch.requests['clock.accept']({ firstSequence: first, reason: 'again' })).toMatchObject({ ok: false, code: 'CONFLICT' });
  });

  it('is not doubted for time that passed while the machine slept, and is for time that ran back meanwhile', () => {
    const watch = watched();
    room.clock.ms += 8 * HOUR_MS;
    watch.onWake();
    watch.tick();
    expect(watch.doubt).toBeNull();
    room.clock.ms -= HOUR_MS;
    watch.onWake();
    watch.tick();
    expect(watch.doubt).toMatchObject({ differenceMs: -HOUR_MS });
  });

  it('goes on recording while it is doubted', () => {
    const watch = watched();
    room.clock.ms += HOUR_MS;
    watch.tick();
    const before = room.journal.headSequence;
    room.signIn('p-anna');
    expect(room.journal.headSequence).toBeGreaterThan(before);
  });
});
