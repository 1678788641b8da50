/** Small builders for lines of a derivation, so that the explanations read like the formulas. */
import type { CounterAccount } from '#shared/feed/items';
import type { Derivation, DerivationRule, DerivationSource } from '#shared/market/explain/derivation';
import type { Known } from '#shared/market/known';

export function line(id: string, value: Known<number>, over: Partial<Derivation> = {}): Derivation {
  return {
    id,
    subject: '',
    unit: 'money',
    value: value.known ? value.value : null,
    reason: value.known ? null : value.reason,
    text: null,
    combination: 'formula',
    factor: 1,
    formula: null,
    source: null,
    rules: [],
    children: [],
    ...over,
  };
}

/** A value taken from a source as it stands. */
export function input(
  id: string,
  value: Known<number>,
  unit: Derivation['unit'],
  source: DerivationSource | null,
  over: Partial<Derivation> = {},
): Derivation {
  return line(id, value, { unit, source, combination: 'input', ...over });
}

/** Adds lines up; a line's factor says whether it is added or taken away. The value is the given one: a test holds the tree to it. */
export function sum(id: string, value: Known<number>, children: Derivation[], over: Partial<Derivation> = {}): Derivation {
  return line(id, value, { combination: 'sum', children, ...over });
}

export function minus(node: Derivation): Derivation {
  return { ...node, factor: -1 };
}

export type CounterInput = { fields: Partial<CounterAccount>; source: DerivationSource | null };

/** A field of the counter's account record; `optional` ones that it leaves out are left out of the tree as well. */
export function counterLine(counter: CounterInput, field: keyof CounterAccount, value: Known<number>, rules: DerivationRule[] = []): Derivation {
  return input(`input.${field}`, value, 'money', counter.source, { rules });
}
