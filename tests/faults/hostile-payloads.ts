/** What a page that was taken over could send: wrong things of every kind, and payloads of the right shape with wrong things in them. */
import fc from 'fast-check';
import { z } from 'zod';

/** They reach out of the engine: to a network, or to programs that a test does not start. */
export const REACHES_OUT = new Set<string>(['feed.test']);

const deep = (levels: number): unknown => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`) as unknown;
export const HOSTILE: readonly unknown[] = [
  null,
  undefined,
  0,
  -1,
  1.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  1e308,
  2 ** 53,
  -0,
  '',
  ' ',
  '\u0000',
  '../../../../etc/passwd',
  '..\\..\\windows\\system32',
  '/etc/passwd',
  'file:///etc/passwd',
  '%2e%2e%2f',
  '=HYPERLINK("http://x")',
  '\u001B[2J\r\nforged',
  '\uD800',
  '\u202Egnp.exe',
  `'; DROP TABLE entries; --`,
  'x'.repeat(300_000),
  [],
  [[[[[[]]]]]],
  {},
  true,
  JSON.parse('{"__proto__":{"polluted":1}}'),
  JSON.parse('{"constructor":{"prototype":{"polluted":1}}}'),
  deep(2_000),
  new Date(Number.NaN),
  new Map([['a', 1]]),
  new Uint8Array(1_000),
  2n ** 70n,
];
const hostile = fc.constantFrom(...HOSTILE);

/** Payloads of the right shape with wrong things in them: what a schema lets through must still do no harm. */
export function shaped(schema: unknown, depth = 0): fc.Arbitrary<unknown> {
  const node = schema as {
    type?: string;
    enum?: unknown[];
    const?: unknown;
    anyOf?: unknown[];
    oneOf?: unknown[];
    properties?: Record<string, unknown>;
    items?: unknown;
  };
  if (depth > 5) return hostile;
  if (node.const !== undefined) return fc.oneof({ weight: 9, arbitrary: fc.constant(node.const) }, hostile);
  if (node.enum !== undefined) return fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...node.enum) }, hostile);
  const options = node.anyOf ?? node.oneOf;
  if (options !== undefined) return fc.oneof(...options.map((option) => shaped(option, depth + 1)), hostile);
  if (node.type === 'object') {
    const fields = Object.fromEntries(Object.entries(node.properties ?? {}).map(([key, value]) => [key, shaped(value, depth + 1)]));
    return fc.oneof({ weight: 9, arbitrary: fc.record(fields, { noNullPrototype: true }) }, hostile);
  }
  if (node.type === 'array') return fc.oneof({ weight: 4, arbitrary: fc.array(shaped(node.items, depth + 1), { maxLength: 3 }) }, hostile);
  if (node.type === 'string') return fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.uuid(), hostile);
  if (node.type === 'number' || node.type === 'integer') return fc.oneof(fc.integer(), fc.double(), hostile);
  return fc.oneof(fc.boolean(), hostile);
}

export function shapeOf(schema: z.ZodType): unknown {
  try {
    return z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' });
  } catch {
    return {};
  }
}
