/** The journal entry: the one row that both records what happened and proves it. Shapes here, hashing in the engine. */
import { z } from 'zod';

export const modeSchema = z.enum(['live', 'drill']);
export type Mode = z.infer<typeof modeSchema>;

/** SHA-256 in lower-case hex. */
const hash = z.string().regex(/^[0-9a-f]{64}$/);

export const journalEntrySchema = z.object({
  opId: z.uuid(),
  device: z.string().min(1).max(64),
  deviceSeq: z.number().int().min(1),
  actor: z.string().min(1).max(128),
  session: z.string().min(1).max(64),
  mode: modeSchema,
  type: z.string().min(1).max(64),
  subject: z.string().min(1).max(200),
  /** Canonical JSON (RFC 8785) of the event's payload. */
  payload: z.string(),
  payloadHash: hash,
  versionVector: z.record(z.string(), z.number().int().min(0)),
  /** Hybrid logical clock: `<wall ms, 15 digits>-<counter, 6 digits>-<device>`; sorts as text. */
  hlc: z.string(),
  wallTime: z.string(),
  prevHash: hash,
  entryHash: hash,
  signature: z.string().optional(),
});
export type JournalEntry = z.infer<typeof journalEntrySchema>;

/** A stored entry with its place in this device's file. */
export type StoredEntry = JournalEntry & {
  sequence: number;
  /** The key of one person or client that the payload is sealed with; absent under the desk's own key. */
  sealedUnder?: string;
  /** The keys of clients whom words in the payload name: those words are sealed with them. Absent where they name none. */
  wordsUnder?: string;
};

/** The previous hash of a device's first entry. */
export const GENESIS_HASH = '0'.repeat(64);

/** What a decider yields: the engine adds identity, order, time and hashes. */
export type JournalEvent<Type extends string = string, Payload = unknown> = {
  type: Type;
  subject: string;
  payload: Payload;
  /** Whose personal data the payload is (`person:<id>`, `client:<id>`): sealed with that one's own key, it can be made unreadable alone. */
  dataSubject?: string;
};
