/** The client account that an entry is about, so that a reader of the record sees a name and not only the id of an alert or a worklist. */
import type { ProjectionTables } from '#engine/store/projection-tables';
import type { EntryAbout } from '#shared/contract/audit';
import { rowOf } from '#shared/journal/data-subject';
import type { StoredEntry } from '#shared/journal/entry';
import { DESTROYED_TEXT } from '#shared/journal/sealed';

export type AboutParts = { tables: ProjectionTables; accountName: (accountID: string) => string };

/** Null where the entry is about no account, and where what it says was destroyed. */
export function aboutOf(entry: StoredEntry, { tables, accountName }: AboutParts): EntryAbout | null {
  if (entry.payload === DESTROYED_TEXT) return null;
  const payload: unknown = JSON.parse(entry.payload);
  const accountID = accountIn(payload) ?? accountOfRow(entry, payload, tables);
  return accountID === null ? null : { accountID, name: accountName(accountID) };
}

function accountIn(payload: unknown): string | null {
  if (payload === null || typeof payload !== 'object') return null;
  const fields = payload as Record<string, unknown>;
  for (const name of ['accountID', 'clientID']) if (typeof fields[name] === 'string') return fields[name];
  if (typeof fields.entity === 'string' && fields.entity.startsWith('account:')) return fields.entity.slice('account:'.length);
  for (const name of ['notice', 'worklist', 'statement', 'about']) {
    const inside = accountIn(fields[name]);
    if (inside !== null) return inside;
  }
  return null;
}

function accountOfRow({ type, subject }: StoredEntry, payload: unknown, tables: ProjectionTables): string | null {
  const row = rowOf({ type, subject, payload });
  if (row === null) return null;
  if (row.table === 'alerts') return accountIn(tables.alerts.get(row.id));
  return accountIn(row.table === 'worklists' ? tables.worklists.get(row.id) : tables.documents.get(row.table, row.id));
}
