/** What detectors know of instruments, accounts and their control groups: found once per order, so that no detector looks anything up by text. */
import type { EvidenceTick } from '#shared/desk/rules/evidence';
import { ByContract } from '#shared/feed/by-contract';
import { contractAt } from '#shared/feed/contracts';
import type { Instrument, InstrumentStatus, ReferenceItem, Session } from '#shared/feed/items';
import { ROW } from '#shared/feed/quote-rows';
import { momentOfWallTime } from '#shared/market/session-calendar';
import { TICK, TickBoard } from './tick-board';

/** One contract. What the market last said of it lies in the board of all contracts; NaN where the source left a field out. */
export class InstrumentState {
  readonly index: number;
  readonly exchangeID: string;
  readonly instrumentID: string;
  /** Null until the instrument's master row is known. */
  productID: string | null = null;
  /** NaN where unknown. */
  volumeMultiple = Number.NaN;
  maxOrderVolume = Number.NaN;
  sessionID: string | null = null;
  /** Whether the price has been locked at a limit today. */
  wasLockedUp = false;
  wasLockedDown = false;
  isAuction = false;
  /** End of the day session of this trading day, epoch ms; NaN when the calendar does not say. */
  closeMs = Number.NaN;
  readonly #board: TickBoard;

  constructor(index: number, exchangeID: string, instrumentID: string, board: TickBoard) {
    this.index = index;
    this.exchangeID = exchangeID;
    this.instrumentID = instrumentID;
    this.#board = board;
  }

  get lastPrice(): number {
    return this.#board.latest(this.index, TICK.lastPrice);
  }

  get bidPrice(): number {
    return this.#board.latest(this.index, TICK.bidPrice);
  }

  get askPrice(): number {
    return this.#board.latest(this.index, TICK.askPrice);
  }

  get upperLimitPrice(): number {
    return this.#board.latest(this.index, TICK.upperLimitPrice);
  }

  get lowerLimitPrice(): number {
    return this.#board.latest(this.index, TICK.lowerLimitPrice);
  }

  get marketVolume(): number {
    return this.#board.latest(this.index, TICK.volume);
  }

  get quoteMs(): number {
    return this.#board.latest(this.index, TICK.timeMs);
  }
}

/** Whom an exchange counts as one: a control group, or an account that is in none. */
export type Customer = { index: number; kind: 'group' | 'account'; customerID: string; accountIDs: Set<string> };
export type AccountState = { index: number; accountID: string; customer: Customer };

/** What one customer does in one contract on one trading day; `index` is dense, so that detectors keep their state in arrays. */
export type CustomerContract = { index: number; customer: Customer; instrument: InstrumentState };
export type AccountContract = { index: number; account: AccountState; instrument: InstrumentState; merged: CustomerContract };

const EXCHANGE_WIDE_AUCTIONS: ReadonlySet<InstrumentStatus['instrumentStatus']> = new Set(['auctionOrdering', 'auctionBalance', 'auctionMatch']);

/** When the last section by day ends; NaN for a session without one or a time zone nobody knows. */
function closeOf(session: Session, tradingDay: string): number {
  const ends = session.sections.filter((section) => !section.night).map((section) => section.toMinute);
  if (ends.length === 0) return Number.NaN;
  const wallMs = Date.UTC(Number(tradingDay.slice(0, 4)), Number(tradingDay.slice(4, 6)) - 1, Number(tradingDay.slice(6, 8)));
  return momentOfWallTime(session.timeZone, wallMs + Math.max(...ends) * 60_000);
}

export class MarketState {
  readonly #instruments = new ByContract<InstrumentState>();
  readonly #instrumentList: InstrumentState[] = [];
  readonly #board = new TickBoard();
  readonly #accounts = new Map<string, AccountState>();
  readonly #groups = new Map<string, Customer>();
  readonly #groupOf = new Map<string, string>();
  readonly #sessions = new Map<string, Session>();
  /** Ends of this trading day's sessions by session. */
  readonly #closes = new Map<string, number>();
  #customerCount = 0;
  /** By account index, then instrument index; begun anew every trading day. */
  #accountContracts: AccountContract[][] = [];
  #customerContracts: CustomerContract[][] = [];
  #accountContractCount = 0;
  #customerContractCount = 0;
  #tradingDay: string | null = null;
  /** Accounts whose group changed after they had acted: their day is counted under the group it began with. */
  lateRegroupings = 0;

  startDay(tradingDay: string): void {
    this.#tradingDay = tradingDay;
    this.#closes.clear();
    this.#accountContracts = [];
    this.#customerContracts = [];
    this.#accountContractCount = 0;
    this.#customerContractCount = 0;
    for (const instrument of this.#instrumentList) {
      instrument.wasLockedUp = false;
      instrument.wasLockedDown = false;
      instrument.isAuction = false;
      this.#setClose(instrument);
    }
    for (const account of this.#accounts.values()) account.customer = this.#customerOf(account.accountID, account.customer);
  }

  instrument(exchangeID: string, instrumentID: string): InstrumentState {
    let state = this.#instruments.get(exchangeID, instrumentID);
    if (state === undefined) {
      state = new InstrumentState(this.#instrumentList.length, exchangeID, instrumentID, this.#board);
      this.#instruments.set(exchangeID, instrumentID, state);
      this.#instrumentList.push(state);
      this.#board.add();
    }
    return state;
  }

  /** The one whose contract has this number. */
  instrumentOf(contractNumber: number): InstrumentState {
    const known = this.#instruments.at(contractNumber);
    if (known !== undefined) return known;
    const { exchangeID, instrumentID } = contractAt(contractNumber);
    return this.instrument(exchangeID, instrumentID);
  }

  account(accountID: string): AccountState {
    let account = this.#accounts.get(accountID);
    if (account === undefined) {
      account = { index: this.#accounts.size, accountID, customer: this.#customerOf(accountID, null) };
      this.#accounts.set(accountID, account);
    }
    return account;
  }

  contractOf(account: AccountState, instrument: InstrumentState): AccountContract {
    let row = this.#accountContracts[account.index];
    if (row === undefined) {
      row = [];
      this.#accountContracts[account.index] = row;
    }
    let pair = row[instrument.index];
    if (pair === undefined) {
      pair = { index: this.#accountContractCount, account, instrument, merged: this.mergedOf(account.customer, instrument) };
      this.#accountContractCount += 1;
      row[instrument.index] = pair;
    }
    return pair;
  }

  mergedOf(customer: Customer, instrument: InstrumentState): CustomerContract {
    let row = this.#customerContracts[customer.index];
    if (row === undefined) {
      row = [];
      this.#customerContracts[customer.index] = row;
    }
    let pair = row[instrument.index];
    if (pair === undefined) {
      pair = { index: this.#customerContractCount, customer, instrument };
      this.#customerContractCount += 1;
      row[instrument.index] = pair;
    }
    return pair;
  }

  onReference(item: ReferenceItem): void {
    if (item.kind === 'instrument') this.#onInstrument(item);
    else if (item.kind === 'session') {
      this.#sessions.set(item.sessionID, item);
      this.#closes.delete(item.sessionID);
      for (const instrument of this.#instrumentList) if (instrument.sessionID === item.sessionID) this.#setClose(instrument);
    } else if (item.kind === 'accountMaster') {
      if (item.controlGroupID !== undefined) this.#join(item.accountID, item.controlGroupID);
    } else if (item.kind === 'controlGroup') {
      for (const accountID of item.accountIDs) this.#join(accountID, item.controlGroupID);
    }
  }

  onStatus(item: InstrumentStatus): void {
    const isAuction = EXCHANGE_WIDE_AUCTIONS.has(item.instrumentStatus);
    if (item.instrumentID !== undefined) {
      this.instrument(item.exchangeID, item.instrumentID).isAuction = isAuction;
      return;
    }
    for (const instrument of this.#instrumentList) {
      if (instrument.exchangeID !== item.exchangeID) continue;
      if (item.productID === undefined || instrument.productID === item.productID) instrument.isAuction = isAuction;
    }
  }

  /** Takes the quote in the row that begins at `at`; one that is older than the latest is left out. */
  onQuote(state: InstrumentState, rows: Float64Array, at: number): void {
    if ((rows[at + ROW.updateTimeMs] as number) < state.quoteMs) return;
    this.#board.push(state.index, rows, at);
    // Locked: the price stands at the limit and nobody offers (or bids) any more. What is left out compares as false.
    const last = rows[at + ROW.lastPrice] as number;
    if (last >= (rows[at + ROW.upperLimitPrice] as number) && Number.isNaN(rows[at + ROW.askPrice1])) state.wasLockedUp = true;
    if (last <= (rows[at + ROW.lowerLimitPrice] as number) && Number.isNaN(rows[at + ROW.bidPrice1])) state.wasLockedDown = true;
  }

  /** The latest ticks, oldest first. */
  ticksOf(state: InstrumentState): EvidenceTick[] {
    return this.#board.ticksOf(state.index, state);
  }

  #onInstrument(item: Instrument): void {
    const state = this.instrument(item.exchangeID, item.instrumentID);
    state.productID = item.productID;
    state.volumeMultiple = item.volumeMultiple ?? Number.NaN;
    state.maxOrderVolume = item.maxLimitOrderVolume ?? Number.NaN;
    state.sessionID = item.sessionID ?? null;
    this.#setClose(state);
  }

  #setClose(state: InstrumentState): void {
    const session = state.sessionID === null ? undefined : this.#sessions.get(state.sessionID);
    if (session === undefined || this.#tradingDay === null) {
      state.closeMs = Number.NaN;
      return;
    }
    const closeMs = this.#closes.get(session.sessionID) ?? closeOf(session, this.#tradingDay);
    this.#closes.set(session.sessionID, closeMs);
    state.closeMs = closeMs;
  }

  controlGroupOf(accountID: string): string | null {
    return this.#groupOf.get(accountID) ?? null;
  }

  *accountsOfGroup(groupID: string): Generator<string, void, undefined> {
    for (const [accountID, itsGroup] of this.#groupOf) if (itsGroup === groupID) yield accountID;
  }

  #join(accountID: string, groupID: string): void {
    if (this.#groupOf.get(accountID) === groupID) return;
    this.#groupOf.set(accountID, groupID);
    const account = this.#accounts.get(accountID);
    if (account === undefined) return;
    if (this.#accountContracts[account.index] === undefined) account.customer = this.#customerOf(accountID, account.customer);
    else this.lateRegroupings += 1;
  }

  #customerOf(accountID: string, current: Customer | null): Customer {
    const groupID = this.#groupOf.get(accountID);
    if (groupID === undefined) return current ?? this.#newCustomer('account', accountID, accountID);
    let group = this.#groups.get(groupID);
    if (group === undefined) {
      group = this.#newCustomer('group', groupID, accountID);
      this.#groups.set(groupID, group);
    }
    group.accountIDs.add(accountID);
    return group;
  }

  #newCustomer(kind: Customer['kind'], customerID: string, accountID: string): Customer {
    const customer: Customer = { index: this.#customerCount, kind, customerID, accountIDs: new Set([accountID]) };
    this.#customerCount += 1;
    return customer;
  }
}
