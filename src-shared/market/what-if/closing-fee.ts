/** What closing lots costs by the account's own commission rates, or by a fee per lot that a person has given in their place. */
import type { CommissionRate } from '#shared/feed/items';
import { commissionOf } from '#shared/market/commission';
import { type Known, known, unknown } from '#shared/market/known';
import { type Reason, reasonFor } from '#shared/market/reason';
import type { AccountModel, HeldInstrument, HeldLot } from '#shared/market/what-if/account-model';

export type CloseTerms = {
  rate: Known<CommissionRate>;
  /**
   * Which closes take the close-today tier: `ownDay` those of lots opened today, where the exchange keeps days apart (SHFE, INE); elsewhere so many lots of
   * each side as were opened today and not closed since, whichever lot is closed.
   */
  closeToday: 'ownDay' | Record<'long' | 'short', number>;
};

/** Money in the account's currency. `reason` says why a part of it is unknown; `knownPart` is the rest. */
type ClosingFee = { knownPart: number; reason: Reason | null };

/** Closes are at the latest price. `feePerLot` null takes the rates. */
export function closingFee(model: AccountModel, closes: ReadonlyMap<HeldLot, number>, feePerLot: number | null): ClosingFee {
  if (feePerLot !== null) return { knownPart: feePerLot * [...closes.values()].reduce((sum, volume) => sum + volume, 0), reason: null };
  const fee: ClosingFee = { knownPart: 0, reason: null };
  for (const holding of model.holdings) {
    for (const direction of ['long', 'short'] as const) {
      const lots = holding.lots.flatMap((lot) => (lot.direction === direction ? [{ lot, volume: closes.get(lot) ?? 0 }] : []));
      const volume = lots.reduce((sum, each) => sum + each.volume, 0);
      if (volume === 0) continue;
      const today = lots.reduce((sum, each) => (each.lot.isToday ? sum + each.volume : sum), 0);
      const one = sideFee(holding, direction, volume, today);
      if (one.known) fee.knownPart += one.value;
      else fee.reason ??= one.reason;
    }
  }
  return fee;
}

function sideFee(holding: HeldInstrument, direction: 'long' | 'short', volume: number, ofToday: number): Known<number> {
  const { closeTerms, marks, multiplier, exchangeID, instrumentID } = holding;
  if (closeTerms === undefined) return unknown(reasonFor('noRate', `${exchangeID}.${instrumentID} commission`));
  const { rate, closeToday } = closeTerms;
  const { latest } = marks;
  if (!rate.known) return rate;
  if (!latest.known) return latest;
  if (!multiplier.known) return multiplier;
  const today = closeToday === 'ownDay' ? ofToday : Math.min(closeToday[direction], volume);
  return known(
    commissionOf(rate.value, 'closeToday', latest.value, today, multiplier.value) +
      commissionOf(rate.value, 'close', latest.value, volume - today, multiplier.value),
  );
}
