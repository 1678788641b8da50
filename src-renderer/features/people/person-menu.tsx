/** Who I am, in the status strip, and what I do about it: lock, let somebody else take over, leave, or make the desk one's own. */
import { Button, Dialog, DialogBody, Menu, MenuDivider, MenuItem, PopoverNext } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAuth } from '../../state/auth';
import { openPanel } from '../../state/navigation';
import { request } from '../../state/use-stream';
import { useClaim } from '../sign-in/claim-dialog';
import { SignInForm } from '../sign-in/sign-in-screen';

export function PersonMenu({ name }: { name: string }): ReactNode {
  const { t } = useTranslation('people');
  const auth = useAuth();
  const openClaim = useClaim((state) => state.open);
  const [isSwitching, setIsSwitching] = useState(false);
  const session = auth?.session ?? null;
  return (
    <>
      <PopoverNext
        placement="bottom-end"
        content={
          <Menu data-testid="person-menu">
            {session !== null && <MenuDivider title={session.roles.map(({ role }) => t(`role.${role}`)).join(' · ') || t('noRole')} />}
            <MenuItem text={t('lock')} label="Ctrl L" data-testid="person-lock" onClick={() => void request('auth.lock', {})} />
            <MenuItem text={t('switchPerson')} data-testid="person-switch" onClick={() => setIsSwitching(true)} />
            <MenuItem text={t('signOut')} data-testid="person-sign-out" onClick={() => void request('auth.signOut', {})} />
            <MenuDivider />
            <MenuItem text={t('title')} data-testid="person-people" onClick={() => openPanel('people')} />
            <MenuItem text={t('settings:title')} data-testid="person-settings" onClick={() => openPanel('settings')} />
            {auth?.isClaimed === false && <MenuItem text={t('claimOpen')} data-testid="person-claim" onClick={openClaim} />}
          </Menu>
        }
      >
        <Button variant="minimal" size="small" className="status-button" data-testid="status-person" title={t('menuTitle')}>
          {name === '' ? t('status:nobody') : name}
        </Button>
      </PopoverNext>
      <Dialog isOpen={isSwitching && auth !== null} onClose={() => setIsSwitching(false)} title={t('switchPerson')}>
        <DialogBody>{auth !== null && <SignInForm auth={auth} onDone={() => setIsSwitching(false)} />}</DialogBody>
      </Dialog>
    </>
  );
}
