/** The people of the live desk at a drill desk: themselves, with the passwords they have. */
import { type PeopleShared, peopleState } from '#engine/desk/people/people-parts';
import { CLAIM_ID, PEOPLE_KIND } from '#engine/desk/people/people-records';
import { type CopiedSecret, copyPeople, type SeedPeople } from '#shared/desk/drills/seed';
import type { Throttle } from '#shared/desk/people/throttle';

/** What a drill desk needs so that the firm's people can play on it; null while nobody has claimed this desk. */
export function copyForDrill({ desk, records, keyring }: PeopleShared): SeedPeople | null {
  const claim = desk.journal.tables.documents.get(PEOPLE_KIND, CLAIM_ID) as { personId: string } | undefined;
  if (claim === undefined) return null;
  const people = [...records.all()];
  const secrets = people.flatMap(({ personId, state }): CopiedSecret[] => {
    const { secret, pin, secretThrottle, pinThrottle } = keyring.ring(personId);
    return secret === null || state === 'disabled' ? [] : [{ personId, secret, pin, secretThrottle, pinThrottle }];
  });
  return { people, secrets, claimedBy: claim.personId, isFounding: records.isFounding };
}

/** On a drill desk, before anybody sits there: its people become those of the live desk, with the passwords they have now. */
export function takeCopy({ recorder, records, keyring }: PeopleShared, copy: SeedPeople): void {
  const events = copyPeople(peopleState(records), copy, recorder.context('engine'));
  if (events.length > 0) recorder.record('people.copy', events, { actor: 'engine' });
  for (const { personId, secret, pin, secretThrottle, pinThrottle } of copy.secrets) {
    const ring = keyring.ring(personId);
    const throttles = { secretThrottle: stricter(ring.secretThrottle, secretThrottle), pinThrottle: stricter(ring.pinThrottle, pinThrottle) };
    // Another password: what the old one had opened here is not opened by it.
    const changed = ring.copiedSecret === secret ? {} : { secret, copiedSecret: secret, personalKey: null, slots: {}, codes: [], authenticators: [] };
    keyring.update(personId, { ...changed, ...throttles, pin });
  }
}

/** The one that keeps somebody out longer. */
function stricter(one: Throttle, other: Throttle): Throttle {
  return other.untilMs > one.untilMs || other.failures > one.failures ? other : one;
}
