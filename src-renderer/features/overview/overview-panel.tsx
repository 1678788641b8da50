/** One screen, three questions: where is the risk, what changed, can I trust it. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { DataTable } from '../../components/data-table/data-table';
import { openPanel } from '../../state/navigation';
import { RecentChanges } from './recent-changes';
import { RiskMap } from './risk-map';
import { TrustLine } from './trust-line';
import './overview.css';

const NO_SCOPE = {};
const WORST_COLUMNS = ['accountID', 'accountName', 'level', 'riskDegree', 'positionProfit', 'available'] as const;

export function OverviewPanel(): ReactNode {
  const { t } = useTranslation('overview');
  return (
    <div className="panel overview" data-testid="overview">
      <TrustLine />
      <RiskMap />
      <div className="overview-cards">
        <section className="overview-card overview-worst" aria-label={t('worst')}>
          <h2 className="overview-card-title">{t('worst')}</h2>
          <DataTable
            table="accounts"
            scope={NO_SCOPE}
            filter=""
            name={t('worst')}
            initialSort={{ column: 'riskDegree', direction: 'descending' }}
            compactColumns={WORST_COLUMNS}
            onOpen={(row) => openPanel('account', { accountID: row.accountID })}
          />
        </section>
        <RecentChanges />
      </div>
    </div>
  );
}
