/** What a snapshot's own trades say of a row's day: used only where they add up to the row's volumes and amounts, so that none is missing. */
import { groupBy } from '#shared/group-by';
import type { CounterPosition, CounterSnapshot, CounterTrade } from '#shared/market/counter/snapshot';

export type TradedDay = {
  /** What today's lots that are left cost, first in first out; yesterday's lots close before them. Money. */
  leftTodayCost: number;
  /** Closes by commission tier: those within what had been opened today by then, and the others. Lots and money. */
  closedToday: { volume: number; amount: number };
  closedYesterday: { volume: number; amount: number };
};

type Lot = { volume: number; price: number };
const SAME_MONEY = 0.005;

/** One for each row of positions; null where the snapshot has no trades of the row, not all of them, or several rows that share them. */
export function tradedDays(snapshot: CounterSnapshot): (TradedDay | null)[] {
  const trades = groupBy(snapshot.trades, ({ instrument }) => instrument);
  const rows = groupBy(snapshot.positions, sideOf);
  return snapshot.positions.map((row) => {
    const multiplier = snapshot.instruments[row.instrument]?.multiplier;
    const own = trades.get(row.instrument);
    return own === undefined || multiplier === undefined || rows.get(sideOf(row))?.length !== 1 ? null : tradedDay(row, own, multiplier);
  });
}

function sideOf({ exchange, instrument, direction }: CounterPosition): string {
  return `${exchange}.${instrument}.${direction}`;
}

function tradedDay(row: CounterPosition, trades: readonly CounterTrade[], multiplier: number): TradedDay | null {
  const openingSide = row.direction === 'long' ? 'buy' : 'sell';
  const opened: Lot[] = [];
  const day: TradedDay = { leftTodayCost: 0, closedToday: { volume: 0, amount: 0 }, closedYesterday: { volume: 0, amount: 0 } };
  const sums = { openVolume: 0, openAmount: 0, closeVolume: 0, closeAmount: 0 };
  let carried = row.ydPosition;
  for (const { exchange, side, offset, price, volume } of trades) {
    if ((exchange ?? row.exchange) !== row.exchange || (side === openingSide) !== (offset === 'open')) continue;
    if (price === undefined || typeof volume !== 'number' || volume <= 0) return null;
    const amount = price * multiplier * volume;
    if (offset === 'open') {
      opened.push({ volume, price });
      sums.openVolume += volume;
      sums.openAmount += amount;
      continue;
    }
    const today = Math.min(volume, sums.openVolume - day.closedToday.volume);
    add(day.closedToday, today, price * multiplier);
    add(day.closedYesterday, volume - today, price * multiplier);
    sums.closeVolume += volume;
    sums.closeAmount += amount;
    const fromYesterday = Math.min(carried, volume);
    carried -= fromYesterday;
    if (!take(opened, volume - fromYesterday)) return null;
  }
  if (sums.openVolume !== row.openVolume || sums.closeVolume !== row.closeVolume) return null;
  if (Math.abs(sums.openAmount - row.openAmount) > SAME_MONEY || Math.abs(sums.closeAmount - row.closeAmount) > SAME_MONEY) return null;
  day.leftTodayCost = opened.reduce((sum, lot) => sum + lot.volume * lot.price * multiplier, 0);
  return day;
}

function add(tier: { volume: number; amount: number }, volume: number, valueOfLot: number): void {
  tier.volume += volume;
  tier.amount += volume * valueOfLot;
}

/** Takes lots off the oldest; false when there are not as many. */
function take(lots: Lot[], volume: number): boolean {
  let left = volume;
  while (left > 0) {
    const [oldest] = lots;
    if (oldest === undefined) return false;
    const taken = Math.min(left, oldest.volume);
    oldest.volume -= taken;
    left -= taken;
    if (oldest.volume === 0) lots.shift();
  }
  return true;
}
