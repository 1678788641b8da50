/** One run in a tab of its own. It opens from its last picture even while the engine is away. */
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { RefusalNotice } from '../../components/refusal-notice';
import { usePreferences } from '../../state/preferences';
import { useStream } from '../../state/use-stream';
import type { PanelProps } from '../registry';
import { RunPage } from './run-page';
import './plans.css';

export function RunPanel({ params, setTitle }: PanelProps): ReactNode {
  const { t } = useTranslation('plans');
  const runId = params.runId ?? '';
  const stream = useStream('run', { runId });
  const isChinese = usePreferences((state) => state.language === 'zh-CN');
  const run = stream.picture?.run ?? null;
  const title = run === null ? '' : `${run.planId} ${isChinese ? run.planTitleZh : run.planTitle}`;
  useEffect(() => {
    if (title !== '') setTitle(title);
  }, [title, setTitle]);
  return (
    <div className="panel-body">
      <RefusalNotice refusal={stream.refusal} />
      {run !== null ? <RunPage run={run} /> : <div className="empty">{stream.picture === null ? t('loading') : t('unknownRun')}</div>}
    </div>
  );
}
