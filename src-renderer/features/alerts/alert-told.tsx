/** The answer to "why was I told": every notice of an alert with its reason, who was on duty then, and what became of each way out. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Alert } from '#shared/desk/alerts/alert';
import type { Notice } from '#shared/desk/delivery/notice';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { usePersonName } from '../../state/person-names';
import { useRequest, useStream } from '../../state/use-stream';

export function AlertTold({ alert }: { alert: Alert }): ReactNode {
  const { t } = useTranslation('alerts');
  const format = useFormat();
  // A notice follows its alert by seconds: the newest one says when to look again.
  const newest = useStream('alertSending', {}).picture?.notices.find(({ alertIds }) => alertIds.includes(alert.alertId))?.noticeId ?? '';
  const { answer, refusal, reload } = useRequest('alert.told', { alertId: alert.alertId }, `${alert.sequence} ${newest}`);
  if (refusal !== null) return <RefusalNotice refusal={refusal} onRetry={reload} />;
  if (answer === null || answer.told.length === 0) return null;
  return (
    <section className="card" data-testid="alert-told">
      <h3>{t('told.title')}</h3>
      {!answer.isComplete && <p className="secondary">{t('told.notAll')}</p>}
      <ul className="alert-notes">
        {answer.told.map(({ notice, deliveries }) => (
          <li key={notice.noticeId} data-reason={notice.reason}>
            <span className="secondary">{format.dateTime(notice.atMs)}</span> <strong>{t(`told.reason.${notice.reason}`)}</strong>{' '}
            <span>
              {t(`told.role.${notice.role}`)}
              <OnDutyText notice={notice} />
              {notice.alertCount > 1 ? ` · ${t('count', { count: notice.alertCount })}` : ''}
              {notice.lateByMs === null ? '' : ` · ${t('told.late', { length: format.duration(notice.lateByMs) })}`}
            </span>
            {deliveries.map((delivery) => (
              <div key={delivery.deliveryId} className="secondary">
                {delivery.channelId}: {t(`told.state.${delivery.state}`)}
                {delivery.droppedBecause === null ? '' : ` (${t(`told.dropped.${delivery.droppedBecause}`)})`}
              </div>
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Who held the role when it was told, or why the role as a whole was. */
export function OnDutyText({ notice }: { notice: Pick<Notice, 'onDuty'> }): ReactNode {
  const { t } = useTranslation('alerts');
  const nameOf = usePersonName();
  const { onDuty } = notice;
  if (onDuty === undefined || onDuty.fallback === 'noRoster') return null;
  const names = onDuty.personIds.map(nameOf).join(', ');
  return (
    <span data-testid="on-duty" data-fallback={onDuty.fallback ?? ''}>
      {' '}
      ({onDuty.fallback === null ? t('told.onDuty', { names }) : t(`told.fallback.${onDuty.fallback}`, { names })})
    </span>
  );
}
