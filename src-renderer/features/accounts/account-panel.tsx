/** One account, whole: how bad, both sets of figures, its positions, lots, orders and trades down to a single lot, and every question about its numbers. */
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExplainedField } from '#shared/contract/numbers-account';
import type { AccountPicture, AccountRow, Scope, TableName } from '#shared/contract/streams';
import { Choice } from '../../components/choice';
import { LEVEL_SIGNS } from '../../components/data-table/column';
import { DataTable } from '../../components/data-table/data-table';
import { reasonText } from '../../components/data-table/reason-text';
import { ExportButtons } from '../../components/export-buttons';
import { FilterInput } from '../../components/filter-input';
import { Figure } from '../../components/format/figure';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { useStream } from '../../state/use-stream';
import '../../components/sections.css';
import { AccountBudget } from '../distance/account-budget';
import { AccountInverse } from '../distance/account-inverse';
import { DegreeHistory } from '../explain/degree-history';
import { ExplainSection } from '../explain/explain-section';
import { OwnRowsBehind } from '../reference-rows/own-rows-behind';
import { SupplyButton } from '../reference-rows/supply-button';
import type { PanelProps } from '../registry';
import { AccountReconcile } from '../statements/account-reconcile';
import { AccountStress } from '../stress/account-stress';
import { AccountWorklist } from '../worklists/account-worklist';
import { type AccountSection, LIST_SECTIONS, NUMBER_SECTIONS, useWantedSection } from './account-sections';
import { CombinationsBehind } from './combinations-behind';
import { ExplainButton } from './explain-button';
import { FiguresTable } from './figures-table';
import './accounts.css';

function isList(section: AccountSection): section is (typeof LIST_SECTIONS)[number] & TableName {
  return (LIST_SECTIONS as readonly AccountSection[]).includes(section);
}

export function AccountPanel({ params, setTitle }: PanelProps): ReactNode {
  const { t } = useTranslation('accounts');
  const accountID = params.accountID ?? '';
  const { picture, refusal, isConnected } = useStream('account', accountID === '' ? null : { accountID });
  const [section, setSection] = useState<AccountSection>('positions');
  const [field, setField] = useState<ExplainedField>('riskDegree');
  const [instrumentID, setInstrumentID] = useState<string | null>(params.instrumentID ?? null);
  const [filter, setFilter] = useState('');

  const wanted = useWantedSection((state) => state.wanted);
  useEffect(() => {
    if (wanted === null || wanted.accountID !== accountID) return;
    setSection(wanted.section);
    if (wanted.field !== null) setField(wanted.field);
    useWantedSection.setState({ wanted: null });
  }, [wanted, accountID]);
  const explain = (asked: ExplainedField): void => {
    setField(asked);
    setSection('explain');
  };

  useEffect(() => setTitle(t('accountTitle', { accountID })), [setTitle, t, accountID]);

  if (accountID === '') return <div className="empty">{t('noAccount')}</div>;
  if (refusal !== null) return <RefusalNotice refusal={refusal} />;
  if (picture === null) return <div className="empty">{isConnected ? t('app:loading') : t('table:noEngine')}</div>;

  const scope: Scope = instrumentID === null ? { accountID } : { accountID, instrumentID };
  const leaveInstrument = () => {
    setInstrumentID(null);
    setSection('positions');
  };
  return (
    <div className="panel account-page" data-testid="account-page" data-account={accountID}>
      <AccountHead accountID={accountID} picture={picture} onExplain={explain} />
      <div className="account-body" data-about={isList(section) ? 'lists' : 'numbers'}>
        <FiguresTable
          picture={picture}
          currency={picture.row?.currencyID ?? ''}
          explained={section === 'explain' ? field : null}
          onExplain={explain}
        />
        <div className="account-lists">
          <div className="panel-bar">
            <SectionChoice label={t('lists')} sections={LIST_SECTIONS} chosen={section} onChoose={setSection} />
            <SectionChoice label={t('numbers')} sections={NUMBER_SECTIONS} chosen={section} onChoose={setSection} />
            {instrumentID !== null && isList(section) && (
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
            {isList(section) && (
              <>
                <div className="spacer" />
                <ListExport table={section} scope={scope} filter={filter} />
                <FilterInput value={filter} name={t(`title.${section}`)} onChange={setFilter} />
              </>
            )}
          </div>
          {section === 'positions' && (
            <DataTable
              key="positions"
              table="positions"
              scope={scope}
              filter={filter}
              name={t('title.positions')}
              onOpen={(row) => {
                setInstrumentID(row.instrumentID);
                setSection('lots');
              }}
            />
          )}
          {isList(section) && section !== 'positions' && (
            <DataTable
              key={section}
              table={section}
              scope={scope}
              filter={filter}
              name={t(`title.${section}`)}
              takesFocus={section === 'lots'}
              onBack={leaveInstrument}
            />
          )}
          {section === 'explain' && <ExplainSection accountID={accountID} field={field} onField={setField} />}
          {section === 'stress' && <AccountStress accountID={accountID} />}
          {section === 'inverse' && <AccountInverse accountID={accountID} />}
          {section === 'budget' && <AccountBudget accountID={accountID} />}
          {section === 'worklist' && <AccountWorklist accountID={accountID} />}
          {section === 'history' && <DegreeHistory accountID={accountID} levels={picture.levels} />}
          {section === 'reconcile' && <AccountReconcile accountID={accountID} picture={picture} />}
        </div>
      </div>
    </div>
  );
}

type ChoiceProps = { label: string; sections: readonly AccountSection[]; chosen: AccountSection; onChoose(section: AccountSection): void };

function SectionChoice({ label, sections, chosen, onChoose }: ChoiceProps): ReactNode {
  const { t } = useTranslation('accounts');
  return <Choice label={label} name="tab" values={sections} chosen={chosen} text={(each) => t(`title.${each}`)} onChoose={onChoose} />;
}

function ListExport({ table, scope, filter }: { table: TableName; scope: Scope; filter: string }): ReactNode {
  return <ExportButtons testId={`export-${table}`} payload={() => ({ table, scope, filter: filter.slice(0, 100) })} />;
}

type HeadProps = { accountID: string; picture: AccountPicture; onExplain(field: ExplainedField): void };

function AccountHead({ accountID, picture, onExplain }: HeadProps): ReactNode {
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
  const money = (value: number): string => format.money(value, row.currencyID);
  const marginLeft = next !== undefined && row.balance !== null && row.currMargin !== null ? next.enterDegree * row.balance - row.currMargin : null;
  return (
    <header className="account-head">
      <h2>
        {accountID} <span className="secondary">{row.accountName}</span>
      </h2>
      <span className="secondary">{[row.departmentName, row.controlGroupID].filter((part) => part !== null && part !== '').join(' · ')}</span>
      <ExplainButton field="level" onExplain={onExplain}>
        <span className="data-table-level account-level" data-level={row.level} data-least={row.levelReason !== null} data-testid="account-level">
          <span aria-hidden="true">{LEVEL_SIGNS[row.level]} </span>
          {row.levelReason === null ? t(`table:value.level.${row.level}`) : t('table:atLeast', { level: t(`table:value.level.${row.level}`) })}
        </span>
      </ExplainButton>
      {row.quality === 'unknown' && (
        <span className="account-why" role="note" data-testid="account-why" data-reason={row.reason ?? ''}>
          <span aria-hidden="true">? </span>
          {reasonText(t, row.reason)}
        </span>
      )}
      {row.levelReason !== null && (
        <span className="account-why" role="note" data-testid="account-level-hidden" data-reason={row.levelReason}>
          <span aria-hidden="true">? </span>
          {t('table:levelHidden', { reason: reasonText(t, row.levelReason) })}
        </span>
      )}
      {row.levelReason !== null && <SupplyButton reason={row.levelReason} />}
      {row.quality === 'unknown' && <SupplyButton reason={row.reason} />}
      <OwnRowsBehind rows={picture.ownRows} />
      <CombinationsBehind combinations={picture.combinations} onExplain={onExplain} />
      <dl className="account-key">
        <KeyFigure
          field="riskDegree"
          row={row}
          text={(value) => format.percent(value, 2)}
          reason={row.reason ?? (row.level === 'negative' ? 'negativeEquity' : null)}
          onExplain={onExplain}
        />
        <KeyFigure field="balance" row={row} text={money} reason={row.reason} onExplain={onExplain} />
        <KeyFigure field="available" row={row} text={money} reason={row.reason} onExplain={onExplain} />
        {next !== undefined && marginLeft !== null && (
          <div>
            <dt>{t('nextLevel', { level: t(`table:value.level.${next.level}`), degree: format.percent(next.enterDegree, 0) })}</dt>
            <dd title={t('nextLevelHint')}>{money(marginLeft)}</dd>
          </div>
        )}
      </dl>
    </header>
  );
}

type KeyFigureProps = {
  field: 'riskDegree' | 'balance' | 'available';
  row: AccountRow;
  text(value: number): string;
  reason: string | null;
  onExplain(field: ExplainedField): void;
};

/** One of the figures that an account is judged by; it opens its derivation. */
function KeyFigure({ field, row, text, reason, onExplain }: KeyFigureProps): ReactNode {
  const { t } = useTranslation('accounts');
  return (
    <div>
      <dt>{t(`table:column.${field}`)}</dt>
      <dd>
        <ExplainButton field={field} onExplain={onExplain}>
          <Figure value={row[field]} format={text} quality={row.quality} reason={reasonText(t, reason)} asOfMs={row.asOfMs} />
        </ExplainButton>
      </dd>
    </div>
  );
}
