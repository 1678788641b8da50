/** The end of a trading day at the counter: money settles at the settlement price and today's lots become yesterday's. */
import type { MarketPrices } from '../market/prices';
import { type Client, newSliceDay, sliceVolume } from './book';
import type { RateBook } from './rates';
import { valueClient } from './valuation';

/**
 * Settles every client and starts the next day on the market. Call with all orders gone and settlement prices known; equity at settlement
 * becomes the next day's previous balance, to the cent.
 */
export function rollDay(clients: readonly Client[], market: MarketPrices, oldRates: RateBook, newRates: RateBook): void {
  for (const client of clients) {
    client.preBalanceCents = valueClient(client, market.states, oldRates, 'settlement').balanceCents;
    client.depositCents = 0;
    client.withdrawCents = 0;
    client.closeProfitCents = 0;
    client.commissionCents = 0;
    client.hasTradedToday = false;
    rollSlices(client);
  }
  market.startDay();
  for (const client of clients) client.preMargin = valueClient(client, market.states, newRates).currMargin;
}

function rollSlices(client: Client): void {
  client.slices = client.slices.filter((slice) => sliceVolume(slice) > 0);
  for (const slice of client.slices) {
    for (const lot of slice.lots) {
      lot.isToday = false;
      lot.closeVolume = 0;
    }
    slice.ydVolume = sliceVolume(slice);
    slice.tdVolume = 0;
    slice.tdTicksVolume = 0;
    slice.morningVolume = slice.ydVolume;
    slice.today = newSliceDay();
    slice.history = newSliceDay();
    slice.closeTodayAllowance = 0;
  }
}
