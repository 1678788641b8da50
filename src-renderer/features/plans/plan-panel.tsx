/** One plan in a tab of its own. */
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { RefusalNotice } from '../../components/refusal-notice';
import type { PanelProps } from '../registry';
import { PlanPage } from './plan-page';
import { usePlanLibrary } from './use-plan-library';
import './plans.css';

export function PlanPanel({ params, setTitle }: PanelProps): ReactNode {
  const { t } = useTranslation('plans');
  const library = usePlanLibrary();
  const planId = params.planId ?? '';
  const title = library.titleOf(planId);
  useEffect(() => {
    if (title !== '') setTitle(`${planId} ${title}`);
  }, [planId, title, setTitle]);
  const plan = library.plans?.find((candidate) => candidate.id === planId);
  return (
    <div className="panel-body">
      <RefusalNotice refusal={library.refusal} onRetry={library.reload} />
      {plan !== undefined ? (
        <PlanPage plan={plan} />
      ) : (
        <div className="empty">{library.plans === null ? t('loading') : t('unknownPlan', { plan: planId })}</div>
      )}
    </div>
  );
}
