/** A plan's versions: what holds, what is proposed instead, what differs, who reviewed it; edited as text that reads like the plan. */
import { Button, InputGroup } from '@blueprintjs/core';
import type { TFunction } from 'i18next';
import { type ReactNode, useEffect, useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RequestAnswer } from '#shared/contract/requests';
import { type PlanTextFault, planDifferences, planFaultReason, planFromMarkdown, planToMarkdown } from '#shared/desk/plans/markdown';
import type { Refusal } from '#shared/refusal';
import { FileChoice } from '../../components/file-choice';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { usePersonName } from '../../state/person-names';
import { request, useRequest } from '../../state/use-stream';
import type { PanelProps } from '../registry';
import { Differences } from './plan-differences';
import { usePlanLibrary } from './use-plan-library';
import './plans.css';
import { isUnreadable, msOfLocalInput } from '../../components/format/moment-text';
import { MomentField } from '../../components/moment-field';
import { TextField } from '../../components/text-field';

type Answer = RequestAnswer<'plan.get'>;

export function PlanEditorPanel({ params, setTitle }: PanelProps): ReactNode {
  const { t } = useTranslation('plans');
  const [planId, setPlanId] = useState(params.planId ?? '');
  const [version, setVersion] = useState(0);
  const library = usePlanLibrary();
  const found = useRequest('plan.get', planId === '' ? null : { planId }, version);
  useEffect(() => {
    if (planId !== '') setTitle(`${planId} ${t('versions')}`);
  }, [planId, setTitle, t]);
  const changed = (next?: string): void => {
    if (next !== undefined) setPlanId(next);
    setVersion((before) => before + 1);
    library.reload();
  };
  return (
    <div className="panel-body stack panel-pad" data-testid="plan-editor">
      <RefusalNotice refusal={found.refusal} onRetry={found.reload} />
      {/* By the text it holds: what is written here begins anew when another draft or version has arrived, and never with the one before. */}
      {found.answer !== null && <Versions key={`${planId} ${hashOf(found.answer)}`} planId={planId} answer={found.answer} onChanged={changed} />}
      <ImportForm onImported={changed} />
    </div>
  );
}

/** Of the draft, or of what is in force where there is none. */
function hashOf({ record, standing }: Answer): string | null {
  return record?.draft?.hash ?? standing?.hash ?? null;
}

function Versions({ planId, answer, onChanged }: { planId: string; answer: Answer; onChanged: (planId?: string) => void }): ReactNode {
  const { t } = useTranslation('plans');
  const format = useFormat();
  const nameOf = usePersonName();
  const fromField = useId();
  const { record, inForce, bundled } = answer;
  const draft = record?.draft ?? null;
  const shown = draft?.plan ?? inForce ?? bundled;
  const [text, setText] = useState(() => (shown === null ? '' : planToMarkdown(shown)));
  const [note, setNote] = useState('');
  const [from, setFrom] = useState('');
  const [exportedTo, setExportedTo] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const read = useMemo(() => planFromMarkdown(text), [text]);
  const hash = hashOf(answer);
  const isChanged = shown !== null && read.ok && planDifferences(shown, read.plan).length > 0;
  const done = (outcome: { ok: true } | Refusal): void => {
    setRefusal(outcome.ok ? null : outcome);
    if (outcome.ok) onChanged();
  };
  const words = note.trim() === '' ? {} : { note: note.trim() };
  const review = async (verdict: 'agree' | 'object'): Promise<void> => {
    if (hash !== null) done(await request('plan.review', { planId, hash, verdict, ...words }));
  };
  return (
    <>
      <h2>
        {planId} {t(`standing.${answer.standing?.standing ?? 'unconfirmed'}`, { version: answer.standing?.version ?? 0 })}
      </h2>
      {answer.problems.length > 0 && (
        <ul className="run-notes" data-testid="plan-problems">
          {answer.problems.map((problem) => (
            <li key={`${problem.code} ${problem.no} ${problem.about}`}>
              ▲ {t(`problem.${problem.code}`, { no: problem.no ?? '', about: aboutText(problem, t) })}
            </li>
          ))}
        </ul>
      )}
      <TextField
        label={t('planText')}
        isLabelHidden
        rows={18}
        maxLength={null}
        className="mono"
        value={text}
        testId="plan-text"
        onValueChange={setText}
      />
      {!read.ok && (
        <div className="run-gap" data-testid="plan-fault">
          ▲ <PlanFault fault={read.fault} />
        </div>
      )}
      {read.ok && inForce !== null && <Differences before={inForce} after={read.plan} />}
      <InputGroup
        placeholder={t('noteLabel')}
        aria-label={t('noteLabel')}
        maxLength={2000}
        value={note}
        data-testid="plan-note"
        onValueChange={setNote}
      />
      <div className="row">
        <label htmlFor={fromField}>{t('effectiveFrom')}</label>
        <MomentField id={fromField} label={t('effectiveFrom')} value={from} testId="plan-effective-from" onChange={setFrom} />
        <span className="secondary">{t('effectiveFromHelp')}</span>
      </div>
      <RefusalNotice refusal={refusal} />
      {exportedTo !== null && (
        <output className="mono" data-testid="plan-exported">
          {t('exported', { path: exportedTo })}
        </output>
      )}
      <div className="row">
        <Button
          intent="primary"
          disabled={!read.ok || !isChanged}
          data-testid="plan-save-draft"
          onClick={async () => read.ok && done(await request('plan.saveDraft', { plan: read.plan, ...words }))}
        >
          {t('saveDraft')}
        </Button>
        <Button disabled={hash === null || isChanged} data-testid="plan-agree" onClick={() => void review('agree')}>
          {t('reviewAgree')}
        </Button>
        <Button disabled={hash === null || isChanged || note.trim() === ''} data-testid="plan-object" onClick={() => void review('object')}>
          {t('reviewObject')}
        </Button>
        <Button
          disabled={hash === null || isChanged || isUnreadable(from)}
          data-testid="plan-publish"
          onClick={async () =>
            hash !== null && done(await request('plan.publish', { planId, hash, effectiveFromMs: msOfLocalInput(from) ?? Date.now(), ...words }))
          }
        >
          {t('publish')}
        </Button>
        <Button
          disabled={note.trim() === ''}
          title={t('needsNote')}
          data-testid="plan-retire"
          onClick={async () => done(await request('plan.retire', { planId, reason: note.trim() }))}
        >
          {t('retire')}
        </Button>
        {draft !== null && (
          <Button
            disabled={note.trim() === ''}
            title={t('needsNote')}
            data-testid="plan-drop-draft"
            onClick={async () => done(await request('plan.dropDraft', { planId, reason: note.trim() }))}
          >
            {t('dropDraft')}
          </Button>
        )}
        {(['json', 'markdown'] as const).map((kind) => (
          <Button
            key={kind}
            data-testid={`plan-export-${kind}`}
            onClick={async () => {
              const outcome = await request('plan.export', { planId, format: kind, which: draft === null ? 'inForce' : 'draft' });
              setRefusal(outcome.ok ? null : outcome);
              setExportedTo(outcome.ok ? outcome.value.path : null);
            }}
          >
            {t(`export.${kind}`)}
          </Button>
        ))}
      </div>
      <h3>{t('history')}</h3>
      <ul className="run-notes" data-testid="plan-versions">
        {draft !== null && (
          <li>
            ✎ {t('draftBy', { person: nameOf(draft.by), time: format.dateTime(draft.atMs) })} {draft.note ?? ''}{' '}
            <span className="mono secondary">{draft.hash.slice(0, 12)}</span>
          </li>
        )}
        {(record?.reviews ?? []).map((each) => (
          <li key={`${each.hash} ${each.by} ${each.atMs}`}>
            {each.verdict === 'agree' ? '✓' : '✕'} {nameOf(each.by)} {format.dateTime(each.atMs)} {each.note ?? ''}{' '}
            <span className="mono secondary">{each.hash.slice(0, 12)}</span>
          </li>
        ))}
        {[...(record?.versions ?? [])].reverse().map((each) => (
          <li key={each.version}>
            {t('versionLine', { version: each.version, person: nameOf(each.publishedBy), from: format.dateTime(each.effectiveFromMs) })}{' '}
            {each.note ?? ''} <span className="mono secondary">{each.hash.slice(0, 12)}</span>
          </li>
        ))}
        {bundled !== null && <li>{t('bundledLine')}</li>}
      </ul>
    </>
  );
}

function ImportForm({ onImported }: { onImported: (planId: string) => void }): ReactNode {
  const { t } = useTranslation('plans');
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  return (
    <section className="card">
      <div className="row">
        <span>{t('importFile')}</span>
        <FileChoice
          text={t('chooseFile')}
          accept=".json,.md,.markdown"
          testId="plan-import-choose"
          inputTestId="plan-import"
          onFile={async (file) => {
            const format = file.name.endsWith('.json') ? 'json' : 'markdown';
            const outcome = await request('plan.import', { format, text: await file.text() });
            setRefusal(outcome.ok ? null : outcome);
            if (outcome.ok) onImported(outcome.value.planId);
          }}
        />
      </div>
      <RefusalNotice refusal={refusal} />
    </section>
  );
}

function PlanFault({ fault }: { fault: PlanTextFault }): ReactNode {
  const { t } = useTranslation('reasons');
  const { code, params } = planFaultReason(fault);
  return t(code, params);
}

/** Faults name fields and roles as the plan's file does; people read them as the page does. */
function aboutText({ code, about }: Answer['problems'][number], t: TFunction<'plans'>): string {
  return code === 'textMissing' ? t(`planField.${about}`, { defaultValue: about }) : about;
}
