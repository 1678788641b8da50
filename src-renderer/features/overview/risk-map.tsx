/** Where the risk is: the heat map with its controls, and below an account its positions and lots, in one place with one way back. */
import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { HeatMeasure, HeatmapParams, HeatmapPicture } from '#shared/contract/streams';
import { LEVEL_SIGNS } from '../../components/data-table/column';
import { DataTable } from '../../components/data-table/data-table';
import { Heatmap } from '../../components/heatmap/heatmap';
import { RefusalNotice } from '../../components/refusal-notice';
import { openPanel, setScope } from '../../state/navigation';
import { useHasAccounts, useMarketTimeZone } from '../../state/shown-market';
import { useStream } from '../../state/use-stream';
import { Breadcrumb } from './breadcrumb';
import {
  back,
  chooseRows,
  columnsOf,
  type DrillState,
  drillInto,
  drillIntoColumn,
  drillIntoInstrument,
  FIRM,
  rowChoices,
  scopeOf,
  viewOf,
} from './drill-path';
import { HeatToolbar } from './heat-toolbar';
import { currenciesOf, useHeatTexts } from './use-heat-texts';

const MAXIMUM_ROWS = 500;

export function RiskMap(): ReactNode {
  const { t } = useTranslation('overview');
  const [state, setState] = useState<DrillState>(FIRM);
  const [measure, setMeasure] = useState<HeatMeasure>('riskDegree');
  const [order, setOrder] = useState<HeatmapParams['order']>('worst');
  const [filter, setFilter] = useState('');
  const [wasDrilled, setWasDrilled] = useState(false);

  const view = viewOf(state.path);
  const scope = scopeOf(state.path);
  const go = useCallback((next: DrillState) => {
    setState(next);
    setFilter('');
    setWasDrilled(true);
    setScope(scopeOf(next.path));
  }, []);
  useEffect(() => () => setScope({}), []);
  // While the next picture is under way nothing inside can hold the keys; held here, none that the person presses is lost.
  const section = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever one view has replaced another
  useEffect(() => {
    if (wasDrilled && document.activeElement === document.body) section.current?.focus({ preventScroll: true });
  }, [view, wasDrilled]);

  // In an empty map nothing has the keys; the way back must work all the same.
  const onKeyDown = (event: KeyboardEvent) => {
    const isTyping = event.target instanceof HTMLInputElement;
    if (isTyping || (event.key !== 'Backspace' && event.key !== 'Escape') || state.path.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    go(back(state));
  };
  return (
    <section
      ref={section}
      tabIndex={-1}
      className="risk-map"
      aria-label={t('riskMap')}
      data-testid="risk-map"
      data-view={view}
      data-depth={state.path.length}
      onKeyDown={onKeyDown}
    >
      <div className="panel-bar">
        <Breadcrumb state={state} onChange={go} />
        {scope.accountID !== undefined && (
          <button
            type="button"
            className="link-button"
            data-testid="open-account"
            onClick={() => openPanel('account', { accountID: scope.accountID ?? '' })}
          >
            {t('openAccount')}
          </button>
        )}
        <div className="spacer" />
        {view === 'heatmap' && (
          <HeatToolbar
            measure={measure}
            rows={state.rows}
            rowChoices={rowChoices(state.path)}
            order={order}
            filter={filter}
            onMeasure={setMeasure}
            onRows={(rows) => setState(chooseRows(state, rows))}
            onOrder={setOrder}
            onFilter={setFilter}
          />
        )}
      </div>
      {view === 'heatmap' && (
        <HeatView
          state={state}
          measure={measure}
          order={order}
          filter={filter}
          takesFocus={wasDrilled}
          onChange={go}
          onBack={() => go(back(state))}
        />
      )}
      {view === 'positions' && (
        <DataTable
          key={`positions ${scope.accountID}`}
          table="positions"
          scope={scope}
          filter=""
          name={t('positionsOf', { account: scope.accountID })}
          takesFocus
          onOpen={(row) => go(drillIntoInstrument(state, { key: `${row.exchangeID}.${row.instrumentID}`, label: row.instrumentID }))}
          onBack={() => go(back(state))}
        />
      )}
      {view === 'lots' && (
        <DataTable
          key={`lots ${scope.accountID} ${scope.instrumentID}`}
          table="lots"
          scope={scope}
          filter=""
          name={t('lotsOf', { account: scope.accountID, instrument: scope.instrumentID })}
          takesFocus
          onBack={() => go(back(state))}
        />
      )}
    </section>
  );
}

type HeatViewProps = {
  state: DrillState;
  measure: HeatMeasure;
  order: HeatmapParams['order'];
  filter: string;
  takesFocus: boolean;
  onChange(next: DrillState): void;
  onBack(): void;
};

function HeatView({ state, measure, order, filter, takesFocus, onChange, onBack }: HeatViewProps): ReactNode {
  const { t } = useTranslation('overview');
  const params: HeatmapParams = {
    measure,
    rows: state.rows,
    columns: columnsOf(state.path),
    scope: scopeOf(state.path),
    filter: filter.slice(0, 100),
    order,
    maxRows: MAXIMUM_ROWS,
  };
  const { picture, refusal, isConnected, isCurrent } = useStream('heatmap', params);
  const layout = picture?.layout ?? null;
  const hasAccounts = useHasAccounts();
  // Until the new picture is there the one before stays: with its own measure and rows, and without ways down that would be taken for the new ones.
  const shown = useRef({ measure, rows: state.rows });
  if (isCurrent) shown.current = { measure, rows: state.rows };
  const latest = useRef<HeatmapPicture | null>(picture);
  latest.current = picture;
  const timeZone = useMarketTimeZone();
  const texts = useHeatTexts({
    measure: shown.current.measure,
    rows: shown.current.rows,
    layout,
    picture: latest,
    timeZone,
  });

  if (refusal !== null) return <RefusalNotice refusal={refusal} />;
  if (picture === null || layout === null) return <div className="empty">{isConnected ? t('app:loading') : t('table:noEngine')}</div>;
  if (layout.rows.length === 0) {
    return (
      <div className="empty" data-testid="heatmap-empty">
        <span>{filter !== '' ? t('table:emptyFilter', { filter }) : t(hasAccounts ? 'heatmap.nothing' : 'heatmap.waiting')}</span>
        {state.path.length > 0 && (
          <button type="button" className="link-button" ref={(button) => button?.focus({ preventScroll: true })} onClick={onBack}>
            {t('app:back')}
          </button>
        )}
      </div>
    );
  }
  return (
    <>
      <Heatmap
        picture={picture}
        layout={layout}
        measure={shown.current.measure}
        areRowsAccounts={shown.current.rows === 'account'}
        isCurrent={isCurrent}
        texts={texts}
        takesFocus={takesFocus}
        onDrill={(row, column) => onChange(drillInto(state, row.key === '' ? { ...row, label: t('rows.none') } : row, column))}
        onDrillColumn={(column) => onChange(drillIntoColumn(state, column))}
        onBack={onBack}
      />
      <div className="heat-foot">
        <span className="heatmap-qualities">
          {(['unknown', 'stale', 'none'] as const).map((quality) => (
            <span key={quality}>
              <span className="heatmap-swatch" data-quality={quality} aria-hidden="true" />
              {t(`quality.${quality}`)}
            </span>
          ))}
          {shown.current.measure === 'riskDegree' &&
            shown.current.rows === 'account' &&
            (['force', 'negative'] as const).map((level) => (
              <span key={level} title={t(`heatmap.levelMeaning.${level}`)}>
                <span className="heatmap-sign" data-level={level} aria-hidden="true">
                  {LEVEL_SIGNS[level]}
                </span>{' '}
                {t(`table:value.level.${level}`)}
              </span>
            ))}
        </span>
        <span>{t(`unit.${shown.current.measure}`, { currency: currenciesOf(picture) })}</span>
        <div className="spacer" />
        {layout.totalRows > layout.rows.length && <span>{t('heatmap.shownOf', { shown: layout.rows.length, total: layout.totalRows })}</span>}
        <span className="heat-keys">{t('heatmap.keys')}</span>
      </div>
    </>
  );
}
