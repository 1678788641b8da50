/** What other desks brought here to be decided: the same view of what is asked for, and a decision by one's own secret, which goes back in a file. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RequestAnswer } from '#shared/contract/requests';
import type { ForeignApproval } from '#shared/desk/approvals/carried';
import type { Refusal } from '#shared/refusal';
import { ChangeTable } from '../../components/change-table';
import { FormDialog } from '../../components/form-dialog';
import { useFormat } from '../../components/format/use-format';
import { ItemList } from '../../components/item-list';
import { MadeFile } from '../../components/made-file';
import { MasterDetail } from '../../components/master-detail';
import { RefusalNotice } from '../../components/refusal-notice';
import { SecretField } from '../../components/secret-field';
import { TextField } from '../../components/text-field';
import { usePersonName } from '../../state/auth';
import { useNow } from '../../state/use-now';
import { request } from '../../state/use-stream';
import { TimeLeft } from './approval-state';
import { type Me, minutesLeft } from './approval-view';

type Props = { foreign: ForeignApproval[]; me: Me; openId: string | null; onOpen: (id: string | null) => void };

export function ForeignApprovals({ foreign, me, openId, onOpen }: Props): ReactNode {
  const { t } = useTranslation('approvals');
  const format = useFormat();
  const nowMs = useNow();
  const opened = foreign.find(({ carryId }) => carryId === openId) ?? null;
  if (foreign.length === 0)
    return (
      <div className="empty" data-testid="foreign-empty">
        <strong>{t('none.elsewhere')}</strong>
        <span>{t('foreign.noneTodo')}</span>
      </div>
    );
  return (
    <MasterDetail
      list={
        <ItemList
          items={foreign}
          idOf={({ carryId }) => carryId}
          openId={openId}
          onOpen={onOpen}
          label={t('group.elsewhere')}
          testId="foreign-item"
          marksOf={({ carryId, decisions }) => ({ 'data-carry': carryId, 'data-decided': String(decisions.length) })}
        >
          {(each) => (
            <>
              <span className="row">
                <strong>{t(`request.${each.request}`, { defaultValue: each.request })}</strong>
                <span className="spacer" />
                {each.decisions.length === 0 ? (
                  <TimeLeft minutes={minutesLeft(each.expiresAtMs, nowMs)} />
                ) : (
                  <span className="secondary">{t(`foreign.was.${each.decisions.at(-1)?.decision}`)}</span>
                )}
              </span>
              <span className="row secondary">
                {each.deskName} · {each.maker.displayName} · {format.dateTime(each.askedAtMs)}
              </span>
            </>
          )}
        </ItemList>
      }
      detail={opened === null ? null : <ForeignDetail key={opened.carryId} foreign={opened} me={me} />}
      onBack={() => onOpen(null)}
    />
  );
}

function ForeignDetail({ foreign, me }: { foreign: ForeignApproval; me: Me }): ReactNode {
  const { t } = useTranslation('approvals');
  const format = useFormat();
  const nameOf = usePersonName();
  const nowMs = useNow();
  const [asking, setAsking] = useState<'approve' | 'reject' | null>(null);
  const [made, setMade] = useState<RequestAnswer<'foreign.write'> | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const { carryId, policy, maker, decisions, earlier } = foreign;
  const mine = decisions.find(({ personId }) => personId === me.personId);
  const isOver = nowMs >= foreign.expiresAtMs;
  const stage = policy.stages.find(({ stageId }) => stageId === foreign.stageId);
  return (
    <article className="approval panel-pad stack" data-testid="foreign" data-carry={carryId} data-decided={decisions.length}>
      <header className="row">
        <h3>{t(`request.${foreign.request}`, { defaultValue: foreign.request })}</h3>
        <span className="approval-state">{t('foreign.of', { desk: foreign.deskName })}</span>
        <TimeLeft minutes={minutesLeft(foreign.expiresAtMs, nowMs)} />
      </header>
      <div className="secondary">
        {t('askedBy', { person: maker.displayName, time: format.dateTime(foreign.askedAtMs) })} ·{' '}
        {t('until', { time: format.dateTime(foreign.expiresAtMs) })} ·{' '}
        {t('foreign.taken', { person: nameOf(foreign.takenBy), time: format.dateTime(foreign.takenAtMs) })}
      </div>
      <div className="secondary">
        {t(`policy.${policy.policyId}`)} · {t(`stage.${foreign.stageId}`, { defaultValue: foreign.stageId })}
        {earlier.length > 0 && ` · ${t('foreign.earlier', { names: earlier.map(({ displayName }) => displayName).join(', ') })}`}
      </div>
      <p>{t('foreign.meaning', { desk: foreign.deskName })}</p>
      {decisions.map((each) => (
        <output key={each.personId} className="approval-done" data-testid="foreign-decided">
          {t(`foreign.by.${each.decision}`, { person: nameOf(each.personId), time: format.dateTime(each.decidedAtMs) })}
          {each.note !== '' && <> · {each.note}</>}
        </output>
      ))}
      <div className="row approval-actions">
        {mine === undefined && !isOver && stage !== undefined && (
          <>
            <Button intent="primary" data-testid="foreign-approve" onClick={() => setAsking('approve')}>
              {t('approve')}
            </Button>
            <Button intent="danger" variant="outlined" data-testid="foreign-reject" onClick={() => setAsking('reject')}>
              {t('reject')}
            </Button>
          </>
        )}
        {mine !== undefined && (
          <Button
            variant="outlined"
            data-testid="foreign-write"
            onClick={async () => {
              const outcome = await request('foreign.write', { carryId });
              setMade(outcome.ok ? outcome.value : null);
              setRefusal(outcome.ok ? null : outcome);
            }}
          >
            {t('foreign.writeAgain')}
          </Button>
        )}
      </div>
      <MadeFile
        made={made}
        headline={t('foreign.made', { desk: foreign.deskName })}
        refusal={refusal}
        action={t('foreign.writeAgain')}
        testId="foreign-made"
        onClose={() => {
          setMade(null);
          setRefusal(null);
        }}
      />
      <ChangeTable
        before={foreign.before}
        after={foreign.payload}
        labels={{ before: t('before'), after: foreign.before === null ? t('asked') : t('after') }}
        testId="foreign-change"
      />
      <div className="secondary mono approval-hash" title={foreign.payloadHash}>
        {t('boundTo', { payload: foreign.payloadHash.slice(0, 12), context: foreign.contextHash.slice(0, 12) })}
      </div>
      {asking !== null && (
        <DecideDialog
          foreign={foreign}
          decision={asking}
          onDone={(answer) => {
            setMade(answer);
            setAsking(null);
          }}
          onClose={() => setAsking(null)}
        />
      )}
    </article>
  );
}

type DecideProps = {
  foreign: ForeignApproval;
  decision: 'approve' | 'reject';
  onDone: (made: RequestAnswer<'foreign.decide'>) => void;
  onClose: () => void;
};

/** The password's digest takes its time on a small machine. */
const TIMEOUT_MS = 60_000;

function DecideDialog({ foreign, decision, onDone, onClose }: DecideProps): ReactNode {
  const { t } = useTranslation('approvals');
  const [note, setNote] = useState('');
  const [secret, setSecret] = useState('');
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [isWaiting, setIsWaiting] = useState(false);
  const name = t(`request.${foreign.request}`, { defaultValue: foreign.request });
  const isReady = secret !== '' && (decision === 'approve' || note.trim() !== '');
  const submit = async (): Promise<void> => {
    setIsWaiting(true);
    const { carryId, payloadHash, contextHash } = foreign;
    const outcome = await request('foreign.decide', { carryId, decision, payloadHash, contextHash, note: note.trim(), secret }, TIMEOUT_MS);
    setIsWaiting(false);
    setSecret('');
    if (outcome.ok) onDone(outcome.value);
    else setRefusal(outcome);
  };
  return (
    <FormDialog
      title={t(decision === 'approve' ? 'onTheSpotTitle' : 'rejectTitle', { name })}
      confirm={t(decision)}
      intent={decision === 'approve' ? 'primary' : 'danger'}
      isReady={isReady}
      isWaiting={isWaiting}
      testId="foreign-dialog"
      confirmTestId="foreign-confirm"
      onSubmit={submit}
      onClose={onClose}
    >
      <p>{t('foreign.signs', { desk: foreign.deskName })}</p>
      <TextField
        label={t('reason')}
        info={t(decision === 'reject' ? 'app:required' : 'app:optional')}
        value={note}
        testId="foreign-note"
        onValueChange={setNote}
      />
      <SecretField label={t('foreign.secret')} value={secret} onValueChange={setSecret} testId="foreign-secret" />
      <RefusalNotice refusal={refusal} action={t(decision)} />
    </FormDialog>
  );
}
