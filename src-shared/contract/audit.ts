/** What a person may ask about the audit record: requests, streams and what each needs. */
import { z } from 'zod';
import type { AccessRule } from '#shared/contract/access-rule';
import type { EntryProof } from '#shared/journal/entry-proof';
import type { PublishedKey, SignatureMark } from '#shared/journal/keys';

const line = z.string().trim().max(200);

/** All parts together; a part that is left out asks for nothing. */
export const auditFilterSchema = z.object({
  actor: line.min(1).optional(),
  /** Whole types, or families that end with a dot. */
  types: z
    .array(line.regex(/^[a-zA-Z]+\.([a-zA-Z]+)?$/, 'a type such as alert.closed, or a family such as alert.'))
    .max(40)
    .optional(),
  subject: line.min(1).optional(),
  fromMs: z.number().optional(),
  toMs: z.number().optional(),
  isSigned: z.boolean().optional(),
  /** Anywhere in type, subject, actor or the opened payload; case does not matter. */
  text: line.min(1).optional(),
});
export type AuditFilter = z.infer<typeof auditFilterSchema>;

/** An entry as the audit shows it: opened where it can be. */
export type AuditEntry = {
  sequence: number;
  opId: string;
  device: string;
  deviceSeq: number;
  actor: string;
  session: string;
  mode: 'live' | 'drill';
  type: string;
  subject: string;
  wallTime: string;
  entryHash: string;
  isSigned: boolean;
  /** JSON as it was recorded; null where the key to it was destroyed. */
  payload: string | null;
  /** The client account it is about, by itself or by the alert, worklist or notice that it belongs to; null for none. */
  about: EntryAbout | null;
};

/** `name` is empty where the account is not on the book. */
export type EntryAbout = { accountID: string; name: string };

export type AuditDetail = {
  entry: AuditEntry;
  /** `confirmed`: signed by a second person on the spot, inside the payload. */
  mark: SignatureMark | 'confirmed';
  keyId: string | null;
  prevHash: string;
  payloadHash: string;
  hlc: string;
  /** What was and what is, where the entry says so or the one before it about the same subject does. */
  change: { before: unknown; after: unknown; beforeSequence: number | null } | null;
  /** Entries about the same subject, oldest first, at most a hundred around it. */
  history: { sequence: number; type: string; actor: string; wallTime: string }[];
};

/** Number of entries and the beginning of the tree head, as under every export and on every sheet. */
export const PRINTED_FINGERPRINT = /^\d{1,12}:[0-9a-f]{12,64}$/;

export const AUDIT_REQUESTS = {
  /** Newest first. A search reads a bounded part of the record at a time: `nextBefore` goes on from where it stopped, null at the beginning. */
  'audit.query': {
    payload: z.object({ filter: auditFilterSchema, before: z.number().int().min(1).nullable(), limit: z.number().int().min(1).max(500) }),
    answer: z.object({ entries: z.array(z.custom<AuditEntry>()), nextBefore: z.number().nullable(), searchedFrom: z.number() }),
  },
  'audit.entry': { payload: z.object({ sequence: z.number().int().min(1) }), answer: z.custom<AuditDetail>() },
  'audit.prove': {
    payload: z.object({ sequence: z.number().int().min(1) }),
    answer: z.object({ proof: z.custom<EntryProof>(), fingerprint: z.string() }),
  },
  /** Whether a fingerprint that was printed (`1482:6b0f34bd3447`) is one of this record's. */
  'audit.findFingerprint': {
    payload: z.object({
      fingerprint: z.string().trim().toLowerCase().regex(PRINTED_FINGERPRINT, 'as printed: entries, a colon, and twelve hex digits'),
    }),
    answer: z.object({
      verdict: z.enum(['holds', 'differs', 'beyond']),
      sequence: z.number(),
      wallTime: z.string().nullable(),
      ours: z.string().nullable(),
    }),
  },
  /** A zip for an inspector: the entries that fit, what proves them, and what verifies it without this product. */
  'audit.export': {
    payload: z.object({ filter: auditFilterSchema, reason: z.string().trim().min(1, 'a reason is needed').max(2000) }),
    answer: z.object({ file: z.string(), path: z.string(), sha256: z.string(), bytes: z.number(), entryCount: z.number(), fingerprint: z.string() }),
  },
} satisfies Record<string, { payload: z.ZodType; answer: z.ZodType }>;

export const AUDIT_ACCESS = {
  'audit.query': { needs: 'audit.view' },
  'audit.entry': { needs: 'audit.view' },
  'audit.prove': { needs: 'audit.view' },
  'audit.findFingerprint': { needs: 'audit.view' },
  'audit.export': { needs: 'audit.export' },
} satisfies Record<keyof typeof AUDIT_REQUESTS, AccessRule>;

export type AuditPicture = {
  headSequence: number;
  device: string;
  /** Entries of this device under the tree head. */
  size: number;
  root: string;
  fingerprint: string;
  /** The newest checkpoint: how much of it is anchored. */
  checkpoint: { size: number; time: string } | null;
  keys: PublishedKey[];
};

export const AUDIT_STREAMS = { audit: z.object({}) } satisfies Record<string, z.ZodType>;
export type PictureByAuditStream = { audit: AuditPicture };
export const AUDIT_STREAM_ACCESS = { audit: { needs: 'audit.view' } } satisfies Record<keyof typeof AUDIT_STREAMS, AccessRule>;
