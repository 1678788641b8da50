/** Where we are between the firm and a lot; every crumb leads back. */
import { Fragment, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { backTo, type Drill, type DrillState } from './drill-path';

function crumbText({ row, column }: Drill): string {
  return [row?.label, column?.label].filter((part) => part !== undefined && part !== '').join(' · ');
}

export function Breadcrumb({ state, onChange }: { state: DrillState; onChange(next: DrillState): void }): ReactNode {
  const { t } = useTranslation('overview');
  const last = state.path.length;
  return (
    <nav className="breadcrumb" aria-label={t('breadcrumb.label')} data-testid="breadcrumb">
      <button type="button" className="breadcrumb-step" aria-current={last === 0 ? 'location' : undefined} onClick={() => onChange(backTo(state, 0))}>
        {t('breadcrumb.firm')}
      </button>
      {state.path.map((drill, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place in the path
        <Fragment key={index}>
          <span className="muted" aria-hidden="true">
            ›
          </span>
          <button
            type="button"
            className="breadcrumb-step"
            aria-current={index + 1 === last ? 'location' : undefined}
            title={t(`breadcrumb.${drill.row?.kind ?? drill.column?.kind ?? 'account'}`)}
            onClick={() => onChange(backTo(state, index + 1))}
          >
            {crumbText(drill)}
          </button>
        </Fragment>
      ))}
    </nav>
  );
}
