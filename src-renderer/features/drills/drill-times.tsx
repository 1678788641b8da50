/** Measured times of drills that may be compared, side by side, with their median and their worst: whether people get quicker shows here and nowhere else. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { MeasuredDrillTime } from '#shared/desk/drills/after-action';
import { comparableDrills, type DrillResult, summariseTimes } from '#shared/desk/drills/result';
import type { DrillIndex } from '#shared/desk/drills/score';
import { UNKNOWN_MARK } from '../../components/format/formatters';
import { useFormat } from '../../components/format/use-format';
import { TableHead } from '../../components/table-head';
import { useIndexText } from './use-index-text';
import { useWords } from './use-words';

/** More than fit on a screen say nothing more; the median and the worst are of all. */
const SHOWN_BESIDE = 4;

type TimedDrill = { key: string; head: string; times: readonly MeasuredDrillTime[]; index: DrillIndex };

/** `over`: the drills whose median and worst are shown; of fewer than two there is neither. */
export function TimesTable({ drills, over }: { drills: readonly TimedDrill[]; over: readonly Pick<DrillResult, 'times'>[] }): ReactNode {
  const { t } = useTranslation('drills');
  const format = useFormat();
  const textOf = useIndexText();
  const summary = over.length < 2 ? null : summariseTimes(over);
  const names = summariseTimes(over).map(({ name }) => name);
  const cell = (time: MeasuredDrillTime | undefined): string => {
    if (time === undefined) return UNKNOWN_MARK;
    return time.tookMs === null ? `${UNKNOWN_MARK} ${t(`timeReason.${time.reason ?? 'notSeen'}`)}` : format.duration(time.tookMs);
  };
  return (
    <table className="drill-table" data-testid="drill-times" data-compared={over.length}>
      <TableHead
        headings={[
          t('column.time'),
          ...drills.map(({ head }) => head),
          summary !== null && t('column.median'),
          summary !== null && t('column.worst'),
          summary !== null && t('column.seen'),
        ]}
      />
      <tbody>
        {names.map((name, row) => {
          const line = summary?.[row] ?? null;
          return (
            <tr key={name} data-testid={`drill-time-${name}`}>
              <td>{t(`time.${name}`)}</td>
              {drills.map(({ key, times }) => (
                <td key={key}>{cell(times.find((time) => time.name === name))}</td>
              ))}
              {line !== null && <td data-testid={`drill-median-${name}`}>{format.duration(line.medianMs)}</td>}
              {line !== null && <td data-testid={`drill-worst-${name}`}>{format.duration(line.worstMs)}</td>}
              {line !== null && (
                <td className="secondary">
                  {line.seenCount} / {over.length}
                </td>
              )}
            </tr>
          );
        })}
        <tr>
          <td>{t('index')}</td>
          {drills.map(({ key, index }) => (
            <td key={key}>{textOf(index)}</td>
          ))}
          {summary !== null && <td colSpan={3} />}
        </tr>
      </tbody>
    </table>
  );
}

/** Words above a column: when, which version of the scenario, and that another text of the plan was carried out than `than` names. */
export function useDrillHead(): (result: DrillResult, than: string | null) => string {
  const { t } = useTranslation('drills');
  const format = useFormat();
  return ({ endedAtMs, version, planHash }, than) => {
    const isOtherText = planHash !== null && than !== null && planHash !== than;
    return `${format.dateTime(endedAtMs)} v${version}${isOtherText ? ` · ${t('otherPlanText')}` : ''}`;
  };
}

/** Every scenario that was drilled, one table each. */
export function TimesAcrossDrills({ drills }: { drills: readonly DrillResult[] }): ReactNode {
  const { t } = useTranslation('drills');
  const words = useWords();
  const headOf = useDrillHead();
  const groups = comparableDrills(drills);
  return (
    <section className="panel-pad stack panel-body" data-testid="drill-times-across" data-groups={groups.length}>
      <p className="secondary">{t('acrossMeaning')}</p>
      {groups.length === 0 && <p>{t('acrossNone')}</p>}
      {groups.map(({ key, drills: [newest, ...before] }) => (
        <section key={key} className="stack" data-testid={`drill-across-${newest.scenarioId}`} data-count={before.length + 1}>
          <h3>
            {newest.planId} {words(newest.title)}{' '}
            <span className="secondary">
              {t(`type.${newest.type}`)} · {t(newest.isAnnounced ? 'announced' : 'unannounced')} · {t('drillCount', { count: before.length + 1 })}
            </span>
          </h3>
          <TimesTable
            drills={[newest, ...before]
              .slice(0, SHOWN_BESIDE)
              .map((drill) => ({ ...drill, key: drill.drillId, head: headOf(drill, newest.planHash) }))}
            over={[newest, ...before]}
          />
        </section>
      ))}
    </section>
  );
}
