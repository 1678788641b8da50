/** A derivation opens line by line, and its text holds every line with sign, formula, source and rule. */
import { describe, expect, it } from 'vitest';
import type { Derivation } from '#shared/market/explain/derivation';
import {
  allPaths,
  type DerivationWords,
  derivationText,
  FIRST_OPEN,
  parentPath,
  visibleLines,
} from '../../../../../src-renderer/features/explain/derivation-view';

function node(id: string, value: number | null, children: Derivation[] = [], rest: Partial<Derivation> = {}): Derivation {
  const combination = children.length === 0 ? 'input' : 'sum';
  return {
    id,
    subject: '',
    unit: 'money',
    value,
    reason: null,
    text: null,
    combination,
    factor: 1,
    formula: null,
    source: null,
    rules: [],
    children,
    ...rest,
  };
}

const TREE = node('available', 70, [
  node('balance', 100, [node('input.preBalance', 90), node('positionProfit', 10)]),
  node('currMargin', 30, [], {
    factor: -1,
    formula: 'volume * price * rate',
    rules: [{ subject: 'SHFE.au', text: 'longByMoney 0.12', effectiveFrom: '20260101', citation: 'notice 7', certainty: 'secondary' }],
  }),
]);

const WORDS: DerivationWords = {
  subject: (subject) => subject,
  supplied: ({ suppliedBy }) => suppliedBy,
  name: ({ id }) => id,
  value: ({ value }) => (value === null ? '—' : String(value)),
  formula: (formula) => `= ${formula}`,
  source: ({ id }) => (id === 'input.preBalance' ? 'counter · accounts' : null),
  rule: (rule) => `[${rule.certainty}] ${rule.citation}`,
};

describe('the lines of a derivation', () => {
  it('show the number and what makes it, and nothing further until opened', () => {
    expect(visibleLines(TREE, FIRST_OPEN).map((line) => [line.path, line.node.id, line.depth])).toEqual([
      ['', 'available', 0],
      ['0', 'balance', 1],
      ['1', 'currMargin', 1],
    ]);
  });

  it('open and close by their place, each with its way back', () => {
    const all = visibleLines(TREE, allPaths(TREE));
    expect(all.map((line) => line.path)).toEqual(['', '0', '0.0', '0.1', '1']);
    expect(all.map((line) => parentPath(line.path))).toEqual([null, '', '0', '0', '']);
    expect(visibleLines(TREE, new Set()).map((line) => line.path)).toEqual(['']);
  });

  it('copy whole, with what is subtracted, where inputs came from and how sure a rule is', () => {
    expect(derivationText(TREE, WORDS)).toBe(
      [
        'available: 70',
        '  balance: 100',
        '    input.preBalance: 90',
        '      counter · accounts',
        '    positionProfit: 10',
        '  − currMargin: 30',
        '    = volume * price * rate',
        '    [secondary] notice 7',
      ].join('\n'),
    );
  });
});
