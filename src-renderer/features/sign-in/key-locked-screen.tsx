/** The desk has started and nobody has opened its key yet: says what that means for the market outside, and lets somebody open it there and then. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { KeyLocked } from '#shared/contract/people';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { SecretField } from '../../components/secret-field';
import { useConnection } from '../../state/connection-store';
import { useAction } from '../../state/use-stream';
import { secretAdvice } from './secret-advice';
import { SignInFrame } from './sign-in-frame';

/** A password is tried on everybody who has one here, each as slow as signing in. */
const TIMEOUT_MS = 180_000;

export function KeyLockedScreen({ locked }: { locked: KeyLocked }): ReactNode {
  const { t } = useTranslation('people');
  const format = useFormat();
  const [secret, setSecret] = useState('');
  const isConnected = useConnection((state) => state.connected);
  const { run, refusal, answer, isWaiting } = useOpening();
  const isOpening = answer !== null || !isConnected;
  const advice = refusal?.code === 'FORBIDDEN' ? t('keyLocked.wrong') : secretAdvice(t, refusal);
  return (
    <SignInFrame status={null} testId="key-locked">
      <h1>{t('keyLocked.title')}</h1>
      <p data-testid="key-locked-why" data-why={locked.why}>
        {t(`keyLocked.why.${locked.why}`)}
      </p>
      <p className="banner" data-kind="bad" role="alert">
        {t('keyLocked.notWatched', { time: format.dateTime(locked.sinceMs) })}
      </p>
      <form
        className="stack"
        onSubmit={async (event) => {
          event.preventDefault();
          if (isWaiting || isOpening || secret === '') return;
          await run(secret);
          setSecret('');
        }}
      >
        <SecretField
          label={t('keyLocked.secret')}
          help={t('keyLocked.ways', { people: locked.people, codes: locked.codes })}
          autoFocus
          value={secret}
          disabled={isOpening}
          testId="key-secret"
          onValueChange={setSecret}
        />
        <Button type="submit" intent="primary" loading={isWaiting || locked.isTrying} disabled={secret === '' || isOpening} data-testid="key-submit">
          {t('keyLocked.open')}
        </Button>
        <div role="status" className="secondary" data-testid="key-progress">
          {isOpening ? t('keyLocked.opening') : isWaiting ? t('keyLocked.trying', { count: locked.people }) : ''}
        </div>
        <RefusalNotice refusal={isOpening ? null : refusal} action={t('keyLocked.open')} advice={advice} />
      </form>
      <p className="secondary">{t('keyLocked.lost')}</p>
    </SignInFrame>
  );
}

function useOpening() {
  const { run, refusal, isWaiting } = useAction('desk.openKey');
  const [answer, setAnswer] = useState<'password' | 'code' | null>(null);
  const open = async (secret: string): Promise<void> => setAnswer((await run({ secret }, TIMEOUT_MS))?.by ?? null);
  return { run: open, refusal, isWaiting, answer };
}
