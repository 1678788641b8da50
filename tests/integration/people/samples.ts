/** One payload that fits the schema for every request and stream, made from the schema itself: a new request is in every test by being in the contract. */
import type { z } from 'zod';
import { REQUESTS, type RequestName } from '#shared/contract/requests';
import { STREAMS, type StreamKind } from '#shared/contract/streams';

const UUID = '01996b1c-0000-7000-8000-000000000001';

/** Where a schema asks more of a text than its type says. */
const KNOWN: Record<string, unknown> = {
  accountID: 'A0001',
  personId: 'p-nobody',
  payloadHash: 'a'.repeat(64),
  url: 'ws://127.0.0.1:9/',
  login: 'nobody',
  file: 'journal-20260101T000000000Z.sqlite',
  matcher: { entity: 'account:A0001' },
  fingerprint: '12:0123456789ab',
  heard: '0123456789AB',
  keyId: '0'.repeat(32),
  signature: '0'.repeat(128),
  deviceKey: '0'.repeat(64),
  boxKey: '0'.repeat(64),
};

export function samplePayload(name: RequestName): unknown {
  return fitting(name, REQUESTS[name].payload);
}

export function sampleParams(kind: StreamKind): unknown {
  return fitting(kind, STREAMS[kind]);
}

function fitting(name: string, schema: z.ZodType): unknown {
  // What a schema asks across its fields cannot be read from it: with every optional field there it is most often met.
  for (const isFull of [false, true]) {
    const parsed = schema.safeParse(sampleOf(schema, '', isFull));
    if (parsed.success) return parsed.data;
  }
  throw new Error(`no sample of ${name} could be made: name its fields in KNOWN (${schema.safeParse(sampleOf(schema, '', true)).error?.message})`);
}

type Definition = {
  type: string;
  shape?: Record<string, z.ZodType>;
  element?: z.ZodType;
  innerType?: z.ZodType;
  options?: z.ZodType[];
  entries?: Record<string, string>;
  values?: unknown[];
  items?: z.ZodType[];
  in?: z.ZodType;
};

function sampleOf(schema: z.ZodType, field: string, isFull: boolean): unknown {
  const definition = (schema as unknown as { _zod: { def: Definition } })._zod.def;
  if (field in KNOWN && schema.safeParse(KNOWN[field]).success) return KNOWN[field];
  switch (definition.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(definition.shape ?? {})
          .filter(([, part]) => isFull || (part as unknown as { _zod: { def: Definition } })._zod.def.type !== 'optional')
          .map(([key, part]) => [key, sampleOf(part, key, isFull)]),
      );
    case 'array':
      return schema.safeParse([]).success || definition.element === undefined ? [] : [sampleOf(definition.element, field, isFull)];
    case 'tuple':
      return (definition.items ?? []).map((item) => sampleOf(item, field, isFull));
    case 'union': {
      for (const option of definition.options ?? []) {
        const made = sampleOf(option, field, isFull);
        if (schema.safeParse(made).success) return made;
      }
      return null;
    }
    case 'enum':
      return Object.values(definition.entries ?? {})[0];
    case 'literal':
      return definition.values?.[0];
    case 'nullable':
      return null;
    case 'optional':
    case 'default':
    case 'nonoptional':
    case 'readonly':
      return definition.innerType === undefined ? undefined : sampleOf(definition.innerType, field, isFull);
    case 'pipe':
      return definition.in === undefined ? undefined : sampleOf(definition.in, field, isFull);
    case 'boolean':
      return false;
    case 'number':
      return [1, 2, 0.95, 100, 60_000, 3_600_000].find((value) => schema.safeParse(value).success);
    case 'record':
      return {};
    case 'unknown':
    case 'any':
      return 'x';
    case 'string':
      return [
        'x',
        'client:A0001',
        UUID,
        'a'.repeat(64),
        'p-nobody',
        '20260101',
        '123456',
        'xxxxxxxxxxxx',
        '2026-01-01',
        '2026-01-01T00:00:00Z',
        '12:00',
        'a@b.cd',
        'EP-01',
        'p0',
      ].find((value) => schema.safeParse(value).success);
    default:
      return undefined;
  }
}
