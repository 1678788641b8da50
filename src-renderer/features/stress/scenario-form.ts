/** A scenario as a person types it, and back: every field is text until it is saved, so that nothing half-typed is lost or guessed. */
import type { RequestPayload } from '#shared/contract/requests';
import type { Widening } from '#shared/market/what-if/locked-limits';
import type { PriceShock, Scenario } from '#shared/market/what-if/scenario';

export const PRICE_TYPES = [
  'percent',
  'latest',
  'settlement',
  'average',
  'upperLimit',
  'lowerLimit',
  'custom',
  'lockedLimit',
] as const satisfies readonly PriceShock['type'][];

export type MoveRow = { exchangeID: string; productID: string; instrumentID: string; percent: string };
export type LockedDayRow = { limitAdded: string; marginAdded: string };
export const WIDENINGS = ['exchange', 'none', 'own'] as const;
export type MarginRow = { layer: 'company' | 'exchange' | 'both'; exchangeID: string; productID: string; addedPoints: string };
export type CashRow = { accountID: string; amount: string };
export type CloseRow = { accountID: string; exchangeID: string; instrumentID: string; direction: 'long' | 'short'; volume: string };

export type ScenarioForm = {
  scenarioId: string | null;
  name: string;
  priceType: PriceShock['type'];
  percent: string;
  lockedDirection: 'up' | 'down';
  lockedDays: '1' | '2' | '3' | '4';
  widening: (typeof WIDENINGS)[number];
  ownDays: LockedDayRow[];
  moves: MoveRow[];
  margins: MarginRow[];
  cash: CashRow[];
  closes: CloseRow[];
};

export const EMPTY_MOVE: MoveRow = { exchangeID: '', productID: '', instrumentID: '', percent: '' };
export const EMPTY_LOCKED_DAY: LockedDayRow = { limitAdded: '', marginAdded: '' };
export const EMPTY_MARGIN: MarginRow = { layer: 'both', exchangeID: '', productID: '', addedPoints: '' };
export const EMPTY_CASH: CashRow = { accountID: '', amount: '' };
export const EMPTY_CLOSE: CloseRow = { accountID: '', exchangeID: '', instrumentID: '', direction: 'long', volume: '' };

export const EMPTY_FORM: ScenarioForm = {
  scenarioId: null,
  name: '',
  priceType: 'percent',
  percent: '-5',
  lockedDirection: 'down',
  lockedDays: '1',
  widening: 'exchange',
  ownDays: [{ ...EMPTY_LOCKED_DAY }],
  moves: [{ ...EMPTY_MOVE }],
  margins: [],
  cash: [],
  closes: [],
};

/** NaN for what is no number: the engine refuses it and names the field. Thousands separators are taken as written. */
export function numberOf(text: string): number {
  const plain = text
    .trim()
    .replaceAll(/[,\s_]/g, '')
    .replace('−', '-')
    .replace('%', '');
  return plain === '' ? Number.NaN : Number(plain);
}

/** Rates are kept as shares and typed as percentage points; the product is rounded to where the difference of the two notations ends. */
function pointsToShare(text: string): number {
  return Math.round(numberOf(text) * 1e8) / 1e10;
}

function optional<Key extends string>(key: Key, text: string): { [K in Key]?: string } {
  return text.trim() === '' ? {} : ({ [key]: text.trim() } as { [K in Key]?: string });
}

/** None is left out, as in scenarios saved before limits could widen. */
function wideningOf({ widening, ownDays }: ScenarioForm): { widening?: Widening } {
  if (widening === 'none') return {};
  if (widening === 'exchange') return { widening };
  return { widening: ownDays.map((row) => ({ limitAdded: pointsToShare(row.limitAdded), marginAdded: pointsToShare(row.marginAdded) })) };
}

function shareToPoints(share: number): string {
  return String(Math.round(share * 1e10) / 1e8);
}

function priceOf(form: ScenarioForm): PriceShock {
  switch (form.priceType) {
    case 'percent':
      return { type: 'percent', percent: numberOf(form.percent) };
    case 'lockedLimit':
      return { type: 'lockedLimit', direction: form.lockedDirection, days: Number(form.lockedDays), ...wideningOf(form) };
    case 'custom':
      return {
        type: 'custom',
        moves: form.moves.map((row) => ({
          ...optional('exchangeID', row.exchangeID),
          ...optional('productID', row.productID),
          ...optional('instrumentID', row.instrumentID),
          percent: numberOf(row.percent),
        })),
      };
    default:
      return { type: form.priceType };
  }
}

/** What is saved: under its own id for the next version, without one as a new scenario. */
export function draftOf(form: ScenarioForm): RequestPayload<'scenario.save'>['scenario'] {
  return {
    ...(form.scenarioId === null ? {} : { scenarioId: form.scenarioId }),
    name: form.name.trim(),
    price: priceOf(form),
    marginOverrides: form.margins.map((row) => ({
      layer: row.layer,
      ...optional('exchangeID', row.exchangeID),
      ...optional('productID', row.productID),
      addedRateByMoney: pointsToShare(row.addedPoints),
    })),
    cash: form.cash.map((row) => ({ accountID: row.accountID.trim(), amount: numberOf(row.amount) })),
    closes: form.closes.map((row) => ({
      accountID: row.accountID.trim(),
      exchangeID: row.exchangeID.trim(),
      instrumentID: row.instrumentID.trim(),
      direction: row.direction,
      volume: numberOf(row.volume),
    })),
  };
}

/** `keepsId` false makes a copy of its own: bundled scenarios cannot be changed. */
export function formOf(scenario: Scenario, keepsId: boolean): ScenarioForm {
  const { price } = scenario;
  // Scenarios saved before limits could widen say nothing of it, and mean none.
  const widening = price.type === 'lockedLimit' ? (price.widening ?? 'none') : EMPTY_FORM.widening;
  const days = ['1', '2', '3', '4'] as const;
  return {
    scenarioId: keepsId ? scenario.scenarioId : null,
    name: scenario.name,
    priceType: price.type,
    percent: price.type === 'percent' ? String(price.percent) : EMPTY_FORM.percent,
    lockedDirection: price.type === 'lockedLimit' ? price.direction : EMPTY_FORM.lockedDirection,
    lockedDays: price.type === 'lockedLimit' ? (days[price.days - 1] ?? '1') : EMPTY_FORM.lockedDays,
    widening: typeof widening === 'string' ? widening : 'own',
    ownDays:
      typeof widening === 'string'
        ? EMPTY_FORM.ownDays
        : widening.map((day) => ({ limitAdded: shareToPoints(day.limitAdded), marginAdded: shareToPoints(day.marginAdded) })),
    moves:
      price.type === 'custom'
        ? price.moves.map((move) => ({
            exchangeID: move.exchangeID ?? '',
            productID: move.productID ?? '',
            instrumentID: move.instrumentID ?? '',
            percent: String(move.percent),
          }))
        : EMPTY_FORM.moves,
    margins: scenario.marginOverrides.map((row) => ({
      layer: row.layer,
      exchangeID: row.exchangeID ?? '',
      productID: row.productID ?? '',
      addedPoints: shareToPoints(row.addedRateByMoney),
    })),
    cash: scenario.cash.map((row) => ({ accountID: row.accountID, amount: String(row.amount) })),
    closes: scenario.closes.map((row) => ({ ...row, volume: String(row.volume) })),
  };
}
