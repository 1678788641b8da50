/** People in other languages build on docs/feed-protocol: its schemas must be those of the engine, its examples must pass them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { Complaints, parseItems } from '#engine/feeds/parsing/parse-items';
import { STREAM_NAMES, type StreamName } from '#shared/feed/items';
import { clientMessageSchema, sourceMessageSchema } from '#shared/feed/messages';
import { feedSchemas, SCHEMA_FOLDER } from '../../../scripts/generate-feed-schemas';

const documentText = readFileSync(resolve(SCHEMA_FOLDER, '../feed-protocol.md'), 'utf8');
const examples = [...documentText.matchAll(/^```json(?: item=(\w+))?\n([\s\S]*?)^```/gm)].map((match) => ({
  stream: match[1],
  text: match[2] ?? '',
}));
const ajv = new Ajv2020({ strict: false });
const validators = new Map([...feedSchemas()].map(([name, text]) => [name, ajv.compile(JSON.parse(text))]));

describe('the published protocol', () => {
  it('has the schemas of the engine (if not: node --import ./scripts/steps/typescript-imports.mjs scripts/generate-feed-schemas.ts)', () => {
    const schemas = feedSchemas();
    expect(readdirSync(SCHEMA_FOLDER).sort()).toEqual([...schemas.keys()].sort());
    for (const [name, text] of schemas) expect(readFileSync(join(SCHEMA_FOLDER, name), 'utf8'), name).toBe(text);
  });

  it('shows every message type and an item of every stream and kind', () => {
    const types = examples.filter(({ stream }) => stream === undefined).map(({ text }) => (JSON.parse(text) as { type: string }).type);
    const known = [...clientMessageSchema.options, ...sourceMessageSchema.options].map((option) => option.shape.type.value);
    expect([...new Set(types)].sort()).toEqual([...new Set(known)].sort());
    expect(new Set(examples.flatMap(({ stream }) => stream ?? []))).toEqual(new Set(STREAM_NAMES));
  });

  it.each(examples.map(({ stream, text }, index) => [`${index + 1}: ${text.slice(0, 60).replaceAll(/\s+/g, ' ')}`, stream, text] as const))(
    'example %s is valid',
    (_, stream, text) => {
      const value = JSON.parse(text) as { type?: string; stream?: StreamName; items?: unknown[] };
      if (stream !== undefined) {
        const complaints = new Complaints();
        expect(parseItems(stream as StreamName, [value], complaints), complaints.shown[0]?.reason).toEqual([value]);
        const kebab = stream.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
        expect(validators.get(`item-${kebab}.schema.json`)?.(value)).toBe(true);
        return;
      }
      const isClient = clientMessageSchema.safeParse(value).success;
      const isSource = sourceMessageSchema.safeParse(value).success;
      expect(isClient || isSource).toBe(true);
      expect(validators.get('client-message.schema.json')?.(value)).toBe(isClient);
      expect(validators.get('source-message.schema.json')?.(value)).toBe(isSource);
      if (value.items !== undefined && value.stream !== undefined) {
        const complaints = new Complaints();
        expect(parseItems(value.stream, value.items, complaints)).toEqual(value.items);
      }
    },
  );
});
