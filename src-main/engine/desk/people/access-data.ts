/** Reads the dated, cited rows about roles, secrets and the demonstration's people that ship with the product. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import {
  displayNameSchema,
  loginSchema,
  type Person,
  personIdSchema,
  type RoleBook,
  roleBookSchema,
  roleGrantSchema,
} from '#shared/desk/people/person';
import { throttleRuleSchema } from '#shared/desk/people/throttle';

const sourced = { effectiveFrom: z.string(), citation: z.string(), certainty: z.string() };
const positive = z.number().int().min(1);

const secretRulesSchema = z.object({
  throttle: z.object({ secret: throttleRuleSchema, pin: throttleRuleSchema, ...sourced }),
  argon2id: z.object({ memoryKiB: z.array(positive).min(1), iterations: positive, parallelism: positive, longestMs: positive, ...sourced }),
  strength: z.object({ leastGuessesLog10: z.number(), leastLength: positive, ...sourced }),
  pin: z.object({ leastLength: positive, ...sourced }),
  idleLock: z.object({ ms: positive, ...sourced }),
  confirmation: z.object({ lifeMs: positive, ...sourced }),
  codes: z.object({ recoveryCodes: positive, oneTimeLifeMs: positive, ...sourced }),
});
export type SecretRules = z.infer<typeof secretRulesSchema>;

const demonstrationSchema = z.object({
  /** Who sits at a desk that nobody has claimed. */
  opensWith: personIdSchema,
  people: z.array(
    z.object({
      personId: personIdSchema,
      login: loginSchema,
      displayName: displayNameSchema,
      roles: z.array(roleGrantSchema),
      secret: z.string(),
      pin: z.string(),
    }),
  ),
});
export type PublishedSecret = { secret: string; pin: string };

export type AccessData = {
  book: RoleBook;
  rules: SecretRules;
  demonstration: { opensWith: string; people: readonly Person[]; secrets: ReadonlyMap<string, PublishedSecret> };
};

/** Throws when the shipped files do not fit: an engine that does not know who may do what must not start. */
export function loadAccessData(resources: string): AccessData {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(resources, 'access', name), 'utf8'));
  const demonstration = demonstrationSchema.parse(read('demonstration-people.json'));
  const people = demonstration.people.map(
    ({ personId, login, displayName, roles }): Person => ({
      personId,
      login,
      displayName,
      state: 'active',
      roles,
      isDemonstration: true,
      createdAtMs: 0,
      changedAtMs: 0,
    }),
  );
  return {
    book: roleBookSchema.parse(read('roles.json')),
    rules: secretRulesSchema.parse(read('secret-rules.json')),
    demonstration: {
      opensWith: demonstration.opensWith,
      people,
      secrets: new Map(demonstration.people.map(({ personId, secret, pin }) => [personId, { secret, pin }])),
    },
  };
}
