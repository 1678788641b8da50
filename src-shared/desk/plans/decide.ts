/** Decides what a person's command means for a plan run: who takes part, what belongs to the run as a whole, and what may end. */
import type { Decision, DecisionContext } from '#shared/desk/decision';
import type { RunBeginning, RunCommand, RunContext } from '#shared/desk/plans/commands';
import { decideStep, isSamePerson } from '#shared/desk/plans/decide-step';
import type { RunEvent, RunEventBody } from '#shared/desk/plans/events';
import { isSettled } from '#shared/desk/plans/evolve';
import type { Run } from '#shared/desk/plans/plan';
import { presenceIn } from '#shared/desk/plans/presence';
import { excludedBy } from '#shared/desk/plans/run-rules';
import { refuse } from '#shared/refusal';

export type { RunCommand } from '#shared/desk/plans/commands';

export function decideStart(beginning: RunBeginning, context: DecisionContext): RunEvent[] {
  const { plan, planHash, alertId } = beginning;
  const more = {
    ...(beginning.incidentId === undefined || beginning.incidentId === null ? {} : { incidentId: beginning.incidentId }),
    ...(beginning.parent === undefined || beginning.parent === null ? {} : { parent: beginning.parent }),
  };
  return [about({ type: 'run.started', payload: { runId: context.newId(), atMs: context.nowMs, plan, planHash, alertId, ...more } })];
}

export function decideRun(run: Run, command: RunCommand, context: RunContext): Decision<RunEvent> {
  const base = { runId: run.runId, atMs: context.nowMs };
  // What people learn after the end belongs to the record too.
  if (command.type === 'note') return addNote(run, command, context);
  if (command.type === 'addEvidence') {
    if (!hasStep(run, command.no)) return refuse('UNKNOWN', `${run.planId} has no step ${command.no}`, 'no');
    return [about({ type: 'run.evidenceAdded', payload: { ...base, no: command.no, item: command.item } })];
  }
  if (command.type === 'linkSibling') {
    if (run.siblings.includes(command.siblingRunId) || command.siblingRunId === run.runId) return [];
    return [about({ type: 'run.siblingLinked', payload: { ...base, siblingRunId: command.siblingRunId } })];
  }
  if (run.state !== 'running' && run.state !== 'amended') return refuse('CONFLICT', `the run is ${run.state}`);
  switch (command.type) {
    case 'assignRole':
      // Any role of the firm, not only those of this plan's steps: every run has a commander and a scribe.
      if (!command.knownRoles.includes(command.role) && !run.plan.steps.some((step) => step.role === command.role))
        return refuse('UNKNOWN', `there is no role ${command.role}`, 'role');
      return assignRole(run, command.role, command.person, context);
    case 'notePresence':
      if (presenceIn(run, command.person) === (command.isPresent ? 'here' : 'away')) return [];
      return [about({ type: 'run.presenceNoted', payload: { ...base, person: command.person, isPresent: command.isPresent } })];
    case 'immediateDone':
      if (run.immediate !== null) return [];
      return [about({ type: 'run.immediateDone', payload: { ...base, note: textOrNull(command.note) } })];
    case 'openItem':
      if (!run.plan.steps.some((step) => step.per_item?.group === command.group))
        return refuse('UNKNOWN', `no step of ${run.planId} is done once for each ${command.group}`, 'group');
      return [about({ type: 'run.itemOpened', payload: { ...base, itemId: context.newId(), group: command.group, label: command.label } })];
    case 'attachPlan':
      if (command.no !== null && !hasStep(run, command.no)) return refuse('UNKNOWN', `${run.planId} has no step ${command.no}`, 'no');
      return [about({ type: 'run.planAttached', payload: { ...base, no: command.no, planId: command.planId, childRunId: command.childRunId } })];
    case 'finish': {
      const open = run.steps.filter((step) => !isSettled(step)).map((step) => step.no);
      if (open.length > 0) return refuse('CONFLICT', `steps ${open.join(', ')} are still open: finish or skip them first`);
      return [about({ type: 'run.finished', payload: { ...base, note: textOrNull(command.note) } })];
    }
    case 'abort':
      return [about({ type: 'run.aborted', payload: { ...base, reason: command.reason } })];
    default: {
      const decision = decideStep(run, command, context);
      return Array.isArray(decision) ? decision.map(about) : decision;
    }
  }
}

function assignRole(run: Run, role: string, person: string, context: RunContext): Decision<RunEvent> {
  if (run.roles[role] === person && claimsOf(run, role) <= 1) return [];
  if (presenceIn(run, person) === 'away') return refuse('CONFLICT', `${person} is noted as gone: only who is here takes a role`, 'person');
  const isSame = (first: string, second: string): boolean => isSamePerson(context, first, second);
  const other = excludedBy(context.rolePairs ?? [], run, { wanted: role, person, atMs: context.nowMs }, isSame);
  if (other !== null) return refuse('FORBIDDEN', `${person} holds ${other}, and one person does not hold ${other} and ${role}`, 'person');
  return [about({ type: 'run.roleAssigned', payload: { runId: run.runId, atMs: context.nowMs, role, person } })];
}

function claimsOf(run: Run, role: string): number {
  return run.roleClaims.filter((claim) => claim.role === role).length;
}

function hasStep(run: Run, no: number): boolean {
  return run.steps.some((step) => step.no === no);
}

function addNote(run: Run, command: { no?: number | undefined; note: string }, context: DecisionContext): Decision<RunEvent> {
  const no = command.no ?? null;
  if (no !== null && !hasStep(run, no)) return refuse('UNKNOWN', `${run.planId} has no step ${no}`, 'no');
  return [about({ type: 'run.noted', payload: { runId: run.runId, atMs: context.nowMs, no, note: command.note } })];
}

function textOrNull(text: string | undefined): string | null {
  const trimmed = text?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}

function about(event: RunEventBody): RunEvent {
  return { ...event, subject: `run:${event.payload.runId}` };
}
