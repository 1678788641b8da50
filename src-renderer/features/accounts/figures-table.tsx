/** The counter's figures beside ours, with what is left between them and both moments they were taken at. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExplainedField } from '#shared/contract/numbers-account';
import type { AccountPicture, FigurePair } from '#shared/contract/streams';
import { reasonText } from '../../components/data-table/reason-text';
import { Unknown } from '../../components/format/figure';
import { isKnown } from '../../components/format/formatters';
import { useFormat } from '../../components/format/use-format';
import { figures, TableHead } from '../../components/table-head';
import { useMarketTimeZone } from '../../state/shown-market';
import { isExplained } from './account-sections';
import { ExplainButton } from './explain-button';

/** Figures that are ratios; everything else is money. */
const SHARES = new Set(['riskDegree', 'exchangeRiskDegree']);
/** A residual below a cent is rounding of the wire format, not a difference. */
const HALF_CENT = 0.005;

/** Of what is not reckoned here there is what the counter says, and that is what opens. */
function isReckoned({ counter, ours, reason }: FigurePair): boolean {
  return ours !== null || reason !== null || counter === null;
}

type Props = {
  picture: AccountPicture;
  currency: string;
  /** The figure whose derivation is open beside the table. */
  explained: ExplainedField | null;
  onExplain(field: ExplainedField): void;
};

export function FiguresTable({ picture, currency, explained, onExplain }: Props): ReactNode {
  const { t } = useTranslation('accounts');
  const format = useFormat();
  // Times of the source, not ages: a source's clock may be simulated, and then lies as far ahead of ours as it likes.
  const timeZone = useMarketTimeZone();
  const figure = (pair: FigurePair, value: number | null, isResidual: boolean): ReactNode => {
    // What only one side has leaves the other empty: nothing is unknown there.
    if (!isKnown(value) && pair.reason === null && (pair.counter !== null || pair.ours !== null)) return null;
    if (!isKnown(value)) return <Unknown reason={reasonText(t, pair.reason)} />;
    if (SHARES.has(pair.field)) return isResidual ? format.signed(value * 100, 2) : format.percent(value, 2);
    return isResidual ? format.signed(value, 2) : format.number(value, 2);
  };
  return (
    <section className="figures" aria-label={t('figures.title')}>
      <table className="plain-table figures-table" data-testid="account-figures">
        <caption className="figures-caption">
          {t('figures.title')} <span className="muted">{currency}</span>
        </caption>
        <TableHead
          headings={[
            t('figures.figure'),
            figures(
              <>
                {t('figures.counter')}
                <div className="figures-age">{format.marketTime(picture.counterAsOfMs, timeZone)}</div>
              </>,
            ),
            figures(
              <>
                {t('figures.ours')}
                <div className="figures-age">{format.marketTime(picture.marketAsOfMs, timeZone)}</div>
              </>,
            ),
            figures(
              <>
                {t('figures.residual')}
                <div className="figures-age">{t('figures.atCounterTime')}</div>
              </>,
            ),
          ]}
        />
        <tbody>
          {picture.figures.map((pair) => (
            <tr
              key={pair.field}
              data-field={pair.field}
              data-differs={isKnown(pair.residual) && Math.abs(pair.residual) > (pair.tolerance ?? HALF_CENT)}
            >
              <th scope="row">
                {t(`table:column.${pair.field}`, { defaultValue: pair.field })}
                <span className="muted figures-also">{t(`table:columnAlso.${pair.field}`, { defaultValue: '' })}</span>
              </th>
              <td className="number">
                {isExplained(pair.field) && !isReckoned(pair) ? (
                  <ExplainButton field={pair.field} isOpen={explained === pair.field} onExplain={onExplain}>
                    {figure(pair, pair.counter, false)}
                  </ExplainButton>
                ) : (
                  figure(pair, pair.counter, false)
                )}
              </td>
              <td className="number">
                {isExplained(pair.field) && isReckoned(pair) ? (
                  <ExplainButton field={pair.field} isOpen={explained === pair.field} onExplain={onExplain}>
                    {figure(pair, pair.ours, false)}
                  </ExplainButton>
                ) : (
                  figure(pair, pair.ours, false)
                )}
              </td>
              <td className="number figures-residual">{figure(pair, pair.residual, true)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
