/** The year's programme: which plan was drilled when, what is due, what is planned, and what earlier drills left open past its date. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Programme, ProgrammeTurn } from '#shared/desk/drills/programme';
import { useFormat } from '../../components/format/use-format';
import { usePreferences } from '../../state/preferences';
import { usePlanLibrary } from '../plans/use-plan-library';

export function ProgrammeView({ programme }: { programme: Programme }): ReactNode {
  const { t } = useTranslation('drills');
  const format = useFormat();
  const library = usePlanLibrary();
  const isChinese = usePreferences((state) => state.language === 'zh-CN');
  const overdue = programme.rows.filter(({ live, tabletop }) => live.isOverdue || tabletop.isOverdue).length;
  return (
    <section className="panel-pad stack panel-body" data-testid="drill-programme" data-overdue={overdue}>
      <p className="secondary">
        {isChinese ? programme.rule.citationZh : programme.rule.citation} ({t(`explain:certainty.${programme.rule.certainty}`)})
      </p>
      <p>
        {t('programme.unannounced')}: <Turn turn={programme.unannounced} />
      </p>
      <table className="drill-table">
        <thead>
          <tr>
            <th>{t('programme.plan')}</th>
            <th>{t('programme.live')}</th>
            <th>{t('programme.tabletop')}</th>
            <th>{t('programme.lastIndex')}</th>
            <th>{t('programme.improvements')}</th>
          </tr>
        </thead>
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
