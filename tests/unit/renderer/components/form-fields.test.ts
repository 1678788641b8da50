/** Forms are made of one field of each kind, and a list answers only with what it offered. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { chosenOf, optionsOf } from '../../../../src-renderer/components/options';

const page = join(import.meta.dirname, '../../../../src-renderer');

/** Lists in groups, boxes under one heading, and the fields of a rule, which stand in a look of their own. */
const OF_THEIR_OWN = new Set([
  'features/approvals/break-glass.tsx FormGroup',
  'features/audit/kind-filter.tsx HTMLSelect',
  'features/incidents/firm-dialog.tsx FormGroup',
  'features/plans/run-roles.tsx HTMLSelect',
  'features/rules/rule-fields.tsx TextArea',
  'features/rules/rule-rung-form.tsx TextArea',
  'features/worklists/rules-form.tsx FormGroup',
]);

it('no form writes its own labels, lists or texts', () => {
  const files = readdirSync(page, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.tsx') && !file.startsWith('components'));
  const own = files.flatMap((file) => {
    const text = readFileSync(join(page, file), 'utf8');
    return ['FormGroup', 'HTMLSelect', 'TextArea', 'select'].filter((tag) => new RegExp(`<${tag}\\b`).test(text)).map((tag) => `${file} ${tag}`);
  });
  expect(new Set(own)).toEqual(OF_THEIR_OWN);
});

it('a list answers with a value it offered, in its own type, and with nothing else', () => {
  const lengths = optionsOf([15, 30], (minutes) => `${minutes} min`);
  expect(lengths.map(({ label }) => label)).toEqual(['15 min', '30 min']);
  expect(chosenOf(lengths, '30')).toBe(30);
  expect(chosenOf(lengths, '60')).toBeUndefined();
  expect(chosenOf(optionsOf(['', 'fall'], String), '')).toBe('');
});
