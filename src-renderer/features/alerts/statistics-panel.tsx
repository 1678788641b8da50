/** What the alerts say about the rules: which are loud, which are wrong, how long people take, what chatters and what lies. */
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AlertStatistics } from '#shared/desk/alerts/statistics';
import { Choice } from '../../components/choice';
import { Unknown } from '../../components/format/figure';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { figures, TableHead } from '../../components/table-head';
import { useRuleName } from '../../state/rule-names';
import { useNow } from '../../state/use-now';
import { useRequest } from '../../state/use-stream';
import { aboutText } from './alert-text';
import { openAlert } from './chosen-alert';
import './alerts.css';

const PERIODS = { day: 86_400_000, week: 604_800_000, month: 2_592_000_000 } as const;
type Period = keyof typeof PERIODS;
const REFRESH_MS = 15_000;

export function StatisticsPanel(): ReactNode {
  const { t } = useTranslation('alerts');
  const format = useFormat();
  const [period, setPeriod] = useState<Period>('day');
  const round = Math.floor(useNow() / REFRESH_MS);
  const { answer, refusal, reload } = useRequest('alert.statistics', { sinceMs: round * REFRESH_MS - PERIODS[period] });
  const ruleName = useRuleName();
  const length = (ms: number | null): ReactNode => (ms === null ? <Unknown reason={t('statistics.nobodyYet')} /> : format.duration(ms));
  return (
    <div className="panel-body panel-pad stack" data-testid="alert-statistics">
      <div className="row">
        <Choice
          label={t('statistics.period')}
          name="statistics"
          values={['day', 'week', 'month']}
          chosen={period}
          text={(each) => t(`statistics.periods.${each}`)}
          onChoose={setPeriod}
        />
        {answer !== null && <span className="secondary">{t('count', { count: answer.alertCount })}</span>}
        {answer?.isCut === true && <span className="alert-remark">{t('statistics.cut')}</span>}
      </div>
      <RefusalNotice refusal={refusal} onRetry={reload} />
      {answer !== null && (
        <>
          <div className="evidence-scroll">
            <table className="evidence-table" data-testid="statistics-rules">
              <caption>{t('statistics.rules')}</caption>
              <TableHead
                headings={[
                  t('statistics.column.rule'),
                  ...['alerts', 'occurrences', 'open', 'unacknowledged', 'median', 'slowest', 'closed', 'false'].map((column) =>
                    figures(t(`statistics.column.${column}`)),
                  ),
                ]}
              />
              <tbody>
                {answer.rules.map((rule) => (
                  <tr key={rule.ruleId}>
                    <th scope="row">{ruleName(rule)}</th>
                    <td className="number">{format.number(rule.alerts)}</td>
                    <td className="number">{format.number(rule.occurrences)}</td>
                    <td className="number">{format.number(rule.open)}</td>
                    <td className="number">{format.number(rule.unacknowledged)}</td>
                    <td className="number">{length(rule.medianAcknowledgeMs)}</td>
                    <td className="number">{length(rule.slowestAcknowledgeMs)}</td>
                    <td className="number">{format.number(rule.closed)}</td>
                    <td className="number">
                      {rule.falsePositiveShare === null ? <Unknown reason={t('statistics.noneClosed')} /> : format.percent(rule.falsePositiveShare)}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <TopTen title={t('statistics.chattering')} rows={answer.chattering} text={(value) => `×${format.number(value)}`} />
          <TopTen title={t('statistics.stale')} rows={answer.stale} text={(value) => format.duration(value)} />
        </>
      )}
    </div>
  );
}

function TopTen({ title, rows, text }: { title: string; rows: AlertStatistics['stale']; text(value: number): string }): ReactNode {
  const { t } = useTranslation('alerts');
  const ruleName = useRuleName();
  return (
    <section className="card">
      <h3>{title}</h3>
      {rows.length === 0 && <span className="secondary">{t('statistics.none')}</span>}
      <ol className="alert-notes">
        {rows.map((row) => (
          <li key={row.alertId}>
            <strong>{text(row.value)}</strong>{' '}
            <button type="button" className="link-button" data-testid="statistics-alert" onClick={() => openAlert(row.alertId)}>
              {ruleName(row)} <span className="mono">{aboutText(row, t)}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
