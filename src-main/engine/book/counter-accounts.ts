/** What counters and reference data say of accounts, put on their records: figures, settings, and what of them was refused. */
import type { ItemsEvent } from '#shared/feed/intake';
import type { AccountMaster, CounterAccount } from '#shared/feed/items';
import { keep } from './keyed-items';
import type { MarketRecords } from './market-records';
import type { ReferenceBook } from './reference';
import { refusalOf } from './refusals';
import type { AccountRecord } from './things';

/** Takes the counter's figures in; a picture takes away what it does not name. Answers the accounts it was about. */
export function applyCounterAccounts(event: ItemsEvent<'accounts'>, records: MarketRecords): Set<AccountRecord> {
  const named = new Set<AccountRecord>();
  for (const item of event.items) {
    const account = records.account(item.accountID);
    if (isOfAnotherPurse(account, item)) continue;
    account.counter = keep(event, item.accountID, item);
    account.counterRefusal = null;
    named.add(account);
  }
  for (const item of event.refused ?? []) {
    // Only what the desk knows already: a refused item must not make an account up.
    const account = records.findAccount(item.about.accountID ?? '');
    if (account === null) continue;
    account.counter = null;
    account.counterRefusal = refusalOf(event.feedId, item, 'accountRefused', '');
    named.add(account);
  }
  if (event.type !== 'picture') return named;
  for (const account of records.accounts) {
    if ((account.counter ?? account.counterRefusal)?.feedId !== event.feedId || named.has(account)) continue;
    account.counter = null;
    account.counterRefusal = null;
    named.add(account);
  }
  return named;
}

/** A counter keeps a row for each currency; an account is valued in its own, and what it has in others must not take that one's place. */
function isOfAnotherPurse({ master, counter }: AccountRecord, { currencyID }: CounterAccount): boolean {
  return master !== null && counter !== null && currencyID !== master.currencyID && counter.item.currencyID === master.currencyID;
}

/** Every account's master anew from the reference data. */
export function readAccountMasters(reference: ReferenceBook, records: MarketRecords): void {
  for (const master of reference.masters.values()) records.account(master.accountID);
  for (const account of records.accounts) {
    const refusal = reference.accountRefusal(account.accountID);
    const master = reference.masters.get(account.accountID) ?? null;
    account.masterRefusal = refusal;
    // Whose it is stays; how it is computed is what the refused item would have said.
    account.master = master === null || refusal === null ? master : withoutSettings(master);
  }
}

function withoutSettings({
  marginPriceType: _price,
  algorithm: _algorithm,
  availIncludeCloseProfit: _available,
  ...identity
}: AccountMaster): AccountMaster {
  return identity;
}
