/** One drill: its clock and what may be done, then its injects, its evaluation, its report and what is to be bettered. */
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DrillView } from '#shared/contract/drills';
import { drillTimeMs } from '#shared/desk/drills/drill';
import { Choice } from '../../components/choice';
import { useFormat } from '../../components/format/use-format';
import { PaperButtons } from '../../components/paper-buttons';
import { RefusalNotice } from '../../components/refusal-notice';
import { openPanel } from '../../state/navigation';
import { usePersonName } from '../../state/person-names';
import { useNow } from '../../state/use-now';
import { useStream } from '../../state/use-stream';
import { DrillActions } from './drill-actions';
import { DrillReportView } from './drill-report';
import { Evaluation } from './evaluation';
import { Improvements } from './improvements';
import { Injects } from './injects';
import { ReportDeadlines } from './report-deadlines';
import { useWords } from './use-words';

const SECTIONS = ['injects', 'evaluation', 'report', 'improvements'] as const;
type Section = (typeof SECTIONS)[number];

export function DrillPage({ drillId }: { drillId: string }): ReactNode {
  const { t } = useTranslation('drills');
  const { picture, refusal } = useStream('drill', drillId === '' ? null : { drillId });
  const [section, setSection] = useState<Section>('injects');
  const view = picture?.view ?? null;
  if (view === null) return refusal === null ? <div className="empty">{t('app:loading')}</div> : <RefusalNotice refusal={refusal} />;
  const shown = view.isPlanHidden ? 'injects' : section;
  return (
    <article className="panel-pad stack" data-testid="drill" data-drill={drillId} data-state={view.drill.state} data-hidden={view.isPlanHidden}>
      <Head view={view} />
      <DrillActions view={view} />
      <ReportDeadlines drillId={drillId} />
      {!view.isPlanHidden && <PaperButtons of={{ kind: 'drill', id: drillId }} testId="drill-paper" />}
      {!view.isPlanHidden && (
        <Choice
          label={t('sections')}
          name="drill-section"
          values={SECTIONS}
          chosen={section}
          text={(each) => t(`section.${each}`)}
          onChoose={setSection}
        />
      )}
      {shown === 'injects' && <Injects view={view} />}
      {shown === 'evaluation' && <Evaluation view={view} />}
      {shown === 'report' && <DrillReportView view={view} />}
      {shown === 'improvements' && <Improvements view={view} />}
    </article>
  );
}

function Head({ view: { drill, isPlanHidden } }: { view: DrillView }): ReactNode {
  const { t } = useTranslation('drills');
  const words = useWords();
  const format = useFormat();
  const nameOf = usePersonName();
  const nowMs = useNow();
  const { scenario } = drill;
  const names = (people: readonly string[]): string => (people.length === 0 ? t('nobody') : people.map(nameOf).join(', '));
  return (
    <header className="stack">
      <div className="row">
        <h2 className="truncate">
          {scenario.planId} {words(scenario.title)}
        </h2>
        <span className="spacer" />
        <strong data-testid="drill-state">{t(`state.${drill.state}`)}</strong>
        {drill.startedAtMs !== null && (
          <strong className="drill-clock" data-testid="drill-clock" title={t('clockMeaning')}>
            {format.duration(drillTimeMs(drill, nowMs))}
          </strong>
        )}
      </div>
      <div className="secondary">
        {t(`type.${scenario.type}`)} · {t(scenario.isAnnounced ? 'announced' : 'unannounced')} · {t('part.players')}: {names(drill.players)} ·{' '}
        {t('part.controllers')}: {names(drill.controllers)} · {t('part.evaluators')}: {names(drill.evaluators)}
      </div>
      <div>
        <strong>{t('stopWord')}:</strong> {words(scenario.stopWord)} · <span className="secondary">{words(scenario.safetyCheck)}</span>
      </div>
      {isPlanHidden && <div className="drill-note">{t('planHidden')}</div>}
      {drill.leak !== null && (
        <div className="drill-bad" role="alert">
          ▲ {t('leaked')}: {drill.leak.text}
        </div>
      )}
      <div className="row">
        <span className="secondary">{drill.runId === null ? t('noRun', { plan: scenario.planId }) : t('runLinked')}</span>
        <button type="button" className="link-button" onClick={() => openPanel(drill.runId === null ? 'plans' : 'runs')}>
          {t(drill.runId === null ? 'toPlans' : 'toRuns')}
        </button>
      </div>
    </header>
  );
}
