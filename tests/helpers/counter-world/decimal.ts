/** Exact decimals for a second, slow arithmetic beside the product's own: whole numbers of a billionth, so that no binary fraction is shared with it. */

const PLACES = 9;
const ONE = 10n ** BigInt(PLACES);

export type Decimal = bigint;
export const ZERO: Decimal = 0n;

export function decimal(value: number | string): Decimal {
  const text = typeof value === 'string' ? value : value.toFixed(PLACES);
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
  const digits = BigInt(whole) * ONE + BigInt(fraction.padEnd(PLACES, '0').slice(0, PLACES));
  return text.startsWith('-') ? -digits : digits;
}

/** Throws where the product has more places than are kept: this arithmetic must not round unseen. */
export function times(...factors: readonly Decimal[]): Decimal {
  return factors.reduce((product, factor) => {
    const exact = product * factor;
    if (exact % ONE !== 0n) throw new Error('the product has more than nine decimal places');
    return exact / ONE;
  }, ONE);
}

export function sum(terms: readonly Decimal[]): Decimal {
  return terms.reduce((total, term) => total + term, ZERO);
}

export function larger(a: Decimal, b: Decimal): Decimal {
  return a > b ? a : b;
}

export function smaller(a: Decimal, b: Decimal): Decimal {
  return a < b ? a : b;
}

/** Half away from zero at `places`. */
export function roundedAt(value: Decimal, places: number): Decimal {
  const unit = 10n ** BigInt(PLACES - places);
  const magnitude = value < 0n ? -value : value;
  const rounded = ((magnitude + unit / 2n) / unit) * unit;
  return value < 0n ? -rounded : rounded;
}

export function cutAt(value: Decimal, places: number): Decimal {
  const unit = 10n ** BigInt(PLACES - places);
  return (value / unit) * unit;
}

export function toNumber(value: Decimal): number {
  const magnitude = value < 0n ? -value : value;
  const text = `${magnitude / ONE}.${String(magnitude % ONE).padStart(PLACES, '0')}`;
  return value < 0n ? -Number(text) : Number(text);
}
