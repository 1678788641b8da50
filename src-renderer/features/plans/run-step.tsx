/** One step of a run: its state, its clock, its text, its signatures, and the buttons that its state allows. */
import { Button } from '@blueprintjs/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlanStep, Run, StepState } from '#shared/desk/plans/plan';
import { useFormat } from '../../components/format/use-format';
import { usePreferences } from '../../state/preferences';
import { useNow } from '../../state/use-now';
import { stepKindKey } from './plan-page';
import type { RunActions } from './run-actions';
import type { RunDialog } from './run-dialogs';
import { usePlanLibrary } from './use-plan-library';
import { usePlanText } from './use-plan-text';

const STATE_GLYPHS: Record<StepState, string> = { locked: '·', ready: '○', running: '◐', done: '✓', skipped: '↷', notApplicable: '–' };

/** Names are compared as the record compares them: without case and outer spaces. */
export function hasSigned(step: Run['steps'][number], person: string | null): boolean {
  const key = person?.trim().toLowerCase() ?? '';
  return key !== '' && step.signedBy.some((name) => name.trim().toLowerCase() === key);
}

type Props = { run: Run; planned: PlanStep; actions: RunActions; onDialog: (dialog: RunDialog) => void };

export function RunStep({ run, planned, actions, onDialog }: Props): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const library = usePlanLibrary();
  const texts = usePlanText();
  const isChinese = usePreferences((state) => state.language === 'zh-CN');
  const onDuty = usePreferences((state) => state.settings?.person ?? null);
  const step = run.steps.find((candidate) => candidate.no === planned.no);
  if (step === undefined) return null;
  const { no } = planned;
  const isRunning = run.state === 'running';
  const isSettled = step.state === 'done' || step.state === 'skipped' || step.state === 'notApplicable';
  const isOpen = step.state === 'ready' || step.state === 'running';
  const person = run.roles[planned.role];
  const hasSignedHere = hasSigned(step, onDuty);
  const openBefore = planned.after.filter(
    (each) => !['done', 'skipped', 'notApplicable'].includes(run.steps.find((other) => other.no === each)?.state ?? 'done'),
  );
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
            {person === undefined ? '' : `: ${person}`}
          </span>
          {openBefore.length > 0 && <span>{t('plans:waitsFor', { steps: openBefore.join(', ') })}</span>}
          {step.signaturesRequired > 1 && (
            <span data-testid={`run-step-${no}-signatures`}>
              {t('plans:signatures', { signed: step.signedBy.length, required: step.signaturesRequired })}
              {step.signedBy.length > 0 && ` (${step.signedBy.join(', ')})`}
            </span>
          )}
        </div>
        {!isSettled && (
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
        {isSettled && (
          <div className="secondary">
            {format.time(step.endedAtMs)} {step.signedBy.length > 0 ? step.signedBy.join(', ') : (step.endedBy ?? '')}
            {step.skipReason !== null && ` · ${step.skipReason}`}
          </div>
        )}
        {step.notes.length > 0 && (
          <ul className="run-notes">
            {step.notes.map((note) => (
              <li key={`${note.atMs} ${note.by} ${note.text}`}>
                <span className="secondary">
                  {format.time(note.atMs)} {note.by}
                </span>{' '}
                {note.text}
              </li>
            ))}
          </ul>
        )}
        <div className="row step-buttons">
          {step.state === 'ready' && isRunning && (
            <Button data-testid={`run-step-${no}-start`} onClick={() => void actions.startStep(no)}>
              {t('plans:startStep')}
            </Button>
          )}
          {isOpen && isRunning && (
            <Button intent="primary" data-testid={`run-step-${no}-done`} onClick={() => onDialog({ kind: hasSignedHere ? 'signAs' : 'done', no })}>
              {hasSignedHere ? t('plans:secondSignature') : step.signaturesRequired > 1 ? t('plans:sign') : t('plans:done')}
            </Button>
          )}
          {!isSettled && isRunning && (
            <Button variant="outlined" data-testid={`run-step-${no}-skip`} onClick={() => onDialog({ kind: 'skip', no })}>
              {t('plans:skip')}
            </Button>
          )}
          {isSettled && isRunning && (
            <Button variant="minimal" size="small" data-testid={`run-step-${no}-reopen`} onClick={() => onDialog({ kind: 'reopen', no })}>
              {t('plans:reopen')}
            </Button>
          )}
          <Button
            variant="minimal"
            size={isSettled ? 'small' : 'medium'}
            data-testid={`run-step-${no}-note`}
            onClick={() => onDialog({ kind: 'note', no })}
          >
            {t('plans:note')}
          </Button>
        </div>
      </div>
    </section>
  );
}

/** Counts to the target time and past it; late is said in words and by a sign, not by colour alone. */
function StepClock({ planned, step, run }: { planned: PlanStep; step: Run['steps'][number]; run: Run }): ReactNode {
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
