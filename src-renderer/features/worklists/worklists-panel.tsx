/** All worklists of the desk, those that no longer hold on top. */
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { WorklistState as State, WorklistView as Worklist } from '#shared/contract/numbers-desk';
import { FilterInput } from '../../components/filter-input';
import { useFormat } from '../../components/format/use-format';
import { ItemList } from '../../components/item-list';
import { MasterDetail } from '../../components/master-detail';
import { RefusalNotice } from '../../components/refusal-notice';
import { usePersonName } from '../../state/person-names';
import { useStream } from '../../state/use-stream';
import '../../components/sections.css';
import { WorklistState, WorklistView } from './worklist-view';
import './worklists.css';

/** What needs a person first. */
const RANK: Record<State, number> = { reopened: 0, made: 1, exported: 2, withdrawn: 3 };

export function WorklistsPanel(): ReactNode {
  const { t } = useTranslation('worklists');
  const { picture, refusal, isConnected } = useStream('worklists', {});
  const [openId, setOpenId] = useState<string | null>(null);
  const [filter, setFilter] = useState('');
  const worklists = [...(picture?.worklists ?? [])]
    .filter((each) => `${each.accountID} ${each.accountName} ${each.madeBy} ${each.note}`.toLowerCase().includes(filter.trim().toLowerCase()))
    .sort((a, b) => RANK[a.state] - RANK[b.state] || b.madeAtMs - a.madeAtMs);
  const opened = worklists.find((each) => each.worklistId === openId) ?? null;
  return (
    <div className="panel" data-testid="worklists" data-count={picture?.worklists.length ?? ''}>
      <div className="panel-bar">
        <FilterInput value={filter} name={t('title')} onChange={setFilter} />
        <span className="secondary">{t('nothingSentShort')}</span>
      </div>
      <RefusalNotice refusal={refusal} action={t('title')} />
      {picture === null && refusal === null && <div className="empty">{isConnected ? t('app:loading') : t('table:noEngine')}</div>}
      {picture !== null && worklists.length === 0 && (
        <div className="empty" data-testid="worklists-empty">
          <strong>{filter === '' ? t('none') : t('table:emptyFilter', { filter })}</strong>
          {filter === '' && <span>{t('noneTodo')}</span>}
        </div>
      )}
      {worklists.length > 0 && (
        <MasterDetail
          list={<List worklists={worklists} openId={openId} onOpen={setOpenId} />}
          detail={opened === null ? null : <WorklistView key={opened.worklistId} worklist={opened} hasAccountLink />}
          onBack={() => setOpenId(null)}
        />
      )}
    </div>
  );
}

function List({ worklists, openId, onOpen }: { worklists: Worklist[]; openId: string | null; onOpen(id: string): void }): ReactNode {
  const { t } = useTranslation('worklists');
  const format = useFormat();
  const personName = usePersonName();
  return (
    <ItemList
      items={worklists}
      idOf={({ worklistId }) => worklistId}
      openId={openId}
      onOpen={onOpen}
      label={t('title')}
      testId="worklist-item"
      marksOf={({ state, accountID }) => ({ 'data-state': state, 'data-account': accountID })}
    >
      {(worklist) => (
        <>
          <span className="row">
            <strong>{worklist.accountID}</strong> <span className="secondary truncate">{worklist.accountName}</span>
            <span className="spacer" />
            <WorklistState worklist={worklist} />
          </span>
          <span className="row secondary">
            {t('lineCount', { count: worklist.lines.length })} · {format.dateTime(worklist.madeAtMs)} · {personName(worklist.madeBy)}
          </span>
          {worklist.reopened !== null && <span className="worklist-why">{t(`cause.${worklist.reopened.cause}`)}</span>}
        </>
      )}
    </ItemList>
  );
}
