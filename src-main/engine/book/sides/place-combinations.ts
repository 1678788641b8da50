/** Declared combinations in the kernel: each is a group of its own, whose two legs are its two sides, so that every pass over groups knows them. */
import type { Reason } from '#shared/market/reason';
import type { HeldLot } from '#shared/market/what-if/account-model';
import { dayAverageOf } from '../day-average';
import { GROUP_METHOD, type Kernel } from '../kernel/kernel';
import type { MarketRecords } from '../market-records';
import type { AccountRecord, InstrumentRecord } from '../things';
import { sideMargin, type ValuationContext } from '../valuation';
import { sellerMarginPerLot } from '../what-if/option-seller';
import type { WhatIfColumns } from '../what-if/what-if-columns';
import { type AccountCombinations, type PlacedCombination, sumHeldLots } from './account-combinations';

type Rooms = { kernel: Kernel; records: MarketRecords; whatIf: WhatIfColumns };
type Leg = { instrument: InstrumentRecord; lots: readonly HeldLot[] };

const NOTHING = new Float64Array(4);
const UNKNOWN = new Float64Array(4).fill(Number.NaN);

/** Sets every combination's sides as the lots, rates and rules are now; the account must have been resolved. Those that are gone are left empty. */
export function placeCombinations(account: AccountRecord, combinations: AccountCombinations, rooms: Rooms, context: ValuationContext): void {
  const { kernel } = rooms;
  const seen = new Set<string>();
  combinations.marginReason = null;
  combinations.exchangeMarginReason = null;
  for (const { combination, legs } of combinations.combined) {
    const { exchangeID, combInstrumentID, comTradeID, legMargin } = combination;
    const reason = combination.reason ?? (legMargin.known ? null : legMargin.reason);
    const own =
      reason === null
        ? legs.map(({ holding, lots }): Leg => ({ instrument: holding.holding.instrument, lots }))
        : instrumentsOf(account, combination.legs, rooms.records).map((instrument): Leg => ({ instrument, lots: [] }));
    const isBigSide = legMargin.known && legMargin.value === 'largerLeg';
    const name = [
      reason === null ? isBigSide : 'unknown',
      exchangeID,
      combInstrumentID,
      comTradeID,
      ...own.map(({ instrument }) => instrument.label),
    ].join('|');
    seen.add(name);
    if (reason !== null) {
      combinations.marginReason ??= reason;
      combinations.exchangeMarginReason ??= reason;
      const placed = placedAs(name, own, GROUP_METHOD.plainSum, account, combinations, kernel);
      for (const place of own.keys()) setSides(placed, place, UNKNOWN, NOTHING, rooms);
      continue;
    }
    const placed = placedAs(name, own, isBigSide ? GROUP_METHOD.bigSide : GROUP_METHOD.plainSum, account, combinations, kernel);
    for (const [place, leg] of own.entries()) placeLeg(account, combinations, placed, place, leg, rooms, context);
  }
  for (const [name, placed] of combinations.placed)
    if (!seen.has(name)) for (const place of placed.entries.keys()) setSides(placed, place, NOTHING, NOTHING, rooms);
}

/** The kernel keeps a figure per contract: every contract of the legs is unknown; a combination that names none is put where the account holds something. */
function instrumentsOf(
  account: AccountRecord,
  legs: readonly { exchangeID: string; instrumentID: string }[],
  records: MarketRecords,
): InstrumentRecord[] {
  const named = new Set(legs.map(({ exchangeID, instrumentID }) => records.instrument(exchangeID, instrumentID)));
  if (named.size > 0) return [...named];
  for (const { instrument } of account.holdings.values()) return [instrument];
  return records.instruments.slice(0, 1);
}

function placedAs(
  name: string,
  legs: readonly Leg[],
  method: number,
  account: AccountRecord,
  combinations: AccountCombinations,
  kernel: Kernel,
): PlacedCombination {
  const known = combinations.placed.get(name);
  if (known !== undefined) return known;
  const group = kernel.addGroup(account.index, method);
  const placed: PlacedCombination = {
    group,
    entries: legs.map(({ instrument }) => kernel.addEntry(instrument.index, account.index, group)),
    legs: legs.map(({ instrument, lots }) => ({
      product: `${instrument.exchangeID}.${instrument.productID}`,
      sign: lots[0]?.direction === 'short' ? -1 : 1,
    })),
  };
  combinations.placed.set(name, placed);
  return placed;
}

/** A leg's whole margin stands on the group's side of its place, whichever direction it has. */
function placeLeg(
  account: AccountRecord,
  combinations: AccountCombinations,
  placed: PlacedCombination,
  place: number,
  { instrument, lots }: Leg,
  rooms: Rooms,
  context: ValuationContext,
): void {
  const [first] = lots;
  if (first === undefined) return;
  const multiplier = instrument.master?.volumeMultiple ?? Number.NaN;
  const sums = sumHeldLots(lots, multiplier);
  const isLong = first.direction === 'long';
  const fixed = new Float64Array(4);
  const slopes = new Float64Array(4);
  const note = (layer: 'company' | 'exchange', reason: Reason | null): void => {
    if (layer === 'company') combinations.marginReason ??= reason;
    else combinations.exchangeMarginReason ??= reason;
  };
  const average = dayAverageOf(instrument);
  for (const layer of ['company', 'exchange'] as const) {
    const at = (layer === 'company' ? 0 : 2) + place;
    if (instrument.master?.productClass === 'option') {
      if (isLong) continue;
      const perLot = sellerMarginPerLot(context, account.accountID, instrument, layer, first.hedgeFlag);
      fixed[at] = perLot.known ? perLot.value * sums.volume : Number.NaN;
      note(layer, perLot.known ? null : perLot.reason);
      continue;
    }
    const rate = context.reference.marginRate(layer, account.accountID, instrument, first.hedgeFlag, context.tradingDay);
    const margin = sideMargin(sums, rate, isLong, account.master?.marginPriceType, instrument, multiplier, average);
    fixed[at] = margin.fixed;
    slopes[at] = margin.slope;
    note(layer, margin.reason);
  }
  setSides(placed, place, fixed, slopes, rooms);
  const entry = placed.entries[place] ?? -1;
  rooms.whatIf.setSides(entry, account, instrument, [{ sums, isLong, hedgeFlag: first.hedgeFlag, place: place === 0 ? 0 : 1 }], context);
}

function setSides(placed: PlacedCombination, place: number, fixed: ArrayLike<number>, slopes: ArrayLike<number>, { kernel, whatIf }: Rooms): void {
  const entry = placed.entries[place] ?? -1;
  kernel.setEntry(entry, 0, 0, fixed, slopes);
  whatIf.clear(entry, fixed === UNKNOWN);
}
