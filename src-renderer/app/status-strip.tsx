/** The first glance, always in view: can I trust what I see, what state are we in, what waits for me, and who am I. */
import { Button, PopoverNext } from '@blueprintjs/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FeedPicture, StatusPicture } from '#shared/contract/streams';
import { useFormat } from '../components/format/use-format';
import { SEVERITIES, SeverityBadge } from '../components/severity';
import { type Mark, StateMark } from '../components/state-mark';
import { PersonMenu } from '../features/people/person-menu';
import { useConnection } from '../state/connection-store';
import { openPanel } from '../state/navigation';
import { useNow } from '../state/use-now';
import { feedReasonText } from './feed-reason';
import './status-strip.css';

export const FEED_MARKS: Record<FeedPicture['state'], Mark> = { connecting: 'unknown', live: 'live', stale: 'stale', down: 'down', paused: 'paused' };
const STORE_MARKS: Record<'ok' | 'degraded' | 'failed', Mark> = { ok: 'live', degraded: 'stale', failed: 'down' };

/** Shorter lags come and go with every message; showing them would only make the line flicker. */
const NOTICEABLE_LAG_MS = 100;

type DeskMode = 'replay' | 'offline' | 'drill' | 'live' | 'waiting';

export function deskMode(status: StatusPicture): DeskMode {
  if (status.source === 'replay') return 'replay';
  if (status.mode === 'drill') return 'drill';
  if (status.offline !== null) return 'offline';
  return status.source === 'feed' ? 'live' : 'waiting';
}

export function StatusStrip({ status, builtAtMs }: { status: StatusPicture | null; builtAtMs: number | null }): ReactNode {
  const { t } = useTranslation('status');
  const connected = useConnection((state) => state.connected);
  if (status === null) {
    return (
      <div className="status-strip" data-testid="status-strip" role="status">
        <StateMark mark="unknown">{t('waitingForEngine')}</StateMark>
      </div>
    );
  }
  return (
    <section className="status-strip" data-testid="status-strip" data-fresh={connected} aria-label={t('label')}>
      <ModeChip status={status} connected={connected} />
      {status.demonstration && (
        <span className="status-demo" data-testid="status-demonstration" title={t('demonstrationMeaning')}>
          {t('demonstration')}
        </span>
      )}
      <Segment label={t('feeds')}>
        {status.feeds.length === 0 && <span className="secondary">{t('noFeeds')}</span>}
        {status.feeds.map((feed) => (
          <FeedChip key={feed.feedId} feed={feed} />
        ))}
      </Segment>
      <EngineSegment status={status} builtAtMs={builtAtMs} connected={connected} />
      <JournalSegment status={status} />
      <MarketSegment status={status} />
      <Warnings status={status} />
      <div className="spacer status-break" />
      <Segment label={t('alerts')}>
        <button type="button" className="status-button" data-testid="status-alerts" title={t('openAlerts')} onClick={() => openPanel('alerts')}>
          {SEVERITIES.map((severity) => (
            <span key={severity} data-testid={`status-alerts-${severity}`} data-count={status.unacknowledged[severity]}>
              <SeverityBadge severity={severity} count={status.unacknowledged[severity]} />
            </span>
          ))}
        </button>
      </Segment>
      {status.openRuns > 0 && (
        <button type="button" className="status-button" data-testid="status-runs" onClick={() => openPanel('runs')}>
          ▶ {t('openRuns', { count: status.openRuns })}
        </button>
      )}
      <RecordingSegment status={status} />
      <Segment label={t('person')}>
        <PersonMenu name={status.person} />
      </Segment>
    </section>
  );
}

function Segment({ label, children }: { label: string; children: ReactNode }): ReactNode {
  return (
    <span className="status-segment">
      <span className="status-label">{label}</span>
      {children}
    </span>
  );
}

const MODE_GLYPHS: Record<DeskMode, string> = { live: '●', drill: '◆', offline: '○', replay: '↻', waiting: '…' };

function ModeChip({ status, connected }: { status: StatusPicture; connected: boolean }): ReactNode {
  const { t } = useTranslation('status');
  const isSilent = useConnection((state) => state.silentSinceMs !== null);
  const mode = deskMode(status);
  // A generated market is alive, but it is nobody's money: it must never read as real trading.
  const name = mode === 'live' && status.demonstration ? 'demonstration' : mode;
  if (!connected) {
    return (
      <strong className="mode-chip" data-mode="engineDown" data-testid="status-mode">
        ✕ {t(isSilent ? 'mode.engineSilent' : 'mode.engineDown')}
      </strong>
    );
  }
  return (
    <strong
      className="mode-chip"
      data-mode={mode}
      data-demonstration={name === 'demonstration'}
      data-testid="status-mode"
      title={t(`modeMeaning.${name}`)}
    >
      {MODE_GLYPHS[mode]} {t(`mode.${name}`)}
    </strong>
  );
}

function FeedChip({ feed }: { feed: FeedPicture }): ReactNode {
  const { t } = useTranslation('status');
  const format = useFormat();
  const nowMs = useNow();
  const ageMs = feed.lastReceivedAtMs === null ? null : Math.max(0, nowMs - feed.lastReceivedAtMs);
  const age = ageMs === null ? t('never') : format.duration(ageMs);
  // While the engine is away nobody hears the feed: its last state is no longer known to hold.
  const connected = useConnection((state) => state.connected);
  const state = connected ? feed.state : 'unknown';
  const title = [
    `${feed.source} ${feed.address}`,
    t('feedSince', { state: t(`feed.${feed.state}`), time: format.dateTime(feed.sinceMs) }),
    feedReasonText(t, feed.reason),
  ]
    .filter(Boolean)
    .join('\n');
  return (
    <button
      type="button"
      className="status-button"
      title={title}
      data-testid={`status-feed-${feed.feedId}`}
      data-state={state}
      onClick={() => openPanel('health')}
    >
      <StateMark mark={connected ? FEED_MARKS[feed.state] : 'unknown'}>
        {feed.feedId} {t(`feed.${state}`)} <span className="status-age">{age}</span>
      </StateMark>
    </button>
  );
}

function EngineSegment({ status, builtAtMs, connected }: { status: StatusPicture; builtAtMs: number | null; connected: boolean }): ReactNode {
  const { t } = useTranslation('status');
  const format = useFormat();
  const nowMs = useNow();
  const title = t('engineTitle', { memory: format.bytes(status.rssBytes), since: format.dateTime(status.engineStartedAtMs) });
  return (
    <Segment label={t('engine')}>
      <span title={title} data-testid="status-engine" data-state={connected ? 'live' : 'down'}>
        {connected ? (
          <StateMark mark="live">
            {status.engineLagMs === null || status.engineLagMs < NOTICEABLE_LAG_MS
              ? t('engineRunning')
              : t('engineLag', { lag: format.number(status.engineLagMs) })}
          </StateMark>
        ) : (
          <StateMark mark="down">{t('engineAway', { age: format.duration(builtAtMs === null ? null : nowMs - builtAtMs) })}</StateMark>
        )}
      </span>
    </Segment>
  );
}

function JournalSegment({ status }: { status: StatusPicture }): ReactNode {
  const { t } = useTranslation('status');
  const format = useFormat();
  const nowMs = useNow();
  const { journal, cache } = status;
  const connected = useConnection((state) => state.connected);
  const backup =
    journal.lastBackupAtMs === null
      ? t('noBackup')
      : t(journal.lastBackupVerified === true ? 'backupVerified' : 'backupUnverified', { age: format.duration(nowMs - journal.lastBackupAtMs) });
  const title = [
    t('journalEntries', { count: journal.entryCount, formatted: format.number(journal.entryCount), fingerprint: journal.headFingerprint }),
    journal.notice ?? '',
    t(`cache.${cache.state}`),
  ]
    .filter(Boolean)
    .join('\n');
  return (
    <Segment label={t('journal')}>
      <button
        type="button"
        className="status-button"
        title={title}
        data-testid="status-journal"
        data-state={connected ? journal.state : 'unknown'}
        onClick={() => openPanel('health')}
      >
        <StateMark mark={connected ? STORE_MARKS[journal.state] : 'unknown'}>{t(connected ? `store.${journal.state}` : 'store.away')}</StateMark>
        <span className="secondary" data-testid="status-backup">
          {backup}
        </span>
        {cache.state !== 'ok' && <StateMark mark={STORE_MARKS[cache.state]}>{t(`cache.${cache.state}`)}</StateMark>}
      </button>
    </Segment>
  );
}

function MarketSegment({ status }: { status: StatusPicture }): ReactNode {
  const { t } = useTranslation('status');
  const format = useFormat();
  const isSimulated = status.feeds.some((feed) => feed.simulated) || status.source === 'replay';
  return (
    <Segment label={t('tradingDay')}>
      <span data-testid="status-trading-day">{status.tradingDay === null ? t('tradingDayUnknown') : format.tradingDay(status.tradingDay)}</span>
      <span data-testid="status-session" data-session={status.session}>
        {t(`session.${status.session}`)}
      </span>
      <span
        data-testid="status-market-time"
        title={[isSimulated ? t('simulatedClock') : t('marketClock'), status.marketTimeZone].filter((part) => part !== null).join(', ')}
      >
        {format.marketTime(status.marketTimeMs, status.marketTimeZone)}
        {isSimulated && <span className="secondary"> {t('simulatedShort')}</span>}
      </span>
    </Segment>
  );
}

function Warnings({ status }: { status: StatusPicture }): ReactNode {
  const { t } = useTranslation('status');
  if (status.warnings.length === 0) return null;
  return (
    <PopoverNext
      placement="bottom"
      content={
        <ul className="status-warnings">
          {status.warnings.map((warning) => (
            <li key={`${warning.code} ${JSON.stringify(warning.params)}`}>
              {t(`warning.${warning.code}`, { ...warning.params, defaultValue: `${warning.code} ${JSON.stringify(warning.params)}` })}
            </li>
          ))}
        </ul>
      }
    >
      <Button variant="minimal" size="small" data-testid="status-warnings">
        <StateMark mark="stale">{t('warnings', { count: status.warnings.length })}</StateMark>
      </Button>
    </PopoverNext>
  );
}

function RecordingSegment({ status }: { status: StatusPicture }): ReactNode {
  const { t } = useTranslation('status');
  const format = useFormat();
  return (
    <>
      {status.recording !== null && (
        <button
          type="button"
          className="status-button"
          data-testid="status-recording"
          title={status.recording.file}
          onClick={() => openPanel('recording')}
        >
          <StateMark mark="live">{t('recording', { size: format.bytes(status.recording.bytes) })}</StateMark>
        </button>
      )}
      {status.replay !== null && (
        <button type="button" className="status-button" data-testid="status-replay" title={status.replay.file} onClick={() => openPanel('recording')}>
          <StateMark mark={status.replay.paused ? 'paused' : 'live'}>
            {t('replaying', {
              percent: format.percent(status.replay.progress, 0),
              speed: status.replay.speed === 'max' ? t('speedMax') : `${status.replay.speed}×`,
            })}
          </StateMark>
        </button>
      )}
    </>
  );
}
