/** How an account's degree came to where it is: our own figures as they were, with the levels in force and gaps where nothing was known. */
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AccountHistory } from '#shared/contract/numbers-account';
import type { AccountPicture } from '#shared/contract/streams';
import type { ChartTheme } from '../../components/chart-theme';
import { Choice } from '../../components/choice';
import { ExportButtons } from '../../components/export-buttons';
import { isKnown } from '../../components/format/formatters';
import { useFormat } from '../../components/format/use-format';
import { usableBreaks } from '../../components/heatmap/colour-scale';
import { markLabelPlaces } from '../../components/mark-labels';
import { RefusalNotice } from '../../components/refusal-notice';
import { chartText, EXACT_LINES, useLineChart } from '../../components/use-line-chart';
import { useNow } from '../../state/use-now';
import { useRequest } from '../../state/use-stream';
import './explain.css';

const REFRESH_MS = 5000;
const SHOWN = ['degrees', 'money'] as const;
type Shown = (typeof SHOWN)[number];

type Props = { accountID: string; levels: AccountPicture['levels'] };

export function DegreeHistory({ accountID, levels }: Props): ReactNode {
  const { t } = useTranslation('explain');
  const format = useFormat();
  const nowMs = useNow();
  const [chosen, setChosen] = useState<Shown | null>(null);
  const { answer, refusal, reload } = useRequest('account.history', { accountID }, Math.floor(nowMs / REFRESH_MS));
  const range = useMemo(() => (answer === null ? null : rangeOf(answer)), [answer]);
  const hasNoDegree = range !== null && range.lowest === null;
  // Without a degree in all of it, equity and margin are what there is to see.
  const shown = chosen ?? (hasNoDegree && answer?.balance.some(isKnown) === true ? 'money' : 'degrees');
  return (
    <section className="account-section" data-testid="history" data-points={answer?.atMs.length ?? ''} aria-label={t('history.title')}>
      <div className="panel-bar">
        <Choice label={t('history.show')} name="history" values={SHOWN} chosen={shown} text={(each) => t(`history.${each}`)} onChoose={setChosen} />
        {answer !== null && (
          <span className="secondary">{t('history.every', { age: format.duration(answer.everyMs), count: answer.atMs.length })}</span>
        )}
        <div className="spacer" />
        <ExportButtons testId="export-history" payload={() => ({ table: 'history', scope: { accountID } })} />
      </div>
      <RefusalNotice refusal={refusal} action={t('history.title')} onRetry={reload} />
      {answer === null && refusal === null && <div className="empty">{t('app:loading')}</div>}
      {answer !== null && range === null && <div className="empty">{t('history.none')}</div>}
      {answer !== null && range !== null && (
        <>
          {hasNoDegree && (
            <div className="section-note warning-note" role="note" data-testid="history-no-degree">
              {t(answer.balance.some((balance) => balance <= 0) ? 'history.noDegree' : 'history.unknown')}
            </div>
          )}
          {(shown === 'money' || !hasNoDegree) && <HistoryChart history={answer} shown={shown} levels={levels} />}
          {!hasNoDegree && (
            <p className="section-note" data-testid="history-summary">
              {t('history.summary', {
                from: format.time(range.fromMs),
                to: format.time(range.toMs),
                last: format.percent(range.last, 2),
                lowest: format.percent(range.lowest, 2),
                highest: format.percent(range.highest, 2),
              })}
            </p>
          )}
        </>
      )}
    </section>
  );
}

function rangeOf({
  atMs,
  riskDegree,
}: AccountHistory): { fromMs: number; toMs: number; last: number; lowest: number | null; highest: number | null } | null {
  const first = atMs[0];
  const end = atMs.at(-1);
  if (first === undefined || end === undefined) return null;
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const degree of riskDegree) {
    if (!isKnown(degree)) continue;
    lowest = Math.min(lowest, degree);
    highest = Math.max(highest, degree);
  }
  const isAny = lowest <= highest;
  return { fromMs: first, toMs: end, last: riskDegree.at(-1) ?? Number.NaN, lowest: isAny ? lowest : null, highest: isAny ? highest : null };
}

function pointsOf(atMs: Float64Array, values: Float64Array, factor: number): [number, number | null][] {
  return Array.from(atMs, (at, index) => {
    const value = values[index];
    return [at, isKnown(value) ? value * factor : null];
  });
}

function HistoryChart({ history, shown, levels }: { history: AccountHistory; shown: Shown; levels: AccountPicture['levels'] }): ReactNode {
  const { t } = useTranslation('explain');
  const format = useFormat();
  const optionOf = useCallback(
    (colours: ChartTheme) => {
      const axisText = chartText(colours);
      const isDegree = shown === 'degrees';
      const lines = isDegree
        ? ([
            ['riskDegree', history.riskDegree, 'solid', colours.accent],
            ['exchangeRiskDegree', history.exchangeRiskDegree, 'dashed', colours.second],
          ] as const)
        : ([
            ['balance', history.balance, 'solid', colours.accent],
            ['currMargin', history.currMargin, 'dashed', colours.second],
          ] as const);
      const breaks = usableBreaks(levels);
      const places = markLabelPlaces(breaks.map(({ enterDegree }) => enterDegree));
      const value = (number: number) => (isDegree ? format.percent(number / 100, 1) : format.compact(number));
      return {
        legend: { top: 4, textStyle: axisText, itemWidth: 28 },
        grid: { left: 64, right: 24, top: 34, bottom: 28 },
        tooltip: {
          valueFormatter: (number: unknown) =>
            typeof number !== 'number' ? t('app:unknown') : isDegree ? format.percent(number / 100, 2) : format.number(number, 2),
        },
        xAxis: {
          type: 'time',
          axisLabel: { ...axisText, formatter: (at: number) => format.time(at), hideOverlap: true },
          axisLine: { lineStyle: { color: colours.line } },
        },
        yAxis: {
          type: 'value',
          scale: true,
          axisLabel: { ...axisText, formatter: (number: number) => value(number) },
          splitLine: { lineStyle: { color: colours.faint } },
        },
        series: lines.map(([field, values, type, colour], index) => ({
          type: 'line',
          name: t(`table:column.${field}`),
          data: pointsOf(history.atMs, values, isDegree ? 100 : 1),
          connectNulls: false,
          showSymbol: history.atMs.length < 40,
          symbolSize: 4,
          color: colour,
          lineStyle: { type, width: 2 },
          ...(isDegree && index === 0
            ? {
                markLine: {
                  ...EXACT_LINES,
                  data: breaks.map((entry, at) => ({
                    yAxis: entry.enterDegree * 100,
                    lineStyle: { color: colours.levels[entry.level], type: 'dotted', width: 1.5 },
                    label: {
                      position: places[at],
                      ...axisText,
                      formatter: `${t(`table:value.level.${entry.level}`)} ${format.percent(entry.enterDegree, 0)}`,
                    },
                  })),
                },
              }
            : {}),
        })),
      };
    },
    [history, shown, levels, t, format],
  );
  const element = useLineChart(optionOf);
  return <div ref={element} className="history-chart" role="img" aria-label={t('history.chart')} />;
}
