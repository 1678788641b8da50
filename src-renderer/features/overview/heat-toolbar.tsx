/** What the heat map shows: measure, rows, order, filter. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { HeatMeasure, HeatmapParams } from '#shared/contract/streams';
import { Choice } from '../../components/choice';
import { FilterInput } from '../../components/filter-input';
import type { RowDimension } from './drill-path';

const MEASURES: readonly HeatMeasure[] = ['riskDegree', 'positionProfit', 'currMargin', 'netNotional'];

type Props = {
  measure: HeatMeasure;
  rows: RowDimension;
  rowChoices: readonly RowDimension[];
  order: HeatmapParams['order'];
  filter: string;
  onMeasure(measure: HeatMeasure): void;
  onRows(rows: RowDimension): void;
  onOrder(order: HeatmapParams['order']): void;
  onFilter(filter: string): void;
};

export function HeatToolbar(props: Props): ReactNode {
  const { t } = useTranslation('overview');
  return (
    <>
      <Choice
        label={t('toolbar.measure')}
        name="measure"
        values={MEASURES}
        chosen={props.measure}
        text={(measure) => t(`measure.${measure}`)}
        onChoose={props.onMeasure}
      />
      {props.rowChoices.length > 1 && (
        <Choice
          label={t('toolbar.rows')}
          name="rows"
          values={props.rowChoices}
          chosen={props.rows}
          text={(rows) => t(`rows.${rows}`)}
          onChoose={props.onRows}
        />
      )}
      <Choice
        label={t('toolbar.order')}
        name="order"
        values={['worst', 'name'] as const}
        chosen={props.order}
        text={(order) => t(`order.${order}`)}
        onChoose={props.onOrder}
      />
      <FilterInput value={props.filter} name={t('title')} testId="heat-filter" onChange={props.onFilter} />
    </>
  );
}
