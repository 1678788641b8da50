/** The one origin a page of ours can have, compared as a parsed URL and never as the beginning of a string. */
export const PAGE_SCHEME = 'desk';
export const PAGE_HOST = 'app';
export const PAGE_URL = `${PAGE_SCHEME}://${PAGE_HOST}/index.html`;

/** Whether an address, from wherever, is a page of ours. */
export function isOwnPage(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  return url.protocol === `${PAGE_SCHEME}:` && url.host === PAGE_HOST && url.username === '' && url.password === '';
}
