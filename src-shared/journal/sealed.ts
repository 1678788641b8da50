/** How sealed text looks where it is stored: anybody can see that it is sealed and with which key, and nobody without the key what it says. */

const HEAD = '{"box":"';
const MIDDLE = '","key":"';
const TAIL = '","sealed":1}';
/** A key of one person or client, which can be destroyed alone; the desk's own has no such letter. */
const SUBJECT_KEY = /^s[0-9a-f]{16}$/;

/** Canonical JSON. `box` is base64, `keyId` lower-case letters and digits. */
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

/** What stands in memory for a text whose key was destroyed: JSON that fits no event. */
export const DESTROYED_TEXT = '{"destroyed":1}';
