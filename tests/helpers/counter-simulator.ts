/** A lot-by-lot futures counter for one account, written independently of the product's formulas: it makes snapshots whose every figure is known. */
import type { CounterPosition, CounterSnapshot } from '#shared/market/counter/snapshot';

type AccountResult = 'currMargin' | 'closeProfit' | 'positionProfit' | 'commission' | 'frozenMargin' | 'frozenCommission';
type RowResult =
  | 'position'
  | 'todayPosition'
  | 'openCost'
  | 'positionCost'
  | 'useMargin'
  | 'exchangeMargin'
  | 'positionProfit'
  | 'closeProfit'
  | 'commission'
  | 'frozenMargin'
  | 'frozenCommission';
/** A counter that leaves no result out. */
export type SimulatedSnapshot = Omit<CounterSnapshot, 'account' | 'positions'> & {
  account: CounterSnapshot['account'] & Record<AccountResult, number>;
  positions: (CounterPosition & Record<RowResult, number>)[];
};

export type SimulatedTrade = { instrument: string; direction: 'long' | 'short'; isOpen: boolean; price: number; volume: number };
export type SimulatedInstrument = {
  exchange: 'SHFE' | 'DCE' | 'CZCE';
  instrument: string;
  multiplier: number;
  rate: number;
  preSettlement: number;
  mark: number;
};
type Lot = { cost: number; isYesterday: boolean };

const COMMISSION_PER_LOT = 2;

export function simulateCounter(
  instruments: SimulatedInstrument[],
  carried: SimulatedTrade[],
  trades: SimulatedTrade[],
  preBalance: number,
  marginPriceType: '1' | '2' | '4' = '4',
): SimulatedSnapshot {
  const positions: SimulatedSnapshot['positions'] = [];
  const margins: { exchange: string; product: string; instrument: string; direction: string; margin: number }[] = [];
  for (const instrument of instruments) {
    for (const direction of ['long', 'short'] as const) {
      const own = (trade: SimulatedTrade) => trade.instrument === instrument.instrument && trade.direction === direction;
      const row = runSide(instrument, direction, carried.filter(own), trades.filter(own), marginPriceType);
      if (row === null) continue;
      positions.push(row);
      margins.push({
        exchange: instrument.exchange,
        product: instrument.instrument.replace(/\d/g, ''),
        instrument: instrument.instrument,
        direction,
        margin: row.useMargin,
      });
    }
  }
  const sum = (field: 'closeProfit' | 'positionProfit' | 'commission') => positions.reduce((total, row) => total + row[field], 0);
  const currMargin = marginOf(margins);
  const balance = preBalance + sum('closeProfit') + sum('positionProfit') - sum('commission');
  const available = balance - currMargin - Math.max(0, sum('positionProfit'));
  const mortgageableFund = available - Math.max(0, sum('closeProfit'));
  const cents = BigInt(Math.round(mortgageableFund * 1000)) * 8n; // 0.8 x the fund, in ten-thousandths of a unit
  return {
    combinations: [],
    tradingDay: '20260915',
    capturedAt: '2026-09-15T10:00:00+08:00',
    params: { algorithm: '2', availIncludeCloseProfit: '0', marginPriceType, currencyID: 'CNY' },
    account: {
      preBalance,
      deposit: 0,
      withdraw: 0,
      cashIn: 0,
      deliveryMargin: 0,
      preCredit: 0,
      preMortgage: 0,
      mortgage: 0,
      credit: 0,
      frozenCash: 0,
      balance,
      available,
      currMargin,
      exchangeMargin: currMargin,
      closeProfit: sum('closeProfit'),
      positionProfit: sum('positionProfit'),
      commission: sum('commission'),
      frozenMargin: 0,
      frozenCommission: 0,
      mortgageableFund,
      withdrawQuota: positions.length === 0 ? mortgageableFund : Number(cents / 100n) / 100,
    },
    positions,
    instruments: Object.fromEntries(instruments.map(({ instrument, multiplier }) => [instrument, { multiplier }])),
    quotes: [],
    trades: [],
  };
}

function runSide(
  instrument: SimulatedInstrument,
  direction: 'long' | 'short',
  carried: SimulatedTrade[],
  trades: SimulatedTrade[],
  marginPriceType: '1' | '2' | '4',
): SimulatedSnapshot['positions'][number] | null {
  const sign = direction === 'long' ? 1 : -1;
  const yesterdayCost = instrument.preSettlement * instrument.multiplier;
  const lots: (Lot & { openCost: number })[] = carried.flatMap((trade) =>
    Array.from({ length: trade.volume }, () => ({ cost: yesterdayCost, openCost: trade.price * instrument.multiplier, isYesterday: true })),
  );
  const ydPosition = lots.length;
  const row = { openVolume: 0, closeVolume: 0, openAmount: 0, closeAmount: 0, closeProfit: 0, commission: 0 };
  for (const trade of trades) {
    for (let lot = 0; lot < trade.volume; lot++) {
      const value = trade.price * instrument.multiplier;
      const closed = trade.isOpen ? undefined : lots.shift();
      if (!trade.isOpen && closed === undefined) continue;
      row.commission += COMMISSION_PER_LOT;
      if (closed === undefined) {
        lots.push({ cost: value, openCost: value, isYesterday: false });
        row.openVolume += 1;
        row.openAmount += value;
      } else {
        row.closeVolume += 1;
        row.closeAmount += value;
        row.closeProfit += sign * (value - closed.cost);
      }
    }
  }
  if (ydPosition + row.openVolume === 0) return null;
  const positionCost = lots.reduce((total, lot) => total + lot.cost, 0);
  const todayUnitPrice = { '1': instrument.preSettlement, '2': instrument.mark, '4': null }[marginPriceType];
  const marginOn = (lot: Lot): number => (lot.isYesterday || todayUnitPrice === null ? lot.cost : todayUnitPrice * instrument.multiplier);
  const useMargin = lots.reduce((total, lot) => total + marginOn(lot), 0) * instrument.rate;
  return {
    exchange: instrument.exchange,
    instrument: instrument.instrument,
    direction,
    hedgeFlag: 'speculation',
    positionDate: 'today',
    position: lots.length,
    ydPosition,
    todayPosition: lots.filter((lot) => !lot.isYesterday).length,
    ...row,
    openCost: lots.reduce((total, lot) => total + lot.openCost, 0),
    positionCost,
    preSettlementPrice: instrument.preSettlement,
    settlementPrice: instrument.mark,
    useMargin,
    exchangeMargin: useMargin,
    positionProfit: sign * (instrument.mark * instrument.multiplier * lots.length - positionCost),
    longFrozen: 0,
    shortFrozen: 0,
    longFrozenAmount: 0,
    shortFrozenAmount: 0,
    frozenMargin: 0,
    frozenCommission: 0,
    marginRateByMoney: instrument.rate,
  };
}

function marginOf(margins: { exchange: string; product: string; instrument: string; direction: string; margin: number }[]): number {
  const sides = new Map<string, { long: number; short: number }>();
  for (const { exchange, product, instrument, direction, margin } of margins) {
    const group = exchange === 'SHFE' ? product : exchange === 'CZCE' ? instrument : `${instrument}/${direction}`;
    const side = sides.get(`${exchange}/${group}`) ?? { long: 0, short: 0 };
    side[direction as 'long' | 'short'] += margin;
    sides.set(`${exchange}/${group}`, side);
  }
  return [...sides.values()].reduce((total, side) => total + Math.max(side.long, side.short), 0);
}
