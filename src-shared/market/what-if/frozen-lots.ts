/**
 * Lots that resting close orders have frozen: closable are the rest, and an exchange refuses to close more (51 on SHFE and INE, 30 elsewhere) [seen on real
 * counters]. No list proposes them and no scenario closes them a second time.
 */
import type { HedgeFlag, PosiDirection } from '#shared/feed/items';
import { groupBy } from '#shared/group-by';
import type { AccountModel, HeldInstrument, HeldLot } from '#shared/market/what-if/account-model';

/** In lots of one side. `days` are those whose lots the orders name; `orders` their numbers, none where only the counter's slice says that lots are frozen. */
export type FrozenVolume = {
  direction: PosiDirection;
  hedgeFlag: HedgeFlag;
  days: 'today' | 'history' | 'any';
  volume: number;
  orders: readonly string[];
};

type FrozenLot = { volume: number; orders: readonly string[] };

/** How much of each lot is frozen: an order closes the oldest lots of the day it names, so that these are not free to be closed by another. */
export function frozenLots({ lots, frozen = [] }: Pick<HeldInstrument, 'lots' | 'frozen'>): ReadonlyMap<HeldLot, FrozenLot> {
  const taken = new Map<HeldLot, FrozenLot>();
  if (frozen.length === 0) return taken;
  const oldestFirst = lots.toSorted((a, b) => Number(a.isToday) - Number(b.isToday) || a.openDate.localeCompare(b.openDate));
  // Orders that name a day can take no other; the rest take what those leave.
  for (const { direction, hedgeFlag, days, volume, orders } of frozen.toSorted((a, b) => Number(a.days === 'any') - Number(b.days === 'any'))) {
    let left = volume;
    for (const lot of oldestFirst) {
      if (lot.direction !== direction || lot.hedgeFlag !== hedgeFlag || (days !== 'any' && lot.isToday !== (days === 'today'))) continue;
      const before = taken.get(lot);
      const more = Math.min(left, lot.volume - (before?.volume ?? 0));
      if (more <= 0) continue;
      taken.set(lot, { volume: (before?.volume ?? 0) + more, orders: [...new Set([...(before?.orders ?? []), ...orders])] });
      left -= more;
    }
  }
  return taken;
}

type Close = { accountID: string; exchangeID: string; instrumentID: string; direction: PosiDirection; volume: number };
/** In lots: `closed` are what a scenario's rows close of the side at most, `frozen` what resting orders keep of it. */
export type CutClose = Omit<Close, 'volume'> & { asked: number; closed: number; frozen: number };

/** The sides of an account of which the rows ask to close more than can be closed; one that holds nothing of what is asked is not among them. */
export function cutCloses({ accountID, holdings }: Pick<AccountModel, 'accountID' | 'holdings'>, closes: readonly Close[]): CutClose[] {
  const own = groupBy(
    closes.filter((close) => close.accountID === accountID),
    ({ exchangeID, instrumentID, direction }) => `${exchangeID}|${instrumentID}|${direction}`,
  );
  return [...own.values()].flatMap((rows): CutClose[] => {
    const [{ exchangeID, instrumentID, direction }] = rows as [Close];
    const holding = holdings.find((held) => held.exchangeID === exchangeID && held.instrumentID === instrumentID);
    if (holding === undefined) return [];
    const taken = frozenLots(holding);
    const lots = holding.lots.filter((lot) => lot.direction === direction);
    const sum = (volumes: readonly number[]): number => volumes.reduce((total, volume) => total + volume, 0);
    const asked = sum(rows.map(({ volume }) => volume));
    const frozen = sum(lots.map((lot) => taken.get(lot)?.volume ?? 0));
    const closed = sum(lots.map(({ volume }) => volume)) - frozen;
    return lots.length > 0 && asked > closed ? [{ accountID, exchangeID, instrumentID, direction, asked, closed, frozen }] : [];
  });
}
