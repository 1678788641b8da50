/** A plan to read before anything happens: when it applies, what to do at once, its steps, and when it is over. */
import { Button } from '@blueprintjs/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Plan } from '#shared/desk/plans/plan';
import { PaperButtons } from '../../components/paper-buttons';
import { openPanel } from '../../state/navigation';
import { usePreferences } from '../../state/preferences';
import { PlanDrilled } from '../drills/plan-drilled';
import { PlanStandingMark } from './plan-standing';
import { printPlan } from './run-paper';
import { StartRunButton } from './start-run-button';
import { stepWaves } from './step-order';
import { usePlanLibrary } from './use-plan-library';
import { usePlanText } from './use-plan-text';

/** Plan kinds hold a slash or a space, which the language files' keys may not. */
export function stepKindKey(kind: string): string {
  return `plans:stepKind.${kind.replaceAll(/[^a-z]/g, '_')}`;
}

export function PlanPage({ plan }: { plan: Plan }): ReactNode {
  const { t } = useTranslation();
  const library = usePlanLibrary();
  const texts = usePlanText();
  const isChinese = usePreferences((state) => state.language === 'zh-CN');
  return (
    <article className="stack panel-pad" data-testid="plan-page" data-plan-id={plan.id}>
      <header className="stack">
        <div className="row">
          <span className="plan-severity">{plan.default_severity}</span>
          <h2>
            {plan.id} {isChinese ? plan.title_zh : plan.title}
          </h2>
        </div>
        <span className="secondary" lang={isChinese ? 'en' : 'zh-CN'}>
          {isChinese ? plan.title : plan.title_zh}
        </span>
        <div className="row">
          <StartRunButton planId={plan.id} />
          <Button size="small" data-testid={`print-plan-${plan.id}`} onClick={() => printPlan(plan)}>
            {t('plans:print')}
          </Button>
          <Button size="small" data-testid={`edit-plan-${plan.id}`} onClick={() => openPanel('planEditor', { planId: plan.id })}>
            {t('plans:versions')}
          </Button>
          <PlanStandingMark planId={plan.id} />
          <span className="spacer" />
          <PaperButtons of={{ kind: 'plan', id: plan.id }} testId="plan-paper" />
        </div>
        <PlanDrilled planId={plan.id} />
        {texts.needsEnglishNotice(plan) && (
          <div className="secondary" data-testid="plan-english-text">
            {t('plans:englishText')}
          </div>
        )}
      </header>
      <section className="card">
        <dl className="facts plan-facts">
          <dt>{t('plans:scope')}</dt>
          <dd lang={texts.ofPlan(plan, 'scope').lang}>{texts.ofPlan(plan, 'scope').text}</dd>
          <dt>{t('plans:triggers')}</dt>
          <dd lang={texts.ofPlan(plan, 'triggers').lang}>{texts.ofPlan(plan, 'triggers').text}</dd>
          <dt>{t('plans:immediate')}</dt>
          <dd>
            <strong lang={texts.ofPlan(plan, 'immediate_actions').lang}>{texts.ofPlan(plan, 'immediate_actions').text}</strong>
          </dd>
          <dt>{t('plans:exit')}</dt>
          <dd lang={texts.ofPlan(plan, 'exit_criteria').lang}>{texts.ofPlan(plan, 'exit_criteria').text}</dd>
          <dt>{t('plans:reporting')}</dt>
          <dd lang={texts.ofPlan(plan, 'reporting_note').lang}>{texts.ofPlan(plan, 'reporting_note').text}</dd>
        </dl>
      </section>
      <section className="stack">
        <h3>{t('plans:stepsTitle')}</h3>
        {stepWaves(plan.steps).map((wave) => (
          <div key={wave.map((step) => step.no).join(' ')} className="wave" data-parallel={wave.length > 1}>
            {wave.length > 1 && <div className="wave-label">∥ {t('plans:parallel', { count: wave.length })}</div>}
            {wave.map((step) => (
              <div key={step.no} className="plan-step">
                <span className="step-no">{step.no}</span>
                <div>
                  <strong>{isChinese ? step.title_zh : step.title}</strong>{' '}
                  <span className="secondary">
                    {t(stepKindKey(step.kind), { defaultValue: step.kind })} · {library.roleName(step.role)} · {texts.ofStep(step, 'target').text}
                    {step.signatures > 1 && <> · {t('plans:signaturesNeeded', { count: step.signatures })}</>}
                  </span>
                  <div lang={texts.ofStep(step, 'action').lang}>{texts.ofStep(step, 'action').text}</div>
                  {step.decision !== null && (
                    <div>
                      ◇ {t('plans:decision')} <span lang={texts.ofStep(step, 'decision').lang}>{texts.ofStep(step, 'decision').text}</span>
                    </div>
                  )}
                  {step.evidence !== '' && (
                    <div className="secondary">
                      {t('plans:evidence')} <span lang={texts.ofStep(step, 'evidence').lang}>{texts.ofStep(step, 'evidence').text}</span>
                    </div>
                  )}
                </div>
              </div>
            ))}
          </div>
        ))}
      </section>
    </article>
  );
}
