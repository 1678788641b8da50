/** Who a record belongs to: the name people read, and that two records are one human's, who then counts once wherever two people are needed. */
import { Button, FormGroup, HTMLSelect, InputGroup } from '@blueprintjs/core';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PersonView } from '#shared/contract/people';
import { RefusalNotice } from '../../components/refusal-notice';
import { TextDialog } from '../../components/text-dialog';
import { usePersonName } from '../../state/person-names';
import { request, useAction } from '../../state/use-stream';

type Props = { person: PersonView; others: readonly PersonView[]; onChanged: () => void };

export function PersonIdentity({ person, others, onChanged }: Props): ReactNode {
  const { t } = useTranslation('people');
  const nameOf = usePersonName();
  const otherField = useId();
  const [isRenaming, setIsRenaming] = useState(false);
  const [isLinking, setIsLinking] = useState(false);
  const [other, setOther] = useState('');
  const { personId, samePersonAs } = person;
  const isLinked = samePersonAs !== null;
  const link = async (reason: string) => {
    const outcome = await request('people.link', { personId, samePersonAs: isLinked ? null : other, reason });
    onChanged();
    return outcome.ok ? null : outcome;
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
          <FormGroup label={t('linkOther')} labelFor={otherField}>
            <HTMLSelect id={otherField} fill value={other} data-testid="link-other" onChange={(event) => setOther(event.target.value)}>
              <option value="">{t('confirm:choose')}</option>
              {others
                .filter((one) => one.personId !== personId && !one.isDemonstration)
                .map((one) => (
                  <option key={one.personId} value={one.personId}>
                    {one.displayName} ({one.login})
                  </option>
                ))}
            </HTMLSelect>
          </FormGroup>
        )}
      </TextDialog>
    </>
  );
}

function RenameForm({ person, onDone }: { person: PersonView; onDone: () => void }): ReactNode {
  const { t } = useTranslation('people');
  const field = useId();
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
      <FormGroup label={t('displayName')} labelFor={field} helperText={t('renameMeaning')}>
        <InputGroup id={field} autoFocus maxLength={64} value={displayName} data-testid="rename-name" onValueChange={setDisplayName} />
      </FormGroup>
      <Button type="submit" disabled={!isReady} loading={isWaiting} data-testid="rename-submit">
        {t('rename')}
      </Button>
      <RefusalNotice refusal={refusal} action={t('rename')} />
    </form>
  );
}
