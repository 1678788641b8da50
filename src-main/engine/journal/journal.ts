/** The journal as the desk uses it: decide, append, and only then answer. Implemented in chain.ts and store/. */
import type { JournalEvent, Mode, StoredEntry } from '#shared/journal/entry';

/** Who and where an entry comes from. */
export type Authorship = { actor: string; session: string; mode: Mode };

export type { StoredEntry } from '#shared/journal/entry';

export interface Journal {
  /** Writes all events with their projections and outbox rows in one transaction; returns when they are on disk (synchronous=FULL). */
  append(events: readonly JournalEvent[], authorship: Authorship, opId?: string): readonly StoredEntry[];
  entriesOf(subject: string): readonly StoredEntry[];
  entriesAfter(sequence: number, limit: number): readonly StoredEntry[];
  readonly headSequence: number;
  /** First 12 characters of the tree hash over everything this device wrote (docs/audit.md). */
  readonly headFingerprint: string;
  /** Called after each commit, in order. Returns the function that ends it. */
  onAppended(listener: (entries: readonly StoredEntry[]) => void): () => void;
}
