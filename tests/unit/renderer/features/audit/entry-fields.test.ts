/** No field of an entry reaches an auditor under its short name: every name that an event's schema can write has words in both languages. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { settingKeySchema } from '#shared/contract/requests';
import en from '../../../../../src-renderer/i18n/en/entries.json' with { type: 'json' };
import zh from '../../../../../src-renderer/i18n/zh-CN/entries.json' with { type: 'json' };

const DESK = join(import.meta.dirname, '../../../../../src-shared/desk');

type Definition = {
  type: string;
  shape?: Record<string, z.ZodType>;
  element?: z.ZodType;
  innerType?: z.ZodType;
  options?: z.ZodType[];
  items?: z.ZodType[];
  valueType?: z.ZodType;
  in?: z.ZodType;
  values?: unknown[];
};

function definitionOf(schema: z.ZodType): Definition {
  return (schema as unknown as { _zod: { def: Definition } })._zod.def;
}

function isSchema(value: unknown): value is z.ZodType {
  return typeof value === 'object' && value !== null && '_zod' in value;
}

/** Parts of an event's schema: each has a literal `type` and a `payload`. */
function eventsIn(schema: z.ZodType): Definition[] {
  const definition = definitionOf(schema);
  if (definition.options !== undefined) return definition.options.flatMap(eventsIn);
  const { shape } = definition;
  if (shape?.type === undefined || shape.payload === undefined) return [];
  return definitionOf(shape.type).type === 'literal' ? [definition] : [];
}

function namesIn(schema: z.ZodType, seen: Set<z.ZodType>, names: Set<string>): void {
  if (seen.has(schema)) return;
  seen.add(schema);
  const { shape, element, innerType, options, items, valueType, in: input } = definitionOf(schema);
  for (const [name, part] of Object.entries(shape ?? {})) {
    names.add(name);
    namesIn(part, seen, names);
  }
  for (const part of [element, innerType, valueType, input, ...(options ?? []), ...(items ?? [])]) if (isSchema(part)) namesIn(part, seen, names);
}

async function written(): Promise<{ kinds: Set<string>; names: Set<string> }> {
  const kinds = new Set<string>();
  const names = new Set<string>();
  for (const file of readdirSync(DESK, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    const module = (await import(join(DESK, file))) as Record<string, unknown>;
    for (const value of Object.values(module)) {
      if (!isSchema(value)) continue;
      for (const { shape } of eventsIn(value)) {
        for (const kind of shape?.type === undefined ? [] : (definitionOf(shape.type).values ?? [])) kinds.add(String(kind));
        if (shape?.payload !== undefined) namesIn(shape.payload, new Set(), names);
      }
    }
  }
  return { kinds, names };
}

describe('fields of entries', () => {
  it('all have words in both languages', async () => {
    const { kinds, names } = await written();
    expect(kinds.size).toBeGreaterThan(100);
    for (const texts of [en, zh]) expect([...names].filter((name) => !Object.hasOwn(texts.field, name)).sort()).toEqual([]);
  });
});

it('every setting that can change is named in both languages', () => {
  for (const { setting } of [en, zh]) expect(Object.keys(setting).sort()).toEqual([...settingKeySchema.options].sort());
});
