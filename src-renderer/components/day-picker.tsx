/** A month to pick a day from, in the page's language: arrows move by day and week, Page Up and Down by month. */
import { Button } from '@blueprintjs/core';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../state/preferences';
import { dayOf, dayText, localInputOf } from './format/moment-text';

type Props = { value: string; label: string; onPick(day: string): void };

const DAY_MS = 86_400_000;
const SHOWN_DAYS = 42;
/** A Monday: where the days of the week are named from. */
const MONDAY_MS = Date.UTC(2024, 0, 1);
const KEY_DAYS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

/** Days here are midnights UTC: no change of clocks can lose one. */
export function DayPicker({ value, label, onPick }: Props): ReactNode {
  const { t } = useTranslation('app');
  const language = usePreferences((state) => state.language);
  const today = utcOf(localInputOf(Date.now()));
  const chosen = dayOf(value) === null ? null : utcOf(value);
  const [atMs, setAtMs] = useState(chosen ?? today);
  const grid = useRef<HTMLTableElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the keys follow the day that they have moved to
  useEffect(() => grid.current?.querySelector<HTMLButtonElement>('button[tabindex="0"]')?.focus(), [atMs]);
  const month = new Date(atMs).getUTCMonth();
  const firstMs = Date.UTC(new Date(atMs).getUTCFullYear(), month, 1);
  const fromMs = firstMs - ((new Date(firstMs).getUTCDay() + 6) % 7) * DAY_MS;
  const named = (options: Intl.DateTimeFormatOptions, ms: number): string =>
    new Intl.DateTimeFormat(language, { ...options, timeZone: 'UTC' }).format(ms);
  const move = (event: KeyboardEvent): void => {
    const days = KEY_DAYS[event.key];
    const months = event.key === 'PageUp' ? -1 : event.key === 'PageDown' ? 1 : 0;
    if (days === undefined && months === 0) return;
    event.preventDefault();
    setAtMs(days === undefined ? monthsFrom(atMs, months) : atMs + days * DAY_MS);
  };
  const weeks = Array.from({ length: SHOWN_DAYS / 7 }, (_, week) => Array.from({ length: 7 }, (_each, day) => fromMs + (week * 7 + day) * DAY_MS));
  return (
    <div className="day-picker" data-testid="day-picker">
      <div className="row">
        <Button
          size="small"
          variant="minimal"
          aria-label={t('moment.monthBefore')}
          title={t('moment.monthBefore')}
          onClick={() => setAtMs(monthsFrom(atMs, -1))}
        >
          ‹
        </Button>
        <strong aria-live="polite">{named({ year: 'numeric', month: 'long' }, atMs)}</strong>
        <Button
          size="small"
          variant="minimal"
          aria-label={t('moment.monthAfter')}
          title={t('moment.monthAfter')}
          onClick={() => setAtMs(monthsFrom(atMs, 1))}
        >
          ›
        </Button>
      </div>
      <table ref={grid} aria-label={label} onKeyDown={move}>
        <thead>
          <tr>
            {Array.from({ length: 7 }, (_, day) => MONDAY_MS + day * DAY_MS).map((ms) => (
              <th key={ms} scope="col" abbr={named({ weekday: 'long' }, ms)}>
                {named({ weekday: 'narrow' }, ms)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week[0]}>
              {week.map((ms) => (
                <td key={ms}>
                  <button
                    type="button"
                    tabIndex={ms === atMs ? 0 : -1}
                    aria-label={named({ dateStyle: 'full' }, ms)}
                    aria-pressed={ms === chosen}
                    aria-current={ms === today ? 'date' : undefined}
                    data-outside={new Date(ms).getUTCMonth() !== month}
                    data-day={keptOf(ms)}
                    onClick={() => onPick(keptOf(ms))}
                  >
                    {new Date(ms).getUTCDate()}
                  </button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function utcOf(kept: string): number {
  const { year, month, day } = dayOf(kept) ?? { year: 1970, month: 1, day: 1 };
  return Date.UTC(year, month - 1, day);
}

function keptOf(ms: number): string {
  const date = new Date(ms);
  return dayText({ year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() });
}

/** The same day of another month, or its last where it is shorter. */
function monthsFrom(ms: number, months: number): number {
  const date = new Date(ms);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months];
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(date.getUTCDate(), last));
}
