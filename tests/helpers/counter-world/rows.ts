/** The position rows of a made-up counter, lot by lot: what it would answer for one side of one contract. */
import { type Decimal, decimal, larger, sum, times, toNumber, ZERO } from './decimal';
import type { Choices, Raw } from './generate';
import { ADDED_PER_LOT, isByMoney, type Product, type Tier } from './market';

export type Contract = {
  product: Product;
  instrument: string;
  preSettlement: Decimal;
  mark: Decimal;
  /** The day's, per quote unit. */
  average: Decimal;
  low: Decimal;
  high: Decimal;
  priceNear(choose: Choices): Decimal;
  option: { kind: 'C' | 'P'; strike: Decimal; future: Contract } | null;
};
export type Side = { contract: Contract; direction: 'long' | 'short'; hedgeFlag: 'speculation' | 'hedge' | 'arbitrage' };
type Order = { price: Decimal; volume: number };
export type SideDay = {
  side: Side;
  carried: Order[];
  trades: (Order & { offset: 'open' | 'close' | 'closeToday' | 'closeYesterday' })[];
  openOrder: Order | null;
  closeOrder: Order | null;
  /** Received for options sold, paid (below zero) for options bought. */
  premium: Decimal;
};

export type RowTruth = {
  side: Side;
  position: number;
  figures: Record<RowFigure, Decimal>;
  /** As the counter writes it: what is zero is left out. */
  raw: Raw;
};
type RowFigure =
  | 'position'
  | 'todayPosition'
  | 'positionCost'
  | 'openCost'
  | 'useMargin'
  | 'exchangeMargin'
  | 'frozenMargin'
  | 'positionProfit'
  | 'closeProfit'
  | 'closeProfitByDate'
  | 'closeProfitByTrade'
  | 'commission'
  | 'frozenCommission';

type Lot = { price: Decimal; isToday: boolean };

/** One row for a side, or two where the exchange keeps today's lots and history's apart. */
export function rowsOf(day: SideDay, marginPriceType: string, isKnownCounter: boolean, pick: Choices): RowTruth[] {
  const { exchange } = day.side.contract.product;
  if (exchange !== 'SHFE' && exchange !== 'INE') return [rowOf(day, 'today', marginPriceType, isKnownCounter, pick)].filter((row) => row !== null);
  const history = { ...day, trades: day.trades.filter(({ offset }) => offset === 'closeYesterday'), openOrder: null };
  const today = { ...day, carried: [], trades: day.trades.filter(({ offset }) => offset !== 'closeYesterday') };
  const leftToday = today.trades.reduce((left, { offset, volume }) => left + (offset === 'open' ? volume : -volume), 0);
  return [
    rowOf({ ...history, closeOrder: leftToday > 0 ? null : history.closeOrder }, 'history', marginPriceType, isKnownCounter, pick),
    rowOf({ ...today, closeOrder: leftToday > 0 ? today.closeOrder : null }, 'today', marginPriceType, isKnownCounter, pick),
  ].filter((row) => row !== null);
}

function rowOf(day: SideDay, positionDate: string, marginPriceType: string, isKnownCounter: boolean, pick: Choices): RowTruth | null {
  const { contract, direction, hedgeFlag } = day.side;
  const { product, preSettlement, mark } = contract;
  const lots: Lot[] = day.carried.flatMap(({ volume, price }) => Array.from({ length: volume }, () => ({ price, isToday: false })));
  const ydPosition = lots.length;
  const gain = (from: Decimal, to: Decimal): Decimal => times(direction === 'long' ? to - from : from - to, product.multiplier);
  const value = (price: Decimal, volume = 1): Decimal => times(price, product.multiplier, decimal(volume));
  const reference = (lot: Lot): Decimal => (lot.isToday ? lot.price : preSettlement);
  const counts = { openVolume: 0, closeVolume: 0 };
  const amounts = { openAmount: ZERO, closeAmount: ZERO, byDate: ZERO, byTrade: ZERO, commission: ZERO };
  let closedToday = 0;
  for (const { offset, price, volume } of day.trades) {
    if (offset === 'open') {
      for (let count = 0; count < volume; count++) lots.push({ price, isToday: true });
      counts.openVolume += volume;
      amounts.openAmount += value(price, volume);
      amounts.commission += charged(product, product.open, value(price, volume), volume, isKnownCounter);
      continue;
    }
    for (const lot of lots.splice(0, volume)) {
      amounts.byDate += gain(reference(lot), price);
      amounts.byTrade += gain(lot.price, price);
    }
    counts.closeVolume += volume;
    amounts.closeAmount += value(price, volume);
    // Where days are not kept apart, the close-today tier takes as many lots as were opened so far.
    const today = offset === 'closeToday' ? volume : offset === 'closeYesterday' ? 0 : Math.min(volume, counts.openVolume - closedToday);
    closedToday += today;
    amounts.commission += charged(product, product.closeToday, value(price, today), today, isKnownCounter);
    amounts.commission += charged(product, product.closeYesterday, value(price, volume - today), volume - today, isKnownCounter);
  }
  if (ydPosition + counts.openVolume === 0 && day.openOrder === null) return null;
  const positionCost = sum(lots.map((lot) => value(reference(lot))));
  const rate = product.margin[hedgeFlag];
  const marginAt = (lot: Lot): Decimal =>
    !lot.isToday
      ? preSettlement
      : marginPriceType === '1'
        ? preSettlement
        : marginPriceType === '2'
          ? mark
          : marginPriceType === '3'
            ? contract.average
            : lot.price;
  const perLot = soldOptionMargin(day.side);
  const margin = perLot ?? sum(lots.map((lot) => times(value(marginAt(lot)), rate.byMoney) + rate.byVolume));
  const useMargin = perLot === null ? margin : times(perLot, decimal(lots.length));
  const resting = day.openOrder;
  const closing = day.closeOrder;
  const closeTier = positionDate === 'history' || (positionDate === 'today' && ydPosition > 0) ? product.closeYesterday : product.closeToday;
  const figures = {
    position: decimal(lots.length),
    todayPosition: decimal(lots.filter(({ isToday }) => isToday).length),
    positionCost,
    openCost: sum(lots.map(({ price }) => value(price))),
    useMargin,
    exchangeMargin: useMargin,
    frozenMargin: resting === null ? ZERO : times(value(resting.price, resting.volume), rate.byMoney) + times(rate.byVolume, decimal(resting.volume)),
    positionProfit: contract.option === null ? sum(lots.map((lot) => gain(reference(lot), mark))) : ZERO,
    closeProfit: amounts.byDate,
    closeProfitByDate: amounts.byDate,
    closeProfitByTrade: amounts.byTrade,
    commission: amounts.commission,
    frozenCommission:
      (resting === null ? ZERO : charged(product, product.open, value(resting.price, resting.volume), resting.volume, isKnownCounter)) +
      (closing === null ? ZERO : charged(product, closeTier, value(closing.price, closing.volume), closing.volume, isKnownCounter)),
  };
  const own = direction === 'long' ? 'long' : 'short';
  const other = direction === 'long' ? 'short' : 'long';
  // The counter does not fill a rate in on a row that it has not touched today; a rate by lots could then not be told from anything.
  const isTouched = day.trades.length > 0 || resting !== null || rate.byVolume > 0n || contract.option !== null || pick.chance(0.3);
  const isStale = lots.length === 0;
  const raw = withoutZeros({
    exchange: product.exchange,
    instrument: contract.instrument,
    direction,
    hedgeFlag,
    positionDate,
    ydPosition,
    ...counts,
    openAmount: toNumber(amounts.openAmount),
    closeAmount: toNumber(amounts.closeAmount),
    ...Object.fromEntries(Object.entries(figures).map(([field, figure]) => [field, toNumber(figure)])),
    preSettlementPrice: toNumber(preSettlement),
    settlementPrice: isStale ? pick.of([toNumber(contract.low), Number.MAX_VALUE, 0]) : toNumber(mark),
    [`${own}Frozen`]: resting?.volume ?? 0,
    [`${own}FrozenAmount`]: resting === null ? 0 : toNumber(value(resting.price, resting.volume)),
    [`${other}Frozen`]: closing?.volume ?? 0,
    [`${other}FrozenAmount`]: closing === null ? 0 : toNumber(value(closing.price, closing.volume)),
    marginRateByMoney: isTouched ? toNumber(rate.byMoney) : 0,
    marginRateByVolume: isTouched ? toNumber(rate.byVolume) : 0,
  });
  return { side: day.side, position: lots.length, figures, raw };
}

/** Premium and the larger of the future's margin less half of what the option is out of the money, and half of it; a bought option has none. */
function soldOptionMargin({ contract, direction, hedgeFlag }: Side): Decimal | null {
  if (contract.option === null) return null;
  if (direction === 'long') return ZERO;
  const { kind, strike, future } = contract.option;
  const { multiplier } = contract.product;
  const rate = contract.product.margin[hedgeFlag];
  const ofFuture = times(future.preSettlement, multiplier, rate.byMoney) + rate.byVolume;
  const out = larger(kind === 'C' ? strike - future.preSettlement : future.preSettlement - strike, ZERO);
  const half = decimal('0.5');
  return times(contract.preSettlement, multiplier) + larger(ofFuture - times(half, out, multiplier), times(half, ofFuture));
}

function charged(product: Product, tier: Tier, amount: Decimal, lots: number, isKnownCounter: boolean): Decimal {
  const added = isKnownCounter && isByMoney(product) ? times(ADDED_PER_LOT, decimal(lots)) : ZERO;
  return times(tier.byMoney, amount) + times(tier.byVolume, decimal(lots)) + added;
}

function withoutZeros(row: Raw): Raw {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== 0));
}
