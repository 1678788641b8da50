/** A person who may use this desk: who they are, what they are, and for which accounts. Secrets are kept elsewhere and never in these. */
import { z } from 'zod';
import { functionNameSchema } from '#shared/desk/people/functions';

export const ROLE_NAMES = ['supervisor', 'dutyOfficer', 'riskOfficer', 'settlement', 'technology', 'compliance', 'auditor', 'administrator'] as const;
export const roleNameSchema = z.enum(ROLE_NAMES);
export type RoleName = z.infer<typeof roleNameSchema>;

const key = z.string().min(1).max(64);

/** Whose accounts: the whole firm, or the departments (with all below them) and control groups named. Naming none means none. */
export const reachSchema = z.union([z.literal('firm'), z.object({ departments: z.array(key).max(200), controlGroups: z.array(key).max(200) })]);
export type Reach = z.infer<typeof reachSchema>;
export type PartReach = Exclude<Reach, 'firm'>;

export const roleGrantSchema = z.object({ role: roleNameSchema, reach: reachSchema });
export type RoleGrant = z.infer<typeof roleGrantSchema>;

/** Short, opaque and never reused: the journal names people by it. */
export const personIdSchema = z.string().regex(/^p-[a-z0-9-]{1,40}$/);
/** What is typed at sign-in: case does not matter, so it is kept in lower case. */
export const loginSchema = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9._-]{0,31}$/, 'letters, digits, dot, hyphen and underline, at most 32');
export const displayNameSchema = z.string().trim().min(1).max(64);

export const personSchema = z.object({
  personId: personIdSchema,
  login: loginSchema,
  displayName: displayNameSchema,
  state: z.enum(['active', 'disabled']),
  roles: z.array(roleGrantSchema),
  /** Ships with the product, has a published secret, and ends for good when the desk is claimed. */
  isDemonstration: z.boolean(),
  /** Another record of the same human: the two count once wherever two people are needed. Left out: no other is known. */
  samePersonAs: personIdSchema.optional(),
  createdAtMs: z.number(),
  changedAtMs: z.number(),
});
export type Person = z.infer<typeof personSchema>;

const certaintySchema = z.enum(['verified', 'secondary', 'proposal', 'unconfirmed']);
const sourced = { effectiveFrom: z.string().regex(/^\d{8}$/), citation: z.string().min(1), certainty: certaintySchema };

/** resources/access/roles.json: what each role may do, and which roles one person may never hold together. */
export const roleBookSchema = z.object({
  roles: z.array(z.object({ role: roleNameSchema, functions: z.array(functionNameSchema), note: z.string(), ...sourced })).length(ROLE_NAMES.length),
  exclusions: z.array(z.object({ roles: z.tuple([roleNameSchema, roleNameSchema]), reason: z.string(), ...sourced })),
  /** Of these two functions one person may hold only one, whatever roles they come from. */
  functionExclusions: z.array(z.object({ functions: z.tuple([functionNameSchema, functionNameSchema]), reason: z.string(), ...sourced })),
  /** What a program on this machine may ask without a person's sign-in (the command line, scheduled jobs). */
  localActor: z.object({ unclaimed: z.array(functionNameSchema), claimed: z.array(functionNameSchema), ...sourced }),
});
export type RoleBook = z.infer<typeof roleBookSchema>;
