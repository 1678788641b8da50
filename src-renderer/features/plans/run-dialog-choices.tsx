/** What is chosen beside the words in a dialog of a run: a branch, a way out, a deviation's code, a later step, which record holds. */
import { Radio, RadioGroup } from '@blueprintjs/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { liveMarks } from '#shared/desk/plans/derive';
import type { PlanStep, Run } from '#shared/desk/plans/plan';
import { DEVIATION_CODES, type DeviationCode, type RunStep } from '#shared/desk/plans/run-parts';
import { needsSecondName } from '#shared/desk/plans/step-kind';
import { EntryField } from '../../components/entry-field';
import { useFormat } from '../../components/format/use-format';
import { optionsOf } from '../../components/options';
import { SelectField } from '../../components/select';
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
        <SelectField
          label={t('deviationLabel')}
          fill
          options={optionsOf(DEVIATION_CODES, (code) => t(`deviation.${code}`))}
          value={choices.deviation}
          testId="run-deviation"
          onValueChange={(deviation) => onChoose({ deviation })}
        />
        {DETAILED.has(choices.deviation) && (
          <EntryField
            label={t(choices.deviation === 'toldByAuthority' ? 'whoTold' : 'whichPlan')}
            maxLength={200}
            value={choices.detail}
            onValueChange={(detail) => onChoose({ detail })}
            testId="run-deviation-detail"
          />
        )}
        {kind === 'skip' && needsSecondName(planned) && <p className="secondary">{t('skipNeedsSecond')}</p>}
      </>
    );
  if (kind === 'defer')
    return (
      <SelectField
        label={t('untilStep')}
        fill
        options={gatesFor(run, planned.no).map(({ no }) => {
          const gateStep = run.plan.steps.find((each) => each.no === no);
          return { value: String(no), label: `${no} ${gateStep === undefined ? '' : isChinese ? gateStep.title_zh : gateStep.title}` };
        })}
        value={choices.untilNo}
        testId="run-until"
        onValueChange={(untilNo) => onChoose({ untilNo })}
      />
    );
  if (kind === 'resolve') return <Outcomes planned={planned} step={step} chosen={choices.keep} onChoose={(keep) => onChoose({ keep })} />;
  if (kind === 'openItem')
    return (
      <EntryField
        label={planned.per_item === undefined ? '' : isChinese ? planned.per_item.label_zh : planned.per_item.label}
        maxLength={200}
        value={choices.label}
        onValueChange={(next) => onChoose({ label: next })}
        testId="run-item-label"
      />
    );
  if (kind === 'attach')
    return (
      <SelectField
        label={t('plan')}
        fill
        options={[
          { value: '', label: '' },
          ...(library.plans ?? [])
            .filter((plan) => plan.id !== run.planId)
            .map((plan) => ({ value: plan.id, label: `${plan.id} ${isChinese ? plan.title_zh : plan.title}` })),
        ]}
        value={choices.planId}
        testId="run-attach-plan"
        onValueChange={(planId) => onChoose({ planId })}
      />
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
