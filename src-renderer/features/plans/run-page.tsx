/** A run of a plan, made to be read across a room: what is next, who does it, how late it is, and what has been done by whom. */
import { Button, Switch } from '@blueprintjs/core';
import { type KeyboardEvent, type ReactNode, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isSettled } from '#shared/desk/plans/derive';
import type { Run } from '#shared/desk/plans/plan';
import { isTyping } from '../../app/use-global-keys';
import { useFormat } from '../../components/format/use-format';
import { PaperButtons } from '../../components/paper-buttons';
import { RefusalNotice } from '../../components/refusal-notice';
import { useMay } from '../../state/auth';
import { openPanel } from '../../state/navigation';
import { usePersonName } from '../../state/person-names';
import { usePreferences } from '../../state/preferences';
import { useNow } from '../../state/use-now';
import { useStream } from '../../state/use-stream';
import { openAlert } from '../alerts/chosen-alert';
import { openEmergency } from '../emergency/emergency-state';
import { EvidenceBox } from '../evidence/evidence-box';
import { openIncident } from '../incidents/chosen-incident';
import { OpenIncidentDialog } from '../incidents/open-incident-dialog';
import { useRunActions } from './run-actions';
import type { RunDialog } from './run-dialog-commands';
import { RunDialogs } from './run-dialogs';
import { RunMarks } from './run-marks';
import { printRun } from './run-paper';
import { RunRoles } from './run-roles';
import { RunStep } from './run-step';
import { hasSigned } from './step-actions';
import { stepWaves } from './step-order';
import { usePlanText } from './use-plan-text';

export function RunPage({ run }: { run: Run }): ReactNode {
  const { t } = useTranslation('plans');
  const format = useFormat();
  const nowMs = useNow();
  const isChinese = usePreferences((state) => state.language === 'zh-CN');
  const me = useStream('auth', {}).picture?.session?.personId ?? null;
  const nameOf = usePersonName();
  const texts = usePlanText();
  const actions = useRunActions();
  const [dialog, setDialog] = useState<RunDialog | null>(null);
  const [isLarge, setIsLarge] = useState(false);
  const [isDeclaring, setIsDeclaring] = useState(false);
  const mayDeclare = useMay('incident.declare');
  const incidents = useStream('incidents', mayDeclare ? {} : null).picture?.incidents ?? [];
  const incident = incidents.find(({ runIds, incidentId }) => runIds.includes(run.runId) || incidentId === run.incidentId) ?? null;
  const steps = useRef<HTMLElement>(null);
  const waves = useMemo(() => stepWaves(run.plan.steps), [run.plan]);
  const settled = run.steps.filter(isSettled).length;
  const isRunning = run.state === 'running' || run.state === 'amended';
  const elapsedMs = (run.endedAtMs ?? nowMs) - run.startedAtMs;

  /** Single keys act on the step that has the focus. */
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const cards = [...(steps.current?.querySelectorAll<HTMLElement>('[data-step-no]') ?? [])];
    const at = cards.findIndex((card) => card.contains(document.activeElement));
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      cards[Math.min(cards.length - 1, Math.max(0, at + (event.key === 'ArrowDown' ? 1 : -1)))]?.focus();
      event.preventDefault();
      return;
    }
    const no = Number(cards[at]?.dataset.stepNo);
    const step = run.steps.find((candidate) => candidate.no === no);
    if (step === undefined) return;
    const key = event.key.toLowerCase();
    const isOpen = step.state === 'ready' || step.state === 'reopened' || step.state === 'running' || step.state === 'waitSecond';
    if (key === 's' && isOpen && isRunning) void actions.send('run.startStep', { runId: run.runId, no });
    else if (key === 'd' && isOpen && isRunning) setDialog({ kind: hasSigned(step, me) ? 'second' : 'sign', no });
    else if (key === 'n') setDialog({ kind: 'note', no });
    else return;
    event.preventDefault();
  };

  return (
    <article
      className="run-page stack panel-pad"
      data-large={isLarge}
      data-testid="run-page"
      data-run-id={run.runId}
      data-run-state={run.state}
      onKeyDown={onKeyDown}
    >
      <header className="run-header">
        <div className="stack">
          <h2>
            {run.mode === 'drill' && <span className="run-drill">◆ {t('drill')} </span>}
            {run.planId} {isChinese ? run.planTitleZh : run.planTitle}
          </h2>
          <div className="row secondary">
            <span>{t('startedBy', { time: format.dateTime(run.startedAtMs), person: nameOf(run.startedBy) })}</span>
            {run.alertId !== null && (
              <Button size="small" variant="minimal" onClick={() => openAlert(run.alertId ?? '')}>
                {t('fromAlert')}
              </Button>
            )}
            <Button size="small" variant="minimal" onClick={() => openPanel('plan', { planId: run.planId })}>
              {t('showPlan')}
            </Button>
          </div>
        </div>
        <div className="run-clock" data-testid="run-clock">
          <span className="run-elapsed">T+{format.countdown(elapsedMs)}</span>
          <span className="secondary" data-testid="run-progress">
            {t('progress', { settled, total: run.steps.length })}
          </span>
        </div>
      </header>

      {!isRunning && (
        <div className="run-end" data-state={run.state} data-testid="run-end">
          <strong>{t(`runState.${run.state}`)}</strong> {format.dateTime(run.endedAtMs)} {run.endReason ?? ''}
        </div>
      )}
      {texts.needsEnglishNotice(run.plan) && (
        <div className="secondary" data-testid="run-english-text">
          {t('englishText')}
        </div>
      )}
      <div className="row">
        <Switch className="run-large" checked={isLarge} label={t('large')} onChange={() => setIsLarge((value) => !value)} data-testid="run-large" />
        <div className="spacer" />
        <Button intent="danger" data-testid="run-emergency" onClick={() => openEmergency(run.runId)}>
          {t('plans:emergency.open')} <kbd>F9</kbd>
        </Button>
        <Button data-testid="run-print" onClick={() => printRun(run)}>
          {t('plans:print')}
        </Button>
        <PaperButtons of={{ kind: 'run', id: run.runId }} testId="run-paper" />
        {incident !== null ? (
          <Button data-testid="run-incident" onClick={() => openIncident(incident.incidentId)}>
            {t('incidentOfRun')}
          </Button>
        ) : (
          mayDeclare && (
            <Button data-testid="run-declare" onClick={() => setIsDeclaring(true)}>
              {t('declareIncident')}
            </Button>
          )
        )}
        <Button data-testid="run-note" onClick={() => setDialog({ kind: 'note', no: null })}>
          {t('noteOnRun')}
        </Button>
        <Button
          intent="primary"
          disabled={!isRunning || settled < run.steps.length}
          title={settled < run.steps.length ? t('finishHint') : undefined}
          data-testid="run-finish"
          onClick={() => setDialog({ kind: 'finish' })}
        >
          {t('finish')}
        </Button>
        <Button disabled={!isRunning} data-testid="run-abort" onClick={() => setDialog({ kind: 'abort' })}>
          {t('abort')}
        </Button>
      </div>
      <RefusalNotice refusal={actions.refusal} />
      <RunRoles run={run} actions={actions} />
      <RunMarks run={run} />
      {run.immediate === null && isRunning && (
        <section className="card stack" data-testid="run-immediate">
          <div className="secondary">{t('emergency.fromMemory')}</div>
          <strong lang={texts.ofPlan(run.plan, 'immediate_actions').lang}>{texts.ofPlan(run.plan, 'immediate_actions').text}</strong>
          <div className="row">
            <Button
              size="small"
              intent="primary"
              data-testid="run-immediate-done"
              onClick={() => void actions.send('run.immediateDone', { runId: run.runId })}
            >
              {t('immediateDone')}
            </Button>
          </div>
        </section>
      )}

      <section className="stack" ref={steps} aria-label={t('stepsTitle')}>
        {waves.map((wave) => (
          <div key={wave.map((step) => step.no).join(' ')} className="wave" data-parallel={wave.length > 1}>
            {wave.length > 1 && <div className="wave-label">∥ {t('parallel', { count: wave.length })}</div>}
            {wave.map((planned) => (
              <RunStep key={planned.no} run={run} planned={planned} actions={actions} onDialog={setDialog} />
            ))}
          </div>
        ))}
      </section>

      {run.notes.length > 0 && (
        <section className="card">
          <h3>{t('notes')}</h3>
          <ul className="run-notes">
            {run.notes.map((note) => (
              <li key={`${note.atMs} ${note.by} ${note.text}`}>
                <span className="secondary">
                  {format.time(note.atMs)} {nameOf(note.by)}
                </span>{' '}
                {note.text}
              </li>
            ))}
          </ul>
        </section>
      )}
      <section className="card">
        <h3>{t('evidenceOfRun')}</h3>
        <EvidenceBox about={{ kind: 'run', id: run.runId }} version={run.sequence} />
      </section>
      <RunDialogs run={run} dialog={dialog} actions={actions} onClose={() => setDialog(null)} />
      <OpenIncidentDialog
        isOpen={isDeclaring}
        alertId={run.alertId}
        runId={run.runId}
        title={isChinese ? run.planTitleZh : run.planTitle}
        onClose={() => setIsDeclaring(false)}
      />
    </article>
  );
}
