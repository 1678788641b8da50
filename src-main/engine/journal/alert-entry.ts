/** Reads what an entry says about an alert, once for all who follow it in the same commit: the fold, the notices, the ladder's clock. */
import type { StoredEntry } from '#engine/journal/journal';
import { type AlertEventBody, alertEventSchema } from '#shared/desk/alerts/events';

const read = new WeakMap<StoredEntry, AlertEventBody>();

/** Shared: not to be changed. Throws the schema's error when this build does not know what to make of it. */
export function alertEventOf(entry: StoredEntry): AlertEventBody {
  const known = read.get(entry);
  if (known !== undefined) return known;
  const event = alertEventSchema.parse({ type: entry.type, payload: JSON.parse(entry.payload) });
  read.set(entry, event);
  return event;
}

/** Null where it is about something else, or of a kind this build does not know: such entries are parked by the fold. */
export function readableAlertEvent(entry: StoredEntry): AlertEventBody | null {
  if (!entry.type.startsWith('alert.')) return null;
  const known = read.get(entry);
  if (known !== undefined) return known;
  const parsed = alertEventSchema.safeParse({ type: entry.type, payload: JSON.parse(entry.payload) });
  return parsed.success ? parsed.data : null;
}
