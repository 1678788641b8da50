/** Around an alert: what else is wrong with the same thing or by the same rule, and what runs against the clock. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Alert } from '#shared/desk/alerts/alert';
import { useFormat } from '../../components/format/use-format';
import { SeverityBadge } from '../../components/severity';
import { useAlerts } from '../../state/alerts-store';
import { useNow } from '../../state/use-now';
import { alertTitle, entityText } from './alert-text';

const SHOWN = 8;

export function RelatedAlerts({ alert, onOpen }: { alert: Alert; onOpen(alertId: string): void }): ReactNode {
  const { t } = useTranslation();
  const byId = useAlerts((state) => state.byId);
  const related = useMemo(
    () =>
      [...byId.values()]
        .filter((each) => each.alertId !== alert.alertId && (each.entity === alert.entity || each.alertId === alert.previousAlertId))
        .sort((a, b) => b.changedAtMs - a.changedAtMs)
        .slice(0, SHOWN),
    [byId, alert],
  );
  if (related.length === 0) return null;
  return (
    <section className="card stack" data-testid="alert-related">
      <h3>{t('alerts:related')}</h3>
      {related.map((each) => (
        <Button key={each.alertId} variant="minimal" alignText="start" onClick={() => onOpen(each.alertId)}>
          <SeverityBadge severity={each.severity} /> {alertTitle(each, t)} <span className="mono">{entityText(each, t)}</span>{' '}
          <span className="secondary">{t(`alerts:human.${each.human}`)}</span>
        </Button>
      ))}
    </section>
  );
}

export function AlertTimers({ alert }: { alert: Alert }): ReactNode {
  const { t } = useTranslation('alerts');
  const format = useFormat();
  const nowMs = useNow();
  const { escalation, ackExpiresAtMs } = alert;
  const nextAtMs = alert.human === 'unacknowledged' ? (escalation?.nextFireAtMs ?? null) : null;
  if (alert.human === 'closed' || (nextAtMs === null && ackExpiresAtMs === null)) return null;
  const left = (atMs: number): string => (atMs <= nowMs ? t('dueNow') : format.duration(atMs - nowMs));
  return (
    <div className="row secondary" data-testid="alert-timers">
      {nextAtMs !== null && <span>↑ {t('nextStep', { left: left(nextAtMs) })}</span>}
      {ackExpiresAtMs !== null && alert.condition !== 'cleared' && <span>⏱ {t('ackRunsOut', { left: left(ackExpiresAtMs) })}</span>}
    </div>
  );
}
