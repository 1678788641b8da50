/** One account, whole: how bad, both sets of figures, and its positions, lots, orders and trades, down to a single lot. */
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AccountPicture, Scope, TableName } from '#shared/contract/streams';
import { LEVEL_SIGNS } from '../../components/data-table/column';
import { DataTable } from '../../components/data-table/data-table';
import { reasonText } from '../../components/data-table/reason-text';
import { Figure } from '../../components/format/figure';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { useStream } from '../../state/use-stream';
import type { PanelProps } from '../registry';
import { FiguresTable } from './figures-table';
import './accounts.css';

const TABS = ['positions', 'lots', 'orders', 'trades'] as const satisfies readonly TableName[];
type Tab = (typeof TABS)[number];

export function AccountPanel({ params, setTitle }: PanelProps): ReactNode {
  const { t } = useTranslation('accounts');
  const accountID = params.accountID ?? '';
  const { picture, refusal, isConnected } = useStream('account', accountID === '' ? null : { accountID });
  const [tab, setTab] = useState<Tab>('positions');
  const [instrumentID, setInstrumentID] = useState<string | null>(params.instrumentID ?? null);
  const [filter, setFilter] = useState('');

  useEffect(() => setTitle(t('accountTitle', { accountID })), [setTitle, t, accountID]);

  if (accountID === '') return <div className="empty">{t('noAccount')}</div>;
  if (refusal !== null) return <RefusalNotice refusal={refusal} />;
  if (picture === null) return <div className="empty">{isConnected ? t('app:loading') : t('table:noEngine')}</div>;

  const scope: Scope = instrumentID === null ? { accountID } : { accountID, instrumentID };
  const leaveInstrument = () => {
    setInstrumentID(null);
    setTab('positions');
  };
  return (
    <div className="panel account-page" data-testid="account-page" data-account={accountID}>
      <AccountHead accountID={accountID} picture={picture} />
      <div className="account-body">
        <FiguresTable picture={picture} currency={picture.row?.currencyID ?? ''} />
        <div className="account-lists">
          <div className="panel-bar">
            <fieldset className="segmented list-choice" aria-label={t('lists')}>
              {TABS.map((each) => (
                <button key={each} type="button" aria-pressed={each === tab} onClick={() => setTab(each)} data-testid={`tab-${each}`}>
                  {t(`title.${each}`)}
                </button>
              ))}
            </fieldset>
            {instrumentID !== null && (
              <button
                type="button"
                className="blotter-follow"
                aria-pressed="true"
                data-testid="leave-instrument"
                title={t('leaveInstrument')}
                onClick={leaveInstrument}
              >
                {instrumentID} ✕
              </button>
            )}
            <div className="spacer" />
            <input
              type="search"
              className="bp6-input bp6-small blotter-filter"
              maxLength={100}
              value={filter}
              placeholder={t('filter')}
              aria-label={t('filterOf', { name: t(`title.${tab}`) })}
              onChange={(event) => setFilter(event.target.value)}
            />
          </div>
          {tab === 'positions' ? (
            <DataTable
              key="positions"
              table="positions"
              scope={scope}
              filter={filter}
              name={t('title.positions')}
              onOpen={(row) => {
                setInstrumentID(row.instrumentID);
                setTab('lots');
              }}
            />
          ) : (
            <DataTable
              key={tab}
              table={tab}
              scope={scope}
              filter={filter}
              name={t(`title.${tab}`)}
              takesFocus={tab === 'lots'}
              onBack={leaveInstrument}
            />
          )}
        </div>
      </div>
    </div>
  );
}

function AccountHead({ accountID, picture }: { accountID: string; picture: AccountPicture }): ReactNode {
  const { t } = useTranslation('accounts');
  const format = useFormat();
  const { row } = picture;
  if (row === null) {
    return (
      <header className="account-head">
        <h2>{accountID}</h2>
        <span className="secondary">{t('notKnown')}</span>
      </header>
    );
  }
  const next = picture.levels
    .filter((entry) => row.riskDegree !== null && entry.enterDegree > row.riskDegree)
    .sort((a, b) => a.enterDegree - b.enterDegree)[0];
  const marginLeft = next !== undefined && row.balance !== null && row.currMargin !== null ? next.enterDegree * row.balance - row.currMargin : null;
  return (
    <header className="account-head">
      <h2>
        {accountID} <span className="secondary">{row.accountName}</span>
      </h2>
      <span className="secondary">{[row.departmentName, row.controlGroupID].filter((part) => part !== null && part !== '').join(' · ')}</span>
      <span className="data-table-level account-level" data-level={row.level} data-testid="account-level">
        <span aria-hidden="true">{LEVEL_SIGNS[row.level]} </span>
        {t(`table:value.level.${row.level}`)}
      </span>
      <dl className="account-key">
        <div>
          <dt>{t('table:column.riskDegree')}</dt>
          <dd>
            <Figure
              value={row.riskDegree}
              format={(value) => format.percent(value, 2)}
              quality={row.quality}
              reason={reasonText(t, row.reason ?? (row.level === 'negative' ? 'negativeEquity' : null))}
              asOfMs={row.asOfMs}
            />
          </dd>
        </div>
        <div>
          <dt>{t('table:column.balance')}</dt>
          <dd>
            <Figure
              value={row.balance}
              format={(value) => format.money(value, row.currencyID)}
              quality={row.quality}
              reason={reasonText(t, row.reason)}
              asOfMs={row.asOfMs}
            />
          </dd>
        </div>
        <div>
          <dt>{t('table:column.available')}</dt>
          <dd>
            <Figure
              value={row.available}
              format={(value) => format.money(value, row.currencyID)}
              quality={row.quality}
              reason={reasonText(t, row.reason)}
              asOfMs={row.asOfMs}
            />
          </dd>
        </div>
        {next !== undefined && marginLeft !== null && (
          <div>
            <dt>{t('nextLevel', { level: t(`table:value.level.${next.level}`), degree: format.percent(next.enterDegree, 0) })}</dt>
            <dd title={t('nextLevelHint')}>{format.money(marginLeft, row.currencyID)}</dd>
          </div>
        )}
      </dl>
    </header>
  );
}
