/** The approvals inbox: what waits for me, what I asked for, what waits for others, what became of the rest; and break-glass beside it. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Approval } from '#shared/desk/approvals/approval';
import { useFormat } from '../../components/format/use-format';
import { ItemList } from '../../components/item-list';
import { MasterDetail } from '../../components/master-detail';
import { RefusalNotice } from '../../components/refusal-notice';
import { useAuth, useMay, usePersonName } from '../../state/auth';
import { useNow } from '../../state/use-now';
import { useStream } from '../../state/use-stream';
import { ApprovalDetail } from './approval-detail';
import { ApprovalState, TimeLeft } from './approval-state';
import { APPROVAL_GROUPS, type ApprovalGroup, groupOf, isOpen, type Me, minutesLeft, type ShownGroup } from './approval-view';
import { BreakGlassBar } from './break-glass';
import { ForeignApprovals } from './foreign-approvals';
import { TakeInFile } from './take-in-file';
import './approvals.css';

export function ApprovalsPanel(): ReactNode {
  const { t } = useTranslation('approvals');
  const { picture, refusal, isConnected } = useStream('approvals', {});
  const session = useAuth()?.session ?? null;
  const [openId, setOpenId] = useState<string | null>(null);
  const [wanted, setWanted] = useState<ShownGroup | null>(null);
  const me: Me = { personId: session?.personId ?? '', functions: session?.functions ?? [] };
  const mayDecideHere = useMay('approval.decide');
  // Whoever decides for a part of the firm is refused it, and sees none.
  const elsewhere = useStream('foreign', mayDecideHere ? {} : null).picture;
  const approvals = picture?.approvals ?? [];
  const countOf = (group: ShownGroup): number =>
    group === 'elsewhere' ? (elsewhere?.foreign.length ?? 0) : approvals.filter((each) => groupOf(each, me) === group).length;
  const groups: readonly ShownGroup[] = elsewhere === null ? APPROVAL_GROUPS : [...APPROVAL_GROUPS, 'elsewhere'];
  const firstGroup: ApprovalGroup = APPROVAL_GROUPS.find((group) => countOf(group) > 0) ?? 'forMe';
  const group = wanted ?? firstGroup;
  const shown = approvals.filter((each) => groupOf(each, me) === group);
  const opened = approvals.find(({ approvalId }) => approvalId === openId) ?? null;
  return (
    <div className="panel" data-testid="approvals" data-waiting={countOf('forMe')}>
      <div className="panel-bar approval-bar">
        {groups.map((each) => (
          <Button
            key={each}
            size="small"
            active={each === group}
            aria-pressed={each === group}
            data-testid={`approvals-group-${each}`}
            onClick={() => {
              setWanted(each);
              setOpenId(null);
            }}
          >
            {t(`group.${each}`)} {countOf(each)}
          </Button>
        ))}
        <span className="spacer" />
        <TakeInFile
          onTaken={(taken) => {
            setWanted('foreign' in taken ? 'elsewhere' : groupOf(taken.broughtBack, me));
            setOpenId('foreign' in taken ? taken.foreign.carryId : taken.broughtBack.approvalId);
          }}
        />
      </div>
      {picture !== null && <BreakGlassBar picture={picture} me={me} />}
      <RefusalNotice refusal={refusal} action={t('title')} />
      {picture === null && refusal === null && <div className="empty">{isConnected ? t('app:loading') : t('table:noEngine')}</div>}
      {group === 'elsewhere' && elsewhere !== null && <ForeignApprovals foreign={elsewhere.foreign} me={me} openId={openId} onOpen={setOpenId} />}
      {picture !== null && group !== 'elsewhere' && shown.length === 0 && (
        <div className="empty" data-testid="approvals-empty">
          <strong>{t(`none.${group}`)}</strong>
          <span>{t('noneTodo')}</span>
        </div>
      )}
      {group !== 'elsewhere' && shown.length > 0 && (
        <MasterDetail
          list={<List approvals={shown} openId={openId} onOpen={setOpenId} />}
          detail={opened === null ? null : <ApprovalDetail key={opened.approvalId} approval={opened} me={me} />}
          onBack={() => setOpenId(null)}
        />
      )}
    </div>
  );
}

function List({ approvals, openId, onOpen }: { approvals: Approval[]; openId: string | null; onOpen(id: string): void }): ReactNode {
  const { t } = useTranslation('approvals');
  const format = useFormat();
  const nameOf = usePersonName();
  const nowMs = useNow();
  return (
    <ItemList
      items={approvals}
      idOf={({ approvalId }) => approvalId}
      openId={openId}
      onOpen={onOpen}
      label={t('title')}
      testId="approval-item"
      marksOf={({ approvalId, state }) => ({ 'data-approval': approvalId, 'data-state': state })}
    >
      {(approval) => (
        <>
          <span className="row">
            <strong>{t(`request.${approval.request}`, { defaultValue: approval.request })}</strong>
            <span className="spacer" />
            <ApprovalState approval={approval} />
          </span>
          <span className="row secondary">
            {nameOf(approval.makerId)} · {format.dateTime(approval.askedAtMs)}
            {isOpen(approval) && <TimeLeft minutes={minutesLeft(approval.expiresAtMs, nowMs)} />}
          </span>
        </>
      )}
    </ItemList>
  );
}
