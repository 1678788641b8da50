/** A contract's prices as scenarios begin from them, and what its exchange does after locked limits: the same for accounts that hold it and for options on it. */
import { type Known, known, knownNumber, unknown } from '#shared/market/known';
import { reasonFor } from '#shared/market/reason';
import { type LockedDay, type LockedLimitRow, lockedLimitRow, lockedLimitTableSchema } from '#shared/market/what-if/locked-limits';
import type { ScenarioContract } from '#shared/market/what-if/sold-option';
import lockedLimitTable from '../../../../resources/locked-limits.json' with { type: 'json' };
import { dayAverageOf } from '../day-average';
import { priceReason } from '../prices';
import type { InstrumentRecord } from '../things';

export const LOCKED_LIMIT_ROWS: readonly LockedLimitRow[] = lockedLimitTableSchema.parse(lockedLimitTable).rows;

export function lockedDaysInForce(instrument: InstrumentRecord, tradingDay: string): Known<readonly LockedDay[]> {
  const row = lockedLimitRow(LOCKED_LIMIT_ROWS, instrument, tradingDay);
  return row === null ? unknown(reasonFor('noLockedLimitRow', instrument.label)) : known(row.after);
}

export function pricedContract(instrument: InstrumentRecord, tradingDay: string): ScenarioContract {
  const { exchangeID, productID, instrumentID, quote } = instrument;
  return {
    exchangeID,
    productID,
    instrumentID,
    marks: {
      latest: knownNumber(quote?.lastPrice, priceReason(instrument, 'lastPrice')),
      preSettlement: knownNumber(instrument.preSettlementPrice, priceReason(instrument, 'preSettlementPrice')),
      average: dayAverageOf(instrument),
      settlement: knownNumber(quote?.settlementPrice, priceReason(instrument, 'settlementPrice')),
      upperLimit: knownNumber(quote?.upperLimitPrice, priceReason(instrument, 'upperLimitPrice')),
      lowerLimit: knownNumber(quote?.lowerLimitPrice, priceReason(instrument, 'lowerLimitPrice')),
    },
    lockedDays: lockedDaysInForce(instrument, tradingDay),
  };
}
