/** Security checklist 5: the page needs no permission, so it gets none, and no device. */
import type { Session } from 'electron';

export function denyPermissions(session: Session, onRefused: (permission: string) => void): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => {
    onRefused(permission);
    answer(false);
  });
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => answer({}));
  session.setUSBProtectedClassesHandler(({ protectedClasses }) => protectedClasses);
  session.setBluetoothPairingHandler((_details, answer) => answer({ confirmed: false }));
}
