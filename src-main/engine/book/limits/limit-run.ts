/** Positions merged per holder (one account, or all accounts under one control) and contract, as columns: made in one pass, shown a window at a time. */
import type { LimitsParams } from '#shared/contract/numbers-limits';
import type { Reason } from '#shared/market/reason';
import type { Book } from '../book';
import { lotVolume, sliceVolume, volumeProblem } from '../holding-problem';
import type { AccountRecord } from '../things';
import { isByLots } from '../valuation';
import { accountFilter, instrumentFilter, textFilter } from '../views/scope';

export type Holder = {
  kind: 'account' | 'controlGroup';
  id: string;
  name: string;
  accounts: AccountRecord[];
  /** Why nobody knows which accounts these are; null when it is known. */
  membersReason: Reason | null;
};

export type LimitRun = {
  holders: Holder[];
  /** Per row: which holder, which instrument, and volumes in lots without hedging, and hedging apart. */
  holder: Int32Array;
  instrument: Int32Array;
  long: Float64Array;
  short: Float64Array;
  hedge: Float64Array;
  /** Rows whose volumes are not known, with the reason. */
  problems: Map<number, Reason>;
  count: number;
};

/** Accounts in no control group stand for themselves. */
export function holdersOf(book: Book, params: Pick<LimitsParams, 'by' | 'scope' | 'filter'>): Holder[] {
  const isWanted = accountFilter(book, params.scope);
  const matches = textFilter(params.filter);
  const groups = new Map<string, Holder>();
  const holders: Holder[] = [];
  for (const account of book.records.accounts) {
    if (!isWanted(account)) continue;
    const groupID = params.by === 'controlGroup' ? book.reference.controlGroupOf(account.accountID) : null;
    if (groupID === null) {
      holders.push({ kind: 'account', id: account.accountID, name: account.master?.accountName ?? '', accounts: [account], membersReason: null });
      continue;
    }
    const known = groups.get(groupID);
    if (known !== undefined) {
      known.accounts.push(account);
      continue;
    }
    const name = book.reference.controlGroups.get(groupID)?.controlGroupName ?? groupID;
    const membersReason = book.reference.groupRefusal(groupID);
    const holder: Holder = { kind: 'controlGroup', id: groupID, name, accounts: [account], membersReason };
    groups.set(groupID, holder);
    holders.push(holder);
  }
  return matches === null ? holders : holders.filter(({ id, name, accounts }) => matches(id, name, ...accounts.map(({ accountID }) => accountID)));
}

export function runLimits(book: Book, params: Pick<LimitsParams, 'by' | 'scope' | 'filter'>): LimitRun {
  const holders = holdersOf(book, params);
  const isWanted = instrumentFilter(params.scope);
  const room = book.kernel.entryCount;
  const run: LimitRun = {
    holders,
    holder: new Int32Array(room),
    instrument: new Int32Array(room),
    long: new Float64Array(room),
    short: new Float64Array(room),
    hedge: new Float64Array(room),
    problems: new Map(),
    count: 0,
  };
  // Where the holder's row of an instrument is; older holders' marks are recognised by the row lying before their first.
  const rowOf = new Int32Array(book.kernel.instrumentCount).fill(-1);
  holders.forEach(({ accounts, membersReason }, index) => {
    const first = run.count;
    for (const account of accounts) {
      for (const holding of account.holdings.values()) {
        const { instrument } = holding;
        if (!isWanted(instrument)) continue;
        let row = rowOf[instrument.index] ?? -1;
        const open = (): void => {
          if (row >= first) return;
          row = run.count++;
          rowOf[instrument.index] = row;
          run.holder[row] = index;
          run.instrument[row] = instrument.index;
        };
        const problem = volumeProblem(holding);
        if (problem !== null) {
          open();
          run.problems.set(row, problem);
        }
        for (const side of holding.sides) {
          const volume = isByLots(side, account) ? lotVolume(side) : sliceVolume(side);
          if (volume === 0) continue;
          open();
          // Hedging positions have a quota of their own: neither the limit nor the large-trader report counts them.
          const column = side.hedgeFlag === 'hedge' ? run.hedge : run[side.direction];
          column[row] = (column[row] ?? 0) + volume;
        }
      }
    }
    if (membersReason !== null) for (let row = first; row < run.count; row++) run.problems.set(row, membersReason);
  });
  return run;
}
