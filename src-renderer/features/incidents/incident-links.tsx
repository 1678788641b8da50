/** What an incident belongs together with: the alerts and plan runs it is about, and incidents that turned out to be the same. A link deletes nothing on either side. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Incident } from '#shared/desk/incidents/incident';
import { Labelled } from '../../components/labelled';
import { RefusalNotice } from '../../components/refusal-notice';
import { Select } from '../../components/select';
import { useAlerts } from '../../state/alerts-store';
import { usePreferences } from '../../state/preferences';
import { useAction, useStream } from '../../state/use-stream';
import { alertTitle } from '../alerts/alert-text';
import { openAlert } from '../alerts/chosen-alert';
import { openRun } from '../plans/chosen-run';
import { chooseIncident } from './chosen-incident';

type Kind = 'alert' | 'run' | 'merge';
type Choice = { id: string; title: string };

export function IncidentLinks({ incident }: { incident: Incident }): ReactNode {
  const { t } = useTranslation('incidents');
  const [asking, setAsking] = useState<Kind | null>(null);
  const alerts = useAlertChoices();
  const runs = useRunChoices();
  const incidents = useIncidentChoices(incident.incidentId);
  const { links, state } = incident;
  const isOver = state === 'merged' || state === 'cancelled';
  const titleOf = (choices: readonly Choice[], id: string): string =>
    choices.find((each) => each.id === id)?.title ?? t('linkOf', { id: id.slice(-8) });
  const offered: Record<Kind, Choice[]> = {
    alert: alerts.filter(({ id }) => !links.alertIds.includes(id)),
    run: runs.filter(({ id }) => !links.runIds.includes(id)),
    merge: incidents.filter(({ id }) => !links.mergedFrom.includes(id)),
  };
  return (
    <section className="incident-links" data-testid="incident-links">
      <div className="row">
        {links.mergedInto !== null && (
          <Button size="small" intent="warning" data-testid="incident-merged-into" onClick={() => chooseIncident(links.mergedInto)}>
            → {t('mergedInto', { title: titleOf(incidents, links.mergedInto) })}
          </Button>
        )}
        {links.mergedFrom.map((id) => (
          <Button key={id} size="small" variant="outlined" data-testid="incident-merged-from" onClick={() => chooseIncident(id)}>
            ← {t('mergedFrom', { title: titleOf(incidents, id) })}
          </Button>
        ))}
        {links.alertIds.map((id) => (
          <Button key={id} size="small" variant="outlined" data-testid="incident-alert" onClick={() => openAlert(id)}>
            ▲ {titleOf(alerts, id)}
          </Button>
        ))}
        {links.runIds.map((id) => (
          <Button key={id} size="small" variant="outlined" data-testid="incident-run" onClick={() => openRun(id)}>
            ▶ {titleOf(runs, id)}
          </Button>
        ))}
        {!isOver &&
          (['alert', 'run', 'merge'] as const).map((kind) => (
            <Button
              key={kind}
              size="small"
              variant="minimal"
              disabled={offered[kind].length === 0}
              aria-expanded={asking === kind}
              data-testid={`incident-link-${kind}`}
              onClick={() => setAsking((before) => (before === kind ? null : kind))}
            >
              {t(`link.${kind}`)}
            </Button>
          ))}
      </div>
      {asking !== null && (
        <LinkForm key={asking} incidentId={incident.incidentId} kind={asking} choices={offered[asking]} onDone={() => setAsking(null)} />
      )}
    </section>
  );
}

type FormProps = { incidentId: string; kind: Kind; choices: Choice[]; onDone(): void };

function LinkForm({ incidentId, kind, choices, onDone }: FormProps): ReactNode {
  const { t } = useTranslation('incidents');
  const [id, setId] = useState('');
  const act = useAction('incident.act');
  const link = async (): Promise<void> => {
    const wanted = kind === 'merge' ? ({ type: 'merge', into: id } as const) : ({ type: 'link', kind, id } as const);
    if ((await act.run({ incidentId, act: wanted })) === null) return;
    onDone();
    if (kind === 'merge') chooseIncident(id);
  };
  return (
    <form
      data-testid="incident-link-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (id !== '') void link();
      }}
    >
      <Labelled label={t(`linkTo.${kind}`)} help={kind === 'merge' ? t('mergeMeaning') : undefined}>
        {(field) => (
          <div className="row">
            <Select
              id={field}
              options={[{ value: '', label: t('confirm:choose') }, ...choices.map((choice) => ({ value: choice.id, label: choice.title }))]}
              value={id}
              testId="incident-link-to"
              onValueChange={setId}
            />
            <Button type="submit" intent="primary" disabled={id === ''} loading={act.isWaiting} data-testid="incident-link-confirm">
              {t(`link.${kind}`)}
            </Button>
            <Button onClick={onDone}>{t('app:cancel')}</Button>
          </div>
        )}
      </Labelled>
      <RefusalNotice refusal={act.refusal} action={t(`link.${kind}`)} />
    </form>
  );
}

/** Newest first; those that are over stand behind. */
function useAlertChoices(): Choice[] {
  const { t } = useTranslation();
  const byId = useAlerts((state) => state.byId);
  return [...byId.values()]
    .sort((a, b) => Number(a.human === 'closed') - Number(b.human === 'closed') || b.raisedAtMs - a.raisedAtMs)
    .map((alert) => ({ id: alert.alertId, title: alertTitle(alert, t) }));
}

function useRunChoices(): Choice[] {
  const isChinese = usePreferences((state) => state.language === 'zh-CN');
  const runs = useStream('runs', {}).picture?.runs ?? [];
  return runs.map((run) => ({ id: run.runId, title: `${run.planId} ${isChinese ? run.planTitleZh : run.planTitle}` }));
}

function useIncidentChoices(ownId: string): Choice[] {
  const incidents = useStream('incidents', {}).picture?.incidents ?? [];
  return incidents
    .filter(({ incidentId, state }) => incidentId !== ownId && state !== 'cancelled')
    .map(({ incidentId, title }) => ({ id: incidentId, title }));
}
