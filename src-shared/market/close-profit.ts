/**
 * What the day's closes of one contract and direction have realised, by date and by trade, and which lots they left. First in first out: over all lots
 * where an exchange keeps the days together, within the day that the order names where it keeps them apart (SHFE, INE).
 */
import type { PosiDirection, Trade } from '#shared/feed/items';
import { isForcedClose } from './commission';
import { type Known, known, unknown } from './known';
import { type LotTerms, referencePrice, sign } from './position-profit';
import type { Reason } from './reason';

export type DayTrade = Pick<Trade, 'offsetFlag' | 'price' | 'volume'>;
/** A lot of an earlier day as it was in the morning; how much of it there was, and its own open price, may be unknown. */
export type CarriedLot = { volume: Known<number>; preSettlementPrice: Known<number>; openPrice: Known<number> };

/** `reference` is what the close is reckoned from by date. */
export type ClosedPart<DayTradeOf extends DayTrade = DayTrade> = {
  trade: DayTradeOf;
  isToday: boolean;
  volume: number;
  reference: Known<number>;
  profit: Known<number>;
};

export type ClosedDay<DayTradeOf extends DayTrade = DayTrade> = {
  /** Against the open price of today's lots and yesterday's settlement of older ones: the counter's closeProfit. */
  byDate: Known<number>;
  /** Against the price each lot was opened at. */
  byTrade: Known<number>;
  /** What each trade closed of each lot, in order; empty where the closes cannot be told. */
  parts: ClosedPart<DayTradeOf>[];
  /** The lots left, oldest first; null when they cannot be told. */
  left: LotTerms[] | null;
};

type Standing = Omit<LotTerms, 'openPrice'> & { openPrice: Known<number> };

/**
 * `trades` in order of time, opens and closes of this direction. More closed than there was makes all of it unknown for `reason`: a lot was closed twice, or
 * a trade is missing.
 */
export function closedOnTheDay<DayTradeOf extends DayTrade>(of: {
  direction: PosiDirection;
  carried: readonly CarriedLot[];
  trades: readonly DayTradeOf[];
  keepsDaysApart: boolean;
  multiplier: Known<number>;
  overClosed: Reason;
}): ClosedDay<DayTradeOf> {
  const { direction, multiplier, keepsDaysApart } = of;
  const parts: ClosedPart<DayTradeOf>[] = [];
  const nothing = (reason: Reason): ClosedDay<DayTradeOf> => ({ byDate: unknown(reason), byTrade: unknown(reason), parts: [], left: null });
  const older: Standing[] = [];
  const opened: Standing[] = [];
  for (const { volume, preSettlementPrice, openPrice } of of.carried) {
    // An unknown morning only matters where a close asks how much of it there was.
    if (volume.known) older.push({ direction, volume: volume.value, isToday: false, preSettlementPrice, openPrice });
    else if (of.trades.some(({ offsetFlag }) => isForcedClose(offsetFlag) || (!keepsDaysApart && offsetFlag !== 'open')))
      return nothing(volume.reason);
    else older.push({ direction, volume: Number.POSITIVE_INFINITY, isToday: false, preSettlementPrice, openPrice });
  }
  let byDate: Known<number> = known(0);
  let byTrade: Known<number> = known(0);
  for (const trade of of.trades) {
    const { offsetFlag, price, volume } = trade;
    if (offsetFlag === 'open') {
      opened.push({ direction, volume, isToday: true, preSettlementPrice: known(price), openPrice: known(price) });
      continue;
    }
    const from = !keepsDaysApart ? [older, opened] : offsetFlag === 'closeToday' ? [opened] : isForcedClose(offsetFlag) ? [older, opened] : [older];
    let open = volume;
    for (const lots of from) {
      for (let lot = lots[0]; lot !== undefined && open > 0; lot = lots[0]) {
        const taken = Math.min(open, lot.volume);
        const terms = { ...lot, volume: taken, openPrice: lot.openPrice.known ? lot.openPrice.value : Number.NaN };
        const reference = referencePrice(terms);
        const profit = realised(direction, price, reference, taken, multiplier);
        parts.push({ trade, isToday: lot.isToday, volume: taken, reference, profit });
        byDate = added(byDate, profit);
        byTrade = added(byTrade, realised(direction, price, lot.openPrice, taken, multiplier));
        lot.volume -= taken;
        open -= taken;
        if (lot.volume === 0) lots.shift();
      }
    }
    if (open > 0) return nothing(of.overClosed);
  }
  const standing = [...older, ...opened];
  const left = standing.every(({ volume, openPrice }) => Number.isFinite(volume) && openPrice.known)
    ? standing.map((lot): LotTerms => ({ ...lot, openPrice: lot.openPrice.known ? lot.openPrice.value : Number.NaN }))
    : null;
  return { byDate, byTrade, parts, left };
}

function realised(direction: PosiDirection, price: number, reference: Known<number>, volume: number, multiplier: Known<number>): Known<number> {
  if (!multiplier.known) return multiplier;
  return reference.known ? known(sign(direction) * (price - reference.value) * multiplier.value * volume) : reference;
}

function added(sum: Known<number>, term: Known<number>): Known<number> {
  if (!sum.known) return sum;
  return term.known ? known(sum.value + term.value) : term;
}
