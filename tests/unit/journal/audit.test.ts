import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCheckpoint, readCheckpointLine } from '#shared/journal/checkpoint';
import { type Content, chained, checkpointsOf, contents, judge, renumbered, sha256 } from '#tests/unit/journal/record';

const COUNT = 40;
const honest = chained(contents(COUNT));
const rootAt = (size: number): string => checkpointsOf(honest, [size])[0]?.root ?? '';
const outside = (...sizes: number[]) => [{ kind: 'outside' as const, checkpoints: checkpointsOf(honest, sizes) }];
const place = fc.integer({ min: 1, max: COUNT });
const runs = { seed: 8, numRuns: 150 };

describe('an honest record', () => {
  it('is OK when its last entry is covered, and else says how many are not', () => {
    fc.assert(
      fc.property(fc.uniqueArray(place, { minLength: 1, maxLength: 8 }), (sizes) => {
        const last = Math.max(...sizes);
        const report = judge(honest, outside(...sizes));
        expect(report.verdict).toBe(last === COUNT ? 'OK' : 'UNANCHORED_TAIL');
        if (last < COUNT) expect(report.findings).toEqual([{ verdict: 'UNANCHORED_TAIL', count: COUNT - last }]);
        expect(report.devices).toMatchObject([{ size: COUNT, root: rootAt(COUNT), anchoredSize: last, witnessedSize: last }]);
      }),
      runs,
    );
  });

  it('without any witness is whole, with every entry in the tail', () => {
    expect(judge(honest)).toMatchObject({ verdict: 'UNANCHORED_TAIL', entryCount: COUNT, findings: [{ count: COUNT }] });
    expect(judge([])).toMatchObject({ verdict: 'OK', entryCount: 0, headHash: null });
  });

  it('tells a clock that ran backwards from damage', () => {
    const rows = chained([{ text: 'a' }, { text: 'b', wallMs: 1_000 }, { text: 'c' }]);
    const report = judge(rows, [{ kind: 'file', checkpoints: checkpointsOf(rows, [3]) }]);
    expect(report).toMatchObject({ verdict: 'CLOCK_ANOMALY', findings: [{ count: 1, firstSequence: 2 }] });
  });

  it('agrees with the fingerprint that was printed at any size', () => {
    fc.assert(
      fc.property(place, fc.integer({ min: 12, max: 64 }), (sequence, length) => {
        const fingerprints = [{ sequence, prefix: rootAt(sequence).slice(0, length) }];
        const report = judge(honest, [], { fingerprints });
        expect(report.findings.map(({ verdict }) => verdict)).toEqual(sequence === COUNT ? [] : ['UNANCHORED_TAIL']);
        expect(report.devices[0]?.witnessedSize).toBe(sequence);
      }),
      runs,
    );
  });
});

describe('a record that was attacked', () => {
  it('truncated: TRUNCATED, with what the witness has and what is left', () => {
    fc.assert(
      fc.property(place, place, (a, b) => {
        const [left, witnessSize] = [Math.min(a, b) - 1, Math.max(a, b)];
        const report = judge(honest.slice(0, left), outside(witnessSize));
        expect(report.findings[0]).toMatchObject({ verdict: 'TRUNCATED', witnessSize, heldSize: left });
        const printed = judge(honest.slice(0, left), [], { fingerprints: [{ sequence: witnessSize, prefix: rootAt(witnessSize).slice(0, 12) }] });
        expect(printed.findings[0]).toMatchObject({ verdict: 'TRUNCATED', witnessSize, heldSize: left });
      }),
      runs,
    );
  });

  it('reordered: BROKEN_AT the first entry that is out of place', () => {
    fc.assert(
      fc.property(fc.uniqueArray(place, { minLength: 2, maxLength: 2 }), ([a = 0, b = 0]) => {
        const [first, second] = [honest[a - 1], honest[b - 1]];
        if (first === undefined || second === undefined) throw new Error('both are there');
        const swapped = renumbered(honest.with(a - 1, second).with(b - 1, first));
        expect(judge(swapped, outside(COUNT)).findings[0]).toMatchObject({ verdict: 'BROKEN_AT', sequence: Math.min(a, b) });
      }),
      runs,
    );
  });

  it('with an entry taken out: BROKEN_AT its place, whether the gap is closed or not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: COUNT - 1 }), (gone) => {
        const left = honest.filter(({ sequence }) => sequence !== gone);
        expect(judge(left).findings[0]).toMatchObject({ verdict: 'BROKEN_AT', sequence: gone, reason: 'sequenceGap' });
        expect(judge(renumbered(left)).findings[0]).toMatchObject({ verdict: 'BROKEN_AT', sequence: gone });
      }),
      runs,
    );
  });

  it('with an entry put in: BROKEN_AT the first entry that does not follow on it', () => {
    fc.assert(
      fc.property(place, fc.string(), (before, text) => {
        // The forger gives the new entry the right number and hashes, and leaves the others as they are.
        const forged = chained([...contents(before - 1), { text: `forged ${text}` }]).slice(before - 1);
        const rows = renumbered([...honest.slice(0, before - 1), ...forged, ...honest.slice(before - 1)]);
        expect(judge(rows, outside(COUNT)).findings[0]).toMatchObject({ verdict: 'BROKEN_AT', sequence: before + 1 });
      }),
      runs,
    );
  });

  const rewrite = (from: number, text: string, count = COUNT): Content[] =>
    contents(count).map((content, index) => (index + 1 >= from ? { text: `${text} instead of ${content.text}` } : content));

  it('rewritten with all hashes and all checkpoints in it made anew: FORKED by one witness, which says where they part', () => {
    fc.assert(
      fc.property(place, fc.uniqueArray(place, { minLength: 1, maxLength: 6 }), fc.string(), (from, sizes, text) => {
        const forged = chained(rewrite(from, text));
        const own = [{ kind: 'file' as const, checkpoints: checkpointsOf(forged, [...sizes, COUNT]) }];
        expect(judge(forged, own).verdict).toBe('OK');
        const report = judge(forged, [...own, ...outside(...sizes)]);
        const contradicting = sizes.filter((size) => size >= from).sort((a, b) => a - b)[0];
        if (contradicting === undefined) {
          // The limit that docs/audit.md states: after the last witnessed checkpoint a forger with full control is free.
          expect(report).toMatchObject({ verdict: 'OK', devices: [{ witnessedSize: Math.max(...sizes) }] });
          return;
        }
        const agreedSize = Math.max(0, ...sizes.filter((size) => size < from));
        expect(report.findings).toEqual([
          {
            verdict: 'FORKED',
            device: 'desk-1',
            size: contradicting,
            statedRoot: rootAt(contradicting),
            foundRoot: checkpointsOf(forged, [contradicting])[0]?.root,
            agreedSize,
            witness: 'witness 2',
          },
        ]);
      }),
      runs,
    );
  });

  it('rewritten: FORKED by one printed fingerprint of twelve characters', () => {
    fc.assert(
      fc.property(place, place, (from, sequence) => {
        const forged = chained(rewrite(from, 'forged'));
        const report = judge(forged, [{ kind: 'file', checkpoints: checkpointsOf(forged, [COUNT]) }], {
          fingerprints: [{ sequence, prefix: rootAt(sequence).slice(0, 12) }],
        });
        expect(report.verdict).toBe(sequence >= from ? 'FORKED' : 'OK');
      }),
      runs,
    );
  });

  it('forked: cut off and written on differently is FORKED once it is as long as the witness, and TRUNCATED before', () => {
    fc.assert(
      fc.property(place, fc.integer({ min: 1, max: 2 * COUNT }), place, (from, length, witnessSize) => {
        fc.pre(from <= witnessSize && length >= from);
        const forged = chained(rewrite(from, 'another story', length));
        const verdict = judge(forged, [{ kind: 'file', checkpoints: checkpointsOf(forged, [length]) }, ...outside(witnessSize)]).verdict;
        expect(verdict).toBe(length >= witnessSize ? 'FORKED' : 'TRUNCATED');
      }),
      runs,
    );
  });

  it('two witnesses that contradict each other about what is cut off: FORKED', () => {
    const other = chained(rewrite(30, 'another story'));
    const report = judge(honest.slice(0, 20), [...outside(35), { kind: 'outside', checkpoints: checkpointsOf(other, [35]) }]);
    expect(report.findings.map(({ verdict }) => verdict)).toEqual(['FORKED', 'TRUNCATED', 'UNANCHORED_TAIL']);
  });

  it('with any field of any entry changed, even only in its type: BROKEN_AT that entry', () => {
    const bytes = (text: string): string => Buffer.from(text) as unknown as string;
    const changes = fc.constantFrom<Record<string, unknown>>(
      { actor: 'zhang.san' },
      { payload: bytes(honest[0]?.payload ?? '') },
      { versionVector: ' {}' },
      { mode: 'drill' },
      { signature: 7 },
      { batchOpId: 'of another command' },
      { device: bytes('desk-1') },
      { deviceSeq: 0.5 },
      { wallTime: null },
      { entryHash: 'f'.repeat(64) },
    );
    fc.assert(
      fc.property(place, changes, (sequence, change) => {
        const rows = honest.map((row) => (row.sequence === sequence ? { ...row, ...change } : row));
        expect(judge(rows, outside(COUNT)).findings[0]).toMatchObject({ verdict: 'BROKEN_AT', sequence });
      }),
      runs,
    );
  });

  it('with the entries of one device moved before what their writer had seen: BROKEN_AT the first of them', () => {
    const rows = chained([...contents(5), ...contents(5, 6).map((content) => ({ ...content, device: 'desk-2' }))]);
    expect(judge(rows).findings).toMatchObject([{ verdict: 'UNANCHORED_TAIL' }]);
    const moved = renumbered([...rows.slice(0, 3), ...rows.slice(5, 7), ...rows.slice(3, 5), ...rows.slice(7)]);
    expect(judge(moved).findings[0]).toMatchObject({ verdict: 'BROKEN_AT', sequence: 4, reason: 'causality' });
  });
});

describe('witnesses', () => {
  it('of later times say nothing about the end of a back-up, and everything about what is in it', () => {
    const asOf = honest[19]?.wallTime ?? '';
    expect(judge(honest.slice(0, 20), outside(20, 30, 40), { asOf })).toMatchObject({ verdict: 'OK' });
    expect(judge(honest.slice(0, 15), outside(20, 30, 40), { asOf }).findings[0]).toMatchObject({ verdict: 'TRUNCATED', witnessSize: 20 });
  });

  it('that are damaged are no statement, and are counted', () => {
    const [checkpoint] = checkpointsOf(honest, [10]);
    if (checkpoint === undefined) throw new Error('it was made');
    expect(readCheckpointLine(JSON.stringify(checkpoint), sha256)).toEqual(checkpoint);
    for (const broken of [{ ...checkpoint, size: 11 }, { ...checkpoint, root: 'x' }, { ...checkpoint, time: '' }, null, 7])
      expect(readCheckpoint(broken, sha256)).toBeNull();
    expect(readCheckpointLine(JSON.stringify(checkpoint).slice(0, 90), sha256)).toBeNull();
    expect(judge(honest, [{ kind: 'outside', checkpoints: [null, checkpoint, null] }]).witnesses).toMatchObject([
      { checkpointCount: 1, damagedCount: 2, agreedSize: 10 },
    ]);
  });

  it('of a device that is not in the file at all show that its whole record is missing', () => {
    const rows = chained([{ text: 'a', device: 'desk-9' }]);
    expect(judge(rows, outside(12)).findings[0]).toMatchObject({ verdict: 'TRUNCATED', device: 'desk-1', witnessSize: 12, heldSize: 0 });
  });
});
