/** Everything that keeps alerts from being sent, with its owner, its end and how many it covers now: also what matches nothing. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AlertSendingPicture } from '#shared/contract/alerts';
import { isSuppressing, type Suppression } from '#shared/desk/alerts/suppression';
import { ShownAge } from '../../components/format/figure';
import { useFormat } from '../../components/format/use-format';
import { SeverityBadge } from '../../components/severity';
import { TextDialog } from '../../components/text-dialog';
import { useAlerts } from '../../state/alerts-store';
import { usePersonName } from '../../state/auth';
import { request, useStream } from '../../state/use-stream';
import { alertTitle, entityOf } from './alert-text';
import { dayName, SilenceDialog } from './silence-dialog';
import './alerts.css';

export function SuppressionsPanel(): ReactNode {
  const { t } = useTranslation('alerts');
  const { picture } = useStream('alertSending', {});
  const byId = useAlerts((state) => state.byId);
  const [lifting, setLifting] = useState<Suppression | null>(null);
  const [isNew, setIsNew] = useState(false);
  const [extending, setExtending] = useState<Suppression | null>(null);
  if (picture === null) return <div className="empty">{t('app:loading')}</div>;
  const open = [...byId.values()].filter(({ human }) => human !== 'closed');
  return (
    <div className="panel-body panel-pad stack" data-testid="suppressions">
      <div className="row">
        <p className="secondary">{t('suppressions.meaning')}</p>
        <span className="spacer" />
        <Button size="small" data-testid="silence-new" onClick={() => setIsNew(true)}>
          {t('silence.new')}
        </Button>
      </div>
      {picture.suppressions.length === 0 && <div className="empty">{t('suppressions.none')}</div>}
      {picture.suppressions.map((suppression) => (
        <SuppressionCard
          key={suppression.suppressionId}
          suppression={suppression}
          picture={picture}
          count={open.filter((alert) => isSuppressing(suppression, alert, picture.nowMs)).length}
          onLift={() => setLifting(suppression)}
          onExtend={() => setExtending(suppression)}
        />
      ))}
      {picture.inhibited.length > 0 && (
        <section className="card" data-testid="inhibited">
          <h3>{t('suppressions.inhibited')}</h3>
          <ul className="alert-notes">
            {picture.inhibited.map(({ alertId, byAlertId }) => {
              const [alert, by] = [byId.get(alertId), byId.get(byAlertId)];
              if (alert === undefined || by === undefined) return null;
              return (
                <li key={alertId}>
                  <SeverityBadge severity={alert.severity} /> {alertTitle(alert, t)} <span className="mono">{entityOf(alert).id}</span> ←{' '}
                  {alertTitle(by, t)} <span className="mono">{entityOf(by).id}</span>
                </li>
              );
            })}
          </ul>
        </section>
      )}
      {picture.recentlyEnded.length > 0 && (
        <section className="card">
          <h3>{t('suppressions.ended')}</h3>
          <ul className="alert-notes">
            {picture.recentlyEnded.map((each) => (
              <EndedLine key={each.suppressionId} suppression={each} />
            ))}
          </ul>
        </section>
      )}
      {isNew && <SilenceDialog picture={picture} onClose={() => setIsNew(false)} />}
      <TextDialog
        isOpen={lifting !== null}
        title={t('suppressions.lift')}
        label={t('note')}
        confirm={t('suppressions.lift')}
        isRequired
        testId="lift-dialog"
        onClose={() => setLifting(null)}
        onConfirm={async (note) => {
          if (lifting === null) return null;
          const outcome = await request('alert.liftSuppression', { suppressionId: lifting.suppressionId, note });
          return outcome.ok ? null : outcome;
        }}
      />
      <TextDialog
        isOpen={extending !== null}
        title={t('suppressions.extend')}
        label={t('note')}
        confirm={t('suppressions.extend')}
        isRequired
        testId="extend-dialog"
        onClose={() => setExtending(null)}
        onConfirm={async (note) => {
          if (extending === null) return null;
          const { suppressionId, covers, endsAtMs, startsAtMs } = extending;
          const durationMs = Math.min(picture.shelvingAtMostMs[covers], Math.max(60_000, endsAtMs - startsAtMs));
          const outcome = await request('alert.extendSuppression', { suppressionId, covers, durationMs, note });
          return outcome.ok ? null : outcome;
        }}
      />
    </div>
  );
}

type CardProps = { suppression: Suppression; picture: AlertSendingPicture; count: number; onLift(): void; onExtend(): void };

function SuppressionCard({ suppression, picture, count, onLift, onExtend }: CardProps): ReactNode {
  const { t, i18n } = useTranslation('alerts');
  const format = useFormat();
  const nameOf = usePersonName();
  const { kind, matcher, covers, endsAtMs, window, reasonCode, note, ticket, createdBy, startsAtMs, extendedCount } = suppression;
  const leftMs = endsAtMs - picture.nowMs;
  return (
    <section className="card" data-testid="suppression" data-kind={kind} data-count={count}>
      <div className="row">
        <strong>⊘ {t(`suppressionKind.${kind}`)}</strong>
        <SeverityBadge severity={covers} />
        <span>{t('suppressions.covers', { count })}</span>
        <span className="spacer" />
        <Button size="small" onClick={onExtend}>
          {t('suppressions.extend')}
        </Button>
        <Button size="small" data-testid="lift" onClick={onLift}>
          {t('suppressions.lift')}
        </Button>
      </div>
      <dl className="facts">
        <dt>{t('suppressions.what')}</dt>
        <dd className="mono">
          {[matcher.ruleId, matcher.kind, matcher.entity, matcher.dedupKey?.slice(0, 8)].filter((part) => part !== undefined).join(' · ')}
        </dd>
        <dt>{t('suppressions.ends')}</dt>
        <dd>
          {format.dateTime(endsAtMs)} ({leftMs <= 0 ? t('dueNow') : format.duration(leftMs)})
          {window === null ? '' : ` · ${window.days.map((day) => dayName(day, i18n.language)).join(' ')} ${window.from}–${window.to} ${window.zone}`}
        </dd>
        <dt>{t('suppressions.by')}</dt>
        <dd>
          {nameOf(createdBy)}, <ShownAge atMs={startsAtMs} />
          {extendedCount > 0 ? ` · ${t('suppressions.extended', { count: extendedCount })}` : ''}
        </dd>
        <dt>{t('shelveReason')}</dt>
        <dd>
          {t(`suppressionReason.${reasonCode}`)}: {note} {ticket}
        </dd>
      </dl>
    </section>
  );
}

function EndedLine({ suppression }: { suppression: Suppression }): ReactNode {
  const { t } = useTranslation('alerts');
  const format = useFormat();
  const nameOf = usePersonName();
  if (suppression.ended === null) return null;
  return (
    <li>
      <span className="secondary">{format.dateTime(suppression.ended.atMs)}</span> {t(`suppressionKind.${suppression.kind}`)}:{' '}
      {t(`suppressionEnd.${suppression.ended.because}`)} ({nameOf(suppression.createdBy)})
    </li>
  );
}
