/** A client account as one line: its number, and its name where the book knows it. */
import type { EntryAbout } from '#shared/contract/audit';

export function accountText({ accountID, name }: EntryAbout): string {
  return name === '' ? accountID : `${accountID} ${name}`;
}
