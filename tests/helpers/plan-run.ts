/** Runs a plan at one desk or at several without an engine: entries get the same places in the world that a journal would give them. */
import { join } from 'node:path';
import { loadPlans } from '#engine/desk/plans/plan-library';
import { findResourcesFolder } from '#engine/resources';
import { type Decision, isRefusal } from '#shared/desk/decision';
import type { RunBeginning, RunCommand } from '#shared/desk/plans/commands';
import { decideRun, decideStart } from '#shared/desk/plans/decide';
import type { RunEvent } from '#shared/desk/plans/events';
import { evolveRun } from '#shared/desk/plans/evolve';
import { foldOps, joinOps, type RunOp } from '#shared/desk/plans/merge';
import type { Plan, Run } from '#shared/desk/plans/plan';
import type { RoteGuard } from '#shared/desk/plans/rote-guard';
import { formatHlc } from '#shared/journal/hlc';

export const bundledPlans = loadPlans(join(findResourcesFolder(), 'plans'));

export function planOf(id: string): Plan {
  const plan = bundledPlans.library.plans.find((candidate) => candidate.id === id);
  if (plan === undefined) throw new Error(`no plan ${id}`);
  return plan;
}

const RUN_ID = '01996b1c-0000-7000-8000-000000000001';

export type ReplicaOptions = { device?: string; clockMs?: () => number; roteGuard?: RoteGuard['rules'] };

/** One desk: what it recorded or received, and the run as it sees it. */
export class Replica {
  readonly device: string;
  ops: RunOp[] = [];
  #run: Run | null = null;
  readonly #versionVector: Record<string, number> = {};
  readonly #clockMs: () => number;
  readonly #roteGuard: RoteGuard['rules'];
  ownCount = 0;
  #ids = 0;

  constructor({ device = 'A', clockMs, roteGuard }: ReplicaOptions = {}) {
    this.device = device;
    let nowMs = 1_000_000;
    this.#clockMs =
      clockMs ??
      (() => {
        nowMs += 10_000;
        return nowMs;
      });
    this.#roteGuard = roteGuard ?? [];
  }

  get run(): Run {
    if (this.#run === null) throw new Error('no run has started here');
    return this.#run;
  }

  step(no: number): Run['steps'][number] {
    const step = this.run.steps.find((candidate) => candidate.no === no);
    if (step === undefined) throw new Error(`no step ${no}`);
    return step;
  }

  start(plan: Plan, actor = 'p-a', more: Partial<RunBeginning> = {}): this {
    const nowMs = this.#clockMs();
    const beginning = { plan, planHash: 'a'.repeat(64), alertId: null, ...more };
    this.#record(decideStart(beginning, { nowMs, newId: () => RUN_ID, actor }), actor, nowMs);
    return this;
  }

  do(command: RunCommand, actor = 'p-a'): Decision<RunEvent> {
    const nowMs = this.#clockMs();
    const decision = decideRun(this.run, command, { nowMs, newId: () => this.#newId(), actor, roteGuard: this.#roteGuard });
    if (!isRefusal(decision)) this.#record(decision, actor, nowMs);
    return decision;
  }

  /** Takes in what another desk has, up to `limit` of its entries by their own order on each device. */
  receive(other: Replica): void {
    const before = this.ops.length;
    this.ops = joinOps(this.ops, other.ops);
    if (this.ops.length === before) return;
    for (const op of other.ops) this.#versionVector[op.device] = Math.max(this.#versionVector[op.device] ?? 0, op.deviceSeq);
    this.#run = foldOps(this.ops)[0] ?? null;
  }

  #newId(): string {
    this.#ids += 1;
    return `01996b1c-0000-7000-8000-${this.device.charCodeAt(0).toString(16).padStart(4, '0')}${String(this.#ids).padStart(8, '0')}`;
  }

  #record(events: readonly RunEvent[], actor: string, nowMs: number): void {
    for (const { subject: _subject, ...event } of events) {
      this.ownCount += 1;
      this.#versionVector[this.device] = this.ownCount;
      const op: RunOp = {
        opId: `${this.device}-${this.ownCount}`,
        device: this.device,
        deviceSeq: this.ownCount,
        versionVector: { ...this.#versionVector },
        hlc: formatHlc(nowMs, this.ownCount, this.device),
        actor,
        mode: 'live',
        event,
      };
      this.ops.push(op);
      this.#run = evolveRun(this.#run, event, { ...op, sequence: this.ops.length });
    }
  }
}

/** Somebody who confirmed at this screen. */
export function confirmed(personId: string): { personId: string; sessionId: string; keyId: string; signature: string } {
  return { personId, sessionId: `s-${personId}`, keyId: `k-${personId}`, signature: 'sig' };
}
