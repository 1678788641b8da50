/** Who holds too much of one thing: use of position limits, share of the market, days to get out, heavy positions and the large-trader list. */
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LimitsParams } from '#shared/contract/numbers-limits';
import { BasisTable } from '../../components/basis-table';
import { Choice } from '../../components/choice';
import { useTableRange } from '../../components/data-table/data-table';
import { type Sort, TableView } from '../../components/data-table/table-view';
import { ExportButtons } from '../../components/export-buttons';
import { FilterInput } from '../../components/filter-input';
import { useFormat } from '../../components/format/use-format';
import { useCitationText } from '../../components/use-citation-text';
import { openPanel, setScope } from '../../state/navigation';
import { useStream } from '../../state/use-stream';
import '../../components/sections.css';
import { openAccountAt } from '../accounts/account-sections';
import { heavyColumns, heavyRows, limitColumns, limitRows } from './limit-columns';
import './limits.css';

const VIEWS = ['positions', 'heavy', 'largeTraders'] as const satisfies readonly LimitsParams['view'][];
const HOLDERS = ['controlGroup', 'account'] as const satisfies readonly LimitsParams['by'][];
const EXPORTS = { positions: 'limits', heavy: 'heavy', largeTraders: 'largeTraders' } as const;

export function LimitsPanel(): ReactNode {
  const { t } = useTranslation('limits');
  const format = useFormat();
  const [view, setView] = useState<LimitsParams['view']>('positions');
  const [by, setBy] = useState<LimitsParams['by']>('controlGroup');
  const [sort, setSort] = useState<Sort | null>(null);
  const [filter, setFilter] = useState('');
  const [range, onRange] = useTableRange();
  const params: LimitsParams = { view, by, scope: {}, filter: filter.slice(0, 100), sort, ...range };
  const { picture, refusal, isCurrent, isConnected } = useStream('limits', params);
  const shared = {
    refusal,
    isCurrent,
    isConnected,
    sort,
    onSort: setSort,
    onRange,
    question: `${view} ${by} ${filter}`,
    emptyText: filter === '' ? t(`empty.${view}`) : t('table:emptyFilter', { filter }),
    name: t(`view.${view}`),
  };
  const limits = useMemo(() => (picture === null ? null : { total: picture.total, first: picture.first, rows: limitRows(picture) }), [picture]);
  const heavy = useMemo(() => (picture === null ? null : { total: picture.total, first: picture.first, rows: heavyRows(picture) }), [picture]);
  const citationText = useCitationText();
  const columns = useMemo(
    () => (view === 'heavy' ? heavyColumns(t, format) : limitColumns(t, format, view === 'largeTraders', citationText)),
    [view, t, format, citationText],
  );
  const open = (row: { holderKind: 'account' | 'controlGroup'; holderID: string }): void => {
    if (row.holderKind === 'account') openAccountAt(row.holderID, 'positions');
    else {
      setScope({ controlGroupID: row.holderID });
      openPanel('overview');
    }
  };
  return (
    <div className="panel" data-testid="limits" data-view={view}>
      <div className="panel-bar">
        <Choice
          label={t('title')}
          name="limits"
          values={VIEWS}
          chosen={view}
          text={(each) => t(`view.${each}`)}
          onChoose={(each) => {
            setView(each);
            setSort(null);
          }}
        />
        <Choice label={t('by')} name="limits-by" values={HOLDERS} chosen={by} text={(each) => t(`holder.${each}`)} onChoose={setBy} />
        <FilterInput value={filter} name={t('title')} testId="limits-filter" onChange={setFilter} />
        <div className="spacer" />
        <ExportButtons testId="export-limits" payload={() => ({ table: EXPORTS[view], limitsBy: by, filter: filter.slice(0, 100), sort })} />
      </div>
      {picture !== null && picture.unknownCount > 0 && (
        <div className="section-note warning-note" role="note" data-testid="limits-unknown" data-count={picture.unknownCount}>
          ▲ {t('unknownLimits', { count: picture.unknownCount })}
        </div>
      )}
      {view === 'heavy' ? (
        <TableView key="heavy" table="heavy" columns={columns} view={heavy} onOpen={open} {...shared} />
      ) : (
        <TableView key={view} table={view === 'positions' ? 'limits' : 'largeTraders'} columns={columns} view={limits} onOpen={open} {...shared} />
      )}
      <div className="section-note one-line" title={t(`meaning.${view}`)}>
        {t(`meaning.${view}`)}
      </div>
      {picture !== null && (
        <div className="limits-basis">
          <BasisTable basis={picture.basis} />
        </div>
      )}
    </div>
  );
}
