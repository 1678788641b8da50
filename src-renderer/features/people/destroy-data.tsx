/** Makes one person's or client's data unreadable for ever: says what goes and what stays before a second person agrees. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PersonView } from '#shared/contract/people';
import type { RequestAnswer } from '#shared/contract/requests';
import { EntryField } from '../../components/entry-field';
import { SecondPersonDialog } from '../../components/second-person';
import { SelectField } from '../../components/select';
import { TextField } from '../../components/text-field';
import { personOptions } from './person-options';

type Kind = 'client' | 'person';

export function DestroyData({ people }: { people: readonly PersonView[] }): ReactNode {
  const { t } = useTranslation('people');
  const [kind, setKind] = useState<Kind>('client');
  const [who, setWho] = useState('');
  const [reason, setReason] = useState('');
  const [command, setCommand] = useState<{ dataSubject: string; reason: string } | null>(null);
  const [destroyed, setDestroyed] = useState<number | null>(null);
  const isReady = who.trim() !== '' && reason.trim() !== '';
  const name = people.find(({ personId }) => personId === who)?.displayName ?? who.trim();
  return (
    <section className="card stack" data-testid="destroy-data">
      <h3>{t('destroy.title')}</h3>
      <p>{t('destroy.meaning')}</p>
      <ul>
        {(['gone', 'stays', 'notReached'] as const).map((each) => (
          <li key={each}>{t(`destroy.${each}`)}</li>
        ))}
      </ul>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) setCommand({ dataSubject: `${kind}:${who.trim()}`, reason: reason.trim() });
        }}
      >
        <SelectField
          label={t('destroy.whose')}
          options={[
            { value: 'client', label: t('destroy.client') },
            { value: 'person', label: t('destroy.person') },
          ]}
          value={kind}
          testId="destroy-kind"
          onValueChange={(value) => {
            setKind(value);
            setWho('');
          }}
        />
        {kind === 'client' ? (
          <EntryField
            label={t('destroy.clientId')}
            className="mono"
            autoComplete="off"
            maxLength={64}
            value={who}
            testId="destroy-who"
            onValueChange={setWho}
          />
        ) : (
          <SelectField
            label={t('destroy.person')}
            options={personOptions(
              people.filter(({ state }) => state === 'disabled'),
              t('confirm:choose'),
            )}
            value={who}
            testId="destroy-who"
            onValueChange={setWho}
          />
        )}
        <TextField label={t('reason')} value={reason} testId="destroy-reason" onValueChange={setReason} />
        <div>
          <Button type="submit" intent="danger" disabled={!isReady} data-testid="destroy-submit">
            {t('destroy.button')}
          </Button>
        </div>
      </form>
      {destroyed !== null && (
        <p role="status" data-testid="destroy-done">
          {t('destroy.done', { count: destroyed })}
        </p>
      )}
      <SecondPersonDialog
        command={command === null ? null : { name: 'privacy.destroy', payload: command as never }}
        title={t('destroy.ask', { name })}
        onDone={(answer) => {
          setCommand(null);
          setWho('');
          setReason('');
          setDestroyed((answer as RequestAnswer<'privacy.destroy'>).keyCount);
        }}
        onClose={() => setCommand(null)}
      >
        <p>{t('destroy.forEver', { name })}</p>
      </SecondPersonDialog>
    </section>
  );
}
