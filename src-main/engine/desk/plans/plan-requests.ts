/** The requests about plans and runs, each with what answers it. */
import type { HandlersOf } from '#engine/desk/handlers';
import type { PlanDesk } from '#engine/desk/plans/plan-desk';
import type { PLAN_REQUESTS } from '#shared/contract/plans';

export function planRequests(plans: PlanDesk): HandlersOf<keyof typeof PLAN_REQUESTS> {
  const { library } = plans;
  return {
    'plan.list': () => library.list(),
    'plan.get': (payload) => library.get(payload),
    'plan.check': (payload) => library.check(payload),
    'plan.saveDraft': (payload) => library.saveDraft(payload),
    'plan.dropDraft': (payload) => library.dropDraft(payload),
    'plan.review': (payload) => library.review(payload),
    'plan.publish': (payload) => library.publish(payload),
    'plan.retire': (payload) => library.retire(payload),
    'plan.export': (payload) => library.export(payload),
    'plan.import': (payload) => library.import(payload),
    'run.start': (payload) => plans.start(payload),
    'run.assignRole': (payload) => plans.assignRole(payload),
    'run.immediateDone': ({ runId, note }) => plans.command('run.immediateDone', runId, { type: 'immediateDone', note }),
    'run.notePresence': ({ runId, person, isPresent }) => plans.command('run.notePresence', runId, { type: 'notePresence', person, isPresent }),
    'run.startStep': ({ runId, no }) => plans.command('run.startStep', runId, { type: 'startStep', no }),
    'run.completeStep': (payload) => plans.completeStep(payload),
    'run.failStep': (payload) => plans.failStep(payload),
    'run.retryStep': ({ runId, no, reason }) => plans.command('run.retryStep', runId, { type: 'retryStep', no, reason }),
    'run.deferStep': ({ runId, no, untilNo, reason }) => plans.command('run.deferStep', runId, { type: 'deferStep', no, untilNo, reason }),
    'run.skipStep': (payload) => plans.skipStep(payload),
    'run.overrideHold': (payload) => plans.overrideHold(payload),
    'run.reopenStep': ({ runId, no, reason }) => plans.command('run.reopenStep', runId, { type: 'reopenStep', no, reason }),
    'run.resolveConflict': ({ runId, no, keep, reason }) =>
      plans.command('run.resolveConflict', runId, { type: 'resolveConflict', no, keep, reason }),
    'run.read': (payload) => plans.read(payload),
    'run.addEvidence': ({ runId, no, item }) => plans.command('run.addEvidence', runId, { type: 'addEvidence', no, item }),
    'run.answer': ({ runId, no, text }) => plans.command('run.answer', runId, { type: 'answer', no, text }),
    'run.beat': (payload) => plans.beat(payload),
    'run.openItem': ({ runId, group, label }) => plans.command('run.openItem', runId, { type: 'openItem', group, label }),
    'run.signItem': (payload) => plans.signItem(payload),
    'run.attachPlan': (payload) => plans.attachPlan(payload),
    'run.note': ({ runId, no, note }) => plans.command('run.note', runId, { type: 'note', no, note }),
    'run.finish': ({ runId, note }) => plans.command('run.finish', runId, { type: 'finish', note }),
    'run.abort': ({ runId, reason }) => plans.command('run.abort', runId, { type: 'abort', reason }),
  };
}
