/** Writes docs/feed-protocol/*.schema.json from the schemas that the engine itself parses with. Run: node --import ./scripts/steps/typescript-imports.mjs scripts/generate-feed-schemas.ts */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { z } from 'zod';
import { itemSchemaByStream, STREAM_NAMES } from '#shared/feed/items';
import { clientMessageSchema, FEED_PROTOCOL, sourceMessageSchema } from '#shared/feed/messages';

export const SCHEMA_FOLDER = resolve(import.meta.dirname, '../docs/feed-protocol');

/** File name to text, one for each direction of messages and one for the items of each stream. */
export function feedSchemas(): Map<string, string> {
  const files = new Map<string, string>();
  const add = (name: string, title: string, schema: z.ZodType) => {
    const described = { title: `${FEED_PROTOCOL}: ${title}`, ...z.toJSONSchema(schema, { io: 'input' }) };
    files.set(`${name}.schema.json`, `${JSON.stringify(described, null, 2)}\n`);
  };
  add('client-message', 'what the desk sends', clientMessageSchema);
  add('source-message', 'what a source sends', sourceMessageSchema);
  for (const stream of STREAM_NAMES) add(`item-${kebab(stream)}`, `an item of the ${stream} stream`, itemSchemaByStream[stream]);
  return files;
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

if (process.argv[1] === import.meta.filename) {
  mkdirSync(SCHEMA_FOLDER, { recursive: true });
  for (const [name, text] of feedSchemas()) writeFileSync(join(SCHEMA_FOLDER, name), text);
}
