/** Made-up settlement prices of the days before the demonstration begins, so that value at risk can be looked at without a price file of one's own. */
import { createRandom } from '../random';
import { shiftTradingDay } from './calendar';
import { buildContracts, priceOf } from './catalogue';

export const PAST_PRICE_COLUMNS = 'date,exchangeID,instrumentID,settlementPrice';
/** Standard deviation of a day's return: what all products share, what each has to itself, and how much wilder a bad day is. */
const SHARED = 0.006;
const OWN = 0.009;
const BAD_DAY = { probability: 0.02, factor: 3.5 };

/** One line per day and contract, oldest first; the newest day ends where the demonstration's first day starts. The same seed gives the same history. */
export function pastPrices(options: { seed: number; tradingDay: string; days: number }): string[] {
  const contracts = buildContracts(options.tradingDay);
  const random = createRandom(options.seed).fork('past prices');
  const products = [...new Set(contracts.map(({ product }) => product.productID))];
  /** Level against the first day's, per product; walked backwards. */
  const levels = new Map(products.map((productID) => [productID, 1]));
  const days: string[][] = [];
  let date = shiftTradingDay(options.tradingDay, -1);
  for (let back = 0; back < options.days; back++) {
    const day = date;
    days.push(
      contracts.map((contract) => {
        const ticks = Math.max(1, Math.round(contract.initialTicks * (levels.get(contract.product.productID) ?? 1)));
        return `${day},${contract.exchange.exchangeID},${contract.instrumentID},${priceOf(contract, ticks)}`;
      }),
    );
    const wildness = random.chance(BAD_DAY.probability) ? BAD_DAY.factor : 1;
    const shared = random.normal() * SHARED * wildness;
    for (const productID of products) {
      const change = shared + random.normal() * OWN * wildness;
      levels.set(productID, (levels.get(productID) ?? 1) * Math.exp(-change));
    }
    date = shiftTradingDay(date, -1);
  }
  return days.reverse().flat();
}
