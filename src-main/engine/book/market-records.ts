/** All instruments and accounts the book has heard of, found by key or by number; numbers are never reused while the book lives. */
import { ByContract } from '#shared/feed/by-contract';
import { contractAt } from '#shared/feed/contracts';
import type { Kernel } from './kernel/kernel';
import { MarkHistory } from './mark-history';
import { QuoteBoard } from './quote-board';
import { type AccountRecord, type Holding, InstrumentRecord, NO_MARKS } from './things';

export class MarketRecords {
  readonly instruments: InstrumentRecord[] = [];
  readonly accounts: AccountRecord[] = [];
  readonly accountIDs: string[] = [];
  readonly board = new QuoteBoard();
  readonly marks = new MarkHistory();
  readonly #byContract = new ByContract<InstrumentRecord>();
  /** -1 where there is no instrument yet. */
  readonly #indexByContract: number[] = [];
  readonly #byAccountID = new Map<string, AccountRecord>();
  readonly #kernel: Kernel;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  findInstrument(exchangeID: string, instrumentID: string): InstrumentRecord | null {
    return this.#byContract.get(exchangeID, instrumentID) ?? null;
  }

  instrument(exchangeID: string, instrumentID: string): InstrumentRecord {
    let record = this.#byContract.get(exchangeID, instrumentID);
    if (record === undefined) {
      record = new InstrumentRecord(this.#kernel.addInstrument(), exchangeID, instrumentID, this.board, this.marks);
      this.board.add();
      this.marks.add();
      this.#byContract.set(exchangeID, instrumentID, record);
      this.instruments.push(record);
    }
    return record;
  }

  /** The index of the instrument whose contract has this number. */
  indexOf(contractNumber: number): number {
    const known = this.#indexByContract[contractNumber];
    if (known !== undefined && known >= 0) return known;
    const { exchangeID, instrumentID } = contractAt(contractNumber);
    const { index } = this.instrument(exchangeID, instrumentID);
    while (this.#indexByContract.length <= contractNumber) this.#indexByContract.push(-1);
    this.#indexByContract[contractNumber] = index;
    return index;
  }

  findAccount(accountID: string): AccountRecord | null {
    return this.#byAccountID.get(accountID) ?? null;
  }

  account(accountID: string): AccountRecord {
    let record = this.#byAccountID.get(accountID);
    if (record === undefined) {
      record = {
        index: this.#kernel.addAccount(),
        accountID,
        master: null,
        counter: null,
        counterRefusal: null,
        masterRefusal: null,
        positionRefusals: [],
        holdings: new Map(),
        combinations: null,
        groups: new Map(),
        lotCount: 0,
        positionsAsOfMs: Number.NEGATIVE_INFINITY,
        isByLots: false,
        moneyReason: 'noAccount',
        residual: null,
        profitResidual: null,
        residualReason: 'noAccount',
      };
      this.#byAccountID.set(accountID, record);
      this.accounts.push(record);
      this.accountIDs.push(accountID);
    }
    return record;
  }

  holding(account: AccountRecord, instrument: InstrumentRecord): Holding {
    let holding = account.holdings.get(instrument.index);
    if (holding === undefined) {
      holding = {
        account,
        instrument,
        sides: [],
        entry: -1,
        usesAverage: false,
        netQuantity: 0,
        profitReason: null,
        marginReason: null,
        exchangeMarginReason: null,
        conflicts: NO_MARKS,
        refusals: NO_MARKS,
      };
      account.holdings.set(instrument.index, holding);
      instrument.holdings.push(holding);
    }
    return holding;
  }

  /** An account that no feed names any more is not shown, though its number stays. */
  isPresent(account: AccountRecord): boolean {
    return account.master !== null || account.counter !== null || account.counterRefusal !== null || account.holdings.size > 0;
  }
}
