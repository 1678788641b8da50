/**
 * How far prices may move before an account reaches a level: the safe price range of the CTP risk terminal (risk inverse, 权益反算). The answer is on a fixed
 * grid of moves, and is the first at which valuing the account says that the level is reached, so that solving and stressing cannot disagree.
 */
import type { RiskLevel } from '#shared/contract/streams';
import { known } from '#shared/market/known';
import type { AccountModel, HeldInstrument } from '#shared/market/what-if/account-model';
import { limitsTo } from '#shared/market/what-if/locked-limits';
import { type Shock, valueAccount } from '#shared/market/what-if/value-account';

export type InverseTarget = 'warn' | 'call' | 'force' | 'negative';
/** `equal`: all contracts move by the same percentage. `alone`: one product moves and the others stay. */
export type InverseMode = { type: 'equal' } | { type: 'alone'; exchangeID: string; productID: string };

/** Moves are whole multiples of a millionth of a percent: finer than any tick, and exact to compare. */
const STEPS_PER_PERCENT = 1_000_000;
/** A price cannot lose more than all of itself; upwards the search ends at ten times the price. */
const MAX_STEPS = { up: 900 * STEPS_PER_PERCENT, down: 100 * STEPS_PER_PERCENT };
export const SEVERITY: Record<RiskLevel, number> = { normal: 0, unknown: 0, warn: 1, call: 2, force: 3, negative: 4 };

export type SafeMove =
  /** `percent` is signed. Reached at once when the account is at the level already. */
  { kind: 'reached'; percent: number } | { kind: 'never' } | { kind: 'unknown' };

/** The smallest move in `direction` at which the account reaches `target` or worse. */
export function safeMove(model: AccountModel, target: InverseTarget, direction: 'up' | 'down', mode: InverseMode = { type: 'equal' }): SafeMove {
  const reaches = (steps: number): boolean | null => {
    const { level } = valueAccount(model, moveShock(signed(steps, direction), mode));
    return level === 'unknown' ? null : SEVERITY[level] >= SEVERITY[target];
  };
  const now = reaches(0);
  if (now === null) return { kind: 'unknown' };
  if (now) return { kind: 'reached', percent: 0 };
  // Margin is a sum of maxima of lines in the move and equity is a line, so what decides a level is convex: below it now, it is crossed at most once.
  let below = 0;
  let above = MAX_STEPS[direction];
  if (reaches(above) !== true) return { kind: 'never' };
  while (above - below > 1) {
    const middle = Math.floor((below + above) / 2);
    if (reaches(middle) === true) above = middle;
    else below = middle;
  }
  return { kind: 'reached', percent: signed(above, direction) };
}

function signed(steps: number, direction: 'up' | 'down'): number {
  return ((direction === 'up' ? 1 : -1) * steps) / STEPS_PER_PERCENT;
}

/** The shock of moving prices by `percent`, as safeMove does it: give its answer here and value the account to see the level. */
export function moveShock(percent: number, mode: InverseMode): Shock {
  return {
    priceOf(holding) {
      const isMoved = mode.type === 'equal' || (mode.exchangeID === holding.exchangeID && mode.productID === holding.productID);
      const { latest } = holding.marks;
      return latest.known && isMoved ? known(latest.value * (1 + percent / 100)) : latest;
    },
  };
}

/** A move as a supervisor reads it for one contract: a price, a number of ticks, and how many locked limits it takes, as its exchange widens them. Null where the inputs are unknown. */
export type ContractMove = {
  exchangeID: string;
  productID: string;
  instrumentID: string;
  basePrice: number | null;
  limitPrice: number | null;
  ticks: number | null;
  lockedLimits: number | null;
  /** Today's limit on the side of the move, in percent of the pre-settlement price; signed. */
  percentPerLimit: number | null;
  longVolume: number;
  shortVolume: number;
};

export function contractMoves(model: AccountModel, percent: number, mode: InverseMode = { type: 'equal' }): ContractMove[] {
  return model.holdings
    .filter(
      (holding) =>
        holding.lots.length > 0 && (mode.type === 'equal' || (mode.exchangeID === holding.exchangeID && mode.productID === holding.productID)),
    )
    .map((holding) => contractMove(holding, percent));
}

export function contractMove(holding: HeldInstrument, percent: number): ContractMove {
  const { latest, upperLimit, lowerLimit, preSettlement } = holding.marks;
  const { lockedDays } = holding;
  const volume = (direction: 'long' | 'short') => holding.lots.reduce((sum, lot) => (lot.direction === direction ? sum + lot.volume : sum), 0);
  const limit = percent >= 0 ? upperLimit : lowerLimit;
  const price = latest.known ? latest.value * (1 + percent / 100) : null;
  return {
    exchangeID: holding.exchangeID,
    productID: holding.productID,
    instrumentID: holding.instrumentID,
    basePrice: latest.known ? latest.value : null,
    limitPrice: price,
    ticks:
      price !== null && latest.known && holding.priceTick.known ? Math.ceil(Math.abs(price - latest.value) / holding.priceTick.value - 1e-9) : null,
    lockedLimits:
      price !== null && limit.known && preSettlement.known && lockedDays.known
        ? limitsTo(price, limit.value, preSettlement.value, lockedDays.value)
        : null,
    percentPerLimit: limit.known && preSettlement.known && preSettlement.value > 0 ? (limit.value / preSettlement.value - 1) * 100 : null,
    longVolume: volume('long'),
    shortVolume: volume('short'),
  };
}
