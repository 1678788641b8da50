/** Every request and stream of the contract, asked by every role over a real port: answered exactly where the role has the function, refused and journalled where it has not. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadAccessData } from '#engine/desk/people/access-data';
import { findResourcesFolder } from '#engine/resources';
import { REQUEST_ACCESS, STREAM_ACCESS } from '#shared/contract/access';
import type { AccessRule } from '#shared/contract/access-rule';
import type { RequestName } from '#shared/contract/requests';
import type { StreamKind } from '#shared/contract/streams';
import { permissionsOf } from '#shared/desk/people/permissions';
import { PeopleRoom, worked } from '#tests/integration/people/people-at-desk';
import { sampleParams, samplePayload } from '#tests/integration/people/samples';

const { book, demonstration } = loadAccessData(findResourcesFolder());
const requests = (Object.entries(REQUEST_ACCESS) as [RequestName, AccessRule<unknown>][]).filter(([, { needs }]) => needs !== 'anyone');
const streams = (Object.entries(STREAM_ACCESS) as [StreamKind, AccessRule<unknown>][]).filter(([, { needs }]) => needs !== 'anyone');
/** Ends the session, or the demonstration itself, when it is let through. */
const LEFT_OUT: readonly string[] = ['people.claim'];

const room = new PeopleRoom();
beforeAll(() => room.start());
afterAll(() => room.end());

/** What the bus says when the function is missing; a handler's own refusal is another. */
const isMissing = (outcome: unknown, needed: string): boolean =>
  (outcome as { message?: string }).message?.includes(`needs the function ${needed}`) === true;

describe.each(demonstration.people.map((person) => [person.login, person] as const))('as %s', (login, person) => {
  const permissions = permissionsOf(person, book);
  beforeAll(async () => {
    worked(await room.signIn(login, demonstration.secrets.get(person.personId)?.secret ?? ''));
  });

  it('is refused every request whose function the role has not, and no other', async () => {
    for (const [name, rule] of requests) {
      if (LEFT_OUT.includes(name)) continue;
      const payload = samplePayload(name);
      const needed = [rule.needs, rule.alsoNeeds?.(payload) ?? null].filter((one) => one !== null && one !== 'signedIn') as string[];
      const lacking = needed.find((one) => !permissions.has(one as never));
      // What would be let through is not asked: it would start recordings and write back-ups. That it passes is shown by the next test.
      if (lacking === undefined) continue;
      const outcome = await room.page.request(name, payload as never);
      expect([name, outcome.ok, isMissing(outcome, lacking)]).toEqual([name, false, true]);
    }
  });

  it('is let through to what only reads, where the role has the function', async () => {
    for (const name of ['alert.get', 'plan.list', 'people.list', 'search', 'scenario.list', 'account.history', 'workspace.list'] as const) {
      const rule = REQUEST_ACCESS[name] as AccessRule<unknown>;
      const mayAsk = rule.needs === 'signedIn' || permissions.has(rule.needs as never);
      const outcome = await room.page.request(name, samplePayload(name) as never);
      const isRefusedHere = !outcome.ok && outcome.code === 'FORBIDDEN';
      expect([name, isRefusedHere]).toEqual([name, !mayAsk]);
    }
  });

  it('is sent no picture of a stream whose function the role has not', async () => {
    for (const [kind, rule] of streams) {
      const params = sampleParams(kind);
      const needed = [rule.needs, rule.alsoNeeds?.(params) ?? null].filter((one) => one !== null && one !== 'signedIn');
      const mayAll = needed.every((one) => permissions.has(one as never));
      const refusal = await room.subscribeOnce(kind, params);
      expect([kind, refusal === 'FORBIDDEN']).toEqual([kind, !mayAll]);
    }
  });
});

it('writes each kind of refusal down once, with a count for those that follow', async () => {
  worked(await room.signIn('auditor', 'demo-auditor'));
  // The kinds that the table left behind are closed first: beyond so many at a time they are one kind of their own.
  room.clock.byMs += 61_000;
  const before = room.entries('command.refused').length;
  for (let count = 0; count < 200; count += 1) await room.page.request('backup.now', {});
  const mine = room
    .entries('command.refused')
    .slice(before)
    .filter(({ payload }) => payload.request === 'backup.now');
  expect(mine.map(({ payload }) => payload.count)).toEqual([1]);
  room.clock.byMs += 61_000;
  await room.page.request('backup.now', {});
  const later = room.entries('command.refused').filter(({ actor, payload }) => actor === 'p-auditor' && payload.request === 'backup.now');
  expect(later.reduce((sum, { payload }) => sum + Number(payload.count), 0)).toBeGreaterThanOrEqual(201);
});
