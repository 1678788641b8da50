/** What one sold lot of an option needs, from the book: the option's and its underlying's pre-settlement prices and the underlying's margin rate. */
import type { HedgeFlag } from '#shared/feed/items';
import { type Known, known, knownNumber, unknown } from '#shared/market/known';
import { type OptionMarginRow, optionMarginRow, optionMarginTableSchema, optionSellerMargin } from '#shared/market/option-margin';
import { reasonFor } from '#shared/market/reason';
import optionMarginTable from '../../../../resources/option-margin.json' with { type: 'json' };
import type { ReferenceBook } from '../reference';
import type { InstrumentRecord } from '../things';

const ROWS: readonly OptionMarginRow[] = optionMarginTableSchema.parse(optionMarginTable).rows;

export type UnderlyingSource = {
  reference: ReferenceBook;
  tradingDay: string;
  underlyingOf: (option: InstrumentRecord) => InstrumentRecord | null;
};

export function optionRowOf(option: InstrumentRecord, tradingDay: string): Known<OptionMarginRow> {
  return optionMarginRow(ROWS, option, tradingDay);
}

/** Money per lot sold at the layer's rate of the underlying; unknown, as option margin, when any term of the formula is. */
export function sellerMarginPerLot(
  source: UnderlyingSource,
  accountID: string,
  option: InstrumentRecord,
  layer: 'company' | 'exchange',
  hedgeFlag: HedgeFlag,
): Known<number> {
  const none = unknown(reasonFor('optionMargin', option.label));
  const { master, quote } = option;
  const underlying = source.underlyingOf(option);
  const row = optionRowOf(option, source.tradingDay);
  if (!row.known) return row;
  const multiplier = master?.volumeMultiple;
  const underlyingMultiplier = underlying?.master?.volumeMultiple;
  const { optionsType, strikePrice } = master ?? {};
  if (underlying === null || multiplier === undefined || underlyingMultiplier === undefined || optionsType === undefined || strikePrice === undefined)
    return none;
  const premium = knownNumber(quote?.preSettlementPrice, reasonFor('noPreSettlement', option.label));
  const price = knownNumber(underlying.quote?.preSettlementPrice, reasonFor('noPreSettlement', underlying.label));
  if (!premium.known) return premium;
  if (!price.known) return price;
  const rate = source.reference.marginRate(layer, accountID, underlying, hedgeFlag, source.tradingDay);
  if (!rate.known) return rate;
  const futuresMargin = price.value * underlyingMultiplier * rate.value.shortByMoney + rate.value.shortByVolume;
  return known(
    optionSellerMargin(
      { optionsType, strikePrice, multiplier, premium: premium.value, underlyingPreSettlement: price.value, futuresMargin },
      row.value,
    ),
  );
}
