/** Where an account's figures may move without anybody having to look: the kernel watches these ranges, so that a rule sees only accounts that leave them. */
import type { Threshold } from '#engine/watch/rule-schema';

/** Places of the watched figures in a band, in the order of the book's `setBand`. */
export const BAND_PLACE = { riskDegree: 0, exchangeRiskDegree: 1, balance: 2 } as const;
const PLACES = 3;

const bits = new DataView(new ArrayBuffer(8));

/** The smallest number above a finite one: turns "at most x" into "below". */
export function nextAbove(value: number): number {
  if (value === 0) return Number.MIN_VALUE;
  bits.setFloat64(0, value);
  bits.setBigInt64(0, bits.getBigInt64(0) + (value > 0 ? 1n : -1n));
  return bits.getFloat64(0);
}

/** Half-open ranges [low, high) of the watched figures around where they are now. One object is used for all accounts in turn. */
export class Band {
  readonly low = new Float64Array(PLACES);
  readonly high = new Float64Array(PLACES);
  isOpen = false;

  /** Everything inside: no rule has spoken. */
  reset(): void {
    this.low.fill(Number.NEGATIVE_INFINITY);
    this.high.fill(Number.NaN);
    this.isOpen = false;
  }

  /** Keeps the account in sight at every change: its judgement depends on more than where its figures stand. */
  open(): void {
    this.isOpen = true;
  }

  /** Ends the range of one figure at what the threshold compares it with, `isHeld` or not; unknown figures wait to become known. */
  narrow(place: number, threshold: Threshold, value: number, isHeld: boolean): void {
    if (Number.isNaN(value)) {
      this.low[place] = Number.NaN;
      return;
    }
    const limit = isHeld ? threshold.exit : threshold.enter;
    // On from "value >= limit" above; off from there below, where a held rung stays on up to its limit itself.
    const edge = threshold.direction === 'below' && isHeld ? nextAbove(limit) : limit;
    const { low, high } = this;
    if (value >= edge) low[place] = Math.max(low[place] as number, edge);
    else if (!((high[place] as number) <= edge)) high[place] = edge;
  }
}
