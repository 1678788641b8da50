/** Joins what several desks recorded about one run while apart: the union of their entries, folded in one order that every desk works out alike. */
import { deriveStates } from '#shared/desk/plans/derive';
import { type RunEventBody, runEventSchema } from '#shared/desk/plans/events';
import { applyToRun, startRun } from '#shared/desk/plans/evolve';
import type { Run } from '#shared/desk/plans/plan';
import { canonicalJson } from '#shared/journal/canonical';
import type { Mode } from '#shared/journal/entry';

/** An entry of a run with what orders it. `versionVector` says how much of each desk's journal its own desk knew. */
export type RunOp = {
  opId: string;
  device: string;
  deviceSeq: number;
  versionVector: Readonly<Record<string, number>>;
  hlc: string;
  actor: string;
  mode: Mode;
  event: RunEventBody;
};

/** Reads a journal entry of a run; null for one that this version cannot read. */
export function runOpOf(entry: Omit<RunOp, 'event'> & { type: string; payload: string }): RunOp | null {
  const event = runEventSchema.safeParse({ type: entry.type, payload: JSON.parse(entry.payload) as unknown });
  if (!event.success) return null;
  const { opId, device, deviceSeq, versionVector, hlc, actor, mode } = entry;
  return { opId, device, deviceSeq, versionVector, hlc, actor, mode, event: event.data };
}

/** The union: an entry that both have is one entry. */
export function joinOps(...sets: readonly (readonly RunOp[])[]): RunOp[] {
  return [...new Map(sets.flat().map((op) => [`${op.device} ${op.deviceSeq}`, op])).values()];
}

/**
 * One order for any set of entries: none before what its author knew of; of those that may come next, the earliest by hybrid clock, then by
 * device. Entries whose vectors contradict each other (which no desk writes) still get an order: the clock decides.
 */
export function orderOps(ops: readonly RunOp[]): RunOp[] {
  const byDevice = new Map<string, RunOp[]>();
  for (const op of ops) {
    const list = byDevice.get(op.device);
    if (list === undefined) byDevice.set(op.device, [op]);
    else list.push(op);
  }
  const queues = [...byDevice.values()].map((list) => ({ list: list.sort((a, b) => a.deviceSeq - b.deviceSeq), at: 0 }));
  const ordered: RunOp[] = [];
  while (ordered.length < ops.length) {
    let best: (typeof queues)[number] | null = null;
    let bestOp: RunOp | null = null;
    let isBestFree = false;
    for (const queue of queues) {
      const op = queue.list[queue.at];
      if (op === undefined) continue;
      const isFree = queues.every((other) => other === queue || !knows(op, other.list[other.at]));
      if (bestOp === null || (isFree && !isBestFree) || (isFree === isBestFree && precedes(op, bestOp))) {
        best = queue;
        bestOp = op;
        isBestFree = isFree;
      }
    }
    if (best === null || bestOp === null) break;
    best.at += 1;
    ordered.push(bestOp);
  }
  return ordered;
}

/** What desks that ran the same plan arrive at; a run for each version of the plan, linked as siblings, where they did not. */
export function foldOps(ops: readonly RunOp[]): Run[] {
  const mode = modeOf(ops);
  const ordered = orderOps(ops.filter((op) => op.mode === mode));
  const started = ordered.filter((op) => op.event.type === 'run.started');
  const hashes = [...new Set(started.map(planHashOf))].sort();
  return hashes.map((hash) => foldVersion(ordered, started, hash, hashes.length > 1)).filter((run) => run !== null);
}

/** A drill's entries sign nothing of a live run, whatever brought them together. */
function modeOf(ops: readonly RunOp[]): Mode {
  return ops.some((op) => op.mode === 'live') ? 'live' : 'drill';
}

/** Equal for two desks exactly when they show the same run. The place in this device's own file is no part of it, and the plan is in its hash. */
export function runState(run: Run): string {
  const { sequence: _own, plan: _plan, ...shared } = run;
  return canonicalJson(shared);
}

function foldVersion(ordered: readonly RunOp[], started: readonly RunOp[], hash: string, isOneOfSeveral: boolean): Run | null {
  const own = isOneOfSeveral ? ordered.filter((op) => planHashOf(beginningOf(op, started)) === hash) : ordered;
  let run: Run | null = null;
  for (const [index, op] of own.entries()) {
    const recorded = { ...op, sequence: index };
    if (run !== null) applyToRun(run, op.event, recorded);
    else if (op.event.type === 'run.started') run = startRun(op.event.payload, recorded);
  }
  if (run !== null) {
    deriveStates(run);
    close(run, own);
    if (isOneOfSeveral) run.siblings = [...new Set([...run.siblings, ...started.filter((op) => planHashOf(op) !== hash).map(planHashOf)])].sort();
  }
  return run;
}

/** The start that an entry's author knew of; their own desk's where they knew several. */
function beginningOf(op: RunOp, started: readonly RunOp[]): RunOp | undefined {
  const known = started.filter((start) => start === op || knows(op, start));
  return known.find((start) => start.device === op.device) ?? known[0] ?? started[0];
}

function planHashOf(op: RunOp | undefined): string {
  return op?.event.type === 'run.started' ? op.event.payload.planHash : '';
}

const AFTER_THE_END = new Set<RunEventBody['type']>(['run.noted', 'run.evidenceAdded', 'run.siblingLinked', 'run.trustDisputed', 'run.flagged']);

/** A closing speaks for what its signer knew. What else there is goes into the annex, and the closing has to be signed again. */
function close(run: Run, own: readonly RunOp[]): void {
  const end = own.findLast((op) => op.event.type === 'run.finished' || op.event.type === 'run.aborted');
  if (end === undefined) return;
  const ends = own.filter((op) => op.event.type === 'run.finished' || op.event.type === 'run.aborted');
  const unknown = own.filter((op) => op !== end && !knows(end, op) && !(knows(op, end) && AFTER_THE_END.has(op.event.type)));
  if (ends.length > 1) run.annex = annexOf(own.filter((op) => ends.some((each) => each !== op && !knows(each, op) && !knows(op, each))));
  if (unknown.length === 0) return;
  run.annex = annexOf([...new Set([...own.filter((op) => run.annex.some((each) => each.opId === op.opId)), ...unknown])]);
  run.state = 'amended';
}

function annexOf(ops: readonly RunOp[]): Run['annex'] {
  return ops.map(({ opId, device, deviceSeq, actor, event }) => {
    const no = 'no' in event.payload ? event.payload.no : null;
    return { opId, device, deviceSeq, type: event.type, no, by: actor, atMs: event.payload.atMs };
  });
}

function knows(op: RunOp, earlier: RunOp | undefined): boolean {
  return earlier !== undefined && (op.versionVector[earlier.device] ?? 0) >= earlier.deviceSeq;
}

function precedes(a: RunOp, b: RunOp): boolean {
  if (a.hlc !== b.hlc) return a.hlc < b.hlc;
  return a.device < b.device;
}
