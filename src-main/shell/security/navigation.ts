/** Security checklist 13: a page stays on its own origin, whoever asks it to leave: a link, a redirect, a frame, a dropped file. */
import type { WebContents } from 'electron';
import { isOwnPage } from '#shell/security/origin';

export function guardNavigation(contents: WebContents, onRefused: (address: string) => void): void {
  const guard = (event: { preventDefault(): void }, address: string): void => {
    if (isOwnPage(address)) return;
    event.preventDefault();
    onRefused(address);
  };
  contents.on('will-navigate', (event) => guard(event, event.url));
  contents.on('will-redirect', (event) => guard(event, event.url));
  contents.on('will-frame-navigate', (event) => guard(event, event.url));
}
