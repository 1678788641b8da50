import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalEntry, canonicalJson, canonicalVersionVector, versionVectorWriter } from '#shared/journal/canonical';
import { ChainChecker, verifyChain } from '#shared/journal/chain';
import { GENESIS_HASH, type StoredEntry } from '#shared/journal/entry';
import { nextHlc, parseHlc } from '#shared/journal/hlc';

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
const text = fc.string({ unit: 'grapheme', maxLength: 20 });

function chain(count: number): StoredEntry[] {
  const entries: StoredEntry[] = [];
  let prevHash = GENESIS_HASH;
  for (let sequence = 1; sequence <= count; sequence += 1) {
    const payload = canonicalJson({ step: sequence });
    const unhashed = {
      opId: `01996b1c-0000-7000-8000-${String(sequence).padStart(12, '0')}`,
      device: 'desk-1',
      deviceSeq: sequence,
      actor: 'li.wei',
      session: 's',
      mode: 'live' as const,
      type: 'desk.test',
      subject: 'desk',
      payload,
      payloadHash: sha256(payload),
      versionVector: { 'desk-1': sequence },
      hlc: nextHlc(null, sequence, 'desk-1'),
      wallTime: new Date(sequence).toISOString(),
      prevHash,
    };
    const entryHash = sha256(canonicalEntry(unhashed, canonicalVersionVector(unhashed.versionVector)));
    entries.push({ sequence, ...unhashed, entryHash });
    prevHash = entryHash;
  }
  return entries;
}

const verify = (entries: readonly StoredEntry[]) =>
  verifyChain((after, limit) => entries.filter((entry) => entry.sequence > after).slice(0, limit), new ChainChecker(sha256));

describe('what is hashed', () => {
  it('is the canonical JSON of the entry without its hash and its payload, however its text looks', () => {
    const entry = fc.record({
      opId: fc.uuid(),
      device: text,
      deviceSeq: fc.integer({ min: 1 }),
      actor: text,
      session: text,
      mode: fc.constantFrom('live' as const, 'drill' as const),
      type: text,
      subject: text,
      payloadHash: fc.constant('a'.repeat(64)),
      versionVector: fc.dictionary(text, fc.nat(), { noNullPrototype: true }),
      hlc: text,
      wallTime: text,
      prevHash: fc.constant('0'.repeat(64)),
    });
    fc.assert(
      fc.property(entry, (value) => {
        expect(canonicalEntry(value, canonicalVersionVector(value.versionVector))).toBe(canonicalize(value));
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it('is for a version vector the same text, however it is made, as one device goes on', () => {
    fc.assert(
      fc.property(fc.dictionary(text, fc.nat()), text, fc.array(fc.nat(), { maxLength: 3 }), (vector, device, numbers) => {
        const write = versionVectorWriter(vector, device);
        for (const deviceSeq of numbers) expect(write(deviceSeq)).toBe(canonicalVersionVector({ ...vector, [device]: deviceSeq }));
      }),
      { seed: 8, numRuns: 300 },
    );
  });

  it('is for any payload what the general form of RFC 8785 makes of it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), (value) => {
        expect(canonicalJson(value)).toBe(canonicalize(value));
      }),
      { seed: 9, numRuns: 500 },
    );
    for (const value of ['spelled \\ud800 out', { 'ke\ny': [1e-7, -0, 1e21, 0.1] }, { date: new Date(0) }, [undefined, 1]])
      expect(canonicalJson(value)).toBe(canonicalize(value));
  });

  it('does not depend on the order in which a payload was built', () => {
    expect(canonicalJson({ b: 1, a: [{ d: null, c: 'x' }] })).toBe(canonicalJson({ a: [{ c: 'x', d: null }], b: 1 }));
    expect(canonicalJson({ left: undefined, kept: 1e21 })).toBe('{"kept":1e+21}');
  });
});

describe('the chain', () => {
  it('holds for what was written', () => {
    expect(verify(chain(50))).toEqual({ verdict: 'OK', entryCount: 50, clockAnomalies: 0 });
    expect(verify([])).toEqual({ verdict: 'OK', entryCount: 0, clockAnomalies: 0 });
  });

  it('names the first entry in which any field was changed', () => {
    const changes = fc.constantFrom<Partial<StoredEntry>>(
      { actor: 'someone else' },
      { payload: '{"step":0}' },
      { type: 'desk.other' },
      { subject: 'other' },
      { wallTime: '2020-01-01T00:00:00.000Z' },
      { hlc: '0' },
      { mode: 'drill' },
      { session: 'other' },
      { opId: '01996b1c-ffff-7000-8000-000000000001' },
      { versionVector: { 'desk-1': 99 } },
      { prevHash: 'f'.repeat(64) },
      { entryHash: 'e'.repeat(64) },
      { payloadHash: 'd'.repeat(64) },
      { deviceSeq: 1000 },
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), changes, (sequence, change) => {
        const entries = chain(30).map((entry) => (entry.sequence === sequence ? { ...entry, ...change } : entry));
        expect(verify(entries)).toMatchObject({ verdict: 'BROKEN_AT', sequence });
      }),
      { seed: 3, numRuns: 100 },
    );
  });

  it('notices an entry taken out, put in twice or exchanged', () => {
    const entries = chain(10);
    expect(verify(entries.filter((entry) => entry.sequence !== 4))).toMatchObject({ verdict: 'BROKEN_AT', sequence: 4 });
    const [third, fourth] = [entries[2], entries[3]];
    if (third === undefined || fourth === undefined) throw new Error('ten entries were made');
    const swapped = entries.with(2, { ...fourth, sequence: 3 }).with(3, { ...third, sequence: 4 });
    expect(verify(swapped)).toMatchObject({ verdict: 'BROKEN_AT', sequence: 3 });
  });

  it('notices a clock that ran backwards without calling it damage', () => {
    const [first, second] = chain(2);
    if (first === undefined || second === undefined) throw new Error('two entries were made');
    const late = { ...first, wallTime: '2030-01-01T00:00:00.000Z' };
    const rehashed = { ...late, entryHash: sha256(canonicalEntry(late, canonicalVersionVector(late.versionVector))) };
    const next = { ...second, prevHash: rehashed.entryHash };
    const entries = [rehashed, { ...next, entryHash: sha256(canonicalEntry(next, canonicalVersionVector(next.versionVector))) }];
    expect(verify(entries)).toEqual({ verdict: 'OK', entryCount: 2, clockAnomalies: 1 });
  });

  it('breaks where the file can no longer be read', () => {
    const entries = chain(5);
    const read = (after: number): StoredEntry[] => {
      if (after >= 3) throw new Error('disk image is malformed');
      return entries.slice(after, after + 1);
    };
    expect(verifyChain(read, new ChainChecker(sha256))).toMatchObject({ verdict: 'BROKEN_AT', sequence: 4, reason: 'unreadable' });
  });
});

describe('the hybrid logical clock', () => {
  it('grows with every reading, whatever the wall clock does', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.integer({ min: -5, max: 2e14 }), fc.constant(Number.NaN)), { minLength: 2 }), (times) => {
        let last: string | null = null;
        for (const ms of times) {
          const next = nextHlc(last, ms, 'desk-1');
          if (last !== null) expect(next > last).toBe(true);
          last = next;
        }
      }),
      { seed: 5 },
    );
  });

  it('follows the wall clock when it is ahead and counts within one millisecond', () => {
    expect(nextHlc('000000000001000-000003-a', 2000, 'b')).toBe('000000000002000-000000-b');
    expect(nextHlc('000000000001000-000003-a', 1000, 'b')).toBe('000000000001000-000004-b');
    expect(parseHlc(nextHlc('000000000001000-999999-a', 1000, 'b'))).toEqual({ wallMs: 1001, counter: 0 });
  });
});
