/** Security checklist 5: the page gets no permission and no device but the camera, for its own picture of evidence, when a person asks for it; never sound. */
import { type MediaAccessPermissionRequest, type PermissionCheckHandlerHandlerDetails, type Session, systemPreferences } from 'electron';
import { isOwnPage } from '#shell/security/origin';

export function denyPermissions(session: Session, onRefused: (permission: string) => void): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) => {
    if (permission === 'media' && isCameraOnly(details)) {
      void systemAllowsCamera().then((allows) => {
        if (!allows) onRefused('camera: the system does not allow it');
        answer(allows);
      });
      return;
    }
    onRefused(permission);
    answer(false);
  });
  session.setPermissionCheckHandler((_contents, permission, origin, details) => permission === 'media' && isCameraCheck(origin, details));
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => answer({}));
  session.setUSBProtectedClassesHandler(({ protectedClasses }) => protectedClasses);
  session.setBluetoothPairingHandler((_details, answer) => answer({ confirmed: false }));
}

/** A picture without sound, for the main frame of a page of ours. */
export function isCameraOnly(details: Partial<MediaAccessPermissionRequest>): boolean {
  const { mediaTypes, isMainFrame, requestingUrl } = details;
  return mediaTypes?.length === 1 && mediaTypes[0] === 'video' && isMainFrame === true && isOwnPage(requestingUrl ?? '');
}

/** Asked before and beside the request itself. */
export function isCameraCheck(origin: string, { mediaType, isMainFrame }: Partial<PermissionCheckHandlerHandlerDetails>): boolean {
  return mediaType === 'video' && isMainFrame === true && isOwnPage(origin);
}

/** macOS asks the person once, and remembers; elsewhere the system decides when the camera is opened. */
async function systemAllowsCamera(): Promise<boolean> {
  return process.platform !== 'darwin' || systemPreferences.askForMediaAccess('camera');
}
