/** Every kind of bad input that a source may send about one account, why the account is unknown then, and what heals it: for the engine alone and for the whole app. */
import type { StreamName } from '#shared/feed/items';
import type { OneContractAccount as World } from './one-contract-account';

const SENTINEL = Number.MAX_VALUE;

type Said = [stream: StreamName, item: Record<string, unknown>];

const without = (item: Record<string, unknown>, field: string): Record<string, unknown> => {
  const { [field]: _, ...rest } = item;
  return rest;
};

/** What is said, why the account is unknown then, and what makes it right again (where nothing does within a day, null). */
export type BadInputCase = { bad: (at: World) => Said[]; reason: (at: World) => string; heal: (at: World) => Said[] };
export const BAD_INPUT_CASES: Record<string, BadInputCase> = {
  'no multiplier': {
    bad: ({ instrument }) => [['reference', without(instrument, 'volumeMultiple')]],
    reason: ({ label }) => `noMultiplier:${label}`,
    heal: ({ instrument }) => [['reference', instrument]],
  },
  'a multiplier below zero': {
    bad: ({ instrument }) => [['reference', { ...instrument, volumeMultiple: -1000 }]],
    reason: ({ label }) => `referenceRefused:${label} volumeMultiple`,
    heal: ({ instrument }) => [['reference', instrument]],
  },
  'a rate that is NaN': {
    bad: ({ rate }) => [['reference', rate('company', Number.NaN)]],
    reason: ({ label }) => `rateRefused:${label} company speculation`,
    heal: ({ rate }) => [['reference', rate('company', 0.12)]],
  },
  'a rate below zero': {
    bad: ({ rate }) => [['reference', rate('company', -0.12)]],
    reason: ({ label }) => `negativeRate:${label} company speculation`,
    heal: ({ rate }) => [['reference', rate('company', 0.12)]],
  },
  'a rate that is a sentinel': {
    bad: ({ rate }) => [['reference', rate('company', SENTINEL)]],
    reason: ({ label }) => `rateRefused:${label} company speculation`,
    heal: ({ rate }) => [['reference', rate('company', 0.12)]],
  },
  'a price that is a sentinel': {
    bad: ({ quote }) => [['quotes', { ...quote, lastPrice: SENTINEL }]],
    reason: ({ label }) => `quoteRefused:${label} lastPrice`,
    heal: ({ quote }) => [['quotes', quote]],
  },
  'a price that is NaN': {
    bad: ({ quote }) => [['quotes', { ...quote, lastPrice: Number.NaN }]],
    reason: ({ label }) => `quoteRefused:${label} lastPrice`,
    heal: ({ quote }) => [['quotes', quote]],
  },
  'a price below zero': {
    bad: ({ quote }) => [['quotes', { ...quote, lastPrice: -805 }]],
    reason: ({ label }) => `badPrice:${label} lastPrice`,
    heal: ({ quote }) => [['quotes', quote]],
  },
  'no pre-settlement price': {
    // A lot of yesterday stands on the pre-settlement price.
    bad: ({ quote, lot, slice, dayBefore }) => [
      ['positions', { ...lot, openDate: dayBefore, tradeID: 'T0', volume: 1 }],
      ['positions', { ...slice, positionDate: 'history', position: 1 }],
      ['quotes', without(quote, 'preSettlementPrice')],
    ],
    reason: ({ label }) => `noPreSettlement:${label}`,
    heal: ({ quote, lot, slice, dayBefore }) => [
      ['positions', { ...lot, openDate: dayBefore, tradeID: 'T0', volume: 0, closeVolume: 1 }],
      ['positions', { ...slice, positionDate: 'history', position: 0 }],
      ['quotes', quote],
    ],
  },
  'equity that is a sentinel': {
    bad: ({ money }) => [['accounts', { ...money, preBalance: SENTINEL }]],
    reason: () => 'accountRefused:preBalance',
    heal: ({ money }) => [['accounts', money]],
  },
  'a deposit below zero': {
    bad: ({ money }) => [['accounts', { ...money, deposit: -5 }]],
    reason: () => 'accountRefused:deposit',
    heal: ({ money }) => [['accounts', money]],
  },
  'a lot of negative volume': {
    bad: ({ lot }) => [['positions', { ...lot, volume: -2 }]],
    reason: ({ label }) => `positionRefused:${label} volume`,
    heal: ({ lot }) => [['positions', lot]],
  },
  'a lot without a price': {
    bad: ({ lot }) => [['positions', { ...lot, openPrice: 0 }]],
    reason: ({ label }) => `badPrice:${label} openPrice`,
    heal: ({ lot }) => [['positions', lot]],
  },
  'an unknown product': {
    bad: ({ lot }) => [['positions', { ...lot, instrumentID: 'zz2406', tradeID: 'T9' }]],
    reason: () => 'noInstrument:SHFE.zz2406',
    heal: ({ lot }) => [['positions', { ...lot, instrumentID: 'zz2406', tradeID: 'T9', volume: 0, closeVolume: 2 }]],
  },
  'a lot closed twice': {
    bad: ({ lot, slice }) => [
      ['positions', { ...lot, tradeID: 'T2', volume: 0, closeVolume: 1 }],
      ['positions', { ...lot, tradeID: 'T2', volume: 0, closeVolume: 2 }],
      ['positions', slice],
    ],
    reason: ({ label }) => `lotClosedTwice:${label}`,
    heal: ({ lot }) => [['positions', { ...lot, tradeID: 'T2', volume: 0, closeVolume: 1 }]],
  },
  'lots that do not add up to the slice': {
    bad: ({ slice }) => [['positions', { ...slice, position: 5 }]],
    reason: ({ label }) => `lotsDoNotAddUp:${label}`,
    heal: ({ slice }) => [['positions', slice]],
  },
  'a setting that is no setting': {
    bad: ({ master }) => [['reference', { ...master, marginPriceType: 'whatever' }]],
    reason: ({ accountID }) => `referenceRefused:${accountID} marginPriceType`,
    heal: ({ master }) => [['reference', master]],
  },
};
