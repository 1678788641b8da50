/** The records the book keeps per instrument, account and holding; their running sums live in the kernel's columns. */

import type { Quality } from '#shared/contract/streams';
import type { OwnRow } from '#shared/desk/reference-rows/own-row';
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
import type { MarkHistory } from './mark-history';
import type { ValuedPrice } from './prices';
import type { QuoteBoard } from './quote-board';
import type { Refusal } from './refusals';
import type { AccountCombinations } from './sides/account-combinations';

/** What the instrument's quote and prices are is read from the board, where all of them lie side by side. */
export class InstrumentRecord {
  readonly index: number;
  readonly exchangeID: string;
  readonly instrumentID: string;
  /** `SHFE.au2612`, the key that people read. */
  readonly label: string;
  productID = '';
  master: Instrument | null = null;
  /** Why there is no master although the source gave one. */
  masterRefusal: Refusal | null = null;
  quoteRefusal: Refusal | null = null;
  /** Prices of the last quote that are zero or below. */
  badPrices: readonly ValuedPrice[] = [];
  status: InstrumentStatus | null = null;
  /** The desk's own row about the pre-settlement price of the trading day. */
  ownPreSettlement: OwnRow | null = null;
  holdings: Holding[] = [];
  /** Holders whose margin follows the day's average price. */
  averageHolders = 0;
  /** The quality last judged, and when: thousands of accounts ask within one picture. */
  readonly judged: { nowMs: number; version: number; quality: Quality } = { nowMs: Number.NaN, version: -1, quality: 'unknown' };
  readonly #board: QuoteBoard;
  readonly #marks: MarkHistory;

  constructor(index: number, exchangeID: string, instrumentID: string, board: QuoteBoard, marks: MarkHistory) {
    this.index = index;
    this.exchangeID = exchangeID;
    this.instrumentID = instrumentID;
    this.label = `${exchangeID}.${instrumentID}`;
    this.#board = board;
    this.#marks = marks;
  }

  /** Without the prices that are none. */
  get quote(): Quote | null {
    return this.#board.quoteOf(this.index);
  }

  /** The pre-settlement price to compute with, and whether it is the desk's own: the quote's, unless that has none or the desk's row stands instead of it. */
  get preSettlement(): { price: number | undefined; own: OwnRow | null } {
    const said = this.quote?.preSettlementPrice;
    const own = this.ownPreSettlement;
    if (own === null || own.item.kind !== 'preSettlement') return { price: said, own: null };
    return said === undefined || own.precedence === 'insteadOf' ? { price: own.item.preSettlementPrice, own } : { price: said, own: null };
  }

  get preSettlementPrice(): number | undefined {
    return this.ownPreSettlement === null ? this.quote?.preSettlementPrice : this.preSettlement.price;
  }

  get quoteFeedId(): string {
    return this.#board.feedIdOf(this.index);
  }

  get quoteReceivedAtMs(): number | null {
    return this.#board.receivedAtMsOf(this.index);
  }

  get quoteTradingDay(): string {
    return this.#board.tradingDayOf(this.index);
  }

  /** The price that stood at `timeMs`; null when that is not known. */
  markAt(timeMs: number): number | null {
    return this.#marks.at(this.index, timeMs);
  }
}

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
  /** What the counter holds of it as declared combinations; null for nearly every account. */
  combinations: AccountCombinations | null;
  /** Kernel group by margin group key. */
  groups: Map<string, number>;
  lotCount: number;
  /** The newest moment that the source told any of its positions of, those that are gone by now too. */
  positionsAsOfMs: number;
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

export function sideOf(holding: Holding, direction: PosiDirection, hedgeFlag: HedgeFlag): Side {
  for (const side of holding.sides) if (side.direction === direction && side.hedgeFlag === hedgeFlag) return side;
  const side: Side = { direction, hedgeFlag, lots: new KeptList(), slices: new KeptList(), sums: null };
  holding.sides.push(side);
  return side;
}
