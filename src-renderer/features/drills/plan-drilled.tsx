/** Says on a plan's page whether people have practised it: when, how it went, and by when it is due again. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { openPanel } from '../../state/navigation';
import { useStream } from '../../state/use-stream';
import { Turn } from './programme-view';
import { useIndexText } from './use-index-text';

export function PlanDrilled({ planId }: { planId: string }): ReactNode {
  const { t } = useTranslation('drills');
  const textOf = useIndexText();
  const row = useStream('drills', {}).picture?.programme.rows.find((each) => each.planId === planId);
  if (row === undefined) return null;
  const { live, tabletop, lastIndex, overdueImprovementCount } = row;
  return (
    <div className="row plan-drilled" data-testid="plan-drilled" data-overdue={live.isOverdue || tabletop.isOverdue}>
      <span>
        {t('programme.live')}: <Turn turn={live} />
      </span>
      <span>
        {t('programme.tabletop')}: <Turn turn={tabletop} />
      </span>
      {lastIndex !== null && (
        <span>
          {t('programme.lastIndex')}: {textOf(lastIndex)}
        </span>
      )}
      {overdueImprovementCount > 0 && <strong>▲ {t('programme.overdueImprovements', { count: overdueImprovementCount })}</strong>}
      <button type="button" className="link-button" onClick={() => openPanel('drills')}>
        {t('title')}
      </button>
    </div>
  );
}
