/** Nobody may take a drill for the market: across the whole page, on every page, with what the drill does now. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { drillTimeMs } from '#shared/desk/drills/drill';
import { useFormat } from '../../components/format/use-format';
import { openPanel } from '../../state/navigation';
import { useNow } from '../../state/use-now';
import { useStream } from '../../state/use-stream';
import { useWords } from './use-words';
import './drills.css';

export function DrillBanner(): ReactNode {
  const { t } = useTranslation('drills');
  const format = useFormat();
  const words = useWords();
  const nowMs = useNow();
  const going = useStream('drills', {}).picture?.drills.find(({ state }) => state === 'running' || state === 'paused') ?? null;
  const view = useStream('drill', going === null ? null : { drillId: going.drillId }).picture?.view ?? null;
  useEffect(() => {
    document.title = `${t('banner.word')} · Floorwatch`;
  }, [t]);
  const pause = view?.drill.pauses.find(({ toMs }) => toMs === null) ?? null;
  return (
    <div className="drill-banner" role="alert" data-testid="banner-drill" data-state={view?.drill.state ?? 'none'}>
      <strong>◆ {t('banner.word')} ◆</strong>
      <span>{t('banner.meaning')}</span>
      {view !== null && (
        <span>
          {words(view.drill.scenario.title)} · {format.duration(drillTimeMs(view.drill, nowMs))}
        </span>
      )}
      {pause !== null && (
        <strong data-testid="banner-drill-paused">
          ‖ {t('paused')}: {pause.reason === 'realCriticalAlert' ? t('realAlertPause') : pause.reason}
        </strong>
      )}
      {view !== null && <span>{t('banner.stopWord', { words: words(view.drill.scenario.stopWord) })}</span>}
      <Button size="small" variant="outlined" data-testid="banner-drill-open" onClick={() => openPanel('drills')}>
        {t('title')}
      </Button>
    </div>
  );
}
