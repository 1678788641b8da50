/** How sealed text looks where it is stored: anybody can see that it is sealed and with which key, and nobody without the key what it says. */

const HEAD = '{"box":"';
const MIDDLE = '","key":"';
const TAIL = '","sealed":1}';
/** A key of one person or client, which can be destroyed alone; the desk's own has no such letter. */
const SUBJECT_KEY = /^s[0-9a-f]{16}(?:\+s[0-9a-f]{16})*$/;
/** Between the keys of several people or clients that seal together: without any one of them, it opens no more. */
const AND = '+';

/** Canonical JSON. `box` is base64, `keyId` lower-case letters and digits, several of them with a plus between. */
export function sealedEnvelope(keyId: string, box: string): string {
  return `${HEAD}${box}${MIDDLE}${keyId}${TAIL}`;
}

/** Null for text that is not sealed. */
export function envelopeOf(stored: string): { keyId: string; box: string } | null {
  if (!stored.startsWith(HEAD) || !stored.endsWith(TAIL)) return null;
  const middle = stored.lastIndexOf(MIDDLE);
  if (middle < 0) return null;
  return { box: stored.slice(HEAD.length, middle), keyId: stored.slice(middle + MIDDLE.length, -TAIL.length) };
}

/** The key of one person or client that sealed it; null when it is plain or sealed with the desk's key. */
export function subjectKeyOf(stored: string): string | null {
  const keyId = envelopeOf(stored)?.keyId;
  return keyId !== undefined && isSubjectKey(keyId) ? keyId : null;
}

export function isSubjectKey(keyId: string): boolean {
  return SUBJECT_KEY.test(keyId);
}

/** The single keys that a key id names. */
export function singleKeysOf(keyId: string): string[] {
  return keyId.split(AND);
}

/** The id of the key that several make together; undefined for none. */
export function keyIdOfAll(keyIds: Iterable<string>): string | undefined {
  const singles = new Set([...keyIds].flatMap(singleKeysOf));
  return singles.size === 0 ? undefined : [...singles].sort().join(AND);
}

/** What stands in memory for a text whose key was destroyed: JSON that fits no event. */
export const DESTROYED_TEXT = '{"destroyed":1}';
