/** Reference data: contracts, rates and rules in force with whose they are, and the desk's own rows with their history. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { REFERENCE_TABLES } from '#shared/contract/reference-rows';
import { Choice } from '../../components/choice';
import { FilterInput } from '../../components/filter-input';
import { useFormat } from '../../components/format/use-format';
import { MasterDetail } from '../../components/master-detail';
import { RefusalNotice } from '../../components/refusal-notice';
import { useMay } from '../../state/auth';
import { useStream } from '../../state/use-stream';
import '../../components/sections.css';
import '../rules/rules.css';
import { FileImport } from './file-import';
import { OwnRowDetail } from './own-row-detail';
import { OwnRowsList } from './own-rows-list';
import { ReferenceTable } from './reference-table';
import './reference.css';
import { newTexts } from './row-fields';
import { SupplyForm } from './supply-form';
import { takeWantedRow, useWantedRow } from './wanted-row';

const VIEWS = [...REFERENCE_TABLES, 'own'] as const;
type View = (typeof VIEWS)[number];

export function ReferencePanel(): ReactNode {
  const { t } = useTranslation('reference');
  const format = useFormat();
  const may = useMay('reference.edit');
  const wanted = useWantedRow((state) => state.wanted);
  const [view, setView] = useState<View>('instrument');
  const [filter, setFilter] = useState('');
  const [openId, setOpenId] = useState<string | null>(null);
  const [isNew, setIsNew] = useState(false);
  const [isImporting, setIsImporting] = useState(false);
  const { picture, refusal, isConnected } = useStream('reference', { table: view === 'own' ? 'instrument' : view, filter: filter.slice(0, 100) });
  const own = picture?.own ?? [];
  const opened = own.find(({ rowId }) => rowId === openId) ?? null;
  const differing = own.filter(({ standing }) => standing?.use === 'feedDiffers').length;
  const overriding = own.filter(({ standing }) => standing?.use === 'overrides').length;
  const open = (rowId: string): void => {
    setView('own');
    setOpenId(rowId);
  };
  const tradingDay = picture?.tradingDay ?? null;
  const closeForm = (): void => {
    setIsNew(false);
    takeWantedRow();
  };
  return (
    <div
      className="panel"
      data-testid="reference"
      data-own={picture === null ? '' : own.length}
      data-differing={differing}
      data-overriding={overriding}
    >
      <div className="panel-bar">
        <Choice label={t('show')} name="reference-view" values={VIEWS} chosen={view} text={(each) => t(`view.${each}`)} onChoose={setView} />
        {view !== 'own' && <FilterInput value={filter} name={t('title')} testId="reference-filter" onChange={setFilter} />}
        <div className="spacer" />
        {may && picture !== null && !picture.isReplay && (
          <>
            <Button size="small" data-testid="reference-import" onClick={() => setIsImporting(true)}>
              {t('file.open')}
            </Button>
            <Button size="small" intent="primary" data-testid="reference-new" onClick={() => setIsNew(true)}>
              + {t('supply')}
            </Button>
          </>
        )}
      </div>
      <RefusalNotice refusal={refusal} action={t('title')} />
      {picture?.isReplay === true && <p className="section-note warning-note">↻ {t('ofReplay')}</p>}
      {differing > 0 && (
        <p className="section-note warning-note" role="note" data-testid="reference-differing">
          ▲ {t('differing', { count: differing })}
        </p>
      )}
      {overriding > 0 && (
        <p className="section-note" role="note" data-testid="reference-overriding">
          ◆ {t('overriding', { count: overriding })}
        </p>
      )}
      {picture === null && refusal === null && <div className="empty">{isConnected ? t('app:loading') : t('table:noEngine')}</div>}
      {picture !== null && view !== 'own' && (
        <>
          <p className="section-note one-line">
            {t('inForce', { day: tradingDay === null ? '–' : format.tradingDay(tradingDay), count: picture.total })}
            {picture.total > picture.rows.length && ` ${t('firstOnly', { count: picture.rows.length })}`}
          </p>
          {picture.rows.length === 0 ? (
            <div className="empty">{filter === '' ? t('noneSaid') : t('table:emptyFilter', { filter })}</div>
          ) : (
            <ReferenceTable table={view} rows={picture.rows} onOpen={open} />
          )}
        </>
      )}
      {picture !== null && view === 'own' && own.length === 0 && (
        <div className="empty" data-testid="own-rows-none">
          <strong>{t('noOwn')}</strong>
          <span>{t('noOwnTodo')}</span>
        </div>
      )}
      {picture !== null && view === 'own' && own.length > 0 && (
        <MasterDetail
          list={<OwnRowsList rows={own} openId={openId} onOpen={setOpenId} />}
          detail={opened === null ? null : <OwnRowDetail key={opened.rowId} view={opened} tradingDay={tradingDay} isReplay={picture.isReplay} />}
          onBack={() => setOpenId(null)}
        />
      )}
      {picture !== null && (isNew || wanted !== null) && (
        <SupplyForm
          key={wanted === null ? 'new' : `${wanted.kind} ${wanted.exchangeID} ${wanted.instrumentID ?? ''} ${wanted.field}`}
          initial={newTexts(wanted?.kind ?? 'instrument', tradingDay, wanted)}
          tradingDay={tradingDay}
          changed={null}
          focus={wanted?.field ?? null}
          onClose={closeForm}
        />
      )}
      {isImporting && <FileImport onClose={() => setIsImporting(false)} />}
    </div>
  );
}
