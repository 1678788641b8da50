/** Why an account's figures are unknown: the money first, then its holdings in the order of their names, so that the answer is stable. */

import type { Reason } from '#shared/market/reason';
import type { Kernel } from './kernel/kernel';
import { priceReason } from './prices';
import type { AccountRecord, Holding } from './things';

function firstOf(account: AccountRecord, pick: (holding: Holding) => Reason | null): Reason | null {
  let best: Reason | null = null;
  let bestLabel = '';
  for (const holding of account.holdings.values()) {
    const { label } = holding.instrument;
    if (best !== null && label >= bestLabel) continue;
    const reason = pick(holding);
    if (reason === null) continue;
    best = reason;
    bestLabel = label;
  }
  return best;
}

/** Why the position profit is unknown, or null when it is known. */
export function profitReason(account: AccountRecord): Reason | null {
  return firstOf(account, (holding) => {
    if (holding.profitReason !== null) return holding.profitReason;
    return holding.netQuantity !== 0 && holding.instrument.quote?.lastPrice === undefined ? priceReason(holding.instrument, 'lastPrice') : null;
  });
}

/** Why a margin is unknown; holdings whose margin follows a price that is missing name the price. */
export function marginReason(account: AccountRecord, layer: 'company' | 'exchange'): Reason | null {
  const ofHoldings = firstOf(account, (holding) => {
    const reason = layer === 'company' ? holding.marginReason : holding.exchangeMarginReason;
    if (reason !== null) return reason;
    const followsPrice = account.master?.marginPriceType === 'latest';
    return followsPrice && holding.instrument.quote?.lastPrice === undefined ? priceReason(holding.instrument, 'lastPrice') : null;
  });
  const { combinations } = account;
  return ofHoldings ?? (layer === 'company' ? combinations?.marginReason : combinations?.exchangeMarginReason) ?? null;
}

export function accountReason(account: AccountRecord, kernel: Kernel): Reason | null {
  const { columns } = kernel;
  const { index } = account;
  if (Number.isNaN(columns.balance[index])) return account.moneyReason ?? profitReason(account) ?? 'noAccount';
  if (Number.isNaN(columns.margin[index])) return marginReason(account, 'company');
  return null;
}
