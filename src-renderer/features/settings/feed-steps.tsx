/** Three steps to a feed: enter its address, test it, use it. What was entered stays whatever the test says. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type FeedConfig, feedConfigSchema, type RequestAnswer } from '#shared/contract/requests';
import { type Refusal, refuseSchemaIssue } from '#shared/refusal';
import { EntryField } from '../../components/entry-field';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { SecretField } from '../../components/secret-field';
import { SelectField } from '../../components/select';
import { changeSetting } from '../../state/preferences';
import { useAction } from '../../state/use-stream';

const TEST_TIMEOUT_MS = 30_000;
const EMPTY: FeedConfig = { feedId: 'primary', url: '', encoding: 'json', token: '' };

export function FeedSteps({ configured, onDone }: { configured: FeedConfig[]; onDone: () => void }): ReactNode {
  const { t } = useTranslation('settings');
  const format = useFormat();
  const [draft, setDraft] = useState<FeedConfig>(EMPTY);
  const [tested, setTested] = useState<{ config: FeedConfig; answer: RequestAnswer<'feed.test'> } | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const test = useAction('feed.test');
  const { token, ...plain } = draft;
  const config: FeedConfig = token === undefined || token === '' ? plain : draft;
  const isTested = tested !== null && JSON.stringify(tested.config) === JSON.stringify(config);
  const replaces = configured.some((feed) => feed.feedId === config.feedId);
  const change = (part: Partial<FeedConfig>): void => setDraft((before) => ({ ...before, ...part }));

  const runTest = async (): Promise<void> => {
    setRefusal(null);
    const parsed = feedConfigSchema.safeParse(config);
    if (!parsed.success) {
      setRefusal(refuseSchemaIssue(parsed.error));
      return;
    }
    const answer = await test.run(config, TEST_TIMEOUT_MS);
    setTested(answer === null ? null : { config, answer });
  };
  const use = async (): Promise<void> => {
    const outcome = await changeSetting('feeds', [...configured.filter((feed) => feed.feedId !== config.feedId), config]);
    if (outcome.ok) onDone();
    else setRefusal(outcome);
  };
  return (
    <form
      className="feed-steps stack"
      data-testid="feed-steps"
      onSubmit={(event) => {
        event.preventDefault();
        void (isTested ? use() : runTest());
      }}
    >
      <fieldset className="feed-step">
        <legend>1. {t('step.enter')}</legend>
        <div className="feed-fields">
          <div className="feed-wide">
            <EntryField
              label={t('url')}
              help={t('urlHelp')}
              placeholder="wss://feed.example.com/v1"
              maxLength={500}
              value={draft.url}
              testId="feed-url"
              onValueChange={(url) => change({ url: url.trim() })}
            />
          </div>
          <EntryField
            label={t('feedId')}
            help={replaces ? t('feedIdReplaces') : t('feedIdHelp')}
            maxLength={32}
            value={draft.feedId}
            onValueChange={(feedId) => change({ feedId })}
            testId="feed-id"
          />
          <SelectField
            label={t('encoding')}
            fill
            options={[
              { value: 'json', label: 'JSON' },
              { value: 'msgpack', label: 'MessagePack' },
            ]}
            value={draft.encoding}
            testId="feed-encoding"
            onValueChange={(encoding) => change({ encoding })}
          />
          <div className="feed-wide">
            <SecretField
              label={t('token')}
              help={t('tokenHelp')}
              maxLength={4096}
              value={draft.token ?? ''}
              onValueChange={(token) => change({ token })}
            />
          </div>
        </div>
      </fieldset>
      <fieldset className="feed-step">
        <legend>2. {t('step.test')}</legend>
        <div className="row">
          <Button type="button" loading={test.isWaiting} disabled={draft.url === ''} data-testid="feed-test" onClick={() => void runTest()}>
            {t('test')}
          </Button>
          {!isTested && !test.isWaiting && <span className="secondary">{t('testMeaning')}</span>}
        </div>
        <RefusalNotice
          refusal={test.refusal ?? refusal}
          action={t('test')}
          advice={
            test.refusal?.code === 'UNAVAILABLE'
              ? t('testAdvice.unavailable')
              : test.refusal?.code === 'FORBIDDEN'
                ? t('testAdvice.forbidden')
                : undefined
          }
        />
        {isTested && (
          <dl className="facts" data-testid="feed-test-answer">
            <dt>{t('source')}</dt>
            <dd>{tested.answer.source}</dd>
            <dt>{t('tradingDay')}</dt>
            <dd>{format.tradingDay(tested.answer.tradingDay)}</dd>
            <dt>{t('streams')}</dt>
            <dd>{tested.answer.streams.map((stream) => t(`health:streamName.${stream}`, { defaultValue: stream })).join(', ')}</dd>
            <dt>{t('clockOffset')}</dt>
            <dd>{t('clockOffsetValue', { offset: format.signed(tested.answer.clockOffsetMs, 0) })}</dd>
          </dl>
        )}
      </fieldset>
      <fieldset className="feed-step">
        <legend>3. {t('step.use')}</legend>
        <div className="row">
          <Button intent="primary" disabled={!isTested} data-testid="feed-use" onClick={() => void use()}>
            {t('use')}
          </Button>
          <Button onClick={onDone} data-testid="feed-cancel">
            {t('notNow')}
          </Button>
          {!isTested && <span className="secondary">{t('useHint')}</span>}
        </div>
      </fieldset>
    </form>
  );
}
