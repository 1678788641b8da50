/**
 * What every account becomes when all prices move by one percentage: profit is a line in the move, margin a sum of maxima of lines. Taken from the
 * kernel's columns in one pass, after which a move costs a few operations per account and no position is looked at again.
 */
import { GROUP_METHOD, SCALE } from '../kernel/kernel';
import type { KernelColumns } from '../kernel/layout';
import type { FigureColumns } from './figure-columns';

type Counts = { instrumentCount: number; groupCount: number; accountCount: number };

export class AccountLines {
  readonly accountCount: number;
  /** Money per whole (100 %) move of all prices. */
  readonly exposure: Float64Array;
  readonly profit: Float64Array;
  /** Margins that no price moves: company and exchange, per account. */
  readonly fixedMargin: Float64Array;
  /** Groups whose margin follows prices, sorted by account: where an account's begin, their method, four sides now and what a whole move adds. */
  readonly movingStart: Int32Array;
  readonly movingMethod: Uint8Array;
  readonly movingSides: Float64Array;
  readonly movingSlopes: Float64Array;

  constructor(columns: KernelColumns, { instrumentCount, groupCount, accountCount }: Counts) {
    this.accountCount = accountCount;
    this.exposure = new Float64Array(accountCount);
    this.profit = columns.positionProfit.slice(0, accountCount);
    this.fixedMargin = new Float64Array(accountCount * 2);
    this.movingStart = new Int32Array(accountCount + 1);
    this.#takeExposures(columns);
    const isMoving = markMovingGroups(columns, instrumentCount, groupCount);
    const moving = isMoving === null ? 0 : this.#countMoving(columns, isMoving, groupCount);
    this.movingMethod = new Uint8Array(moving);
    this.movingSides = new Float64Array(moving * 4);
    this.movingSlopes = new Float64Array(moving * 4);
    // Without a margin that follows a price the account's sum stands already.
    if (isMoving === null) {
      for (let account = 0; account < accountCount; account++) {
        this.fixedMargin[account * 2] = columns.margin[account] ?? Number.NaN;
        this.fixedMargin[account * 2 + 1] = columns.exchangeMargin[account] ?? Number.NaN;
      }
      return;
    }
    this.#placeGroups(columns, isMoving, groupCount);
  }

  /**
   * The value of what an account holds, without looking at a position again: the kernel's profit is that value less the costs, and the costs it keeps as a sum
   * of their own. Both are sums of the same whole numbers, so the difference is exact. Where a position is unknown, so is the account's profit, and with it
   * everything that would use this.
   */
  #takeExposures({ profit, accountCost }: KernelColumns): void {
    const { exposure } = this;
    for (let account = 0; account < exposure.length; account++)
      exposure[account] = ((profit[account] as number) + (accountCost[account] as number)) / SCALE;
  }

  #countMoving({ groupAccount }: KernelColumns, isMoving: Uint8Array, groups: number): number {
    const { movingStart } = this;
    let count = 0;
    for (let group = 0; group < groups; group++) {
      if (isMoving[group] === 0) continue;
      const after = (groupAccount[group] as number) + 1;
      movingStart[after] = (movingStart[after] as number) + 1;
      count++;
    }
    for (let account = 0; account < this.accountCount; account++)
      movingStart[account + 1] = (movingStart[account + 1] as number) + (movingStart[account] as number);
    return count;
  }

  #placeGroups({ groupAccount, groupMethod, groupMargin, groupFixed, groupSides }: KernelColumns, isMoving: Uint8Array, groups: number): void {
    const next = this.movingStart.slice(0, this.accountCount);
    for (let group = 0; group < groups; group++) {
      const account = groupAccount[group] as number;
      if (isMoving[group] === 0) {
        this.fixedMargin[account * 2] = (this.fixedMargin[account * 2] as number) + (groupMargin[group * 2] as number);
        this.fixedMargin[account * 2 + 1] = (this.fixedMargin[account * 2 + 1] as number) + (groupMargin[group * 2 + 1] as number);
        continue;
      }
      const at = next[account] as number;
      next[account] = at + 1;
      this.movingMethod[at] = groupMethod[group] as number;
      for (let side = 0; side < 4; side++) {
        const now = groupSides[group * 4 + side] as number;
        this.movingSides[at * 4 + side] = now;
        // What the moving part is now is what a whole move adds to it.
        this.movingSlopes[at * 4 + side] = now - (groupFixed[group * 4 + side] as number);
      }
    }
  }

  /**
   * The lines between two moves: a group whose larger side stays the larger on the whole way is a line like any other, and only the rest has to be looked at
   * again for every move.
   */
  between(low: number, high: number): LinesBetween {
    return new LinesBetween(this, low, high);
  }
}

/** Margins of all accounts between two moves, made simple once for many moves. Places are account x 2 + layer (0 company, 1 exchange). */
export class LinesBetween {
  /** Margin at no move, and what a whole move adds, of everything that is a line on the whole way. */
  readonly base: Float64Array;
  readonly slope: Float64Array;
  /** Groups that change sides on the way, sorted by place: long, short, and their slopes; where each place's begin. */
  readonly bent: Float64Array;
  readonly bentStart: Int32Array;
  readonly #lines: AccountLines;

  constructor(lines: AccountLines, low: number, high: number) {
    this.#lines = lines;
    const { accountCount } = lines;
    this.base = lines.fixedMargin.slice();
    this.slope = new Float64Array(accountCount * 2);
    this.bentStart = new Int32Array(accountCount * 2 + 1);
    const bent: number[] = [];
    if (lines.movingMethod.length > 0) {
      for (let place = 0; place < accountCount * 2; place++) {
        this.bentStart[place] = bent.length / 4;
        this.#simplify(place, low, high, bent);
      }
      this.bentStart[accountCount * 2] = bent.length / 4;
    }
    this.bent = Float64Array.from(bent);
  }

  #simplify(place: number, low: number, high: number, bent: number[]): void {
    const { movingStart, movingMethod, movingSides, movingSlopes } = this.#lines;
    const account = place >> 1;
    let base = this.base[place] as number;
    let slope = 0;
    const end = movingStart[account + 1] as number;
    for (let at = movingStart[account] as number; at < end; at++) {
      const side = at * 4 + (place & 1) * 2;
      const long = movingSides[side] as number;
      const short = movingSides[side + 1] as number;
      const longSlope = movingSlopes[side] as number;
      const shortSlope = movingSlopes[side + 1] as number;
      if (movingMethod[at] === GROUP_METHOD.bigSide) {
        const more = long - short;
        const moreSlope = longSlope - shortSlope;
        if (more + low * moreSlope >= 0 && more + high * moreSlope >= 0) {
          base += long;
          slope += longSlope;
        } else if (more + low * moreSlope <= 0 && more + high * moreSlope <= 0) {
          base += short;
          slope += shortSlope;
        } else {
          // An unknown side is neither the larger nor the smaller one: it stays here and makes the sum unknown.
          bent.push(long, short, longSlope, shortSlope);
        }
      } else if (movingMethod[at] === GROUP_METHOD.plainSum) {
        base += long + short;
        slope += longSlope + shortSlope;
      } else {
        base = Number.NaN;
      }
    }
    this.base[place] = base;
    this.slope[place] = slope;
  }

  /** Profit and margins of all accounts at `move` (0.01 is one percent), which must lie between the two; the rest is derived from them. */
  fill(figures: FigureColumns, move: number): void {
    const { exposure, profit, accountCount } = this.#lines;
    const { currMargin, exchangeMargin } = figures;
    for (let account = 0; account < accountCount; account++) {
      figures.profit[account] = (profit[account] as number) + move * (exposure[account] as number);
      currMargin[account] = this.#marginAt(account * 2, move);
      exchangeMargin[account] = this.#marginAt(account * 2 + 1, move);
    }
  }

  #marginAt(place: number, move: number): number {
    const { bent, bentStart } = this;
    let margin = (this.base[place] as number) + move * (this.slope[place] as number);
    const end = (bentStart[place + 1] as number) * 4;
    for (let at = (bentStart[place] as number) * 4; at < end; at += 4) {
      const long = (bent[at] as number) + move * (bent[at + 2] as number);
      const short = (bent[at + 1] as number) + move * (bent[at + 3] as number);
      margin += aggregateSides(GROUP_METHOD.bigSide, long, short);
    }
    return margin;
  }
}

export function aggregateSides(method: number, long: number, short: number): number {
  if (method === GROUP_METHOD.bigSide) return long > short || Number.isNaN(long) ? long : short;
  return method === GROUP_METHOD.plainSum ? long + short : Number.NaN;
}

/** Groups with a margin that follows a latest price; null when there is none. */
function markMovingGroups(
  { slotStart, slotCount, slotMovingGroup, movingCount }: KernelColumns,
  instruments: number,
  groups: number,
): Uint8Array | null {
  let isMoving: Uint8Array | null = null;
  for (let instrument = 0; instrument < instruments; instrument++) {
    if (movingCount[instrument] === 0) continue;
    isMoving ??= new Uint8Array(groups);
    const first = slotStart[instrument] ?? 0;
    const end = first + (slotCount[instrument] ?? 0);
    for (let slot = first; slot < end; slot++) {
      const group = slotMovingGroup[slot] as number;
      if (group >= 0) isMoving[group] = 1;
    }
  }
  return isMoving;
}
