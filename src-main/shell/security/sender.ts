/** Security checklist 17: every message from a page passes here, and is dropped unless the main frame of a window of ours, on our origin, sent it. */
import { type IpcMainEvent, ipcMain, type WebContents } from 'electron';
import { isOwnPage } from '#shell/security/origin';

export type PageMessageHandler = (contents: WebContents, payload: unknown) => void;

export type SenderCheck = {
  isOurWindow: (contents: WebContents) => boolean;
  onRefused: (channel: string, address: string) => void;
};

function isTrusted(event: IpcMainEvent, isOurWindow: SenderCheck['isOurWindow']): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame.parent === null && frame === event.sender.mainFrame && isOwnPage(frame.url) && isOurWindow(event.sender);
}

/** The only use of ipcMain. The handler sees the payload as unknown and must parse it. */
export function onPageMessage(channel: string, check: SenderCheck, handler: PageMessageHandler): void {
  ipcMain.on(channel, (event, payload: unknown) => {
    if (isTrusted(event, check.isOurWindow)) handler(event.sender, payload);
    else check.onRefused(channel, event.senderFrame?.url ?? '(frame is gone)');
  });
}
