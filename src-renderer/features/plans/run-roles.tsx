/** Who holds which role in a run. */
import { Button, InputGroup } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run } from '#shared/desk/plans/plan';
import type { Refusal } from '#shared/refusal';
import { RefusalNotice } from '../../components/refusal-notice';
import type { RunActions } from './run-actions';
import { usePlanLibrary } from './use-plan-library';

export function RunRoles({ run, actions }: { run: Run; actions: RunActions }): ReactNode {
  const { t } = useTranslation('plans');
  const roles = [...new Set(run.plan.steps.map((step) => step.role))];
  const assigned = roles.filter((role) => run.roles[role] !== undefined).length;
  return (
    <details className="card run-roles" data-testid="run-roles">
      <summary>{t('roles', { assigned, total: roles.length })}</summary>
      <div className="run-role-grid">
        {roles.map((role) => (
          <RoleField
            key={`${role} ${run.roles[role] ?? ''}`}
            role={role}
            person={run.roles[role] ?? ''}
            isRunning={run.state === 'running'}
            actions={actions}
          />
        ))}
      </div>
    </details>
  );
}

function RoleField({ role, person, isRunning, actions }: { role: string; person: string; isRunning: boolean; actions: RunActions }): ReactNode {
  const { t } = useTranslation('plans');
  const library = usePlanLibrary();
  const [name, setName] = useState(person);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const trimmed = name.trim();
  return (
    <form
      className="run-role"
      onSubmit={(event) => {
        event.preventDefault();
        if (trimmed !== '' && trimmed !== person) void actions.assignRole(role, trimmed).then(setRefusal);
      }}
    >
      <label htmlFor={`role-${role}`}>{library.roleName(role)}</label>
      <InputGroup
        id={`role-${role}`}
        size="small"
        maxLength={64}
        disabled={!isRunning}
        placeholder={t('nobodyYet')}
        value={name}
        onValueChange={setName}
        data-testid={`run-role-${role}`}
        rightElement={
          <Button type="submit" size="small" variant="minimal" disabled={!isRunning || trimmed === '' || trimmed === person}>
            {t('assign')}
          </Button>
        }
      />
      <RefusalNotice refusal={refusal} action={t('assign')} />
    </form>
  );
}
