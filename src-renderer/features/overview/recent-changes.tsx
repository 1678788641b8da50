/** What changed: the newest movements of the alert list, newest first. */
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Alert } from '#shared/desk/alerts/alert';
import { useFormat } from '../../components/format/use-format';
import { SeverityBadge } from '../../components/severity';
import { useAlerts } from '../../state/alerts-store';
import { useEntityName } from '../../state/entity-names';
import { alertTitle, entityText } from '../alerts/alert-text';
import { openAlert } from '../alerts/chosen-alert';

const SHOWN = 30;

/** Newest movement first; of two at one moment the one journalled later. */
export function newestChanges(alerts: Iterable<Alert>, count: number): Alert[] {
  return [...alerts].sort((a, b) => b.changedAtMs - a.changedAtMs || b.sequence - a.sequence).slice(0, count);
}

export function RecentChanges(): ReactNode {
  const { t } = useTranslation('overview');
  const format = useFormat();
  const nameOf = useEntityName();
  const byId = useAlerts((state) => state.byId);
  const isLoaded = useAlerts((state) => state.isLoaded);
  const newest = useMemo(() => newestChanges(byId.values(), SHOWN), [byId]);
  return (
    <section className="overview-card" aria-label={t('changes.title')} data-testid="recent-changes">
      <h2 className="overview-card-title">{t('changes.title')}</h2>
      <div className="overview-card-body">
        {newest.length === 0 && <div className="empty">{isLoaded ? t('changes.none') : t('app:loading')}</div>}
        {newest.length > 0 && (
          <ul className="change-list">
            {newest.map((alert) => (
              <li key={alert.alertId}>
                <button
                  type="button"
                  className="change-row"
                  onClick={() => openAlert(alert.alertId)}
                  data-human={alert.human}
                  title={t('changes.open')}
                >
                  <time className="muted">{format.time(alert.changedAtMs)}</time>
                  <SeverityBadge severity={alert.severity} />
                  <span className="truncate change-what">
                    {entityText(alert, t)} {alertTitle(alert, t)} {nameOf(alert.entity)}
                  </span>
                  <span className="secondary change-state">
                    {alert.condition === 'active' ? t(`changes.human.${alert.human}`) : t(`changes.condition.${alert.condition}`)}
                    {alert.occurrences > 1 ? ` ×${alert.occurrences}` : ''}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}
