/**
 * What the lots that are left of a row cost. Lots close first in first out, yesterday's before today's, so today's are untouched until yesterday's are gone;
 * once some of today's are closed, the row's volumes and amounts alone no longer tell which are left.
 */
import type { Derived } from '#shared/market/counter/derived';
import type { CounterPosition } from '#shared/market/counter/snapshot';
import type { TradedDay } from '#shared/market/counter/traded-day';

export type LotsLeft = {
  yesterday: number;
  /** Below zero where more was closed than there was. */
  today: number;
  /** By date: yesterday's at pre-settlement, today's at their open price. Money. */
  positionCost: Derived;
  /** At the original open prices; null where nothing but the counter's own openCost tells those of yesterday's lots. */
  openCost: Derived | null;
};

export function lotsLeft(row: CounterPosition, multiplier: number | undefined, day: TradedDay | null, isMarginAtOpenPrice: boolean): LotsLeft {
  const yesterday = Math.max(0, row.ydPosition - row.closeVolume);
  const closedToday = Math.max(0, row.closeVolume - row.ydPosition);
  const today = row.openVolume - closedToday;
  if (today < 0) return { yesterday, today, positionCost: tooManyClosed(row), openCost: tooManyClosed(row) };
  const todayCost =
    today === 0 ? 0 : closedToday === 0 ? row.openAmount : (day?.leftTodayCost ?? witnessedCost(row, multiplier, isMarginAtOpenPrice));
  return {
    yesterday,
    today,
    positionCost:
      yesterday === 0 || typeof todayCost !== 'number'
        ? todayCost
        : multiplier === undefined
          ? noMultiplier(row)
          : row.preSettlementPrice === undefined
            ? noPreSettlement(row)
            : row.preSettlementPrice * multiplier * yesterday + todayCost,
    openCost: yesterday > 0 ? null : todayCost,
  };
}

/**
 * The cost of today's lots that are left where some of today's were closed (yesterday's are gone then). openCost states it, and so do four other results of the
 * counter, each in its own way: where at least three of them agree among themselves on another cost, openCost is what was disturbed. Where they do not
 * agree, they do not overrule it.
 */
function witnessedCost(row: CounterPosition, multiplier: number | undefined, isMarginAtOpenPrice: boolean): Derived {
  const sign = row.direction === 'long' ? 1 : -1;
  const position = row.ydPosition + row.openVolume - row.closeVolume;
  const carried = row.ydPosition === 0 ? 0 : (row.preSettlementPrice ?? Number.NaN) * (multiplier ?? Number.NaN) * row.ydPosition;
  const byMoney = !isMarginAtOpenPrice || (row.marginRateByVolume ?? 0) > 0 ? Number.NaN : (row.marginRateByMoney ?? Number.NaN);
  const stated = row.openCost !== undefined && row.openCost > 0 ? row.openCost : null;
  const others = [
    row.positionCost ?? Number.NaN,
    sign * (row.closeProfit ?? Number.NaN) - row.closeAmount + row.openAmount + carried,
    (row.settlementPrice ?? Number.NaN) * (multiplier ?? Number.NaN) * position - sign * (row.positionProfit ?? Number.NaN),
    (row.useMargin ?? Number.NaN) / byMoney,
  ].filter((cost) => Number.isFinite(cost) && cost > 0);
  const [first] = others;
  const doAgree = first !== undefined && others.every((cost) => Math.abs(cost - first) < 0.01);
  if (doAgree && others.length >= (stated === null ? 2 : 3)) return stated !== null && Math.abs(stated - first) < 0.01 ? stated : first;
  return stated ?? { unknown: `${row.instrument} has no openCost, and nothing else says what the lots left cost` };
}

export function tooManyClosed(row: CounterPosition): Derived {
  return { unknown: `${row.instrument}: more lots closed (${row.closeVolume}) than held (${row.ydPosition}) and opened (${row.openVolume})` };
}

export function noMultiplier(row: CounterPosition): Derived {
  return { unknown: `${row.instrument} has no multiplier` };
}

export function noPreSettlement(row: CounterPosition): Derived {
  return { unknown: `${row.instrument} has no preSettlementPrice` };
}
