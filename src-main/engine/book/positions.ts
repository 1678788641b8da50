/** Lots and slices by business key, hung on the holdings they belong to. */
import type { ItemsEvent } from '#shared/feed/intake';
import type { ItemByStream, PositionDetail, PositionSlice } from '#shared/feed/items';
import { keep } from './keyed-items';
import type { MarketRecords } from './market-records';
import { type AccountRecord, type Holding, sideOf } from './things';

type PositionItem = ItemByStream['positions'];

function lotKey(item: PositionDetail): string {
  return `${item.openDate}|${item.tradeID}`;
}

/** Which slice of a side: today's or history's. */
function sliceKey(item: PositionSlice): string {
  return item.positionDate;
}

export class Positions {
  readonly #records: MarketRecords;

  constructor(records: MarketRecords) {
    this.#records = records;
  }

  /** Merges deltas; adds every holding that changed to `touched`. */
  merge(event: ItemsEvent<'positions'>, touched: Set<Holding>): void {
    for (const item of event.items) {
      const isFirstLot = item.kind === 'positionDetail' && !this.#records.account(item.accountID).isByLots;
      const holding = this.#put(event, item);
      touched.add(holding);
      // From slices to lots: every holding of the account is valued anew.
      if (isFirstLot) for (const other of holding.account.holdings.values()) touched.add(other);
    }
  }

  /** Replaces all that the feed had said. Other feeds' lots and slices stay. Returns the accounts that may have changed. */
  replace(event: ItemsEvent<'positions'>): Set<AccountRecord> {
    const changed = new Set<AccountRecord>();
    for (const account of this.#records.accounts) {
      account.isByLots = false;
      for (const holding of account.holdings.values()) {
        holding.conflicts.clear();
        for (const side of holding.sides) {
          account.lotCount -= side.lots.deleteOf(event.feedId);
          side.slices.deleteOf(event.feedId);
        }
        for (const side of holding.sides) if (side.lots.size > 0) account.isByLots = true;
        changed.add(account);
      }
    }
    for (const item of event.items) changed.add(this.#put(event, item).account);
    this.#dropEmpty();
    return changed;
  }

  #put(event: ItemsEvent<'positions'>, item: PositionItem): Holding {
    const account = this.#records.account(item.accountID);
    const instrument = this.#records.instrument(item.exchangeID, item.instrumentID);
    const holding = this.#records.holding(account, instrument);
    if (item.kind === 'position') {
      const side = sideOf(holding, item.posiDirection, item.hedgeFlag);
      const key = sliceKey(item);
      side.slices.set(keep(event, key, item));
      return holding;
    }
    account.isByLots = true;
    const side = sideOf(holding, item.direction, item.hedgeFlag);
    const key = lotKey(item);
    const before = side.lots.get(key);
    const conflictKey = `${item.direction}|${item.hedgeFlag}|${key}`;
    // A picture names each lot once; a delta is the newer word on it.
    if (event.type === 'picture' && before !== undefined && before.sourceTimeMs === event.sourceTimeMs && isOtherLot(before.item, item))
      holding.conflicts.add(conflictKey);
    else holding.conflicts.delete(conflictKey);
    if (item.volume === 0) {
      if (before !== undefined) {
        side.lots.delete(key);
        account.lotCount--;
      }
      return holding;
    }
    if (before === undefined) account.lotCount++;
    side.lots.set(keep(event, key, item));
    return holding;
  }

  #dropEmpty(): void {
    for (const instrument of this.#records.instruments) instrument.holdings = [];
    for (const account of this.#records.accounts) {
      for (const [index, holding] of account.holdings) {
        holding.sides = holding.sides.filter((side) => side.lots.size > 0 || side.slices.size > 0);
        if (holding.sides.length === 0) account.holdings.delete(index);
        else holding.instrument.holdings.push(holding);
      }
    }
  }
}

function isOtherLot(a: PositionDetail, b: PositionDetail): boolean {
  return a.volume !== b.volume || a.openPrice !== b.openPrice;
}
