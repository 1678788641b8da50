/** Made-up price history: a file that the desk takes, the same for the same seed, and joined to the day on which the demonstration begins. */
import { describe, expect, it } from 'vitest';
import { isTradingDay } from '#demo/market/calendar';
import { buildContracts, priceOf } from '#demo/market/catalogue';
import { PAST_PRICE_COLUMNS, pastPrices } from '#demo/market/past-prices';
import { parseDailyPrices } from '#engine/store/price-history';

const TRADING_DAY = '20260916';
const of = (seed: number, days: number) => pastPrices({ seed, tradingDay: TRADING_DAY, days });

describe('past prices of the demonstration', () => {
  it('are a price file with every contract on every trading day before the first one', () => {
    const parsed = parseDailyPrices([PAST_PRICE_COLUMNS, ...of(1, 300)].join('\n'), 'demonstration');
    if (!parsed.ok) throw new Error(parsed.message);
    const dates = [...new Set(parsed.value.map(({ date }) => date))];
    expect(dates).toHaveLength(300);
    expect(dates.every(isTradingDay)).toBe(true);
    expect(dates.every((date, at) => at === 0 || date > (dates[at - 1] ?? ''))).toBe(true);
    expect(dates.at(-1)).toBe('20260915');
    expect(parsed.value).toHaveLength(300 * buildContracts(TRADING_DAY).length);
  });

  it('end at the settlement that the demonstration begins from', () => {
    const [contract] = buildContracts(TRADING_DAY);
    if (contract === undefined) throw new Error('the demonstration has contracts');
    const newest = of(1, 5).find((line) => line.startsWith(`20260915,${contract.exchange.exchangeID},${contract.instrumentID},`));
    expect(Number(newest?.split(',')[3])).toBe(priceOf(contract, contract.initialTicks));
  });

  it('are the same for the same seed, of however many days, and others for another', () => {
    const long = of(7, 40);
    expect(of(7, 10)).toEqual(long.slice(-10 * buildContracts(TRADING_DAY).length));
    expect(of(8, 40)).not.toEqual(long);
  });
});
