/** The library of plans, found by any word, with the chosen plan beside it. */
import { Button, InputGroup } from '@blueprintjs/core';
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MasterDetail } from '../../components/master-detail';
import { RefusalNotice } from '../../components/refusal-notice';
import { openPanel } from '../../state/navigation';
import { usePreferences } from '../../state/preferences';
import { openEmergency } from '../emergency/emergency-state';
import { PlanPage } from './plan-page';
import { planMatches } from './plan-search';
import { PlanStandingMark } from './plan-standing';
import { StartRunButton } from './start-run-button';
import { usePlanLibrary } from './use-plan-library';
import './plans.css';

export function PlansPanel(): ReactNode {
  const { t } = useTranslation('plans');
  const library = usePlanLibrary();
  const isChinese = usePreferences((state) => state.language === 'zh-CN');
  const [query, setQuery] = useState('');
  const [openId, setOpenId] = useState<string | null>(null);
  const plans = useMemo(() => {
    return (library.plans ?? []).filter((plan) => planMatches(plan, query));
  }, [library.plans, query]);
  const open = library.plans?.find((plan) => plan.id === openId) ?? null;
  return (
    <>
      <div className="panel-bar">
        <InputGroup
          size="small"
          placeholder={t('search')}
          aria-label={t('search')}
          value={query}
          onValueChange={setQuery}
          data-testid="plans-search"
        />
        <div className="spacer" />
        <Button size="small" intent="danger" data-testid="open-emergency" onClick={() => openEmergency()}>
          {t('emergency.open')} <kbd>F9</kbd>
        </Button>
        <Button size="small" data-testid="plan-new" onClick={() => openPanel('planEditor', { planId: '' })}>
          {t('importPlan')}
        </Button>
        <span className="secondary">{t('count', { count: plans.length })}</span>
      </div>
      <RefusalNotice refusal={library.refusal} onRetry={library.reload} />
      <MasterDetail
        onBack={() => setOpenId(null)}
        detail={open === null ? null : <PlanPage plan={open} />}
        list={
          <ul className="plan-list" data-testid="plan-list">
            {plans.map((plan) => (
              <li key={plan.id} data-testid={`plan-${plan.id}`} data-open={plan.id === openId}>
                <button type="button" className="plan-open" onClick={() => setOpenId(plan.id)}>
                  <span className="mono secondary">{plan.id}</span>
                  <span className="plan-severity" title={t('defaultSeverity')}>
                    {plan.default_severity}
                  </span>
                  <span className="plan-names">
                    <strong>{isChinese ? plan.title_zh : plan.title}</strong>
                    <span className="secondary" lang={isChinese ? 'en' : 'zh-CN'}>
                      {isChinese ? plan.title : plan.title_zh}
                    </span>
                  </span>
                  <PlanStandingMark planId={plan.id} />
                  <span className="secondary plan-step-count">{t('steps', { count: plan.steps.length })}</span>
                </button>
                <StartRunButton planId={plan.id} />
              </li>
            ))}
            {library.plans !== null && plans.length === 0 && <li className="empty">{t('nothingFound')}</li>}
            {library.plans === null && library.refusal === null && <li className="empty">{t('loading')}</li>}
          </ul>
        }
      />
    </>
  );
}
