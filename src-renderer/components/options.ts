/** What a list offers, and which of it was chosen. */
export type Option<Value extends string | number> = { value: Value; label: string };

/** The values in their order, each in the words that people read. */
export function optionsOf<Value extends string | number>(values: readonly Value[], text: (value: Value) => string): Option<Value>[] {
  return values.map((value) => ({ value, label: text(value) }));
}

/** The value behind the text that a page's list answers with, in its own type; undefined for what was not offered. */
export function chosenOf<Value extends string | number>(options: readonly Option<Value>[], text: string): Value | undefined {
  return options.find(({ value }) => String(value) === text)?.value;
}
