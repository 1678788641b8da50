/** Turns one holding (lots or slices) into what the kernel needs: net quantity, by-date cost and the two margin sides of each layer. */
import type { Precedence } from '#shared/desk/reference-rows/own-row';
import type { AccountMaster } from '#shared/feed/items';
import type { Known } from '#shared/market/known';
import type { MarginRatePair } from '#shared/market/margin';
import { type Reason, reasonFor } from '#shared/market/reason';
import { dayAverageOf } from './day-average';
import { holdingProblem, isHeld } from './holding-problem';
import { SCALE, scaled } from './kernel/kernel';
import { priceReason } from './prices';
import type { ReferenceBook } from './reference';
import type { AccountRecord, Holding, InstrumentRecord, Side, SideSums } from './things';
import { sellerMarginPerLot } from './what-if/option-seller';

export type ValuationContext = {
  reference: ReferenceBook;
  /** The positions' trading day: a lot opened on it is today's. */
  positionsDay: string;
  /** The day rates are asked for. */
  tradingDay: string;
  underlyingOf: (option: InstrumentRecord) => InstrumentRecord | null;
};

/** Whether the side is valued from its lots. Lots decide; slices stand in only for an account whose counter gives no lots at all. */
export function isByLots(side: Side, account: AccountRecord): boolean {
  return account.isByLots || side.lots.size > 0;
}

/**
 * The by-date reference of a lot that is not today's: the detail's own last settlement when it came on this trading day, else the slice's,
 * else the quote's of the day, else what the desk supplied for the day; that comes first where it was given instead of what a source says.
 * Undefined when none of them says.
 */
export function preSettlementOf(lot: ReferencedLot, side: Side, instrument: InstrumentRecord, day: string): number | undefined {
  const own = ownPreSettlementOf(instrument, day);
  if (own?.precedence === 'insteadOf') return own.price;
  return saidPreSettlementOf(lot, side, instrument, day) ?? own?.price;
}

/** Whether that reference is one that the desk supplied. */
export function isPreSettlementSupplied(lot: ReferencedLot, side: Side, instrument: InstrumentRecord, day: string): boolean {
  const own = ownPreSettlementOf(instrument, day);
  return own !== null && (own.precedence === 'insteadOf' || saidPreSettlementOf(lot, side, instrument, day) === undefined);
}

type ReferencedLot = { item: { lastSettlementPrice?: number | undefined }; tradingDay: string };

function saidPreSettlementOf(lot: ReferencedLot, side: Side, instrument: InstrumentRecord, day: string): number | undefined {
  const { lastSettlementPrice } = lot.item;
  if (lastSettlementPrice !== undefined && lastSettlementPrice > 0 && lot.tradingDay === day) return lastSettlementPrice;
  for (const slice of side.slices.values())
    if (slice.tradingDay === day && slice.item.preSettlementPrice !== undefined && slice.item.preSettlementPrice > 0)
      return slice.item.preSettlementPrice;
  return instrument.quoteTradingDay === '' || instrument.quoteTradingDay >= day ? instrument.quote?.preSettlementPrice : undefined;
}

/** What the desk supplied for this day, which may be another than the market's. */
function ownPreSettlementOf({ ownPreSettlement }: InstrumentRecord, day: string): { price: number; precedence: Precedence } | null {
  if (ownPreSettlement?.item.kind !== 'preSettlement' || ownPreSettlement.item.effectiveFrom !== day) return null;
  return { price: ownPreSettlement.item.preSettlementPrice, precedence: ownPreSettlement.precedence };
}

function emptySums(): SideSums {
  return { volume: 0, todayVolume: 0, historyCost: 0, todayCost: 0, openCost: 0, reason: null, openReason: null };
}

function sumLots(side: Side, instrument: InstrumentRecord, multiplier: number, day: string): SideSums {
  const sums = emptySums();
  for (const lot of side.lots.values()) {
    const { volume, openPrice, openDate } = lot.item;
    const openCost = volume * multiplier * scaled(openPrice);
    sums.volume += volume;
    sums.openCost += openCost;
    if (openDate === day) {
      sums.todayVolume += volume;
      sums.todayCost += openCost;
    } else {
      const preSettlement = preSettlementOf(lot, side, instrument, day);
      if (preSettlement === undefined) {
        sums.reason ??= priceReason(instrument, 'preSettlementPrice');
        sums.historyCost = Number.NaN;
      } else {
        sums.historyCost += volume * multiplier * scaled(preSettlement);
      }
    }
  }
  return sums;
}

function sumSlices(side: Side, instrument: InstrumentRecord, multiplier: number): SideSums {
  const sums = emptySums();
  for (const { item: slice } of side.slices.values()) {
    if (slice.position === 0) continue;
    sums.volume += slice.position;
    const cost = slice.positionCost === undefined ? Number.NaN : scaled(slice.positionCost);
    if (slice.positionCost === undefined) sums.reason ??= reasonFor('noPositionCost', instrument.label);
    if (slice.openCost === undefined) sums.openReason ??= reasonFor('noOpenPrice', instrument.label);
    sums.openCost += slice.openCost === undefined ? Number.NaN : scaled(slice.openCost);
    const today = slice.positionDate === 'history' ? 0 : Math.min(slice.todayPosition ?? slice.position, slice.position);
    sums.todayVolume += today;
    if (today === slice.position) {
      sums.todayCost += cost;
    } else if (today === 0) {
      sums.historyCost += cost;
    } else {
      // One slice holds both days (exchanges that do not keep them apart): yesterday's part is at pre-settlement by definition.
      const preSettlement = slice.preSettlementPrice ?? instrument.preSettlementPrice;
      const history = preSettlement === undefined ? Number.NaN : (slice.position - today) * multiplier * scaled(preSettlement);
      if (preSettlement === undefined) sums.reason ??= priceReason(instrument, 'preSettlementPrice');
      sums.historyCost += history;
      sums.todayCost += cost - history;
    }
  }
  return sums;
}

/** The sums of one side; `multiplier` must be known. */
export function sumSide(side: Side, holding: Holding, multiplier: number, positionsDay: string): SideSums {
  return isByLots(side, holding.account)
    ? sumLots(side, holding.instrument, multiplier, positionsDay)
    : sumSlices(side, holding.instrument, multiplier);
}

export type EntryFigures = {
  /** Net volume x multiplier. */
  k: number;
  /** Scaled signed by-date cost; NaN when unknown. */
  c: number;
  /** Margin sides as the kernel takes them: company long and short, exchange long and short; fixed, and per scaled latest price. */
  fixed: Float64Array;
  slopes: Float64Array;
  usesAverage: boolean;
  profitReason: Reason | null;
  marginReason: Reason | null;
  exchangeMarginReason: Reason | null;
};

type MarginPriceType = AccountMaster['marginPriceType'];

/** Margin of one side as a fixed part and a part per scaled latest price, in currency units; or why not. */
export function sideMargin(
  sums: SideSums,
  rate: Known<MarginRatePair>,
  isLong: boolean,
  type: MarginPriceType,
  instrument: InstrumentRecord,
  multiplier: number,
  average: Known<number>,
): { fixed: number; slope: number; reason: Reason | null } {
  if (sums.volume === 0) return { fixed: 0, slope: 0, reason: null };
  if (!rate.known) return { fixed: Number.NaN, slope: 0, reason: rate.reason };
  const byMoney = isLong ? rate.value.longByMoney : rate.value.shortByMoney;
  const byVolume = isLong ? rate.value.longByVolume : rate.value.shortByVolume;
  const flat = sums.volume * byVolume;
  if (byMoney === 0) return { fixed: flat, slope: 0, reason: null };
  const historyPart = Number.isNaN(sums.historyCost) ? Number.NaN : (sums.historyCost * byMoney) / SCALE;
  if (Number.isNaN(historyPart)) return { fixed: Number.NaN, slope: 0, reason: sums.reason };
  if (sums.todayVolume === 0) return { fixed: historyPart + flat, slope: 0, reason: null };
  const todayUnits = sums.todayVolume * multiplier;
  switch (type) {
    case undefined:
      return { fixed: Number.NaN, slope: 0, reason: 'noMarginPriceType' };
    case 'open':
      return Number.isNaN(sums.todayCost)
        ? { fixed: Number.NaN, slope: 0, reason: sums.reason }
        : { fixed: historyPart + (sums.todayCost * byMoney) / SCALE + flat, slope: 0, reason: null };
    case 'latest':
      return { fixed: historyPart + flat, slope: (todayUnits * byMoney) / SCALE, reason: null };
    case 'preSettlement': {
      const price = instrument.preSettlementPrice;
      if (price === undefined) return { fixed: Number.NaN, slope: 0, reason: priceReason(instrument, 'preSettlementPrice') };
      return { fixed: historyPart + todayUnits * price * byMoney + flat, slope: 0, reason: null };
    }
    case 'average':
      if (!average.known) return { fixed: Number.NaN, slope: 0, reason: average.reason };
      return { fixed: historyPart + todayUnits * average.value * byMoney + flat, slope: 0, reason: null };
  }
}

function unknownEntry(reason: Reason): EntryFigures {
  return {
    k: 0,
    c: Number.NaN,
    fixed: new Float64Array(4).fill(Number.NaN),
    slopes: new Float64Array(4),
    usesAverage: false,
    profitReason: reason,
    marginReason: reason,
    exchangeMarginReason: reason,
  };
}

/** Net quantity, cost and margin sides of a holding, as of the positions and rates the book has now. */
export function valueHolding(holding: Holding, context: ValuationContext): EntryFigures {
  const { instrument, account } = holding;
  const figures: EntryFigures = {
    k: 0,
    c: 0,
    fixed: new Float64Array(4),
    slopes: new Float64Array(4),
    usesAverage: false,
    profitReason: null,
    marginReason: null,
    exchangeMarginReason: null,
  };
  if (!isHeld(holding)) return figures;
  for (const side of holding.sides) side.sums = null;
  const problem = holdingProblem(holding);
  if (problem !== null) return unknownEntry(problem);
  const multiplier = instrument.master?.volumeMultiple ?? Number.NaN;
  const isOption = instrument.master?.productClass === 'option';
  const type = account.master?.marginPriceType;
  const average = dayAverageOf(instrument);
  for (const side of holding.sides) {
    const sums = sumSide(side, holding, multiplier, context.positionsDay);
    side.sums = sums;
    if (sums.volume === 0) continue;
    const isLong = side.direction === 'long';
    // A futures-style mark to market does not apply to options: their position profit is 0, the premium having moved as cash.
    if (!isOption) {
      figures.k += (isLong ? 1 : -1) * sums.volume * multiplier;
      figures.c += (isLong ? 1 : -1) * (sums.historyCost + sums.todayCost);
      figures.profitReason ??= sums.reason;
    }
    if (type === 'average' && sums.todayVolume > 0) figures.usesAverage = true;
    const outside = account.combinations === null ? sums : account.combinations.outside(side, sums);
    for (const layer of ['company', 'exchange'] as const) {
      const at = (layer === 'company' ? 0 : 2) + (isLong ? 0 : 1);
      if (isOption) {
        if (isLong) continue;
        const perLot = sellerMarginPerLot(context, account.accountID, instrument, layer, side.hedgeFlag);
        figures.fixed[at] = (figures.fixed[at] ?? 0) + (outside.volume === 0 ? 0 : perLot.known ? perLot.value * outside.volume : Number.NaN);
        if (layer === 'company') figures.marginReason ??= perLot.known ? null : perLot.reason;
        else figures.exchangeMarginReason ??= perLot.known ? null : perLot.reason;
        continue;
      }
      const rate = context.reference.marginRate(layer, account.accountID, instrument, side.hedgeFlag, context.tradingDay);
      const margin = sideMargin(outside, rate, isLong, type, instrument, multiplier, average);
      figures.fixed[at] = (figures.fixed[at] ?? 0) + margin.fixed;
      figures.slopes[at] = (figures.slopes[at] ?? 0) + margin.slope;
      if (layer === 'company') figures.marginReason ??= margin.reason;
      else figures.exchangeMarginReason ??= margin.reason;
    }
  }
  if (Number.isNaN(figures.c)) figures.k = 0;
  return figures;
}
