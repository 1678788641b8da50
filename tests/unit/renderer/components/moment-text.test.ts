/** A day or a moment as people type it in either language: what is shown can be typed again, and what is none is refused with the reason. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formattersFor } from '../../../../src-renderer/components/format/formatters';
import {
  isUnreadable,
  localInputOf,
  momentPattern,
  momentText,
  msOfLocalInput,
  readMoment,
} from '../../../../src-renderer/components/format/moment-text';

const LANGUAGES = ['en', 'zh-CN'] as const;
const NOW_MS = new Date('2026-03-04T09:08:07').getTime();
const read = (text: string, language: string, precision: 'day' | 'moment' = 'moment') => {
  const answer = readMoment(text, precision, language, NOW_MS);
  return answer.ok ? answer.value : answer.fault;
};

describe('a moment', () => {
  it('is shown as everywhere on the page, and what is shown can be typed', () => {
    const anyMs = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2100, 0, 1) });
    fc.assert(
      fc.property(anyMs, fc.constantFrom(...LANGUAGES), (ms, language) => {
        const atMs = ms - (ms % 1000);
        const kept = localInputOf(atMs);
        const shown = momentText(kept, language);
        expect(read(shown, language)).toBe(kept);
        expect(msOfLocalInput(kept)).toBe(atMs);
        expect(shown).toBe(formattersFor(language).dateTime(atMs).replace(', ', ' '));
        expect(momentPattern('moment', language)).toHaveLength(shown.length);
      }),
      { seed: 6 },
    );
  });

  it('is read in the order of the language, and year first in both', () => {
    expect(read('02/03/2026 4:05', 'en')).toBe('2026-02-03T04:05:00');
    // Which of the two is the month, Chinese does not say.
    expect(read('02/03/2026 4:05', 'zh-CN')).toBe('unreadable');
    for (const language of LANGUAGES) {
      for (const text of ['2026-02-03 04:05', '2026/2/3 04:05:00', '2026-02-03T04:05', ' 2026.02.03,  4:05 ']) {
        expect(read(text, language), text).toBe('2026-02-03T04:05:00');
      }
    }
  });

  it('is read as a Chinese keyboard gives it', () => {
    for (const text of ['２０２６年２月３日 １３：０５', '2026年2月3日13时05分', '2026年02月03日 13点05分0秒'.replace('0秒', '00秒')]) {
      expect(read(text, 'zh-CN'), text).toBe('2026-02-03T13:05:00');
    }
    expect(read('2026年2月3日 13时', 'zh-CN')).toBe('2026-02-03T13:00:00');
  });

  it('may be a time alone, today', () => expect(read('13:05', 'en')).toBe('2026-03-04T13:05:00'));

  it('is refused with the reason', () => {
    for (const [text, fault] of [
      ['yesterday', 'unreadable'],
      ['2026-02-03 04:05 UTC', 'unreadable'],
      ['2026-02-30 04:05', 'noSuchDay'],
      ['13/01/2026 04:05', 'noSuchDay'],
      ['2026-02-03 24:05', 'noSuchTime'],
      ['2026-02-03 04:61', 'noSuchTime'],
      ['2026-02-03', 'timeMissing'],
    ] as const) {
      expect(read(text, 'en'), text).toBe(fault);
    }
  });

  it('never comes of words by accident', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...LANGUAGES), fc.constantFrom('day', 'moment'), (text, language, precision) => {
        const answer = readMoment(text, precision, language, NOW_MS);
        if (answer.ok) expect(text.normalize('NFKC')).toMatch(/\d/);
        // Words that stand in a field for want of a moment are never taken for an empty one.
        expect(msOfLocalInput(text) !== null || text === '' || isUnreadable(text) || /^\d{4}-\d{2}-\d{2}$/.test(text)).toBe(true);
      }),
      { seed: 7 },
    );
    for (const kept of ['31.12.2026', 'Dec 31 2026', '2026-02-03 junk']) expect(msOfLocalInput(kept)).toBeNull();
  });
});

describe('a day', () => {
  it('is shown and read without a time', () => {
    expect(momentText('2026-02-03', 'en')).toBe('02/03/2026');
    expect(momentText('2026-02-03', 'zh-CN')).toBe('2026/02/03');
    expect(read('02/03/2026', 'en', 'day')).toBe('2026-02-03');
    expect(read('2026年2月3日', 'zh-CN', 'day')).toBe('2026-02-03');
    expect(read('2026-02-03 04:05', 'en', 'day')).toBe('unreadable');
    expect(momentPattern('day', 'en')).toBe('MM/DD/YYYY');
  });
});

describe('where clocks change', () => {
  const zone = process.env.TZ;
  beforeEach(() => {
    process.env.TZ = 'Europe/Berlin';
  });
  afterEach(() => {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });

  it('the hour that is left out is no time', () => {
    expect(read('2026-03-29 02:30', 'en')).toBe('noSuchTime');
    expect(read('2026-03-29 03:30', 'en')).toBe('2026-03-29T03:30:00');
  });
});
