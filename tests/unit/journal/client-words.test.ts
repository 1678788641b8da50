/** Words about clients inside the firm's own entries: found, taken out, put back as they were, and never anything else touched. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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

it('a key of several is named by each of them once, in one order, and counts as somebody’s own', () => {
  const [one, two] = ['s0000000000000001', 's0000000000000002'];
  expect(keyIdOfAll([`${two}+${one}`, one ?? ''])).toBe(`${one}+${two}`);
  expect(singleKeysOf(`${one}+${two}`)).toEqual([one, two]);
  expect(keyIdOfAll([])).toBeUndefined();
  expect(subjectKeyOf(sealedEnvelope(`${one}+${two}`, 'AA'))).toBe(`${one}+${two}`);
  expect(subjectKeyOf(sealedEnvelope(`${one}+`, 'AA'))).toBeNull();
});
