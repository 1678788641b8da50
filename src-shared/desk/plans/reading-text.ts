/** A reading in words, for the screen and for paper: what was read, what it said, and what that is made of. */
import type { Reading } from '#shared/desk/plans/run-parts';

/** `word` answers the page's text of a key of the `plans` texts, or what is given where there is none. */
export type ReadingWords = { word: (key: string, orElse: string) => string; duration: (ms: number) => string };
export type ReadingParts = { sensor: string; value: string; detail: string };

export function readingParts(reading: Reading, { word, duration }: ReadingWords): ReadingParts {
  const { value, unit, reason, detail } = reading;
  const shown = (each: string): string => (unit === 'ms' || /^\d{4,}$/.test(each) ? duration(Number(each)) : word(`sensorState.${each}`, each));
  return {
    sensor: word(`sensor.${reading.sensor.replace('.', '_')}`, reading.sensor),
    value: valueText(value, unit) ?? `— (${word(`sensorReason.${reason ?? ''}`, reason ?? '')})`,
    detail: detail.map((each) => `${word(`sensorName.${each.name}`, each.name)} ${shown(each.value)}`).join(', '),
  };

  function valueText(of: Reading['value'], as: Reading['unit']): string | null {
    if (of === null) return null;
    if (typeof of === 'string') return word(`sensorState.${of}`, of);
    return as === 'ms' ? duration(of) : String(of);
  }
}
