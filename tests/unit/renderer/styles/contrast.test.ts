/** WCAG AA in numbers: every text colour on every ground it is used on, in both themes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const css = readFileSync(join(import.meta.dirname, '../../../../src-renderer/styles/tokens.css'), 'utf8');

function tokensOf(theme: string): Map<string, string> {
  const block = new RegExp(`:root\\[data-theme=["']${theme}["']\\]\\s*\\{([^}]*)\\}`).exec(css)?.[1] ?? '';
  return new Map([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map((match) => [match[1] ?? '', match[2] ?? '']));
}

/** Relative luminance and contrast ratio as in WCAG 2.1, 1.4.3. */
function luminance(hex: string): number {
  const channel = (at: number): number => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const SURFACES = ['surface-0', 'surface-1', 'surface-2', 'surface-3'];
const TEXTS = ['text-1', 'text-2', 'text-3', 'accent', 'price-red', 'price-green', 'price-flat'];
const BY_PREFIX = ['severity-', 'state-', 'level-'];
const FILLED = ['accent-fill', 'fill-critical', 'fill-high', 'fill-medium', 'fill-low', 'banner-warn', 'banner-bad', 'banner-demo'];

describe.each(['dark', 'light'])('%s theme', (theme) => {
  const tokens = tokensOf(theme);
  const colour = (name: string): string => {
    const value = tokens.get(name);
    if (value === undefined) throw new Error(`${theme} has no --${name}`);
    return value;
  };
  const texts = [...TEXTS, ...[...tokens.keys()].filter((name) => BY_PREFIX.some((prefix) => name.startsWith(prefix)))];

  it.each(texts)('%s is readable on every surface (4.5 : 1)', (text) => {
    for (const surface of SURFACES) expect(contrast(colour(text), colour(surface)), `${text} on ${surface}`).toBeGreaterThanOrEqual(4.5);
  });

  it.each(FILLED)('the text on %s is readable (4.5 : 1)', (fill) => {
    expect(contrast(colour(`on-${fill}`), colour(fill))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(['line-strong', 'focus'])('%s is visible on every surface (3 : 1)', (line) => {
    for (const surface of SURFACES) expect(contrast(colour(line), colour(surface)), `${line} on ${surface}`).toBeGreaterThanOrEqual(3);
  });

  it('has every colour of the other theme', () => {
    const other = tokensOf(theme === 'dark' ? 'light' : 'dark');
    expect([...tokens.keys()].sort()).toEqual([...other.keys()].sort());
  });
});
