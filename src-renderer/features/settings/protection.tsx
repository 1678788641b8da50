/** Who keeps the key that seals names, notes and evidence on this disk, what is the way back when it is lost, and whether only people open the desk. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuthPicture } from '#shared/contract/people';
import { TextDialog } from '../../components/text-dialog';
import { useAuth, useMay } from '../../state/auth';
import { request } from '../../state/use-stream';

export function Protection(): ReactNode {
  const { t } = useTranslation('settings');
  const auth = useAuth();
  const mayDecide = useMay('people.manage');
  if (auth === null) return null;
  const { protection } = auth;
  return (
    <section className="card stack" data-testid="settings-protection" data-protection={protection}>
      <h3>{t('health:protection')}</h3>
      <p>{protection === 'file' ? `⚠ ${t('health:protection_file')}` : t(`health:protection_${protection}`)}</p>
      <p className="secondary">{t(auth.isClaimed ? 'wayBack' : 'noWayBack')}</p>
      {auth.isClaimed && mayDecide && <Keeping protection={protection} />}
    </section>
  );
}

function Keeping({ protection }: { protection: AuthPicture['protection'] }): ReactNode {
  const { t } = useTranslation('settings');
  const [isAsking, setIsAsking] = useState(false);
  const keeping = protection === 'signIn' ? 'machine' : 'signIn';
  const button = t(`keeping.${keeping}.button`);
  return (
    <>
      <p className="secondary">{t(`keeping.${keeping}.meaning`)}</p>
      <div>
        <Button data-testid="keep-key" data-to={keeping} onClick={() => setIsAsking(true)}>
          {button}
        </Button>
      </div>
      <TextDialog
        isOpen={isAsking}
        isRequired
        intent="danger"
        title={button}
        label={t('people:reason')}
        confirm={button}
        testId="keep-key-reason"
        onClose={() => setIsAsking(false)}
        onConfirm={(reason) => request('desk.keepKey', { keeping, reason })}
      >
        <p>{t(`keeping.${keeping}.warning`)}</p>
      </TextDialog>
    </>
  );
}
