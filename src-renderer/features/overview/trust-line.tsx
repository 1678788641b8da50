/** Can I trust what I see: feeds, how many accounts are known, what is stale, whether the journal stands. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { StatusPicture } from '#shared/contract/streams';
import { Age } from '../../components/format/figure';
import { useFormat } from '../../components/format/use-format';
import { type Mark, StateMark } from '../../components/state-mark';
import { openPanel } from '../../state/navigation';
import { useStream } from '../../state/use-stream';

const STORE_MARKS: Record<'ok' | 'degraded' | 'failed', Mark> = { ok: 'live', degraded: 'stale', failed: 'down' };

function feedMark(status: StatusPicture): Mark {
  if (status.feeds.length === 0) return 'unknown';
  if (status.feeds.some((feed) => feed.state === 'live')) return status.feeds.every((feed) => feed.state === 'live') ? 'live' : 'stale';
  return status.feeds.some((feed) => feed.state === 'stale') ? 'stale' : 'down';
}

/** A recording is not the market, and a feed that has not delivered yet has nothing to trust. */
function verdictOf(status: StatusPicture, isConnected: boolean): { mark: Mark; textKey: string; hasAge: boolean } {
  if (!isConnected) return { mark: 'down', textKey: 'trust.verdict.down', hasAge: true };
  if (status.source === 'replay') return { mark: 'paused', textKey: 'trust.replay', hasAge: false };
  const mark = feedMark(status);
  if (status.accountCount === 0 && status.feeds.length > 0)
    return { mark: mark === 'live' ? 'unknown' : mark, textKey: 'trust.firstPicture', hasAge: false };
  if (status.feeds.length === 0 && status.offline?.pictureAsOfMs != null) return { mark: 'down', textKey: 'trust.offlineOf', hasAge: true };
  return { mark, textKey: `trust.verdict.${mark}`, hasAge: status.feeds.length > 0 };
}

export function TrustLine(): ReactNode {
  const { t } = useTranslation('overview');
  const format = useFormat();
  const { picture: status, isConnected, builtAtMs } = useStream('status', {});
  const { picture: health } = useStream('health', {});
  if (status === null) {
    return (
      <div className="trust-line" data-testid="trust-line">
        <StateMark mark="unknown">{t('trust.waiting')}</StateMark>
      </div>
    );
  }
  const newestMs = status.feeds.reduce<number | null>(
    (newest, feed) => (feed.lastReceivedAtMs !== null && (newest === null || feed.lastReceivedAtMs > newest) ? feed.lastReceivedAtMs : newest),
    null,
  );
  const gaps = status.feeds.reduce((sum, feed) => sum + feed.gapCount, 0);
  const refused = status.feeds.reduce((sum, feed) => sum + feed.refusedCount, 0);
  const staleCount = health?.staleInstruments.length ?? null;
  const verdict = verdictOf(status, isConnected);
  // Without the engine nobody checks any of this: what was true of the last picture is no longer known to hold.
  const known = (mark: Mark): Mark => (isConnected ? mark : 'unknown');
  return (
    <button
      type="button"
      className="trust-line"
      data-testid="trust-line"
      data-mark={verdict.mark}
      title={t('trust.openHealth')}
      onClick={() => openPanel('health')}
    >
      <StateMark mark={verdict.mark}>
        {t(verdict.textKey)} {verdict.hasAge && <Age atMs={isConnected ? (newestMs ?? status.offline?.pictureAsOfMs ?? null) : builtAtMs} />}
      </StateMark>
      {staleCount !== null && status.accountCount > 0 && (
        <StateMark mark={known(staleCount === 0 ? 'live' : 'stale')}>
          <span data-testid="trust-stale">{t('trust.staleInstruments', { count: staleCount })}</span>
        </StateMark>
      )}
      {health !== null && status.source !== 'replay' && (
        <StateMark mark={known(health.kernel.lastFullCheckDrift === null ? 'unknown' : 'live')}>
          {health.kernel.lastFullCheckDrift === null
            ? t('trust.notChecked')
            : t('trust.checked', { time: format.time(health.kernel.lastFullCheckAtMs), drift: format.number(health.kernel.lastFullCheckDrift, 2) })}
        </StateMark>
      )}
      <StateMark mark={known(gaps + refused === 0 ? 'live' : 'stale')}>
        {t('trust.intake', { gaps: format.number(gaps), refused: format.number(refused) })}
      </StateMark>
      <StateMark mark={known(STORE_MARKS[status.journal.state])}>{t(`trust.journal.${status.journal.state}`)}</StateMark>
    </button>
  );
}
