/** An account's figures before and after something, side by side with the change. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FigureSet } from '#shared/contract/numbers-account';
import { reasonText } from './data-table/reason-text';
import { Unknown } from './format/figure';
import { isKnown } from './format/formatters';
import { useFormat } from './format/use-format';
import { LevelMark } from './level-mark';
import { figures, TableHead } from './table-head';

const MONEY = ['balance', 'positionProfit', 'currMargin', 'exchangeMargin', 'available', 'marginCall'] as const;
const DEGREES = ['riskDegree', 'exchangeRiskDegree'] as const;

type Props = { before: FigureSet; after: FigureSet; labels: { before: string; after: string }; testId: string };

export function FigureSets({ before, after, labels, testId }: Props): ReactNode {
  const { t } = useTranslation('table');
  const format = useFormat();
  const figure = (set: FigureSet, field: (typeof MONEY)[number] | (typeof DEGREES)[number]): ReactNode => {
    const value = set[field];
    const isDegree = field === 'riskDegree' || field === 'exchangeRiskDegree';
    if (!isKnown(value)) return <Unknown reason={reasonText(t, set.level === 'negative' && isDegree ? 'negativeEquity' : set.reason)} />;
    return isDegree ? format.percent(value, 2) : format.number(value, 2);
  };
  const change = (field: (typeof MONEY)[number] | (typeof DEGREES)[number]): ReactNode => {
    const [from, to] = [before[field], after[field]];
    if (!isKnown(from) || !isKnown(to)) return '';
    const isDegree = field === 'riskDegree' || field === 'exchangeRiskDegree';
    return isDegree ? t('points', { value: format.signed((to - from) * 100, 2) }) : format.signed(to - from, 2);
  };
  return (
    <table className="plain-table" data-testid={testId}>
      <TableHead headings={[t('accounts:figures.figure'), figures(labels.before), figures(labels.after), figures(t('column.change'))]} />
      <tbody>
        <tr data-field="level">
          <td>{t('column.level')}</td>
          <td className="number">
            <LevelMark level={before.level} reason={before.reason} />
          </td>
          <td className="number">
            <LevelMark level={after.level} reason={after.reason} />
          </td>
          <td />
        </tr>
        {[...DEGREES, ...MONEY].map((field) => (
          <tr key={field} data-field={field}>
            <td>{t(`column.${field}`)}</td>
            <td className="number">{figure(before, field)}</td>
            <td className="number">{figure(after, field)}</td>
            <td className="number">{change(field)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
