/** The margin of a sold commodity option, from pre-settlement prices and a dated row: the shares differ by exchange and are no constants of the program. */
import { z } from 'zod';
import { certaintySchema } from '#shared/feed/items';
import { type Known, known, unknown } from './known';
import { isInForce, newest } from './rates';
import { reasonFor } from './reason';

const date = z.string().regex(/^\d{8}$/);
const optionMarginRowSchema = z.object({
  exchangeID: z.string().optional(),
  productID: z.string().optional(),
  /** The part of the out-of-the-money amount that lowers the margin. */
  outOfTheMoneyShare: z.number().min(0).max(1),
  /** The part of the futures margin below which it does not fall. */
  floorShare: z.number().min(0).max(1),
  effectiveFrom: date,
  effectiveTo: date.optional(),
  citation: z.string(),
  certainty: certaintySchema,
});
export type OptionMarginRow = z.infer<typeof optionMarginRowSchema>;
export const optionMarginTableSchema = z.object({ rows: z.array(optionMarginRowSchema) });

/** Product over exchange over everywhere, the newest date first; two of one rank and date that differ are nobody's to choose. */
export function optionMarginRow(
  rows: readonly OptionMarginRow[],
  option: { exchangeID: string; productID: string; instrumentID: string },
  tradingDay: string,
): Known<OptionMarginRow> {
  const rank = (row: OptionMarginRow): number => (row.productID !== undefined ? 2 : row.exchangeID !== undefined ? 1 : 0);
  const asked = rows.filter(
    (row) =>
      isInForce(row, tradingDay) &&
      (row.exchangeID === undefined || row.exchangeID === option.exchangeID) &&
      (row.productID === undefined || row.productID === option.productID),
  );
  const highest = Math.max(...asked.map(rank));
  const best = newest(
    asked.filter((row) => rank(row) === highest),
    (a, b) => a.outOfTheMoneyShare === b.outOfTheMoneyShare && a.floorShare === b.floorShare,
  );
  const subject = `${option.exchangeID}.${option.instrumentID}`;
  if (best === undefined) return unknown(reasonFor('optionMargin', subject));
  return best === 'conflict' ? unknown(reasonFor('twoRates', `${subject} optionMargin`)) : known(best);
}

export type OptionTerms = {
  optionsType: 'call' | 'put';
  strikePrice: number;
  multiplier: number;
  /** The option's own pre-settlement price. */
  premium: number;
  underlyingPreSettlement: number;
  /** Margin of one lot of the underlying future, in money. */
  futuresMargin: number;
};

/** Money per lot sold: premium x multiplier + max(futures margin - share x out-of-the-money x multiplier, floor x futures margin). [secondary source] */
export function optionSellerMargin(terms: OptionTerms, row: Pick<OptionMarginRow, 'outOfTheMoneyShare' | 'floorShare'>): number {
  const distance =
    terms.optionsType === 'call' ? terms.strikePrice - terms.underlyingPreSettlement : terms.underlyingPreSettlement - terms.strikePrice;
  const outOfTheMoney = Math.max(distance, 0) * terms.multiplier;
  return (
    terms.premium * terms.multiplier + Math.max(terms.futuresMargin - row.outOfTheMoneyShare * outOfTheMoney, row.floorShare * terms.futuresMargin)
  );
}
