/** What the counter holds of one account as declared combinations: the rows it sent, which of them can be believed, and the lots they take out of their sides. */
import type { PositionCombineDetail } from '#shared/feed/items';
import { groupBy } from '#shared/group-by';
import { type Reason, reasonFor } from '#shared/market/reason';
import type { HeldLot } from '#shared/market/what-if/account-model';
import { type CombinationLeg, type Combined, type HeldCombination, splitByCombination } from '#shared/market/what-if/combinations';
import { scaled } from '../kernel/kernel';
import type { Kept } from '../keyed-items';
import type { MarketRecords } from '../market-records';
import type { ReferenceBook } from '../reference';
import type { Refusal } from '../refusals';
import type { AccountRecord, Holding, Side, SideSums } from '../things';
import { heldLots } from '../what-if/held-lots';

type Resolving = { records: MarketRecords; reference: ReferenceBook; positionsDay: string; tradingDay: string };

/** A holding with its lots as the formulas take them. */
type SplitHolding = { exchangeID: string; instrumentID: string; lots: readonly HeldLot[]; holding: Holding };

/** One combination in the kernel: its group, and an entry for each leg with the product it counts for. */
export type PlacedCombination = { group: number; entries: number[]; legs: { product: string; sign: 1 | -1 }[] };

export class AccountCombinations {
  readonly rows = new Map<string, Kept<PositionCombineDetail>>();
  /** By the name of the combination, empty where it was not said. */
  readonly refusals = new Map<string, Refusal>();
  /** As of the last resolution. */
  held: readonly HeldCombination[] = [];
  combined: readonly Combined<SplitHolding>[] = [];
  #taken: ReadonlyMap<Side, SideSums> = new Map();
  readonly placed = new Map<string, PlacedCombination>();
  /** Why the margin of a combination is unknown. */
  marginReason: Reason | null = null;
  exchangeMarginReason: Reason | null = null;

  /** A leg without lots left is gone. */
  put(kept: Kept<PositionCombineDetail>): void {
    this.refusals.delete(combinationName(kept.item));
    if (kept.item.totalAmt === 0) this.rows.delete(kept.key);
    else this.rows.set(kept.key, kept);
  }

  deleteOf(feedId: string): void {
    for (const rows of [this.rows, this.refusals]) for (const [key, row] of rows) if (row.feedId === feedId) rows.delete(key);
  }

  get isEmpty(): boolean {
    return this.rows.size === 0 && this.refusals.size === 0;
  }

  /** Reads the rows against the lots and rules there are now. */
  resolve(account: AccountRecord, resolving: Resolving): void {
    const lots = new LotsOfAccount(account, resolving.positionsDay);
    const byName = groupBy([...this.rows.values()], ({ item }) => combinationName(item));
    const names = [...new Set([...byName.keys(), ...this.refusals.keys()])].sort();
    this.held = names.map((name) => this.#held(name, byName.get(name) ?? [], lots, resolving));
    const { combined } = splitByCombination(lots.holdings, this.held);
    this.combined = combined;
    const taken = new Map<Side, SideSums>();
    for (const { legs } of combined) {
      for (const { holding, lots: own } of legs) {
        const side = sideOfLots(holding.holding, own);
        if (side === undefined) continue;
        const sums = sumHeldLots(own, holding.holding.instrument.master?.volumeMultiple ?? Number.NaN);
        const before = taken.get(side);
        taken.set(side, before === undefined ? sums : plus(before, sums, 1));
      }
    }
    this.#taken = taken;
  }

  #held(
    name: string,
    rows: readonly Kept<PositionCombineDetail>[],
    lots: LotsOfAccount,
    { records, reference, tradingDay }: Resolving,
  ): HeldCombination {
    const first = rows[0]?.item;
    const refusal = this.refusals.get(name);
    const { exchangeID = '', combInstrumentID = '', comTradeID = '' } = first ?? refusal?.item.about ?? {};
    const label = [`${exchangeID}.${combInstrumentID}`, comTradeID].join(' ');
    const legs = [...groupBy(rows, ({ item }) => String(item.legID))].sort(([one], [other]) => Number(one) - Number(other));
    const unknownContract = rows.find(({ item }) => records.findInstrument(item.exchangeID, item.instrumentID)?.master == null)?.item;
    const read = legs.map(([, own]) =>
      legOf(
        own.map(({ item }) => item),
        lots,
      ),
    );
    const reason =
      refusal?.reason ??
      this.refusals.get('')?.reason ??
      (unknownContract === undefined ? null : reasonFor('noInstrument', `${unknownContract.exchangeID}.${unknownContract.instrumentID}`)) ??
      (isTwoFittingLegs(legs.map(([, own]) => own.map(({ item }) => item))) ? null : reasonFor('combinationUnclear', label)) ??
      (read.some(({ isTooLarge }) => isTooLarge) ? reasonFor('combinationTooLarge', label) : null);
    const rule = reference.sides.combinationRow(exchangeID, combInstrumentID, tradingDay);
    return {
      exchangeID,
      combInstrumentID,
      comTradeID,
      legs: read.map(({ leg }) => leg),
      legMargin: rule.known ? { known: true, value: rule.value.legMargin } : rule,
      reason,
    };
  }

  /** The side's sums without the lots that are in combinations: what makes its margin. */
  outside(side: Side, sums: SideSums): SideSums {
    const taken = this.#taken.get(side);
    return taken === undefined ? sums : plus(sums, taken, -1);
  }
}

type NamingCombination = { exchangeID?: string; combInstrumentID?: string; comTradeID?: string };

/** Empty where it does not say which combination it is of. */
export function combinationName({ exchangeID = '', combInstrumentID = '', comTradeID = '' }: NamingCombination): string {
  return combInstrumentID === '' || comTradeID === '' ? '' : `${exchangeID}|${combInstrumentID}|${comTradeID}`;
}

/** Two legs, of as many sets each. */
function isTwoFittingLegs(legs: readonly (readonly PositionCombineDetail[])[]): boolean {
  if (legs.length !== 2) return false;
  const sets = legs.map((rows) => rows.reduce((sum, { totalAmt }) => sum + totalAmt, 0) / (rows[0]?.legMultiple ?? Number.NaN));
  const isOneContract = legs.every((rows) =>
    rows.every((row) => (['instrumentID', 'direction', 'hedgeFlag', 'legMultiple'] as const).every((field) => row[field] === rows[0]?.[field])),
  );
  return isOneContract && Number.isInteger(sets[0]) && sets[0] === sets[1];
}

function legOf(rows: readonly PositionCombineDetail[], lots: LotsOfAccount): { leg: CombinationLeg; isTooLarge: boolean } {
  const [first] = rows as [PositionCombineDetail];
  const { exchangeID, instrumentID, direction, hedgeFlag, legMultiple } = first;
  const taken = rows.map((row) => lots.take(row));
  return {
    leg: { exchangeID, instrumentID, direction, hedgeFlag, legMultiple, lots: taken.flatMap(({ parts }) => parts) },
    isTooLarge: taken.some(({ missing }) => missing > 0),
  };
}

type FreeLot = { openDate: string; tradeID: string; isToday: boolean; left: number };

/** The lots of an account that no combination has taken yet; where the counter gives only slices, those of the day and older ones stand in for lots. */
class LotsOfAccount {
  readonly holdings: SplitHolding[];
  readonly #free = new Map<string, FreeLot[]>();
  readonly #isByLots: boolean;
  readonly #positionsDay: string;

  constructor(account: AccountRecord, positionsDay: string) {
    this.#isByLots = account.isByLots;
    this.#positionsDay = positionsDay;
    this.holdings = [...account.holdings.values()].map((holding) => {
      const { exchangeID, instrumentID } = holding.instrument;
      return { exchangeID, instrumentID, holding, lots: holding.sides.flatMap((side) => heldLots(holding, side, positionsDay)) };
    });
    for (const { exchangeID, instrumentID, lots } of this.holdings) {
      for (const { direction, hedgeFlag, openDate, tradeID, isToday, volume } of lots) {
        const side = `${exchangeID}|${instrumentID}|${direction}|${hedgeFlag}`;
        const free = this.#free.get(side);
        const lot = { openDate, tradeID, isToday, left: volume };
        if (free === undefined) this.#free.set(side, [lot]);
        else free.push(lot);
      }
    }
  }

  take({ exchangeID, instrumentID, direction, hedgeFlag, openDate, tradeID, totalAmt }: PositionCombineDetail): {
    parts: CombinationLeg['lots'][number][];
    missing: number;
  } {
    const parts: CombinationLeg['lots'][number][] = [];
    let missing = totalAmt;
    for (const lot of this.#free.get(`${exchangeID}|${instrumentID}|${direction}|${hedgeFlag}`) ?? []) {
      const isMeant = this.#isByLots ? lot.openDate === openDate && lot.tradeID === tradeID : lot.isToday === (openDate === this.#positionsDay);
      const volume = isMeant ? Math.min(lot.left, missing) : 0;
      if (volume === 0) continue;
      lot.left -= volume;
      missing -= volume;
      parts.push({ openDate: lot.openDate, tradeID: lot.tradeID, volume });
    }
    return { parts, missing };
  }
}

function sideOfLots(holding: Holding, lots: readonly HeldLot[]): Side | undefined {
  return holding.sides.find(({ direction, hedgeFlag }) => direction === lots[0]?.direction && hedgeFlag === lots[0]?.hedgeFlag);
}

/** Lots of one side as the kernel sums them. */
export function sumHeldLots(lots: readonly HeldLot[], multiplier: number): SideSums {
  const sums: SideSums = { volume: 0, todayVolume: 0, historyCost: 0, todayCost: 0, openCost: 0, reason: null, openReason: null };
  for (const { volume, isToday, openPrice, preSettlementPrice } of lots) {
    const openCost = volume * multiplier * scaled(openPrice);
    sums.volume += volume;
    sums.openCost += openCost;
    if (isToday) {
      sums.todayVolume += volume;
      sums.todayCost += openCost;
      // A slice of today that stands in for its lots has no price where it has no cost.
      if (Number.isNaN(openPrice) && !preSettlementPrice.known) sums.reason ??= preSettlementPrice.reason;
    } else if (preSettlementPrice.known) sums.historyCost += volume * multiplier * scaled(preSettlementPrice.value);
    else {
      sums.reason ??= preSettlementPrice.reason;
      sums.historyCost = Number.NaN;
    }
  }
  return sums;
}

function plus(one: SideSums, other: SideSums, sign: 1 | -1): SideSums {
  const of = (field: 'volume' | 'todayVolume' | 'historyCost' | 'todayCost' | 'openCost'): number => one[field] + sign * other[field];
  return {
    volume: of('volume'),
    todayVolume: of('todayVolume'),
    historyCost: of('historyCost'),
    todayCost: of('todayCost'),
    openCost: of('openCost'),
    reason: one.reason ?? other.reason,
    openReason: one.openReason ?? other.openReason,
  };
}
