/** The after-action report as it drafts itself: index, times beside earlier drills, tasks, capabilities and the story. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DrillView } from '#shared/contract/drills';
import type { DrillReport, StoryLine } from '#shared/desk/drills/after-action';
import type { DrillIndex } from '#shared/desk/drills/score';
import { UNKNOWN_MARK } from '../../components/format/formatters';
import { useFormat } from '../../components/format/use-format';
import { TableHead } from '../../components/table-head';
import { usePersonName } from '../../state/person-names';
import { TimesTable, useDrillHead } from './drill-times';
import { LapseList } from './lapse-list';
import { useIndexText } from './use-index-text';
import { useWords } from './use-words';

export function DrillReportView({ view }: { view: DrillView }): ReactNode {
  const { t } = useTranslation('drills');
  const words = useWords();
  const { report } = view;
  if (report === null) return <p className="secondary">{t('noReport')}</p>;
  return (
    <section className="stack" data-testid="drill-report" data-index={report.index.kind}>
      <IndexLine index={report.index} kappa={report.kappa} />
      {report.hasMissedReport && (
        <div className="drill-bad" data-testid="drill-missed-report">
          ▲ {t('missedReport')} {report.missedDuties.map(({ title }) => words(title)).join(', ')}
        </div>
      )}
      <LapseList lapses={report.lapses.map(({ taskId, why }) => ({ why, task: taskWords(view, taskId) }))} />
      <Times view={view} report={report} />
      <Tasks view={view} report={report} />
      <Capabilities view={view} report={report} />
      <Decisions report={report} />
      <h3>{t('story')}</h3>
      <ol className="drill-plain" data-testid="drill-story">
        {report.story.map((line) => (
          <StoryItem key={`${line.atMs}-${line.kind}-${line.no ?? ''}-${line.text}`} view={view} line={line} />
        ))}
      </ol>
    </section>
  );
}

function taskWords(view: DrillView, taskId: string): { en: string; zh: string } {
  return view.drill.scenario.criticalTasks.find((each) => each.taskId === taskId)?.text ?? { en: taskId, zh: taskId };
}

function IndexLine({ index, kappa }: { index: DrillIndex; kappa: number | null }): ReactNode {
  const { t } = useTranslation('drills');
  const format = useFormat();
  const textOf = useIndexText();
  return (
    <div className="row">
      <strong data-testid="drill-index">
        {t('index')}: {textOf(index)}
      </strong>
      <span className="secondary" title={t('kappaMeaning')}>
        {t('kappa')}: {kappa === null ? UNKNOWN_MARK : format.number(kappa, 2)}
      </span>
      <span className="secondary">{t('scoringCertainty')}</span>
    </div>
  );
}

function Decisions({ report }: { report: DrillReport }): ReactNode {
  const { t } = useTranslation('drills');
  const format = useFormat();
  const words = useWords();
  const nameOf = usePersonName();
  return (
    <>
      <h3>{t('decisions')}</h3>
      {report.decisions.length === 0 && <p className="secondary">{t('noDecisions')}</p>}
      <ul className="drill-plain" data-testid="drill-decisions">
        {report.decisions.map(({ no, atMs, by, title, choice, note }) => (
          <li key={no}>
            <span className="secondary">
              {format.time(atMs)} · {nameOf(by)}
            </span>{' '}
            {no} {words(title)}: <strong>{choice === null ? (note ?? '') : words(choice)}</strong> {choice === null ? '' : (note ?? '')}
          </li>
        ))}
      </ul>
    </>
  );
}

function Times({ view, report }: { view: DrillView; report: DrillReport }): ReactNode {
  const { t } = useTranslation('drills');
  const headOf = useDrillHead();
  const { earlier, drill } = view;
  const { times, index } = report;
  const sound = earlier.filter(({ isAborted, hasLeaked }) => !isAborted && !hasLeaked);
  return (
    <>
      <h3>{t('times')}</h3>
      <TimesTable
        drills={[
          { key: drill.drillId, head: t('column.thisDrill'), times, index },
          ...earlier.map((other) => ({ ...other, key: other.drillId, head: headOf(other, view.planHash) })),
        ]}
        over={[{ times }, ...sound]}
      />
      {earlier.length === 0 && <p className="secondary">{t('noEarlier')}</p>}
    </>
  );
}

function Tasks({ view, report }: { view: DrillView; report: DrillReport }): ReactNode {
  const { t } = useTranslation('drills');
  const format = useFormat();
  const words = useWords();
  return (
    <>
      <h3>{t('tasks')}</h3>
      <table className="drill-table">
        <TableHead headings={[t('task'), t('column.took'), t('column.evidence'), t('column.points')]} />
        <tbody>
          {report.tasks.map(({ taskId, facts, score, isMarked, needsAdjudication }) => {
            const task = view.drill.scenario.criticalTasks.find((each) => each.taskId === taskId);
            const why = needsAdjudication ? 'adjudicate' : facts.isSkipApproved ? 'skipApproved' : isMarked ? null : 'notMarked';
            return (
              <tr key={taskId}>
                <td>{task === undefined ? taskId : words(task.text)}</td>
                <td>
                  {facts.tookMs === null ? t('notDone') : format.duration(facts.tookMs)} / {format.duration(facts.targetMs)}
                  {score.isLate && ` ▲ ${t('late')}`}
                </td>
                <td>
                  {facts.evidenceAttached} / {facts.evidenceRequired}
                </td>
                <td>{score.points === null ? `${UNKNOWN_MARK} ${t(why ?? 'notMarked')}` : format.number(score.points, 0)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </>
  );
}

function Capabilities({ view, report }: { view: DrillView; report: DrillReport }): ReactNode {
  const { t } = useTranslation('drills');
  const words = useWords();
  return (
    <>
      <h3>{t('capabilities')}</h3>
      <ul className="drill-plain">
        {report.capabilities.map(({ capabilityId, rating }) => {
          const capability = view.drill.scenario.capabilities.find((each) => each.capabilityId === capabilityId);
          return (
            <li key={capabilityId}>
              <strong>{rating === null ? UNKNOWN_MARK : rating}</strong> {capability === undefined ? capabilityId : words(capability.title)}
              {rating !== null && <span className="secondary"> · {t(`rating.${rating}`)}</span>}
            </li>
          );
        })}
      </ul>
    </>
  );
}

function StoryItem({ view, line }: { view: DrillView; line: StoryLine }): ReactNode {
  const { t } = useTranslation('drills');
  const format = useFormat();
  const nameOf = usePersonName();
  const words = useWords();
  const inject = line.kind === 'inject' ? view.drill.scenario.injects.find(({ no }) => no === line.no) : undefined;
  const said = inject === undefined ? (line.text === 'realCriticalAlert' ? t('realAlertPause') : line.text) : `${words(inject.content)} ${line.text}`;
  return (
    <li>
      <span className="secondary">
        {format.time(line.atMs)} · {format.duration(line.drillMs)}
      </span>{' '}
      {t(`storyKind.${line.kind}`, { no: line.no ?? '' })} {said}
      {line.by !== null && <span className="secondary"> · {line.by === 'engine' ? t('byItself') : nameOf(line.by)}</span>}
    </li>
  );
}
