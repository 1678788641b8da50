/** Why a holding cannot be valued at all, whatever its prices: what it is, what it holds, and whether what was said of it can be believed. */
import { type Reason, reasonFor } from '#shared/market/reason';
import type { Holding, Side } from './things';

export function sliceVolume(side: Side): number {
  let volume = 0;
  for (const slice of side.slices.values()) volume += slice.item.position;
  return volume;
}

export function lotVolume(side: Side): number {
  let volume = 0;
  for (const lot of side.lots.values()) volume += lot.item.volume;
  return volume;
}

/** Whether anything is held, or something that was refused might be. */
export function isHeld(holding: Holding): boolean {
  return holding.refusals.size > 0 || holding.conflicts.size > 0 || holding.sides.some((side) => side.lots.size > 0 || sliceVolume(side) > 0);
}

/** Why not even the volume of a holding is known; null when it is. */
export function volumeProblem({ account, instrument, refusals, conflicts, sides }: Holding): Reason | null {
  if (refusals.size > 0) for (const refusal of refusals.values()) return refusal.reason;
  if (conflicts.size > 0) for (const conflict of conflicts.values()) return reasonFor(conflict, instrument.label);
  for (const side of sides) {
    // Lots decide where the account has any; slices then only confirm them.
    const isByLots = account.isByLots || side.lots.size > 0;
    if (isByLots && side.slices.size > 0 && lotVolume(side) !== sliceVolume(side)) return reasonFor('lotsDoNotAddUp', instrument.label);
  }
  return account.positionRefusals[0]?.reason ?? null;
}

/** Null when it can be valued. */
export function holdingProblem(holding: Holding): Reason | null {
  const { instrument, account } = holding;
  const { master, label } = instrument;
  if (master === null) return instrument.masterRefusal?.reason ?? reasonFor('noInstrument', label);
  if (master.volumeMultiple === undefined) return reasonFor('noMultiplier', label);
  const currency = account.counter?.item.currencyID ?? account.master?.currencyID;
  if (currency !== undefined && currency !== master.currencyID) return reasonFor('currencyDiffers', label);
  const problem = volumeProblem(holding);
  if (problem !== null) return problem;
  for (const side of holding.sides) {
    for (const lot of side.lots.values()) if (!(lot.item.openPrice > 0)) return reasonFor('badPrice', `${label} openPrice`);
  }
  return null;
}
