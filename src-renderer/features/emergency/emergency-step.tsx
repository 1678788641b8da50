/** The step that matters now, as large as the screen allows, with the key of everything that can be done to it. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlanStep, Run } from '#shared/desk/plans/plan';
import type { RunStep } from '#shared/desk/plans/run-parts';
import { usePersonName } from '../../state/person-names';
import { usePreferences } from '../../state/preferences';
import { stepKindKey } from '../plans/plan-page';
import type { RunActions } from '../plans/run-actions';
import type { RunDialog } from '../plans/run-dialog-commands';
import { StepClock } from '../plans/run-step';
import type { StepAction } from '../plans/step-actions';
import { StepRecord } from '../plans/step-record';
import { usePlanLibrary } from '../plans/use-plan-library';
import { usePlanText } from '../plans/use-plan-text';
import { ACTION_KEYS } from './emergency-keys';

type Props = {
  run: Run;
  planned: PlanStep;
  step: RunStep;
  actions: readonly StepAction[];
  onAct: (action: StepAction, step: RunStep, planned: PlanStep) => void;
  onDialog: (dialog: RunDialog) => void;
  send: RunActions['send'];
};

export function EmergencyStep({ run, planned, step, actions, onAct, onDialog, send }: Props): ReactNode {
  const { t } = useTranslation();
  const texts = usePlanText();
  const library = usePlanLibrary();
  const nameOf = usePersonName();
  const isChinese = usePreferences((state) => state.language === 'zh-CN');
  const person = run.roles[planned.role];
  const offers = actions.includes('sign') && step.signedBy.length === 0 ? (planned.branches ?? []) : [];
  const [first, ...others] = actions;
  return (
    <section className="emergency-step" data-testid="emergency-step" data-step-no={step.no} data-state={step.state}>
      <div className="emergency-meta">
        <span className="emergency-no">{planned.no}</span>
        <span>{t(stepKindKey(planned.kind), { defaultValue: planned.kind })}</span>
        <span>
          {library.roleName(planned.role)}
          {person === undefined ? '' : `: ${nameOf(person)}`}
        </span>
        <span>{t(`plans:stepState.${step.state}`)}</span>
        {step.signaturesRequired > 1 && (
          <span data-testid="emergency-signatures">
            {t('plans:signatures', { signed: step.signedBy.length, required: step.signaturesRequired })}
            {step.signedBy.length > 0 && ` (${step.signedBy.map(nameOf).join(', ')})`}
          </span>
        )}
        <span className="spacer" />
        <span className="emergency-target">
          <StepClock planned={planned} step={step} run={run} />
        </span>
      </div>
      <h2>{isChinese ? planned.title_zh : planned.title}</h2>
      <p className="emergency-action" lang={texts.ofStep(planned, 'action').lang}>
        {texts.ofStep(planned, 'action').text}
      </p>
      {planned.decision !== null && (
        <p className="step-decision" lang={texts.ofStep(planned, 'decision').lang}>
          ◇ {texts.ofStep(planned, 'decision').text}
        </p>
      )}
      {planned.evidence !== '' && (
        <p className="secondary" lang={texts.ofStep(planned, 'evidence').lang}>
          {t('plans:evidence')} {texts.ofStep(planned, 'evidence').text}
        </p>
      )}
      <StepRecord run={run} planned={planned} step={step} onDialog={onDialog} />
      {offers.length > 0 ? (
        <div className="emergency-branches">
          {offers.map((branch, index) => (
            <button
              key={branch.id}
              type="button"
              tabIndex={-1}
              data-testid={`emergency-branch-${branch.id}`}
              onClick={() => void send('run.completeStep', { runId: run.runId, no: step.no, route: branch.id })}
            >
              <kbd>{index + 1}</kbd> {isChinese ? branch.label_zh : branch.label}
            </button>
          ))}
        </div>
      ) : (
        first !== undefined && (
          <button
            type="button"
            tabIndex={-1}
            className="emergency-primary"
            data-testid="emergency-primary"
            data-action={first}
            onClick={() => onAct(first, step, planned)}
          >
            <kbd>Enter</kbd> {t(`plans:action.${first === 'sign' && step.signaturesRequired === 1 ? 'done' : first}`)}
          </button>
        )
      )}
      <div className="emergency-others">
        {(offers.length > 0 ? actions.filter((action) => action !== 'sign') : others).map((action) => (
          <button key={action} type="button" tabIndex={-1} data-testid={`emergency-do-${action}`} onClick={() => onAct(action, step, planned)}>
            <kbd>{(ACTION_KEYS[action] ?? '').toUpperCase()}</kbd> {t(`plans:action.${action}`)}
          </button>
        ))}
      </div>
    </section>
  );
}
