/** The form of a reference row asks for what ties a company's rate to the exchange's, and gives a row back as it was. */
import { describe, expect, it } from 'vitest';
import type { OwnRowDraft } from '#shared/desk/reference-rows/own-row';
import { readRowTexts } from '#shared/desk/reference-rows/row-file';
import { FIGURE_FIELDS, isAsked, NAMING_FIELDS, textsOf } from '../../../../../src-renderer/features/reference-rows/row-fields';

const RATIOS = { longMarginRatioByMoney: 0.12, longMarginRatioByVolume: 0, shortMarginRatioByMoney: 0.13, shortMarginRatioByVolume: 1 };
const draft = (over: object): OwnRowDraft =>
  ({
    item: {
      ...{ kind: 'marginRate', layer: 'company', investorRange: 'broker', exchangeID: 'SHFE', productID: 'au', hedgeFlag: 'speculation' },
      ...{ isRelative: false, ...RATIOS, effectiveFrom: '20260101', citation: 'notice 7', certainty: 'verified', ...over },
    },
    precedence: 'insteadOf',
  }) as OwnRowDraft;
const askedBy = (texts: Readonly<Record<string, string>>) =>
  [...NAMING_FIELDS.marginRate, ...FIGURE_FIELDS.marginRate].filter((field) => isAsked(field, (name) => texts[name] ?? ''));

describe('a margin rate in the form', () => {
  it.each([{}, { aboveExchange: RATIOS }, { ownTimes: RATIOS }])('comes back as it was: %o', (over) => {
    const texts = textsOf(draft(over));
    const sent = [...askedBy(texts), 'kind', 'effectiveFrom', 'citation', 'certainty', 'precedence'].filter((name) => name !== 'exchangeLink');
    expect(readRowTexts(sent.map((name) => [name, texts[name] ?? '']))).toEqual({ ok: true, draft: draft(over) });
  });

  it('asks how it follows the exchange only of an absolute rate of the company, and for the figures of the one that was chosen', () => {
    const texts = textsOf(draft({ ownTimes: RATIOS }));
    expect(askedBy(texts).filter((field) => field.includes('.'))).toEqual(Object.keys(RATIOS).map((ratio) => `ownTimes.${ratio}`));
    for (const other of [{ layer: 'exchange' }, { isRelative: 'true' }]) {
      expect(askedBy({ ...texts, ...other })).not.toContain('exchangeLink');
      expect(askedBy({ ...texts, ...other }).some((field) => field.includes('.'))).toBe(false);
    }
    expect(askedBy({ ...texts, exchangeLink: '' }).some((field) => field.includes('.'))).toBe(false);
  });
});
