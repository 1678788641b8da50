/** Decides what may be done with a drill: approved by two, run on its own clock, evaluated by people who did not play, closed only when what failed was done well again. */
import type { Decision, DecisionContext } from '#shared/desk/decision';
import { type Drill, drillTimeMs, type Improvement, type Mark } from '#shared/desk/drills/drill';
import type { DrillEvent, DrillEventBody } from '#shared/desk/drills/events';
import type { DrillScenario, Inject } from '#shared/desk/drills/scenario';
import { type Refusal, refuse } from '#shared/refusal';

export type DraftDrill = { scenario: DrillScenario; players: string[]; controllers: string[]; evaluators: string[] };

export type DrillCommand =
  | { type: 'approve'; secondPerson: string }
  | { type: 'schedule'; plannedAtMs: number }
  | { type: 'start' }
  | { type: 'linkRun'; runId: string }
  | { type: 'pause'; reason: string }
  | { type: 'resume' }
  | { type: 'injected'; no: number; outcome: 'done' | 'failed' | 'skipped'; note: string }
  | { type: 'observe'; taskId: string | null; fact: string; opinion: string }
  | { type: 'mark'; mark: Omit<Mark, 'by'> }
  | { type: 'end' }
  | { type: 'abort'; reason: string }
  | { type: 'leak'; text: string }
  | { type: 'hotwash'; present: string[]; wentWell: string; toBetter: string }
  | { type: 'review'; strengths: string[]; improvements: Omit<Improvement, 'closedBy'>[] }
  | { type: 'sign' }
  | { type: 'closeImprovement'; actionId: string; byDrillId: string; points: number }
  | { type: 'close' };

/** Points that a failed task needs in a later drill before its improvement counts as done (resources/drills/scoring.json, rating S). */
export type RetestRule = { atLeastPoints: number };

export function decideDraft(draft: DraftDrill, context: DecisionContext): Decision<DrillEvent> {
  const inBoth = draft.players.find((person) => draft.evaluators.includes(person));
  if (inBoth !== undefined) return refuse('INVALID', `${inBoth} cannot play and evaluate`, 'evaluators');
  const drillId = context.newId();
  return [{ type: 'drill.drafted', subject: `drill:${drillId}`, payload: { drillId, atMs: context.nowMs, ...draft } }];
}

export function decideDrill(drill: Drill, command: DrillCommand, retest: RetestRule, context: DecisionContext): Decision<DrillEvent> {
  const body = decideBody(drill, command, retest, context);
  if ('code' in body) return body;
  return [{ ...body, subject: `drill:${drill.drillId}` }];
}

function decideBody(drill: Drill, command: DrillCommand, retest: RetestRule, { nowMs, actor }: DecisionContext): DrillEventBody | Refusal {
  const base = { drillId: drill.drillId, atMs: nowMs };
  const wrongState = refuse('CONFLICT', `the drill is ${drill.state}`, 'drillId');
  const isGoing = drill.state === 'running' || drill.state === 'paused';
  const isOver = drill.state === 'ended' || drill.state === 'aborted' || drill.state === 'hotwash' || drill.state === 'aarDraft';
  const isReady = drill.state === 'approved' || drill.state === 'scheduled';
  switch (command.type) {
    case 'approve':
      if (drill.state !== 'draft') return wrongState;
      if (command.secondPerson === actor) return refuse('FORBIDDEN', 'a drill is approved by two people', 'secondPerson');
      return { type: 'drill.approved', payload: { ...base, secondPerson: command.secondPerson } };
    case 'start':
      return isReady ? { type: 'drill.started', payload: base } : wrongState;
    case 'schedule':
      if (!isReady) return wrongState;
      if (command.plannedAtMs <= nowMs) return refuse('INVALID', 'plannedAtMs lies in the past', 'plannedAtMs');
      return { type: 'drill.scheduled', payload: { ...base, plannedAtMs: command.plannedAtMs } };
    case 'linkRun':
      return isGoing ? { type: 'drill.runLinked', payload: { ...base, runId: command.runId } } : wrongState;
    case 'pause':
      return drill.state === 'running' ? { type: 'drill.paused', payload: { ...base, reason: command.reason } } : wrongState;
    case 'resume':
      return drill.state === 'paused' ? { type: 'drill.resumed', payload: base } : wrongState;
    case 'injected': {
      if (!isGoing) return wrongState;
      const { no, outcome, note } = command;
      if (!drill.scenario.injects.some((inject) => inject.no === no)) return refuse('UNKNOWN', `there is no inject ${no}`, 'no');
      if (drill.injected.some((done) => done.no === no)) return refuse('CONFLICT', `inject ${no} was given already`, 'no');
      return { type: 'drill.injected', payload: { ...base, no, outcome, note } };
    }
    case 'observe': {
      if (!isGoing && !isOver) return wrongState;
      const { taskId, fact, opinion } = command;
      if (taskId !== null && !hasTask(drill, taskId)) return refuse('UNKNOWN', `there is no critical task ${taskId}`, 'taskId');
      return { type: 'drill.observed', payload: { ...base, observation: { atMs: nowMs, taskId, fact, opinion } } };
    }
    case 'mark':
      if (!isGoing && !isOver) return wrongState;
      if (!hasTask(drill, command.mark.taskId)) return refuse('UNKNOWN', `there is no critical task ${command.mark.taskId}`, 'mark.taskId');
      if (drill.players.includes(actor)) return refuse('FORBIDDEN', 'who played does not evaluate', 'mark');
      return { type: 'drill.marked', payload: { ...base, mark: command.mark } };
    case 'end':
      return isGoing ? { type: 'drill.ended', payload: base } : wrongState;
    case 'abort':
      return isGoing ? { type: 'drill.aborted', payload: { ...base, reason: command.reason } } : wrongState;
    case 'leak':
      return drill.leak === null ? { type: 'drill.leaked', payload: { ...base, text: command.text } } : wrongState;
    case 'hotwash': {
      if (!isOver || drill.state === 'aarDraft') return wrongState;
      const { present, wentWell, toBetter } = command;
      if (wentWell.trim() === '' && toBetter.trim() === '') return refuse('INVALID', 'say what went well or what is to be bettered', 'wentWell');
      return { type: 'drill.hotwashed', payload: { ...base, present, wentWell, toBetter } };
    }
    case 'review': {
      if (drill.state === 'ended' || drill.state === 'aborted') return refuse('CONFLICT', 'the hot-wash with everybody comes first', 'hotwash');
      if (!isOver) return wrongState;
      const stray = command.improvements.find(({ taskId }) => !hasTask(drill, taskId));
      if (stray !== undefined) return refuse('UNKNOWN', `there is no critical task ${stray.taskId}`, 'improvements');
      const { strengths, improvements } = command;
      return { type: 'drill.reviewed', payload: { ...base, strengths, improvements } };
    }
    case 'sign':
      return drill.state === 'aarDraft' ? { type: 'drill.signed', payload: base } : wrongState;
    case 'closeImprovement': {
      const { actionId, byDrillId, points } = command;
      const improvement = drill.improvements.find((each) => each.actionId === actionId);
      if (improvement === undefined) return refuse('UNKNOWN', `there is no improvement ${actionId}`, 'actionId');
      if (improvement.closedBy !== null || drill.state !== 'actionsOpen') return wrongState;
      if (byDrillId === drill.drillId) return refuse('CONFLICT', 'the drill that found it does not prove that it is mended', 'byDrillId');
      if (points < retest.atLeastPoints)
        return refuse('CONFLICT', `the task was done with ${points} points again; ${retest.atLeastPoints} are needed`, 'points');
      return { type: 'drill.improvementClosed', payload: { ...base, actionId, byDrillId, points } };
    }
    case 'close': {
      if (drill.state !== 'aarSigned' && drill.state !== 'actionsOpen' && drill.state !== 'aborted') return wrongState;
      const open = drill.improvements.find(({ closedBy }) => closedBy === null);
      if (open !== undefined) return refuse('CONFLICT', `the improvement ${open.actionId} is not proved by a later drill`, 'improvements');
      return { type: 'drill.closed', payload: base };
    }
  }
}

/** Injects whose time has come and that were not given yet, in their order. None while the drill stands still. */
export function injectsDue(drill: Drill, nowMs: number): Inject[] {
  if (drill.state !== 'running') return [];
  const elapsedMs = drillTimeMs(drill, nowMs);
  const given = new Set(drill.injected.map(({ no }) => no));
  return drill.scenario.injects
    .filter(({ no, atSeconds }) => !given.has(no) && atSeconds * 1000 <= elapsedMs)
    .sort((a, b) => a.atSeconds - b.atSeconds || a.no - b.no);
}

function hasTask(drill: Drill, taskId: string): boolean {
  return drill.scenario.criticalTasks.some((task) => task.taskId === taskId);
}
