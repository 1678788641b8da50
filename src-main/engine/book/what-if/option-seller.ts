/** What one sold lot of an option needs, from the book: the option's and its underlying's pre-settlement prices and the underlying's margin rate. */
import type { HedgeFlag } from '#shared/feed/items';
import { type Known, known, knownNumber, unknown } from '#shared/market/known';
import { type OptionMarginRow, optionMarginRow, optionMarginTableSchema } from '#shared/market/option-margin';
import { reasonFor } from '#shared/market/reason';
import { type SellerTerms, sellerMarginUnder } from '#shared/market/what-if/sold-option';
import optionMarginTable from '../../../../resources/option-margin.json' with { type: 'json' };
import { priceReason } from '../prices';
import type { ReferenceBook } from '../reference';
import type { InstrumentRecord } from '../things';
import { pricedContract } from './priced-contract';

const ROWS: readonly OptionMarginRow[] = optionMarginTableSchema.parse(optionMarginTable).rows;

export type UnderlyingSource = {
  reference: ReferenceBook;
  tradingDay: string;
  underlyingOf: (option: InstrumentRecord) => InstrumentRecord | null;
};

export function optionRowOf(option: InstrumentRecord, tradingDay: string): Known<OptionMarginRow> {
  return optionMarginRow(ROWS, option, tradingDay);
}

/** What one sold lot's margin is made of; unknown, as option margin, when a term of the formula is. Rates are of the hedge flags asked for. */
export function sellerTermsOf(
  source: UnderlyingSource,
  accountID: string,
  option: InstrumentRecord,
  hedgeFlags: readonly HedgeFlag[],
): Known<SellerTerms> {
  const { master } = option;
  const underlying = source.underlyingOf(option);
  const row = optionRowOf(option, source.tradingDay);
  if (!row.known) return row;
  const multiplier = master?.volumeMultiple;
  const underlyingMultiplier = underlying?.master?.volumeMultiple;
  const { optionsType, strikePrice } = master ?? {};
  if (underlying === null || multiplier === undefined || underlyingMultiplier === undefined || optionsType === undefined || strikePrice === undefined)
    return unknown(reasonFor('optionMargin', option.label));
  const rates = (layer: 'company' | 'exchange'): SellerTerms['rates']['company'] =>
    Object.fromEntries(hedgeFlags.map((flag) => [flag, source.reference.marginRate(layer, accountID, underlying, flag, source.tradingDay)]));
  const { outOfTheMoneyShare, floorShare } = row.value;
  return known({
    optionsType,
    strikePrice,
    multiplier,
    underlying: pricedContract(underlying, source.tradingDay),
    underlyingMultiplier,
    rates: { company: rates('company'), exchange: rates('exchange') },
    row: { outOfTheMoneyShare, floorShare },
  });
}

/** Money per lot sold at the layer's rate of the underlying, from yesterday's settlement prices. */
export function sellerMarginPerLot(
  source: UnderlyingSource,
  accountID: string,
  option: InstrumentRecord,
  layer: 'company' | 'exchange',
  hedgeFlag: HedgeFlag,
): Known<number> {
  const terms = sellerTermsOf(source, accountID, option, [hedgeFlag]);
  if (!terms.known) return terms;
  const premium = knownNumber(option.preSettlementPrice, priceReason(option, 'preSettlementPrice'));
  const underlyingPrice = terms.value.underlying.marks.preSettlement;
  return sellerMarginUnder(terms.value, layer, hedgeFlag, { premium, underlyingPrice, rateOf: (_, rate) => rate }, option.label);
}
