/** What one sold lot of an option needs under a scenario: the terms of its margin, and which of them the scenario changes. */
import type { HedgeFlag } from '#shared/feed/items';
import { type Known, known, unknown } from '#shared/market/known';
import type { MarginMarks, MarginRatePair } from '#shared/market/margin';
import { type OptionMarginRow, type OptionTerms, optionSellerMargin } from '#shared/market/option-margin';
import { reasonFor } from '#shared/market/reason';
import type { LockedDay } from '#shared/market/what-if/locked-limits';

/** A contract as a scenario's prices and rates see it. */
export type ScenarioContract = {
  exchangeID: string;
  productID: string;
  instrumentID: string;
  marks: MarginMarks & { settlement: Known<number>; upperLimit: Known<number>; lowerLimit: Known<number> };
  lockedDays: Known<readonly LockedDay[]>;
};

/** Everything the margin of one sold lot is made of, as of now. */
export type SellerTerms = Pick<OptionTerms, 'optionsType' | 'strikePrice' | 'multiplier'> & {
  underlying: ScenarioContract;
  underlyingMultiplier: number;
  /** Rates of the underlying future. */
  rates: Record<'company' | 'exchange', Partial<Record<HedgeFlag, Known<MarginRatePair>>>>;
  row: Pick<OptionMarginRow, 'outOfTheMoneyShare' | 'floorShare'>;
};

export type SellerShock = {
  /** After a settlement the new premium and the underlying's new settlement price count; otherwise yesterday's. */
  premium: Known<number>;
  underlyingPrice: Known<number>;
  rateOf: (underlying: ScenarioContract, rate: MarginRatePair) => MarginRatePair;
};

/** Money per lot sold. Unknown as soon as a term is; `subject` names the option. */
export function sellerMarginUnder(
  terms: SellerTerms,
  layer: 'company' | 'exchange',
  hedgeFlag: HedgeFlag,
  shock: SellerShock,
  subject: string,
): Known<number> {
  const { premium, underlyingPrice } = shock;
  if (!premium.known) return premium;
  if (!underlyingPrice.known) return underlyingPrice;
  const inForce = terms.rates[layer][hedgeFlag] ?? unknown(reasonFor('noRate', `${subject} ${layer} ${hedgeFlag}`));
  if (!inForce.known) return inForce;
  const rate = shock.rateOf(terms.underlying, inForce.value);
  const futuresMargin = underlyingPrice.value * terms.underlyingMultiplier * rate.shortByMoney + rate.shortByVolume;
  return known(optionSellerMargin({ ...terms, premium: premium.value, underlyingPreSettlement: underlyingPrice.value, futuresMargin }, terms.row));
}
