/** My own access: who I am here, what I may do and for whose accounts, and my own secrets. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuthPicture } from '#shared/contract/people';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { SecretField } from '../../components/secret-field';
import { request, useAction } from '../../state/use-stream';
import { NewSecret, useNewSecret } from '../sign-in/new-secret';
import { secretAdvice } from '../sign-in/secret-advice';
import { MyAuthenticator } from './my-authenticator';
import { ReachText } from './reach-text';

const SECRET_TIMEOUT_MS = 60_000;

export function MyAccess({ auth }: { auth: AuthPicture }): ReactNode {
  const { t } = useTranslation('people');
  const format = useFormat();
  const [form, setForm] = useState<'none' | 'password' | 'pin'>('none');
  const { session } = auth;
  if (session === null) return null;
  return (
    <section className="card stack" data-testid="my-access">
      <h3>{t('myAccess')}</h3>
      <div>
        <strong>{session.displayName}</strong> <span className="mono secondary">{session.login}</span>
      </div>
      {session.conflict !== null && (
        <p role="alert" className="people-conflict">
          {t('conflict', { pair: session.conflict })}
        </p>
      )}
      <ul className="people-roles">
        {session.roles.map(({ role, reach }) => (
          <li key={role}>
            {t(`role.${role}`)}: <ReachText reach={reach} />
          </li>
        ))}
      </ul>
      <div className="secondary">{t('signedInSince', { time: format.dateTime(session.signedInAtMs) })}</div>
      <details>
        <summary>{t('functionCount', { count: session.functions.length })}</summary>
        <ul className="people-functions">
          {session.functions.map((name) => (
            <li key={name}>{t(`function.${name}`)}</li>
          ))}
        </ul>
      </details>
      <div className="row">
        <Button data-testid="my-lock" onClick={() => void request('auth.lock', {})}>
          {t('lock')}
        </Button>
        {session.isDemonstration ? (
          <span className="secondary">{t('publishedSecrets')}</span>
        ) : (
          <>
            <Button data-testid="my-password" onClick={() => setForm(form === 'password' ? 'none' : 'password')}>
              {t('changePassword')}
            </Button>
            <Button data-testid="my-pin" onClick={() => setForm(form === 'pin' ? 'none' : 'pin')}>
              {t(session.hasPin ? 'changePin' : 'setPin')}
            </Button>
          </>
        )}
      </div>
      {!session.isDemonstration && <MyAuthenticator />}
      {form === 'password' && <PasswordForm words={[session.login, session.displayName]} onDone={() => setForm('none')} />}
      {form === 'pin' && <PinForm hasPin={session.hasPin} onDone={() => setForm('none')} />}
    </section>
  );
}

function PasswordForm({ words, onDone }: { words: string[]; onDone: () => void }): ReactNode {
  const { t } = useTranslation('people');
  const [current, setCurrent] = useState('');
  const secret = useNewSecret(words);
  const { run, refusal, isWaiting } = useAction('auth.changeSecret');
  const isReady = current !== '' && secret.isReady;
  return (
    <form
      className="stack people-form"
      data-testid="password-form"
      onSubmit={async (event) => {
        event.preventDefault();
        if (isReady && !isWaiting && (await run({ current, secret: secret.value }, SECRET_TIMEOUT_MS)) !== null) onDone();
      }}
    >
      <SecretField label={t('currentPassword')} autoFocus value={current} onValueChange={setCurrent} />
      <NewSecret secret={secret} />
      <Button type="submit" intent="primary" disabled={!isReady} loading={isWaiting}>
        {t('changePassword')}
      </Button>
      <RefusalNotice refusal={refusal} action={t('changePassword')} advice={secretAdvice(t, refusal)} />
    </form>
  );
}

function PinForm({ hasPin, onDone }: { hasPin: boolean; onDone: () => void }): ReactNode {
  const { t } = useTranslation('people');
  const [current, setCurrent] = useState('');
  const [pin, setPin] = useState('');
  const { run, refusal, isWaiting } = useAction('auth.changePin');
  const change = async (next: string | null): Promise<void> => {
    if ((await run({ current, pin: next }, SECRET_TIMEOUT_MS)) !== null) onDone();
  };
  return (
    <form
      className="stack people-form"
      data-testid="pin-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (current !== '' && pin !== '' && !isWaiting) void change(pin);
      }}
    >
      <SecretField label={t('currentPassword')} autoFocus value={current} testId="pin-current" onValueChange={setCurrent} />
      <SecretField label={t('newPin')} help={t('pinHelp')} isPin value={pin} testId="pin-new" onValueChange={setPin} />
      <div className="row">
        <Button type="submit" intent="primary" disabled={current === '' || pin === ''} loading={isWaiting} data-testid="pin-submit">
          {t('setPin')}
        </Button>
        {hasPin && (
          <Button disabled={current === ''} onClick={() => void change(null)}>
            {t('removePin')}
          </Button>
        )}
      </div>
      <RefusalNotice refusal={refusal} action={t('setPin')} advice={refusal?.field === 'pin' ? t('pinHelp') : secretAdvice(t, refusal)} />
    </form>
  );
}
