/** The exact bytes that are hashed: canonical JSON (RFC 8785), the same on every desk and in every release. */
import canonicalize from 'canonicalize';
import type { JournalEntry } from '#shared/journal/entry';

/**
 * What the entry hash covers: everything but the hash itself, a signature, which is made over the hash, and the payload, for which its own
 * hash stands: a payload that has to be destroyed one day (personal data) takes nothing of the chain with it.
 */
export type HashedEntry = Omit<JournalEntry, 'entryHash' | 'signature' | 'payload'>;

/**
 * Canonical JSON of any payload. Lone surrogates, which RFC 8785 forbids, become U+FFFD: a note pasted from a broken source is recorded,
 * not refused. NaN and infinities throw, because they would be read back as something else: an unknown number is `null`.
 */
export function canonicalJson(value: unknown): string {
  const text = serialise(value) ?? canonicalize(wellFormed(value));
  if (text === undefined) throw new TypeError('undefined has no canonical JSON');
  return text;
}

/** Text that JSON writes as it is: no quote, backslash, control character or surrogate. Looking costs a third of having it escaped. */
const WRITTEN_AS_IT_IS = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/;

/** The common case in one pass, about three times as fast; undefined where the general form has to decide (a test holds the two equal). */
function serialise(value: unknown): string | undefined {
  if (typeof value === 'string') {
    if (WRITTEN_AS_IT_IS.test(value)) return `"${value}"`;
    const text = JSON.stringify(value);
    // Only a lone surrogate is written as an escape of this range; a text that spells one out doubles its backslash and is checked slowly.
    return text.includes('\\ud') ? undefined : text;
  }
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined;
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value !== 'object') return undefined;
  if (Array.isArray(value)) return serialiseArray(value);
  if ('toJSON' in value) return undefined;
  return serialiseObject(value as Record<string, unknown>);
}

function serialiseArray(values: readonly unknown[]): string | undefined {
  let text = '[';
  for (const value of values) {
    const part = serialise(value);
    if (part === undefined) return undefined;
    text += text === '[' ? part : `,${part}`;
  }
  return `${text}]`;
}

function serialiseObject(record: Record<string, unknown>): string | undefined {
  let text = '{';
  for (const { key, name } of orderedKeys(Object.keys(record))) {
    const value = record[key];
    if (value === undefined) continue;
    const part = serialise(value);
    if (name === undefined || part === undefined) return undefined;
    text += text === '{' ? `${name}:${part}` : `,${name}:${part}`;
  }
  return `${text}}`;
}

type OrderedKeys = { asGiven: readonly string[]; inOrder: readonly { key: string; name: string | undefined }[] };

/** The order of the shapes met most lately: a batch of entries has a handful of them, and sorting is most of the work. */
const recentOrders: (OrderedKeys | undefined)[] = new Array(64);

function orderedKeys(keys: readonly string[]): OrderedKeys['inOrder'] {
  const slot = (keys.length * 7 + (keys[0]?.length ?? 0) + (keys.at(-1)?.length ?? 0) * 3) & 63;
  const known = recentOrders[slot];
  if (known !== undefined && known.asGiven.length === keys.length && known.asGiven.every((key, index) => key === keys[index])) return known.inOrder;
  const inOrder = [...keys].sort().map((key) => ({ key, name: serialise(key) }));
  recentOrders[slot] = { asGiven: keys, inOrder };
  return inOrder;
}

/** A version vector in canonical form. */
export function canonicalVersionVector(vector: Readonly<Record<string, number>>): string {
  return canonicalJson(vector);
}

/** The same as one device's number grows, entry after entry: the rest of the text is made once. */
export function versionVectorWriter(vector: Readonly<Record<string, number>>, device: string): (deviceSeq: number) => string {
  const others = Object.keys(vector).filter((other) => other !== device);
  const pair = (other: string): string => `${JSON.stringify(other)}:${vector[other]}`;
  const before = others.filter((other) => other < device).sort();
  const after = others.filter((other) => other > device).sort();
  const head = `{${before.map((other) => `${pair(other)},`).join('')}${JSON.stringify(device)}:`;
  const tail = `${after.map((other) => `,${pair(other)}`).join('')}}`;
  return (deviceSeq) => head + deviceSeq + tail;
}

/** Quotes a text; the same one again, as in every entry of a batch, is not looked at again. */
class Quotes {
  #text = '';
  #quoted = '""';

  of(text: string): string {
    if (text === this.#text) return this.#quoted;
    this.#text = text;
    this.#quoted = JSON.stringify(text);
    return this.#quoted;
  }
}

const quotes = { actor: new Quotes(), device: new Quotes(), session: new Quotes(), type: new Quotes(), wallTime: new Quotes() };

/**
 * Canonical JSON of what the entry hash covers. Written out by hand, keys in order, because it runs once per entry;
 * a test holds it equal to the general form.
 */
export function canonicalEntry(entry: Omit<HashedEntry, 'versionVector'>, versionVectorText: string): string {
  return (
    `{"actor":${quotes.actor.of(entry.actor)},"device":${quotes.device.of(entry.device)},"deviceSeq":${entry.deviceSeq},` +
    `"hlc":${JSON.stringify(entry.hlc)},"mode":"${entry.mode}","opId":"${entry.opId}",` +
    `"payloadHash":"${entry.payloadHash}","prevHash":"${entry.prevHash}","session":${quotes.session.of(entry.session)},` +
    `"subject":${JSON.stringify(entry.subject)},"type":${quotes.type.of(entry.type)},"versionVector":${versionVectorText},` +
    `"wallTime":${quotes.wallTime.of(entry.wallTime)}}`
  );
}

function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return replaceLoneSurrogates(value);
  if (Array.isArray(value)) return value.map(wellFormed);
  if (value === null || typeof value !== 'object') return value;
  if ('toJSON' in value && typeof value.toJSON === 'function') return wellFormed(value.toJSON());
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [replaceLoneSurrogates(key), wellFormed(part)]));
}

export function replaceLoneSurrogates(text: string): string {
  if (!/[\uD800-\uDFFF]/.test(text)) return text;
  return text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD');
}
