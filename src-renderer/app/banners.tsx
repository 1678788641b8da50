/** What is wrong now, said once across the page: since when, how old the picture is, and what still works. */
import { Button } from '@blueprintjs/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { StatusPicture } from '#shared/contract/streams';
import { UNKNOWN_MARK } from '../components/format/formatters';
import { useFormat } from '../components/format/use-format';
import { DrillBanner } from '../features/drills/drill-banner';
import { openEmergency } from '../features/emergency/emergency-state';
import { useConnection } from '../state/connection-store';
import { useMarketTimeZone } from '../state/shown-market';
import { useNow } from '../state/use-now';
import { useAction } from '../state/use-stream';
import './banners.css';
import { ClockBanner } from './clock-banner';

/** An engine that is only starting is no fault yet; after this time it is worth a word. */
const PATIENCE_MS = 3000;

export function Banners({ status, builtAtMs }: { status: StatusPicture | null; builtAtMs: number | null }): ReactNode {
  const connected = useConnection((state) => state.connected);
  if (!connected) return <EngineBanner builtAtMs={builtAtMs} />;
  if (status === null) return null;
  return (
    <>
      {status.mode === 'drill' && <DrillBanner />}
      {status.replay !== null && <ReplayBanner replay={status.replay} />}
      {status.offline !== null && status.source !== 'replay' && <OfflineBanner offline={status.offline} />}
      {status.clock !== null && <ClockBanner doubt={status.clock} />}
      {status.journal.notice !== null && <JournalBanner notice={status.journal.notice} params={status.journal.noticeParams} />}
    </>
  );
}

function EngineBanner({ builtAtMs }: { builtAtMs: number | null }): ReactNode {
  const { t } = useTranslation('status');
  const format = useFormat();
  const nowMs = useNow();
  const sinceMs = useConnection((state) => state.sinceMs);
  const engineState = useConnection((state) => state.engineState);
  const engineCount = useConnection((state) => state.engineCount);
  const isSilent = useConnection((state) => state.silentSinceMs !== null);
  if (engineCount === 0 && engineState?.state !== 'failed' && nowMs - sinceMs < PATIENCE_MS) return null;
  const hasFailed = engineState?.state === 'failed';
  const what = isSilent ? 'silent' : hasFailed ? 'failed' : 'restarting';
  return (
    <div
      className="banner"
      data-kind="bad"
      role="alert"
      data-testid="banner-engine"
      data-state={isSilent ? 'silent' : (engineState?.state ?? 'unknown')}
    >
      <strong>{t(`engineBanner.${what}`, { age: format.duration(nowMs - sinceMs) })}</strong>
      <span>
        {builtAtMs === null
          ? t('engineBanner.noPicture')
          : t('engineBanner.picture', { time: format.time(builtAtMs), age: format.duration(nowMs - builtAtMs) })}
      </span>
      <span>{t(isSilent ? 'engineBanner.silentTodo' : hasFailed ? 'engineBanner.failedTodo' : 'engineBanner.todo')}</span>
      {engineState !== null && engineState.reason !== '' && (
        <span className="mono banner-reason" title={engineState.reason}>
          {engineState.reason}
        </span>
      )}
    </div>
  );
}

function OfflineBanner({ offline }: { offline: NonNullable<StatusPicture['offline']> }): ReactNode {
  const { t } = useTranslation('status');
  const format = useFormat();
  const nowMs = useNow();
  return (
    <div className="banner" data-kind="warn" role="alert" data-testid="banner-offline">
      <strong>{t('offlineBanner.since', { time: format.dateTime(offline.sinceMs), age: format.duration(nowMs - offline.sinceMs) })}</strong>
      <span data-testid="banner-offline-as-of">
        {offline.pictureAsOfMs === null
          ? t('offlineBanner.noPicture')
          : t('offlineBanner.picture', { time: format.dateTime(offline.pictureAsOfMs), age: format.duration(nowMs - offline.pictureAsOfMs) })}
      </span>
      <span>{t('offlineBanner.stillWorks')}</span>
      <Button size="small" intent="danger" data-testid="banner-offline-emergency" onClick={() => openEmergency()}>
        {t('plans:emergency.open')} <kbd>F9</kbd>
      </Button>
    </div>
  );
}

/** Nobody may take a recording for the market, on whatever page they are. */
function ReplayBanner({ replay }: { replay: NonNullable<StatusPicture['replay']> }): ReactNode {
  const { t } = useTranslation('status');
  const format = useFormat();
  const timeZone = useMarketTimeZone();
  const control = useAction('replay.control');
  return (
    <div className="banner" data-kind="demo" role="status" data-testid="banner-replay">
      <strong>↻ {t('replayBanner.what')}</strong>
      <span>{t('replayBanner.at', { time: format.marketDateTime(replay.atMs, timeZone), percent: format.percent(replay.progress, 0) })}</span>
      <span>{t('replayBanner.live')}</span>
      <Button size="small" variant="outlined" data-testid="banner-replay-stop" onClick={() => void control.run({ action: 'stop' })}>
        {t('replayBanner.back')}
      </Button>
    </div>
  );
}

function JournalBanner({ notice, params }: { notice: string; params: Record<string, string | number | null> }): ReactNode {
  const { t } = useTranslation('status');
  const format = useFormat();
  const lastAt = typeof params.lastWallTime === 'string' ? format.dateTime(Date.parse(params.lastWallTime)) : UNKNOWN_MARK;
  return (
    <div className="banner" data-kind="bad" role="alert" data-testid="banner-journal">
      <strong>{t('journalBanner')}</strong>
      <span>{t(`notice.${notice}`, { ...params, lastAt, defaultValue: notice })}</span>
    </div>
  );
}
