/** A choice of several with one more in it, or without it. */
export function toggled<Value>(chosen: ReadonlySet<Value>, value: Value): Set<Value> {
  const after = new Set(chosen);
  if (!after.delete(value)) after.add(value);
  return after;
}
