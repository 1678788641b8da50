/** What a person may ask about evidence files, and about making somebody's data unreadable: requests, streams and what each needs. */
import { z } from 'zod';
import type { AccessRule } from '#shared/contract/access-rule';
import { evidenceAboutSchema, evidenceHashSchema, evidenceSchema } from '#shared/desk/evidence/evidence';
import { dataSubjectSchema } from '#shared/desk/evidence/privacy';

/** A screenshot, a log, a recorded call of half an hour; a larger thing is archived elsewhere and noted. */
export const LARGEST_EVIDENCE_BYTES = 25 * 1024 * 1024;
/** Bytes in one piece of an upload: a message of this size holds nothing else up. */
export const EVIDENCE_PIECE_BYTES = 384 * 1024;
const PIECE_CHARACTERS = Math.ceil(EVIDENCE_PIECE_BYTES / 3) * 4;

const sha256 = evidenceHashSchema;
const fileName = z.string().trim().min(1).max(200);
const reason = z.string().trim().min(1, 'a reason is needed').max(2000);

export const EVIDENCE_REQUESTS = {
  /** Begins to add a file; what it is gets decided by its bytes when all are there. */
  'evidence.begin': {
    payload: z.object({ name: fileName, bytes: z.number().int().min(1).max(LARGEST_EVIDENCE_BYTES), about: evidenceAboutSchema }),
    answer: z.object({ uploadId: z.uuid(), pieceBytes: z.number() }),
  },
  /** Pieces in order, from 0. */
  'evidence.piece': {
    payload: z.object({ uploadId: z.uuid(), place: z.number().int().min(0), data: z.base64().max(PIECE_CHARACTERS) }),
    answer: z.object({ receivedBytes: z.number() }),
  },
  'evidence.finish': {
    payload: z.object({ uploadId: z.uuid(), note: z.string().trim().max(2000).default('') }),
    answer: evidenceSchema,
  },
  'evidence.list': {
    payload: z.object({ about: evidenceAboutSchema.pick({ kind: true, id: true }) }),
    answer: z.object({ files: z.array(evidenceSchema) }),
  },
  /** For the safe viewer: a picture's bytes, a text's characters, of anything else only what it is. */
  'evidence.get': {
    payload: z.object({ sha256 }),
    answer: z.object({
      file: evidenceSchema,
      view: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('picture'), data: z.string() }),
        z.object({ kind: z.literal('text'), text: z.string(), isCut: z.boolean() }),
        /** It can be exported, and not be shown here. */
        z.object({ kind: z.literal('none') }),
      ]),
    }),
  },
  /** Writes the file, readable, into the desk's folder of exports; the record says who took it out and why. */
  'evidence.export': {
    payload: z.object({ sha256, about: evidenceAboutSchema.pick({ kind: true, id: true }), reason }),
    answer: z.object({ path: z.string() }),
  },
  /**
   * Destroys the key of one person's or client's data: every value sealed with it, in the record, its back-ups and the evidence, is unreadable from
   * then on, for ever, and the record verifies as before. A second person confirms, who answers for personal data.
   */
  'privacy.destroy': {
    payload: z.object({ dataSubject: dataSubjectSchema, reason, confirmationId: z.uuid() }),
    answer: z.object({ keyCount: z.number() }),
  },
} satisfies Record<string, { payload: z.ZodType; answer: z.ZodType }>;
export type EvidenceRequestName = keyof typeof EVIDENCE_REQUESTS;

export const EVIDENCE_ACCESS = {
  'evidence.begin': { needs: 'evidence.add' },
  'evidence.piece': { needs: 'evidence.add' },
  'evidence.finish': { needs: 'evidence.add' },
  'evidence.list': { needs: 'evidence.view' },
  'evidence.get': { needs: 'evidence.view' },
  'evidence.export': { needs: 'export.make' },
  'privacy.destroy': { needs: 'people.manage', secondPerson: 'privacy.agree' },
} satisfies Record<EvidenceRequestName, AccessRule>;

export const EVIDENCE_STREAMS = {} satisfies Record<string, z.ZodType>;
export type PictureByEvidenceStream = Record<never, never>;
export const EVIDENCE_STREAM_ACCESS = {} satisfies Record<keyof typeof EVIDENCE_STREAMS, AccessRule>;
