/** Says beside a plan whether the firm has made it its own: a shipped plan's times and thresholds are proposals until then. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlanLibrary } from './use-plan-library';

export function PlanStandingMark({ planId }: { planId: string }): ReactNode {
  const { t } = useTranslation('plans');
  const found = usePlanLibrary().standingOf(planId);
  if (found === null) return null;
  const text = t(`standing.${found.standing}`, { version: found.version });
  return (
    <span className="plan-standing" data-standing={found.standing} title={text} data-testid={`plan-standing-${planId}`}>
      {found.standing === 'confirmed' ? '✓' : found.standing === 'retired' ? '✕' : '?'} <span className="plan-standing-text">{text}</span>
    </span>
  );
}
