/** Folds a drill's entries into how it stands. */
import type { Recorded } from '#shared/desk/decision';
import type { Drill } from '#shared/desk/drills/drill';
import type { DrillEventBody } from '#shared/desk/drills/events';

export function evolveDrill(before: Drill | null, event: DrillEventBody, entry: Recorded): Drill | null {
  const { actor: by, sequence } = entry;
  const { atMs } = event.payload;
  if (event.type === 'drill.drafted') return drafted(event.payload, entry);
  if (before === null) return null;
  const drill: Drill = { ...before, sequence };
  switch (event.type) {
    case 'drill.approved':
      return { ...drill, state: 'approved', approvedBy: [by, event.payload.secondPerson] };
    case 'drill.scheduled':
      return { ...drill, state: 'scheduled', plannedAtMs: event.payload.plannedAtMs };
    case 'drill.started':
      return { ...drill, state: 'running', startedAtMs: atMs };
    case 'drill.runLinked':
      return { ...drill, runId: event.payload.runId };
    case 'drill.paused':
      return { ...drill, state: 'paused', pauses: [...drill.pauses, { fromMs: atMs, toMs: null, reason: event.payload.reason }] };
    case 'drill.resumed':
      return { ...drill, state: 'running', pauses: closed(drill.pauses, atMs) };
    case 'drill.injected': {
      const { no, outcome, note } = event.payload;
      return { ...drill, injected: [...drill.injected, { no, atMs, by, outcome, note }] };
    }
    case 'drill.observed':
      return { ...drill, observations: [...drill.observations, { ...event.payload.observation, by }] };
    case 'drill.marked': {
      const { mark } = event.payload;
      const others = drill.marks.filter((each) => each.taskId !== mark.taskId || each.by !== by);
      return { ...drill, marks: [...others, { ...mark, by }] };
    }
    case 'drill.ended':
      return { ...drill, state: 'ended', endedAtMs: atMs, pauses: closed(drill.pauses, atMs) };
    case 'drill.aborted':
      return { ...drill, state: 'aborted', endedAtMs: atMs, abortReason: event.payload.reason, pauses: closed(drill.pauses, atMs) };
    case 'drill.leaked':
      return { ...drill, leak: { atMs, text: event.payload.text } };
    case 'drill.hotwashed': {
      const { present, wentWell, toBetter } = event.payload;
      return { ...drill, state: 'hotwash', hotwash: { atMs, by, present, wentWell, toBetter } };
    }
    case 'drill.reviewed': {
      const { strengths, improvements } = event.payload;
      const open = improvements.map((each) => ({ ...each, closedBy: null }));
      const draftedAtMs = drill.draftedAtMs ?? atMs;
      return { ...drill, state: 'aarDraft', strengths, improvements: open, draftedAtMs, signedAtMs: null, signedBy: [] };
    }
    case 'drill.signed':
      return { ...drill, state: stateWhenSigned(drill.improvements), signedAtMs: atMs, signedBy: [...drill.signedBy, by] };
    case 'drill.improvementClosed': {
      const { actionId, byDrillId, points } = event.payload;
      const improvements = drill.improvements.map((each) =>
        each.actionId === actionId ? { ...each, closedBy: { drillId: byDrillId, points, atMs } } : each,
      );
      return { ...drill, improvements, state: drill.state === 'actionsOpen' ? stateWhenSigned(improvements) : drill.state };
    }
    case 'drill.closed':
      return { ...drill, state: 'closed' };
  }
}

/** A signed report stays open for as long as something that it asks for was not shown to be done. */
function stateWhenSigned(improvements: Drill['improvements']): 'actionsOpen' | 'aarSigned' {
  return improvements.some(({ closedBy }) => closedBy === null) ? 'actionsOpen' : 'aarSigned';
}

function closed(pauses: Drill['pauses'], atMs: number): Drill['pauses'] {
  return pauses.map((pause) => (pause.toMs === null ? { ...pause, toMs: atMs } : pause));
}

function drafted(payload: Extract<DrillEventBody, { type: 'drill.drafted' }>['payload'], { actor, sequence }: Recorded): Drill {
  const { drillId, scenario, players, controllers, evaluators, atMs } = payload;
  return {
    drillId,
    scenario,
    state: 'draft',
    createdBy: actor,
    createdAtMs: atMs,
    approvedBy: [],
    players,
    controllers,
    evaluators,
    plannedAtMs: null,
    startedAtMs: null,
    endedAtMs: null,
    pauses: [],
    runId: null,
    injected: [],
    observations: [],
    marks: [],
    hotwash: null,
    draftedAtMs: null,
    signedAtMs: null,
    strengths: [],
    improvements: [],
    leak: null,
    abortReason: null,
    signedBy: [],
    sequence,
  };
}
