/** Whose turn it is to be drilled: people and roles this year, and critical steps of plans that the rotation of years has not reached. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DrillProgramme } from '#shared/contract/drills';
import type { Rotation } from '#shared/desk/drills/rotation';
import { useFormat } from '../../components/format/use-format';
import { TableHead } from '../../components/table-head';
import { usePersonName } from '../../state/person-names';
import { usePlanLibrary } from '../plans/use-plan-library';
import { RuleSource } from './report-deadlines';

export function RotationView({ programme: { rotation, rule } }: { programme: DrillProgramme }): ReactNode {
  const { t } = useTranslation('drills');
  const { people, roles, plans, years } = rotation;
  const count = (turns: readonly { isOverdue: boolean }[]): number => turns.filter(({ isOverdue }) => isOverdue).length;
  return (
    <section className="panel-pad stack panel-body" data-testid="drill-rotation">
      <RuleSource rule={rule} />
      <h3>{t('rotation.people')}</h3>
      <p data-testid="rotation-people-due" data-count={count(people)}>
        {t('rotation.peopleDue', { due: count(people), total: people.length })}
      </p>
      <People people={people} />
      <h3>{t('rotation.roles')}</h3>
      <p>{t('rotation.rolesDue', { due: count(roles), total: roles.length })}</p>
      <Roles roles={roles} />
      <h3>{t('rotation.plans', { count: years })}</h3>
      <Plans plans={plans} />
    </section>
  );
}

function People({ people }: Pick<Rotation, 'people'>): ReactNode {
  const { t } = useTranslation('drills');
  const nameOf = usePersonName();
  const library = usePlanLibrary();
  return (
    <table className="drill-table" data-testid="rotation-people">
      <TableHead headings={[t('rotation.person'), t('rotation.last'), t('rotation.rolesHeld')]} />
      <tbody>
        {people.map(({ personId, roles, ...turn }) => (
          <tr key={personId} data-testid={`rotation-person-${personId}`} data-overdue={turn.isOverdue}>
            <td>{nameOf(personId)}</td>
            <td>
              <YearlyTurn turn={turn} />
            </td>
            <td>{roles.length === 0 ? t('rotation.noRole') : roles.map((role) => library.roleName(role)).join(', ')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Roles({ roles }: Pick<Rotation, 'roles'>): ReactNode {
  const { t } = useTranslation('drills');
  const nameOf = usePersonName();
  const library = usePlanLibrary();
  return (
    <table className="drill-table" data-testid="rotation-roles">
      <TableHead headings={[t('rotation.role'), t('rotation.last'), t('rotation.byWhom')]} />
      <tbody>
        {roles.map(({ role, people, ...turn }) => (
          <tr key={role} data-testid={`rotation-role-${role}`} data-overdue={turn.isOverdue}>
            <td>{library.roleName(role)}</td>
            <td>
              <YearlyTurn turn={turn} />
            </td>
            <td>{people.length === 0 ? t('nobody') : people.map(nameOf).join(', ')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Plans({ plans }: Pick<Rotation, 'plans'>): ReactNode {
  const { t } = useTranslation('drills');
  const library = usePlanLibrary();
  return (
    <table className="drill-table" data-testid="rotation-plans">
      <TableHead headings={[t('programme.plan'), t('rotation.reached'), t('rotation.missing')]} />
      <tbody>
        {plans.map(({ planId, criticalCount, missing }) => (
          <tr key={planId} data-testid={`rotation-plan-${planId}`} data-missing={missing.length}>
            <td>
              {planId} {library.titleOf(planId)}
            </td>
            <td>
              {missing.length === 0 ? '✓ ' : '▲ '}
              {criticalCount - missing.length} / {criticalCount}
            </td>
            <td>{missing.length === 0 ? '' : missing.join(', ')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function YearlyTurn({ turn: { lastAtMs, dueAtMs, isOverdue } }: { turn: Omit<Rotation['people'][number], 'personId' | 'roles'> }): ReactNode {
  const { t } = useTranslation('drills');
  const format = useFormat();
  if (lastAtMs === null) return <>▲ {t('programme.never')}</>;
  const words = { last: format.dateTime(lastAtMs), due: format.dateTime(dueAtMs) };
  return isOverdue ? <>▲ {t('programme.wasDue', words)}</> : <>✓ {t('programme.due', words)}</>;
}
