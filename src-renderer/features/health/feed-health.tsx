/** One feed: its state and counters, its streams, and what a person may do to it. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { HealthPicture } from '#shared/contract/streams';
import { feedReasonText } from '../../app/feed-reason';
import { FEED_MARKS } from '../../app/status-strip';
import { Age } from '../../components/format/figure';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { StateMark } from '../../components/state-mark';
import { figures, TableHead } from '../../components/table-head';
import { TextDialog } from '../../components/text-dialog';
import { useNow } from '../../state/use-now';
import { request, useAction } from '../../state/use-stream';

type Feed = HealthPicture['feeds'][number];

export function FeedHealth({ feed }: { feed: Feed }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const nowMs = useNow();
  return (
    <section className="card stack" data-testid={`health-feed-${feed.feedId}`} data-state={feed.state}>
      <div className="row">
        <h3>
          <StateMark mark={FEED_MARKS[feed.state]}>
            {feed.feedId} {t(`status:feed.${feed.state}`)}
          </StateMark>
        </h3>
        {feed.demonstration && <span className="status-demo">{t('status:demonstration')}</span>}
        <div className="spacer" />
        <FeedActions feed={feed} />
      </div>
      {feed.reason !== '' && <div>{feedReasonText(t, feed.reason)}</div>}
      <dl className="facts health-facts">
        <dt>{t('health:source')}</dt>
        <dd>
          {feed.source} <span className="mono secondary">{feed.address}</span>
        </dd>
        <dt>{t('health:since')}</dt>
        <dd>
          {format.dateTime(feed.sinceMs)} (<Age atMs={feed.sinceMs} />)
        </dd>
        <dt>{t('health:lastReceived')}</dt>
        <dd>
          <Age atMs={feed.lastReceivedAtMs} />
        </dd>
        <dt>{t('health:rate')}</dt>
        <dd>{t('health:rateValue', { messages: format.number(feed.messagesPerSecond), items: format.number(feed.itemsPerSecond) })}</dd>
        <dt>{t('health:troubles')}</dt>
        <dd>
          {t('health:troublesValue', {
            refused: format.number(feed.refusedCount),
            gaps: format.number(feed.gapCount),
            reconnects: format.number(feed.reconnectCount),
          })}
        </dd>
        {feed.nextAttemptAtMs !== null && (
          <>
            <dt>{t('health:nextAttempt')}</dt>
            <dd>{t('health:nextAttemptIn', { time: format.countdown(Math.max(0, feed.nextAttemptAtMs - nowMs)) })}</dd>
          </>
        )}
      </dl>
      {feed.streams.length > 0 && (
        <div className="table-scroll">
          <table className="plain-table" data-testid={`health-streams-${feed.feedId}`}>
            <TableHead
              headings={[
                t('health:stream'),
                t('health:tradingDay'),
                figures(t('health:sequence')),
                figures(t('health:items')),
                t('health:lastReceived'),
              ]}
            />
            <tbody>
              {feed.streams.map((stream) => (
                <tr key={stream.stream}>
                  <td title={stream.stream}>{t(`health:streamName.${stream.stream}`, { defaultValue: stream.stream })}</td>
                  <td>{format.tradingDay(stream.tradingDay)}</td>
                  <td className="number">{format.number(stream.sequence)}</td>
                  <td className="number">{format.number(stream.itemCount)}</td>
                  <td>
                    <Age atMs={stream.lastReceivedAtMs} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

export function FeedActions({ feed }: { feed: Pick<Feed, 'feedId' | 'state'> }): ReactNode {
  const { t } = useTranslation('health');
  const [isPausing, setIsPausing] = useState(false);
  const resume = useAction('feed.resume');
  const reconnect = useAction('feed.reconnect');
  const { feedId } = feed;
  return (
    <>
      {feed.state === 'paused' ? (
        <Button size="small" data-testid={`feed-resume-${feedId}`} loading={resume.isWaiting} onClick={() => void resume.run({ feedId })}>
          {t('resume')}
        </Button>
      ) : (
        <>
          <Button
            size="small"
            variant="outlined"
            data-testid={`feed-reconnect-${feedId}`}
            loading={reconnect.isWaiting}
            onClick={() => void reconnect.run({ feedId })}
          >
            {t('reconnect')}
          </Button>
          <Button size="small" variant="outlined" data-testid={`feed-pause-${feedId}`} onClick={() => setIsPausing(true)}>
            {t('pause')}
          </Button>
        </>
      )}
      <RefusalNotice refusal={resume.refusal ?? reconnect.refusal} />
      <TextDialog
        isOpen={isPausing}
        title={t('pauseTitle', { feed: feedId })}
        label={t('pauseReason')}
        confirm={t('pause')}
        isRequired
        testId="feed-pause-dialog"
        onClose={() => setIsPausing(false)}
        onConfirm={(reason) => request('feed.pause', { feedId, reason })}
      >
        <p>{t('pauseMeaning')}</p>
      </TextDialog>
    </>
  );
}
