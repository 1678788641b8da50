/** No kind of entry reaches an auditor under its short name: each that the engine can write is offered, and has words in both languages. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isFolded } from '#engine/journal/projections';
import { REQUEST_ACCESS } from '#shared/contract/access';
import { APPROVAL_POLICY_IDS } from '#shared/contract/access-rule';
import { ENTRY_KINDS } from '../../../../../src-renderer/features/audit/entry-kinds';
import enApprovals from '../../../../../src-renderer/i18n/en/approvals.json' with { type: 'json' };
import en from '../../../../../src-renderer/i18n/en/entries.json' with { type: 'json' };
import zhApprovals from '../../../../../src-renderer/i18n/zh-CN/approvals.json' with { type: 'json' };
import zh from '../../../../../src-renderer/i18n/zh-CN/entries.json' with { type: 'json' };

const ROOT = join(import.meta.dirname, '../../../../..');
const offered = Object.entries(ENTRY_KINDS).flatMap(([family, kinds]) => kinds.map((kind) => `${family}.${kind}`));

function textOf(texts: object, path: string): unknown {
  let at: unknown = texts;
  for (const step of path.split('.')) at = at !== null && typeof at === 'object' ? (at as Record<string, unknown>)[step] : undefined;
  return at;
}

/** Every `type: 'family.kind'` and `z.literal('family.kind')` in what decides and writes. */
function written(): string[] {
  const found = new Set<string>();
  for (const folder of ['src-shared/desk', 'src-shared/journal', 'src-main/engine']) {
    for (const file of readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts')) continue;
      const text = readFileSync(join(ROOT, folder, file), 'utf8');
      for (const [, kind = ''] of text.matchAll(/type: (?:z\.literal\()?'([a-zA-Z]+\.[a-zA-Z]+)'/g)) found.add(kind);
    }
  }
  return [...found].sort();
}

describe('kinds of entries', () => {
  // A desk whose state says that it cannot read its own record frightens people for nothing.
  it('are all folded or left alone by this build, and never counted as unreadable', () => {
    expect(written().filter((kind) => !isFolded(kind))).toEqual([]);
    expect(['newer.kind', 'constructor.name', '__proto__.x'].some(isFolded)).toBe(false);
  });

  it('are all offered', () => {
    expect(written().filter((kind) => !offered.includes(kind))).toEqual([]);
    expect(written().length).toBeGreaterThan(140);
  });

  it.each([
    ['en', en],
    ['zh-CN', zh],
  ] as const)('have words in %s, and so have their families', (_language, texts) => {
    const missing = [...offered, ...Object.keys(ENTRY_KINDS).map((family) => `${family}.all`)].filter(
      (kind) => typeof textOf(texts.kind, kind) !== 'string',
    );
    expect(missing).toEqual([]);
    expect(Object.keys(texts.field).sort()).toEqual(Object.keys(en.field).sort());
  });
});

describe('commands that need an approval', () => {
  it.each([
    ['en', enApprovals],
    ['zh-CN', zhApprovals],
  ] as const)('have words in %s, and so have their policies', (_language, texts) => {
    const names = Object.entries(REQUEST_ACCESS).flatMap(([name, rule]) => ('approval' in rule ? [name] : []));
    expect([...names, 'export.table'].filter((name) => typeof textOf(texts.request, name) !== 'string')).toEqual([]);
    expect(APPROVAL_POLICY_IDS.filter((policy) => typeof textOf(texts.policy, policy) !== 'string')).toEqual([]);
  });
});
