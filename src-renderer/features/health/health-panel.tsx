/** Can what is on the screen be trusted: the feeds stream by stream, what was refused, the stores, the kernel's own check, and how long things take. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { useNow } from '../../state/use-now';
import { useStream } from '../../state/use-stream';
import { FeedHealth } from './feed-health';
import { DeadLetters, KernelHealth, StaleInstruments, Timings } from './health-tables';
import { StoreHealth } from './store-health';
import './health.css';

export function HealthPanel(): ReactNode {
  const { t } = useTranslation('health');
  const format = useFormat();
  const nowMs = useNow();
  const { picture, refusal, builtAtMs, isConnected } = useStream('health', {});
  if (picture === null) {
    return refusal === null ? <div className="empty">{t('loading')}</div> : <RefusalNotice refusal={refusal} />;
  }
  return (
    <div className="panel-body">
      <div className="stack panel-pad" data-testid="health">
        {!isConnected && builtAtMs !== null && (
          <div className="health-old stale-figure" data-testid="health-old">
            {t('old', { time: format.time(builtAtMs), age: format.duration(nowMs - builtAtMs) })}
          </div>
        )}
        {picture.feeds.length === 0 && <div className="card">{t('noFeeds')}</div>}
        {picture.feeds.map((feed) => (
          <FeedHealth key={feed.feedId} feed={feed} />
        ))}
        <StoreHealth store={picture.store} />
        <KernelHealth kernel={picture.kernel} />
        <StaleInstruments instruments={picture.staleInstruments} />
        <DeadLetters letters={picture.deadLetters} />
        <Timings timings={picture.timings} />
      </div>
    </div>
  );
}
