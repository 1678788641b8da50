/** Nobody is signed in: who are you, and the way in for people with a one-time or recovery code. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuthPicture } from '#shared/contract/people';
import type { StatusPicture } from '#shared/contract/streams';
import { EntryField } from '../../components/entry-field';
import { RefusalNotice } from '../../components/refusal-notice';
import { SecretField } from '../../components/secret-field';
import { useAction } from '../../state/use-stream';
import { NewSecret, useNewSecret } from './new-secret';
import { PeopleChoice } from './people-choice';
import { secretAdvice } from './secret-advice';
import { SignInFrame } from './sign-in-frame';

/** A digest takes its time by design, and longer on a slow desk that is busy. */
const SIGN_IN_TIMEOUT_MS = 30_000;

export function SignInScreen({ auth, status }: { auth: AuthPicture; status: StatusPicture | null }): ReactNode {
  const { t } = useTranslation('people');
  const [withCode, setWithCode] = useState(false);
  return (
    <SignInFrame status={status} testId="sign-in">
      <h1>{t(withCode ? 'codeTitle' : 'signInTitle')}</h1>
      {withCode ? <CodeForm /> : <SignInForm auth={auth} />}
      <button type="button" className="link-button" data-testid="sign-in-other-way" onClick={() => setWithCode(!withCode)}>
        {t(withCode ? 'withPassword' : 'withCode')}
      </button>
    </SignInFrame>
  );
}

/** Also where one person takes over from another while the desk is open. */
export function SignInForm({ auth, onDone }: { auth: AuthPicture; onDone?: () => void }): ReactNode {
  const { t } = useTranslation('people');
  const [login, setLogin] = useState('');
  const [secret, setSecret] = useState('');
  const secretInput = useRef<HTMLInputElement>(null);
  const { run, refusal, isWaiting } = useAction('auth.signIn');
  const published = auth.people.find((person) => person.login === login)?.published ?? null;
  return (
    <form
      className="stack"
      data-testid="sign-in-form"
      onSubmit={async (event) => {
        event.preventDefault();
        if (isWaiting || login.trim() === '' || secret === '') return;
        const answer = await run({ login, secret }, SIGN_IN_TIMEOUT_MS);
        setSecret('');
        if (answer !== null) onDone?.();
      }}
    >
      <PeopleChoice
        auth={auth}
        chosen={login}
        onChoose={(chosen) => {
          setLogin(chosen);
          secretInput.current?.focus();
        }}
      />
      <EntryField
        label={t('login')}
        autoFocus
        autoComplete="off"
        spellCheck={false}
        maxLength={32}
        value={login}
        testId="sign-in-login"
        onValueChange={setLogin}
      />
      <SecretField
        label={t('password')}
        help={published === null ? undefined : t('published', { secret: published.secret })}
        inputRef={secretInput}
        value={secret}
        testId="sign-in-secret"
        onValueChange={setSecret}
      />
      <Button type="submit" intent="primary" loading={isWaiting} disabled={login.trim() === '' || secret === ''} data-testid="sign-in-submit">
        {t('signIn')}
      </Button>
      <RefusalNotice refusal={refusal} action={t('signIn')} advice={secretAdvice(t, refusal)} />
    </form>
  );
}

function CodeForm(): ReactNode {
  const { t } = useTranslation('people');
  const [login, setLogin] = useState('');
  const [code, setCode] = useState('');
  const secret = useNewSecret([login]);
  const { run, refusal, isWaiting } = useAction('auth.redeem');
  const isReady = login.trim() !== '' && code.trim() !== '' && secret.isReady;
  return (
    <form
      className="stack"
      data-testid="code-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady && !isWaiting) void run({ login, code, secret: secret.value }, SIGN_IN_TIMEOUT_MS);
      }}
    >
      <p className="secondary">{t('codeMeaning')}</p>
      <EntryField label={t('login')} autoFocus autoComplete="off" maxLength={32} value={login} testId="code-login" onValueChange={setLogin} />
      <EntryField label={t('code')} className="mono" autoComplete="off" maxLength={64} value={code} testId="code-code" onValueChange={setCode} />
      <NewSecret secret={secret} />
      <Button type="submit" intent="primary" loading={isWaiting} disabled={!isReady} data-testid="code-submit">
        {t('codeUse')}
      </Button>
      <RefusalNotice refusal={refusal} action={t('codeUse')} advice={secretAdvice(t, refusal)} />
    </form>
  );
}
