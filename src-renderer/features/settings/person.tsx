/** Who is on duty: the name under which every action is written into the journal. */
import { Button, InputGroup } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Refusal } from '#shared/refusal';
import { RefusalNotice } from '../../components/refusal-notice';
import { changeSetting, usePreferences } from '../../state/preferences';

export function Person(): ReactNode {
  const { t } = useTranslation('settings');
  const person = usePreferences((state) => state.settings?.person ?? '');
  const [draft, setDraft] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const name = draft ?? person;
  const canSave = name.trim() !== '' && name.trim() !== person;
  return (
    <section className="card stack">
      <h3>{t('person')}</h3>
      <form
        className="row"
        onSubmit={async (event) => {
          event.preventDefault();
          if (!canSave) return;
          const outcome = await changeSetting('person', name.trim());
          setRefusal(outcome.ok ? null : outcome);
          if (outcome.ok) setDraft(null);
        }}
      >
        <InputGroup maxLength={64} value={name} aria-label={t('person')} onValueChange={setDraft} data-testid="setting-person" />
        <Button type="submit" intent="primary" disabled={!canSave} data-testid="setting-person-save">
          {t('takeOver')}
        </Button>
      </form>
      <p className="secondary">{t('personMeaning')}</p>
      <RefusalNotice refusal={refusal} action={t('takeOver')} />
    </section>
  );
}
