/** Language and theme, one click away on every screen, also before anybody has signed in. */
import { Button } from '@blueprintjs/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { changeSetting, usePreferences } from '../state/preferences';

/** Test ids are `name-language` and `name-theme`. */
export function AppearanceSwitches({ name }: { name: string }): ReactNode {
  const { t } = useTranslation('app');
  const language = usePreferences((state) => state.language);
  const theme = usePreferences((state) => state.theme);
  const toTheme = t(theme === 'dark' ? 'switchToLight' : 'switchToDark');
  return (
    <>
      <Button
        variant="minimal"
        size="small"
        data-testid={`${name}-language`}
        title={t('switchLanguage')}
        aria-label={t('switchLanguage')}
        onClick={() => void changeSetting('language', language === 'en' ? 'zh-CN' : 'en')}
      >
        {t('otherLanguage')}
      </Button>
      <Button
        variant="minimal"
        size="small"
        data-testid={`${name}-theme`}
        title={toTheme}
        aria-label={toTheme}
        onClick={() => void changeSetting('theme', theme === 'dark' ? 'light' : 'dark')}
      >
        {theme === 'dark' ? '☀' : '☾'}
      </Button>
    </>
  );
}
