/** Words about clients inside the firm's own entries: found, taken out, put back as they were, and never anything else touched. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { alertEventSchema } from '#shared/desk/alerts/events';
import { suppressionEventSchema } from '#shared/desk/alerts/suppression';
import { foreignEventSchema } from '#shared/desk/approvals/carried';
import { approvalEventSchema, breakGlassEventSchema } from '#shared/desk/approvals/events';
import { evidenceEventSchema } from '#shared/desk/evidence/evidence';
import { handoverEventSchema } from '#shared/desk/handovers/handover';
import { incidentEventSchema } from '#shared/desk/incidents/events';
import { runEventSchema } from '#shared/desk/plans/events';
import { clientsInWords, DESTROYED_WORDS, holdsWords, openWords, sealWords } from '#shared/journal/client-words';
import { keyIdOfAll, sealedEnvelope, singleKeysOf, subjectKeyOf } from '#shared/journal/sealed';

const NAMES = ['甲公司', '乙公司'];
const namedIn = (text: string): string[] => NAMES.filter((name) => text.includes(name));

/** Stands for sealing: whoever has the book opens it. */
function room(): { seal: (text: string) => string; open: (sealed: string) => string | null } {
  const kept: string[] = [];
  return {
    seal: (text) => sealedEnvelope('sab', String(kept.push(text) - 1)),
    open: (sealed) => kept[Number(/"box":"(\d+)"/.exec(sealed)?.[1])] ?? null,
  };
}

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(...NAMES.map((name) => `spoke with ${name}`), '{"box":"1","key":"sab","sealed":1}'),
);
const field = fc.constantFrom('note', 'text', 'title', 'runId', 'state', 'plan', '__proto__', 'items');
const payload = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.integer(),
    fc.constant(null),
    fc.array(tie('node'), { maxLength: 3 }),
    fc.dictionary(field, tie('node'), { maxKeys: 4 }),
  ),
})).node;

describe('words about clients', () => {
  it('come back exactly as they were typed, whatever they look like', () => {
    fc.assert(
      fc.property(payload, (before) => {
        const { seal, open } = room();
        const { payload: sealed } = sealWords(before, namedIn, seal);
        expect(JSON.parse(JSON.stringify(openWords(JSON.parse(JSON.stringify(sealed)), open)))).toEqual(JSON.parse(JSON.stringify(before)));
      }),
      { numRuns: 300, seed: 4 },
    );
  });

  it('name their clients nowhere in what is stored, below whatever fields they stand', () => {
    const before = { note: `${NAMES[0]}已缴款`, draft: { a: { b: [`${NAMES[1]}`] } }, runId: 'r', count: 3, items: ['relay', `${NAMES[0]}.pdf`] };
    const { payload: sealed, clientIDs } = sealWords(before, namedIn, room().seal);
    for (const name of NAMES) expect(JSON.stringify(sealed)).not.toContain(name);
    expect(sealed).toMatchObject({ runId: 'r', count: 3, items: ['relay', expect.any(String)] });
    expect(clientIDs.sort()).toEqual([...NAMES].sort());
    expect(clientsInWords({ plan: { note: NAMES[0] }, planId: NAMES[0] }, namedIn)).toEqual([]);
  });

  it('whose key was destroyed leave a mark that fits every field', () => {
    const { payload: sealed } = sealWords({ note: NAMES[0], text: 'relay' }, namedIn, room().seal);
    expect(openWords(sealed, () => null)).toEqual({ note: DESTROYED_WORDS, text: 'relay' });
  });

  it('are looked for in what people write, and not in the market’s own entries', () => {
    expect(['incident.timelineAdded', 'run.noteAdded', 'approval.asked', 'export.made'].every(holdsWords)).toBe(true);
    expect(['feed.up', 'delivery.told', 'key.opened', 'rule.counted', 'person.created'].some(holdsWords)).toBe(false);
  });
});

/** Ids, codes, and what the desk or the firm's own tables wrote: fields of these families in which nobody types about a client. */
const NOT_TYPED: ReadonlySet<string> = new Set([
  ...['about', 'accountID', 'alertId', 'alertKind', 'approvalId', 'approvedBy', 'article', 'breakGlassId', 'by', 'certainty', 'channel', 'citation'],
  ...[
    'clientID',
    'code',
    'condition',
    'createdBy',
    'currencyID',
    'deskName',
    'device',
    'dimensions',
    'displayName',
    'dutyId',
    'en',
    'enteredBy',
    'entity',
    'entryId',
    'feedId',
    'fingerprint',
  ],
  ...[
    'group',
    'human',
    'id',
    'incidentId',
    'itemKey',
    'itemKeys',
    'keep',
    'keyId',
    'kind',
    'level',
    'makerHuman',
    'makerId',
    'makerSessionId',
    'noteId',
  ],
  ...[
    'noticeId',
    'ofOpId',
    'packId',
    'personId',
    'planId',
    'planIds',
    'quality',
    'reasonCode',
    'refs',
    'request',
    'role',
    'roles',
    'route',
    'ruleFrom',
  ],
  ...['ruleId', 'runId', 'second', 'secondPerson', 'sensor', 'sessionId', 'signature', 'sinceKeys', 'source', 'sourceZh', 'stageId', 'state', 'step'],
  ...['stoodDownReason', 'suppression', 'suppressionId', 'timeZone', 'type', 'workedOnBy', 'worklistId', 'zh', 'zone'],
]);

type JsonSchema = { $ref?: string; type?: string; $defs?: Record<string, JsonSchema>; properties?: Record<string, JsonSchema> } & Record<
  string,
  unknown
>;

/** The paths of all texts of a schema that have no form: whatever is written may stand there. */
function* freeTexts(schema: JsonSchema, root: JsonSchema, path: readonly string[] = [], seen: readonly string[] = []): Generator<readonly string[]> {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').pop() ?? '';
    const target = root.$defs?.[name];
    if (target !== undefined && !seen.includes(name)) yield* freeTexts(target, root, path, [...seen, name]);
    return;
  }
  if (schema.type === 'string' && ['enum', 'const', 'pattern', 'format'].every((form) => schema[form] === undefined)) yield path;
  for (const [name, field] of Object.entries(schema.properties ?? {})) yield* freeTexts(field, root, [...path, name], seen);
  for (const place of ['items', 'additionalProperties', 'anyOf', 'oneOf', 'allOf']) {
    for (const part of [schema[place]].flat()) if (typeof part === 'object' && part !== null) yield* freeTexts(part as JsonSchema, root, path, seen);
  }
}

it.each(
  Object.entries({
    ...{ alert: alertEventSchema, approval: approvalEventSchema, breakGlass: breakGlassEventSchema, evidence: evidenceEventSchema },
    ...{
      foreign: foreignEventSchema,
      handover: handoverEventSchema,
      incident: incidentEventSchema,
      run: runEventSchema,
      suppression: suppressionEventSchema,
    },
  }),
)('%s: every field in which somebody may type is looked through', (_family, schema) => {
  const root = z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }) as JsonSchema;
  const missed = [...freeTexts(root, root)].filter((path) => {
    const payload = path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), NAMES[0]);
    return path.length > 0 && !path.includes('plan') && !NOT_TYPED.has(path.at(-1) ?? '') && clientsInWords(payload, namedIn).length === 0;
  });
  expect(missed.map((path) => path.join('.'))).toEqual([]);
});

it('a key of several is named by each of them once, in one order, and counts as somebody’s own', () => {
  const [one, two] = ['s0000000000000001', 's0000000000000002'];
  expect(keyIdOfAll([`${two}+${one}`, one ?? ''])).toBe(`${one}+${two}`);
  expect(singleKeysOf(`${one}+${two}`)).toEqual([one, two]);
  expect(keyIdOfAll([])).toBeUndefined();
  expect(subjectKeyOf(sealedEnvelope(`${one}+${two}`, 'AA'))).toBe(`${one}+${two}`);
  expect(subjectKeyOf(sealedEnvelope(`${one}+`, 'AA'))).toBeNull();
});
