/** Takes two JSON values apart into fields that can stand beside each other. */

export type ChangedField = { path: string; before: string | null; after: string | null; change: 'changed' | 'added' | 'removed' | 'same' };

const MOST_FIELDS = 400;

/** Changed fields first, each group in the order of its paths; what is beyond a few hundred fields is left to the raw payload. */
export function changedFields(before: unknown, after: unknown): ChangedField[] {
  const was = new Map<string, string>();
  const is = new Map<string, string>();
  takeApart(before, '', was);
  takeApart(after, '', is);
  const fields = [...new Set([...was.keys(), ...is.keys()])].sort(byPath).map((path): ChangedField => {
    const old = was.get(path) ?? null;
    const now = is.get(path) ?? null;
    const change = old === now ? 'same' : old === null ? 'added' : now === null ? 'removed' : 'changed';
    return { path, before: old, after: now, change };
  });
  return [...fields.filter(({ change }) => change !== 'same'), ...fields.filter(({ change }) => change === 'same')];
}

/** Numbers inside paths by their value, so that the tenth row does not stand before the second. */
function byPath(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

function takeApart(value: unknown, path: string, into: Map<string, string>): void {
  if (into.size >= MOST_FIELDS || value === undefined || (value === null && path === '')) return;
  if (value === null || typeof value !== 'object') {
    into.set(path, typeof value === 'string' ? value : JSON.stringify(value));
    return;
  }
  const entries = Array.isArray(value) ? value.map((part, index) => [String(index + 1), part] as const) : Object.entries(value);
  if (entries.length === 0) into.set(path, Array.isArray(value) ? '[]' : '{}');
  for (const [key, part] of entries) takeApart(part, path === '' ? key : `${path}.${key}`, into);
}
