/** The stress workbench: scenarios on the left, what they do to every account, department and the firm on the right. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type StressMeasure, type StressParams, type StressPicture, stressMeasureSchema } from '#shared/contract/numbers-stress';
import type { Scope } from '#shared/contract/streams';
import { Choice } from '../../components/choice';
import { ExportButtons } from '../../components/export-buttons';
import { FilterInput } from '../../components/filter-input';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { useStream } from '../../state/use-stream';
import '../../components/sections.css';
import { openAccountAt } from '../accounts/account-sections';
import { ScenarioList } from './scenario-list';
import { StressHeat } from './stress-heat';
import { StressOutcome } from './stress-outcome';
import { StressTable } from './stress-table';
import { useColumnName } from './use-column-name';
import './stress.css';
import { optionsOf } from '../../components/options';
import { Select } from '../../components/select';

const ROWS = ['account', 'department', 'controlGroup', 'firm'] as const satisfies readonly StressParams['rows'][];
const MEASURES = stressMeasureSchema.options;
const VIEWS = ['heat', 'table'] as const;
const MAXIMUM_ROWS = 500;
/** From here on the list of scenarios has room beside the map at first. */
const WIDE_PX = 1500;
const LADDERS = [
  { id: '1x10', stepPercent: 1, count: 10 },
  { id: '2x5', stepPercent: 2, count: 5 },
  { id: '5x4', stepPercent: 5, count: 4 },
] as const;
type LadderId = (typeof LADDERS)[number]['id'];

export function StressPanel(): ReactNode {
  const { t } = useTranslation('stress');
  const [columnsBy, setColumnsBy] = useState<'ladder' | 'scenarios'>('ladder');
  const [ladder, setLadder] = useState<LadderId>('2x5');
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [rows, setRows] = useState<(typeof ROWS)[number]>('department');
  const [measure, setMeasure] = useState<StressMeasure>('riskDegree');
  const [order, setOrder] = useState<StressParams['order']>('worst');
  const [view, setView] = useState<(typeof VIEWS)[number]>('heat');
  const [filter, setFilter] = useState('');
  const [scope, setScope] = useState<{ scope: Scope; label: string } | null>(null);
  const [hasList, setHasList] = useState(() => window.innerWidth >= WIDE_PX);

  const step = LADDERS.find((each) => each.id === ladder) ?? LADDERS[0];
  const params: StressParams = {
    columns:
      columnsBy === 'ladder'
        ? { type: 'ladder', stepPercent: step.stepPercent, count: step.count }
        : { type: 'scenarios', scenarioIds: [...chosen].slice(0, 50) },
    rows,
    measure,
    scope: scope?.scope ?? {},
    filter: filter.slice(0, 100),
    order,
    first: 0,
    maxRows: MAXIMUM_ROWS,
  };
  const isEmptyChoice = columnsBy === 'scenarios' && chosen.length === 0;
  const stream = useStream('stress', isEmptyChoice ? null : params);
  const columnName = useColumnName();
  const columnHeadings = (): Record<string, string> =>
    Object.fromEntries((stream.picture?.columns ?? []).map((column) => [`column.${column.key}`, columnName(column)]));
  const drill = (key: string, label: string): void => {
    if (rows === 'account') openAccountAt(key, 'stress');
    else if (rows === 'firm') setRows('department');
    else if (key !== '') {
      setScope({ scope: rows === 'department' ? { departmentID: key } : { controlGroupID: key }, label });
      setRows('account');
      setFilter('');
    }
  };
  const back = (): void => {
    if (scope === null) return;
    setRows(scope.scope.departmentID === undefined ? 'controlGroup' : 'department');
    setScope(null);
    setFilter('');
  };
  return (
    <div className="panel stress" data-testid="stress" data-rows={rows} data-columns={columnsBy}>
      <div className="panel-bar">
        <Button size="small" active={hasList} aria-expanded={hasList} data-testid="toggle-scenarios" onClick={() => setHasList(!hasList)}>
          {t('scenarios')}
        </Button>
        <Choice
          label={t('columns.label')}
          name="stress-columns"
          values={['ladder', 'scenarios'] as const}
          chosen={columnsBy}
          text={(each) => t(`columns.${each}`, { count: chosen.length })}
          onChoose={(each) => {
            setColumnsBy(each);
            if (each === 'scenarios') setHasList(true);
          }}
        />
        {columnsBy === 'ladder' && (
          <Choice
            label={t('columns.ladder')}
            name="ladder"
            values={LADDERS.map((each) => each.id)}
            chosen={ladder}
            text={(id) => {
              const each = LADDERS.find((one) => one.id === id) ?? LADDERS[0];
              return `±${each.stepPercent * each.count}% / ${each.stepPercent}%`;
            }}
            onChoose={setLadder}
          />
        )}
        <Choice label={t('rows.label')} name="stress-rows" values={ROWS} chosen={rows} text={(each) => t(`rows.${each}`)} onChoose={setRows} />
        <Select
          isSmall
          label={t('measureLabel')}
          options={optionsOf(MEASURES, (each) => t(`measure.${each}`))}
          value={measure}
          testId="stress-measure"
          onValueChange={setMeasure}
        />
        <Choice
          label={t('overview:toolbar.order')}
          name="stress-order"
          values={['worst', 'name'] as const}
          chosen={order}
          text={(each) => t(`overview:order.${each}`)}
          onChoose={setOrder}
        />
        <Choice label={t('view.label')} name="stress-view" values={VIEWS} chosen={view} text={(each) => t(`view.${each}`)} onChoose={setView} />
        {scope !== null && (
          <button type="button" className="scope-chip" data-testid="stress-scope" title={t('leaveScope')} onClick={back}>
            {scope.label} ✕
          </button>
        )}
        <FilterInput value={filter} name={t('title')} testId="stress-filter" onChange={setFilter} />
        <div className="spacer" />
        <ExportButtons testId="export-stress" payload={() => ({ table: 'stress', stress: params, headings: columnHeadings() })} />
      </div>
      <div className="stress-body">
        {hasList && (
          <ScenarioList
            chosen={chosen}
            onChoose={(ids) => {
              setChosen(ids);
              setColumnsBy(ids.length === 0 ? 'ladder' : 'scenarios');
            }}
          />
        )}
        <div className="stress-main">
          {isEmptyChoice && (
            <div className="empty" data-testid="stress-choose">
              <strong>{t('choose')}</strong>
              <span>{t('chooseTodo')}</span>
            </div>
          )}
          {!isEmptyChoice && stream.refusal !== null && <RefusalNotice refusal={stream.refusal} action={t('title')} />}
          {!isEmptyChoice && stream.refusal === null && stream.picture === null && (
            <div className="empty">{stream.isConnected ? t('computing') : t('table:noEngine')}</div>
          )}
          {!isEmptyChoice && stream.picture !== null && (
            <>
              {stream.picture.missing.length > 0 && (
                <div className="section-note" role="status">
                  {t('missing', { list: stream.picture.missing.join(', ') })}
                </div>
              )}
              <UnmatchedRows picture={stream.picture} />
              <CutCloses picture={stream.picture} />
              {view === 'heat' ? (
                <StressHeat
                  picture={stream.picture}
                  isCurrent={stream.isCurrent}
                  measure={measure}
                  rows={rows}
                  filter={filter}
                  onDrill={drill}
                  onBack={back}
                />
              ) : (
                <StressTable picture={stream.picture} stream={stream} measure={measure} rows={rows} filter={filter} onDrill={drill} onBack={back} />
              )}
              <StressOutcome picture={stream.picture} builtAtMs={stream.builtAtMs} params={params} scope={scope} />
            </>
          )}
        </div>
      </div>
    </div>
  );
}

/** Scenarios that ask to close more than can be closed: they show what is left when the rest is closed. */
function CutCloses({ picture }: { picture: StressPicture }): ReactNode {
  const { t } = useTranslation('stress');
  const columnName = useColumnName();
  const format = useFormat();
  return picture.columns.map((column) => {
    const rows = picture.cutCloses.find(({ key }) => key === column.key)?.rows ?? [];
    if (rows.length === 0) return null;
    const list = rows.slice(0, 5).map(({ accountID, exchangeID, instrumentID, direction, asked, closed, frozen }) =>
      t(frozen > 0 ? 'cutCloseFrozen' : 'cutClose', {
        about: `${accountID} ${exchangeID}.${instrumentID} ${t(`table:value.direction.${direction}`)}`,
        asked: format.number(asked),
        closed: format.number(closed),
        frozen: format.number(frozen),
      }),
    );
    return (
      <div key={column.key} className="warning-note panel-pad" role="status" data-testid="stress-cut-closes" data-scenario={column.key}>
        <span aria-hidden="true">▲ </span>
        {t('cutCloses', { scenario: columnName(column), list: list.join(', '), count: rows.length })}
      </div>
    );
  });
}

/** Scenarios of which rows have nothing to change any more: what they show is less than what they say. */
function UnmatchedRows({ picture }: { picture: StressPicture }): ReactNode {
  const { t } = useTranslation('stress');
  const columnName = useColumnName();
  return picture.columns.map((column) => {
    const about = picture.unmatched.find(({ key }) => key === column.key)?.about ?? [];
    if (about.length === 0) return null;
    return (
      <div key={column.key} className="warning-note panel-pad" role="status" data-testid="stress-unmatched" data-scenario={column.key}>
        <span aria-hidden="true">▲ </span>
        {t('unmatched', { scenario: columnName(column), list: about.slice(0, 5).join(', '), count: about.length })}
      </div>
    );
  });
}
