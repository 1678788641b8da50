/** The watched figure around the alert with the threshold it crossed: our own samples where the account has a history, and the readings the journal holds. */
import { type ReactNode, useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { AccountHistory } from '#shared/contract/numbers-account';
import type { RequestAnswer } from '#shared/contract/requests';
import type { Alert } from '#shared/desk/alerts/alert';
import type { ChartTheme } from '../../components/chart-theme';
import { isKnown } from '../../components/format/formatters';
import { useFormat } from '../../components/format/use-format';
import { markLabelSides } from '../../components/mark-labels';
import { chartText, EXACT_LINES, useLineChart } from '../../components/use-line-chart';
import { useMarketTimeZone } from '../../state/shown-market';
import { useRequest } from '../../state/use-stream';
import { crossedOf } from './alert-evidence';
import { entityOf, metricText } from './alert-text';

type History = RequestAnswer<'alert.get'>['history'];
type Point = [atMs: number, value: number];
const SAMPLED = ['riskDegree', 'exchangeRiskDegree', 'balance', 'currMargin'] as const;

const SHORTEST_SPAN_MS = 1000;
const SPAN_AROUND_MS = 30_000;
/** Beside the plot, for the names of the thresholds and their values. */
const THRESHOLD_NAMES_PX = 104;

type Reading = { metric?: unknown; value?: unknown; observedAtMs?: unknown; params?: { toMs?: unknown } };

/** What a rule over orders and trades measured happened on the market's clock, which is another one in a replay or a demonstration. */
function isOnMarketClock({ reason }: Alert): boolean {
  return reason.params.thresholdRow !== undefined;
}

/** Readings of the same metric that the journal holds, and the steps that were reached on the way, in the order of time. */
export function journalledPoints(alert: Alert, history: History): Point[] {
  const isOfMarket = isOnMarketClock(alert);
  const readings = history.flatMap(({ payload }): Point[] => {
    const { reason } = (payload ?? {}) as { reason?: Reading };
    const { metric, value, observedAtMs, params } = reason ?? {};
    const atMs = isOfMarket ? params?.toMs : observedAtMs;
    return metric === alert.reason.metric && typeof value === 'number' && typeof atMs === 'number' ? [[atMs, value]] : [];
  });
  const known = new Set(readings.map(([atMs]) => atMs));
  const steps = isOfMarket
    ? crossedOf(history).flatMap(({ atMs, threshold }): Point[] => (atMs === null || known.has(atMs) ? [] : [[atMs, threshold]]))
    : [];
  return [...steps, ...readings].sort(([one], [other]) => one - other);
}

/** What took no time is shown with half a minute on either side: an axis without a length would make up one of a day. */
function spanOf(points: readonly Point[], fromMs: unknown): { min?: number; max?: number } {
  const firstMs = Math.min(typeof fromMs === 'number' ? fromMs : Number.POSITIVE_INFINITY, ...points.map(([atMs]) => atMs));
  const lastMs = Math.max(...points.map(([atMs]) => atMs));
  return lastMs - firstMs >= SHORTEST_SPAN_MS ? { min: firstMs } : { min: firstMs - SPAN_AROUND_MS, max: lastMs + SPAN_AROUND_MS };
}

function sampledPoints(alert: Alert, history: AccountHistory | null): Point[] {
  const metric = SAMPLED.find((each) => each === alert.reason.metric);
  if (history === null || metric === undefined) return [];
  return Array.from(history.atMs, (atMs, index): Point => [atMs, history[metric][index] ?? Number.NaN]).filter(([, value]) => isKnown(value));
}

export function AlertChart({ alert, history }: { alert: Alert; history: History }): ReactNode {
  const { t } = useTranslation('alerts');
  const entity = entityOf(alert);
  const isSampled = entity.kind === 'account' && SAMPLED.some((each) => each === alert.reason.metric);
  const { answer } = useRequest('account.history', isSampled ? { accountID: entity.id } : null, alert.sequence);
  const sampled = useMemo(() => sampledPoints(alert, answer), [alert, answer]);
  const journalled = useMemo(() => journalledPoints(alert, history), [alert, history]);
  // What was told at once has one reading: it still shows how far beyond its threshold that was.
  if (sampled.length + journalled.length === 0) return null;
  return (
    <section className="card" data-testid="alert-chart" data-points={sampled.length + journalled.length}>
      <h3>
        {t('chart.title', { metric: t(`metric.${alert.reason.metric}`, { defaultValue: alert.reason.metric }) })}{' '}
        <span className="chart-clock">{t(isOnMarketClock(alert) ? 'chart.marketClock' : 'chart.deskClock')}</span>
      </h3>
      <Chart alert={alert} sampled={sampled} journalled={journalled} />
    </section>
  );
}

function Chart({ alert, sampled, journalled }: { alert: Alert; sampled: Point[]; journalled: Point[] }): ReactNode {
  const { t } = useTranslation('alerts');
  const format = useFormat();
  const timeZone = useMarketTimeZone();
  const optionOf = useCallback(
    (colours: ChartTheme) => {
      const { metric, enterThreshold, exitThreshold, params } = alert.reason;
      const isOfMarket = isOnMarketClock(alert);
      const toldAtMs = isOfMarket ? journalled.find(([, value]) => enterThreshold === null || value >= enterThreshold)?.[0] : alert.raisedAtMs;
      const time = (at: number): string => (isOfMarket ? format.marketTime(at, timeZone) : format.time(at));
      const text = (value: number): string => metricText(metric, value, format, params.currencyID);
      const axisText = chartText(colours);
      const thresholds = [
        { name: 'chart.enter', value: enterThreshold, lineStyle: { color: colours.levels.force, width: 1.5 } },
        { name: 'chart.exit', value: exitThreshold, lineStyle: { color: colours.levels.warn, type: 'dotted' as const } },
      ].flatMap(({ value, ...rest }) => (value === null ? [] : [{ ...rest, value }]));
      const sides = markLabelSides(thresholds.map(({ value }) => value));
      const lines = [
        ...thresholds.map(({ name, value, lineStyle }, index) => ({
          yAxis: value,
          lineStyle,
          // Beside the plot, where no figure runs through the words, and away from the other threshold.
          label: { ...axisText, position: 'end', align: 'left', verticalAlign: sides[index], formatter: `${t(name)}\n${text(value)}` },
        })),
        ...(toldAtMs === undefined
          ? []
          : [{ xAxis: toldAtMs, lineStyle: { color: colours.text, type: 'dashed' as const }, label: { ...axisText, formatter: t('raised') } }]),
      ];
      const shown = [...sampled, ...journalled].map(([, value]) => value).concat(enterThreshold ?? [], exitThreshold ?? []);
      const [low, high] = [Math.min(...shown), Math.max(...shown)];
      const room = (high - low || Math.abs(high) || 1) * 0.1;
      return {
        grid: { left: 84, right: THRESHOLD_NAMES_PX, top: 22, bottom: 26 },
        tooltip: {
          valueFormatter: (value: unknown) => (typeof value === 'number' ? text(value) : t('app:unknown')),
        },
        xAxis: {
          type: 'time',
          ...spanOf([...sampled, ...journalled], isOfMarket ? params.fromMs : null),
          axisLabel: { ...axisText, formatter: time, hideOverlap: true },
        },
        yAxis: {
          type: 'value',
          min: low - room,
          max: high + room,
          // A count has no steps between its own.
          minInterval: shown.every(Number.isInteger) ? 1 : 0,
          axisLabel: { ...axisText, showMinLabel: false, showMaxLabel: false, formatter: text },
          splitLine: { lineStyle: { color: colours.faint } },
        },
        series: [
          {
            type: 'line',
            data: sampled,
            showSymbol: false,
            color: colours.accent,
            lineStyle: { width: 2 },
            markLine: { ...EXACT_LINES, data: lines },
          },
          { type: 'line', data: journalled, step: 'end', symbolSize: 7, color: colours.second, lineStyle: { width: sampled.length > 0 ? 0 : 1.5 } },
        ],
      };
    },
    [alert, sampled, journalled, t, format, timeZone],
  );
  const element = useLineChart(optionOf);
  return <div ref={element} className="alert-chart" role="img" aria-label={t('chart.label')} />;
}
