/** The machine's own fingerprint reader or camera as a quick way back to my locked desk: offered only where this machine says that it has one. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Refusal } from '#shared/refusal';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { SecretField } from '../../components/secret-field';
import { request, useRequest } from '../../state/use-stream';
import { authenticatorAdvice, secretAdvice } from '../sign-in/secret-advice';

/** The password's digest, and the person at the reader. */
const TIMEOUT_MS = 180_000;

export function MyAuthenticator(): ReactNode {
  const { t } = useTranslation('people');
  const format = useFormat();
  const { answer, reload } = useRequest('auth.authenticator', {});
  const [isOpen, setIsOpen] = useState(false);
  if (answer === null) return null;
  const { isThere, enrolledAtMs } = answer;
  const isEnrolled = enrolledAtMs !== null;
  if (!isThere && !isEnrolled) {
    return (
      <p className="secondary" data-testid="authenticator" data-there="false">
        {t('authenticator.notHere')}
      </p>
    );
  }
  return (
    <div className="stack" data-testid="authenticator" data-there={isThere} data-enrolled={isEnrolled}>
      <p className="secondary">
        {isEnrolled ? t('authenticator.since', { time: format.dateTime(enrolledAtMs) }) : t('authenticator.meaning')}
        {isEnrolled && !isThere && ` ${t('authenticator.goneHere')}`}
      </p>
      <div>
        <Button data-testid="my-authenticator" onClick={() => setIsOpen(!isOpen)}>
          {t(isEnrolled ? 'authenticator.remove' : 'authenticator.enrol')}
        </Button>
      </div>
      {isOpen && (
        <AuthenticatorForm
          isEnrolled={isEnrolled}
          onDone={() => {
            setIsOpen(false);
            reload();
          }}
        />
      )}
    </div>
  );
}

function AuthenticatorForm({ isEnrolled, onDone }: { isEnrolled: boolean; onDone: () => void }): ReactNode {
  const { t } = useTranslation('people');
  const [current, setCurrent] = useState('');
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [isWaiting, setIsWaiting] = useState(false);
  const action = t(isEnrolled ? 'authenticator.remove' : 'authenticator.enrol');
  return (
    <form
      className="stack people-form"
      data-testid="authenticator-form"
      onSubmit={async (event) => {
        event.preventDefault();
        if (current === '' || isWaiting) return;
        setIsWaiting(true);
        const outcome = await request(isEnrolled ? 'auth.removeAuthenticator' : 'auth.enrolAuthenticator', { current }, TIMEOUT_MS);
        setIsWaiting(false);
        setRefusal(outcome.ok ? null : outcome);
        if (outcome.ok) onDone();
      }}
    >
      <SecretField
        label={t('currentPassword')}
        help={isEnrolled ? undefined : t('authenticator.thenTouch')}
        autoFocus
        value={current}
        testId="authenticator-current"
        onValueChange={setCurrent}
      />
      <div>
        <Button type="submit" intent="primary" disabled={current === ''} loading={isWaiting} data-testid="authenticator-submit">
          {action}
        </Button>
      </div>
      <RefusalNotice refusal={refusal} action={action} advice={authenticatorAdvice(t, refusal) ?? secretAdvice(t, refusal)} />
    </form>
  );
}
