/** The day's average price of a contract per quote unit, as its newest quote has it. */
import { type Known, knownNumber } from '#shared/market/known';
import { averagePricePerUnit } from '#shared/market/margin';
import { reasonFor } from '#shared/market/reason';
import type { InstrumentRecord } from './things';

export function dayAverageOf({ quote, master, label }: Pick<InstrumentRecord, 'quote' | 'master' | 'label'>): Known<number> {
  const multiplier = knownNumber(master?.volumeMultiple, reasonFor('noMultiplier', label));
  return averagePricePerUnit(quote?.averagePrice, quote?.lowestPrice, quote?.highestPrice, multiplier, label);
}
