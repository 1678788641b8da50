/** What a worklist stands on, from the book: its inputs as one hash, and the lots, money and trades whose change makes it hold no longer. */
import { createHash } from 'node:crypto';
import type { WorklistBasis } from '#shared/desk/worklists/events';
import type { AccountModel } from '#shared/market/what-if/account-model';
import type { FrozenVolume } from '#shared/market/what-if/frozen-lots';
import type { Book } from '../book';
import type { AccountRecord } from '../things';
import { frozenVolumes } from './frozen-volumes';

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Equal models give equal hashes: the lists made from them are the same. */
export function inputsHash(model: AccountModel): string {
  return sha256(JSON.stringify(model));
}

/** `SHFE.au2612 long 3`: the orders' own numbers may change while they freeze the same. */
function frozenText(label: string, volumes: readonly FrozenVolume[]): string {
  return volumes.map(({ direction, hedgeFlag, days, volume }) => [label, direction, hedgeFlag, days, volume].join(' ')).join('; ');
}

export function worklistBasis(book: Book, account: AccountRecord): WorklistBasis {
  const lots: string[] = [];
  for (const { instrument, sides } of account.holdings.values()) {
    for (const { direction, hedgeFlag, lots: held, slices } of sides) {
      const side = `${instrument.label}|${direction}|${hedgeFlag}`;
      for (const { key, item } of held.values()) if (item.volume > 0) lots.push(`${side}|${key}|${item.volume}`);
      if (held.size === 0) for (const { key, item } of slices.values()) if (item.position > 0) lots.push(`${side}|${key}|${item.position}`);
    }
  }
  for (const [key, { item }] of account.combinations?.rows ?? []) lots.push(`${key}|${item.totalAmt}`);
  let fundsIn = 0;
  let fundsOut = 0;
  for (const { item } of book.funds.items.byKey.values()) {
    if (item.accountID !== account.accountID) continue;
    if (item.fundDirection === 'in') fundsIn += 1;
    else fundsOut += 1;
  }
  let trades = 0;
  for (const { item } of book.trades.items.byKey.values()) if (item.accountID === account.accountID) trades += 1;
  return {
    tradingDay: account.counter?.tradingDay ?? null,
    deposit: account.counter?.item.deposit ?? null,
    withdraw: account.counter?.item.withdraw ?? null,
    lotsHash: sha256(lots.sort().join('\n')),
    fundsIn,
    fundsOut,
    trades,
    frozen: [...frozenVolumes(book, account)].map(([label, volumes]) => frozenText(label, volumes)).join('; '),
  };
}
