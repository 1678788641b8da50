/** Three desks work on one run, together and apart, in an order that a seed decides; afterwards all must show the same run, however they met. */
import type { RunCommand } from '#shared/desk/plans/commands';
import { isConflict, isSettled, liveMarks } from '#shared/desk/plans/derive';
import { foldOps, joinOps, type RunOp, runState } from '#shared/desk/plans/merge';
import type { Plan, Run } from '#shared/desk/plans/plan';
import { DEVIATION_CODES, type Reading } from '#shared/desk/plans/run-parts';
import { personKey } from '#shared/desk/plans/signatures';
import { bundledPlans, confirmed, Replica } from '#tests/helpers/plan-run';

export type MergeOutcome = { ops: number; conflicts: number; states: string; faults: string[] };

/** A small generator with a seed: the same seed gives the same meeting of the same desks. */
function generator(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const PEOPLE = ['p-a', 'p-b', 'p-c', 'p-d'] as const;

const BAD_READING: Reading = { sensor: 'feeds.state', atMs: 1_700_000_000_000, value: 0, unit: 'count', quality: 'bad', reason: null, detail: [] };

/** `opsEach`: how many entries each desk writes. */
export function meetThree(seed: number, opsEach: number): MergeOutcome {
  const random = generator(seed);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const plan = pick(bundledPlans.library.plans);
  let nowMs = 1_700_000_000_000;
  // Clocks of desks apart differ, by up to a minute here: order must not come from them alone.
  const replicas = ['A', 'B', 'C'].map((device) => {
    const skewMs = Math.floor(random() * 120_000) - 60_000;
    return new Replica({
      device,
      clockMs: () => {
        nowMs += 1 + Math.floor(random() * 4_000);
        return nowMs + skewMs;
      },
    });
  });
  const [first] = replicas;
  first?.start(plan, pick(PEOPLE));
  for (const other of replicas) if (first !== undefined && other !== first) other.receive(first);
  const meets = 3 + Math.floor(random() * 6);
  const meetingChance = meets / (3 * opsEach);
  for (let turn = 0; turn < 40 * opsEach && replicas.some((replica) => own(replica) < opsEach); turn += 1) {
    const replica = pick(replicas.filter((each) => own(each) < opsEach));
    replica.do(anyCommand(replica.run, plan, random, pick), pick(PEOPLE));
    if (random() < meetingChance) pick(replicas).receive(pick(replicas));
  }
  return judge(replicas, random);
}

function own(replica: Replica): number {
  return replica.ownCount;
}

/** Commands as people would give them, most of them possible: what is refused writes nothing. */
function anyCommand(run: Run, plan: Plan, random: () => number, pick: <Item>(items: readonly Item[]) => Item): RunCommand {
  const step = pick(run.steps);
  const { no } = step;
  const planned = plan.steps.find((each) => each.no === no);
  const dice = random();
  const reason = `because ${Math.floor(random() * 1_000)}`;
  if (step.state === 'conflict') {
    const keep = pick(step.marks).opId;
    return dice < 0.3 ? { type: 'resolveConflict', no, keep, reason } : { type: 'note', no, note: reason };
  }
  const signer = dice < 0.2 ? { confirmed: confirmed(pick(PEOPLE)) } : {};
  if (dice < 0.4) {
    const route = planned?.branches === undefined ? {} : { route: pick(planned.branches).id };
    return { type: 'completeStep', no, note: reason, ...route, ...signer };
  }
  if (dice < 0.5) return { type: 'startStep', no };
  if (dice < 0.56) return { type: 'skipStep', no, reason, deviation: pick(DEVIATION_CODES), detail: 'EP-15', confirmed: confirmed(pick(PEOPLE)) };
  if (dice < 0.62) return { type: 'failStep', no, reason, ...(planned?.on_fail === undefined ? {} : { route: pick(planned.on_fail).id }) };
  if (dice < 0.66) return { type: 'deferStep', no, untilNo: pick(run.steps).no, reason };
  if (dice < 0.74) return { type: 'reopenStep', no, reason };
  if (dice < 0.77) return { type: 'retryStep', no, reason };
  if (dice < 0.8) return { type: 'assignRole', role: pick(['IC', 'SCR', 'EXE']), person: pick(PEOPLE), knownRoles: ['IC', 'SCR', 'EXE'] };
  if (dice < 0.84) return { type: 'answer', no, text: reason };
  if (dice < 0.88) return { type: 'beat', no, note: reason, readings: [] };
  if (dice < 0.9) return { type: 'openItem', group: planned?.per_item?.group ?? 'none', label: reason };
  if (dice < 0.92) return { type: 'signItem', no, itemId: run.items[0]?.itemId ?? '', ...signer };
  if (dice < 0.96) return { type: 'addEvidence', no, item: { kind: 'typed', label: '', text: reason } };
  if (dice < 0.97) return { type: 'turnBack', no, readings: [BAD_READING], reopens: random() < 0.5 };
  if (dice < 0.98) return { type: 'notePresence', person: pick(PEOPLE), isPresent: random() < 0.5 };
  if (dice < 0.999) return { type: 'note', no, note: reason };
  return random() < 0.5 ? { type: 'finish' } : { type: 'abort', reason };
}

function judge(replicas: readonly Replica[], random: () => number): MergeOutcome {
  const [a, b, c] = replicas.map((replica) => replica.ops) as [RunOp[], RunOp[], RunOp[]];
  const faults: string[] = [];
  const stateOf = (ops: readonly RunOp[]): string => foldOps(ops).map(runState).join('\n');
  const left = joinOps(joinOps(a, b), c);
  const folded = foldOps(left);
  const states = folded.map(runState).join('\n');
  const right = joinOps(a, joinOps(b, c));
  const turned = joinOps(c, b, a);
  // The union is the same set however it is joined; of one set every order, with entries that come twice, gives one state: together, every meeting does.
  if (namesOf(right) !== namesOf(left)) faults.push('not associative');
  if (namesOf(turned) !== namesOf(left)) faults.push('not commutative');
  if (namesOf(joinOps(left, left, turned)) !== namesOf(left)) faults.push('not idempotent');
  if (stateOf(joinOps(shuffled([...left, ...turned], random))) !== states) faults.push('depends on the order of arrival');
  const run = folded[0];
  if (run === undefined) return { ops: left.length, conflicts: 0, states, faults: [...faults, 'no run'] };
  return {
    ops: left.length,
    conflicts: run.steps.filter((step) => step.state === 'conflict').length,
    states,
    faults: [...faults, ...brokenPromises(run, left)],
  };
}

/** The entries of a set, whatever order they are in. */
function namesOf(ops: readonly RunOp[]): string {
  return ops
    .map(({ opId }) => opId)
    .sort()
    .join(' ');
}

function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  const copy = [...items];
  for (let index = copy.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    [copy[index], copy[other]] = [copy[other] as Item, copy[index] as Item];
  }
  return copy;
}

/** What must hold of any merged run, whatever people did. */
export function brokenPromises(run: Run, ops: readonly RunOp[]): string[] {
  const faults: string[] = [];
  const evidence = ops.filter((op) => op.event.type === 'run.evidenceAdded').length;
  if (run.steps.reduce((sum, step) => sum + step.evidence.length, 0) !== evidence) faults.push('evidence was lost or doubled');
  const beats = ops.filter((op) => op.event.type === 'run.beat').length;
  if (run.steps.reduce((sum, step) => sum + step.beats.length, 0) !== beats) faults.push('a beat of a series was lost or doubled');
  for (const step of run.steps) {
    const live = liveMarks(step.marks);
    const signers = new Set(live.filter((mark) => mark.kind === 'signed').map((mark) => personKey(mark.by)));
    if (step.state === 'done' && signers.size < step.signaturesRequired) faults.push(`step ${step.no} is done by ${signers.size} people`);
    if (isConflict(live) !== (step.state === 'conflict')) faults.push(`step ${step.no} hides a conflict`);
    if (step.state === 'conflict' && step.endedAtMs !== null) faults.push(`step ${step.no} is in conflict and ended`);
    if (isSettled(step) !== (step.endedAtMs !== null)) faults.push(`step ${step.no} ended without a time`);
  }
  const bad = run.steps.filter((step) => step.state === 'conflict').map((step) => step.no);
  for (const planned of run.plan.steps) {
    const step = run.steps.find((each) => each.no === planned.no);
    if (planned.after.some((before) => bad.includes(before)) && (step?.state === 'ready' || step?.state === 'reopened'))
      faults.push(`step ${planned.no} is ready behind a conflict`);
  }
  return faults;
}
