/** A log that can be believed: nothing written into it can look like another entry, steer a terminal, or turn text around. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logField } from '#engine/store/log-field';
import { printable } from '#shell/log';

describe('an entry of the log', () => {
  it.each([
    ['a forged second entry', 'refused\n2026-01-01T00:00:00.000Z shell all is well', 'refused\n    2026-01-01T00:00:00.000Z shell all is well'],
    ['a carriage return that hides the line', 'real\rfake', 'real\\u{d}fake'],
    ['an escape sequence that clears the screen', 'x\u001B[2Jy', 'x\\u{1b}[2Jy'],
    ['a C1 control sequence', 'x\u009B2Jy', 'x\\u{9b}2Jy'],
    ['a mark that turns text around', 'exe\u202Egnp.', 'exe\\u{202e}gnp.'],
    ['a line separator', 'a\u2028b', 'a\\u{2028}b'],
    ['plain Chinese with a tab', '张三\t注意', '张三\t注意'],
  ])('%s', (_name, given, written) => expect(printable(given)).toBe(written));

  it('begins every further line with spaces, whatever it is given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (message) => {
        const [, ...rest] = printable(message).split('\n');
        expect(rest.every((line) => line.startsWith('    '))).toBe(true);
        expect(/[^\P{C}\n\t]/u.test(printable(message))).toBe(false);
      }),
    );
  });
});

describe('a field named in the log', () => {
  it('keeps plain names and nothing that a page made up', () => {
    expect(logField(undefined)).toBeNull();
    expect(logField('rows.3.price')).toBe('rows.3.price');
    expect(logField('filters.张三丰')).toBe('filters.?');
    expect(logField('a b\nc.d')).toBe('?.d');
    expect(logField('x.'.repeat(500))?.length).toBe(120);
  });
});
