/** From the reason why a figure is unknown to the row that would make it known: which kind, about what, and which field to fill in. */
import type { OwnKind } from '#shared/desk/reference-rows/own-row';
import { reasonParts } from '#shared/market/reason';

/** Only what the reason says; the rest is for the person who supplies the row. */
export type MissingRow = {
  kind: OwnKind;
  exchangeID: string;
  instrumentID?: string;
  productID?: string;
  combinationKind?: string;
  layer?: 'exchange' | 'company';
  hedgeFlag?: string;
  /** The field that the reason is about. */
  field: string;
};

/** Null where no reference row would help. Subjects are `EXCHANGE.instrument` or `EXCHANGE.product`, and words after it. */
export function missingRowOf(reason: string | null): MissingRow | null {
  if (reason === null) return null;
  const { code, subject } = reasonParts(reason);
  const [label = '', ...words] = subject.split(' ');
  const at = label.indexOf('.');
  if (at <= 0) return null;
  const exchangeID = label.slice(0, at);
  const name = label.slice(at + 1);
  // A combination whose id names no kind is reckoned by the row of the whole exchange.
  if (code === 'noCombinationRule') return combinationRow(exchangeID, name);
  if (code === 'rateRefused' && words[0] === 'combinationMargin') return combinationRow(exchangeID, name);
  if (name === '') return null;
  switch (code) {
    case 'noInstrument':
    case 'noMultiplier':
      return { kind: 'instrument', exchangeID, instrumentID: name, field: 'volumeMultiple' };
    case 'referenceRefused':
      return { kind: 'instrument', exchangeID, instrumentID: name, field: words[0] ?? 'volumeMultiple' };
    case 'noPreSettlement':
      return { kind: 'preSettlement', exchangeID, instrumentID: name, field: 'preSettlementPrice' };
    case 'badPrice':
      return words[0] === 'preSettlementPrice' ? { kind: 'preSettlement', exchangeID, instrumentID: name, field: 'preSettlementPrice' } : null;
    case 'noAggregation':
      return { kind: 'marginAggregation', exchangeID, productID: name, field: 'method' };
    case 'noRate':
    case 'rateRefused':
      return missingRate(exchangeID, name, words);
    default:
      return null;
  }
}

function missingRate(exchangeID: string, instrumentID: string, words: readonly string[]): MissingRow | null {
  const [layer, hedgeFlag] = words;
  if (layer === 'commission') return { kind: 'commissionRate', exchangeID, instrumentID, field: 'openRatioByMoney' };
  if (layer === 'bigSideExclusion') return { kind: 'bigSideExclusion', exchangeID, instrumentID, field: 'countedAs' };
  if (layer === undefined) return { kind: 'marginAggregation', exchangeID, productID: instrumentID, field: 'method' };
  if (layer !== 'exchange' && layer !== 'company') return null;
  return { kind: 'marginRate', exchangeID, instrumentID, layer, ...(hedgeFlag === undefined ? {} : { hedgeFlag }), field: 'longMarginRatioByMoney' };
}

function combinationRow(exchangeID: string, combinationKind: string): MissingRow {
  return { kind: 'combinationMargin', exchangeID, ...(combinationKind === '' ? {} : { combinationKind }), field: 'legMargin' };
}
