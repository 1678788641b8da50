/** Language, theme and price colours. They show at once. */
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Settings } from '#shared/contract/requests';
import type { Refusal } from '#shared/refusal';
import { RefusalNotice } from '../../components/refusal-notice';
import { changeSetting, type Preferences, usePreferences } from '../../state/preferences';

const CHOICES: { [Key in keyof Preferences]: readonly Preferences[Key][] } = {
  language: ['zh-CN', 'en'],
  theme: ['dark', 'light'],
  priceColours: ['redUp', 'greenUp'],
};

export function Appearance(): ReactNode {
  const { t } = useTranslation('settings');
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const choose = async <Key extends keyof Preferences>(key: Key, value: Settings[Key]): Promise<void> => {
    const outcome = await changeSetting(key, value);
    setRefusal(outcome.ok ? null : outcome);
  };
  return (
    <section className="card stack">
      <h3>{t('appearance')}</h3>
      <Choice name="language" onChoose={(value) => void choose('language', value)} />
      <Choice name="theme" onChoose={(value) => void choose('theme', value)} />
      <Choice name="priceColours" onChoose={(value) => void choose('priceColours', value)} />
      <div className="row">
        <span className="up">▲ +1.25 %</span>
        <span className="down">▼ −1.25 %</span>
        <span className="secondary">{t('priceExample')}</span>
      </div>
      {refusal !== null && <p>{t('notRecorded')}</p>}
      <RefusalNotice refusal={refusal} />
    </section>
  );
}

function Choice<Key extends keyof Preferences>({ name, onChoose }: { name: Key; onChoose: (value: Preferences[Key]) => void }): ReactNode {
  const { t } = useTranslation('settings');
  const chosen = usePreferences((state) => state[name]);
  return (
    <div className="settings-row">
      <span id={`setting-${name}`}>{t(name as string)}</span>
      <fieldset className="segmented" aria-labelledby={`setting-${name}`}>
        {CHOICES[name].map((value) => (
          <button key={value} type="button" aria-pressed={chosen === value} data-testid={`setting-${name}-${value}`} onClick={() => onChoose(value)}>
            {t(`${name}Choice.${value}` as string)}
          </button>
        ))}
      </fieldset>
    </div>
  );
}
