/** Says on a step that repairs that it waits for the sealed evidence of its incident, and leads there. */
import { Button } from '@blueprintjs/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlanStep, Run } from '#shared/desk/plans/plan';
import { useMay } from '../../state/auth';
import { useStream } from '../../state/use-stream';
import { closeEmergency } from '../emergency/emergency-state';
import { openIncident } from '../incidents/chosen-incident';

const OVER: ReadonlySet<string> = new Set(['cancelled', 'merged', 'closed']);

export function SceneGate({ run, planned }: { run: Run; planned: PlanStep }): ReactNode {
  const { t } = useTranslation('plans');
  const mayDeclare = useMay('incident.declare');
  const incidents = useStream('incidents', planned.repairs === true && mayDeclare ? {} : null).picture?.incidents ?? [];
  const open = incidents.find(
    ({ incidentId, runIds, state, isSceneKept }) =>
      !isSceneKept &&
      !OVER.has(state) &&
      (incidentId === run.incidentId || runIds.some((runId) => runId === run.runId || runId === run.parent?.runId)),
  );
  if (open === undefined) return null;
  return (
    <div className="row run-gap" data-testid={`run-step-${planned.no}-scene`}>
      <strong>▲ {t('sceneGate')}</strong>
      <Button
        size="small"
        onClick={() => {
          closeEmergency();
          openIncident(open.incidentId);
        }}
      >
        {t('toScene')}
      </Button>
    </div>
  );
}
