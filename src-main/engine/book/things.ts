/** The records the book keeps per instrument, account and holding; their running sums live in the kernel's columns. */

import type { Quality } from '#shared/contract/streams';
import type {
  AccountMaster,
  CounterAccount,
  HedgeFlag,
  Instrument,
  InstrumentStatus,
  PosiDirection,
  PositionDetail,
  PositionSlice,
  Quote,
} from '#shared/feed/items';
import type { Reason } from '#shared/market/reason';
import { KeptList } from './kept-list';
import type { Kept } from './keyed-items';
import type { ValuedPrice } from './prices';
import type { Refusal } from './refusals';

export type InstrumentRecord = {
  index: number;
  exchangeID: string;
  instrumentID: string;
  /** `SHFE.au2612`, the key that people read. */
  label: string;
  productID: string;
  master: Instrument | null;
  /** Why there is no master although the source gave one. */
  masterRefusal: Refusal | null;
  /** Without the prices that are none. */
  quote: Quote | null;
  quoteRefusal: Refusal | null;
  /** Prices of the last quote that are zero or below. */
  badPrices: readonly ValuedPrice[];
  quoteFeedId: string;
  quoteReceivedAtMs: number | null;
  quoteTradingDay: string;
  status: InstrumentStatus | null;
  holdings: Holding[];
  /** Holders whose margin follows the day's average price. */
  averageHolders: number;
  marks: MarkHistory;
  /** The quality last judged, and when: thousands of accounts ask within one picture. */
  judged: { nowMs: number; version: number; quality: Quality };
};

export type AccountRecord = {
  index: number;
  accountID: string;
  master: AccountMaster | null;
  counter: Kept<CounterAccount> | null;
  /** Why there are no counter figures although the source gave some. */
  counterRefusal: Refusal | null;
  /** Why how it is computed is not known although the source said so. */
  masterRefusal: Refusal | null;
  /** A position or lot of this account that does not say which one it is. */
  positionRefusals: Refusal[];
  holdings: Map<number, Holding>;
  /** Kernel group by margin group key. */
  groups: Map<string, number>;
  lotCount: number;
  /** The counter reports lots for this account, so its slices only confirm them. */
  isByLots: boolean;
  /** Why equity before positions is unknown. */
  moneyReason: Reason | null;
  /** The counter's balance, and its position profit, minus ours, at the counter's as-of. */
  residual: number | null;
  profitResidual: number | null;
  residualReason: string | null;
};

/** A side summed: volumes in lots, costs scaled (x 10,000), NaN with a reason when unknown. `today` is what MarginPriceType applies to. */
export type SideSums = {
  volume: number;
  todayVolume: number;
  /** By-date cost of yesterday's lots (at pre-settlement) and of today's (at open). */
  historyCost: number;
  todayCost: number;
  /** Cost at the original open prices. */
  openCost: number;
  reason: Reason | null;
  openReason: Reason | null;
};

/** One direction and hedge flag of one account in one instrument. */
export type Side = {
  direction: PosiDirection;
  hedgeFlag: HedgeFlag;
  lots: KeptList<PositionDetail>;
  slices: KeptList<PositionSlice>;
  /** As of the last valuation of the holding; null while it cannot be summed (no multiplier). */
  sums: SideSums | null;
};

/** What is wrong with parts of a holding, by part. Nearly always empty, and then one and the same: half a million Maps of nothing would fill the memory. */
export type Marks<Mark> = ReadonlyMap<string, Mark>;
export const NO_MARKS: ReadonlyMap<string, never> = new Map<string, never>();

export function marked<Mark>(marks: Marks<Mark>, part: string, mark: Mark): Marks<Mark> {
  return new Map(marks).set(part, mark);
}

export function unmarked<Mark>(marks: Marks<Mark>, part: string): Marks<Mark> {
  if (!marks.has(part)) return marks;
  const rest = new Map(marks);
  rest.delete(part);
  return rest.size === 0 ? NO_MARKS : rest;
}

/** One account in one instrument: what the kernel nets into one entry. */
export type Holding = {
  account: AccountRecord;
  instrument: InstrumentRecord;
  sides: Side[];
  /** Kernel entry, -1 before it has one. */
  entry: number;
  usesAverage: boolean;
  /** Signed net volume x multiplier; 0 while unknown. */
  netQuantity: number;
  profitReason: Reason | null;
  marginReason: Reason | null;
  exchangeMarginReason: Reason | null;
  /** Lots reported twice in one picture, differently, or closed by more than they had. */
  conflicts: Marks<'lotTwice' | 'lotClosedTwice'>;
  /** Slices and lots that were refused, by what they were, until the source says them right. */
  refusals: Marks<Refusal>;
};

const MARKS_KEPT = 64;

/** The last prices of one instrument with their source times, so that a counter's figure can be compared at the counter's own moment. */
export class MarkHistory {
  /** Three numbers a mark, side by side: each quote touches one place of the memory and not three. Source time, price, from when on prices may have been left out before it. */
  readonly #marks = new Float64Array(MARKS_KEPT * 3);
  #count = 0;
  #newest = 0;

  /** `mergedFromMs`: quotes from then until `timeMs` were merged into this one while the engine was behind. */
  push(timeMs: number, price: number, mergedFromMs = Number.POSITIVE_INFINITY): void {
    const marks = this.#marks;
    const last = this.#newest * 3;
    if (this.#count > 0 && marks[last] === timeMs) {
      marks[last + 1] = price;
      marks[last + 2] = Math.min(marks[last + 2] as number, mergedFromMs);
      return;
    }
    const next = this.#count === 0 ? 0 : (this.#newest + 1) % MARKS_KEPT;
    marks[next * 3] = timeMs;
    marks[next * 3 + 1] = price;
    marks[next * 3 + 2] = mergedFromMs;
    this.#newest = next;
    this.#count++;
  }

  /** The price that stood at `timeMs`; null when the history begins later, or when prices of that time were left out: an older one would be a guess. */
  at(timeMs: number): number | null {
    const kept = Math.min(this.#count, MARKS_KEPT);
    let laterMergedFrom = Number.POSITIVE_INFINITY;
    for (let back = 0; back < kept; back++) {
      const at = ((this.#newest - back + MARKS_KEPT) % MARKS_KEPT) * 3;
      if ((this.#marks[at] as number) <= timeMs) return laterMergedFrom <= timeMs ? null : (this.#marks[at + 1] as number);
      laterMergedFrom = this.#marks[at + 2] as number;
    }
    return null;
  }
}

export function sideOf(holding: Holding, direction: PosiDirection, hedgeFlag: HedgeFlag): Side {
  for (const side of holding.sides) if (side.direction === direction && side.hedgeFlag === hedgeFlag) return side;
  const side: Side = { direction, hedgeFlag, lots: new KeptList(), slices: new KeptList(), sums: null };
  holding.sides.push(side);
  return side;
}
