/** A file kept as evidence: what it is, what it is about, who added it; its bytes lie sealed elsewhere, under the hash of what they are. */
import { z } from 'zod';
import { MEDIA_TYPES } from '#shared/desk/evidence/media-type';

export const evidenceHashSchema = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hex');

/** What a file is evidence of. `client` and `person` name whose data it is: destroying their key makes it unreadable. */
export const evidenceAboutSchema = z.object({
  kind: z.enum(['run', 'incident', 'alert', 'drill', 'desk']),
  id: z.string().min(1).max(100),
  clientID: z.string().min(1).max(64).optional(),
});
export type EvidenceAbout = z.infer<typeof evidenceAboutSchema>;

const note = z.string().max(2000);
const name = z.string().min(1).max(200);
/** `fileId` stands for the file where it can be read by anybody: a digest under the desk's key, so that the hash is not. */
const base = { fileId: z.string().regex(/^[0-9a-f]{32,64}$/), sha256: evidenceHashSchema, about: evidenceAboutSchema, name, atMs: z.number() };

export const evidenceEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('evidence.added'), payload: z.object({ ...base, bytes: z.number().int(), mediaType: z.enum(MEDIA_TYPES), note }) }),
  z.object({ type: z.literal('evidence.exported'), payload: z.object({ ...base, file: z.string().max(1000), reason: note }) }),
]);
export type EvidenceEventBody = z.infer<typeof evidenceEventSchema>;
export type EvidenceEvent = EvidenceEventBody & { subject: string; dataSubject?: string };

export const evidenceUseSchema = z.object({ about: evidenceAboutSchema, name, note, addedBy: z.string(), addedAtMs: z.number() });

/** One file, and everything that it was added to. */
export const evidenceSchema = z.object({
  sha256: evidenceHashSchema,
  bytes: z.number(),
  mediaType: z.enum(MEDIA_TYPES),
  uses: z.array(evidenceUseSchema),
  exportCount: z.number(),
});
export type EvidenceFile = z.infer<typeof evidenceSchema>;

/** The key that a file about this is sealed with; undefined: the desk's. */
export function dataSubjectOfEvidence({ clientID }: EvidenceAbout): string | undefined {
  return clientID === undefined ? undefined : `client:${clientID}`;
}

export function evolveEvidence(before: EvidenceFile | null, event: EvidenceEventBody, actor: string): EvidenceFile | null {
  const { payload } = event;
  if (event.type === 'evidence.exported') return before === null ? null : { ...before, exportCount: before.exportCount + 1 };
  const { sha256, bytes, mediaType, about, note: words, name: called, atMs } = event.payload;
  const use = { about, name: called, note: words, addedBy: actor, addedAtMs: atMs };
  if (before === null) return { sha256, bytes, mediaType, uses: [use], exportCount: 0 };
  const isKnown = before.uses.some(({ about: known }) => known.kind === payload.about.kind && known.id === payload.about.id);
  return isKnown ? before : { ...before, uses: [...before.uses, use] };
}
