/** Break-glass: opening it with somebody's consent by telephone, how long it still lasts, what it was used for, and the review it owes. */
import { Button, Checkbox, FormGroup } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApprovalPolicyId } from '#shared/contract/access-rule';
import type { ApprovalsPicture } from '#shared/contract/approvals';
import type { BreakGlass } from '#shared/desk/approvals/approval';
import { EntryField } from '../../components/entry-field';
import { FormDialog } from '../../components/form-dialog';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { Select, SelectField } from '../../components/select';
import { TextDialog } from '../../components/text-dialog';
import { TextField } from '../../components/text-field';
import { useAuth, useMay, usePersonName } from '../../state/auth';
import { useNow } from '../../state/use-now';
import { request, useAction } from '../../state/use-stream';
import { TimeLeft } from './approval-state';
import { type Me, minutesLeft } from './approval-view';

export function BreakGlassBar({ picture, me }: { picture: ApprovalsPicture; me: Me }): ReactNode {
  const { t } = useTranslation('approvals');
  const mayUse = useMay('breakGlass.use');
  const [isOpening, setIsOpening] = useState(false);
  const open = picture.breakGlasses.filter(({ state }) => state === 'open');
  const owed = picture.breakGlasses.filter(({ state, review }) => state === 'closed' && review === null);
  const mine = open.some(({ personId }) => personId === me.personId);
  if (!mayUse && open.length === 0 && owed.length === 0 && picture.breakGlassCount === 0) return null;
  return (
    <section className="break-glass-bar stack" data-testid="break-glass" data-open={open.length} data-owed={owed.length}>
      <div className="row">
        <span className="secondary">{t('glass.counted', { count: picture.breakGlassCount, uses: picture.breakGlassUses })}</span>
        <span className="spacer" />
        {mayUse && !mine && (
          <Button size="small" intent="danger" variant="outlined" data-testid="break-glass-open" onClick={() => setIsOpening(true)}>
            {t('glass.open')}
          </Button>
        )}
      </div>
      {open.map((glass) => (
        <OpenGlass key={glass.breakGlassId} glass={glass} isMine={glass.personId === me.personId} />
      ))}
      {owed.map((glass) => (
        <OwedReview key={glass.breakGlassId} glass={glass} me={me} />
      ))}
      {isOpening && <OpenDialog picture={picture} me={me} onClose={() => setIsOpening(false)} />}
    </section>
  );
}

function OpenGlass({ glass, isMine }: { glass: BreakGlass; isMine: boolean }): ReactNode {
  const { t } = useTranslation('approvals');
  const nameOf = usePersonName();
  const nowMs = useNow();
  const closing = useAction('breakGlass.close');
  return (
    <div className="break-glass-open" role="alert" data-testid="break-glass-running">
      <strong>
        <span aria-hidden="true">▲ </span>
        {t('glass.isOpen', { person: nameOf(glass.personId) })}
      </strong>{' '}
      <TimeLeft minutes={minutesLeft(glass.expiresAtMs, nowMs)} /> · {glass.policyIds.map((id) => t(`policy.${id}`)).join(', ')}
      <div>{glass.reason}</div>
      <div>{t('glass.consent', { person: nameOf(glass.consent.personId), number: glass.consent.number, words: glass.consent.words })}</div>
      <Uses glass={glass} />
      <RefusalNotice refusal={closing.refusal} action={t('glass.close')} />
      {isMine && (
        <Button size="small" data-testid="break-glass-close" onClick={() => void closing.run({ breakGlassId: glass.breakGlassId })}>
          {t('glass.close')}
        </Button>
      )}
    </div>
  );
}

function Uses({ glass }: { glass: BreakGlass }): ReactNode {
  const { t } = useTranslation('approvals');
  const format = useFormat();
  if (glass.uses.length === 0) return <div className="secondary">{t('glass.unused')}</div>;
  return (
    <ul>
      {glass.uses.map((use) => (
        <li key={`${use.atMs}.${use.payloadHash}`}>
          {format.dateTime(use.atMs)} · {t(`request.${use.request}`, { defaultValue: use.request })}
        </li>
      ))}
    </ul>
  );
}

function OwedReview({ glass, me }: { glass: BreakGlass; me: Me }): ReactNode {
  const { t } = useTranslation('approvals');
  const format = useFormat();
  const nameOf = usePersonName();
  const nowMs = useNow();
  const [isReviewing, setIsReviewing] = useState(false);
  const [finding, setFinding] = useState<'justified' | 'notJustified'>('justified');
  const [isConfirmed, setIsConfirmed] = useState(false);
  const isOverdue = nowMs > glass.reviewDueAtMs;
  const mayReview = glass.personId !== me.personId && me.functions.includes('approval.decide');
  return (
    <div className="break-glass-owed" data-testid="break-glass-owed" data-overdue={isOverdue}>
      <div className="row">
        <strong>
          {t(isOverdue ? 'glass.overdue' : 'glass.owed', { person: nameOf(glass.personId), time: format.dateTime(glass.reviewDueAtMs) })}
        </strong>
        <span className="spacer" />
        {mayReview && (
          <Button size="small" data-testid="break-glass-review" onClick={() => setIsReviewing(true)}>
            {t('glass.review')}
          </Button>
        )}
      </div>
      <div>{glass.reason}</div>
      <Uses glass={glass} />
      <TextDialog
        isOpen={isReviewing}
        title={t('glass.reviewTitle', { person: nameOf(glass.personId) })}
        label={t('glass.finding')}
        confirm={t('glass.review')}
        isRequired
        testId="break-glass-review-dialog"
        onClose={() => setIsReviewing(false)}
        onConfirm={(note) => request('breakGlass.review', { breakGlassId: glass.breakGlassId, finding, isConsentConfirmed: isConfirmed, note })}
      >
        <p>{t('glass.consent', { person: nameOf(glass.consent.personId), number: glass.consent.number, words: glass.consent.words })}</p>
        <Checkbox checked={isConfirmed} onChange={(event) => setIsConfirmed(event.currentTarget.checked)} label={t('glass.asked')} />
        <Select
          label={t('glass.finding')}
          options={[
            { value: 'justified', label: t('glass.justified') },
            { value: 'notJustified', label: t('glass.notJustified') },
          ]}
          value={finding}
          onValueChange={setFinding}
        />
      </TextDialog>
    </div>
  );
}

function OpenDialog({ picture, me, onClose }: { picture: ApprovalsPicture; me: Me; onClose(): void }): ReactNode {
  const { t } = useTranslation('approvals');
  const people = (useAuth()?.people ?? []).filter(({ personId }) => personId !== me.personId);
  const opening = useAction('breakGlass.open');
  const [policyIds, setPolicyIds] = useState<ApprovalPolicyId[]>([]);
  const [reason, setReason] = useState('');
  const [personId, setPersonId] = useState('');
  const [number, setNumber] = useState('');
  const [words, setWords] = useState('');
  const isReady = policyIds.length > 0 && reason.trim() !== '' && personId !== '' && number.trim().length >= 3 && words.trim() !== '';
  const submit = async (): Promise<void> => {
    const made = await opening.run({ reason, policyIds, consent: { personId, number, words, heardAtMs: Date.now() } });
    if (made !== null) onClose();
  };
  return (
    <FormDialog
      title={t('glass.open')}
      confirm={t('glass.open')}
      intent="danger"
      isReady={isReady}
      isWaiting={opening.isWaiting}
      testId="break-glass-dialog"
      confirmTestId="break-glass-confirm"
      onSubmit={submit}
      onClose={onClose}
    >
      {picture.breakGlassRule !== null && <p>{t('glass.meaning', { minutes: picture.breakGlassRule.lifeMinutes })}</p>}
      <FormGroup label={t('glass.what')}>
        {picture.policies
          .filter(({ canBreakGlass }) => canBreakGlass)
          .map(({ policyId }) => (
            <Checkbox
              key={policyId}
              label={t(`policy.${policyId}`)}
              checked={policyIds.includes(policyId)}
              data-testid={`break-glass-policy-${policyId}`}
              onChange={(event) => {
                const isChosen = event.currentTarget.checked;
                setPolicyIds((before) => (isChosen ? [...before, policyId] : before.filter((each) => each !== policyId)));
              }}
            />
          ))}
      </FormGroup>
      <TextField label={t('glass.why')} value={reason} testId="break-glass-reason" onValueChange={setReason} />
      <SelectField
        label={t('glass.who')}
        fill
        options={[{ value: '', label: t('confirm:choose') }, ...people.map((person) => ({ value: person.personId, label: person.displayName }))]}
        value={personId}
        testId="break-glass-person"
        onValueChange={setPersonId}
      />
      <EntryField label={t('glass.number')} maxLength={64} value={number} testId="break-glass-number" onValueChange={setNumber} />
      <TextField label={t('glass.words')} value={words} testId="break-glass-words" onValueChange={setWords} />
      <RefusalNotice refusal={opening.refusal} action={t('glass.open')} />
    </FormDialog>
  );
}
