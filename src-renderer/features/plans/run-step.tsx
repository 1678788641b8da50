/** One step of a run: its state, its clock, its text, its signatures, and the buttons that its state allows. */
import { Button } from '@blueprintjs/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isSettled, liveMarks, openPredecessors } from '#shared/desk/plans/derive';
import type { PlanStep, Run, StepState } from '#shared/desk/plans/plan';
import type { RunStep as Step } from '#shared/desk/plans/run-parts';
import { useFormat } from '../../components/format/use-format';
import { usePersonName } from '../../state/person-names';
import { usePreferences } from '../../state/preferences';
import { useNow } from '../../state/use-now';
import { useStream } from '../../state/use-stream';
import { stepKindKey } from './plan-page';
import type { RunActions } from './run-actions';
import type { RunDialog } from './run-dialog-commands';
import { hasSigned, type StepAction, stepActions } from './step-actions';
import { StepRecord } from './step-record';
import { usePlanLibrary } from './use-plan-library';
import { usePlanText } from './use-plan-text';

export const STATE_GLYPHS: Record<StepState, string> = {
  locked: '·',
  ready: '○',
  running: '◐',
  waitSecond: '◑',
  done: '✓',
  failed: '✗',
  deferred: '↦',
  notApplicable: '–',
  skipped: '↷',
  overridden: '⇥',
  reopened: '↺',
  conflict: '▲',
};

type Props = { run: Run; planned: PlanStep; actions: RunActions; onDialog: (dialog: RunDialog) => void };

export function RunStep({ run, planned, actions, onDialog }: Props): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const library = usePlanLibrary();
  const texts = usePlanText();
  const nameOf = usePersonName();
  const isChinese = usePreferences((state) => state.language === 'zh-CN');
  const me = useStream('auth', {}).picture?.session?.personId ?? null;
  const step = run.steps.find((candidate) => candidate.no === planned.no);
  if (step === undefined) return null;
  const { no } = planned;
  const isEnded = isSettled(step);
  const route = [...(planned.branches ?? []), ...(planned.on_fail ?? [])].find(({ id }) => id === step.route);
  const second = liveMarks(step.marks).findLast(({ kind }) => kind === 'skipped' || kind === 'overridden')?.second ?? null;
  const person = run.roles[planned.role];
  const openBefore = step.state === 'locked' ? openPredecessors(run, no) : [];
  return (
    <section
      className="run-step"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a step takes the focus so that single keys know which one they mean
      tabIndex={0}
      aria-label={`${no} ${isChinese ? planned.title_zh : planned.title}`}
      data-step-no={no}
      data-state={step.state}
      data-testid={`run-step-${no}`}
    >
      <div className="step-no">{no}</div>
      <div className="step-body">
        <div className="step-head">
          <strong className="step-title">{isChinese ? planned.title_zh : planned.title}</strong>
          <span className="step-state" data-testid={`run-step-${no}-state`}>
            <span aria-hidden="true">{STATE_GLYPHS[step.state]}</span> {t(`plans:stepState.${step.state}`)}
          </span>
          <div className="spacer" />
          <StepClock planned={planned} step={step} run={run} />
        </div>
        <div className="secondary step-meta">
          <span>{t(stepKindKey(planned.kind), { defaultValue: planned.kind })}</span>
          <span>
            {library.roleName(planned.role)}
            {person === undefined ? '' : `: ${nameOf(person)}`}
          </span>
          {openBefore.length > 0 && <span>{t('plans:waitsFor', { steps: openBefore.join(', ') })}</span>}
          {step.state === 'deferred' && (
            <span>{t('plans:deferredUntil', { steps: [...new Set(step.deferrals.map((each) => each.untilNo))].join(', ') })}</span>
          )}
          {step.signaturesRequired > 1 && (
            <span data-testid={`run-step-${no}-signatures`}>
              {t('plans:signatures', { signed: step.signedBy.length, required: step.signaturesRequired })}
              {step.signedBy.length > 0 && ` (${step.signedBy.map(nameOf).join(', ')})`}
            </span>
          )}
        </div>
        {!isEnded && (
          <div>
            <p className="step-action" lang={texts.ofStep(planned, 'action').lang}>
              {texts.ofStep(planned, 'action').text}
            </p>
            {planned.decision !== null && (
              <p className="step-decision">
                ◇ {t('plans:decision')} <span lang={texts.ofStep(planned, 'decision').lang}>{texts.ofStep(planned, 'decision').text}</span>
              </p>
            )}
            {planned.evidence !== '' && (
              <p className="secondary step-evidence">
                {t('plans:evidence')} <span lang={texts.ofStep(planned, 'evidence').lang}>{texts.ofStep(planned, 'evidence').text}</span>
              </p>
            )}
          </div>
        )}
        {isEnded && (
          <div className="secondary">
            {format.time(step.endedAtMs)}{' '}
            {step.signedBy.length > 0 ? step.signedBy.map(nameOf).join(', ') : step.endedBy === null ? '' : nameOf(step.endedBy)}
            {route !== undefined && <strong data-testid={`run-step-${no}-route`}> ◇ {isChinese ? route.label_zh : route.label}</strong>}
            {step.deviation !== null &&
              ` · ${t(`plans:deviation.${step.deviation.code}`)}${step.deviation.detail === null ? '' : ` (${step.deviation.detail})`}`}
            {step.skipReason !== null && ` · ${step.skipReason}`}
            {second !== null && ` · ${t('plans:secondName', { person: nameOf(second) })}`}
          </div>
        )}
        <StepRecord run={run} planned={planned} step={step} onDialog={onDialog} />
        <div className="row step-buttons">
          {stepActions(run, planned, step, me).map((action) => (
            <Button
              key={action}
              size={PRIMARY.has(action) ? 'medium' : 'small'}
              variant={PRIMARY.has(action) ? 'solid' : 'minimal'}
              intent={action === 'sign' || action === 'second' || action === 'resolve' || action === 'answer' ? 'primary' : 'none'}
              data-testid={`run-step-${no}-${ACTION_IDS[action] ?? action}`}
              onClick={() => {
                if (action === 'start') void actions.send('run.startStep', { runId: run.runId, no });
                else if (action === 'read') void actions.send('run.read', { runId: run.runId, no });
                else onDialog({ kind: action, no });
              }}
            >
              {t(`plans:action.${action === 'sign' && step.signaturesRequired === 1 && !hasSigned(step, me) ? 'done' : action}`)}
            </Button>
          ))}
        </div>
      </div>
    </section>
  );
}

const PRIMARY = new Set<StepAction>(['sign', 'second', 'start', 'resolve', 'answer', 'beat', 'retry']);
/** Test ids that are older than the actions' names. */
const ACTION_IDS: Partial<Record<StepAction, string>> = { sign: 'done' };

/** Counts to the target time and past it; late is said in words and by a sign, not by colour alone. */
export function StepClock({ planned, step, run }: { planned: PlanStep; step: Step; run: Run }): ReactNode {
  const { t } = useTranslation('plans');
  const format = useFormat();
  const nowMs = useNow();
  const target = usePlanText().ofStep(planned, 'target').text;
  // Whoever skips a step was neither early nor late.
  if (step.dueAtMs === null || step.state === 'skipped' || step.state === 'notApplicable')
    return <span className="step-clock secondary">{target}</span>;
  const endMs = step.endedAtMs ?? (run.state === 'running' ? nowMs : (run.endedAtMs ?? nowMs));
  const leftMs = step.dueAtMs - endMs;
  const isLate = leftMs < 0;
  const key = step.endedAtMs !== null ? (isLate ? 'endedLate' : 'endedInTime') : isLate ? 'overdue' : 'left';
  return (
    <span className="step-clock" data-late={isLate} data-testid={`run-step-${planned.no}-clock`} title={target}>
      {isLate && <span aria-hidden="true">▲ </span>}
      {t(`clock.${key}`, { time: format.countdown(Math.abs(leftMs)), target })}
    </span>
  );
}
