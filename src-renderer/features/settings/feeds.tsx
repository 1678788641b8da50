/** The feeds this desk listens to, and the three steps to one's own: say where it is, try it, use it. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FeedConfig } from '#shared/contract/requests';
import type { FeedPicture } from '#shared/contract/streams';
import type { Refusal } from '#shared/refusal';
import { FEED_MARKS } from '../../app/status-strip';
import { RefusalNotice } from '../../components/refusal-notice';
import { StateMark } from '../../components/state-mark';
import { useMay } from '../../state/auth';
import { changeSetting, usePreferences } from '../../state/preferences';
import { useStream } from '../../state/use-stream';
import { FeedActions } from '../health/feed-health';
import { FeedSteps } from './feed-steps';

const NO_FEEDS: FeedConfig[] = [];

export function Feeds(): ReactNode {
  const { t } = useTranslation();
  const configured = usePreferences((state) => state.settings?.feeds ?? NO_FEEDS);
  const pictures = useStream('status', {}).picture?.feeds ?? [];
  const mayConfigure = useMay('feed.configure');
  const [isAdding, setIsAdding] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const isDemonstration = configured.length === 0 && pictures.some((feed) => feed.demonstration);

  const remove = async (feedId: string): Promise<void> => {
    const outcome = await changeSetting(
      'feeds',
      configured.filter((feed) => feed.feedId !== feedId),
    );
    setRefusal(outcome.ok ? null : outcome);
  };
  return (
    <section className="card stack" data-testid="settings-feeds">
      <h3>{t('settings:feeds')}</h3>
      {isDemonstration && <p>{t('settings:demonstration')}</p>}
      {configured.length === 0 && !isDemonstration && <p>{t('settings:noFeeds')}</p>}
      {configured.map((feed) => (
        <FeedRow
          key={feed.feedId}
          config={feed}
          picture={pictures.find((picture) => picture.feedId === feed.feedId)}
          onRemove={mayConfigure ? () => void remove(feed.feedId) : undefined}
        />
      ))}
      {configured.length === 0 && pictures.map((picture) => <FeedRow key={picture.feedId} picture={picture} />)}
      <RefusalNotice refusal={refusal} />
      {!mayConfigure ? (
        <p className="secondary" data-testid="feeds-not-yours">
          {t('people:refused.function', { name: t('people:function.feed.configure') })}
        </p>
      ) : isAdding ? (
        <FeedSteps configured={configured} onDone={() => setIsAdding(false)} />
      ) : (
        <div>
          <Button intent="primary" data-testid="feed-add" onClick={() => setIsAdding(true)}>
            {t('settings:addFeed')}
          </Button>
        </div>
      )}
    </section>
  );
}

function FeedRow({
  config,
  picture,
  onRemove,
}: {
  config?: FeedConfig;
  picture?: FeedPicture | undefined;
  onRemove?: (() => void) | undefined;
}): ReactNode {
  const { t } = useTranslation();
  const mayControl = useMay('feed.control');
  const feedId = config?.feedId ?? picture?.feedId ?? '';
  return (
    <div className="settings-feed" data-testid={`settings-feed-${feedId}`}>
      <div>
        {picture === undefined ? (
          <strong>{feedId}</strong>
        ) : (
          <StateMark mark={FEED_MARKS[picture.state]}>{`${feedId} ${t(`status:feed.${picture.state}`)}`}</StateMark>
        )}
        <div className="mono secondary settings-address">{config?.url ?? picture?.address}</div>
      </div>
      <div className="spacer" />
      {picture !== undefined && mayControl && <FeedActions feed={picture} />}
      {onRemove !== undefined && (
        <Button size="small" variant="outlined" intent="danger" data-testid={`feed-remove-${feedId}`} onClick={onRemove}>
          {t('settings:remove')}
        </Button>
      )}
    </div>
  );
}
