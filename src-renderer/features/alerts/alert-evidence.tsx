/** What the condition was made of, as it was frozen when it was found: orders, trades, quotes, and each account's part. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { RequestAnswer } from '#shared/contract/requests';
import type { Alert } from '#shared/desk/alerts/alert';
import { crossedThresholdsSchema } from '#shared/desk/alerts/events';
import { type ConditionEvidence, conditionEvidenceSchema, MOST_EVIDENCE } from '#shared/desk/rules/evidence';
import { Unknown } from '../../components/format/figure';
import { useFormat } from '../../components/format/use-format';
import { TableHead } from '../../components/table-head';
import { useMarketTimeZone } from '../../state/shown-market';
import { metricText, priceDecimals } from './alert-text';

type History = RequestAnswer<'alert.get'>['history'];

/** Of the latest entry that has any: an alert of a figure alone has none. */
export function evidenceOf(history: History): ConditionEvidence | null {
  for (const { payload } of [...history].reverse()) {
    const { evidence } = (payload ?? {}) as { evidence?: unknown };
    const parsed = conditionEvidenceSchema.safeParse(evidence);
    if (parsed.success) return parsed.data;
  }
  return null;
}

type Crossed = z.infer<typeof crossedThresholdsSchema>;

/** Every step that had been reached when it was raised, with when and on whose word. */
export function crossedOf(history: History): Crossed {
  for (const { payload } of [...history].reverse()) {
    const parsed = crossedThresholdsSchema.safeParse((payload as { crossed?: unknown } | null)?.crossed);
    if (parsed.success) return parsed.data;
  }
  return [];
}

export function CrossedThresholds({ alert, crossed }: { alert: Alert; crossed: Crossed }): ReactNode {
  const { t } = useTranslation('alerts');
  const format = useFormat();
  const timeZone = useMarketTimeZone();
  if (crossed.length === 0) return null;
  const { metric, params } = alert.reason;
  return (
    <section className="card stack" data-testid="alert-crossed">
      <EvidenceTable
        title={t('evidence.crossed')}
        columns={['step', 'threshold', 'time', 'certainty']}
        rows={crossed.map(({ step, threshold, atMs, certainty }) => [
          t(`word.${step}`, { defaultValue: step }),
          metricText(metric, threshold, format, params.currencyID),
          atMs === null ? <Unknown key="when" reason={t('evidence.whenUnknown')} /> : format.marketDateTime(atMs, timeZone),
          t(`certainty.${certainty}`, { defaultValue: certainty }),
        ])}
      />
    </section>
  );
}

export function AlertEvidence({ alert, evidence }: { alert: Alert; evidence: ConditionEvidence }): ReactNode {
  const { t } = useTranslation('alerts');
  const format = useFormat();
  const timeZone = useMarketTimeZone();
  const decimals = priceDecimals(evidence);
  const price = (value: number | null, why: 'noLimit' | 'notPublished' = 'notPublished'): ReactNode =>
    value === null ? <Unknown reason={t(`evidence.${why}`)} /> : format.number(value, decimals);
  return (
    <section className="card stack" data-testid="alert-evidence">
      <h3>{t('evidence.title')}</h3>
      <p className="secondary">{t('evidence.frozen')}</p>
      <EvidenceTable
        title={t('evidence.orders')}
        columns={['time', 'account', 'instrument', 'direction', 'offset', 'price', 'volume', 'traded', 'state']}
        rows={evidence.orders.map((order) => [
          format.marketTime(order.insertTimeMs, timeZone),
          order.accountID,
          order.instrumentID,
          t(`evidence.side.${order.direction}`),
          t(`table:value.offsetFlag.${order.offsetFlag}`, { defaultValue: order.offsetFlag }),
          price(order.limitPrice, 'noLimit'),
          format.number(order.volume),
          format.number(order.traded),
          t(`evidence.orderState.${order.state}`),
        ])}
      />
      <EvidenceTable
        title={t('evidence.trades')}
        columns={['time', 'account', 'counterparty', 'instrument', 'direction', 'offset', 'price', 'volume']}
        rows={evidence.trades.map((trade) => [
          format.marketTime(trade.tradeTimeMs, timeZone),
          trade.accountID,
          trade.counterpartyID ?? <Unknown key="other" reason={t('evidence.otherUnknown')} />,
          trade.instrumentID,
          t(`evidence.side.${trade.direction}`),
          t(`table:value.offsetFlag.${trade.offsetFlag}`, { defaultValue: trade.offsetFlag }),
          price(trade.price),
          format.number(trade.volume),
        ])}
      />
      <EvidenceTable
        title={t('evidence.ticks')}
        columns={['time', 'instrument', 'last', 'bid', 'ask', 'volume']}
        rows={evidence.ticks.map((tick) => [
          format.marketTime(tick.timeMs, timeZone),
          tick.instrumentID,
          price(tick.lastPrice),
          price(tick.bidPrice),
          price(tick.askPrice),
          tick.volume === null ? <Unknown key="volume" reason={t('evidence.notPublished')} /> : format.number(tick.volume),
        ])}
      />
      <EvidenceTable
        title={t('evidence.byAccount')}
        columns={['account', 'value']}
        // A share of its own is told as one; everything else is a count, whatever the rule makes of it.
        rows={evidence.byAccount.map(({ accountID, value }) => [
          accountID,
          Number.isInteger(value) ? format.number(value) : metricText(alert.reason.metric, value, format),
        ])}
      />
    </section>
  );
}

function EvidenceTable({ title, columns, rows }: { title: string; columns: string[]; rows: ReactNode[][] }): ReactNode {
  const { t } = useTranslation('alerts');
  if (rows.length === 0) return null;
  return (
    <div className="evidence-scroll">
      <table className="evidence-table">
        <caption>{rows.length < MOST_EVIDENCE ? `${title} (${rows.length})` : t('evidence.latest', { title, count: rows.length })}</caption>
        <TableHead headings={[...columns.map((column) => t(`evidence.column.${column}`))]} />
        <tbody>
          {rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: frozen rows never move
            <tr key={index}>
              {row.map((cell, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: cells are the columns
                <td key={at} className={at >= columns.indexOf('price') && columns.includes('price') ? 'mono' : ''}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
