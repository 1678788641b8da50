/** Makes a person: a name and a login; what lets them in is a one-time code that is shown once. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EntryField } from '../../components/entry-field';
import { RefusalNotice } from '../../components/refusal-notice';
import { useAction } from '../../state/use-stream';
import { OnceCodes } from '../sign-in/once-codes';

export function NewPerson({ onChanged }: { onChanged: () => void }): ReactNode {
  const { t } = useTranslation('people');
  const [displayName, setDisplayName] = useState('');
  const [login, setLogin] = useState('');
  const [code, setCode] = useState<{ login: string; code: string } | null>(null);
  const { run, refusal, isWaiting } = useAction('people.create');
  const isReady = displayName.trim() !== '' && login.trim() !== '';
  return (
    <form
      className="people-new"
      data-testid="new-person"
      onSubmit={async (event) => {
        event.preventDefault();
        if (!isReady || isWaiting) return;
        const answer = await run({ login, displayName });
        if (answer === null) return;
        setCode({ login, code: answer.oneTime.code });
        setLogin('');
        setDisplayName('');
        onChanged();
      }}
    >
      <EntryField label={t('displayName')} maxLength={64} value={displayName} testId="new-person-name" onValueChange={setDisplayName} />
      <EntryField label={t('login')} autoComplete="off" maxLength={32} value={login} testId="new-person-login" onValueChange={setLogin} />
      <Button type="submit" disabled={!isReady} loading={isWaiting} data-testid="new-person-submit">
        {t('makePerson')}
      </Button>
      <RefusalNotice refusal={refusal} action={t('makePerson')} />
      {code !== null && (
        <OnceCodes title={t('oneTimeTitle', { login: code.login })} meaning={t('oneTimeMeaning')} codes={[code.code]} onClose={() => setCode(null)} />
      )}
    </form>
  );
}
