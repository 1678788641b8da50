/** Lots of a side as the formulas take them; where the counter gives only slices, a slice stands in as one lot of each day at its average cost. */
import { knownNumber } from '#shared/market/known';
import { type Reason, reasonFor } from '#shared/market/reason';
import type { HeldLot } from '#shared/market/what-if/account-model';
import { priceReason } from '../prices';
import type { Holding, Side } from '../things';
import { isByLots, preSettlementOf } from '../valuation';

export function heldLots(holding: Holding, side: Side, positionsDay: string): HeldLot[] {
  const { instrument } = holding;
  const { direction, hedgeFlag } = side;
  if (isByLots(side, holding.account)) {
    return side.lots.values().map((lot) => ({
      direction,
      hedgeFlag,
      volume: lot.item.volume,
      openPrice: lot.item.openPrice,
      openDate: lot.item.openDate,
      tradeID: lot.item.tradeID,
      isToday: lot.item.openDate === positionsDay,
      preSettlementPrice: knownNumber(preSettlementOf(lot, side, instrument, positionsDay), priceReason(instrument, 'preSettlementPrice')),
    }));
  }
  return lotsOfSlices(holding, side, positionsDay);
}

function lotsOfSlices(holding: Holding, side: Side, positionsDay: string): HeldLot[] {
  const { instrument } = holding;
  const { direction, hedgeFlag } = side;
  const multiplier = instrument.master?.volumeMultiple ?? Number.NaN;
  const lots: HeldLot[] = [];
  for (const { item: slice } of side.slices.values()) {
    if (slice.position === 0) continue;
    const today = slice.positionDate === 'history' ? 0 : Math.min(slice.todayPosition ?? slice.position, slice.position);
    const history = slice.position - today;
    const cost = slice.positionCost ?? Number.NaN;
    const preSettlement = slice.preSettlementPrice ?? instrument.preSettlementPrice ?? Number.NaN;
    const historyPrice = today === 0 ? cost / (history * multiplier) : preSettlement;
    const todayPrice = (cost - (history === 0 ? 0 : history * multiplier * preSettlement)) / (today * multiplier);
    const noCost = reasonFor('noPositionCost', instrument.label);
    const part = (volume: number, price: number, isToday: boolean, why: Reason = noCost): HeldLot => ({
      direction,
      hedgeFlag,
      volume,
      openPrice: isToday ? price : (slice.openCost ?? Number.NaN) / (slice.position * multiplier),
      openDate: isToday ? positionsDay : '',
      tradeID: `${slice.positionDate}${isToday ? '' : '.history'}`,
      isToday,
      preSettlementPrice: knownNumber(price, why),
    });
    if (history > 0) lots.push(part(history, historyPrice, false, today === 0 ? noCost : priceReason(instrument, 'preSettlementPrice')));
    if (today > 0) lots.push(part(today, todayPrice, true));
  }
  return lots;
}
