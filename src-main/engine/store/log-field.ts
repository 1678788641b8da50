/** Makes what came from outside fit for a log that everybody with the disk can read: a name of a field, and never a person's words. */

/** Keys of a payload may be anything a page sends; of a path only plain names are kept. */
export function logField(field: string | undefined): string | null {
  if (field === undefined) return null;
  return field
    .split('.')
    .map((part) => (/^[A-Za-z0-9_]{1,40}$/.test(part) ? part : '?'))
    .join('.')
    .slice(0, 120);
}
