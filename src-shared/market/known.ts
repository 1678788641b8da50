/** A value that is either known or unknown for a stated reason, so that nothing missing can pass as a zero. */
import type { Reason } from './reason';

export type Known<T> = { known: true; value: T } | { known: false; reason: Reason };

export function known<T>(value: T): Known<T> {
  return { known: true, value };
}

export function unknown(reason: Reason): { known: false; reason: Reason } {
  return { known: false, reason };
}

/** A field that a source may leave out: absent or not finite is unknown for `reason`. */
export function knownNumber(value: number | null | undefined, reason: Reason): Known<number> {
  return typeof value === 'number' && Number.isFinite(value) ? known(value) : unknown(reason);
}

/** The sum of all terms; unknown, with the first reason, as soon as one term is unknown. */
export function sumKnown(terms: readonly Known<number>[]): Known<number> {
  let sum = 0;
  for (const term of terms) {
    if (!term.known) return term;
    sum += term.value;
  }
  return known(sum);
}

/** For columns of numbers, where NaN stands for unknown. */
export function knownOrNaN(input: Known<number>): number {
  return input.known ? input.value : Number.NaN;
}
