/** Days and moments are typed in one field of our own: Chromium's follow the machine's language, not the page's. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const page = join(import.meta.dirname, '../../../../src-renderer');

it('no form on the page asks the machine for its own field', () => {
  const files = readdirSync(page, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.tsx'));
  expect(files.length).toBeGreaterThan(100);
  const native = files.filter((file) => /type=["'{`]+(?:date|datetime-local|time|month|week)["'`}]/.test(readFileSync(join(page, file), 'utf8')));
  expect(native).toEqual([]);
});
