/** Statements that were altered on their way: whatever is changed is either read as it was meant, or refused with its line, or found by recomputing. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeStatement } from '#engine/reports/statements';
import { checkStatement, disagreements } from '#shared/market/statement/check';
import { parseStatement } from '#shared/market/statement/parse';
import type { Statement } from '#shared/market/statement/statement';
import { encodeGbk } from '#tests/helpers/gbk';
import { hasSharedMaterial, sharedFile } from '#tests/helpers/shared-material';
import { writeStatement } from '#tests/helpers/statement-writer';
import { tables } from '#tests/unit/market/counter/reconcile-tables';

const rules = tables.aggregation;
const utf8 = new TextEncoder();

const written = writeStatement(
  [
    { instrumentID: 'ag2702', direction: 'buy', isOpen: true, price: 15700, volume: 3, fee: 7.07 },
    { instrumentID: 'ag2702', direction: 'sell', isOpen: false, price: 15745, volume: 1, fee: 0.11 },
    { instrumentID: 'ag2702', direction: 'sell', isOpen: true, price: 15800, volume: 1, fee: 2.37 },
    { instrumentID: 'au2702', direction: 'sell', isOpen: true, price: 812, volume: 2, fee: 4 },
    { instrumentID: 'au2702', direction: 'sell', isOpen: true, price: 813, volume: 1, fee: 2 },
  ],
  10_000_000,
);
const samples: [string, string][] = [
  ['a written statement', written],
  ...(hasSharedMaterial
    ? [['the real statement', readFileSync(sharedFile('settlement', 'statement-2023-02-15.txt'), 'utf8')] as [string, string]]
    : []),
];

function parsed(text: string): Statement {
  const outcome = parseStatement(text);
  if (!outcome.ok) throw new Error(outcome.message);
  return outcome.value;
}

/** Refused with its line, found by recomputing, or believed. */
function verdictOn(text: string): 'refused' | 'found' | 'believed' {
  const outcome = parseStatement(text);
  if (!outcome.ok) {
    expect(outcome).toMatchObject({ code: 'INVALID', message: expect.stringMatching(/^line \d+: ./), field: expect.stringMatching(/^line \d+$/) });
    return 'refused';
  }
  return disagreements(checkStatement(outcome.value, rules)).length > 0 ? 'found' : 'believed';
}

/** A statement says nothing after the rule below its last totals. */
function endOf(text: string): number {
  const totals = text.lastIndexOf('|共');
  const rule = text.indexOf('-----', totals);
  return rule + (/^-+/.exec(text.slice(rule))?.[0].length ?? 0);
}

describe.each(samples)('altering %s', (_, text) => {
  it('refuses it cut at any byte before its end, in UTF-8 and in GBK, with the line', () => {
    for (const encode of [(part: string) => utf8.encode(part), encodeGbk]) {
      const bytes = encode(text);
      const end = encode(text.slice(0, endOf(text))).length;
      for (let kept = 0; kept < end; kept += kept > end - 150 || kept < 40 ? 1 : 61)
        expect(verdictOn(decodeStatement(bytes.slice(0, kept))), `cut after ${kept} bytes`).toBe('refused');
      expect(verdictOn(decodeStatement(bytes.slice(0, end)))).toBe('believed');
    }
  });

  it('refuses it without any one of its lines that says something, or finds that it does not add up', () => {
    const lines = text.split('\r\n');
    const says = (line: string) =>
      line.startsWith('|') || /Realized P\/L：|Balance|Margin Occ|Commission：|Fund Avail|Client ID|^日期|Account Summary/.test(line);
    for (const [at, line] of lines.entries()) {
      if (!says(line) || /^\|\s*(共|成交|投资|平仓|交易所)/.test(line)) continue;
      expect(verdictOn(lines.toSpliced(at, 1).join('\r\n')), `without line ${at + 1}: ${line.slice(0, 60)}`).not.toBe('believed');
    }
  });

  it('finds any one figure that was changed', () => {
    // What nothing else in a statement depends on: who and when, numbers of trades, and pledges and reserves of which there are none.
    const inert = /Client ID|Creation Date|Pledge|Initial Margin|Redemption/;
    const believed: string[] = [];
    for (const figure of text.matchAll(/(?<=[|：]\s*)-?\d+\.\d+(?=%?\s*(\||$|[^\d%\s]))/gm)) {
      const at = figure.index;
      const line = text.slice(text.lastIndexOf('\n', at) + 1, text.indexOf('\r', at));
      const label = line.startsWith('|') ? '' : text.slice(Math.max(text.lastIndexOf('\n', at), text.lastIndexOf('0  ', at)), at);
      if (inert.test(label)) continue;
      const changed = (Number(figure[0]) + 1.37).toFixed(figure[0].split('.')[1]?.length ?? 2);
      if (verdictOn(text.slice(0, at) + changed + text.slice(at + figure[0].length)) === 'believed')
        believed.push(`${line.slice(0, 70)} ... ${figure[0]} to ${changed}`);
    }
    expect(believed).toEqual([]);
  });

  it('finds any one contract that was changed', () => {
    const believed = [...text.matchAll(/(?<=\|[a-z]{1,2})\d{4}(?=\s*\|)/g)].filter(
      ({ index, 0: month }) => verdictOn(`${text.slice(0, index)}${Number(month) + 1000}${text.slice(index + month.length)}`) === 'believed',
    );
    expect(believed.map(({ index }) => text.slice(0, index).split('\n').length)).toEqual([]);
  });

  it('refuses any one exchange that was changed, and a client who is not the account', () => {
    const exchanges = [...text.matchAll(/(?<=\|)上期所(?=\s*\|)/g)];
    expect(exchanges.length).toBeGreaterThan(3);
    for (const { index } of exchanges) {
      const line = text.slice(0, index).split('\n').length;
      expect(verdictOn(`${text.slice(0, index)}大商所${text.slice(index + 3)}`), `line ${line}`).toBe('refused');
    }
    for (const other of ['1.37', '-123456', '999999']) expect(verdictOn(text.replace(/(Client ID：\s*)\S+/, `$1${other}`))).toBe('refused');
  });

  it('reads it the same with a mark, with other line ends, with thousands parted, and with its columns in another order', () => {
    const meant = parsed(text);
    expect(parsed(`\uFEFF${text}`)).toEqual(meant);
    expect(parsed(text.replaceAll('\r\n', '\n'))).toEqual(meant);
    expect(parsed(decodeStatement(encodeGbk(text)))).toEqual(meant);
    expect(parsed(decodeStatement(Uint8Array.of(0xef, 0xbb, 0xbf, ...utf8.encode(text))))).toEqual(meant);
    const parted = text.replaceAll(/(?<=[|：]\s*)-?\d{4,}\.\d+/g, (figure) => figure.replace(/\B(?=(\d{3})+\.)/g, ','));
    expect(parted).toContain(',');
    expect(parsed(parted)).toEqual(meant);
    // The first column goes to the end of every row; a totals row has only what is added up.
    const moved = text.replaceAll(/^\|(?!共)([^|\r]*)\|(.*)\|(?=\r$)/gm, '|$2|$1|');
    expect(moved).not.toBe(text);
    expect(parsed(moved)).toEqual(meant);
  });

  it.each([
    ['1,00.00', /Pledge|Balance/],
    ['(100.00)', /is not a number/],
    ['１００.00', /is not a number/],
    ['1e5', /is not a number/],
  ])('refuses an amount written as %s', (amount) => {
    const changed = text.replace(/(Balance b\/f：\s*)\S+/, `$1${amount}`);
    expect(parseStatement(changed)).toMatchObject({ ok: false, message: expect.stringMatching(/^line \d+: .*Balance b\/f "/) });
  });

  it('refuses two statements in a file, two accounts in a statement, and a table that it does not know', () => {
    const secondAt = text.split('\r\n').length + text.split('\r\n').findIndex((line) => line.includes('Settlement Statement'));
    expect(parseStatement(`${text}\r\n${text}`)).toMatchObject({
      ok: false,
      field: `line ${secondAt + 1}`,
      message: expect.stringContaining('second statement'),
    });
    const summary = text.slice(text.lastIndexOf('\r\n', text.indexOf('Account Summary')), text.search(/\r\n\r\n[^\r]*Transaction Record/));
    const twoCurrencies = text.replace(summary, `${summary}\r\n${summary.replace('CNY', 'USD')}`);
    expect(parseStatement(twoCurrencies)).toMatchObject({ ok: false, message: expect.stringContaining('second account summary') });
    const unknown = text.replace('Position Closed', 'Loans Granted');
    expect(parseStatement(unknown)).toMatchObject({ ok: false, message: expect.stringMatching(/^line \d+: unknown section/) });
    const table = text.slice(text.lastIndexOf('\r\n', text.indexOf('Positions Detail')), text.search(/\r\n[^\r]* Positions\r\n/));
    const twice = text.replace(table, `${table}${table}`);
    expect(parseStatement(twice)).toMatchObject({
      ok: false,
      message: expect.stringMatching(/^line \d+: the section Positions Detail appears twice/),
    });
  });

  it('never fails on it, whatever is written over it', () => {
    fc.assert(
      fc.property(
        fc.nat(text.length - 1),
        fc.string({ unit: fc.constantFrom(...'|-：:.,09 共条买\r\n\0\uD800é'), maxLength: 12 }),
        fc.nat(40),
        (at, noise, removed) => {
          expect(verdictOn(text.slice(0, at) + noise + text.slice(at + removed))).toBeTypeOf('string');
        },
      ),
      { numRuns: 60 },
    );
  });
});
