/** Two desks that worked on one run apart: every row of the table of conflicts, and that the order in which desks meet changes nothing. */
import { describe, expect, it } from 'vitest';
import { foldOps, joinOps, orderOps, runState } from '#shared/desk/plans/merge';
import type { Run } from '#shared/desk/plans/plan';
import { meetThree } from '#tests/faults/run-merge';
import { confirmed, planOf, Replica } from '#tests/helpers/plan-run';

/** Two desks that know of the same start, and then part. */
function apart(planId = 'EP-01', prepare: (a: Replica) => void = () => undefined): { a: Replica; b: Replica } {
  let nowMs = 1_000_000;
  const clockMs = (): number => {
    nowMs += 10_000;
    return nowMs;
  };
  const a = new Replica({ device: 'A', clockMs }).start(planOf(planId));
  prepare(a);
  const b = new Replica({ device: 'B', clockMs });
  b.receive(a);
  return { a, b };
}

function together(a: Replica, b: Replica): Run {
  const run = foldOps(joinOps(a.ops, b.ops))[0];
  if (run === undefined) throw new Error('nothing to fold');
  return run;
}

function step(run: Run, no: number): Run['steps'][number] {
  const found = run.steps.find((each) => each.no === no);
  if (found === undefined) throw new Error(`no step ${no}`);
  return found;
}

describe('two desks that worked on one run apart', () => {
  it('both did a step of one signature: it is done, and both signatures are kept', () => {
    const { a, b } = apart();
    a.do({ type: 'completeStep', no: 1 }, 'p-a');
    b.do({ type: 'completeStep', no: 1 }, 'p-b');
    expect(step(together(a, b), 1)).toMatchObject({ state: 'done', signedBy: ['p-a', 'p-b'], flags: [] });
  });

  it('both did a step of two signatures: that is twice one pair of eyes, and it still waits for a second', () => {
    const { a, b } = apart();
    a.do({ type: 'completeStep', no: 2 }, 'p-a');
    b.do({ type: 'completeStep', no: 2 }, 'p-b');
    expect(step(together(a, b), 2)).toMatchObject({ state: 'waitSecond', signedBy: ['p-a', 'p-b'] });
    // Once they know of each other, either may sign to have checked the other's.
    a.receive(b);
    a.do({ type: 'completeStep', no: 2, as: 'verifier' }, 'p-b');
    expect(a.step(2).state).toBe('done');
  });

  it('one did it and the other verified it: two people, done', () => {
    const { a, b } = apart();
    a.do({ type: 'completeStep', no: 2 }, 'p-a');
    b.do({ type: 'completeStep', no: 2, as: 'verifier' }, 'p-b');
    expect(step(together(a, b), 2)).toMatchObject({ state: 'done', signedBy: ['p-a', 'p-b'] });
  });

  it('one person signed at both desks: done once, marked, and never two people', () => {
    const { a, b } = apart();
    a.do({ type: 'completeStep', no: 1 }, 'p-a');
    b.do({ type: 'completeStep', no: 1 }, 'P-A ');
    expect(step(together(a, b), 1)).toMatchObject({ state: 'done', flags: ['dupActor'] });
    a.do({ type: 'completeStep', no: 2 }, 'p-a');
    b.do({ type: 'completeStep', no: 2, as: 'verifier' }, 'p-a');
    expect(step(together(a, b), 2).state).toBe('waitSecond');
  });

  it('one did it and the other skipped or failed it: a conflict that locks what follows until a person resolves it', () => {
    const { a, b } = apart();
    a.do({ type: 'completeStep', no: 1 }, 'p-a');
    a.do({ type: 'completeStep', no: 3, route: 'singleFeed' }, 'p-a');
    b.do({ type: 'skipStep', no: 1, reason: 'no terminal' }, 'p-b');
    const run = together(a, b);
    expect(step(run, 1)).toMatchObject({ state: 'conflict', endedAtMs: null });
    // What was done behind it stays, and says that it was done before anybody knew.
    expect(step(run, 3)).toMatchObject({ state: 'done', flags: ['beforeConflict'] });
    expect(step(run, 4).state).toBe('locked');
    a.receive(b);
    expect(a.do({ type: 'completeStep', no: 1 }, 'p-a')).toMatchObject({ ok: false, code: 'CONFLICT' });
    a.do({ type: 'assignRole', role: 'IC', person: 'p-c', knownRoles: ['IC'] });
    const done = a.step(1).marks.find((mark) => mark.kind === 'signed')?.opId ?? '';
    expect(a.do({ type: 'resolveConflict', no: 1, keep: done, reason: 'seen on screen' }, 'p-a')).toMatchObject({ ok: false, code: 'FORBIDDEN' });
    a.do({ type: 'resolveConflict', no: 1, keep: done, reason: 'seen on screen' }, 'p-c');
    expect(a.step(1)).toMatchObject({ state: 'done', signedBy: ['p-a'] });
    expect(a.step(4).state).toBe('ready');

    const failed = apart();
    failed.a.do({ type: 'completeStep', no: 1 }, 'p-a');
    failed.b.do({ type: 'failStep', no: 1, reason: 'terminals disagree' }, 'p-b');
    expect(step(together(failed.a, failed.b), 1).state).toBe('conflict');
  });

  it('chose different branches: the run waits for whoever commands it, and what was done off the branch is kept and labelled', () => {
    const { a, b } = apart('EP-01', (desk) => desk.do({ type: 'completeStep', no: 1 }));
    a.do({ type: 'completeStep', no: 3, route: 'singleFeed' }, 'p-a');
    a.do({ type: 'completeStep', no: 4 }, 'p-a');
    b.do({ type: 'completeStep', no: 3, route: 'venueWide' }, 'p-b');
    b.do({ type: 'completeStep', no: 7, note: 'called the bureau' }, 'p-b');
    const run = together(a, b);
    expect(step(run, 3)).toMatchObject({ state: 'conflict', route: null });
    expect(step(run, 4)).toMatchObject({ state: 'done', flags: ['beforeConflict'] });
    a.receive(b);
    const venueWide = a.step(3).marks.find((mark) => mark.route === 'venueWide')?.opId ?? '';
    a.do({ type: 'resolveConflict', no: 3, keep: venueWide, reason: 'the venue says so' }, 'p-a');
    expect(a.step(3)).toMatchObject({ state: 'done', route: 'venueWide' });
    expect(a.step(4)).toMatchObject({ state: 'done', flags: expect.arrayContaining(['offBranch']) });
    expect(a.step(5).state).toBe('notApplicable');
  });

  it('both claim command: the earlier holder stays, and both claims are shown until one is made knowing of the other', () => {
    const { a, b } = apart();
    a.do({ type: 'assignRole', role: 'IC', person: 'p-a', knownRoles: ['IC'] });
    b.do({ type: 'assignRole', role: 'IC', person: 'p-b', knownRoles: ['IC'] });
    const run = together(a, b);
    expect(run.roles.IC).toBe('p-a');
    expect(run.roleClaims.map((claim) => claim.person)).toEqual(['p-a', 'p-b']);
    b.receive(a);
    b.do({ type: 'assignRole', role: 'IC', person: 'p-a', knownRoles: ['IC'] });
    expect(b.run.roleClaims.map((claim) => claim.person)).toEqual(['p-a']);
  });

  it('added evidence, notes and contacts: all of them are there', () => {
    const { a, b } = apart();
    a.do({ type: 'addEvidence', no: 1, item: { kind: 'typed', label: 'clock', text: '09:31:02' } }, 'p-a');
    b.do({ type: 'addEvidence', no: 1, item: { kind: 'file', hash: 'b'.repeat(64), name: 'screen.png', type: 'image/png' } }, 'p-b');
    b.do({ type: 'note', no: 1, note: 'called the vendor' }, 'p-b');
    const run = together(a, b);
    expect(step(run, 1).evidence.map(({ by }) => by)).toEqual(['p-a', 'p-b']);
    expect(step(run, 1).notes.map(({ text }) => text)).toEqual(['called the vendor']);
  });

  it('started the same series: the earliest start counts, and both are shown', () => {
    const { a, b } = apart('EP-09', (desk) => desk.do({ type: 'completeStep', no: 1 }));
    b.do({ type: 'beat', no: 10, note: 'first figures', readings: [] }, 'p-b');
    a.do({ type: 'beat', no: 10, note: 'also first', readings: [] }, 'p-a');
    const merged = step(together(a, b), 10);
    expect(merged.starts.map(({ by }) => by).sort()).toEqual(['p-a', 'p-b']);
    expect(merged.startedAtMs).toBe(Math.min(...merged.starts.map(({ atMs }) => atMs)));
    expect(merged.beats.map(({ note }) => note).sort()).toEqual(['also first', 'first figures']);
  });

  it('ran different versions of the plan: nothing is merged, each run stays whole and names the other', () => {
    const a = new Replica({ device: 'A' }).start(planOf('EP-01'), 'p-a', { planHash: 'a'.repeat(64) });
    const b = new Replica({ device: 'B' }).start(planOf('EP-01'), 'p-b', { planHash: 'b'.repeat(64) });
    a.do({ type: 'completeStep', no: 1 }, 'p-a');
    b.do({ type: 'completeStep', no: 2 }, 'p-b');
    const [one, other, ...more] = foldOps(joinOps(a.ops, b.ops));
    expect(more).toEqual([]);
    expect([one?.siblings, other?.siblings]).toEqual([['b'.repeat(64)], ['a'.repeat(64)]]);
    expect(one?.steps.map((each) => each.marks.length).slice(0, 2)).toEqual([1, 0]);
    expect(other?.steps.map((each) => each.marks.length).slice(0, 2)).toEqual([0, 1]);
  });

  it('closed it on one desk while the other still worked: what came to light is in the annex, and the closing is signed again', () => {
    const { a, b } = apart();
    for (const { no } of a.run.steps) a.do({ type: 'skipStep', no, reason: 'exercise', confirmed: confirmed('p-x') });
    a.do({ type: 'finish', note: 'all well' }, 'p-a');
    b.do({ type: 'addEvidence', no: 1, item: { kind: 'typed', label: '', text: 'late finding' } }, 'p-b');
    const run = together(a, b);
    expect(run).toMatchObject({ state: 'amended', annex: [{ device: 'B', type: 'run.evidenceAdded', no: 1, by: 'p-b' }] });
    a.receive(b);
    a.do({ type: 'finish', note: 'with the late finding' }, 'p-a');
    expect(foldOps(a.ops)[0]).toMatchObject({ state: 'finished', endReason: 'with the late finding' });
    // A note made after reading the closing is no amendment.
    a.do({ type: 'note', note: 'thanks to all' }, 'p-a');
    expect(foldOps(a.ops)[0]?.state).toBe('finished');
  });

  it('signed by a withdrawn key: it stays in the record and counts for no hold', () => {
    const { a, b } = apart();
    for (const { no } of a.run.steps) if (no < 9) a.do({ type: 'skipStep', no, reason: 'exercise', confirmed: confirmed('p-x') });
    b.receive(a);
    a.do({ type: 'completeStep', no: 9 }, 'p-a');
    a.do({ type: 'completeStep', no: 9 }, 'p-b');
    expect(a.step(9).state).toBe('done');
    const ofOpId = a.step(9).marks[1]?.opId ?? '';
    const op = { ...(b.ops[0] as (typeof b.ops)[number]), opId: 'B-1', device: 'B', deviceSeq: 1, versionVector: { B: 1 } };
    const disputed = {
      ...op,
      event: { type: 'run.trustDisputed' as const, payload: { runId: a.run.runId, atMs: 1, ofOpId, reason: 'key withdrawn' } },
    };
    const run = foldOps(joinOps(a.ops, [disputed]))[0];
    expect(run === undefined ? null : step(run, 9)).toMatchObject({ state: 'waitSecond', flags: ['disputed'] });
    expect(run === undefined ? [] : step(run, 9).signedBy).toEqual(['p-a', 'p-b']);
  });
});

describe('the order of entries', () => {
  it('puts nothing before what its author knew of, whatever the clocks say', () => {
    const { a, b } = apart();
    b.do({ type: 'note', note: 'one' }, 'p-b');
    a.receive(b);
    a.do({ type: 'note', note: 'two' }, 'p-a');
    const late = a.ops.map((op) => (op.device === 'A' ? { ...op, hlc: '000000000000001-000000-A' } : op));
    const notes = orderOps(late).flatMap((op) => (op.event.type === 'run.noted' ? [op.event.payload.note] : []));
    expect(notes).toEqual(['one', 'two']);
  });

  it('is the same fold as the desk makes one entry after the other', () => {
    const a = new Replica().start(planOf('EP-06'));
    a.do({ type: 'completeStep', no: 1 }, 'p-a');
    a.do({ type: 'completeStep', no: 2 }, 'p-a');
    a.do({ type: 'completeStep', no: 3, route: 'leak' }, 'p-a');
    a.do({ type: 'completeStep', no: 3 }, 'p-b');
    a.do({ type: 'deferStep', no: 6, untilNo: 11, reason: 'tapes are away' }, 'p-a');
    const folded = foldOps(a.ops)[0];
    expect(folded === undefined ? '' : runState(folded)).toBe(runState(a.run));
  });

  it('makes three desks agree, in whatever order they meet', { timeout: 30_000 }, () => {
    const outcomes = Array.from({ length: 60 }, (_, index) => meetThree(index + 1, 40));
    expect(outcomes.flatMap(({ faults }) => faults)).toEqual([]);
    // The sample is worth something only if desks really disagreed in it.
    expect(outcomes.reduce((sum, { conflicts }) => sum + conflicts, 0)).toBeGreaterThan(20);
  });
});
