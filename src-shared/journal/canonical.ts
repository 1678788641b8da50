/** The exact bytes that are hashed: canonical JSON (RFC 8785), the same on every desk and in every release. */
import canonicalize from 'canonicalize';
import type { JournalEntry } from '#shared/journal/entry';

/** What the entry hash covers: everything but the hash itself and a signature, which is made over the hash. */
export type HashedEntry = Omit<JournalEntry, 'entryHash' | 'signature'>;

/**
 * Canonical JSON of any payload. Lone surrogates, which RFC 8785 forbids, become U+FFFD: a note pasted from a broken source is recorded,
 * not refused. NaN and infinities throw, because they would be read back as something else: an unknown number is `null`.
 */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(wellFormed(value));
  if (text === undefined) throw new TypeError('undefined has no canonical JSON');
  return text;
}

/** A version vector in canonical form. */
export function canonicalVersionVector(vector: Readonly<Record<string, number>>): string {
  return canonicalJson(vector);
}

/**
 * Canonical JSON of what the entry hash covers. Written out by hand, keys in order, because it runs once per entry;
 * a test holds it equal to the general form.
 */
export function canonicalEntry(entry: Omit<HashedEntry, 'versionVector'>, versionVectorText: string): string {
  return (
    `{"actor":${JSON.stringify(entry.actor)},"device":${JSON.stringify(entry.device)},"deviceSeq":${entry.deviceSeq},` +
    `"hlc":${JSON.stringify(entry.hlc)},"mode":"${entry.mode}","opId":"${entry.opId}","payload":${JSON.stringify(entry.payload)},` +
    `"payloadHash":"${entry.payloadHash}","prevHash":"${entry.prevHash}","session":${JSON.stringify(entry.session)},` +
    `"subject":${JSON.stringify(entry.subject)},"type":${JSON.stringify(entry.type)},"versionVector":${versionVectorText},` +
    `"wallTime":${JSON.stringify(entry.wallTime)}}`
  );
}

function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return replaceLoneSurrogates(value);
  if (Array.isArray(value)) return value.map(wellFormed);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [replaceLoneSurrogates(key), wellFormed(part)]));
}

export function replaceLoneSurrogates(text: string): string {
  return text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD');
}
