/** What the kernel needs of an account's raw counter fields, and the comparison of our equity with the counter's at the counter's own moment. */
import type { AccountMaster } from '#shared/feed/items';
import { dynamicEquity, equityBeforePositions, heldBack } from '#shared/market/equity';
import { type Known, knownNumber, knownOrNaN, unknown } from '#shared/market/known';
import { roundHalfUp } from '#shared/market/money';
import { type Reason, reasonFor } from '#shared/market/reason';
import { type Kernel, RULE_UNKNOWN, SCALE, scaled } from './kernel/kernel';
import { priceReason } from './prices';
import type { AccountRecord } from './things';
import type { ToldPositions } from './told-positions';

const ALGORITHM_CODE = { all: 0, onlyLost: 1, onlyGain: 2, none: 3 } as const;

export function ruleCode(master: AccountMaster | null): number {
  if (master?.algorithm === undefined || master.availIncludeCloseProfit === undefined) return RULE_UNKNOWN;
  return ALGORITHM_CODE[master.algorithm] + (master.availIncludeCloseProfit === 'include' ? 0 : 4);
}

/** Whether the account has lots of an option, whose premium is part of its cash. */
export function holdsOptions(account: AccountRecord): boolean {
  for (const { instrument, sides } of account.holdings.values())
    if (instrument.master?.productClass === 'option' && sides.some(({ lots, slices }) => lots.size > 0 || slices.size > 0)) return true;
  return false;
}

/** Why none of an account's money is known although the source spoke of it: what it said was refused, wholly or as to how it is computed. */
export function moneyRefusal(account: AccountRecord): Reason | null {
  return (account.counterRefusal ?? account.masterRefusal ?? account.positionRefusals[0])?.reason ?? null;
}

/** Puts an account's money into the kernel. Before its source has said what it holds, nothing can be said of its equity; figures of another trading day than the positions' must not be added to them. */
export function placeMoney(account: AccountRecord, kernel: Kernel, told: ToldPositions): void {
  const { counter } = account;
  const isTold = told.isToldOf(account);
  const refusal = moneyRefusal(account);
  let before: Known<number>;
  if (refusal !== null) before = unknown(refusal);
  else if (counter === null) before = unknown('noAccount');
  else if (!isTold) before = unknown('noPositions');
  else if (account.holdings.size > 0 && counter.tradingDay !== told.day) before = unknown(reasonFor('dayMixed', `${counter.tradingDay} ${told.day}`));
  else before = equityBeforePositions(counter.item, holdsOptions(account));
  account.moneyReason = before.known ? null : before.reason;
  const fields = counter?.item ?? {};
  kernel.setHoldingsKnown(account.index, isTold);
  kernel.setAccount(
    account.index,
    knownOrNaN(before),
    knownOrNaN(heldBack(fields)),
    knownOrNaN(knownNumber(counter?.item.closeProfit, reasonFor('field', 'closeProfit'))),
    ruleCode(account.master),
  );
}

/** Position profit by date at the marks that stood at `atMs`; unknown when a mark of then is not kept. */
export function profitAt(account: AccountRecord, kernel: Kernel, atMs: number): Known<number> {
  let profit = 0;
  for (const holding of account.holdings.values()) {
    if (holding.entry < 0) continue;
    if (holding.profitReason !== null) return unknown(holding.profitReason);
    if (holding.netQuantity === 0) {
      profit -= kernel.costOf(holding.entry);
      continue;
    }
    const mark = holding.instrument.markAt(atMs);
    if (mark === null) return unknown(priceReason(holding.instrument, 'lastPrice'));
    profit += holding.netQuantity * scaled(mark) - kernel.costOf(holding.entry);
  }
  return { known: true, value: Math.round(profit) / SCALE };
}

/**
 * Takes the counter's equity and position profit minus ours, both at the counter's as-of: its own money fields plus our position profit at the
 * marks of that moment. The sign is that of `desk reconcile`. Account and positions are separate queries at a counter, so an honest residual may be whole ticks (the skew).
 */
export function takeResiduals(account: AccountRecord, kernel: Kernel): void {
  account.residual = null;
  account.profitResidual = null;
  const counter = account.counter?.item;
  if (counter === undefined) {
    account.residualReason = 'noAccount';
    return;
  }
  if (!kernel.areHoldingsKnown(account.index)) {
    account.residualReason = 'noPositions';
    return;
  }
  const profit = profitAt(account, kernel, counter.asOfMs);
  const ours = dynamicEquity(counter, profit, holdsOptions(account));
  account.residualReason = !ours.known ? ours.reason : counter.balance === undefined ? reasonFor('field', 'balance') : null;
  if (ours.known && counter.balance !== undefined) account.residual = roundHalfUp(counter.balance - ours.value, 6);
  if (profit.known && counter.positionProfit !== undefined) account.profitResidual = roundHalfUp(counter.positionProfit - profit.value, 6);
}
