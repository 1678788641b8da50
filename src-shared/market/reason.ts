/** Why a number is unknown: a code the page can translate, and what it is about, carried as one string `code:subject`. */

export const REASON_CODES = [
  'noAccount', // the counter has not reported this account
  'noPositions', // no source has said yet what the accounts hold
  'noInstrument', // a position in an instrument that the reference data does not have
  'noMultiplier',
  'noPrice', // no last price
  'noPreSettlement',
  'noSettlement', // the day's settlement price is not out yet
  'badPrice', // a price of zero or below
  'noLockedLimitRow', // no dated row says how the exchange's limits widen day after day
  'noPriceLimit', // the source gives no upper or lower limit price
  'noOpenPrice', // a slice without lots and without an open cost
  'noPositionCost', // a slice without lots and without a position cost
  'noAveragePrice', // absent, or outside the day's low and high whichever way its unit is read
  'noRate', // no margin rate row is in force
  'negativeRate', // an absolute margin rate below zero, or one that an addend takes below it
  'rateRefused', // the row in force came with a value that is none, and was refused
  'twoRates', // two rate rows of one rank begin on one date
  'noAggregation', // no margin aggregation row is in force
  'twoAggregations',
  'noCombinationRule', // no dated row says how the margin of this kind of combination is reckoned
  'combinationTooLarge', // a declared combination names more lots than there are
  'combinationUnclear', // a declared combination is not two legs that fit each other
  'noMarginPriceType',
  'noAlgorithm',
  'lotsDoNotAddUp', // lots and slice of one position give different volumes
  'quoteRefused', // the last quote could not be believed: which field
  'accountRefused',
  'positionRefused',
  'referenceRefused',
  'groupRefused', // who belongs to the control group was refused: which field
  'lotClosedTwice', // more was closed of a lot than it had
  'lotTwice', // one lot reported as open in two ways at once
  'currencyDiffers', // instrument and account are in different currencies
  'currenciesMixed', // accounts of several currencies have no sum
  'optionMargin', // a term of an option seller's margin is missing (underlying, strike, rule row)
  'optionClose', // how a counter books what a close of an option realises was not seen
  'optionPremium', // no price of the scenario tells what the option is worth afterwards
  'noDegree', // equity is zero or below: there is no risk degree
  'noLimit', // no position limit row is in force
  'twoLimits',
  'coveredByProduct', // the contract has no limit of its own: its product's limit counts
  'zeroLimit', // the limit is no lots at all: a share of it cannot be told
  'dayMixed', // account and positions are from different trading days
  'noWithdrawRule', // no dated rule says what share may be withdrawn
  'differentMoment', // the counter's figure and ours are not of one moment
  'tradesDropped', // more trades today than the desk keeps
  'noTrades', // no source has said anything of the day's trades, not even that there are none
  'ordersDropped', // more orders today than the desk keeps
  'field', // the counter did not report this field
] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

export type Reason = ReasonCode | `${ReasonCode}:${string}`;

export function reasonFor(code: ReasonCode, subject?: string): Reason {
  return subject === undefined ? code : `${code}:${subject}`;
}

/** The two parts of a reason; text that is not a reason comes back as its own code. */
export function reasonParts(reason: string): { code: string; subject: string } {
  const at = reason.indexOf(':');
  return at < 0 ? { code: reason, subject: '' } : { code: reason.slice(0, at), subject: reason.slice(at + 1) };
}
