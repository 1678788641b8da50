/** A scenario as people save it: prices, margin rates, cash and closes that differ from now, as data with a name and a version. */
import { z } from 'zod';
import { known } from '#shared/market/known';
import type { MarginRatePair } from '#shared/market/margin';
import type { AccountModel, HeldInstrument, HeldLot } from '#shared/market/what-if/account-model';
import { frozenLots } from '#shared/market/what-if/frozen-lots';
import { afterLocked, lockedDaysOf, lockedLimitPrice, type Widening, wideningSchema } from '#shared/market/what-if/locked-limits';
import { closeLots, type Shock, valueAccount } from '#shared/market/what-if/value-account';

const percent = z.number().min(-100, 'a price cannot fall by more than 100 %').max(1000);
const key = z.string().min(1).max(64);

/** STPT of the CTP risk terminal (latest, average, upper limit, lower limit, custom), settlement, and a move of everything by one percentage. */
export const priceShockSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('latest') }),
  z.object({ type: z.literal('settlement') }),
  /** The day's average price so far, per quote unit: what many contracts are settled near. */
  z.object({ type: z.literal('average') }),
  z.object({ type: z.literal('upperLimit') }),
  z.object({ type: z.literal('lowerLimit') }),
  z.object({ type: z.literal('percent'), percent }),
  z.object({
    type: z.literal('custom'),
    moves: z.array(z.object({ exchangeID: key.optional(), productID: key.optional(), instrumentID: key.optional(), percent })).max(2000),
  }),
  /** Locked limits for 1 to 4 days in one direction, from day to day by today's limit percentage and what `widening` adds. Left out it adds nothing, as scenarios saved before meant it. */
  z.object({
    type: z.literal('lockedLimit'),
    direction: z.enum(['up', 'down']),
    days: z.number().int().min(1).max(4),
    widening: wideningSchema.optional(),
  }),
]);
export type PriceShock = z.infer<typeof priceShockSchema>;

export const marginOverrideSchema = z.object({
  layer: z.enum(['company', 'exchange', 'both']),
  exchangeID: key.optional(),
  productID: key.optional(),
  /** Added to the rate by money: 0.03 is three points more, as before a holiday. */
  addedRateByMoney: z.number().min(-1).max(1),
});

export const scenarioSchema = z.object({
  scenarioId: z.string().min(1).max(64),
  name: z.string().trim().min(1).max(80),
  version: z.number().int().min(1),
  price: priceShockSchema,
  marginOverrides: z.array(marginOverrideSchema).max(200).default([]),
  cash: z
    .array(z.object({ accountID: key, amount: z.number().min(-1e12).max(1e12) }))
    .max(20_000)
    .default([]),
  closes: z
    .array(
      z.object({
        accountID: key,
        exchangeID: key,
        instrumentID: key,
        direction: z.enum(['long', 'short']),
        volume: z.number().int().min(1).max(1e9),
      }),
    )
    .max(20_000)
    .default([]),
});
export type Scenario = z.infer<typeof scenarioSchema>;

/** The account's figures under the scenario. */
export function stressAccount(model: AccountModel, scenario: Scenario): ReturnType<typeof valueAccount> {
  const closed = closesOf(model, scenario);
  return valueAccount(closed.size === 0 ? model : closeLots(model, closed), shockOf(model, scenario));
}

function shockOf(model: AccountModel, scenario: Scenario): Shock {
  const { price } = scenario;
  const shock: Shock = {
    priceOf: (holding) => shockedPrice(holding, price),
    isSettled: price.type === 'settlement' || price.type === 'lockedLimit',
    underlyingPriceOf: (underlying) => shockedPrice(underlying, price),
    // The day's settlement prices include the options' own. Locked limits move futures: what an option is worth then, no move of its future tells.
    ...(price.type === 'settlement' ? { premiumOf: (holding) => holding.marks.settlement } : {}),
    cash: scenario.cash.reduce((sum, item) => (item.accountID === model.accountID ? sum + item.amount : sum), 0),
  };
  if (!changesRates(scenario)) return shock;
  return { ...shock, rateOf: (holding, layer, rate) => addToRate(rate, addedRate(holding, layer, scenario)) };
}

/** What a contract's shocked price and added rate depend on. */
export type ShockedContract = Pick<HeldInstrument, 'exchangeID' | 'productID' | 'instrumentID' | 'marks' | 'lockedDays'>;

/** The price a contract has under the shock, in the quote unit; unknown when what it starts from is. */
export function shockedPrice(holding: ShockedContract, price: PriceShock): HeldInstrument['marks']['latest'] {
  const { latest, settlement, average, upperLimit, lowerLimit } = holding.marks;
  switch (price.type) {
    case 'latest':
      return latest;
    case 'settlement':
      return settlement;
    case 'average':
      return average;
    case 'upperLimit':
      return upperLimit;
    case 'lowerLimit':
      return lowerLimit;
    case 'percent':
      return latest.known ? known(latest.value * (1 + price.percent / 100)) : latest;
    case 'custom':
      return latest.known ? known(latest.value * (1 + moveOf(holding, price.moves) / 100)) : latest;
    case 'lockedLimit':
      return lockedLimitPrice(holding, price.direction, price.days, price.widening ?? 'none');
  }
}

type CustomMove = Extract<PriceShock, { type: 'custom' }>['moves'][number];

/** The most particular move wins: contract over product over exchange. */
function moveOf(holding: ShockedContract, moves: readonly CustomMove[]): number {
  const rank = (move: CustomMove) => (move.instrumentID !== undefined ? 3 : move.productID !== undefined ? 2 : move.exchangeID !== undefined ? 1 : 0);
  const matching = moves.filter(
    (move) =>
      (move.exchangeID === undefined || move.exchangeID === holding.exchangeID) &&
      (move.productID === undefined || move.productID === holding.productID) &&
      (move.instrumentID === undefined || move.instrumentID === holding.instrumentID),
  );
  return matching.reduce<CustomMove | null>((best, move) => (best === null || rank(move) > rank(best) ? move : best), null)?.percent ?? 0;
}

/** Whether margin rates are others under the scenario: by its own rows, or by what exchanges add after locked limits. */
export function changesRates({ price, marginOverrides }: Scenario): boolean {
  return marginOverrides.length > 0 || (price.type === 'lockedLimit' && (price.widening ?? 'none') !== 'none');
}

/** What the scenario adds to the rate by money of a contract. */
export function addedRate(contract: Omit<ShockedContract, 'marks'>, layer: 'company' | 'exchange', { price, marginOverrides }: Scenario): number {
  const own = marginOverrides
    .filter(
      (row) =>
        (row.layer === 'both' || row.layer === layer) &&
        (row.exchangeID === undefined || row.exchangeID === contract.exchangeID) &&
        (row.productID === undefined || row.productID === contract.productID),
    )
    .reduce((sum, row) => sum + row.addedRateByMoney, 0);
  return price.type === 'lockedLimit' ? own + lockedMarginAdded(contract, price.days, price.widening ?? 'none') : own;
}

/** Where no row says what is added, the price of the locked days is unknown already, and the margin with it. */
export function lockedMarginAdded(contract: Pick<ShockedContract, 'lockedDays'>, days: number, widening: Widening): number {
  const after = lockedDaysOf(contract, widening);
  return after.known ? afterLocked(after.value, days).marginAdded : 0;
}

export function addToRate(rate: MarginRatePair, added: number): MarginRatePair {
  return { ...rate, longByMoney: Math.max(0, rate.longByMoney + added), shortByMoney: Math.max(0, rate.shortByMoney + added) };
}

/** Lots leave first in first out, oldest date first; what resting orders close already cannot be closed by another. */
function closesOf(model: AccountModel, scenario: Scenario): Map<HeldLot, number> {
  const closed = new Map<HeldLot, number>();
  for (const close of scenario.closes) {
    if (close.accountID !== model.accountID) continue;
    const holding = model.holdings.find((held) => held.exchangeID === close.exchangeID && held.instrumentID === close.instrumentID);
    const lots = (holding?.lots ?? []).filter((lot) => lot.direction === close.direction).sort((a, b) => a.openDate.localeCompare(b.openDate));
    const frozen = holding === undefined ? undefined : frozenLots(holding);
    let left = close.volume;
    for (const lot of lots) {
      const volume = Math.min(left, lot.volume - (frozen?.get(lot)?.volume ?? 0) - (closed.get(lot) ?? 0));
      if (volume > 0) closed.set(lot, (closed.get(lot) ?? 0) + volume);
      left -= volume;
    }
  }
  return closed;
}
