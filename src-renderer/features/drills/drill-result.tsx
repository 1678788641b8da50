/** What is known at the firm's own desk of one drill: how it ended, its times beside those before it, and what is still to be bettered. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type DrillResult, keyOf } from '#shared/desk/drills/result';
import { useFormat } from '../../components/format/use-format';
import { TimesTable, useDrillHead } from './drill-times';
import { LapseList } from './lapse-list';
import { ReportDeadlines } from './report-deadlines';
import { useIndexText } from './use-index-text';
import { useWords } from './use-words';

/** As many as an after-action report compares with. */
const BESIDE = 3;

export function DrillResultPage({ result, all }: { result: DrillResult; all: readonly DrillResult[] }): ReactNode {
  const { t } = useTranslation('drills');
  const words = useWords();
  const textOf = useIndexText();
  const headOf = useDrillHead();
  const { drillId, planId, title, state, type, isAnnounced, index, improvements, lapses, startedAtMs, endedAtMs } = result;
  const earlier = all
    .filter((other) => other.drillId !== drillId && other.endedAtMs !== null && other.endedAtMs <= (endedAtMs ?? 0) && keyOf(other) === keyOf(result))
    .slice(0, BESIDE);
  const sound = earlier.filter(({ isAborted, hasLeaked }) => !isAborted && !hasLeaked);
  return (
    <article className="panel-pad stack" data-testid="drill-result" data-drill={drillId} data-state={state} data-index={index.kind}>
      <div className="row">
        <h2 className="truncate">
          {planId} {words(title)}
        </h2>
        <span className="spacer" />
        <strong>{t(`state.${state}`)}</strong>
      </div>
      <div className="secondary">
        {t(`type.${type}`)} · {t(isAnnounced ? 'announced' : 'unannounced')}
      </div>
      {endedAtMs !== null && (
        <strong>
          {t('index')}: {textOf(index)}
        </strong>
      )}
      {endedAtMs === null && <p>{t(startedAtMs === null ? 'notHeldYet' : 'goesOn')}</p>}
      <LapseList lapses={lapses} />
      <ReportDeadlines drillId={drillId} />
      {endedAtMs !== null && (
        <>
          <h3>{t('times')}</h3>
          <TimesTable
            drills={[result, ...earlier].map((drill) => ({ ...drill, key: drill.drillId, head: headOf(drill, result.planHash) }))}
            over={[result, ...sound]}
          />
          {earlier.length === 0 && <p className="secondary">{t('noEarlier')}</p>}
        </>
      )}
      {improvements.length > 0 && <h3>{t('section.improvements')}</h3>}
      {improvements.map((improvement) => (
        <ImprovementLine key={improvement.actionId} improvement={improvement} />
      ))}
      <p className="secondary">{t('resultMeaning')}</p>
    </article>
  );
}

function ImprovementLine({ improvement }: { improvement: DrillResult['improvements'][number] }): ReactNode {
  const { t } = useTranslation('drills');
  const format = useFormat();
  const words = useWords();
  const { text, kind, owner, dueDate, task, closedBy } = improvement;
  return (
    <div className="drill-task" data-testid="drill-result-improvement" data-closed={closedBy !== null}>
      <strong>{text}</strong>{' '}
      <span className="secondary">
        {t(`kind.${kind}`)} · {owner} · {dueDate} · {words(task)}
      </span>
      <div>
        {closedBy === null
          ? t('noRetest')
          : `✓ ${t('provedAt', { time: format.dateTime(closedBy.atMs), points: format.number(closedBy.points, 0) })}`}
      </div>
    </div>
  );
}
