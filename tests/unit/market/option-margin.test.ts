/** Seller margin of options: the formula with its floor, by hand and by property. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type OptionMarginRow, type OptionTerms, optionMarginRow, optionSellerMargin } from '#shared/market/option-margin';

const HALF = { outOfTheMoneyShare: 0.5, floorShare: 0.5 };
/** Gold: one lot of 1,000 g at 800 with 10 % margin is 80,000. */
const CALL: OptionTerms = {
  optionsType: 'call',
  strikePrice: 840,
  multiplier: 1000,
  premium: 6,
  underlyingPreSettlement: 800,
  futuresMargin: 80_000,
};

describe('the margin of a sold option', () => {
  it('is premium plus the futures margin less half of what it is out of the money', () => {
    expect(optionSellerMargin(CALL, HALF)).toBe(6_000 + 80_000 - 20_000);
    expect(optionSellerMargin({ ...CALL, strikePrice: 790 }, HALF)).toBe(6_000 + 80_000);
    expect(optionSellerMargin({ ...CALL, optionsType: 'put', strikePrice: 760 }, HALF)).toBe(6_000 + 80_000 - 20_000);
  });

  it('never falls below the floor, and never rises when it goes further out of the money', () => {
    expect(optionSellerMargin({ ...CALL, strikePrice: 2_000 }, HALF)).toBe(6_000 + 40_000);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4_000 }), fc.integer({ min: 1, max: 500 }), (strike, further) => {
        const margin = optionSellerMargin({ ...CALL, strikePrice: strike }, HALF);
        expect(margin).toBeGreaterThanOrEqual(46_000);
        expect(optionSellerMargin({ ...CALL, strikePrice: strike + further }, HALF)).toBeLessThanOrEqual(margin);
      }),
    );
  });

  it('takes the row of the product before the exchange, in force on the day, and is unknown without one', () => {
    const sourced = { citation: 'test', certainty: 'demonstration' as const, ...HALF };
    const rows: OptionMarginRow[] = [
      { ...sourced, effectiveFrom: '20200101' },
      { ...sourced, exchangeID: 'SHFE', floorShare: 0.4, effectiveFrom: '20200101' },
      { ...sourced, exchangeID: 'SHFE', productID: 'au_o', floorShare: 0.3, effectiveFrom: '20260101' },
    ];
    const option = { exchangeID: 'SHFE', productID: 'au_o', instrumentID: 'au2612C840' };
    expect(optionMarginRow(rows, option, '20260915')).toMatchObject({ known: true, value: { floorShare: 0.3 } });
    expect(optionMarginRow(rows, option, '20250915')).toMatchObject({ known: true, value: { floorShare: 0.4 } });
    expect(optionMarginRow([], option, '20260915')).toEqual({ known: false, reason: 'optionMargin:SHFE.au2612C840' });
  });
});
