/** Commission by the tiers of the rate in force: open, close, and close-today where it applies. An estimate of the day; the settlement rounds trade by trade. */
import type { CommissionRate, Trade } from '#shared/feed/items';
import { type Known, known, sumKnown } from './known';

export type CommissionTier = 'open' | 'close' | 'closeToday';

/** Money for `volume` lots at `price`: price x multiplier x volume x ratio by money + volume x ratio by volume. */
export function commissionOf(rate: CommissionRate, tier: CommissionTier, price: number, volume: number, multiplier: number): number {
  const [byMoney, byVolume] =
    tier === 'open'
      ? [rate.openRatioByMoney, rate.openRatioByVolume]
      : tier === 'close'
        ? [rate.closeRatioByMoney, rate.closeRatioByVolume]
        : [rate.closeTodayRatioByMoney, rate.closeTodayRatioByVolume];
  return price * multiplier * volume * byMoney + volume * byVolume;
}

/** A forced close does not say which day's lots it takes. */
export function isForcedClose(offsetFlag: Trade['offsetFlag']): boolean {
  return offsetFlag === 'forceClose' || offsetFlag === 'forceOff' || offsetFlag === 'localForceClose';
}

export type ChargedTrade = { trade: Trade; tier: CommissionTier; volume: number; amount: Known<number> };

/**
 * The day's trades of one account in order of time, each with the tier it falls under. Where the exchange does not tell today's from yesterday's lots
 * (DCE, CZCE), a close takes the close-today tier for as many lots as were opened today so far in that direction, whichever lot it consumes.
 * [seen on real counter snapshots] Where it does (SHFE, INE), only a close that names today takes it: a plain one is of yesterday's lots, and a forced one,
 * which names no day, is charged by the lots that `todayOfForced` says it took of today's, as its profit is reckoned [not seen].
 */
export function chargeTrades(
  trades: readonly Trade[],
  of: {
    rate: (trade: Trade) => Known<CommissionRate>;
    multiplier: (trade: Trade) => Known<number>;
    keepsDaysApart: (trade: Trade) => boolean;
    todayOfForced: (trade: Trade) => Known<number>;
  },
): ChargedTrade[] {
  const openedToday = new Map<string, number>();
  const charged: ChargedTrade[] = [];
  for (const trade of inOrder(trades)) {
    const side = (trade.offsetFlag === 'open') === (trade.direction === 'buy') ? 'long' : 'short';
    const key = `${trade.exchangeID}|${trade.instrumentID}|${side}`;
    const left = openedToday.get(key) ?? 0;
    const add = (tier: CommissionTier, volume: number): void => {
      if (volume <= 0) return;
      const rate = of.rate(trade);
      const multiplier = of.multiplier(trade);
      const amount = !rate.known
        ? rate
        : !multiplier.known
          ? multiplier
          : known(commissionOf(rate.value, tier, trade.price, volume, multiplier.value));
      charged.push({ trade, tier, volume, amount });
    };
    if (trade.offsetFlag === 'open') {
      openedToday.set(key, left + trade.volume);
      add('open', trade.volume);
    } else if (isForcedClose(trade.offsetFlag) && of.keepsDaysApart(trade)) {
      const today = of.todayOfForced(trade);
      if (today.known) {
        add('closeToday', today.value);
        add('close', trade.volume - today.value);
      } else charged.push({ trade, tier: 'close', volume: trade.volume, amount: today });
    } else if (trade.offsetFlag === 'closeToday' || trade.offsetFlag === 'closeYesterday' || of.keepsDaysApart(trade)) {
      add(trade.offsetFlag === 'closeToday' ? 'closeToday' : 'close', trade.volume);
    } else {
      const today = Math.min(left, trade.volume);
      openedToday.set(key, left - today);
      add('closeToday', today);
      add('close', trade.volume - today);
    }
  }
  return charged;
}

export function inOrder(trades: readonly Trade[]): Trade[] {
  return [...trades].sort((a, b) => a.tradeTimeMs - b.tradeTimeMs || compareTradeIDs(a.tradeID, b.tradeID));
}

/** Exchanges number their trades: 9 comes before 10. */
function compareTradeIDs(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

export function commissionEstimate(charged: readonly ChargedTrade[]): Known<number> {
  return sumKnown(charged.map(({ amount }) => amount));
}
