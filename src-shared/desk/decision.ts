/** What every decider of the desk is given and gives back. */
import type { JournalEvent, StoredEntry } from '#shared/journal/entry';
import type { Refusal } from '#shared/refusal';

/** Time, identity and the person come from outside, so that a decision can be repeated. `actor` is who will sign the entry. */
export type DecisionContext = { nowMs: number; newId: () => string; actor: string };

/** Events to record; an empty list means that what was asked for is already so. */
export type Decision<Event extends JournalEvent> = Event[] | Refusal;

/** Who recorded an event and where it stands: what a fold may use beside the event itself. */
export type Recorded = Pick<StoredEntry, 'actor' | 'mode' | 'sequence'>;

export function isRefusal<Event extends JournalEvent>(decision: Decision<Event>): decision is Refusal {
  return !Array.isArray(decision);
}
