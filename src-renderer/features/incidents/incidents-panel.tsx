/** All incidents with their next deadline, the chosen one beside them, and what the firm says it is, without which no duty is known. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { IncidentBrief } from '#shared/contract/incidents';
import { useFormat } from '../../components/format/use-format';
import { ItemList } from '../../components/item-list';
import { MasterDetail } from '../../components/master-detail';
import { RefusalNotice } from '../../components/refusal-notice';
import { useMay } from '../../state/auth';
import { usePersonName } from '../../state/person-names';
import { useNow } from '../../state/use-now';
import { useStream } from '../../state/use-stream';
import { chooseIncident, useChosenIncident } from './chosen-incident';
import { FirmDialog } from './firm-dialog';
import { IncidentPage } from './incident-page';
import { OpenIncidentDialog } from './open-incident-dialog';
import './incidents.css';

export function IncidentsPanel(): ReactNode {
  const { t } = useTranslation('incidents');
  const { picture, refusal, isConnected } = useStream('incidents', {});
  const chosenId = useChosenIncident((state) => state.incidentId);
  const mayState = useMay('report.arm');
  const [dialog, setDialog] = useState<'open' | 'firm' | null>(null);
  const incidents = picture?.incidents ?? [];
  const isKnown = incidents.some(({ incidentId }) => incidentId === chosenId);
  return (
    <div className="panel" data-testid="incidents" data-count={picture === null ? '' : incidents.length}>
      <div className="panel-bar">
        <Button size="small" intent="primary" data-testid="incident-open" onClick={() => setDialog('open')}>
          {t('open')}
        </Button>
        <div className="spacer" />
        <Button
          size="small"
          disabled={!mayState}
          title={mayState ? '' : t('firm.byCompliance')}
          data-testid="incident-firm"
          onClick={() => setDialog('firm')}
        >
          {t('firm.title')}
        </Button>
      </div>
      {picture !== null && !picture.hasLicences && (
        <div className="incident-warning" role="alert" data-testid="incident-no-licences">
          <strong>▲ {t('firm.missing')}</strong> {t('firm.missingTodo')}
        </div>
      )}
      <RefusalNotice refusal={refusal} action={t('title')} />
      {picture === null && refusal === null && <div className="empty">{isConnected ? t('app:loading') : t('table:noEngine')}</div>}
      {picture !== null && incidents.length === 0 && (
        <div className="empty" data-testid="incidents-empty">
          <strong>{t('none')}</strong>
          <span>{t('noneTodo')}</span>
        </div>
      )}
      {incidents.length > 0 && (
        <MasterDetail
          list={<List incidents={incidents} chosenId={chosenId} />}
          detail={isKnown && chosenId !== null ? <IncidentPage key={chosenId} incidentId={chosenId} /> : null}
          onBack={() => chooseIncident(null)}
        />
      )}
      <OpenIncidentDialog isOpen={dialog === 'open'} alertId={null} runId={null} onClose={() => setDialog(null)} />
      <FirmDialog isOpen={dialog === 'firm'} onClose={() => setDialog(null)} />
    </div>
  );
}

function List({ incidents, chosenId }: { incidents: IncidentBrief[]; chosenId: string | null }): ReactNode {
  const { t } = useTranslation('incidents');
  const format = useFormat();
  const nameOf = usePersonName();
  return (
    <ItemList
      items={incidents}
      idOf={({ incidentId }) => incidentId}
      openId={chosenId}
      onOpen={chooseIncident}
      label={t('title')}
      testId="incident-item"
      marksOf={({ state }) => ({ 'data-state': state })}
    >
      {(incident) => (
        <>
          <span className="row">
            <strong className="truncate">
              {incident.mode === 'drill' && `◆ ${t('drill')} `}
              {incident.title}
            </strong>
            <span className="spacer" />
            <IncidentState state={incident.state} />
          </span>
          <span className="row secondary">
            {t(`eventKind.${incident.eventKind}`)} · {t(`grade.${incident.grade ?? 'unknown'}`)} · {format.dateTime(incident.openedAtMs)} ·{' '}
            {nameOf(incident.openedBy)}
          </span>
          {incident.nextDueAtMs !== null && (
            <span className="row">
              <Countdown dueAtMs={incident.nextDueAtMs} /> <span className="secondary">{t('openDuties', { count: incident.openDutyCount })}</span>
            </span>
          )}
        </>
      )}
    </ItemList>
  );
}

const STATE_GLYPHS: Record<IncidentBrief['state'], string> = {
  suspected: '?',
  active: '●',
  contained: '◐',
  recovered: '○',
  review: '✎',
  closed: '✓',
  cancelled: '✕',
  merged: '→',
};

export function IncidentState({ state }: { state: IncidentBrief['state'] }): ReactNode {
  const { t } = useTranslation('incidents');
  return (
    <span className="incident-state" data-state={state} data-testid="incident-state">
      <span aria-hidden="true">{STATE_GLYPHS[state]} </span>
      {t(`state.${state}`)}
    </span>
  );
}

/** Says in words whether it is late: the sign of a number is not enough at night. */
export function Countdown({ dueAtMs }: { dueAtMs: number }): ReactNode {
  const { t } = useTranslation('incidents');
  const format = useFormat();
  const leftMs = dueAtMs - useNow();
  const isOverdue = leftMs < 0;
  return (
    <span className="incident-due" data-overdue={isOverdue} title={format.dateTime(dueAtMs)}>
      {isOverdue ? '▲ ' : '◷ '}
      {t(isOverdue ? 'overdueBy' : 'dueIn', { time: format.duration(Math.abs(leftMs)) })}
    </span>
  );
}
