/** Says whose personal data an event holds, so that it is sealed with that person's or client's own key and can be made unreadable alone. */
import type { JournalEvent } from '#shared/journal/entry';

/** `person:<id>`, `client:<id>`, or undefined: then the desk's own key seals it. What the event itself says goes first. */
export function dataSubjectOf(event: JournalEvent): string | undefined {
  if (event.dataSubject !== undefined) return event.dataSubject;
  if (event.type.startsWith('person.') && event.subject.startsWith('person:')) return event.subject;
  if (event.type === 'statement.imported') {
    const clientID = (event.payload as { statement?: { clientID?: unknown } } | null)?.statement?.clientID;
    if (typeof clientID === 'string') return `client:${clientID}`;
  }
  return undefined;
}
