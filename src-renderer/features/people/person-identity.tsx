/** Who a record belongs to: the name people read, and that two records are one human's, who then counts once wherever two people are needed. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PersonView } from '#shared/contract/people';
import { EntryField } from '../../components/entry-field';
import { RefusalNotice } from '../../components/refusal-notice';
import { SelectField } from '../../components/select';
import { TextDialog } from '../../components/text-dialog';
import { usePersonName } from '../../state/person-names';
import { request, useAction } from '../../state/use-stream';
import { personOptions } from './person-options';

type Props = { person: PersonView; others: readonly PersonView[]; onChanged: () => void };

export function PersonIdentity({ person, others, onChanged }: Props): ReactNode {
  const { t } = useTranslation('people');
  const nameOf = usePersonName();
  const [isRenaming, setIsRenaming] = useState(false);
  const [isLinking, setIsLinking] = useState(false);
  const [other, setOther] = useState('');
  const { personId, samePersonAs } = person;
  const isLinked = samePersonAs !== null;
  const link = async (reason: string) => {
    const outcome = await request('people.link', { personId, samePersonAs: isLinked ? null : other, reason });
    onChanged();
    return outcome;
  };
  return (
    <>
      {isLinked && (
        <p className="secondary" data-testid={`linked-${person.login}`}>
          {t('sameHuman', { name: nameOf(samePersonAs) })}
        </p>
      )}
      <div className="row">
        <Button size="small" variant="minimal" data-testid={`rename-${person.login}`} onClick={() => setIsRenaming(!isRenaming)}>
          {t('rename')}
        </Button>
        <Button size="small" variant="minimal" data-testid={`link-${person.login}`} onClick={() => setIsLinking(true)}>
          {t(isLinked ? 'unlink' : 'link')}
        </Button>
      </div>
      {isRenaming && (
        <RenameForm
          person={person}
          onDone={() => {
            setIsRenaming(false);
            onChanged();
          }}
        />
      )}
      <TextDialog
        isOpen={isLinking}
        title={t(isLinked ? 'unlink' : 'link')}
        label={t('reason')}
        confirm={t(isLinked ? 'unlinkConfirm' : 'linkConfirm')}
        isRequired
        isReady={isLinked || other !== ''}
        testId="link-dialog"
        onConfirm={link}
        onClose={() => setIsLinking(false)}
      >
        <p>{t(isLinked ? 'unlinkMeaning' : 'linkMeaning', { name: person.displayName })}</p>
        {!isLinked && (
          <SelectField
            label={t('linkOther')}
            fill
            options={personOptions(
              others.filter((one) => one.personId !== personId && !one.isDemonstration),
              t('confirm:choose'),
            )}
            value={other}
            testId="link-other"
            onValueChange={setOther}
          />
        )}
      </TextDialog>
    </>
  );
}

function RenameForm({ person, onDone }: { person: PersonView; onDone: () => void }): ReactNode {
  const { t } = useTranslation('people');
  const [displayName, setDisplayName] = useState(person.displayName);
  const { run, refusal, isWaiting } = useAction('people.change');
  const isReady = displayName.trim() !== '' && displayName.trim() !== person.displayName;
  return (
    <form
      className="people-new"
      data-testid="rename-form"
      onSubmit={async (event) => {
        event.preventDefault();
        if (!isReady || isWaiting) return;
        if ((await run({ personId: person.personId, displayName })) !== null) onDone();
      }}
    >
      <EntryField
        label={t('displayName')}
        help={t('renameMeaning')}
        autoFocus
        maxLength={64}
        value={displayName}
        testId="rename-name"
        onValueChange={setDisplayName}
      />
      <Button type="submit" disabled={!isReady} loading={isWaiting} data-testid="rename-submit">
        {t('rename')}
      </Button>
      <RefusalNotice refusal={refusal} action={t('rename')} />
    </form>
  );
}
