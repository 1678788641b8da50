/** One incident: where it stands and what may follow, the reporting clock first, then its story, its effect, its evidence and its review. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { IncidentAct, IncidentView } from '#shared/contract/incidents';
import { NEXT_STATES, type IncidentState as State } from '#shared/desk/incidents/incident';
import { Choice } from '../../components/choice';
import { useFormat } from '../../components/format/use-format';
import { PaperButtons } from '../../components/paper-buttons';
import { RefusalNotice } from '../../components/refusal-notice';
import { SecondPersonDialog } from '../../components/second-person';
import { TextDialog } from '../../components/text-dialog';
import { useNow } from '../../state/use-now';
import { request, useAction, useStream } from '../../state/use-stream';
import { EvidenceBox } from '../evidence/evidence-box';
import { Duties } from './duties';
import { EvidenceSeal } from './evidence-seal';
import { ImpactForm } from './impact-form';
import { IncidentFacts } from './incident-facts';
import { IncidentLinks } from './incident-links';
import { IncidentState } from './incidents-panel';
import { ReviewForm } from './review-form';
import { Timeline } from './timeline';

const SECTIONS = ['duties', 'timeline', 'impact', 'evidence', 'review'] as const;
type Section = (typeof SECTIONS)[number];

export function IncidentPage({ incidentId }: { incidentId: string }): ReactNode {
  const { t } = useTranslation('incidents');
  const { picture, refusal } = useStream('incident', { incidentId });
  const [section, setSection] = useState<Section>('duties');
  const [saved, setSaved] = useState<Section | null>(null);
  const view = picture?.view ?? null;
  if (view === null) return refusal === null ? <div className="empty">{t('app:loading')}</div> : <RefusalNotice refusal={refusal} />;
  const { incident } = view;
  return (
    <article className="incident panel-pad stack" data-testid="incident" data-incident={incidentId} data-state={incident.state}>
      <header className="row">
        <h2 className="truncate" title={incident.title}>
          {incident.title}
        </h2>
        <IncidentState state={incident.state} />
        <span className="spacer" />
        <PaperButtons of={{ kind: 'incident', id: incidentId }} testId="incident-paper" />
      </header>
      <StateActions view={view} />
      <IncidentFacts incident={incident} />
      <IncidentLinks incident={incident} />
      <Choice
        label={t('sections')}
        name="incident-section"
        values={SECTIONS}
        chosen={section}
        text={(each) => t(`section.${each}`)}
        onChoose={(next) => {
          setSection(next);
          setSaved(null);
        }}
      />
      {section === 'duties' && <Duties view={view} />}
      {section === 'timeline' && <Timeline view={view} />}
      {/* By what is recorded: another entry of the incident must not take away what somebody is writing. */}
      {section === 'impact' && <ImpactForm key={JSON.stringify(incident.impact)} incident={incident} onSaved={() => setSaved('impact')} />}
      {section === 'evidence' && (
        <>
          <EvidenceSeal incident={incident} />
          <h3>{t('filesOfIncident')}</h3>
          <EvidenceBox about={{ kind: 'incident', id: incidentId }} />
        </>
      )}
      {section === 'review' && <ReviewForm incident={incident} onSaved={() => setSaved('review')} />}
      {saved === section && <output data-testid="incident-saved">✓ {t('saved')}</output>}
    </article>
  );
}

/** Going back and cancelling want words; the rest is one click, at night too. */
function StateActions({ view: { incident, watchedUntilMs } }: { view: IncidentView }): ReactNode {
  const { t } = useTranslation('incidents');
  const act = useAction('incident.act');
  const [asking, setAsking] = useState<State | null>(null);
  const [cancelling, setCancelling] = useState<Extract<IncidentAct, { type: 'changeState' }> | null>(null);
  const { incidentId, state } = incident;
  const format = useFormat();
  const nowMs = useNow();
  const next = NEXT_STATES[state].filter((each) => each !== 'merged');
  const isWatched = watchedUntilMs !== null && nowMs < watchedUntilMs;
  const needsReason = (to: State): boolean =>
    to === 'cancelled' || (to === 'active' && state !== 'suspected') || state === 'closed' || (to === 'review' && isWatched);
  if (next.length === 0) return null;
  return (
    <div className="row incident-actions">
      {next.map((to) => (
        <Button
          key={to}
          size="small"
          {...(to === 'active' && state === 'suspected' ? { intent: 'primary' as const } : {})}
          loading={act.isWaiting}
          data-testid={`incident-to-${to}`}
          onClick={() => (needsReason(to) ? setAsking(to) : void act.run({ incidentId, act: { type: 'changeState', to, reason: '' } }))}
        >
          {t(`to.${to === 'active' && state !== 'suspected' ? 'relapse' : to}`)}
        </Button>
      ))}
      {isWatched && (
        <span data-testid="incident-watched">
          ◷ {t('watched', { time: format.time(watchedUntilMs), left: format.duration(watchedUntilMs - nowMs) })}
        </span>
      )}
      <RefusalNotice refusal={act.refusal} action={t('title')} />
      <TextDialog
        isOpen={asking !== null}
        title={t(`to.${asking === 'active' ? 'relapse' : (asking ?? 'review')}`)}
        label={t('reason')}
        confirm={t('confirm:confirm')}
        isRequired
        testId="incident-reason"
        onClose={() => setAsking(null)}
        onConfirm={async (reason) => {
          if (asking === null) return null;
          const change = { type: 'changeState', to: asking, reason } as const;
          if (asking === 'cancelled') {
            setCancelling(change);
            return null;
          }
          return request('incident.act', { incidentId, act: change });
        }}
      />
      <SecondPersonDialog
        command={cancelling === null ? null : { name: 'incident.act', payload: { incidentId, act: cancelling } }}
        title={t('to.cancelled')}
        onDone={() => setCancelling(null)}
        onClose={() => setCancelling(null)}
      >
        <p>{cancelling?.reason}</p>
      </SecondPersonDialog>
    </div>
  );
}
