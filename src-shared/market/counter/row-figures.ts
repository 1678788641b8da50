/** The derived figures of one position row of a counter snapshot, from its lots, marks, multiplier and rate. */
import { type Derived, map } from '#shared/market/counter/derived';
import { type LotsLeft, noMultiplier, noPreSettlement, tooManyClosed } from '#shared/market/counter/lots-left';
import type { MarginValues, ResolvedRate } from '#shared/market/counter/margin-rates';
import type { CounterPosition, CounterSnapshot } from '#shared/market/counter/snapshot';
import { averagePricePerUnit } from '#shared/market/margin';

export const POSITION_FIELDS = [
  'position',
  'todayPosition',
  'positionCost',
  'openCost',
  'useMargin',
  'exchangeMargin',
  'frozenMargin',
  'positionProfit',
  'closeProfit',
  'closeProfitByDate',
  'closeProfitByTrade',
  'commission',
  'frozenCommission',
] as const;
export type PositionField = (typeof POSITION_FIELDS)[number];
type OptionalFigure = 'openCost' | 'closeProfitByDate' | 'closeProfitByTrade';
/** Null where a figure cannot be compared: nothing but the counter's own word tells it, or the counter gives none. */
export type RowFigures = Record<Exclude<PositionField, OptionalFigure | 'commission' | 'frozenCommission'>, Derived> &
  Record<OptionalFigure, Derived | null>;

/** What a row stands on besides itself. */
export type RowBasis = {
  params: CounterSnapshot['params'];
  multiplier: number | undefined;
  left: LotsLeft;
  quote: CounterSnapshot['quotes'][number] | undefined;
  rate: ResolvedRate | null;
  /** Margin of one lot of a sold option; null for what is no option. */
  soldOptionMargin: Derived | null;
};

export function rowFigures(row: CounterPosition, basis: RowBasis): RowFigures {
  const { left, multiplier, rate } = basis;
  const position = row.ydPosition + row.openVolume - row.closeVolume;
  const sign = row.direction === 'long' ? 1 : -1;
  const isAnOption = basis.soldOptionMargin !== null;
  const isSold = row.direction === 'short';

  const positionProfit: Derived =
    // An option's premium moved as cash: it is not marked to market by date.
    position === 0 || isAnOption
      ? 0
      : row.settlementPrice === undefined
        ? { unknown: `${row.instrument} has no mark (settlementPrice)` }
        : multiplier === undefined
          ? noMultiplier(row)
          : map(left.positionCost, (cost) => sign * ((row.settlementPrice ?? 0) * multiplier * position - cost));

  const preSettlementValue: Derived =
    row.ydPosition === 0
      ? 0
      : multiplier === undefined
        ? noMultiplier(row)
        : row.preSettlementPrice === undefined
          ? noPreSettlement(row)
          : row.preSettlementPrice * multiplier * row.ydPosition;
  const closeProfit: Derived =
    row.closeVolume === 0
      ? 0
      : isAnOption
        ? { unknown: `${row.instrument} is an option: how its closes are booked was not seen on a counter` }
        : map(left.positionCost, (remaining) =>
            map(preSettlementValue, (carried) => sign * (row.closeAmount + remaining - row.openAmount - carried)),
          );

  const margin: Derived =
    position === 0 || (isAnOption && !isSold)
      ? 0
      : basis.soldOptionMargin !== null
        ? map(basis.soldOptionMargin, (ofOneLot) => ofOneLot * position)
        : rate === null
          ? noRate(row)
          : map(marginValue(row, basis), (value) => value * rate.byMoney + position * rate.byVolume);
  // A resting order to open freezes margin at its own price; a resting order to close freezes only commission.
  const openingAmount = isSold ? row.shortFrozenAmount : row.longFrozenAmount;
  const openingLots = isSold ? row.shortFrozen : row.longFrozen;
  const frozenMargin: Derived =
    (openingAmount === 0 && openingLots === 0) || (isAnOption && !isSold)
      ? 0
      : basis.soldOptionMargin !== null
        ? map(basis.soldOptionMargin, (ofOneLot) => ofOneLot * openingLots)
        : rate === null
          ? noRate(row)
          : (rate.byVolume > 0 && openingLots === 0) || (rate.byMoney > 0 && openingAmount === 0)
            ? { unknown: `${row.instrument} has resting orders to open without their ${openingLots === 0 ? 'lots' : 'amount'}` }
            : openingAmount * rate.byMoney + openingLots * rate.byVolume;

  return {
    position: position < 0 ? tooManyClosed(row) : position,
    todayPosition: left.today < 0 ? tooManyClosed(row) : left.today,
    positionCost: left.positionCost,
    openCost: left.openCost,
    useMargin: margin,
    exchangeMargin: margin,
    frozenMargin,
    positionProfit: position < 0 ? tooManyClosed(row) : positionProfit,
    closeProfit,
    closeProfitByDate: row.closeProfitByDate === undefined ? null : closeProfit,
    // By trade a close of yesterday's lots needs their original open prices, which no row holds.
    closeProfitByTrade: row.closeProfitByTrade === undefined || (row.ydPosition > 0 && row.closeVolume > 0) ? null : closeProfit,
  };
}

/** What margin is charged on: yesterday's lots at pre-settlement, today's by marginPriceType (1 pre-settlement, 2 latest, 3 average, 4 open price). */
function marginValue(row: CounterPosition, { params, multiplier, left, quote }: RowBasisOfMargin): Derived {
  if (params.marginPriceType === '4' || left.today <= 0) return left.positionCost;
  if (multiplier === undefined) return noMultiplier(row);
  const price = todaysMarginPrice(row, params.marginPriceType, quote, multiplier);
  if (typeof price !== 'number') return price;
  if (left.yesterday === 0) return price * multiplier * left.today;
  if (row.preSettlementPrice === undefined) return noPreSettlement(row);
  return row.preSettlementPrice * multiplier * left.yesterday + price * multiplier * left.today;
}
type RowBasisOfMargin = Pick<RowBasis, 'params' | 'multiplier' | 'left' | 'quote'>;

function todaysMarginPrice(row: CounterPosition, type: '1' | '2' | '3', quote: RowBasis['quote'], multiplier: number): Derived {
  switch (type) {
    case '1':
      return row.preSettlementPrice ?? noPreSettlement(row);
    case '2':
      return row.settlementPrice ?? { unknown: `${row.instrument} has no mark (settlementPrice)` };
    case '3': {
      const average = averagePricePerUnit(quote?.averagePrice, quote?.low, quote?.high, { known: true, value: multiplier }, row.instrument);
      return average.known ? average.value : { unknown: `${row.instrument} has no average price within the day's low and high` };
    }
  }
}

export function marginValues(row: CounterPosition, basis: RowBasisOfMargin): MarginValues {
  const current = marginValue(row, basis);
  const morning =
    row.ydPosition === 0
      ? 0
      : basis.multiplier === undefined || row.preSettlementPrice === undefined
        ? null
        : row.preSettlementPrice * basis.multiplier * row.ydPosition;
  return { current: typeof current === 'number' ? current : null, morning };
}

function noRate(row: CounterPosition): Derived {
  return { unknown: `${row.instrument} has no margin rate` };
}
