/** Every kind of field belongs to its label and to the words below it, so that a screen reader says both. */
import { join } from 'node:path';
import { createElement, type FunctionComponent } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';

const components = join(import.meta.dirname, '../../../../src-renderer/components');
const FIELDS = [
  ['entry-field.tsx', 'EntryField'],
  ['secret-field.tsx', 'SecretField'],
  ['text-field.tsx', 'TextField'],
  ['select.tsx', 'SelectField'],
] as const;
const PROPS = { label: 'Deadline', value: '', options: [{ value: '', label: 'none' }], onValueChange: () => undefined };

const CONTROL = /<(?:input|textarea|select)[^>]*>/;
const attribute = (markup: string, name: string): string | undefined => new RegExp(`${name}="([^"]*)"`).exec(markup)?.[1];

it.each(FIELDS)('%s', async (file, name) => {
  const Field = ((await import(join(components, file))) as Record<string, FunctionComponent<Record<string, unknown>>>)[name] ?? 'missing';
  const markup = renderToStaticMarkup(createElement(Field, { ...PROPS, help: 'must lie in the future' }));
  const control = CONTROL.exec(markup)?.[0] ?? '';
  expect(attribute(markup, '<label[^>]* for')).toBe(attribute(control, ' id'));
  const helpId = attribute(control, 'aria-describedby') ?? '';
  expect(markup).toContain(`<span id="${helpId}">must lie in the future</span>`);
  expect(CONTROL.exec(renderToStaticMarkup(createElement(Field, PROPS)))?.[0]).not.toContain('aria-describedby');
});
