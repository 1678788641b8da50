/** All runs that a person may still act on or has just ended, and the chosen one in full. */
import { Button } from '@blueprintjs/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run } from '#shared/desk/plans/plan';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { openPanel } from '../../state/navigation';
import { usePreferences } from '../../state/preferences';
import { useNow } from '../../state/use-now';
import { useStream } from '../../state/use-stream';
import { chooseRun, useChosenRun } from './chosen-run';
import { RunPage } from './run-page';
import './plans.css';

export function RunsPanel(): ReactNode {
  const { t } = useTranslation('plans');
  const stream = useStream('runs', {});
  const chosenId = useChosenRun((state) => state.runId);
  const runs = stream.picture?.runs ?? null;
  const chosen = runs?.find((run) => run.runId === chosenId) ?? runs?.find((run) => run.state === 'running') ?? runs?.[0] ?? null;
  if (runs === null) {
    return stream.refusal === null ? <div className="empty">{t('loading')}</div> : <RefusalNotice refusal={stream.refusal} />;
  }
  if (chosen === null) {
    return (
      <div className="empty" data-testid="runs-empty">
        <strong>{t('noRuns')}</strong>
        <span>{t('noRunsTodo')}</span>
      </div>
    );
  }
  return (
    <>
      <div className="panel-bar run-tabs" role="tablist" aria-label={t('runs')}>
        {runs.map((run) => (
          <RunTab key={run.runId} run={run} isChosen={run.runId === chosen.runId} onChoose={() => chooseRun(run.runId)} />
        ))}
        <div className="spacer" />
        <Button
          size="small"
          variant="minimal"
          data-testid="run-own-tab"
          title={t('ownTab')}
          aria-label={t('ownTab')}
          onClick={() => openPanel('run', { runId: chosen.runId })}
        >
          ↗
        </Button>
      </div>
      <div className="panel-body">
        <RunPage key={chosen.runId} run={chosen} />
      </div>
    </>
  );
}

const RUN_GLYPHS: Record<Run['state'], string> = { running: '▶', finished: '✓', aborted: '✕', amended: '▲' };

function RunTab({ run, isChosen, onChoose }: { run: Run; isChosen: boolean; onChoose: () => void }): ReactNode {
  const { t } = useTranslation('plans');
  const format = useFormat();
  const nowMs = useNow();
  const isChinese = usePreferences((state) => state.language === 'zh-CN');
  return (
    <button
      type="button"
      role="tab"
      aria-selected={isChosen}
      className="run-tab"
      data-testid={`run-tab-${run.runId}`}
      data-state={run.state}
      onClick={onChoose}
    >
      {RUN_GLYPHS[run.state]} {run.mode === 'drill' && `◆ ${t('drill')} `}
      {run.planId} {isChinese ? run.planTitleZh : run.planTitle}{' '}
      <span className="secondary">{run.state === 'running' ? format.countdown(nowMs - run.startedAtMs) : t(`runState.${run.state}`)}</span>
    </button>
  );
}
