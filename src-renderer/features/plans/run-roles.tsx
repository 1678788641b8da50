/** Who is here, who holds which role in a run, and which roles nobody holds: given to people who are here, never two that exclude each other to one. */
import { Checkbox, HTMLSelect } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run } from '#shared/desk/plans/plan';
import { isGap, presenceIn } from '#shared/desk/plans/presence';
import { kindOf } from '#shared/desk/plans/step-kind';
import type { Refusal } from '#shared/refusal';
import { RefusalNotice } from '../../components/refusal-notice';
import { usePersonName } from '../../state/person-names';
import { useStream } from '../../state/use-stream';
import type { RunActions } from './run-actions';
import { usePlanLibrary } from './use-plan-library';

/** The roles that the plan's steps name, and the commander and the scribe, whom every run has. */
function rolesOf(run: Run): string[] {
  return [...new Set(['IC', 'SCR', ...run.plan.steps.map((step) => step.role)])];
}

/** Those, and the executive where there is a hold: only with them is it overridden. Nobody misses them before. */
function offeredRoles(run: Run): string[] {
  return run.plan.steps.some((step) => kindOf(step) === 'hold') ? [...new Set([...rolesOf(run), 'EXE'])] : rolesOf(run);
}

export function roleGapsOf(run: Run): number {
  return rolesOf(run).filter((role) => isGap(run, role)).length;
}

export function RunRoles({ run, actions }: { run: Run; actions: RunActions }): ReactNode {
  const { t } = useTranslation('plans');
  const roles = rolesOf(run);
  const gaps = roleGapsOf(run);
  return (
    <details className="card run-roles" data-testid="run-roles" open={gaps > 0 && run.state === 'running' ? undefined : false}>
      <summary data-gaps={gaps}>
        {t('roles', { assigned: roles.length - gaps, total: roles.length })}
        {gaps > 0 && <strong className="run-gap"> ▲ {t('roleGaps', { count: gaps })}</strong>}
      </summary>
      <RoleFields run={run} actions={actions} />
    </details>
  );
}

export function RoleFields({ run, actions }: { run: Run; actions: RunActions }): ReactNode {
  return (
    <>
      <WhoIsHere run={run} actions={actions} />
      <div className="run-role-grid">
        {offeredRoles(run).map((role) => (
          <RoleField key={role} role={role} run={run} actions={actions} />
        ))}
      </div>
    </>
  );
}

function WhoIsHere({ run, actions }: { run: Run; actions: RunActions }): ReactNode {
  const { t } = useTranslation('plans');
  const people = useStream('auth', {}).picture?.people ?? [];
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const isOver = run.state !== 'running' && run.state !== 'amended';
  return (
    <fieldset className="run-presence">
      <legend>{t('whoIsHere')}</legend>
      {people.map(({ personId, displayName }) => {
        const where = presenceIn(run, personId);
        return (
          <Checkbox
            key={personId}
            inline
            disabled={isOver}
            checked={where === 'here'}
            aria-label={t('isHere', { person: displayName })}
            data-testid={`run-here-${personId}`}
            onChange={() => {
              const change = { runId: run.runId, person: personId, isPresent: where !== 'here' };
              void actions.ask('run.notePresence', change).then(setRefusal);
            }}
          >
            {displayName}
            {where === 'away' && <span className="secondary"> ({t('away')})</span>}
          </Checkbox>
        );
      })}
      <RefusalNotice refusal={refusal} action={t('whoIsHere')} />
    </fieldset>
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
  const here = people.filter(({ personId }) => presenceIn(run, personId) === 'here');
  const others = people.filter(({ personId }) => presenceIn(run, personId) === null);
  const isOffered = person === '' || [...here, ...others].some(({ personId }) => personId === person);
  const hasLeft = person !== '' && presenceIn(run, person) === 'away';
  const option = ({ personId, displayName }: (typeof people)[number]): ReactNode => {
    const excluding = library.rolePairs
      .flatMap((pair) => (pair.includes(role) ? pair : []))
      .find((other) => other !== role && run.roles[other] === personId);
    return (
      <option key={personId} value={personId} disabled={excluding !== undefined && personId !== person}>
        {displayName}
        {excluding === undefined ? '' : ` (${t('excludes', { role: library.roleName(excluding) })})`}
      </option>
    );
  };
  return (
    <div className="run-role" data-gap={rolesOf(run).includes(role) && isGap(run, role)}>
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
        {!isOffered && <option value={person}>{nameOf(person)}</option>}
        {here.length > 0 && <optgroup label={t('here')}>{here.map(option)}</optgroup>}
        {others.length > 0 && <optgroup label={t('notSaid')}>{others.map(option)}</optgroup>}
      </HTMLSelect>
      {hasLeft && <span className="run-gap">▲ {t('holderAway', { person: nameOf(person) })}</span>}
      {claims.length > 1 && <span className="run-gap">▲ {t('twoHolders', { people: claims.map((claim) => nameOf(claim.person)).join(', ') })}</span>}
      <RefusalNotice refusal={refusal} action={t('assign')} />
    </div>
  );
}
