/** Lots and slices by business key, hung on the holdings they belong to. */
import type { ItemsEvent } from '#shared/feed/intake';
import type { PositionCombineDetail, PositionDetail, PositionSlice } from '#shared/feed/items';
import type { RefusedItem } from '#shared/feed/refused';
import { type Kept, keep } from './keyed-items';
import type { MarketRecords } from './market-records';
import { refusalOf } from './refusals';
import { AccountCombinations, combinationName } from './sides/account-combinations';
import { type AccountRecord, type Holding, marked, NO_MARKS, sideOf, unmarked } from './things';

type Naming = RefusedItem['about'];

function lotKey(item: PositionDetail): string {
  return `${item.openDate}|${item.tradeID}`;
}

/** Which slice of a side: today's or history's. */
function sliceKey(item: PositionSlice): string {
  return item.positionDate;
}

/** What an item is within its holding; parts that a refused one does not say are empty. */
function placeOf(item: Naming): string {
  const isLot = item.kind === 'positionDetail';
  const rest = isLot ? [item.direction, item.hedgeFlag, item.openDate, item.tradeID] : [item.posiDirection, item.hedgeFlag, item.positionDate];
  return [isLot ? 'lot' : 'slice', ...rest.map((part) => part ?? '')].join('|');
}

export class Positions {
  readonly #records: MarketRecords;
  /** How much of each lot that was closed today was closed of it, by account, contract and lot. */
  readonly #closed = new Map<string, number>();
  #closedDay = '';
  /** Accounts whose combinations are others since this was last taken. */
  #recombined = new Set<AccountRecord>();

  constructor(records: MarketRecords) {
    this.#records = records;
  }

  /** Merges deltas; adds every holding that changed to `touched`. */
  merge(event: ItemsEvent<'positions'>, touched: Set<Holding>): void {
    for (const item of event.items) {
      if (item.kind === 'positionCombineDetail') {
        this.#putCombined(event, item);
        continue;
      }
      const isFirstLot = item.kind === 'positionDetail' && !this.#records.account(item.accountID).isByLots;
      const holding = this.#put(event, item);
      touched.add(holding);
      // From slices to lots: every holding of the account is valued anew.
      if (isFirstLot) for (const other of holding.account.holdings.values()) touched.add(other);
    }
    for (const account of this.#refuse(event, touched)) {
      // What is not known to be of one contract may be of any.
      if (account.positionRefusals.length > 0) for (const holding of account.holdings.values()) touched.add(holding);
    }
  }

  /** Replaces all that the feed had said. Other feeds' lots and slices stay. Returns the accounts that may have changed. */
  replace(event: ItemsEvent<'positions'>): Set<AccountRecord> {
    const changed = new Set<AccountRecord>();
    for (const account of this.#records.accounts) {
      account.isByLots = false;
      account.positionsAsOfMs = Number.NEGATIVE_INFINITY;
      account.positionRefusals = account.positionRefusals.filter(({ feedId }) => feedId !== event.feedId);
      account.combinations?.deleteOf(event.feedId);
      for (const holding of account.holdings.values()) {
        holding.conflicts = NO_MARKS;
        for (const [place, { feedId }] of holding.refusals) if (feedId === event.feedId) holding.refusals = unmarked(holding.refusals, place);
        for (const side of holding.sides) {
          account.lotCount -= side.lots.deleteOf(event.feedId);
          side.slices.deleteOf(event.feedId);
        }
        for (const side of holding.sides) {
          if (side.lots.size > 0) account.isByLots = true;
          for (const kept of [side.lots, side.slices])
            for (const { item } of kept.values()) account.positionsAsOfMs = Math.max(account.positionsAsOfMs, item.asOfMs);
        }
        changed.add(account);
      }
    }
    this.#closed.clear();
    for (const item of event.items)
      changed.add(item.kind === 'positionCombineDetail' ? this.#putCombined(event, item) : this.#put(event, item).account);
    for (const account of this.#refuse(event, null)) changed.add(account);
    this.#dropEmpty();
    for (const account of changed) if (account.combinations?.isEmpty) account.combinations = null;
    return changed;
  }

  /** What a refused item was about is unknown until the source says it right, or gives a new picture. Returns the accounts. */
  #refuse(event: ItemsEvent<'positions'>, touched: Set<Holding> | null): Set<AccountRecord> {
    const accounts = new Set<AccountRecord>();
    for (const item of event.refused ?? []) {
      const { accountID, exchangeID, instrumentID } = item.about;
      // Only what the desk knows already: a refused position must not make an account or a contract up.
      const account = this.#records.findAccount(accountID ?? '');
      if (account === null) continue;
      accounts.add(account);
      if (item.about.kind === 'positionCombineDetail') {
        const refusal = refusalOf(event.feedId, item, 'positionRefused', [accountID, item.about.combInstrumentID].filter(Boolean).join('.'));
        this.#combinationsOf(account).refusals.set(combinationName(item.about), refusal);
        continue;
      }
      const instrument = this.#records.findInstrument(exchangeID ?? '', instrumentID ?? '');
      if (instrument === null) {
        const named = [exchangeID, instrumentID].filter((part) => part !== undefined).join('.');
        account.positionRefusals.push(refusalOf(event.feedId, item, 'positionRefused', named));
        continue;
      }
      const holding = this.#records.holding(account, instrument);
      holding.refusals = marked(holding.refusals, placeOf(item.about), refusalOf(event.feedId, item, 'positionRefused', instrument.label));
      touched?.add(holding);
    }
    return accounts;
  }

  /** Accounts whose combinations have changed since this was last asked. */
  takeRecombined(): ReadonlySet<AccountRecord> {
    const recombined = this.#recombined;
    if (recombined.size > 0) this.#recombined = new Set();
    return recombined;
  }

  #combinationsOf(account: AccountRecord): AccountCombinations {
    account.combinations ??= new AccountCombinations();
    this.#recombined.add(account);
    return account.combinations;
  }

  #putCombined(event: ItemsEvent<'positions'>, item: PositionCombineDetail): AccountRecord {
    const account = this.#records.account(item.accountID);
    account.positionsAsOfMs = Math.max(account.positionsAsOfMs, item.asOfMs);
    const { exchangeID, combInstrumentID, comTradeID, legID, openDate, tradeID } = item;
    const key = [exchangeID, combInstrumentID, comTradeID, legID, openDate, tradeID].join('|');
    this.#combinationsOf(account).put(keep(event, key, item));
    return account;
  }

  #put(event: ItemsEvent<'positions'>, item: PositionSlice | PositionDetail): Holding {
    const account = this.#records.account(item.accountID);
    const instrument = this.#records.instrument(item.exchangeID, item.instrumentID);
    const holding = this.#records.holding(account, instrument);
    account.positionsAsOfMs = Math.max(account.positionsAsOfMs, item.asOfMs);
    if (holding.refusals.size > 0) holding.refusals = unmarked(holding.refusals, placeOf(item));
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
      holding.conflicts = marked(holding.conflicts, conflictKey, 'lotTwice');
    else if (this.#isClosedTwice(event, item, before, `${account.accountID}|${instrument.label}|${conflictKey}`))
      holding.conflicts = marked(holding.conflicts, conflictKey, 'lotClosedTwice');
    else if (holding.conflicts.size > 0) holding.conflicts = unmarked(holding.conflicts, conflictKey);
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

  /**
   * Whether a delta closes more of a lot than it had: on one day what is left and what was closed of it come to the same. A lot that is gone is remembered
   * for that until the day or the picture changes; hearing the same close again is no second one.
   */
  #isClosedTwice(event: ItemsEvent<'positions'>, item: PositionDetail, before: Kept<PositionDetail> | undefined, name: string): boolean {
    if (event.type === 'picture' || item.closeVolume === undefined) return false;
    if (event.tradingDay !== this.#closedDay) {
      this.#closed.clear();
      this.#closedDay = event.tradingDay;
    }
    const had = before === undefined ? this.#closed.get(name) : volumeOfDay(before, event.tradingDay);
    const isTwice = had !== undefined && item.volume + item.closeVolume > had && item.closeVolume > (before?.item.closeVolume ?? 0);
    if (item.volume === 0 && !isTwice) this.#closed.set(name, item.closeVolume);
    return isTwice;
  }

  #dropEmpty(): void {
    for (const instrument of this.#records.instruments) instrument.holdings = [];
    for (const account of this.#records.accounts) {
      for (const [index, holding] of account.holdings) {
        holding.sides = holding.sides.filter((side) => side.lots.size > 0 || side.slices.size > 0);
        if (holding.sides.length === 0 && holding.refusals.size === 0) account.holdings.delete(index);
        else holding.instrument.holdings.push(holding);
      }
    }
  }
}

/** Open and closed volume of a lot together, as the source told it on this day; undefined when it has not. */
function volumeOfDay({ item, tradingDay }: Kept<PositionDetail>, day: string): number | undefined {
  return tradingDay === day && item.closeVolume !== undefined ? item.volume + item.closeVolume : undefined;
}

function isOtherLot(a: PositionDetail, b: PositionDetail): boolean {
  return a.volume !== b.volume || a.openPrice !== b.openPrice;
}
