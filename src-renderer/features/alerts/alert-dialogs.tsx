/** The two things a person answers for: taking an alert on, and closing it. */
import { FormGroup, HTMLSelect } from '@blueprintjs/core';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TextDialog } from '../../components/text-dialog';
import { acceptAlerts, useAlerts } from '../../state/alerts-store';
import { request } from '../../state/use-stream';
import { alertTitle, entityOf } from './alert-text';

const NAMED_AT_MOST = 5;

export function AcknowledgeDialog({
  alertIds,
  onDone,
  onCancel,
}: {
  alertIds: string[] | null;
  onDone: () => void;
  onCancel: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const byId = useAlerts((state) => state.byId);
  const ids = alertIds ?? [];
  return (
    <TextDialog
      isOpen={alertIds !== null}
      title={t('alerts:acknowledgeTitle', { count: ids.length })}
      label={t('alerts:note')}
      confirm={t('alerts:acknowledge')}
      isRequired
      suggestions={[t('alerts:suggestion.watching'), t('alerts:suggestion.calling'), t('alerts:suggestion.known')]}
      testId="ack-dialog"
      onClose={onCancel}
      onConfirm={async (note) => {
        const outcome = await request('alert.acknowledge', { alertIds: ids, note });
        if (!outcome.ok) return outcome;
        acceptAlerts({ snapshot: false, alerts: outcome.value.alerts });
        onDone();
        return null;
      }}
    >
      <ul className="alert-names">
        {ids.slice(0, NAMED_AT_MOST).map((id) => {
          const alert = byId.get(id);
          return alert === undefined ? null : (
            <li key={id}>
              {alertTitle(alert, t)} <span className="mono">{entityOf(alert).id}</span>
            </li>
          );
        })}
        {ids.length > NAMED_AT_MOST && <li>{t('alerts:andMore', { count: ids.length - NAMED_AT_MOST })}</li>}
      </ul>
    </TextDialog>
  );
}

const DISPOSITIONS = ['handled', 'falsePositive', 'expected', 'duplicate', 'other'] as const;

/** Each alert is closed by an entry of its own; the first refusal ends it, with what is closed already shown as closed. */
export function CloseDialog({ alertIds, onClose }: { alertIds: string[] | null; onClose: () => void }): ReactNode {
  const { t } = useTranslation('alerts');
  const fieldId = useId();
  const [disposition, setDisposition] = useState<(typeof DISPOSITIONS)[number]>('handled');
  return (
    <TextDialog
      isOpen={alertIds !== null}
      title={(alertIds?.length ?? 0) > 1 ? t('closeChosen', { count: alertIds?.length ?? 0 }) : t('closeTitle')}
      label={t('note')}
      confirm={t('close')}
      isRequired
      testId="close-dialog"
      onClose={onClose}
      onConfirm={async (note) => {
        for (const alertId of alertIds ?? []) {
          if (useAlerts.getState().byId.get(alertId)?.human === 'closed') continue;
          const outcome = await request('alert.close', { alertId, disposition, note });
          if (!outcome.ok) return outcome;
          acceptAlerts({ snapshot: false, alerts: [outcome.value] });
        }
        return null;
      }}
    >
      <FormGroup label={t('dispositionLabel')} labelFor={fieldId}>
        <HTMLSelect
          id={fieldId}
          fill
          value={disposition}
          data-testid="close-disposition"
          onChange={(event) => setDisposition(DISPOSITIONS.find((each) => each === event.target.value) ?? 'other')}
          options={DISPOSITIONS.map((each) => ({ value: each, label: t(`disposition.${each}`) }))}
        />
      </FormGroup>
    </TextDialog>
  );
}
