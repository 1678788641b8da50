/** One alert: why it fired and who says so, what people did about it with the journal's hashes, and the plans that may follow. */
import { Button, Tooltip } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Alert } from '#shared/desk/alerts/alert';
import { isTakenOn } from '#shared/desk/alerts/decide';
import { ShownAge, Unknown } from '../../components/format/figure';
import { isKnown } from '../../components/format/formatters';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { SeverityBadge } from '../../components/severity';
import { TextDialog } from '../../components/text-dialog';
import { useMay, usePersonName } from '../../state/auth';
import { useEntityName } from '../../state/entity-names';
import { openPanel } from '../../state/navigation';
import { usePreferences } from '../../state/preferences';
import { useRuleName } from '../../state/rule-names';
import { useMarketTimeZone } from '../../state/shown-market';
import { request, useRequest, useStream } from '../../state/use-stream';
import { EvidenceBox } from '../evidence/evidence-box';
import { openIncident } from '../incidents/chosen-incident';
import { OpenIncidentDialog } from '../incidents/open-incident-dialog';
import { openRun } from '../plans/chosen-run';
import { StartRunButton } from '../plans/start-run-button';
import { usePlanLibrary } from '../plans/use-plan-library';
import { SupplyButton } from '../reference-rows/supply-button';
import { AlertChart } from './alert-chart';
import { AlertEvidence, CrossedThresholds, crossedOf, evidenceOf } from './alert-evidence';
import { canClose } from './alert-filter';
import { AlertHistory } from './alert-history';
import { AlertTimers, RelatedAlerts } from './alert-related';
import { alertTitle, conditionWord, entityOf, entityText, metricText, missingValueReason, paramText } from './alert-text';
import { AlertTold } from './alert-told';

type Props = {
  alert: Alert;
  canAct: boolean;
  onAcknowledge: () => void;
  onClose: () => void;
  onShelve: () => void;
  onHandOver: () => void;
  onEscalate: () => void;
  /** Opens another alert in this place. */
  onOpen: (alertId: string) => void;
};

/** Parameters that the facts above them already say. */
const SAID_ELSEWHERE = new Set(['level', 'response', 'accountID', 'feedId']);

export function AlertDetail({ alert, canAct, onAcknowledge, onClose, onShelve, onHandOver, onEscalate, onOpen }: Props): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const isChinese = usePreferences((state) => state.language === 'zh-CN');
  const [isNoting, setIsNoting] = useState(false);
  const [isDeclaring, setIsDeclaring] = useState(false);
  const detail = useRequest('alert.get', canAct ? { alertId: alert.alertId } : null, alert.sequence);
  const timeZone = useMarketTimeZone();
  // What a detector saw happened on the market's clock, what a figure's rule saw on the desk's.
  const isOfDetector = alert.reason.params.thresholdRow !== undefined;
  const { reason } = alert;
  const entity = entityOf(alert);
  const entityName = useEntityName()(alert.entity);
  const nameOf = usePersonName();
  const ruleName = useRuleName();
  const why = isKnown(reason.value) ? null : missingValueReason(alert, t);
  const evidence = evidenceOf(detail.answer?.history ?? []);
  return (
    <article className="stack panel-pad" data-testid="alert-detail" data-alert-id={alert.alertId}>
      <header className="stack">
        <div className="row">
          <SeverityBadge severity={alert.severity} />
          <h2>{alertTitle(alert, t)}</h2>
        </div>
        <div className="row">
          <EntityLink kind={entity.kind} id={entity.id} name={entityText(alert, t)} />
          <span>{entityName}</span>
          <span data-testid="detail-condition">{t(`alerts:condition.${conditionWord(alert)}`)}</span>
          <span>{t(`alerts:human.${alert.human}`)}</span>
          <span className="secondary">
            {alert.owner !== null && alert.human !== 'unacknowledged' && <>{t('alerts:ownerIs', { person: nameOf(alert.owner) })} · </>}
            {t('alerts:raised')} {format.dateTime(alert.raisedAtMs)} (<ShownAge atMs={alert.raisedAtMs} />)
          </span>
        </div>
        <AlertTimers alert={alert} />
        {alert.condition === 'unknown' && <div className="alert-remark">? {t('alerts:unknownMeaning')}</div>}
        {alert.isLatched && (
          <div className="alert-remark" data-testid="alert-latched">
            ▽ {t('alerts:latchedMeaning')}
          </div>
        )}
        {!canAct && <div className="alert-remark">↻ {t('alerts:ofReplay')}</div>}
        {canAct && (
          <div className="row">
            <Button intent="primary" disabled={alert.human !== 'unacknowledged'} data-testid="detail-acknowledge" onClick={onAcknowledge}>
              {t('alerts:acknowledge')} <kbd>A</kbd>
            </Button>
            <Button data-testid="detail-note" onClick={() => setIsNoting(true)}>
              {t('alerts:addNote')}
            </Button>
            <Button disabled={alert.human === 'closed'} data-testid="detail-shelve" onClick={onShelve}>
              {t('alerts:shelve')} <kbd>S</kbd>
            </Button>
            <Button disabled={!isTakenOn(alert)} data-testid="detail-hand-over" onClick={onHandOver}>
              {t('alerts:handOver')} <kbd>H</kbd>
            </Button>
            <Button disabled={alert.human !== 'unacknowledged'} data-testid="detail-escalate" onClick={onEscalate}>
              {t('alerts:escalate')} <kbd>E</kbd>
            </Button>
            <DeclareButton alertId={alert.alertId} onDeclare={() => setIsDeclaring(true)} />
            <Tooltip content={t(closeHint(alert))} placement="bottom">
              <Button disabled={!canClose(alert)} data-testid="detail-close" onClick={onClose}>
                {t('alerts:close')} <kbd>C</kbd>
              </Button>
            </Tooltip>
            {!canClose(alert) && isTakenOn(alert) && (
              <Button variant="minimal" data-testid="detail-close-while-on" onClick={onClose}>
                {t('alerts:closeWhileOn')}
              </Button>
            )}
            {!canClose(alert) && alert.human !== 'closed' && <span className="secondary">{t(closeHint(alert))}</span>}
          </div>
        )}
      </header>

      <section className="card" data-testid="alert-why">
        <h3>{t('alerts:why')}</h3>
        <dl className="facts">
          <dt>{t('alerts:rule')}</dt>
          <dd title={reason.ruleId}>{t('alerts:ruleVersion', { rule: ruleName(alert), version: reason.ruleVersion })}</dd>
          <dt>{t(`alerts:metric.${reason.metric}`, { defaultValue: reason.metric })}</dt>
          <dd data-testid="alert-value">
            <strong>
              {isKnown(reason.value) || why !== null ? (
                metricText(reason.metric, reason.value, format, reason.params.currencyID)
              ) : (
                <Unknown reason={null} />
              )}
            </strong>{' '}
            {why !== null && <span>{why} </span>}
            <span className="secondary">{t('alerts:observed', { time: format.dateTime(reason.observedAtMs) })}</span>
          </dd>
          <dt>{t('alerts:threshold')}</dt>
          <dd data-testid="alert-threshold">
            {t(exitTextOf(alert), {
              enter: metricText(reason.metric, reason.enterThreshold, format, reason.params.currencyID),
              exit: metricText(reason.metric, reason.exitThreshold, format, reason.params.currencyID),
            })}
          </dd>
          <dt>{t('alerts:source')}</dt>
          <dd>
            {(isChinese ? reason.thresholdCitationZh : undefined) ?? reason.thresholdCitation}{' '}
            <span className="secondary">({t(`alerts:certainty.${reason.thresholdCertainty}`, { defaultValue: reason.thresholdCertainty })})</span>
          </dd>
          {Object.entries(reason.params)
            .filter(([name, value]) => value !== null && value !== '' && name !== reason.metric && !SAID_ELSEWHERE.has(name))
            .map(([name, value]) => (
              <Param
                key={name}
                name={nameOfParam(name, value)}
                text={paramText(name, value, t, format, reason.params.currencyID, isOfDetector ? timeZone : null)}
              />
            ))}
          <dt>{t('alerts:episodes')}</dt>
          <dd>{t('alerts:episodeCount', { episode: alert.episode, occurrences: alert.occurrences })}</dd>
          {alert.severityMax !== alert.severity && (
            <>
              <dt>{t('alerts:worst')}</dt>
              <dd>
                <SeverityBadge severity={alert.severityMax} /> {t(`app:severity.${alert.severityMax}.name`)}
              </dd>
            </>
          )}
        </dl>
        {canAct && typeof reason.params.firstReason === 'string' && <SupplyButton reason={reason.params.firstReason} />}
        {canAct && alert.kind === 'ownRowsDiffer' && (
          <Button size="small" variant="outlined" data-testid="alert-open-reference" onClick={() => openPanel('reference')}>
            {t('reference:title')}
          </Button>
        )}
      </section>

      <CrossedThresholds alert={alert} crossed={crossedOf(detail.answer?.history ?? [])} />
      <AlertChart alert={alert} history={detail.answer?.history ?? []} />
      {evidence !== null && <AlertEvidence alert={alert} evidence={evidence} />}
      {canAct && <ProposedPlans alert={alert} />}
      <RelatedAlerts alert={alert} onOpen={onOpen} />
      {canAct && <AlertTold alert={alert} />}

      {alert.notes.length > 0 && (
        <section className="card">
          <h3>{t('alerts:notes')}</h3>
          <ul className="alert-notes">
            {alert.notes.map((note) => (
              <li key={`${note.atMs} ${note.by} ${note.text}`}>
                <span className="secondary">
                  {format.dateTime(note.atMs)} {nameOf(note.by)}
                </span>
                <div>{note.text}</div>
              </li>
            ))}
          </ul>
        </section>
      )}

      {canAct && (
        <section className="card">
          <h3>{t('alerts:history')}</h3>
          <RefusalNotice refusal={detail.refusal} onRetry={detail.reload} />
          <AlertHistory entries={detail.answer?.history ?? null} />
        </section>
      )}

      {canAct && (
        <section className="card">
          <h3>{t('alerts:files')}</h3>
          <EvidenceBox about={{ kind: 'alert', id: alert.alertId }} />
        </section>
      )}

      <OpenIncidentDialog
        isOpen={isDeclaring}
        alertId={alert.alertId}
        runId={alert.runIds[0] ?? null}
        title={alertTitle(alert, t)}
        onClose={() => setIsDeclaring(false)}
      />
      <TextDialog
        isOpen={isNoting}
        title={t('alerts:addNote')}
        label={t('alerts:note')}
        confirm={t('app:save')}
        isRequired
        testId="note-dialog"
        onClose={() => setIsNoting(false)}
        onConfirm={(note) => request('alert.note', { alertId: alert.alertId, note })}
      />
    </article>
  );
}

/** Declares what this alert is about, or leads to the incident that was declared from it. */
function DeclareButton({ alertId, onDeclare }: { alertId: string; onDeclare: () => void }): ReactNode {
  const { t } = useTranslation('alerts');
  const may = useMay('incident.declare');
  const incidents = useStream('incidents', may ? {} : null).picture?.incidents ?? [];
  const incident = incidents.find(({ alertIds }) => alertIds.includes(alertId)) ?? null;
  if (incident !== null)
    return (
      <Button data-testid="detail-incident" onClick={() => openIncident(incident.incidentId)}>
        {t('toIncident')}
      </Button>
    );
  return may ? (
    <Button data-testid="detail-declare" onClick={onDeclare}>
      {t('declareIncident')}
    </Button>
  ) : null;
}

/** A detector's count has no way back: it is over with its day, or when the pattern was quiet. */
function exitTextOf({ reason }: Alert): string {
  if (reason.exitThreshold !== null) return 'alerts:enterExit';
  return reason.params.thresholdRow === undefined ? 'alerts:enterOnly' : 'alerts:enterOfDetector';
}

function closeHint(alert: Alert): string {
  if (alert.human === 'closed') return 'alerts:closeHint.closed';
  if (alert.isLatched) return 'alerts:closeHint.latched';
  if (alert.condition === 'active') return 'alerts:closeHint.active';
  if (alert.condition === 'unknown') return 'alerts:closeHint.unknown';
  if (alert.condition === 'flapping') return 'alerts:closeHint.flapping';
  if (!isTakenOn(alert)) return 'alerts:closeHint.unacknowledged';
  return 'alerts:closeHint.ready';
}

/** Some rules count over a whole exchange: then its name stands where a contract's would. */
function nameOfParam(name: string, value: string | number | null): string {
  return name === 'instrument' && typeof value === 'string' && /^[A-Z]+$/.test(value) ? 'exchange' : name;
}

function Param({ name, text }: { name: string; text: string }): ReactNode {
  const { t } = useTranslation('alerts');
  return (
    <>
      <dt>{t(`param.${name}`, { defaultValue: name })}</dt>
      <dd>{text}</dd>
    </>
  );
}

function EntityLink({ kind, id, name }: { kind: string; id: string; name: string }): ReactNode {
  const { t } = useTranslation('alerts');
  const label = t(`entity.${kind}`, { id: name, defaultValue: `${kind} ${name}` });
  const open = kind === 'account' ? () => openPanel('account', { accountID: id }) : kind === 'feed' ? () => openPanel('health') : null;
  if (open === null) return <strong>{label}</strong>;
  return (
    <Button variant="outlined" size="small" data-testid="alert-entity" onClick={open}>
      {label}
    </Button>
  );
}

function ProposedPlans({ alert }: { alert: Alert }): ReactNode {
  const { t } = useTranslation('alerts');
  const library = usePlanLibrary();
  if (alert.planIds.length === 0 && alert.runIds.length === 0) return null;
  return (
    <section className="card stack" data-testid="alert-plans">
      <h3>{t('plans')}</h3>
      {alert.planIds.map((planId) => (
        <div key={planId} className="row">
          <button type="button" className="link-button alert-plan" onClick={() => openPanel('plan', { planId })}>
            {planId} {library.titleOf(planId)}
          </button>
          <StartRunButton planId={planId} alertId={alert.alertId} />
        </div>
      ))}
      {alert.runIds.length > 0 && <h3>{t('runs')}</h3>}
      {alert.runIds.map((runId) => (
        <Button key={runId} size="small" variant="outlined" onClick={() => openRun(runId)}>
          ▶ {t('openRun', { run: runId.slice(-8) })}
        </Button>
      ))}
    </section>
  );
}
