/** What is recorded about people: who they are, what they may do, when they came and went. Never a secret, nor anything that helps to guess one. */
import { z } from 'zod';
import { displayNameSchema, loginSchema, personIdSchema, reachSchema, roleNameSchema } from '#shared/desk/people/person';
import type { JournalEvent } from '#shared/journal/entry';

const atMs = z.number();
const reason = z.string().max(2000);
const personId = personIdSchema;

export const personEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('person.created'),
    payload: z.object({ personId, login: loginSchema, displayName: displayNameSchema, atMs }),
  }),
  z.object({ type: z.literal('person.changed'), payload: z.object({ personId, before: displayNameSchema, after: displayNameSchema, atMs }) }),
  /** Null: the record is a human's only one again. */
  z.object({
    type: z.literal('person.linked'),
    payload: z.object({ personId, before: personId.nullable(), samePersonAs: personId.nullable(), reason, atMs }),
  }),
  z.object({ type: z.literal('person.disabled'), payload: z.object({ personId, reason, atMs }) }),
  z.object({ type: z.literal('person.enabled'), payload: z.object({ personId, reason, atMs }) }),
  z.object({
    type: z.literal('person.recovered'),
    payload: z.object({ personId, reason, secondPersonId: z.string(), signature: z.string(), keyId: z.string(), atMs }),
  }),
  z.object({
    type: z.literal('person.secretChanged'),
    payload: z.object({
      personId,
      what: z.enum(['password', 'pin', 'pinRemoved', 'authenticator', 'authenticatorRemoved']),
      by: z.enum(['self', 'code', 'claim']),
      atMs,
    }),
  }),
]);

export const roleEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('role.granted'),
    payload: z.object({ personId, role: roleNameSchema, reach: reachSchema, reason, isFounding: z.boolean(), atMs }),
  }),
  z.object({ type: z.literal('role.revoked'), payload: z.object({ personId, role: roleNameSchema, reason, atMs }) }),
]);

export const peopleEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('people.claimed'), payload: z.object({ personId, atMs }) }),
  /** From here on roles are given only with an approval, for good: also when those who could approve have left. */
  z.object({ type: z.literal('people.foundingEnded'), payload: z.object({ atMs }) }),
]);

export const LOCK_CAUSES = ['person', 'idle', 'suspend', 'screenLock'] as const;
export type LockCause = (typeof LOCK_CAUSES)[number];

export const sessionEventSchema = z.discriminatedUnion('type', [
  /** `opened`: an unclaimed desk opens with its demonstration supervisor. */
  z.object({
    type: z.literal('session.signedIn'),
    payload: z.object({ personId, by: z.enum(['password', 'code', 'published', 'opened', 'claim']), atMs }),
  }),
  z.object({
    type: z.literal('session.signedOut'),
    payload: z.object({ personId, cause: z.enum(['person', 'switched', 'disabled', 'claimed', 'stopped']), atMs }),
  }),
  z.object({ type: z.literal('session.locked'), payload: z.object({ personId, cause: z.enum(LOCK_CAUSES), atMs }) }),
  z.object({ type: z.literal('session.unlocked'), payload: z.object({ personId, by: z.enum(['pin', 'password', 'authenticator']), atMs }) }),
  /** A wrong secret; `personId` is null where no such person exists, and what was typed is never kept. */
  z.object({
    type: z.literal('session.refused'),
    payload: z.object({
      personId: personId.nullable(),
      what: z.enum(['signIn', 'unlock', 'confirm', 'change', 'code']),
      reason: z.enum(['wrong', 'tooSoon', 'lockedOut', 'disabled', 'noSecret', 'expired']),
      failures: z.number().int(),
      count: z.number().int().min(1),
      atMs,
    }),
  }),
  z.object({
    type: z.literal('session.confirmed'),
    payload: z.object({
      personId,
      confirmationId: z.string(),
      request: z.string(),
      payloadHash: z.string(),
      keyId: z.string(),
      signature: z.string(),
      atMs,
    }),
  }),
]);

export const commandEventSchema = z.object({
  type: z.literal('command.refused'),
  payload: z.object({
    /** The request or stream that was asked for, as far as the contract knows the name. */
    request: z.string().max(80),
    code: z.string().max(32),
    message: z.string().max(300),
    channel: z.enum(['page', 'local', 'approval']),
    /** How many alike were refused since the last entry of this kind: a flood is one line, not a full disk. */
    count: z.number().int().min(1),
    atMs,
  }),
});

export type PersonEvent = z.infer<typeof personEventSchema> & JournalEvent;
export type RoleEvent = z.infer<typeof roleEventSchema> & JournalEvent;
export type PeopleEvent = z.infer<typeof peopleEventSchema> & JournalEvent;
export type SessionEvent = z.infer<typeof sessionEventSchema> & JournalEvent;
export type CommandEvent = z.infer<typeof commandEventSchema> & JournalEvent;
