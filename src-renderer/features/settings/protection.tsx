/** Who keeps the key that seals names, notes and evidence on this disk, and what is the way back when it is lost. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useAuth, useMay } from '../../state/auth';
import { useStream } from '../../state/use-stream';

export function Protection(): ReactNode {
  return useMay('monitor.view') ? <KeyKeeping /> : null;
}

function KeyKeeping(): ReactNode {
  const { t } = useTranslation('settings');
  const auth = useAuth();
  const { picture } = useStream('health', {});
  if (picture === null) return null;
  const { protection } = picture.store;
  return (
    <section className="card stack" data-testid="settings-protection" data-protection={protection}>
      <h3>{t('health:protection')}</h3>
      <p>{protection === 'keychain' ? t('health:protection_keychain') : `⚠ ${t('health:protection_file')}`}</p>
      <p className="secondary">{t(auth?.isClaimed === true ? 'wayBack' : 'noWayBack')}</p>
    </section>
  );
}
