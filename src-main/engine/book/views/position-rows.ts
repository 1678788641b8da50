/** Positions (one direction and hedge flag of an account in an instrument) and lots, valued when they are shown. */
import type { LotRow, PositionRow } from '#shared/contract/streams';
import type { PositionDetail } from '#shared/feed/items';
import type { Book } from '../book';
import { dayAverageOf } from '../day-average';
import { lotVolume, sliceVolume } from '../holding-problem';
import { KeptList } from '../kept-list';
import { SCALE, scaled } from '../kernel/kernel';
import type { Kept } from '../keyed-items';
import { priceReason } from '../prices';
import type { Holding, Side, SideSums } from '../things';
import { isByLots, preSettlementOf, sideMargin, sumSide } from '../valuation';
import { sellerMarginPerLot } from '../what-if/option-seller';
import { orNull } from './account-rows';

export type PositionRef = { holding: Holding; side: Side };
export type LotRef = { holding: Holding; side: Side; lot: Kept<PositionDetail> };

export function positionRefs(book: Book, isWanted: (holding: Holding) => boolean): PositionRef[] {
  const refs: PositionRef[] = [];
  for (const account of book.records.accounts) {
    for (const holding of account.holdings.values()) {
      if (!isWanted(holding)) continue;
      for (const side of holding.sides) if (side.lots.size > 0 || sliceVolume(side) > 0) refs.push({ holding, side });
    }
  }
  return refs;
}

export function lotRefs(book: Book, isWanted: (holding: Holding) => boolean): LotRef[] {
  const refs: LotRef[] = [];
  for (const { holding, side } of positionRefs(book, isWanted)) for (const lot of side.lots.values()) refs.push({ holding, side, lot });
  return refs;
}

export function positionVolume({ holding, side }: PositionRef): number {
  return side.sums?.volume ?? (isByLots(side, holding.account) ? lotVolume(side) : sliceVolume(side));
}

export function sums(book: Book, { holding, side }: PositionRef): SideSums {
  return side.sums ?? sumSide(side, holding, holding.instrument.master?.volumeMultiple ?? Number.NaN, book.positionsDay ?? '');
}

/** Profit in money from a scaled cost; NaN when anything is unknown. */
function profit({ holding, side }: { holding: Holding; side: Side }, volume: number, cost: number): number {
  const { instrument } = holding;
  if (instrument.master?.productClass === 'option') return 0;
  const last = instrument.quote?.lastPrice;
  if (last === undefined) return Number.NaN;
  const multiplier = instrument.master?.volumeMultiple ?? Number.NaN;
  return ((side.direction === 'long' ? 1 : -1) * (volume * multiplier * scaled(last) - cost)) / SCALE;
}

export function profitByDate(book: Book, ref: PositionRef): number {
  if (ref.holding.profitReason !== null) return Number.NaN;
  const side = sums(book, ref);
  return profit(ref, side.volume, side.historyCost + side.todayCost);
}

export function profitByTrade(book: Book, ref: PositionRef): number {
  if (ref.holding.profitReason !== null) return Number.NaN;
  const side = sums(book, ref);
  return profit(ref, side.volume, side.openCost);
}

/** Margin of the side by itself, before any big side: what it would need alone. */
export function marginOfSide(book: Book, ref: PositionRef, layer: 'company' | 'exchange', of: SideSums = sums(book, ref)): number {
  const { holding, side } = ref;
  const { instrument, account } = holding;
  const multiplier = instrument.master?.volumeMultiple;
  if (multiplier === undefined || (layer === 'company' ? holding.marginReason : holding.exchangeMarginReason) !== null) return Number.NaN;
  if (instrument.master?.productClass === 'option') {
    if (side.direction === 'long') return 0;
    const perLot = sellerMarginPerLot(book.optionSource(), account.accountID, instrument, layer, side.hedgeFlag);
    return perLot.known ? perLot.value * of.volume : Number.NaN;
  }
  const { quote } = instrument;
  const rate = book.reference.marginRate(layer, account.accountID, instrument, side.hedgeFlag, book.tradingDay ?? '');
  const average = dayAverageOf(instrument);
  const { fixed, slope } = sideMargin(of, rate, side.direction === 'long', account.master?.marginPriceType, instrument, multiplier, average);
  return slope === 0 ? fixed : fixed + slope * scaled(quote?.lastPrice ?? Number.NaN);
}

function holdingReason(holding: Holding): string | null {
  if (holding.profitReason !== null) return holding.profitReason;
  if (holding.instrument.quote?.lastPrice === undefined) return priceReason(holding.instrument, 'lastPrice');
  return holding.marginReason;
}

function asOf(side: Side): number | null {
  let newest: number | null = null;
  for (const { item } of side.slices.values()) newest = Math.max(newest ?? 0, item.asOfMs);
  for (const { item } of side.lots.values()) newest = Math.max(newest ?? 0, item.asOfMs);
  return newest;
}

export function buildPositionRow(book: Book, ref: PositionRef): PositionRow {
  const { holding, side } = ref;
  const { instrument, account } = holding;
  const of = sums(book, ref);
  const multiplier = instrument.master?.volumeMultiple;
  const reason = holdingReason(holding);
  const volume = positionVolume(ref);
  const isKnown = holding.profitReason === null;
  const openPriceAverage = multiplier === undefined || of.volume === 0 ? Number.NaN : of.openCost / SCALE / (of.volume * multiplier);
  return {
    key: `${account.accountID}|${instrument.label}|${side.direction}|${side.hedgeFlag}`,
    quality: reason !== null ? 'unknown' : book.qualityOfInstrument(instrument),
    reason,
    asOfMs: asOf(side),
    priceTick: instrument.master?.priceTick ?? null,
    accountID: account.accountID,
    exchangeID: instrument.exchangeID,
    productID: instrument.productID,
    instrumentID: instrument.instrumentID,
    direction: side.direction,
    hedgeFlag: side.hedgeFlag,
    volume,
    todayVolume: of.todayVolume,
    historyVolume: volume - of.todayVolume,
    openPriceAverage: orNull(openPriceAverage),
    lastPrice: instrument.quote?.lastPrice ?? null,
    preSettlementPrice: instrument.preSettlementPrice ?? null,
    positionProfitByDate: isKnown ? orNull(profit(ref, of.volume, of.historyCost + of.todayCost)) : null,
    positionProfitByTrade: isKnown ? orNull(profit(ref, of.volume, of.openCost)) : null,
    margin: orNull(marginOfSide(book, ref, 'company', of)),
    exchangeMargin: orNull(marginOfSide(book, ref, 'exchange', of)),
  };
}

/** One lot alone as a side, so that it is valued by the same code as its position. */
function lotAlone({ holding, side, lot }: LotRef): PositionRef {
  return { holding, side: { ...side, lots: KeptList.of(lot), sums: null } };
}

export function lotProfit(book: Book, ref: LotRef, convention: 'date' | 'trade'): number {
  const alone = lotAlone(ref);
  return convention === 'date' ? profitByDate(book, alone) : profitByTrade(book, alone);
}

export function buildLotRow(book: Book, ref: LotRef): LotRow {
  const { holding, side, lot } = ref;
  const { instrument, account } = holding;
  const { item } = lot;
  const day = book.positionsDay ?? '';
  const isHistoryUnknown = item.openDate !== day && preSettlementOf(lot, side, instrument, day) === undefined;
  const reason = holdingReason(holding) ?? (isHistoryUnknown ? priceReason(instrument, 'preSettlementPrice') : null);
  return {
    key: `${account.accountID}|${instrument.label}|${side.direction}|${side.hedgeFlag}|${lot.key}`,
    quality: reason !== null ? 'unknown' : book.qualityOfInstrument(instrument),
    reason,
    asOfMs: item.asOfMs,
    priceTick: instrument.master?.priceTick ?? null,
    accountID: account.accountID,
    exchangeID: instrument.exchangeID,
    instrumentID: instrument.instrumentID,
    direction: item.direction,
    hedgeFlag: item.hedgeFlag,
    openDate: item.openDate,
    tradeID: item.tradeID,
    volume: item.volume,
    openPrice: item.openPrice,
    lastPrice: instrument.quote?.lastPrice ?? null,
    positionProfitByDate: orNull(lotProfit(book, ref, 'date')),
    positionProfitByTrade: orNull(lotProfit(book, ref, 'trade')),
    margin: orNull(marginOfSide(book, lotAlone(ref), 'company')),
  };
}
