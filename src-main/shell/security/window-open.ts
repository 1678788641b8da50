/** Security checklists 11, 12 and 14: no page opens a window or embeds a foreign page. A link meant for outside goes to the browser, if it may. */
import type { WebContents } from 'electron';
import { openExternalLink } from '#shell/security/external-links';

export function guardNewWindows(contents: WebContents, onRefused: (address: string) => void): void {
  contents.setWindowOpenHandler(({ url }) => {
    if (!openExternalLink(url)) onRefused(url);
    return { action: 'deny' };
  });
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
    onRefused('webview');
  });
}
