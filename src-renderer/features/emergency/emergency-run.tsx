/** One run by keyboard alone: Enter does what comes next, single keys the rest, the arrows choose among what is open. */
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isSettled } from '#shared/desk/plans/derive';
import type { PlanStep, Run } from '#shared/desk/plans/plan';
import type { RunStep } from '#shared/desk/plans/run-parts';
import { kindOf } from '#shared/desk/plans/step-kind';
import type { Refusal } from '#shared/refusal';
import { isTyping } from '../../app/use-global-keys';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { usePreferences } from '../../state/preferences';
import { useNow } from '../../state/use-now';
import { useStream } from '../../state/use-stream';
import { useRunActions } from '../plans/run-actions';
import type { RunDialog } from '../plans/run-dialog-commands';
import { RunDialogs } from '../plans/run-dialogs';
import { Conflicts } from '../plans/run-marks';
import { printRun } from '../plans/run-paper';
import { RoleFields, roleGapsOf } from '../plans/run-roles';
import { nextSteps, type StepAction, stepActions } from '../plans/step-actions';
import { TurnedBack } from '../plans/turned-back';
import { usePlanText } from '../plans/use-plan-text';
import { ACTION_KEYS } from './emergency-keys';
import { closeEmergency, toggleMute, useEmergency } from './emergency-state';
import { EmergencyStep } from './emergency-step';
import { attachEvidence } from './paste-evidence';
import { useTimerSound } from './use-timer-sound';

export function EmergencyRun({ run }: { run: Run }): ReactNode {
  const { t } = useTranslation('plans');
  const isChinese = usePreferences((state) => state.language === 'zh-CN');
  const me = useStream('auth', {}).picture?.session?.personId ?? null;
  const isMuted = useEmergency((state) => state.isMuted);
  const actions = useRunActions();
  const [dialog, setDialog] = useState<RunDialog | null>(null);
  const [chosenNo, setChosenNo] = useState<number | null>(null);
  const [fileRefusal, setFileRefusal] = useState<Refusal | null>(null);
  const [showsRoles, setShowsRoles] = useState(false);
  const body = useRef<HTMLElement>(null);
  useTimerSound(run, isMuted);
  const open = nextSteps(run);
  const step = open.find((each) => each.no === chosenNo) ?? open[0] ?? null;
  const planned = run.plan.steps.find((each) => each.no === step?.no) ?? null;
  const isActive = run.state === 'running' || run.state === 'amended';
  // A dialog that closes leaves the focus nowhere: the keys must go on working.
  useEffect(() => {
    if (dialog === null && !showsRoles) body.current?.focus();
  }, [dialog, showsRoles]);
  const { send } = actions;
  const act = useCallback(
    (action: StepAction, on: RunStep, what: PlanStep): void => {
      const { runId } = run;
      if (action === 'start' || action === 'read') void send(action === 'start' ? 'run.startStep' : 'run.read', { runId, no: on.no });
      else if (action === 'sign' && isSignedAtOnce(on, what)) void send('run.completeStep', { runId, no: on.no });
      else setDialog({ kind: action, no: on.no });
    },
    [run, send],
  );
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || dialog !== null || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (handleKey(event.key)) event.preventDefault();
  };
  const handleKey = (key: string): boolean => {
    if (key === 'Escape') {
      if (showsRoles) setShowsRoles(false);
      else closeEmergency();
      return true;
    }
    const letter = key.toLowerCase();
    if (letter === 'm') toggleMute();
    else if (letter === 'p') printRun(run);
    else if (letter === 'r') setShowsRoles((shows) => !shows);
    else if (!isActive) return false;
    else if (run.immediate === null && key === 'Enter') void send('run.immediateDone', { runId: run.runId });
    else if (step === null || planned === null) {
      if (key !== 'Enter') return false;
      setDialog({ kind: 'finish' });
    } else if (key === 'ArrowDown' || key === 'ArrowUp') {
      const at = open.indexOf(step) + (key === 'ArrowDown' ? 1 : -1);
      setChosenNo(open[Math.max(0, Math.min(open.length - 1, at))]?.no ?? null);
    } else return handleStepKey(key, letter, step, planned);
    return true;
  };
  const handleStepKey = (key: string, letter: string, on: RunStep, what: PlanStep): boolean => {
    const possible = stepActions(run, what, on, me);
    const branch = possible.includes('sign') && on.signedBy.length === 0 ? what.branches?.[Number(key) - 1] : undefined;
    if (branch !== undefined) {
      void send('run.completeStep', { runId: run.runId, no: on.no, route: branch.id });
      return true;
    }
    const action = key === 'Enter' ? possible[0] : possible.find((each) => ACTION_KEYS[each] === letter);
    // Enter on a decision waits for its number: nobody decides by reflex.
    if (action === undefined || (key === 'Enter' && action === 'sign' && what.branches !== undefined && on.signedBy.length === 0)) return false;
    act(action, on, what);
    return true;
  };
  const onPaste = (event: ClipboardEvent): void => {
    if (step !== null && dialog === null && !isTyping(event.target))
      void attachEvidence(run.runId, step.no, event.clipboardData, send).then(setFileRefusal);
  };
  // On the window: a dialog that went may have left the focus nowhere, and the keys must work all the same.
  const handlers = useRef({ onKeyDown, onPaste });
  handlers.current = { onKeyDown, onPaste };
  useEffect(() => {
    const keyDown = (event: KeyboardEvent): void => handlers.current.onKeyDown(event);
    const paste = (event: ClipboardEvent): void => handlers.current.onPaste(event);
    window.addEventListener('keydown', keyDown);
    window.addEventListener('paste', paste);
    return () => {
      window.removeEventListener('keydown', keyDown);
      window.removeEventListener('paste', paste);
    };
  }, []);
  return (
    <article
      className="emergency-run"
      tabIndex={-1}
      ref={body}
      data-testid="emergency-run"
      data-run-state={run.state}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        if (step !== null) void attachEvidence(run.runId, step.no, event.dataTransfer, send).then(setFileRefusal);
      }}
    >
      <RunHead run={run} />
      <RefusalNotice refusal={actions.refusal ?? fileRefusal} />
      <Conflicts run={run} />
      <TurnedBack run={run} />
      <div className="emergency-body">
        <main className="emergency-main">
          {showsRoles ? (
            <RoleFields run={run} actions={actions} />
          ) : run.immediate === null && isActive ? (
            <Immediate run={run} />
          ) : step !== null && planned !== null ? (
            <EmergencyStep
              run={run}
              planned={planned}
              step={step}
              actions={stepActions(run, planned, step, me)}
              onAct={act}
              onDialog={setDialog}
              send={send}
            />
          ) : (
            <div className="emergency-over" data-testid="emergency-over">
              <strong>{isActive ? t('emergency.allDone') : t(`runState.${run.state}`)}</strong>
              <span>{isActive ? t('emergency.finishNow') : t('emergency.over')}</span>
            </div>
          )}
        </main>
        <aside className="emergency-next" aria-label={t('emergency.next')}>
          <h3>{t('emergency.next')}</h3>
          {run.steps.every(isSettled) && <p className="secondary">✓ {t('emergency.nothingLeft')}</p>}
          <ol>
            {run.plan.steps.map((each) => {
              const state = run.steps.find((other) => other.no === each.no);
              if (state === undefined || isSettled(state)) return null;
              return (
                <li
                  key={each.no}
                  data-state={state.state}
                  aria-current={each.no === step?.no ? 'step' : undefined}
                  data-testid={`emergency-next-${each.no}`}
                >
                  <button type="button" tabIndex={-1} onClick={() => setChosenNo(each.no)}>
                    {each.no} {isChinese ? each.title_zh : each.title}
                  </button>
                  <span className="secondary">{t(`stepState.${state.state}`)}</span>
                </li>
              );
            })}
          </ol>
        </aside>
      </div>
      <Keys />
      <RunDialogs run={run} dialog={dialog} actions={actions} onClose={() => setDialog(null)} />
    </article>
  );
}

/** One key signs where there is nothing to choose and no words are owed. */
function isSignedAtOnce(step: RunStep, planned: PlanStep): boolean {
  if (step.marks.some((mark) => mark.kind === 'signed')) return true;
  if (planned.branches !== undefined) return false;
  return kindOf(planned) !== 'decide';
}

function RunHead({ run }: { run: Run }): ReactNode {
  const { t } = useTranslation('plans');
  const format = useFormat();
  const nowMs = useNow();
  const isChinese = usePreferences((state) => state.language === 'zh-CN');
  const isMuted = useEmergency((state) => state.isMuted);
  const gaps = roleGapsOf(run);
  return (
    <header className="emergency-head">
      <h1>
        {run.planId} {isChinese ? run.planTitleZh : run.planTitle}
      </h1>
      <span className="emergency-elapsed">T+{format.countdown((run.endedAtMs ?? nowMs) - run.startedAtMs)}</span>
      <span>{t('progress', { settled: run.steps.filter(isSettled).length, total: run.steps.length })}</span>
      {gaps > 0 && (
        <span className="run-gap" data-testid="emergency-gaps">
          ▲ {t('roleGaps', { count: gaps })} <kbd>R</kbd>
        </span>
      )}
      <span data-testid="emergency-muted" data-muted={isMuted}>
        {isMuted ? `🔇 ${t('emergency.muted')}` : `♪ ${t('emergency.audible')}`} <kbd>M</kbd>
      </span>
    </header>
  );
}

/** First what people know by heart; the words are there to check against, not to wait for. */
function Immediate({ run }: { run: Run }): ReactNode {
  const { t } = useTranslation('plans');
  const texts = usePlanText();
  const text = texts.ofPlan(run.plan, 'immediate_actions');
  return (
    <section className="emergency-step" data-testid="emergency-immediate">
      <div className="emergency-meta">{t('emergency.fromMemory')}</div>
      <p className="emergency-action" lang={text.lang}>
        {text.text}
      </p>
      <div className="emergency-primary">
        <kbd>Enter</kbd> {t('emergency.immediateDone')}
      </div>
    </section>
  );
}

const LEGEND = ['arrows', 'evidence', 'paste', 'photo', 'roles', 'mute', 'print', 'leave'] as const;

function Keys(): ReactNode {
  const { t } = useTranslation('plans');
  return (
    <footer className="emergency-keys">
      {LEGEND.map((key) => (
        <span key={key}>
          <kbd>{t(`emergency.key.${key}`)}</kbd> {t(`emergency.does.${key}`)}
        </span>
      ))}
    </footer>
  );
}
