/** Who holds which role in a run, and which roles nobody holds: people are chosen from those this desk knows. */
import { HTMLSelect } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run } from '#shared/desk/plans/plan';
import type { Refusal } from '#shared/refusal';
import { RefusalNotice } from '../../components/refusal-notice';
import { usePersonName } from '../../state/person-names';
import { useStream } from '../../state/use-stream';
import type { RunActions } from './run-actions';
import { usePlanLibrary } from './use-plan-library';

/** The roles that the plan's steps name, and the commander and the scribe, whom every run has. */
export function rolesOf(run: Run): string[] {
  return [...new Set(['IC', 'SCR', ...run.plan.steps.map((step) => step.role)])];
}

export function RunRoles({ run, actions }: { run: Run; actions: RunActions }): ReactNode {
  const { t } = useTranslation('plans');
  const roles = rolesOf(run);
  const assigned = roles.filter((role) => run.roles[role] !== undefined).length;
  return (
    <details className="card run-roles" data-testid="run-roles" open={assigned < roles.length && run.state === 'running' ? undefined : false}>
      <summary data-gaps={roles.length - assigned}>
        {t('roles', { assigned, total: roles.length })}
        {assigned < roles.length && <strong className="run-gap"> ▲ {t('roleGaps', { count: roles.length - assigned })}</strong>}
      </summary>
      <RoleFields run={run} actions={actions} />
    </details>
  );
}

export function RoleFields({ run, actions }: { run: Run; actions: RunActions }): ReactNode {
  return (
    <div className="run-role-grid">
      {rolesOf(run).map((role) => (
        <RoleField key={role} role={role} run={run} actions={actions} />
      ))}
    </div>
  );
}

function RoleField({ role, run, actions }: { role: string; run: Run; actions: RunActions }): ReactNode {
  const { t } = useTranslation('plans');
  const library = usePlanLibrary();
  const nameOf = usePersonName();
  const people = useStream('auth', {}).picture?.people ?? [];
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const person = run.roles[role] ?? '';
  const claims = run.roleClaims.filter((claim) => claim.role === role);
  const isKnown = person === '' || people.some(({ personId }) => personId === person);
  return (
    <div className="run-role" data-gap={person === ''}>
      <label htmlFor={`role-${run.runId}-${role}`}>{library.roleName(role)}</label>
      <HTMLSelect
        id={`role-${run.runId}-${role}`}
        fill
        disabled={run.state !== 'running' && run.state !== 'amended'}
        value={person}
        data-testid={`run-role-${role}`}
        onChange={(event) => void actions.ask('run.assignRole', { runId: run.runId, role, person: event.target.value }).then(setRefusal)}
      >
        <option value="" disabled>
          {t('nobodyYet')}
        </option>
        {!isKnown && <option value={person}>{nameOf(person)}</option>}
        {people.map(({ personId, displayName }) => (
          <option key={personId} value={personId}>
            {displayName}
          </option>
        ))}
      </HTMLSelect>
      {claims.length > 1 && <span className="run-gap">▲ {t('twoHolders', { people: claims.map((claim) => nameOf(claim.person)).join(', ') })}</span>}
      <RefusalNotice refusal={refusal} action={t('assign')} />
    </div>
  );
}
