/** Everything that keeps alerts from being sent, with its owner, its end and how many it covers now: also what matches nothing. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AlertSendingPicture } from '#shared/contract/alerts';
import { withoutStep } from '#shared/desk/alerts/kind-words';
import { isSuppressing, type Matcher, type Suppression } from '#shared/desk/alerts/suppression';
import { ShownAge } from '../../components/format/figure';
import { useFormat } from '../../components/format/use-format';
import { SeverityBadge } from '../../components/severity';
import { TextDialog } from '../../components/text-dialog';
import { useAlerts } from '../../state/alerts-store';
import { usePersonName } from '../../state/auth';
import { useEntityName } from '../../state/entity-names';
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
        onConfirm={async (note) => (lifting === null ? null : request('alert.liftSuppression', { suppressionId: lifting.suppressionId, note }))}
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
          return request('alert.extendSuppression', { suppressionId, covers, durationMs, note });
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
  const matched = useMatcherText()(matcher);
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
        <dd>{matched}</dd>
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

/** What a silence is about in words: a kind of alert, a rule, whom it names, or the one alert that was shelved while it is still known. */
function useMatcherText(): (matcher: Matcher) => string {
  const { t } = useTranslation('alerts');
  const byId = useAlerts((state) => state.byId);
  const entityName = useEntityName();
  const entityWords = (about: string): string => {
    const at = about.indexOf(':');
    return t(`entity.${about.slice(0, at)}`, { id: about.slice(at + 1), defaultValue: about });
  };
  return ({ ruleId, kind, entity, dedupKey }) => {
    const shelved = dedupKey === undefined ? undefined : [...byId.values()].find((alert) => alert.dedupKey === dedupKey);
    const about = shelved?.entity ?? entity;
    const parts = [
      ruleId === undefined ? '' : t('suppressions.rule', { ruleId }),
      shelved === undefined ? (kind === undefined ? '' : withoutStep(t(`kind.${kind}`, { level: '', defaultValue: kind }))) : alertTitle(shelved, t),
      about === undefined ? '' : `${entityWords(about)} ${entityName(about)}`.trim(),
      shelved === undefined && dedupKey !== undefined ? t('suppressions.oneAlert') : '',
    ];
    return parts.filter((part) => part !== '').join(' · ');
  };
}
