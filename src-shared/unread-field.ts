/** What a person wrote into a file and no schema read: a misspelt field does nothing, and whoever wrote it believes that it does. */

/** The first field of `given` that `read`, what a schema made of it, does not have, as `rows.3.field`; null when all was read. */
export function unreadField(given: unknown, read: unknown): string | null {
  if (typeof given !== 'object' || given === null || typeof read !== 'object' || read === null) return null;
  for (const [name, field] of Object.entries(given)) {
    if (!Object.hasOwn(read, name)) return name;
    const inside = unreadField(field, (read as Record<string, unknown>)[name]);
    if (inside !== null) return `${name}.${inside}`;
  }
  return null;
}
