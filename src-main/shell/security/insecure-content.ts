/** Security checklists 1 and 8: a page's session fetches nothing over any network; everything it shows comes from `desk://app` or is inline data. */
import type { Session } from 'electron';
import { isOwnPage } from '#shell/security/origin';

const LOCAL_SCHEMES: ReadonlySet<string> = new Set(['data:', 'blob:', 'devtools:']);

export function blockNetwork(session: Session, onRefused: (address: string) => void): void {
  session.webRequest.onBeforeRequest((details, answer) => {
    const isLocal = isOwnPage(details.url) || (URL.canParse(details.url) && LOCAL_SCHEMES.has(new URL(details.url).protocol));
    if (!isLocal) onRefused(details.url);
    answer({ cancel: !isLocal });
  });
}
