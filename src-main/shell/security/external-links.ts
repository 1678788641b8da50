/** Security checklist 15: the only place that hands an address to the operating system; https, and hosts that the product itself cites. */
import { shell } from 'electron';

/** Publishers of the rules, calendars and threshold tables that the screen cites. A new one is added with the text that links to it. */
const ALLOWED_HOSTS: ReadonlySet<string> = new Set([
  'www.csrc.gov.cn',
  'www.cfachina.org',
  'www.cfmmc.com',
  'www.shfe.com.cn',
  'www.ine.cn',
  'www.dce.com.cn',
  'www.czce.com.cn',
  'www.cffex.com.cn',
  'www.gfex.com.cn',
  'www.sge.com.cn',
  'www.sqlite.org',
]);

/** Whether an address may leave the app: https, a known host, no credentials, the usual port. */
export function isAllowedExternally(address: unknown): boolean {
  if (typeof address !== 'string' || !URL.canParse(address)) return false;
  const url = new URL(address);
  return url.protocol === 'https:' && ALLOWED_HOSTS.has(url.hostname) && url.port === '' && url.username === '' && url.password === '';
}

/** Opens it in the user's browser; answers whether it was allowed. */
export function openExternalLink(address: unknown): boolean {
  if (typeof address !== 'string' || !isAllowedExternally(address)) return false;
  void shell.openExternal(new URL(address).href);
  return true;
}
