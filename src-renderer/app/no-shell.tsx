/** What a person sees who opens the page in a browser: it cannot work there, and says why. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

export function NoShell(): ReactNode {
  const { t } = useTranslation('app');
  return (
    <div className="empty" data-app-state="noShell">
      <h1>Floorwatch</h1>
      <p>{t('noShell')}</p>
    </div>
  );
}
