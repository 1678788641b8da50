/** What a drill desk is given of the live one when it is opened: the firm's people, its own plans, what the firm is. Copies, from which nothing leads back. */
import { z } from 'zod';
import type { DecisionContext } from '#shared/desk/decision';
import type { PeopleEvent, PersonEvent, RoleEvent } from '#shared/desk/people/events';
import { type Person, personIdSchema, personSchema } from '#shared/desk/people/person';
import { throttleSchema } from '#shared/desk/people/throttle';
import { planRecordSchema } from '#shared/desk/plans/library';
import { licenceSchema } from '#shared/desk/reporting/rule-pack';

/**
 * Digests by which a person's own password and PIN are recognised. No key is among them: what people sign with at a drill desk is made there, by
 * their password, and signs nothing at the live one. The throttles come along: a drill desk is no second chance to guess.
 */
const copiedSecretSchema = z.object({
  personId: personIdSchema,
  secret: z.string().max(500),
  pin: z.string().max(500).nullable(),
  secretThrottle: throttleSchema,
  pinThrottle: throttleSchema,
});
export type CopiedSecret = z.infer<typeof copiedSecretSchema>;

export const drillSeedSchema = z.object({
  /** Null: nobody has claimed the live desk, and the demonstration's people play. */
  people: z
    .object({ people: z.array(personSchema), secrets: z.array(copiedSecretSchema), claimedBy: personIdSchema, isFounding: z.boolean() })
    .nullable(),
  plans: z.array(planRecordSchema.pick({ planId: true, versions: true, retired: true })),
  firm: z.object({ licences: z.array(licenceSchema), isCriticalInfrastructure: z.boolean().nullable() }),
});
export type DrillSeed = z.infer<typeof drillSeedSchema>;
export type SeedPeople = NonNullable<DrillSeed['people']>;

type Known = { people: readonly Person[]; isClaimed: boolean; isFounding: boolean };
type CopyEvent = PersonEvent | RoleEvent | PeopleEvent;

const REASON = 'as at the live desk';

/** What has to be recorded so that the people known here are those of the live desk; nothing where they are already. */
export function copyPeople(known: Known, wanted: SeedPeople, { nowMs: atMs }: Pick<DecisionContext, 'nowMs'>): CopyEvent[] {
  const events: CopyEvent[] = [];
  for (const person of wanted.people)
    events.push(...copyPerson(known.people.find(({ personId }) => personId === person.personId) ?? null, person, atMs));
  const ids = new Set(wanted.people.map(({ personId }) => personId));
  for (const { personId, state, isDemonstration } of known.people) {
    if (ids.has(personId) || state === 'disabled' || isDemonstration) continue;
    events.push({ type: 'person.disabled', subject: `person:${personId}`, payload: { personId, reason: REASON, atMs } });
  }
  if (!known.isClaimed) events.push({ type: 'people.claimed', subject: 'people', payload: { personId: wanted.claimedBy, atMs } });
  if (!wanted.isFounding && (known.isFounding || !known.isClaimed))
    events.push({ type: 'people.foundingEnded', subject: 'people', payload: { atMs } });
  return events;
}

function copyPerson(known: Person | null, wanted: Person, atMs: number): CopyEvent[] {
  const { personId, login, displayName, state, roles } = wanted;
  const subject = `person:${personId}`;
  const events: CopyEvent[] = [];
  if (known === null) events.push({ type: 'person.created', subject, payload: { personId, login, displayName, atMs } });
  else if (known.displayName !== displayName) {
    events.push({ type: 'person.changed', subject, payload: { personId, before: known.displayName, after: displayName, atMs } });
  }
  const before = known?.samePersonAs ?? null;
  const samePersonAs = wanted.samePersonAs ?? null;
  if (before !== samePersonAs) events.push({ type: 'person.linked', subject, payload: { personId, before, samePersonAs, reason: REASON, atMs } });
  const held = known?.roles ?? [];
  for (const { role } of held.filter((grant) => !roles.some((each) => each.role === grant.role))) {
    events.push({ type: 'role.revoked', subject, payload: { personId, role, reason: REASON, atMs } });
  }
  for (const { role, reach } of roles) {
    const own = held.find((grant) => grant.role === role);
    if (own !== undefined && JSON.stringify(own.reach) === JSON.stringify(reach)) continue;
    events.push({ type: 'role.granted', subject, payload: { personId, role, reach, reason: REASON, isFounding: false, atMs } });
  }
  if (state !== (known?.state ?? 'active')) {
    const type = state === 'disabled' ? ('person.disabled' as const) : ('person.enabled' as const);
    events.push({ type, subject, payload: { personId, reason: REASON, atMs } });
  }
  return events;
}
