/** Column widths as this person left them, kept on this machine per table. */
import { useCallback, useState } from 'react';

const NARROWEST = 40;
const WIDEST = 600;

function stored(name: string): Record<string, number> {
  try {
    const parsed: unknown = JSON.parse(localStorage.getItem(`floorwatch.columns.${name}`) ?? '{}');
    if (parsed === null || typeof parsed !== 'object') return {};
    return Object.fromEntries(Object.entries(parsed).filter((entry): entry is [string, number] => typeof entry[1] === 'number'));
  } catch {
    return {}; // no storage or not ours: the first widths serve
  }
}

export function useColumnWidths(name: string): {
  widthOf(id: string, first: number): number;
  setWidth(id: string, width: number): void;
  key: string;
} {
  const [widths, setWidths] = useState<Record<string, number>>(() => stored(name));
  const setWidth = useCallback(
    (id: string, width: number) => {
      setWidths((before) => {
        const next = { ...before, [id]: Math.round(Math.max(NARROWEST, Math.min(WIDEST, width))) };
        try {
          localStorage.setItem(`floorwatch.columns.${name}`, JSON.stringify(next));
        } catch {
          // only the next start would profit
        }
        return next;
      });
    },
    [name],
  );
  const widthOf = useCallback((id: string, first: number) => Math.max(NARROWEST, Math.min(WIDEST, widths[id] ?? first)), [widths]);
  return { widthOf, setWidth, key: JSON.stringify(widths) };
}
