/** The year's programme: which plan was drilled when, what is due, what is planned, and what earlier drills left open past its date. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DrillProgramme } from '#shared/contract/drills';
import type { ProgrammeTurn } from '#shared/desk/drills/programme';
import type { DrillResult } from '#shared/desk/drills/result';
import { useFormat } from '../../components/format/use-format';
import { TableHead } from '../../components/table-head';
import { usePlanLibrary } from '../plans/use-plan-library';
import { DeadlineText, isOverdue, RuleSource } from './report-deadlines';
import { useWords } from './use-words';

export function ProgrammeView({ programme, drills }: { programme: DrillProgramme; drills: readonly DrillResult[] }): ReactNode {
  const { t } = useTranslation('drills');
  const format = useFormat();
  const library = usePlanLibrary();
  const overdue = programme.rows.filter(({ live, tabletop }) => live.isOverdue || tabletop.isOverdue).length;
  return (
    <section className="panel-pad stack panel-body" data-testid="drill-programme" data-overdue={overdue}>
      <OpenReports programme={programme} drills={drills} />
      <h3>{t('view.programme')}</h3>
      <RuleSource rule={programme.rule} />
      <p>
        {t('programme.unannounced')}: <Turn turn={programme.unannounced} />
      </p>
      <table className="drill-table">
        <TableHead
          headings={[t('programme.plan'), t('programme.live'), t('programme.tabletop'), t('programme.lastIndex'), t('programme.improvements')]}
        />
        <tbody>
          {programme.rows.map(({ planId, live, tabletop, lastIndex, openImprovementCount, overdueImprovementCount }) => (
            <tr key={planId} data-testid={`programme-${planId}`} data-overdue={live.isOverdue || tabletop.isOverdue}>
              <td>
                {planId} {library.titleOf(planId)}
              </td>
              <td data-testid={`programme-live-${planId}`} data-overdue={live.isOverdue}>
                <Turn turn={live} />
              </td>
              <td>
                <Turn turn={tabletop} />
              </td>
              <td>
                {lastIndex?.kind === 'scored'
                  ? `${format.number(lastIndex.index, 0)} · ${t(`band.${lastIndex.band}`)}`
                  : lastIndex === null
                    ? '—'
                    : t('invalid')}
              </td>
              <td>
                {openImprovementCount}
                {overdueImprovementCount > 0 && <strong> ▲ {t('programme.overdueImprovements', { count: overdueImprovementCount })}</strong>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Reports that are still owed, what is overdue first. */
function OpenReports({ programme, drills }: { programme: DrillProgramme; drills: readonly DrillResult[] }): ReactNode {
  const { t } = useTranslation('drills');
  const format = useFormat();
  const words = useWords();
  const owed = programme.reports.flatMap(({ drillId, deadlines }) => {
    const open = deadlines.filter(({ standing }) => standing === 'open' || standing === 'overdue');
    const drill = drills.find((each) => each.drillId === drillId);
    return drill === undefined || open.length === 0 ? [] : [{ drill, open }];
  });
  const sorted = owed.sort((a, b) => Number(isOverdue(b.open)) - Number(isOverdue(a.open)));
  return (
    <>
      <h3>{t('deadlines.owed')}</h3>
      {sorted.length === 0 && <p className="secondary">{t('deadlines.noneOwed')}</p>}
      <ul className="drill-plain" data-testid="programme-reports" data-count={sorted.length}>
        {sorted.map(({ drill, open }) => (
          <li key={drill.drillId} data-overdue={isOverdue(open)}>
            <strong>
              {drill.planId} {words(drill.title)}
            </strong>{' '}
            <span className="secondary">{format.dateTime(drill.endedAtMs)}</span>
            {open.map((deadline) => (
              <div key={deadline.stage}>
                <DeadlineText deadline={deadline} />
              </div>
            ))}
          </li>
        ))}
      </ul>
    </>
  );
}

/** When it was last done, by when it is due again, and for when it is planned. */
export function Turn({ turn: { lastAtMs, dueAtMs, isOverdue, plannedAtMs } }: { turn: ProgrammeTurn }): ReactNode {
  const { t } = useTranslation('drills');
  const format = useFormat();
  return (
    <span data-overdue={isOverdue}>
      {isOverdue ? '▲ ' : '✓ '}
      {lastAtMs === null
        ? t('programme.never')
        : t(isOverdue ? 'programme.wasDue' : 'programme.due', { last: format.dateTime(lastAtMs), due: format.dateTime(dueAtMs) })}
      {plannedAtMs !== null && ` · ${t('programme.planned', { time: format.dateTime(plannedAtMs) })}`}
    </span>
  );
}
