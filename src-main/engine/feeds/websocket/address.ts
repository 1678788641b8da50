/** Where a WebSocket feed may connect: encrypted anywhere, in the clear only to this machine. */
import { accept, type Outcome, refuse } from '#shared/refusal';

function isLoopback(hostname: string): boolean {
  const host = hostname.toLowerCase();
  return host === 'localhost' || host === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

/** The address, checked; the message of a refusal never repeats credentials. */
export function checkFeedAddress(text: string): Outcome<URL> {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return refuse('INVALID', 'the feed address is not a URL', 'url');
  }
  if (url.protocol !== 'wss:' && url.protocol !== 'ws:') return refuse('INVALID', 'the feed address must begin with wss:// or ws://', 'url');
  if (url.username !== '' || url.password !== '') return refuse('INVALID', 'put the token into its own field, not into the address', 'url');
  if (url.hash !== '') return refuse('INVALID', 'a feed address has no fragment', 'url');
  if (url.protocol === 'ws:' && !isLoopback(url.hostname)) {
    return refuse('FORBIDDEN', 'an unencrypted feed (ws://) is allowed on this machine only; use wss://', 'url');
  }
  return accept(url);
}
