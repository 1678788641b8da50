/** The figures of a reference row side by side, those of a part under its name: `ownTimes.longMarginRatioByMoney`. */
export function flattened(item: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(item).flatMap(([name, value]) =>
      typeof value === 'object' && value !== null ? Object.entries(value).map(([part, own]) => [`${name}.${part}`, own]) : [[name, value]],
    ),
  );
}
