/** Forms are made of one field of each kind: every label belongs to its control, and a list answers only with what it offered. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createElement, isValidElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import { EntryField } from '../../../../src-renderer/components/entry-field';
import { optionsOf, Select, SelectField } from '../../../../src-renderer/components/select';
import { TextField } from '../../../../src-renderer/components/text-field';

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

describe('a label belongs to its control', () => {
  const common = { label: 'Reason', onValueChange: () => {} };
  it.each([
    ['line', createElement(EntryField, { ...common, value: '', help: 'Why' })],
    ['text', createElement(TextField, { ...common, value: '' })],
    ['list', createElement(SelectField<string>, { ...common, value: 'a', options: [{ value: 'a', label: 'A' }] })],
  ])('of a %s', (_kind, field) => {
    const html = renderToStaticMarkup(field);
    const labelled = /<label[^>]* for="([^"]+)"/.exec(html)?.[1];
    expect(html).toContain('Reason');
    expect(labelled).toBeDefined();
    expect(/<(?:input|textarea|select)[^>]* id="([^"]+)"/.exec(html)?.[1]).toBe(labelled);
  });

  it('which only screen readers say where the surroundings say it', () => {
    const html = renderToStaticMarkup(createElement(TextField, { ...common, value: '', isLabelHidden: true, maxLength: null }));
    expect(html).toContain('aria-label="Reason"');
    expect(html).not.toContain('<label');
    expect(html).not.toContain('maxLength');
  });
});

it.each([false, true])('a list answers with the value it offered, in its own type, and with nothing else (small: %s)', (isSmall) => {
  const onValueChange = vi.fn<(minutes: number) => void>();
  const list = Select({ label: 'How long', options: optionsOf([15, 30], (minutes) => `${minutes} min`), value: 15, isSmall, onValueChange });
  if (!isValidElement<{ onChange(event: { target: { value: string } }): void }>(list)) throw new Error('no list was drawn');
  list.props.onChange({ target: { value: '30' } });
  list.props.onChange({ target: { value: '60' } });
  expect(onValueChange.mock.calls).toEqual([[30]]);
  expect(renderToStaticMarkup(list)).toMatch(/aria-label="How long".*15 min.*30 min/);
});
