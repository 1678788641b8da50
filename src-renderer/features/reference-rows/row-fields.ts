/** The fields of each kind of row in the order in which a notice has them, and the texts that a form begins with. */
import type { MissingRow } from '#shared/desk/reference-rows/missing-row';
import type { OwnKind, OwnRowDraft } from '#shared/desk/reference-rows/own-row';

export type RowTexts = Readonly<Record<string, string>>;

const RATE_PLACE = ['investorRange', 'investorID', 'exchangeID', 'productID', 'instrumentID'] as const;

const RATIOS = ['longMarginRatioByMoney', 'longMarginRatioByVolume', 'shortMarginRatioByMoney', 'shortMarginRatioByVolume'] as const;
/** How an absolute rate of the company hangs on the exchange's, where it does: at least so much above it, or its own number times so much whatever it asks. */
export const EXCHANGE_LINKS = ['aboveExchange', 'ownTimes'] as const;
export type ExchangeLink = (typeof EXCHANGE_LINKS)[number];

/** What says which thing a row is about: it stays when the row is changed. */
export const NAMING_FIELDS: Record<OwnKind, readonly string[]> = {
  instrument: ['exchangeID', 'instrumentID'],
  preSettlement: ['exchangeID', 'instrumentID'],
  marginAggregation: ['exchangeID', 'productID'],
  bigSideExclusion: ['exchangeID', 'instrumentID'],
  combinationMargin: ['exchangeID', 'combinationKind'],
  marginRate: ['layer', ...RATE_PLACE, 'hedgeFlag'],
  commissionRate: RATE_PLACE,
};

export const FIGURE_FIELDS: Record<OwnKind, readonly string[]> = {
  instrument: [
    ...['productID', 'productClass', 'currencyID', 'volumeMultiple', 'priceTick', 'maxLimitOrderVolume', 'expireDate', 'positionDateType'],
    ...['sessionID', 'underlyingInstrID', 'optionsType', 'strikePrice'],
  ],
  preSettlement: ['preSettlementPrice'],
  marginAggregation: ['method'],
  bigSideExclusion: ['countedAs'],
  combinationMargin: ['legMargin'],
  marginRate: ['isRelative', ...RATIOS, 'exchangeLink', ...EXCHANGE_LINKS.flatMap((link) => RATIOS.map((ratio) => `${link}.${ratio}`))],
  commissionRate: [
    ...['openRatioByMoney', 'openRatioByVolume', 'closeRatioByMoney', 'closeRatioByVolume'],
    ...['closeTodayRatioByMoney', 'closeTodayRatioByVolume'],
  ],
};

/** Fields with a few possible values; the first is what a form of a new row begins with, where a wrong guess could not pass unnoticed. */
export const CHOICES: Readonly<Record<string, readonly string[]>> = {
  layer: ['company', 'exchange'],
  investorRange: ['broker', 'group', 'investor'],
  hedgeFlag: ['speculation', 'arbitrage', 'hedge', 'marketMaker'],
  productClass: ['', 'futures', 'option', 'spotDeferred', 'spot'],
  positionDateType: ['', 'useHistory', 'noUseHistory'],
  optionsType: ['', 'call', 'put'],
  isRelative: ['false', 'true'],
  exchangeLink: ['', ...EXCHANGE_LINKS],
  method: ['', 'productBigSide', 'instrumentBigSide', 'plainSum'],
  countedAs: ['', 'instrumentBigSide', 'plainSum'],
  legMargin: ['', 'largerLeg', 'sumOfLegs'],
  certainty: ['', 'verified', 'secondary', 'unconfirmed'],
};

/** A new row of a kind, of the trading day, as far as anybody has said anything. */
export function newTexts(kind: OwnKind, tradingDay: string | null, missing: MissingRow | null = null): RowTexts {
  const first = (field: string): [string, string][] => {
    const value = CHOICES[field]?.[0] ?? '';
    return value === '' ? [] : [[field, value]];
  };
  const { kind: _kind, field: _field, ...known } = missing ?? { kind, field: '' };
  return {
    ...Object.fromEntries([...NAMING_FIELDS[kind], ...FIGURE_FIELDS[kind]].flatMap(first)),
    effectiveFrom: tradingDay ?? '',
    precedence: 'onlyWhereMissing',
    ...(known as Record<string, string>),
    kind,
  };
}

export function textsOf({ item, precedence }: OwnRowDraft): RowTexts {
  const texts = Object.entries(item).flatMap(([field, value]): [string, string][] =>
    typeof value === 'object' ? Object.entries(value).map(([ratio, own]) => [`${field}.${ratio}`, String(own)]) : [[field, String(value)]],
  );
  const link = EXCHANGE_LINKS.find((each) => each in item);
  return { ...Object.fromEntries(texts), ...(link === undefined ? {} : { exchangeLink: link }), precedence };
}

/** Whether a form asks for a field, by what its others say. */
export function isAsked(field: string, textOf: (field: string) => string): boolean {
  if (field === 'investorID') return textOf('investorRange') !== 'broker';
  if (field === 'underlyingInstrID' || field === 'optionsType' || field === 'strikePrice') return textOf('productClass') === 'option';
  const isLinked = textOf('layer') === 'company' && textOf('isRelative') === 'false';
  if (field === 'exchangeLink') return isLinked;
  const link = EXCHANGE_LINKS.find((each) => field.startsWith(`${each}.`));
  return link === undefined || (isLinked && textOf('exchangeLink') === link);
}
