/** After how long without a key or a click the desk locks itself; who sits here is said in the people panel. */
import { Button, NumericInput } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Refusal } from '#shared/refusal';
import { RefusalNotice } from '../../components/refusal-notice';
import { useAuth } from '../../state/auth';
import { openPanel } from '../../state/navigation';
import { changeSetting } from '../../state/preferences';

const MINUTE_MS = 60_000;

export function IdleLock(): ReactNode {
  const { t } = useTranslation('settings');
  const auth = useAuth();
  const [draft, setDraft] = useState<number | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const idleLockMs = auth?.idleLockMs ?? null;
  const minutes = draft ?? (idleLockMs === null ? null : idleLockMs / MINUTE_MS);
  return (
    <section className="card stack">
      <h3>{t('access')}</h3>
      <div className="row">
        <Button data-testid="settings-people" onClick={() => openPanel('people')}>
          {t('openPeople')}
        </Button>
      </div>
      {minutes === null ? (
        <p className="secondary">{t('noIdleLock')}</p>
      ) : (
        <form
          className="row"
          onSubmit={async (event) => {
            event.preventDefault();
            const outcome = await changeSetting('idleLockMinutes', minutes);
            setRefusal(outcome.ok ? null : outcome);
            if (outcome.ok) setDraft(null);
          }}
        >
          <NumericInput
            min={1}
            max={240}
            value={minutes}
            aria-label={t('idleLock')}
            data-testid="setting-idle-lock"
            onValueChange={(value) => setDraft(Number.isFinite(value) ? Math.round(value) : null)}
          />
          <span>{t('idleLock')}</span>
          <Button type="submit" intent="primary" disabled={draft === null} data-testid="setting-idle-lock-save">
            {t('app:save')}
          </Button>
        </form>
      )}
      <RefusalNotice refusal={refusal} action={t('idleLock')} />
    </section>
  );
}
