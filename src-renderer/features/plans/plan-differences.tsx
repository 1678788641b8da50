/** What a draft of a plan changes, field by field in the reader's words: in the editor, and where somebody is asked to agree to it. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { planDifferences } from '#shared/desk/plans/markdown';
import type { Plan } from '#shared/desk/plans/plan';
import { useRequest } from '../../state/use-stream';

/** Of the draft that has this hash, while it waits; a hash alone would ask for agreement to nobody knows what. */
export function AskedPlanChange({ planId, hash }: { planId: string; hash: string }): ReactNode {
  const answer = useRequest('plan.get', { planId }).answer;
  const draft = answer?.record?.draft ?? null;
  const before = answer?.inForce ?? null;
  if (draft === null || draft.hash !== hash || before === null) return null;
  return <Differences before={before} after={draft.plan} />;
}

export function Differences({ before, after }: { before: Plan; after: Plan }): ReactNode {
  const { t } = useTranslation('plans');
  const differences = planDifferences(before, after);
  if (differences.length === 0) return <div className="secondary">{t('noDifference')}</div>;
  return (
    <details open data-testid="plan-differences">
      <summary>{t('differences', { count: differences.length })}</summary>
      <ul className="run-notes">
        {differences.map(({ no, field, before: was, after: is }) => (
          <li key={`${no} ${field}`}>
            <strong>
              {no ?? ''} {t(`planField.${field}`, { defaultValue: field })}
            </strong>{' '}
            <del>{was ?? '—'}</del> → <ins>{is ?? '—'}</ins>
          </li>
        ))}
      </ul>
    </details>
  );
}
