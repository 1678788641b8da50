/** The demonstration's market clock: which sessions are open, and the jump over breaks, nights and weekends in which too little trades to look at. */
import type { InstrumentStatus } from '#shared/feed/items';
import { type OpenInterval, openIntervalsBySession, shiftTradingDay } from './calendar';
import type { Contract } from './catalogue';
import { PRODUCTS } from './market-data';

/** With fewer contracts in session than this the desk would look dead: the clock goes on to the next busy moment. */
const FEWEST_CONTRACTS_ALIVE = 8;

type MarketClock = {
  readonly tradingDay: string;
  /** End of the day session of most contracts, epoch ms. */
  readonly closeMs: number;
  isOpen(sessionID: string, timeMs: number): boolean;
  /** The first instant from `timeMs` on at which enough trades on this trading day; null when the day is over. */
  nextAlive(timeMs: number): number | null;
  statusOf(sessionID: string, timeMs: number): InstrumentStatus['instrumentStatus'];
  nextDay(): void;
};

export function createMarketClock(contracts: readonly Contract[], firstDay: string): MarketClock {
  let tradingDay = firstDay;
  let intervals = openIntervalsBySession(firstDay);
  const contractsOfSession = new Map<string, number>();
  for (const contract of contracts) {
    const { sessionID } = contract.product;
    contractsOfSession.set(sessionID, (contractsOfSession.get(sessionID) ?? 0) + 1);
  }
  const mainSession = [...contractsOfSession].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? PRODUCTS[0]?.sessionID ?? '';

  const intervalAt = (sessionID: string, timeMs: number): OpenInterval | undefined =>
    intervals.get(sessionID)?.find((interval) => interval.fromMs <= timeMs && timeMs < interval.toMs);

  function aliveAt(timeMs: number): boolean {
    let alive = 0;
    for (const [sessionID, count] of contractsOfSession) {
      if (intervalAt(sessionID, timeMs) !== undefined) alive += count;
    }
    return alive >= FEWEST_CONTRACTS_ALIVE;
  }

  return {
    get tradingDay() {
      return tradingDay;
    },
    get closeMs() {
      return intervals.get(mainSession)?.at(-1)?.toMs ?? 0;
    },
    isOpen: (sessionID, timeMs) => intervalAt(sessionID, timeMs) !== undefined,
    nextAlive: (timeMs) => {
      if (aliveAt(timeMs)) return timeMs;
      const starts = [...intervals.values()].flatMap((list) => list.map((interval) => interval.fromMs)).filter((fromMs) => fromMs > timeMs);
      return starts.sort((a, b) => a - b).find(aliveAt) ?? null;
    },
    statusOf: (sessionID, timeMs) => {
      const list = intervals.get(sessionID) ?? [];
      if (intervalAt(sessionID, timeMs) !== undefined) return 'continuous';
      const first = list[0];
      if (first !== undefined && timeMs < first.fromMs) return 'beforeTrading';
      const last = list.at(-1);
      return last !== undefined && timeMs >= last.toMs ? 'closed' : 'noTrading';
    },
    nextDay: () => {
      tradingDay = shiftTradingDay(tradingDay, 1);
      intervals = openIntervalsBySession(tradingDay);
    },
  };
}
