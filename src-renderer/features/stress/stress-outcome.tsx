/** What the scenarios do in sum: levels before and after, calls, forced, no equity, the firm's loss, who changes level, and a second opinion. */
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DEGREE_BINS, RISK_LEVELS, type StressParams, type StressPicture, type StressSummary } from '#shared/contract/numbers-stress';
import type { Scope } from '#shared/contract/streams';
import { Choice } from '../../components/choice';
import { LEVEL_SIGNS } from '../../components/data-table/column';
import { reasonText } from '../../components/data-table/reason-text';
import { ExportButtons } from '../../components/export-buttons';
import { Age, Unknown } from '../../components/format/figure';
import { useFormat } from '../../components/format/use-format';
import { LevelMark } from '../../components/level-mark';
import { Select } from '../../components/select';
import { figures, TableHead } from '../../components/table-head';
import { useMarketTimeZone } from '../../state/shown-market';
import { openAccountAt } from '../accounts/account-sections';
import { useColumnName } from './use-column-name';
import { VarBlock } from './var-block';

const TABS = ['summary', 'changed', 'distribution', 'var'] as const;

/** `scope` is what the person drilled into: all figures of the outcome are of its accounts alone. */
type Props = { picture: StressPicture; builtAtMs: number | null; params: StressParams; scope: { scope: Scope; label: string } | null };

export function StressOutcome({ picture, builtAtMs, params, scope }: Props): ReactNode {
  const { t } = useTranslation('stress');
  const format = useFormat();
  const timeZone = useMarketTimeZone();
  const columnName = useColumnName();
  const [tab, setTab] = useState<(typeof TABS)[number]>('summary');
  const [chosenKey, setChosenKey] = useState<string | null>(null);
  // The worst one is what a person wants to see first; a choice of their own stays while its column is there.
  const chosen = picture.summaries.find((each) => each.key === chosenKey) ?? worstOf(picture.summaries);
  const nameOf = (summary: StressSummary): string => {
    const column = picture.columns.find((each) => each.key === summary.key);
    return column === undefined ? summary.key : columnName(column);
  };
  const columnWords = (): Record<string, string> =>
    Object.fromEntries(picture.columns.map((column) => [`scenario.${column.label.slice(0, 60)}`, columnName(column)]));
  const department = scope?.scope.departmentID;
  return (
    <section
      className="stress-outcome"
      data-testid="stress-outcome"
      data-scope={scope?.label ?? ''}
      aria-label={scope === null ? t('outcome') : t('outcomeOf', { scope: scope.label })}
    >
      <div className="panel-bar">
        <Choice
          label={t('outcome')}
          name="outcome"
          values={TABS}
          chosen={tab}
          text={(each) => (each === 'summary' && scope !== null ? scope.label : t(`tab.${each}`))}
          onChoose={setTab}
        />
        {(tab === 'changed' || tab === 'distribution') && chosen !== null && (
          <Select
            isSmall
            label={t('columns.label')}
            options={picture.summaries.map((each) => ({ value: each.key, label: nameOf(each) }))}
            value={chosen.key}
            testId="outcome-column"
            onValueChange={setChosenKey}
          />
        )}
        <div className="spacer" />
        <Currencies currencies={picture.currencies} />
        <span
          className="secondary"
          data-testid="stress-computed"
          data-at={picture.computedAtMs}
          title={t('computedHint', { time: format.marketDateTime(picture.marketAsOfMs, timeZone) })}
        >
          {t('computed', { duration: format.number(picture.computedInMs, 0) })} <Age atMs={builtAtMs} />
        </span>
        {(tab === 'summary' || tab === 'distribution') && (
          <ExportButtons testId="export-stress-summary" payload={() => ({ table: 'stressSummary', stress: params, words: columnWords() })} />
        )}
      </div>
      <div className="section-scroll">
        {tab === 'summary' && (
          <SummaryTable
            picture={picture}
            chosenKey={chosen?.key ?? null}
            nameOf={nameOf}
            onChoose={(key) => {
              setChosenKey(key);
              setTab('changed');
            }}
          />
        )}
        {tab === 'changed' && (chosen === null ? <div className="empty">{t('choose')}</div> : <ChangedAccounts summary={chosen} />)}
        {tab === 'distribution' && (chosen === null ? <div className="empty">{t('choose')}</div> : <Distribution now={picture.now} after={chosen} />)}
        {tab === 'var' && <VarBlock of={department === undefined ? { type: 'firm' } : { type: 'department', departmentID: department }} />}
      </div>
    </section>
  );
}

/** What the sums are amounts of; of several currencies they are amounts of none. */
function Currencies({ currencies }: { currencies: readonly string[] }): ReactNode {
  const { t } = useTranslation('stress');
  if (currencies.length === 0) return null;
  return (
    <span className={currencies.length === 1 ? 'secondary' : 'warning-note'} data-testid="stress-currencies">
      {currencies.length === 1 ? t('amountsIn', { currency: currencies[0] }) : `▲ ${t('amountsMixed', { currencies: currencies.join(', ') })}`}
    </span>
  );
}

function worstOf(summaries: readonly StressSummary[]): StressSummary | null {
  return summaries.reduce<StressSummary | null>(
    (worst, each) =>
      worst === null || each.firmLoss > worst.firmLoss || (each.firmLoss === worst.firmLoss && each.changedCount > worst.changedCount) ? each : worst,
    null,
  );
}

type SummaryProps = { picture: StressPicture; chosenKey: string | null; nameOf(summary: StressSummary): string; onChoose(key: string): void };

function SummaryTable({ picture, chosenKey, nameOf, onChoose }: SummaryProps): ReactNode {
  const { t } = useTranslation('stress');
  const row = (summary: StressSummary, isNow: boolean): ReactNode => (
    <SummaryRow
      key={isNow ? 'now' : summary.key}
      summary={summary}
      now={picture.now}
      isNow={isNow}
      isChosen={!isNow && summary.key === chosenKey}
      name={isNow ? t('now') : nameOf(summary)}
      onChoose={() => onChoose(summary.key)}
    />
  );
  return (
    <>
      <table className="plain-table stress-summary" data-testid="stress-summary">
        <TableHead
          headings={[
            t('scenario'),
            ...RISK_LEVELS.map((level) =>
              figures(
                <>
                  <span aria-hidden="true">{LEVEL_SIGNS[level]} </span>
                  {t(`table:value.level.${level}`)}
                </>,
                t(`table:value.level.${level}`),
              ),
            ),
            ...(['calls', 'callAmount', 'firmLoss', 'balanceChange', 'changedCount'] as const).map((field) =>
              figures(t(`summary.${field}`), t(`summaryHint.${field}`)),
            ),
          ]}
        />
        <tbody>
          {row(picture.now, true)}
          {picture.summaries.map((summary) => row(summary, false))}
        </tbody>
      </table>
      <UnknownNote picture={picture} />
    </>
  );
}

/** How many accounts are in none of the sums, and why. */
function UnknownNote({ picture }: { picture: StressPicture }): ReactNode {
  const { t } = useTranslation('stress');
  const lines = new Set(
    [picture.now, ...picture.summaries].flatMap(({ unknown, unknownReasons }) => {
      if (unknown === 0) return [];
      const why = unknownReasons.map((reason) => reasonText(t, reason)).join('; ');
      return [t('accountsUnknown', { count: unknown }), ...(why === '' ? [] : [t('overview:heatmap.why', { reason: why })])].join(' ');
    }),
  );
  if (lines.size === 0) return null;
  return (
    <ul className="section-note" data-testid="stress-unknowns">
      {[...lines].map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

type SummaryRowProps = { summary: StressSummary; now: StressSummary; isNow: boolean; isChosen: boolean; name: string; onChoose(): void };

function SummaryRow({ summary, now, isNow, isChosen, name, onChoose }: SummaryRowProps): ReactNode {
  const { t } = useTranslation('stress');
  const format = useFormat();
  const { unknown } = summary;
  const isAllUnknown = unknown > 0 && unknown === RISK_LEVELS.reduce((sum, level) => sum + summary.levels[level], 0);
  /** A sum over accounts that are not known says so, and one over none that is known is no number. */
  const summed = (text: string): ReactNode =>
    isAllUnknown ? (
      <Unknown reason={t('allUnknown', { count: unknown })} />
    ) : unknown > 0 ? (
      <span title={t('withoutUnknown', { count: unknown })}>
        {text}
        <span aria-hidden="true" className="secondary">
          {' '}
          ?
        </span>
        <span className="visually-hidden">{t('withoutUnknown', { count: unknown })}</span>
      </span>
    ) : (
      text
    );
  return (
    <tr data-testid="stress-summary-row" data-column={isNow ? 'now' : summary.key} data-changed={summary.changedCount} data-chosen={isChosen}>
      <th scope="row">
        {isNow ? (
          name
        ) : (
          <button type="button" className="link-button" onClick={onChoose}>
            {name}
          </button>
        )}
      </th>
      {RISK_LEVELS.map((level) => {
        const count = summary.levels[level];
        const change = count - now.levels[level];
        return (
          <td key={level} className="number">
            {format.number(count)}
            {!isNow && change !== 0 && <span className="stress-change">{format.signed(change, 0)}</span>}
          </td>
        );
      })}
      <td className="number">{summed(format.number(summary.calls))}</td>
      <td className="number">{summed(format.number(summary.callAmount, 2))}</td>
      <td className="number">{summed(format.number(summary.firmLoss, 2))}</td>
      <td className={`number${summary.balanceChange > 0 ? ' up' : summary.balanceChange < 0 ? ' down' : ''}`}>
        {isNow ? '' : summed(format.signed(summary.balanceChange, 2))}
      </td>
      <td className="number">{isNow ? '' : format.number(summary.changedCount)}</td>
    </tr>
  );
}

function ChangedAccounts({ summary }: { summary: StressSummary }): ReactNode {
  const { t } = useTranslation('stress');
  const format = useFormat();
  if (summary.changedCount === 0) return <div className="empty">{t('nobodyChanges')}</div>;
  return (
    <>
      {summary.changed.length < summary.changedCount && (
        <div className="section-note">{t('changedShown', { shown: summary.changed.length, total: summary.changedCount })}</div>
      )}
      <table className="plain-table" data-testid="stress-changed">
        <TableHead headings={[t('table:column.accountID'), t('levelNow'), t('levelAfter'), figures(t('balanceAfter')), figures(t('degreeAfter'))]} />
        <tbody>
          {summary.changed.map((account) => (
            <tr key={account.accountID} data-testid="stress-changed-row">
              <td>
                <button type="button" className="link-button" onClick={() => openAccountAt(account.accountID, 'stress')}>
                  {account.accountID}
                </button>{' '}
                <span className="secondary">{account.accountName}</span>
              </td>
              <td>
                <LevelMark level={account.from} />
              </td>
              <td>
                <LevelMark level={account.to} />
              </td>
              <td className="number">{format.number(account.balance, 2)}</td>
              <td className="number">{account.to === 'negative' ? t('overview:heatmap.negativeShort') : format.percent(account.riskDegree, 2)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function Distribution({ now, after }: { now: StressSummary; after: StressSummary }): ReactNode {
  const { t } = useTranslation('stress');
  const format = useFormat();
  const bins = [...DEGREE_BINS.keys(), DEGREE_BINS.length].map((index) => {
    const from = index === 0 ? 0 : (DEGREE_BINS[index - 1] ?? 0);
    const to = DEGREE_BINS[index];
    const label =
      to === undefined
        ? t('bin.above', { from: format.percent(from, 0) })
        : t('bin.between', { from: format.percent(from, 0), to: format.percent(to, 0) });
    return { label, now: now.degreeBins[index] ?? 0, after: after.degreeBins[index] ?? 0 };
  });
  const rows = [
    ...bins,
    { label: t('bin.noDegree'), now: now.noDegree, after: after.noDegree },
    { label: t('bin.unknown'), now: now.unknown, after: after.unknown },
  ];
  const most = Math.max(1, ...rows.flatMap((row) => [row.now, row.after]));
  const bar = (count: number, kind: 'now' | 'after'): ReactNode => (
    <span className="stress-bar" data-kind={kind} style={{ width: `${(100 * count) / most}%` }} aria-hidden="true" />
  );
  return (
    <table className="plain-table stress-distribution" data-testid="stress-distribution">
      <TableHead headings={[t('table:column.riskDegree'), figures(t('now')), figures(t('after')), t('accounts')]} />
      <tbody>
        {rows.map((row) => (
          <tr key={row.label}>
            <td>{row.label}</td>
            <td className="number">{format.number(row.now)}</td>
            <td className="number">{format.number(row.after)}</td>
            <td className="stress-bars">
              {bar(row.now, 'now')}
              {bar(row.after, 'after')}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
