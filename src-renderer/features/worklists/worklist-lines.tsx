/** The lines of a worklist: what to close, in which orders, what each releases, and what was left out and why. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SkippedLot, WorklistLine } from '#shared/market/what-if/worklist';
import { reasonText } from '../../components/data-table/reason-text';
import { Unknown } from '../../components/format/figure';
import { isKnown } from '../../components/format/formatters';
import { useFormat } from '../../components/format/use-format';
import { figures, TableHead } from '../../components/table-head';
import { skippedBecause } from './worklist-text';

type Props = { lines: readonly WorklistLine[]; skipped: readonly SkippedLot[]; isEnough: boolean };

export function WorklistLines({ lines, skipped, isEnough }: Props): ReactNode {
  const { t } = useTranslation('worklists');
  const format = useFormat();
  const sum = (of: (line: WorklistLine) => number): number => lines.reduce((total, line) => total + of(line), 0);
  // From the first line whose fee is not known on, no equity and no degree is; a list of before rates were reckoned with has none at all.
  const firstWithoutFee = lines.findIndex((line) => line.fee === null);
  const isFeeKnown = lines.every((line) => isKnown(line.fee));
  const fees = sum((line) => line.fee ?? 0);
  return (
    <>
      {!isEnough && (
        <div className="worklist-warning" role="status" data-testid="worklist-not-enough">
          <span aria-hidden="true">▲ </span>
          {t('notEnough')}
        </div>
      )}
      <div className="table-scroll">
        <table className="plain-table worklist-lines" data-testid="worklist-lines" data-lines={lines.length}>
          <caption className="visually-hidden">{t('lines')}</caption>
          <TableHead
            headings={[
              '#',
              t('table:column.instrumentID'),
              t('table:column.lots.direction'),
              t('table:column.hedgeFlag'),
              t('table:column.openDate'),
              figures(t('table:column.volume')),
              t('orders'),
              figures(t('table:column.lastPrice')),
              figures(t('orderPrice')),
              figures(t('closeProfit')),
              figures(t('feeColumn')),
              figures(t('releaseMargin')),
              figures(t('degreeAfter')),
            ]}
          />
          <tbody>
            {lines.map((line, index) => (
              <tr key={`${line.exchangeID}.${line.instrumentID} ${line.tradeID} ${line.direction}`}>
                <td>
                  {index + 1}
                  {line.together !== undefined && (
                    <span title={t('together')} data-together={line.together}>
                      {' '}
                      <span aria-hidden="true">⇄{line.together}</span>
                      <span className="visually-hidden">{t('together')}</span>
                    </span>
                  )}
                </td>
                <td>
                  {line.instrumentID} <span className="secondary">{line.exchangeID}</span>
                </td>
                <td>{t(`table:value.direction.${line.direction}`)}</td>
                <td>{t(`table:value.hedgeFlag.${line.hedgeFlag}`, { defaultValue: line.hedgeFlag })}</td>
                <td>
                  {format.tradingDay(line.openDate)} <span className="secondary mono">{line.tradeID}</span>
                </td>
                <td className="number">{format.number(line.volume)}</td>
                <td>{ordersText(line.orders, format.number)}</td>
                <td className="number">{isKnown(line.price) ? format.price(line.price, null) : <Unknown reason="noPrice" />}</td>
                <td className="number">
                  {isKnown(line.orderPrice) ? format.price(line.orderPrice, null) : <Unknown reason={reasonText(t, 'noPriceLimit')} />}
                </td>
                <td className={`number${line.closeProfit > 0 ? ' up' : line.closeProfit < 0 ? ' down' : ''}`}>
                  {isKnown(line.closeProfit) ? format.signed(line.closeProfit, 2) : <Unknown reason="noMultiplier" />}
                </td>
                <td className="number">{isKnown(line.fee) ? format.number(line.fee, 2) : <Unknown reason={t('feeUnknown')} />}</td>
                <td className="number">{format.number(line.releaseMargin, 2)}</td>
                <td className="number">
                  {isKnown(line.degreeAfter) ? (
                    format.percent(line.degreeAfter, 2)
                  ) : firstWithoutFee >= 0 && index >= firstWithoutFee ? (
                    <Unknown reason={t('feeUnknown')} />
                  ) : (
                    t('overview:heatmap.negativeShort')
                  )}
                </td>
              </tr>
            ))}
          </tbody>
          {lines.length > 1 && (
            <tfoot>
              <tr>
                <td colSpan={5}>{t('sum')}</td>
                <td className="number">{format.number(sum((line) => line.volume))}</td>
                <td>{t('orderCount', { count: sum((line) => line.orders.length) })}</td>
                <td colSpan={2} />
                <td className="number">
                  {format.signed(
                    sum((line) => line.closeProfit),
                    2,
                  )}
                </td>
                <td className="number">{isFeeKnown ? format.number(fees, 2) : <Unknown reason={t('feeUnknown')} />}</td>
                <td className="number">
                  {format.number(
                    sum((line) => line.releaseMargin),
                    2,
                  )}
                </td>
                <td />
              </tr>
            </tfoot>
          )}
        </table>
      </div>
      {lines.some((line) => line.together !== undefined) && (
        <div className="secondary worklist-fee" data-testid="worklist-together">
          <span aria-hidden="true">⇄ </span>
          {t('together')}
        </div>
      )}
      {skipped.length > 0 && <Skipped skipped={skipped} />}
    </>
  );
}

/** 500 × 3 + 20 rather than 500 + 500 + 500 + 20. */
function ordersText(orders: readonly number[], number: (value: number) => string): string {
  const runs: { volume: number; times: number }[] = [];
  for (const volume of orders) {
    const last = runs.at(-1);
    if (last?.volume === volume) last.times += 1;
    else runs.push({ volume, times: 1 });
  }
  return runs.map(({ volume, times }) => (times === 1 ? number(volume) : `${number(volume)} × ${times}`)).join(' + ');
}

function Skipped({ skipped }: { skipped: readonly SkippedLot[] }): ReactNode {
  const { t } = useTranslation('worklists');
  const format = useFormat();
  return (
    <details className="worklist-skipped" data-testid="worklist-skipped" open={skipped.length <= 5}>
      <summary>{t('skipped', { count: skipped.length })}</summary>
      <ul>
        {skipped.map((lot) => (
          <li key={`${lot.exchangeID}.${lot.instrumentID} ${lot.tradeID} ${lot.direction} ${lot.why}`} data-why={lot.why}>
            {lot.exchangeID}.{lot.instrumentID} {t(`table:value.direction.${lot.direction}`)} {format.number(lot.volume)}{' '}
            <span className="secondary mono">{lot.tradeID}</span> — {skippedBecause(lot, t)}
          </li>
        ))}
      </ul>
    </details>
  );
}
