/** Text whose bytes are not UTF-8: which field it stands in, so that only the item with it is refused and not the message, let alone the feed. */

/** What stands for bytes that could not be read: JSON's decoder puts the replacement character, `maskUnreadable` the other one. */
const MASK = 0x1a;
const STAND_IN = new RegExp(`[${String.fromCharCode(MASK)}\\ufffd]`);

/** A copy of a MessagePack message in which every byte beyond ASCII of the texts at `spans` (begin, end) is masked: its own decoder would make some letter of it. */
export function maskUnreadable(bytes: Uint8Array, spans: readonly [number, number][]): Uint8Array {
  const copy = Uint8Array.from(bytes);
  for (const [from, to] of spans) for (let at = from; at < to; at += 1) if ((copy[at] as number) >= 0x80) copy[at] = MASK;
  return copy;
}

/** Where in a message that held unreadable bytes they came out, as `field` or `list.0.field`; null when nothing that the schema kept has any. */
export function unreadableField(value: unknown): string | null {
  if (typeof value === 'string') return STAND_IN.test(value) ? '' : null;
  if (typeof value !== 'object' || value === null) return null;
  for (const [name, field] of Object.entries(value)) {
    const inside = unreadableField(field);
    if (inside !== null) return inside === '' ? name : `${name}.${inside}`;
  }
  return null;
}
