/** A figure that follows from a snapshot's inputs, or the reason why it does not: the sum of an unknown is unknown. */

export type Derived = number | { unknown: string };

export function map(derived: Derived, next: (value: number) => Derived): Derived {
  return typeof derived === 'number' ? next(derived) : derived;
}

export function combine(parts: readonly Derived[], next: (values: readonly number[]) => number): Derived {
  const values: number[] = [];
  for (const part of parts) {
    if (typeof part !== 'number') return part;
    values.push(part);
  }
  return next(values);
}

export function total(parts: readonly Derived[]): Derived {
  return combine(parts, (values) => values.reduce((sum, value) => sum + value, 0));
}
