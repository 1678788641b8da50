/** Finds known keys in bytes without making text of them: field names come in the same order in every message of a source. */

/** The bytes of a key in words of four, the last one overlapping: the usual comparison (the key is where it was last time) costs a few loads. */
export type KeyPattern = { field: number; length: number; words: Int32Array; last: number };

/** `text` is one byte a character and at least four characters long. */
export function keyPattern(text: string, field: number): KeyPattern {
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  const words = Int32Array.from({ length: (bytes.length - 1) >> 2 }, (_, index) => view.getInt32(index * 4, true));
  return { field, length: bytes.length, words, last: view.getInt32(bytes.length - 4, true) };
}

/** Whether `view` holds the key at `at`; never reads past `end`, which the caller knows (asking a DataView for its length each time is slow). */
export function matchesKey(view: DataView, at: number, end: number, pattern: KeyPattern): boolean {
  const length = pattern.length;
  if (at + length > end || view.getInt32(at + length - 4, true) !== pattern.last) return false;
  const words = pattern.words;
  for (let index = 0; index < words.length; index += 1) if (view.getInt32(at + index * 4, true) !== words[index]) return false;
  return true;
}

/** The key at `at`, when it is one of these. */
export function findKey(view: DataView, at: number, end: number, patterns: readonly KeyPattern[]): KeyPattern | undefined {
  for (const pattern of patterns) if (matchesKey(view, at, end, pattern)) return pattern;
  return undefined;
}
