/** Says whose personal data an event holds, so that it is sealed with that person's or client's own key and can be made unreadable alone. */
import type { JournalEvent } from '#shared/journal/entry';

/** `person:<id>`, `client:<id>`, or undefined: then the desk's own key seals it. What the event itself says goes first. */
export function dataSubjectOf(event: JournalEvent): string | undefined {
  if (event.dataSubject !== undefined) return event.dataSubject;
  if (event.type.startsWith('person.') && event.subject.startsWith('person:')) return event.subject;
  const clientID = clientOf(event);
  return clientID === null ? undefined : `client:${clientID}`;
}

/** The client that an event is about by what it says itself; what came later about the same thing follows the first (`rowOf`). */
function clientOf({ type, payload }: JournalEvent): string | null {
  switch (type) {
    case 'statement.imported':
      return textIn(payload, 'statement', 'clientID');
    case 'worklist.made':
      return textIn(payload, 'worklist', 'accountID');
    case 'notice.generated':
      return textIn(payload, 'notice', 'accountID');
    case 'alert.raised':
      return clientOfEntity(textIn(payload, 'entity'));
    default:
      return null;
  }
}

/** `client:<id>` for an account, and for a customer who has several; undefined for what is nobody's. */
export function dataSubjectOfEntity(entity: string): string | undefined {
  const clientID = clientOfEntity(entity);
  return clientID === null ? undefined : `client:${clientID}`;
}

/** A customer is an account, or all accounts under one control; both are somebody's. Null for a feed, a contract, a department, the desk. */
function clientOfEntity(entity: string | null): string | null {
  const found = entity === null ? null : /^(?:account|customer):(.+)$/s.exec(entity);
  return found?.[1] ?? null;
}

/** The folded row that an event changes, for kinds of which one client's may have to be destroyed alone. */
export type SubjectRow = { table: 'alerts' | 'runs' | 'worklists' | 'clientNotice'; id: string };

/** Null where nothing of that kind is known by an id. */
export function rowOf({ type, payload }: JournalEvent): SubjectRow | null {
  const found = ROWS.find(({ family }) => type.startsWith(family));
  const id = found === undefined ? null : textIn(payload, found.field);
  return found === undefined || id === null ? null : { table: found.table, id };
}

const ROWS: readonly { family: string; field: string; table: SubjectRow['table'] }[] = [
  { family: 'alert.', field: 'alertId', table: 'alerts' },
  { family: 'run.', field: 'runId', table: 'runs' },
  { family: 'worklist.', field: 'worklistId', table: 'worklists' },
  { family: 'notice.', field: 'noticeId', table: 'clientNotice' },
];

function textIn(payload: unknown, ...fields: string[]): string | null {
  let at = payload;
  for (const field of fields) at = at !== null && typeof at === 'object' ? (at as Record<string, unknown>)[field] : undefined;
  return typeof at === 'string' && at !== '' ? at : null;
}
