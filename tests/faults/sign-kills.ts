/**
 * Stops the disk in the middle of signing a step: what a crash leaves of the write-ahead log is any beginning of what was being appended. Each
 * such beginning is opened as a desk of its own, and the step must be wholly signed there or not signed at all.
 */
import { cpSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { RequestPayload } from '#shared/contract/requests';
import type { Run } from '#shared/desk/plans/plan';
import { type OpenDesk, openDesk } from '#tests/integration/journal/helpers';

export type SignKillOutcome = { cuts: number; signed: number; notSigned: number; faults: string[] };

/** One signature costs this many cuts: at frame borders, and inside a frame. */
const CUTS_PER_SIGNATURE = 10;

export async function cutSignatures(cuts: number, seed: number): Promise<SignKillOutcome> {
  const outcome: SignKillOutcome = { cuts: 0, signed: 0, notSigned: 0, faults: [] };
  let state = seed >>> 0;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
  while (outcome.cuts < cuts) {
    const folder = mkdtempSync(join(tmpdir(), 'floorwatch-sign-'));
    const people = { second: 0 };
    const desk = openDesk(folder, {
      secondPerson: { take: () => ({ ok: true, value: { personId: `second-${people.second++}`, sessionId: 's', keyId: 'k', signature: 'x' } }) },
    });
    try {
      await signAndCut(desk, folder, cuts, random, outcome);
    } finally {
      await desk.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return outcome;
}

type SignPayload = RequestPayload<'run.completeStep'>;

async function signAndCut(open: OpenDesk, folder: string, cuts: number, random: () => number, outcome: SignKillOutcome): Promise<void> {
  const started = await open.desk.requests['run.start']({ planId: 'EP-01' });
  if (!started.ok) throw new Error(started.message);
  const { runId } = started.value;
  const path = open.store.journalFile.path;
  const wal = `${path}-wal`;
  const confirmationId = '01996b1c-0000-7000-8000-000000000009';
  const signings: SignPayload[] = [
    { runId, no: 1, note: 'seen on three screens' },
    { runId, no: 2 },
    { runId, no: 2, confirmationId },
    { runId, no: 3, route: 'singleFeed' },
    { runId, no: 4, note: 'switched' },
    { runId, no: 6, note: 'notice out' },
    { runId, no: 7, note: 'called' },
  ];
  for (const payload of signings) {
    if (outcome.cuts >= cuts) return;
    open.clock.ms += 10_000;
    const before = marksOf(open.desk.plans.run(runId), payload.no);
    const from = statSync(wal).size;
    const answered = await open.desk.requests['run.completeStep'](payload);
    if (!answered.ok) throw new Error(`step ${payload.no}: ${answered.message}`);
    const to = statSync(wal).size;
    const after = marksOf(answered.value, payload.no);
    // The log was begun anew in between: there is no beginning to cut.
    if (to <= from) continue;
    for (let count = 0; count < CUTS_PER_SIGNATURE && outcome.cuts < cuts; count += 1) {
      // The first is the whole of it, the second nothing; the others anywhere between.
      const length = count === 0 ? to : count === 1 ? from : from + Math.floor(random() * (to - from + 1));
      outcome.cuts += 1;
      judge(cutCopy(folder, path, length), { runId, no: payload.no, before, after, isWhole: length === to }, outcome);
    }
  }
}

function marksOf(run: Run | null, no: number): string {
  const step = run?.steps.find((each) => each.no === no);
  return JSON.stringify(step === undefined ? null : [step.state, step.signedBy, step.starts.length, step.readings.length, step.notes.length]);
}

function cutCopy(folder: string, journalPath: string, walLength: number): string {
  const copy = mkdtempSync(join(tmpdir(), 'floorwatch-cut-'));
  // The shared-memory index is rebuilt from the log, as after a crash of the machine.
  cpSync(folder, copy, { recursive: true, filter: (source) => !source.endsWith('-shm') });
  truncateSync(`${join(copy, relative(folder, journalPath))}-wal`, walLength);
  return copy;
}

type Expected = { runId: string; no: number; before: string; after: string; isWhole: boolean };

function judge(copy: string, { runId, no, before, after, isWhole }: Expected, outcome: SignKillOutcome): void {
  const left = openDesk(copy);
  try {
    const found = marksOf(left.desk.plans.run(runId), no);
    if (found === after) outcome.signed += 1;
    else if (found === before) outcome.notSigned += 1;
    else outcome.faults.push(`step ${no} is half signed: ${found}, neither ${before} nor ${after}`);
    if (isWhole && found !== after) outcome.faults.push(`step ${no} was answered as signed and is lost`);
    const verdict = left.journal.verify();
    if (verdict.verdict !== 'OK') outcome.faults.push(`chain: ${JSON.stringify(verdict)}`);
    const folded = JSON.stringify(left.journal.tables.runs.get(runId));
    left.journal.rebuildProjections();
    if (JSON.stringify(left.journal.tables.runs.get(runId)) !== folded)
      outcome.faults.push(`the run is not the fold of its entries after a cut at step ${no}`);
  } finally {
    left.store.journalFile.database.close();
    rmSync(copy, { recursive: true, force: true });
  }
}
