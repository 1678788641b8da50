/** The desk is locked: what it shows is covered, that it is in trouble is not, and the person who locked it gets back by PIN or password. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuthPicture } from '#shared/contract/people';
import type { StatusPicture } from '#shared/contract/streams';
import { RefusalNotice } from '../../components/refusal-notice';
import { SecretField } from '../../components/secret-field';
import { request, useAction } from '../../state/use-stream';
import { authenticatorAdvice, secretAdvice } from './secret-advice';
import { SignInFrame } from './sign-in-frame';

const UNLOCK_TIMEOUT_MS = 30_000;
/** A person may look for their glasses. */
const AUTHENTICATOR_TIMEOUT_MS = 180_000;

export function LockScreen({ auth, status }: { auth: AuthPicture; status: StatusPicture | null }): ReactNode {
  const { t } = useTranslation('people');
  const [secret, setSecret] = useState('');
  const { run, refusal, isWaiting } = useAction('auth.unlock');
  useCoveredDialogs();
  const { session } = auth;
  if (session === null) return null;
  const pin = auth.people.find(({ personId }) => personId === session.personId)?.published?.pin;
  return (
    <SignInFrame status={status} testId="lock-screen">
      <h1>{t('lockedTitle')}</h1>
      <p data-testid="lock-cause">{t(`lockedBecause.${auth.locked ?? 'person'}`, { name: session.displayName })}</p>
      <form
        className="stack"
        onSubmit={async (event) => {
          event.preventDefault();
          if (isWaiting || secret === '') return;
          await run({ secret }, UNLOCK_TIMEOUT_MS);
          setSecret('');
        }}
      >
        <SecretField
          label={t(session.hasPin ? 'pinOrPassword' : 'password')}
          help={pin === undefined ? undefined : t('publishedPin', { pin })}
          autoFocus
          value={secret}
          testId="unlock-secret"
          onValueChange={setSecret}
        />
        <Button type="submit" intent="primary" loading={isWaiting} disabled={secret === ''} data-testid="unlock-submit">
          {t('unlock')}
        </Button>
        <RefusalNotice refusal={refusal} action={t('unlock')} advice={secretAdvice(t, refusal)} />
      </form>
      {session.hasAuthenticator && <ByAuthenticator />}
      <button type="button" className="link-button" data-testid="lock-sign-out" onClick={() => void request('auth.signOut', {})}>
        {t('somebodyElse')}
      </button>
    </SignInFrame>
  );
}

/** Beside the PIN, never instead of it: a reader that is dirty must lock nobody out. */
function ByAuthenticator(): ReactNode {
  const { t } = useTranslation('people');
  const { run, refusal, isWaiting } = useAction('auth.unlockByAuthenticator');
  return (
    <div className="stack">
      <Button loading={isWaiting} data-testid="unlock-authenticator" onClick={() => void run({}, AUTHENTICATOR_TIMEOUT_MS)}>
        {t('authenticator.unlock')}
      </Button>
      <RefusalNotice refusal={refusal} action={t('unlock')} advice={authenticatorAdvice(t, refusal)} />
    </div>
  );
}

/** Dialogs stand outside the page's own tree, above everything: while the desk is locked they are neither seen nor reached, and stay as they were. */
function useCoveredDialogs(): void {
  useEffect(() => {
    const cover = (): void => {
      for (const portal of document.querySelectorAll('.bp6-portal')) portal.setAttribute('inert', '');
    };
    cover();
    document.body.dataset.locked = 'true';
    const observer = new MutationObserver(cover);
    observer.observe(document.body, { childList: true });
    return () => {
      observer.disconnect();
      delete document.body.dataset.locked;
      for (const portal of document.querySelectorAll('.bp6-portal')) portal.removeAttribute('inert');
    };
  }, []);
}
