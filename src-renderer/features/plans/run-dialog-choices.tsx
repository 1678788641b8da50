/** What is chosen beside the words in a dialog of a run: a branch, a way out, a deviation's code, a later step, which record holds. */
import { FormGroup, HTMLSelect, InputGroup, Radio, RadioGroup } from '@blueprintjs/core';
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { liveMarks } from '#shared/desk/plans/derive';
import type { PlanStep, Run } from '#shared/desk/plans/plan';
import { DEVIATION_CODES, type DeviationCode, type RunStep } from '#shared/desk/plans/run-parts';
import { needsSecondName } from '#shared/desk/plans/step-kind';
import { useFormat } from '../../components/format/use-format';
import { usePersonName } from '../../state/person-names';
import { usePreferences } from '../../state/preferences';
import type { Choices, RunDialog } from './run-dialog-commands';
import { gatesFor } from './step-actions';
import { usePlanLibrary } from './use-plan-library';
import { usePlanText } from './use-plan-text';

/** Codes that say nothing without the plan or the name. */
export const DETAILED = new Set<DeviationCode>(['supersededByPlan', 'toldByAuthority']);

type ChoiceProps = {
  run: Run;
  planned: PlanStep;
  step: RunStep;
  kind: RunDialog['kind'];
  hasBranches: boolean;
  choices: Choices;
  onChoose: (change: Partial<Choices>) => void;
};

export function DialogChoice({ run, planned, step, kind, hasBranches, choices, onChoose }: ChoiceProps): ReactNode {
  const { t } = useTranslation('plans');
  const texts = usePlanText();
  const library = usePlanLibrary();
  const isChinese = usePreferences((state) => state.language === 'zh-CN');
  const field = useId();
  const label = (choice: { label: string; label_zh: string }): string => (isChinese ? choice.label_zh : choice.label);
  if (kind === 'sign' || kind === 'fail') {
    const options = kind === 'fail' ? (planned.on_fail ?? []) : hasBranches ? (planned.branches ?? []) : [];
    return (
      <>
        {planned.decision !== null && <p lang={texts.ofStep(planned, 'decision').lang}>{texts.ofStep(planned, 'decision').text}</p>}
        {options.length > 0 && (
          <RadioGroup
            label={t(kind === 'fail' ? 'wayOut' : 'branch')}
            selectedValue={choices.route}
            onChange={(event) => onChoose({ route: event.currentTarget.value })}
          >
            {options.map((option) => (
              <Radio key={option.id} value={option.id} data-testid={`run-route-${option.id}`}>
                {label(option)}
              </Radio>
            ))}
            {kind === 'fail' && <Radio value="">{t('tryAgainLater')}</Radio>}
          </RadioGroup>
        )}
      </>
    );
  }
  if (kind === 'skip' || kind === 'override')
    return (
      <>
        {kind === 'override' && <WhoOverrides run={run} />}
        <FormGroup label={t('deviationLabel')} labelFor={field}>
          <HTMLSelect
            id={field}
            fill
            value={choices.deviation}
            data-testid="run-deviation"
            onChange={(event) => onChoose({ deviation: event.target.value as DeviationCode })}
          >
            {DEVIATION_CODES.map((code) => (
              <option key={code} value={code}>
                {t(`deviation.${code}`)}
              </option>
            ))}
          </HTMLSelect>
        </FormGroup>
        {DETAILED.has(choices.deviation) && (
          <FormGroup label={t(choices.deviation === 'toldByAuthority' ? 'whoTold' : 'whichPlan')} labelFor={`${field}-detail`}>
            <InputGroup
              id={`${field}-detail`}
              maxLength={200}
              value={choices.detail}
              onValueChange={(detail) => onChoose({ detail })}
              data-testid="run-deviation-detail"
            />
          </FormGroup>
        )}
        {kind === 'skip' && needsSecondName(planned) && <p className="secondary">{t('skipNeedsSecond')}</p>}
      </>
    );
  if (kind === 'defer')
    return (
      <FormGroup label={t('untilStep')} labelFor={field}>
        <HTMLSelect id={field} fill value={choices.untilNo} data-testid="run-until" onChange={(event) => onChoose({ untilNo: event.target.value })}>
          {gatesFor(run, planned.no).map((gate) => {
            const gateStep = run.plan.steps.find((each) => each.no === gate.no);
            return (
              <option key={gate.no} value={gate.no}>
                {gate.no} {gateStep === undefined ? '' : isChinese ? gateStep.title_zh : gateStep.title}
              </option>
            );
          })}
        </HTMLSelect>
      </FormGroup>
    );
  if (kind === 'resolve') return <Outcomes planned={planned} step={step} chosen={choices.keep} onChoose={(keep) => onChoose({ keep })} />;
  if (kind === 'openItem')
    return (
      <FormGroup label={planned.per_item === undefined ? '' : isChinese ? planned.per_item.label_zh : planned.per_item.label} labelFor={field}>
        <InputGroup
          id={field}
          maxLength={200}
          value={choices.label}
          onValueChange={(next) => onChoose({ label: next })}
          data-testid="run-item-label"
        />
      </FormGroup>
    );
  if (kind === 'attach')
    return (
      <FormGroup label={t('plan')} labelFor={field}>
        <HTMLSelect
          id={field}
          fill
          value={choices.planId}
          data-testid="run-attach-plan"
          onChange={(event) => onChoose({ planId: event.target.value })}
        >
          <option value="" />
          {(library.plans ?? [])
            .filter((plan) => plan.id !== run.planId)
            .map((plan) => (
              <option key={plan.id} value={plan.id}>
                {plan.id} {isChinese ? plan.title_zh : plan.title}
              </option>
            ))}
        </HTMLSelect>
      </FormGroup>
    );
  if (kind === 'answer') return <p className="secondary">{t('answerMeaning')}</p>;
  return null;
}

/** A hold yields to two people only; whoever asks sees who they are, and what is missing where nobody holds a role. */
function WhoOverrides({ run }: { run: Run }): ReactNode {
  const { t } = useTranslation('plans');
  const nameOf = usePersonName();
  const library = usePlanLibrary();
  const holder = (role: string): string => (run.roles[role] === undefined ? '—' : nameOf(run.roles[role]));
  const missing = ['IC', 'EXE'].filter((role) => run.roles[role] === undefined);
  return (
    <>
      <p>{t('overrideMeaning', { commander: holder('IC'), executive: holder('EXE') })}</p>
      {missing.length > 0 && (
        <p className="run-gap" data-testid="run-override-gap">
          ▲ {t('overrideGap', { roles: missing.map(library.roleName).join(', ') })}
        </p>
      )}
    </>
  );
}

/** What each desk recorded about a step they disagree on. */
function Outcomes({
  planned,
  step,
  chosen,
  onChoose,
}: {
  planned: PlanStep;
  step: RunStep;
  chosen: string;
  onChoose: (opId: string) => void;
}): ReactNode {
  const { t } = useTranslation('plans');
  const format = useFormat();
  const nameOf = usePersonName();
  const isChinese = usePreferences((state) => state.language === 'zh-CN');
  const routeName = (route: string | null): string => {
    const found = [...(planned.branches ?? []), ...(planned.on_fail ?? [])].find(({ id }) => id === route);
    return found === undefined ? '' : isChinese ? found.label_zh : found.label;
  };
  return (
    <RadioGroup label={t('whatHolds')} selectedValue={chosen} onChange={(event) => onChoose(event.currentTarget.value)}>
      {liveMarks(step.marks).map((mark) => (
        <Radio key={mark.opId} value={mark.opId} data-testid={`run-keep-${mark.kind}`}>
          {t(`mark.${mark.kind}`)} {routeName(mark.route)} · {nameOf(mark.by)} · {format.time(mark.atMs)}
          {mark.deviation !== null && ` · ${t(`deviation.${mark.deviation.code}`)}`}
          {mark.reason !== null && ` · ${mark.reason}`}
        </Radio>
      ))}
    </RadioGroup>
  );
}
