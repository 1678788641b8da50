/** What a person may ask about people, sign-in and roles: requests, streams and what each needs. */
import { z } from 'zod';
import type { AccessRule } from '#shared/contract/access-rule';
import { functionNameSchema } from '#shared/desk/people/functions';
import { displayNameSchema, loginSchema, personIdSchema, reachSchema, roleGrantSchema, roleNameSchema } from '#shared/desk/people/person';

/** Typed secrets are bounded so that nobody can make the desk digest a novel. */
const typedSecret = z.string().min(1).max(256);
const pin = z.string().regex(/^\d{4,12}$/, 'four to twelve digits');
const reason = z.string().trim().min(1, 'a reason is needed').max(2000);
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const nothing = z.object({});

const personViewSchema = z.object({
  personId: personIdSchema,
  login: loginSchema,
  displayName: displayNameSchema,
  state: z.enum(['active', 'disabled']),
  roles: z.array(roleGrantSchema),
  isDemonstration: z.boolean(),
  createdAtMs: z.number(),
  changedAtMs: z.number(),
  /** Another record of the same human; null where none is known. */
  samePersonAs: personIdSchema.nullable(),
  /** `none`: has never chosen one, waits for a one-time code; `locked`: too many wrong tries. */
  secret: z.enum(['set', 'none', 'published', 'locked']),
  hasPin: z.boolean(),
  lockedUntilMs: z.number().nullable(),
  lastSignInAtMs: z.number().nullable(),
  /** Why this person may do nothing although they have roles; null when all is well. */
  conflict: z.string().nullable(),
});
export type PersonView = z.infer<typeof personViewSchema>;

/** Shown once, to be printed: the desk keeps only what checks it. */
const codeSchema = z.object({ code: z.string(), expiresAtMs: z.number().nullable() });

export const PEOPLE_REQUESTS = {
  'auth.signIn': {
    payload: z.object({ login: loginSchema, secret: typedSecret }),
    answer: z.object({ personId: z.string(), sessionId: z.string() }),
  },
  'auth.signOut': { payload: nothing, answer: nothing },
  'auth.lock': { payload: nothing, answer: nothing },
  /** With the PIN or the password of the person who is signed in. */
  'auth.unlock': { payload: z.object({ secret: typedSecret }), answer: nothing },
  /** The person at the desk did something: puts off the lock for idleness. Sent by the page at most every half minute. */
  'auth.activity': { payload: nothing, answer: nothing },
  /**
   * A second person, by their own credentials, for exactly one command. `payloadHash`: SHA-256 (hex) over the canonical JSON (RFC 8785) of the command's
   * payload without `confirmationId`. The person signed in stays signed in.
   */
  'auth.confirm': {
    payload: z.object({ login: loginSchema, secret: typedSecret, about: z.object({ request: z.string().max(64), payloadHash: hash }) }),
    answer: z.object({ confirmationId: z.uuid(), personId: z.string(), displayName: z.string(), expiresAtMs: z.number() }),
  },
  'auth.changeSecret': { payload: z.object({ current: typedSecret, secret: typedSecret }), answer: nothing },
  /** A null PIN removes it. */
  'auth.changePin': { payload: z.object({ current: typedSecret, pin: pin.nullable() }), answer: nothing },
  /** Whether this machine has an authenticator of its own that verifies who is there, and since when mine is enrolled. */
  'auth.authenticator': { payload: nothing, answer: z.object({ isThere: z.boolean(), enrolledAtMs: z.number().nullable() }) },
  /** By the password. From then on it unlocks the desk as the PIN does, and does nothing else. */
  'auth.enrolAuthenticator': { payload: z.object({ current: typedSecret }), answer: nothing },
  'auth.removeAuthenticator': { payload: z.object({ current: typedSecret }), answer: nothing },
  'auth.unlockByAuthenticator': { payload: nothing, answer: nothing },
  /** First sign-in with a one-time code, or back in with a recovery code: chooses a new password and signs in. */
  'auth.redeem': {
    payload: z.object({ login: loginSchema, code: typedSecret, secret: typedSecret }),
    answer: z.object({ personId: z.string(), sessionId: z.string() }),
  },
  /** How many guesses a secret would stand, before it is chosen. `words` are the person's own names, which weaken it. */
  'auth.judgeSecret': {
    payload: z.object({ secret: typedSecret, words: z.array(z.string().max(64)).max(8) }),
    answer: z.object({ isStrongEnough: z.boolean(), guessesLog10: z.number(), neededLog10: z.number(), reasons: z.array(z.string()) }),
  },

  /**
   * While the key to this desk's data is locked, the one thing that can be asked: the password of anybody who has signed in here, or a recovery code that was not
   * used. The desk then starts, and whoever gave their password is signed in.
   */
  'desk.openKey': { payload: z.object({ secret: typedSecret }), answer: z.object({ by: z.enum(['password', 'code']) }) },
  /** Whether the machine opens the desk by itself when it starts, or people's secrets do. */
  'desk.keepKey': { payload: z.object({ keeping: z.enum(['machine', 'signIn']), reason }), answer: nothing },

  /** Makes the desk one's own: the first administrator, sign-in from now on, and the demonstration's people gone for good. */
  'people.claim': {
    payload: z.object({ login: loginSchema, displayName: displayNameSchema, secret: typedSecret }),
    answer: z.object({ personId: z.string(), recoveryCodes: z.array(z.string()) }),
  },
  'people.list': { payload: nothing, answer: z.object({ people: z.array(personViewSchema) }) },
  'people.roles': {
    payload: nothing,
    answer: z.object({
      roles: z.array(
        z.object({ role: roleNameSchema, functions: z.array(functionNameSchema), note: z.string(), citation: z.string(), certainty: z.string() }),
      ),
      exclusions: z.array(z.object({ roles: z.tuple([roleNameSchema, roleNameSchema]), reason: z.string() })),
      departments: z.array(z.object({ id: z.string(), name: z.string() })),
      controlGroups: z.array(z.object({ id: z.string(), name: z.string() })),
    }),
  },
  'people.create': {
    payload: z.object({ login: loginSchema, displayName: displayNameSchema }),
    answer: z.object({ personId: z.string(), oneTime: codeSchema }),
  },
  'people.change': { payload: z.object({ personId: personIdSchema, displayName: displayNameSchema }), answer: nothing },
  /** Says that two records are one human's, who then counts once wherever two people are needed; null takes it back. */
  'people.link': { payload: z.object({ personId: personIdSchema, samePersonAs: personIdSchema.nullable(), reason }), answer: nothing },
  'people.disable': { payload: z.object({ personId: personIdSchema, reason }), answer: nothing },
  'people.enable': { payload: z.object({ personId: personIdSchema, reason }), answer: nothing },
  /** Two administrators together give somebody who lost their password a one-time code; what their old password alone could open is lost. */
  'people.recover': {
    payload: z.object({ personId: personIdSchema, reason, confirmationId: z.uuid() }),
    answer: z.object({ oneTime: codeSchema }),
  },
  'role.grant': { payload: z.object({ personId: personIdSchema, role: roleNameSchema, reach: reachSchema, reason }), answer: nothing },
  'role.revoke': { payload: z.object({ personId: personIdSchema, role: roleNameSchema, reason }), answer: nothing },
} satisfies Record<string, { payload: z.ZodType; answer: z.ZodType }>;

export const PEOPLE_ACCESS = {
  'auth.signIn': { needs: 'anyone' },
  'auth.signOut': { needs: 'anyone' },
  'auth.lock': { needs: 'anyone' },
  'auth.unlock': { needs: 'anyone' },
  'auth.activity': { needs: 'signedIn' },
  'auth.confirm': { needs: 'signedIn' },
  'auth.changeSecret': { needs: 'signedIn' },
  'auth.changePin': { needs: 'signedIn' },
  'auth.authenticator': { needs: 'signedIn' },
  'auth.enrolAuthenticator': { needs: 'signedIn' },
  'auth.removeAuthenticator': { needs: 'signedIn' },
  'auth.unlockByAuthenticator': { needs: 'anyone' },
  'auth.redeem': { needs: 'anyone' },
  'auth.judgeSecret': { needs: 'anyone' },

  'desk.openKey': { needs: 'anyone' },
  'desk.keepKey': { needs: 'people.manage', approval: () => 'deviceTrust' },

  'people.claim': { needs: 'signedIn' },
  'people.list': { needs: 'people.view', reach: 'free' },
  'people.roles': { needs: 'people.view', reach: 'free' },
  'people.create': { needs: 'people.manage' },
  'people.change': { needs: 'people.manage' },
  'people.link': { needs: 'people.manage', approval: () => 'roles' },
  'people.disable': { needs: 'people.manage' },
  'people.enable': { needs: 'people.manage', approval: () => 'roles' },
  'people.recover': { needs: 'people.manage' },
  'role.grant': { needs: 'role.grant', approval: () => 'roles' },
  'role.revoke': { needs: 'role.grant' },
} satisfies Record<keyof typeof PEOPLE_REQUESTS, AccessRule>;

/** Who sits here, and who may: always on the page, also before sign-in and while the desk is locked. */
export type AuthPicture = {
  /** False: nobody has made the desk their own yet; it opens with the demonstration's people. */
  isClaimed: boolean;
  session: {
    sessionId: string;
    personId: string;
    displayName: string;
    login: string;
    roles: { role: z.infer<typeof roleNameSchema>; reach: z.infer<typeof reachSchema> }[];
    /** What this person may do now, for hiding what would be refused; the engine decides. */
    functions: z.infer<typeof functionNameSchema>[];
    signedInAtMs: number;
    isDemonstration: boolean;
    hasPin: boolean;
    /** Their authenticator is enrolled, and this machine says that it has one. */
    hasAuthenticator: boolean;
    /** Roles that one person may not hold together: this person may do nothing until an administrator has put it right. */
    conflict: string | null;
  } | null;
  /** Why the desk is locked; null while it is open. */
  locked: 'person' | 'idle' | 'suspend' | 'screenLock' | null;
  /** Whom the sign-in screen offers. A published secret belongs to the demonstration and protects nothing. */
  people: {
    personId: string;
    login: string;
    displayName: string;
    roles: z.infer<typeof roleNameSchema>[];
    published: { secret: string; pin: string } | null;
  }[];
  /** Display name of everybody who was ever a person here, by id: entries name people by id. */
  names: Record<string, string>;
  idleLockMs: number | null;
  /** Roles are given without approval until enough people could give one. */
  isFounding: boolean;
  /** Who keeps the key to what is stored here; see docs/security.md. */
  protection: KeyProtection;
  /** Nothing of this desk can be read or written, and nothing is watched, until somebody's secret opens its key; null while it is open. */
  keyLocked: KeyLocked | null;
};

/** `keychain`: the system. `signIn`: people's secrets alone. `file`: nobody; the key lies beside the data. */
export type KeyProtection = 'keychain' | 'signIn' | 'file';
export type KeyLocked = {
  sinceMs: number;
  /** `keychainLost`: a keychain had the key and gives it no more. `signIn`: people decided that only their secrets open this desk. */
  why: 'keychainLost' | 'signIn';
  /** How many people's passwords, and how many codes, lead to the key. */
  people: number;
  codes: number;
  isTrying: boolean;
};

export const PEOPLE_STREAMS = { auth: nothing } satisfies Record<string, z.ZodType>;
export type PictureByPeopleStream = { auth: AuthPicture };
export const PEOPLE_STREAM_ACCESS = { auth: { needs: 'anyone' } } satisfies Record<keyof typeof PEOPLE_STREAMS, AccessRule>;
