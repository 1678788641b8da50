/** Every formula that an explanation can show has its words in both languages: an engine's shorthand on a screen is no explanation. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const FOLDER = 'src-shared/market/explain';

/** Texts after `formula:` up to the end of that property, as the sources write them: plain, or chosen by a condition. */
function writtenFormulas(): string[] {
  const texts = readdirSync(FOLDER).map((file) => readFileSync(join(FOLDER, file), 'utf8'));
  return texts.flatMap((text) => [
    ...[...text.matchAll(/formula:\s*((?:[^'"`,{}]|'[^']*'|"[^"]*")*)/g)].flatMap(([, rest = '']) => literals(rest)),
    ...[...text.matchAll(/const formula\s*=\s*((?:[^'"`;]|'[^']*'|"[^"]*")*);/g)].flatMap(([, rest = '']) => literals(rest)),
  ]);
}

function literals(text: string): string[] {
  return [...text.matchAll(/'([^']*)'|"([^"]*)"/g)].map(([, single, double]) => single ?? double ?? '').filter((literal) => /[ /]/.test(literal));
}

describe.each(['zh-CN', 'en'])('formulas in %s', (language) => {
  it('have words', () => {
    const { formula } = JSON.parse(readFileSync(join('src-renderer/i18n', language, 'explain.json'), 'utf8')) as { formula: Record<string, string> };
    const written = writtenFormulas();
    expect(written.length).toBeGreaterThan(15);
    expect(written.filter((text) => (formula[text] ?? '') === '')).toEqual([]);
    // And no words are kept for formulas that are gone.
    expect(Object.keys(formula).filter((text) => !written.includes(text))).toEqual([]);
  });
});
