/** Takes an approval to another desk: a file, sealed to that desk, by which somebody there can decide about it. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RequestAnswer } from '#shared/contract/requests';
import type { Approval } from '#shared/desk/approvals/approval';
import { FormDialog } from '../../components/form-dialog';
import { useFormat } from '../../components/format/use-format';
import { MadeFile } from '../../components/made-file';
import { RefusalNotice } from '../../components/refusal-notice';
import { SelectField } from '../../components/select';
import { useNow } from '../../state/use-now';
import { useAction, useRequest } from '../../state/use-stream';

export function CarryAway({ approval }: { approval: Approval }): ReactNode {
  const { t } = useTranslation('approvals');
  const [isOpen, setIsOpen] = useState(false);
  const [made, setMade] = useState<RequestAnswer<'approval.carry'> | null>(null);
  return (
    <>
      <Button variant="outlined" data-testid="approval-carry" onClick={() => setIsOpen(true)}>
        {t('carry.button')}
      </Button>
      <MadeFile
        made={made}
        headline={t('carry.made')}
        refusal={null}
        action={t('carry.button')}
        testId="approval-carry-made"
        onClose={() => setMade(null)}
      />
      {isOpen && (
        <CarryDialog
          approvalId={approval.approvalId}
          onDone={(answer) => {
            setMade(answer);
            setIsOpen(false);
          }}
          onClose={() => setIsOpen(false)}
        />
      )}
    </>
  );
}

type DialogProps = { approvalId: string; onDone: (made: RequestAnswer<'approval.carry'>) => void; onClose: () => void };

function CarryDialog({ approvalId, onDone, onClose }: DialogProps): ReactNode {
  const { t } = useTranslation('approvals');
  const nowMs = useNow();
  const list = useRequest('device.list', {});
  const carrying = useAction('approval.carry');
  const [chosen, setChosen] = useState<string | null>(null);
  const believed = (list.answer?.devices ?? []).filter(({ withdrawn, expiresAtMs }) => withdrawn === null && nowMs < expiresAtMs);
  const device = chosen ?? believed[0]?.device ?? null;
  const submit = async (): Promise<void> => {
    if (device === null) return;
    const answer = await carrying.run({ approvalId, device });
    if (answer !== null) onDone(answer);
  };
  return (
    <FormDialog
      title={t('carry.title')}
      canOutsideClickClose
      confirm={t('carry.confirm')}
      isReady={device !== null}
      isWaiting={carrying.isWaiting}
      testId="approval-carry-dialog"
      confirmTestId="approval-carry-confirm"
      onSubmit={submit}
      onClose={onClose}
    >
      <p>{t('carry.meaning')}</p>
      <RefusalNotice refusal={list.refusal} onRetry={list.reload} />
      {list.answer !== null && believed.length === 0 && (
        <p className="approval-ended" data-testid="approval-carry-nowhere">
          {t('carry.nowhere')}
        </p>
      )}
      {believed.length > 0 && (
        <SelectField
          label={t('carry.where')}
          fill
          options={believed.map((each) => ({
            value: each.device,
            label: `${each.deskName} (${each.people.flatMap(({ ours, displayName }) => (ours === null ? [] : [displayName])).join(', ')})`,
          }))}
          value={device ?? ''}
          testId="approval-carry-device"
          onValueChange={setChosen}
        />
      )}
      <p className="secondary">{t('carry.sealed')}</p>
      <RefusalNotice refusal={carrying.refusal} action={t('carry.button')} />
    </FormDialog>
  );
}

/** Where files of it went, so that nobody looks for one that is on its way. */
export function CarriedAwayList({ approval }: { approval: Approval }): ReactNode {
  const { t } = useTranslation('approvals');
  const format = useFormat();
  if (approval.carried === undefined) return null;
  return (
    <ul className="secondary" data-testid="approval-carried">
      {approval.carried.map(({ carryId, deskName, stageId, atMs }) => (
        <li key={carryId}>
          {t('carry.away', { desk: deskName, time: format.dateTime(atMs), stage: t(`stage.${stageId}`, { defaultValue: stageId }) })}
        </li>
      ))}
    </ul>
  );
}
