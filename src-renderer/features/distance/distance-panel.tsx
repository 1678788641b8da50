/** Who is nearest to the next level, and by how much the market would have to move: the list a supervisor works through from the top. */
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DistanceParams } from '#shared/contract/numbers-account';
import { Choice } from '../../components/choice';
import { useTableRange } from '../../components/data-table/data-table';
import { type Sort, TableView } from '../../components/data-table/table-view';
import { ExportButtons } from '../../components/export-buttons';
import { FilterInput } from '../../components/filter-input';
import { useFormat } from '../../components/format/use-format';
import { useNavigation } from '../../state/navigation';
import { useStream } from '../../state/use-stream';
import '../../components/sections.css';
import { openAccountAt } from '../accounts/account-sections';
import { distanceColumns, TARGETS, tableRows } from './distance-columns';
import './distance.css';

const DIRECTIONS = ['nearest', 'down', 'up'] as const satisfies readonly DistanceParams['direction'][];
const MEASURES = ['percent', 'ticks', 'limits'] as const satisfies readonly DistanceParams['measure'][];

export function DistancePanel(): ReactNode {
  const { t } = useTranslation('distance');
  const format = useFormat();
  const [target, setTarget] = useState<DistanceParams['target']>('call');
  const [direction, setDirection] = useState<DistanceParams['direction']>('nearest');
  const [measure, setMeasure] = useState<DistanceParams['measure']>('percent');
  const [sort, setSort] = useState<Sort | null>(null);
  const [filter, setFilter] = useState('');
  const [isFollowing, setIsFollowing] = useState(false);
  const deskScope = useNavigation((state) => state.scope);
  const scope = isFollowing ? deskScope : {};
  const [range, onRange] = useTableRange();
  const params: DistanceParams = { target, direction, measure, scope, filter: filter.slice(0, 100), sort, ...range };
  const { picture, refusal, isCurrent, isConnected } = useStream('distance', params);
  const columns = useMemo(() => distanceColumns(target, t, format), [target, t, format]);
  const view = useMemo(() => (picture === null ? null : { total: picture.total, first: picture.first, rows: tableRows(picture) }), [picture]);
  return (
    <div className="panel" data-testid="distance" data-target={target}>
      <div className="panel-bar">
        <Choice
          label={t('target')}
          name="target"
          values={TARGETS}
          chosen={target}
          text={(each) => t('to', { level: t(`table:value.level.${each}`) })}
          onChoose={setTarget}
        />
        <Choice
          label={t('direction')}
          name="direction"
          values={DIRECTIONS}
          chosen={direction}
          text={(each) => t(`directions.${each}`)}
          onChoose={setDirection}
        />
        <Choice
          label={t('measure')}
          name="distance-measure"
          values={MEASURES}
          chosen={measure}
          text={(each) => t(`measures.${each}`)}
          onChoose={(each) => {
            setMeasure(each);
            setSort(null);
          }}
        />
        <FilterInput value={filter} name={t('title')} testId="distance-filter" onChange={setFilter} />
        <button
          type="button"
          className="blotter-follow"
          aria-pressed={isFollowing}
          title={t('accounts:followHint')}
          onClick={() => setIsFollowing(!isFollowing)}
        >
          {t('accounts:follow')}
        </button>
        <div className="spacer" />
        <ExportButtons testId="export-distance" payload={() => ({ table: 'distance', distance: params })} />
      </div>
      <TableView
        table="distance"
        columns={columns}
        view={view}
        refusal={refusal}
        isCurrent={isCurrent}
        isConnected={isConnected}
        sort={sort}
        onSort={setSort}
        onRange={onRange}
        question={`${target} ${direction} ${measure} ${filter} ${JSON.stringify(scope)}`}
        emptyText={filter === '' ? t('table:empty.accounts') : t('table:emptyFilter', { filter })}
        name={t('title')}
        onOpen={(row) => openAccountAt(row.accountID, 'inverse')}
      />
      <div className="section-note one-line" title={t('explanation')}>
        {t('explanation')}
      </div>
    </div>
  );
}
