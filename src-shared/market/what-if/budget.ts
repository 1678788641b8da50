/** The risk budget: equity and margin after one to four locked limits against the account, and the lots of each contract that may be kept. */
import type { RiskLevel } from '#shared/contract/streams';
import { known } from '#shared/market/known';
import type { AccountModel, HeldInstrument, HeldLot } from '#shared/market/what-if/account-model';
import { lockedLimitPrice } from '#shared/market/what-if/locked-limits';
import { addToRate, lockedMarginAdded } from '#shared/market/what-if/scenario';
import { closeLots, type Shock, valueAccount } from '#shared/market/what-if/value-account';

export type BudgetDay = { day: 1 | 2 | 3 | 4; loss: number | null; balance: number | null; currMargin: number | null; level: RiskLevel };
export type BudgetContract = {
  exchangeID: string;
  instrumentID: string;
  longVolume: number;
  shortVolume: number;
  mayKeep: number;
  shouldClose: number;
};

/** Every contract moves against the account's net position in it, as its exchange widens limits and raises rates; one held equally both ways stays where it is. */
function adverseShock(days: 1 | 2 | 3 | 4): Shock {
  return {
    isSettled: true,
    priceOf(holding) {
      const net = netVolume(holding);
      if (net === 0) return holding.marks.latest;
      return lockedLimitPrice(holding, net > 0 ? 'down' : 'up', days, 'exchange');
    },
    rateOf: (contract, _layer, rate) => addToRate(rate, lockedMarginAdded(contract, days, 'exchange')),
  };
}

function netVolume(holding: HeldInstrument): number {
  return holding.lots.reduce((sum, lot) => sum + (lot.direction === 'long' ? lot.volume : -lot.volume), 0);
}

export function riskBudget(model: AccountModel): BudgetDay[] {
  const now = valueAccount(model).balance;
  return ([1, 2, 3, 4] as const).map((day) => {
    const { balance, currMargin, level } = valueAccount(model, adverseShock(day));
    return {
      day,
      loss: now.known && balance.known ? now.value - balance.value : null,
      balance: balance.known ? balance.value : null,
      currMargin: currMargin.known ? currMargin.value : null,
      level,
    };
  });
}

/**
 * Of each contract, how many lots of its heavier side may stay so that equity remains above zero after `days` locked limits, cutting the contract
 * that loses most first. Null when a figure it needs is unknown.
 */
export function lotsToKeep(model: AccountModel, days: 1 | 2 | 3 | 4): BudgetContract[] | null {
  const closes = new Map<HeldLot, number>();
  const balanceWith = (closed: ReadonlyMap<HeldLot, number>) => valueAccount(closeLots(model, closed), adverseShock(days)).balance;
  const start = balanceWith(closes);
  if (!start.known) return null;
  const byLoss = [...model.holdings].sort((a, b) => lossOf(b, days) - lossOf(a, days));
  let balance = start.value;
  for (const holding of byLoss) {
    const net = netVolume(holding);
    const heavier = net > 0 ? 'long' : 'short';
    // Beyond what the sides differ by, closing would only turn the account round, and the limits the other way would hurt it.
    let mayClose = Math.abs(net);
    for (const lot of holding.lots.filter((held) => held.direction === heavier)) {
      if (balance > 0 || mayClose === 0) break;
      const least = Math.max(0, lot.volume - mayClose);
      const keep = largestKept(least, lot.volume, (kept) => {
        const after = balanceWith(new Map(closes).set(lot, lot.volume - kept));
        return after.known && after.value > 0;
      });
      closes.set(lot, lot.volume - keep);
      mayClose -= lot.volume - keep;
      const after = balanceWith(closes);
      balance = after.known ? after.value : Number.NaN;
    }
  }
  return model.holdings.map((holding) => {
    const volume = (direction: 'long' | 'short') => holding.lots.reduce((sum, lot) => (lot.direction === direction ? sum + lot.volume : sum), 0);
    const shouldClose = holding.lots.reduce((sum, lot) => sum + (closes.get(lot) ?? 0), 0);
    const held = Math.max(volume('long'), volume('short'));
    return {
      exchangeID: holding.exchangeID,
      instrumentID: holding.instrumentID,
      longVolume: volume('long'),
      shortVolume: volume('short'),
      mayKeep: held - shouldClose,
      shouldClose,
    };
  });
}

function lossOf(holding: HeldInstrument, days: 1 | 2 | 3 | 4): number {
  const price = adverseShock(days).priceOf?.(holding) ?? known(Number.NaN);
  const { latest } = holding.marks;
  if (!price.known || !latest.known || !holding.multiplier.known) return 0;
  return -netVolume(holding) * holding.multiplier.value * (price.value - latest.value);
}

/** The largest number from `least` to `most` for which `isFine` holds; `least` when it holds for none. */
function largestKept(least: number, most: number, isFine: (kept: number) => boolean): number {
  let [fine, bad] = [least, most + 1];
  while (bad - fine > 1) {
    const middle = Math.floor((fine + bad) / 2);
    if (isFine(middle)) fine = middle;
    else bad = middle;
  }
  return fine;
}
