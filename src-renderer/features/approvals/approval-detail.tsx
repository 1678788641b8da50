/** One approval whole: what was asked for, by whom, what it changes, who has agreed and who is missing; and what this person may do about it. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RequestPayload } from '#shared/contract/requests';
import type { Approval } from '#shared/desk/approvals/approval';
import { ChangeTable } from '../../components/change-table';
import { ClockDoubtMark } from '../../components/clock-doubt';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { SecondPersonDialog } from '../../components/second-person';
import { TextDialog } from '../../components/text-dialog';
import { usePersonName } from '../../state/auth';
import { useNow } from '../../state/use-now';
import { request, useAction } from '../../state/use-stream';
import { AskedPlanChange } from '../plans/plan-differences';
import { ApprovalState, TimeLeft } from './approval-state';
import { isOpen, type Me, mayDecide, minutesLeft, stagesOf } from './approval-view';
import { CarriedAwayList, CarryAway } from './carry-away';

type Asking = 'approveNote' | 'reject' | 'withdraw' | null;
type Decision = RequestPayload<'approval.decide'>;

function decisionOf(approval: Approval, decision: 'approve' | 'reject', note: string): Decision {
  const { approvalId, payloadHash, contextHash } = approval;
  return { approvalId, decision, payloadHash, contextHash, note };
}

/** The plan that is to be published; null where something else is asked for. */
function planAsked({ request: name, payload }: Approval): { planId: string; hash: string } | null {
  if (name !== 'plan.publish' || typeof payload !== 'object' || payload === null || !('planId' in payload && 'hash' in payload)) return null;
  return { planId: String(payload.planId), hash: String(payload.hash) };
}

export function ApprovalDetail({ approval, me }: { approval: Approval; me: Me }): ReactNode {
  const { t } = useTranslation('approvals');
  const format = useFormat();
  const asked = planAsked(approval);
  const nameOf = usePersonName();
  const nowMs = useNow();
  const [asking, setAsking] = useState<Asking>(null);
  const [onTheSpot, setOnTheSpot] = useState<Decision | null>(null);
  const approving = useAction('approval.decide');
  const isMine = approval.makerId === me.personId;
  const name = t(`request.${approval.request}`, { defaultValue: approval.request });
  const isPending = approval.state === 'pending';
  return (
    <article className="approval panel-pad stack" data-testid="approval" data-approval={approval.approvalId} data-state={approval.state}>
      <header className="row">
        <h3>{name}</h3>
        <ApprovalState approval={approval} />
        {isOpen(approval) && (
          <>
            <TimeLeft minutes={minutesLeft(approval.expiresAtMs, nowMs)} />
            <ClockDoubtMark />
          </>
        )}
      </header>
      <div className="secondary">
        {t('askedBy', { person: nameOf(approval.makerId), time: format.dateTime(approval.askedAtMs) })} ·{' '}
        {t('until', { time: format.dateTime(approval.expiresAtMs) })}
      </div>
      <Ended approval={approval} />
      <Stages approval={approval} />
      <CarriedAwayList approval={approval} />
      <RefusalNotice refusal={approving.refusal} action={t('approve')} />
      {isPending && (
        <div className="row approval-actions">
          {mayDecide(approval, me) && (
            <>
              <Button
                intent="primary"
                loading={approving.isWaiting}
                data-testid="approval-approve"
                onClick={() => void approving.run(decisionOf(approval, 'approve', ''))}
              >
                {t('approve')}
              </Button>
              <Button intent="danger" variant="outlined" data-testid="approval-reject" onClick={() => setAsking('reject')}>
                {t('reject')}
              </Button>
            </>
          )}
          <Button variant="outlined" data-testid="approval-on-the-spot" onClick={() => setOnTheSpot(decisionOf(approval, 'approve', ''))}>
            {t('onTheSpot')}
          </Button>
          <CarryAway approval={approval} />
          {isMine && (
            <Button variant="outlined" data-testid="approval-withdraw" onClick={() => setAsking('withdraw')}>
              {t('withdraw')}
            </Button>
          )}
        </div>
      )}
      {isPending && isMine && <div className="secondary">{t('notYourself')}</div>}
      {asked !== null && <AskedPlanChange {...asked} />}
      <ChangeTable
        before={approval.before}
        after={approval.payload}
        labels={{ before: t('before'), after: approval.before === null ? t('asked') : t('after') }}
        testId="approval-change"
      />
      <div className="secondary mono approval-hash" title={approval.payloadHash}>
        {t('boundTo', { payload: approval.payloadHash.slice(0, 12), context: approval.contextHash.slice(0, 12) })}
      </div>
      <TextDialog
        isOpen={asking === 'reject'}
        title={t('rejectTitle', { name })}
        label={t('reason')}
        confirm={t('reject')}
        isRequired
        intent="danger"
        testId="approval-reject-dialog"
        onClose={() => setAsking(null)}
        onConfirm={(note) => request('approval.decide', decisionOf(approval, 'reject', note))}
      />
      <TextDialog
        isOpen={asking === 'withdraw'}
        title={t('withdrawTitle', { name })}
        label={t('reason')}
        confirm={t('withdraw')}
        isRequired
        testId="approval-withdraw-dialog"
        onClose={() => setAsking(null)}
        onConfirm={(reason) => request('approval.withdraw', { approvalId: approval.approvalId, reason })}
      />
      <SecondPersonDialog
        command={onTheSpot === null ? null : { name: 'approval.decide', payload: onTheSpot }}
        title={t('onTheSpotTitle', { name })}
        onDone={() => setOnTheSpot(null)}
        onClose={() => setOnTheSpot(null)}
      >
        {asked !== null && <AskedPlanChange {...asked} />}
        <ChangeTable
          before={approval.before}
          after={approval.payload}
          labels={{ before: t('before'), after: approval.before === null ? t('asked') : t('after') }}
          testId="approval-spot-change"
        />
      </SecondPersonDialog>
    </article>
  );
}

function Ended({ approval }: { approval: Approval }): ReactNode {
  const { t } = useTranslation('approvals');
  const format = useFormat();
  const nameOf = usePersonName();
  const { ended, doneAtMs } = approval;
  if (doneAtMs !== null) return <output className="approval-done">{t('doneAt', { time: format.dateTime(doneAtMs) })}</output>;
  if (ended === null) return null;
  return (
    <div className="approval-ended" data-testid="approval-ended" data-code={ended.code}>
      <strong>{t(`ended.${ended.code}`, { defaultValue: t(`state.${approval.state}`) })}</strong>{' '}
      <span>
        {nameOf(ended.by)}, {format.dateTime(ended.atMs)}
      </span>
      {ended.text !== '' && <div>{ended.text}</div>}
      {approval.state === 'failed' && ended.hasChanged !== null && <div>{t(ended.hasChanged ? 'hasChanged' : 'hasNotChanged')}</div>}
    </div>
  );
}

function Stages({ approval }: { approval: Approval }): ReactNode {
  const { t } = useTranslation('approvals');
  const format = useFormat();
  const nameOf = usePersonName();
  const stages = stagesOf(approval);
  return (
    <section className="stack">
      <div className="secondary">
        {t(`policy.${approval.policy.policyId}`)} · {t('policyRow', { version: approval.policy.version, from: approval.policy.effectiveFrom })}{' '}
        <span className="certainty" data-certainty={approval.policy.certainty} title={approval.policy.citation}>
          {t(`certainty.${approval.policy.certainty}`)}
        </span>
      </div>
      <ol className="approval-stages">
        {stages.map((stage) => (
          <li key={stage.stageId} data-testid={`approval-stage-${stage.stageId}`} data-given={stage.given.length} data-waiting={stage.isWaiting}>
            <strong>{t(`stage.${stage.stageId}`, { defaultValue: stage.stageId })}</strong>{' '}
            {t('agreed', { count: stage.given.length, needed: stage.needed })}
            {stage.isWaiting && <span className="approval-waiting"> ← {t('waitsHere')}</span>}
            <ul>
              {stage.given.map((given) => (
                <li key={given.personId}>
                  {nameOf(given.personId)}, {format.dateTime(given.atMs)} · {t(`signed.${given.signedBy.how}`)}{' '}
                  <span className="mono secondary">{given.signedBy.keyId.slice(0, 8)}</span>
                  {given.note !== '' && <> · {given.note}</>}
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
    </section>
  );
}
