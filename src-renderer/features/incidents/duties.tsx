/** The reporting clock: every duty with its deadline, what it rests on and how sure that is, and the next thing a person does about it. */
import { Button } from '@blueprintjs/core';
import type { TFunction } from 'i18next';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DutyAct, IncidentView } from '#shared/contract/incidents';
import type { Duty } from '#shared/desk/reporting/duty';
import { sourceText } from '#shared/desk/reporting/rule-pack';
import { CertaintyMark } from '../../components/certainty-mark';
import { ClockDoubtMark } from '../../components/clock-doubt';
import { EntryField } from '../../components/entry-field';
import { localInputOf, msOfLocalInput } from '../../components/format/moment-text';
import { useFormat } from '../../components/format/use-format';
import { Labelled } from '../../components/labelled';
import { MomentField } from '../../components/moment-field';
import { optionsOf } from '../../components/options';
import { PaperButtons } from '../../components/paper-buttons';
import { RefusalNotice } from '../../components/refusal-notice';
import { SecondPersonDialog } from '../../components/second-person';
import { SelectField } from '../../components/select';
import { TextDialog } from '../../components/text-dialog';
import { TextField } from '../../components/text-field';
import { useMay } from '../../state/auth';
import { usePersonName } from '../../state/person-names';
import { usePreferences } from '../../state/preferences';
import { request, useAction } from '../../state/use-stream';
import { Countdown } from './incidents-panel';
import { draftOf } from './report-draft';

type Due = IncidentView['dues'][number];
type Ask = 'arm' | 'draft' | 'send' | 'receive' | 'waive';

export function Duties({ view }: { view: IncidentView }): ReactNode {
  const { t } = useTranslation('incidents');
  const dueOf = new Map(view.dues.map((due) => [due.dutyId, due]));
  const rank = ({ dutyId }: Duty): number => {
    const due = dueOf.get(dutyId);
    return due?.isOpen === true ? (due.dueAtMs ?? Number.MAX_SAFE_INTEGER - 1) : Number.MAX_SAFE_INTEGER;
  };
  const duties = [...view.incident.duties].sort((a, b) => rank(a) - rank(b));
  return (
    <>
      {duties.length === 0 && <div className="empty">{t('noDuties')}</div>}
      <ul className="duty-list" aria-label={t('section.duties')}>
        {duties.map((duty) => (
          <DutyRow key={duty.dutyId} view={view} duty={duty} due={dueOf.get(duty.dutyId) ?? null} />
        ))}
      </ul>
      <Standing standing={view.standing} />
    </>
  );
}

/** What is not sent to anybody and holds all the same; where in the desk each is met. */
function Standing({ standing }: Pick<IncidentView, 'standing'>): ReactNode {
  const { t } = useTranslation('incidents');
  const language = usePreferences((state) => (state.language === 'zh-CN' ? ('zh' as const) : ('en' as const)));
  if (standing.length === 0) return null;
  return (
    <section className="stack" data-testid="standing-duties">
      <h3>{t('standing.title')}</h3>
      <ul className="duty-list">
        {standing.map((duty) => (
          <li key={duty.standingId} className="duty" data-testid={`standing-${duty.standingId}`}>
            <div>
              {duty.text[language]} <CertaintyMark certainty={duty.certainty} />
            </div>
            <div className="secondary">
              {duty.instrument[language]} {t('article', { article: duty.article })} ({duty.effectiveFrom}) · {sourceText(duty, language === 'zh')} ·{' '}
              {t(`standing.metBy.${duty.metBy}`)}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function DutyRow({ view, duty, due }: { view: IncidentView; duty: Duty; due: Due | null }): ReactNode {
  const { t } = useTranslation('incidents');
  const format = useFormat();
  const nameOf = usePersonName();
  const language = usePreferences((state) => (state.language === 'zh-CN' ? ('zh' as const) : ('en' as const)));
  const mayArm = useMay('report.arm');
  const [ask, setAsk] = useState<Ask | null>(null);
  const [forTwo, setForTwo] = useState<Extract<DutyAct, { type: 'approve' | 'waive' }> | null>(null);
  const { incidentId } = view.incident;
  const { dutyId, rule, state } = duty;
  const isWaiting = state === 'proposed' || state === 'armed' || state === 'drafted' || state === 'approved';
  const isPhone = rule.channel === 'phone';
  const isRepeat = (state === 'sent' || state === 'received') && due?.isOpen === true;
  const canSend = isPhone ? isWaiting || isRepeat : state === 'approved' || isRepeat;
  return (
    <li className="duty" data-testid={`duty-${dutyId}`} data-state={state} data-open={due?.isOpen}>
      <div className="row">
        <strong>{rule.title[language]}</strong>
        <span className="duty-state">{t(`dutyState.${state}`)}</span>
        {rule.certainty !== 'verified' && <CertaintyMark certainty={rule.certainty} />}
        <span className="spacer" />
        {due?.isOpen === true && (due.dueAtMs === null ? <span className="secondary">{t('notStarted')}</span> : <Countdown dueAtMs={due.dueAtMs} />)}
        {due?.isOpen === true && <ClockDoubtMark />}
      </div>
      <div className="secondary">
        {rule.instrument[language]} {rule.article !== '—' && t('article', { article: rule.article })} · {rule.recipients[language]} ·{' '}
        {t(`channel.${rule.channel}`)}
      </div>
      <div className="secondary">{clockText(due, t, format)}</div>
      {rule.note !== null && <div className="secondary">{rule.note[language]}</div>}
      <details>
        <summary className="secondary">{t('source')}</summary>
        <span className="secondary">
          {sourceText(rule, language === 'zh')} ({rule.effectiveFrom})
        </span>
      </details>
      {due?.isCalendarUnknown === true && <div className="incident-warning">▲ {t('calendarUnknown')}</div>}
      {duty.submissions.map((submission) => (
        <div key={submission.recordedAtMs} data-testid="duty-submission">
          ✓ {t('sentAt', { time: format.dateTime(submission.atMs), person: nameOf(submission.by) })} — {submission.proof}{' '}
          {submission.isLateByMs !== null && <span className="secondary">({t('lateBy', { time: format.duration(submission.isLateByMs) })})</span>}
        </div>
      ))}
      {duty.receipt !== null && <div>{t('receivedAs', { reference: duty.receipt.reference, person: duty.receipt.person })}</div>}
      {duty.waiver !== null && (
        <div>{t('waivedBy', { first: nameOf(duty.waiver.by), second: nameOf(duty.waiver.secondPerson), reason: duty.waiver.reason })}</div>
      )}
      {state === 'proposed' && !mayArm && <div className="secondary">{t('armedByCompliance')}</div>}
      <div className="row">
        {state === 'proposed' && mayArm && <Act name="arm" onClick={() => setAsk('arm')} />}
        {isWaiting && !isPhone && <Act name="draft" onClick={() => setAsk('draft')} />}
        {state === 'drafted' && <Act name="approve" onClick={() => setForTwo({ type: 'approve', draft: duty.draft ?? {} })} />}
        {canSend && <Act name="send" isMain onClick={() => setAsk('send')} />}
        {state === 'sent' && <Act name="receive" onClick={() => setAsk('receive')} />}
        {isWaiting && <Act name="waive" onClick={() => setAsk('waive')} />}
        <span className="spacer" />
        {!isPhone && <PaperButtons of={{ kind: 'duty', id: incidentId, dutyId }} testId={`paper-${dutyId}`} />}
      </div>
      {isPhone && canSend && ask === 'send' && <PhoneScript view={view} timeZone={duty.timeZone} />}
      {ask === 'draft' && <DraftForm view={view} duty={duty} onDone={() => setAsk(null)} />}
      {ask === 'send' && <SendForm incidentId={incidentId} duty={duty} onDone={() => setAsk(null)} />}
      {ask === 'receive' && <ReceiveForm incidentId={incidentId} duty={duty} onDone={() => setAsk(null)} />}
      <TextDialog
        isOpen={ask === 'arm' || ask === 'waive'}
        title={`${t(`do.${ask === 'waive' ? 'waive' : 'arm'}`)}: ${rule.title[language]}`}
        label={t(ask === 'waive' ? 'reason' : 'armNote')}
        confirm={t(`do.${ask === 'waive' ? 'waive' : 'arm'}`)}
        isRequired
        testId="duty-words"
        onClose={() => setAsk(null)}
        onConfirm={async (text) => {
          if (ask === 'waive') {
            setForTwo({ type: 'waive', reason: text });
            return null;
          }
          return request('duty.arm', { incidentId, dutyId, note: text });
        }}
      />
      <SecondPersonDialog
        command={forTwo === null ? null : { name: 'duty.act', payload: { incidentId, dutyId, act: forTwo } }}
        title={`${t(`do.${forTwo?.type ?? 'approve'}`)}: ${rule.title[language]}`}
        onDone={() => setForTwo(null)}
        onClose={() => setForTwo(null)}
      >
        {forTwo?.type === 'waive' && <p>{forTwo.reason}</p>}
        {forTwo?.type === 'approve' && <DraftText draft={forTwo.draft} />}
      </SecondPersonDialog>
    </li>
  );
}

function Act({ name, isMain = false, onClick }: { name: string; isMain?: boolean; onClick(): void }): ReactNode {
  const { t } = useTranslation('incidents');
  return (
    <Button size="small" intent={isMain ? 'primary' : 'none'} data-testid={`duty-${name}`} onClick={onClick}>
      {t(`do.${name}`)}
    </Button>
  );
}

function clockText(due: Due | null, t: TFunction<'incidents'>, format: ReturnType<typeof useFormat>): string {
  if (due === null || due.start === null || due.dueAtMs === null) return t('clockWaits');
  const from = 'time' in due.start ? t(`time.${due.start.time}`) : t('lastSubmission');
  return t('clockRuns', { from, started: format.dateTime(due.startedAtMs), due: format.dateTime(due.dueAtMs) });
}

/** What to say on the telephone, in the order it is asked for; what is not known yet is said to be not known. */
function PhoneScript({ view, timeZone }: { view: IncidentView; timeZone: string }): ReactNode {
  const { t } = useTranslation('incidents');
  const format = useFormat();
  const language = usePreferences((state) => state.language);
  const draft = draftOf(view, timeZone, { t, format, language });
  return (
    <div className="phone-script" data-testid="phone-script">
      <strong>{t('phoneScript')}</strong>
      <ol>
        {Object.entries(draft).map(([field, text]) => (
          <li key={field}>
            {t(`form.${field}`)}: {text}
          </li>
        ))}
      </ol>
    </div>
  );
}

function DraftText({ draft }: { draft: Record<string, string> }): ReactNode {
  const { t } = useTranslation('incidents');
  return (
    <dl className="draft-text">
      {Object.entries(draft).map(([field, text]) => (
        <div key={field}>
          <dt>{t(`form.${field}`)}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}

type FormOf = { incidentId: string; duty: Duty; onDone(): void };

function DraftForm({ view, duty, onDone }: { view: IncidentView; duty: Duty; onDone(): void }): ReactNode {
  const { t } = useTranslation('incidents');
  const format = useFormat();
  const language = usePreferences((state) => state.language);
  const [draft, setDraft] = useState<Record<string, string>>(() => duty.draft ?? draftOf(view, duty.timeZone, { t, format, language }));
  const act = useAction('duty.act');
  const save = async (): Promise<void> => {
    const done = await act.run({ incidentId: view.incident.incidentId, dutyId: duty.dutyId, act: { type: 'draft', draft } });
    if (done !== null) onDone();
  };
  return (
    <div className="duty-form" data-testid="duty-draft-form">
      {Object.entries(draft).map(([field, text]) => (
        <TextField
          key={field}
          label={t(`form.${field}`)}
          autoResize
          maxLength={4000}
          value={text}
          onValueChange={(value) => setDraft((before) => ({ ...before, [field]: value }))}
        />
      ))}
      <RefusalNotice refusal={act.refusal} action={t('do.draft')} />
      <div className="row">
        <Button onClick={onDone}>{t('app:cancel')}</Button>
        <Button intent="primary" loading={act.isWaiting} data-testid="duty-draft-save" onClick={() => void save()}>
          {t('saveDraft')}
        </Button>
      </div>
    </div>
  );
}

function SendForm({ incidentId, duty, onDone }: FormOf): ReactNode {
  const { t } = useTranslation('incidents');
  const [sentAt, setSentAt] = useState(localInputOf(Date.now()));
  const [channel, setChannel] = useState<string>(duty.rule.channel);
  const [proof, setProof] = useState('');
  const act = useAction('duty.act');
  const sentAtMs = msOfLocalInput(sentAt);
  const save = async (): Promise<void> => {
    if (sentAtMs === null) return;
    if ((await act.run({ incidentId, dutyId: duty.dutyId, act: { type: 'send', sentAtMs, channel, proof } })) !== null) onDone();
  };
  return (
    <form
      className="duty-form"
      data-testid="duty-send-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <p className="secondary">{t('sendMeaning')}</p>
      <Labelled label={t('field.sentAt')} isInline>
        {(id) => <MomentField id={id} label={t('field.sentAt')} value={sentAt} testId="duty-sent-at" onChange={setSentAt} />}
      </Labelled>
      <SelectField
        label={t('field.channel')}
        isInline
        options={optionsOf(['phone', 'writtenForm', 'portal'], (each) => t(`channel.${each}`))}
        value={channel}
        onValueChange={setChannel}
      />
      <EntryField label={t('field.proof')} help={t('field.proofHelp')} maxLength={2000} value={proof} testId="duty-proof" onValueChange={setProof} />
      <RefusalNotice refusal={act.refusal} action={t('do.send')} />
      <div className="row">
        <Button onClick={onDone}>{t('app:cancel')}</Button>
        <Button
          type="submit"
          intent="primary"
          disabled={proof.trim() === '' || sentAtMs === null}
          loading={act.isWaiting}
          data-testid="duty-send-confirm"
        >
          {t('do.send')}
        </Button>
      </div>
    </form>
  );
}

function ReceiveForm({ incidentId, duty, onDone }: FormOf): ReactNode {
  const { t } = useTranslation('incidents');
  const [reference, setReference] = useState('');
  const [person, setPerson] = useState('');
  const act = useAction('duty.act');
  const save = async (): Promise<void> => {
    if ((await act.run({ incidentId, dutyId: duty.dutyId, act: { type: 'receive', reference, person } })) !== null) onDone();
  };
  return (
    <form
      className="duty-form"
      data-testid="duty-receive-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <EntryField label={t('field.reference')} maxLength={200} value={reference} onValueChange={setReference} />
      <EntryField label={t('field.answeredBy')} maxLength={200} value={person} onValueChange={setPerson} />
      <RefusalNotice refusal={act.refusal} action={t('do.receive')} />
      <div className="row">
        <Button onClick={onDone}>{t('app:cancel')}</Button>
        <Button type="submit" intent="primary" disabled={reference.trim() === '' || person.trim() === ''} loading={act.isWaiting}>
          {t('do.receive')}
        </Button>
      </div>
    </form>
  );
}
