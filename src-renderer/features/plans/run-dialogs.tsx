/** The dialogs of a run: each action that needs words or a choice asks for them, and keeps them when it is refused. */
import { FormGroup, HTMLSelect, InputGroup, Radio, RadioGroup } from '@blueprintjs/core';
import { type ReactNode, useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RequestPayload } from '#shared/contract/requests';
import { liveMarks } from '#shared/desk/plans/derive';
import type { PlanStep, Run } from '#shared/desk/plans/plan';
import { DEVIATION_CODES, type DeviationCode, type RunStep } from '#shared/desk/plans/run-parts';
import { kindOf, needsSecondName } from '#shared/desk/plans/step-kind';
import type { Refusal } from '#shared/refusal';
import { useFormat } from '../../components/format/use-format';
import { SecondPersonDialog } from '../../components/second-person';
import { TextDialog } from '../../components/text-dialog';
import { usePersonName } from '../../state/person-names';
import { usePreferences } from '../../state/preferences';
import { useStream } from '../../state/use-stream';
import { attachFile } from '../emergency/paste-evidence';
import { CameraDialog } from '../evidence/camera-dialog';
import type { RunActions } from './run-actions';
import { gatesFor, hasSigned } from './step-actions';
import { usePlanLibrary } from './use-plan-library';
import { usePlanText } from './use-plan-text';

const STEP_DIALOGS = [
  'sign',
  'second',
  'fail',
  'retry',
  'defer',
  'skip',
  'reopen',
  'resolve',
  'override',
  'answer',
  'evidence',
  'beat',
  'openItem',
  'attach',
  'photo',
] as const;
type StepDialogKind = (typeof STEP_DIALOGS)[number];
export type RunDialog =
  | { kind: StepDialogKind; no: number }
  | { kind: 'signItem'; no: number; itemId: string }
  | { kind: 'note'; no: number | null }
  | { kind: 'finish' | 'abort' };

type Props = { run: Run; dialog: RunDialog | null; actions: RunActions; onClose: () => void };
type Confirmable = 'run.completeStep' | 'run.skipStep' | 'run.overrideHold' | 'run.signItem';
type Pending = { [Name in Confirmable]: { name: Name; payload: RequestPayload<Name> } }[Confirmable];

export function RunDialogs({ run, dialog, actions, onClose }: Props): ReactNode {
  const { t } = useTranslation('plans');
  /** A command that waits for the second person. */
  const [pending, setPending] = useState<Pending | null>(null);
  useEffect(() => {
    if (dialog?.kind === 'second') setPending({ name: 'run.completeStep', payload: { runId: run.runId, no: dialog.no } });
  }, [dialog, run.runId]);
  const close = (): void => {
    setPending(null);
    onClose();
  };
  const no = dialog !== null && 'no' in dialog ? dialog.no : null;
  const planned = run.plan.steps.find((step) => step.no === no);
  return (
    <>
      {dialog?.kind === 'photo' && <CameraDialog onClose={close} onTaken={(picture) => attachFile(run.runId, dialog.no, picture, actions.send)} />}
      {dialog !== null && dialog.kind !== 'second' && dialog.kind !== 'photo' && pending === null && (
        <RunForm key={`${dialog.kind} ${no}`} run={run} dialog={dialog} actions={actions} onClose={close} onPending={setPending} />
      )}
      <SecondPersonDialog
        command={pending as { name: 'run.completeStep'; payload: RequestPayload<'run.completeStep'> } | null}
        title={t('secondTitle', { no: no ?? '' })}
        onDone={close}
        onClose={close}
      >
        {planned !== undefined && <StepName planned={planned} />}
      </SecondPersonDialog>
    </>
  );
}

function StepName({ planned }: { planned: PlanStep }): ReactNode {
  const isChinese = usePreferences((state) => state.language === 'zh-CN');
  return (
    <p>
      <strong>
        {planned.no} {isChinese ? planned.title_zh : planned.title}
      </strong>
    </p>
  );
}

type FormProps = { run: Run; dialog: RunDialog; actions: RunActions; onClose: () => void; onPending: (pending: Pending) => void };

/** What is chosen beside the words; each dialog uses the part it shows. */
type Choices = { route: string; deviation: DeviationCode; detail: string; untilNo: string; keep: string; label: string; planId: string };

function RunForm({ run, dialog, actions, onClose, onPending }: FormProps): ReactNode {
  const { t } = useTranslation('plans');
  const me = useStream('auth', {}).picture?.session?.personId ?? null;
  const no = 'no' in dialog ? dialog.no : null;
  const planned = run.plan.steps.find((candidate) => candidate.no === no);
  const step = run.steps.find((candidate) => candidate.no === no);
  const gates = no === null ? [] : gatesFor(run, no);
  const [choices, setChoices] = useState<Choices>({
    route: dialog.kind === 'fail' ? (planned?.on_fail?.[0]?.id ?? '') : '',
    deviation: 'notRelevant',
    detail: '',
    untilNo: String(gates.at(-1)?.no ?? ''),
    keep: '',
    label: '',
    planId: '',
  });
  const choose = (change: Partial<Choices>): void => setChoices((before) => ({ ...before, ...change }));
  const isSign = dialog.kind === 'sign';
  const isFirst = (step?.marks ?? []).every((mark) => mark.kind !== 'signed');
  const hasBranches = isSign && isFirst && planned?.branches !== undefined;
  const needsWords = isSign && isFirst && planned !== undefined && planned.branches === undefined && kindOf(planned) === 'decide';
  const isOptional =
    dialog.kind === 'finish' ||
    dialog.kind === 'beat' ||
    dialog.kind === 'signItem' ||
    dialog.kind === 'openItem' ||
    dialog.kind === 'attach' ||
    (isSign && !needsWords);
  const isReady =
    (!hasBranches || choices.route !== '') &&
    (dialog.kind !== 'defer' || choices.untilNo !== '') &&
    (dialog.kind !== 'resolve' || choices.keep !== '') &&
    (dialog.kind !== 'openItem' || choices.label.trim() !== '') &&
    (dialog.kind !== 'attach' || choices.planId !== '') &&
    ((dialog.kind !== 'skip' && dialog.kind !== 'override') || !DETAILED.has(choices.deviation) || choices.detail.trim() !== '');
  return (
    <TextDialog
      isOpen
      title={t(`dialog.${dialog.kind}`, { no: no ?? '' })}
      label={t(labelKey(dialog.kind, needsWords))}
      confirm={t(`confirm.${dialog.kind}`)}
      isRequired={!isOptional}
      isReady={isReady}
      intent={dialog.kind === 'abort' || dialog.kind === 'override' ? 'danger' : 'primary'}
      testId={`run-dialog-${isSign ? 'done' : dialog.kind}`}
      onConfirm={(text) => submit({ run, dialog, actions, choices, planned, onPending, me }, text)}
      onClose={onClose}
    >
      {planned !== undefined && <StepName planned={planned} />}
      {planned !== undefined && step !== undefined && (
        <Choice run={run} planned={planned} step={step} kind={dialog.kind} hasBranches={hasBranches} choices={choices} onChoose={choose} />
      )}
    </TextDialog>
  );
}

const DETAILED = new Set<DeviationCode>(['supersededByPlan', 'toldByAuthority']);

function labelKey(kind: RunDialog['kind'], needsWords: boolean): string {
  if (needsWords) return 'whatWasDecided';
  if (kind === 'answer') return 'whatYouRead';
  if (kind === 'evidence') return 'typedReading';
  return kind === 'sign' || kind === 'note' || kind === 'finish' || kind === 'beat' || kind === 'signItem' || kind === 'openItem' || kind === 'attach'
    ? 'noteLabel'
    : 'reasonLabel';
}

type Submission = Pick<FormProps, 'run' | 'dialog' | 'actions' | 'onPending'> & {
  choices: Choices;
  planned: PlanStep | undefined;
  me: string | null;
};

/** Whether this person has signed the item, which then waits for another. */
function isSignedItem(run: Run, { no, itemId }: { no: number; itemId: string }, me: string | null): boolean {
  const item = run.steps.find((step) => step.no === no)?.items.find((each) => each.itemId === itemId);
  return me !== null && item !== undefined && hasSigned({ signedBy: item.marks.map(({ by }) => by) }, me);
}

async function submit({ run, dialog, actions, choices, planned, onPending, me }: Submission, text: string): Promise<Refusal | null> {
  const { runId } = run;
  const note = text === '' ? {} : { note: text };
  const { ask } = actions;
  switch (dialog.kind) {
    case 'sign':
      return ask('run.completeStep', { runId, no: dialog.no, ...note, ...(choices.route === '' ? {} : { route: choices.route }) });
    case 'fail':
      return ask('run.failStep', { runId, no: dialog.no, reason: text, ...(choices.route === '' ? {} : { route: choices.route }) });
    case 'retry':
      return ask('run.retryStep', { runId, no: dialog.no, reason: text });
    case 'defer':
      return ask('run.deferStep', { runId, no: dialog.no, untilNo: Number(choices.untilNo), reason: text });
    case 'skip': {
      const payload = { runId, no: dialog.no, ...deviationOf(choices, text) };
      if (planned === undefined || !needsSecondName(planned)) return ask('run.skipStep', payload);
      onPending({ name: 'run.skipStep', payload });
      return STAYS;
    }
    case 'override':
      onPending({ name: 'run.overrideHold', payload: { runId, no: dialog.no, ...deviationOf(choices, text) } as RequestPayload<'run.overrideHold'> });
      return STAYS;
    case 'reopen':
      return ask('run.reopenStep', { runId, no: dialog.no, reason: text });
    case 'resolve':
      return ask('run.resolveConflict', { runId, no: dialog.no, keep: choices.keep, reason: text });
    case 'answer':
      return ask('run.answer', { runId, no: dialog.no, text });
    case 'evidence':
      return ask('run.addEvidence', { runId, no: dialog.no, item: { kind: 'typed', label: '', text } });
    case 'beat':
      return ask('run.beat', { runId, no: dialog.no, ...note });
    case 'openItem':
      return ask('run.openItem', { runId, group: planned?.per_item?.group ?? '', label: choices.label.trim() });
    case 'signItem': {
      const payload = { runId, no: dialog.no, itemId: dialog.itemId, ...note };
      // Whoever has signed it already hands the keyboard to the second person.
      if (!isSignedItem(run, dialog, me)) return ask('run.signItem', payload);
      onPending({ name: 'run.signItem', payload });
      return STAYS;
    }
    case 'attach':
      return ask('run.attachPlan', { runId, no: dialog.no, planId: choices.planId });
    case 'note':
      return ask('run.note', { runId, note: text, ...(dialog.no === null ? {} : { no: dialog.no }) });
    case 'finish':
      return ask('run.finish', { runId, ...note });
    case 'abort':
      return ask('run.abort', { runId, reason: text });
    case 'second':
    case 'photo':
      return null;
  }
}

function deviationOf({ deviation, detail: said }: Choices, reason: string): Pick<RequestPayload<'run.skipStep'>, 'reason' | 'deviation' | 'detail'> {
  const detail = said.trim();
  return { reason, deviation, ...(detail === '' ? {} : { detail }) };
}

/** The form gives way to the second person's dialog and must not close the whole. */
const STAYS: Refusal = { ok: false, code: 'UNAVAILABLE', message: 'waits for the second person' };

type ChoiceProps = {
  run: Run;
  planned: PlanStep;
  step: RunStep;
  kind: RunDialog['kind'];
  hasBranches: boolean;
  choices: Choices;
  onChoose: (change: Partial<Choices>) => void;
};

function Choice({ run, planned, step, kind, hasBranches, choices, onChoose }: ChoiceProps): ReactNode {
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
