/** The margin of a sold option in a counter snapshot: its own name tells kind and strike, the rest stands in the snapshot or the margin is unknown. */
import type { Derived } from '#shared/market/counter/derived';
import { noMultiplier, noPreSettlement } from '#shared/market/counter/lots-left';
import type { CounterPosition, CounterSnapshot } from '#shared/market/counter/snapshot';
import { type OptionMarginRow, optionMarginRow, optionSellerMargin } from '#shared/market/option-margin';

/** Options are named by their future, C or P, and the strike: `ag2702C6000`, `m2701-C-3000`, `MA701C2800`. */
const OPTION_NAME = /^(?<underlying>[A-Za-z]+\d{3,4})-?(?<kind>[CP])-?(?<strike>\d+(\.\d+)?)$/i;

export function isOption(instrumentID: string): boolean {
  return OPTION_NAME.test(instrumentID);
}

/** The future below an option; null for what is no option. */
export function underlyingOf(instrumentID: string): string | null {
  return OPTION_NAME.exec(instrumentID)?.groups?.underlying ?? null;
}

/** Money of one lot sold, at pre-settlement prices, by the dated row of its exchange or product. `futuresRate` is the short rate of its future. */
export function soldOptionMargin(
  row: CounterPosition,
  snapshot: CounterSnapshot,
  underlyingPreSettlement: number | undefined,
  futuresRate: { byMoney: number; byVolume: number } | null,
  table: readonly OptionMarginRow[],
): Derived {
  const { underlying = '', kind = '', strike = '' } = OPTION_NAME.exec(row.instrument)?.groups ?? {};
  const multiplier = snapshot.instruments[row.instrument]?.multiplier;
  if (multiplier === undefined) return noMultiplier(row);
  const premium = row.preSettlementPrice;
  if (premium === undefined) return noPreSettlement(row);
  if (underlyingPreSettlement === undefined)
    return { unknown: `${row.instrument} is a sold option, and its future ${underlying} has no preSettlementPrice` };
  if (futuresRate === null) return { unknown: `${row.instrument} is a sold option, and its future ${underlying} has no margin rate` };
  const productID = underlying.replace(/\d+$/, '');
  const rule = optionMarginRow(table, { exchangeID: row.exchange, productID, instrumentID: row.instrument }, snapshot.tradingDay);
  if (!rule.known) return { unknown: `${row.instrument} is a sold option, and no rule for its margin is in force` };
  return optionSellerMargin(
    {
      optionsType: kind.toUpperCase() === 'C' ? 'call' : 'put',
      strikePrice: Number(strike),
      multiplier,
      premium,
      underlyingPreSettlement,
      futuresMargin: underlyingPreSettlement * multiplier * futuresRate.byMoney + futuresRate.byVolume,
    },
    rule.value,
  );
}
