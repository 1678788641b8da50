/** Counts that exchanges set limits to: per control group, contract and trading day, with each account's own part beside it. */

import { MOST_EVIDENCE } from '#shared/desk/rules/evidence';
import type { DetectorDesk } from './detector-desk';
import type { AccountCount } from './finding';
import type { AccountContract, AccountState, CustomerContract } from './market-state';
import type { ThresholdRow } from './thresholds';

type Merged = {
  certain: number;
  unknown: number;
  sinceMs: number;
  members: { account: AccountState; certain: number }[];
  /** What was counted before anything was noted; kept only where the first step is so low that all of it is evidence. */
  orderSysIDs: string[];
  tradeIDs: string[];
};
export type CountedThing = {
  contract: AccountContract;
  atMs: number;
  amount: number;
  /** It may or may not count: the source does not say. */
  isUnknown?: boolean;
  /** The other account of the group that it is about; then it is the group's and neither account's own. */
  between?: AccountState;
  orderSysID?: string | null;
  tradeID?: string | null;
};

export class MergedCount {
  readonly #desk: DetectorDesk;
  #merged: (Merged | undefined)[] = [];

  constructor(desk: DetectorDesk) {
    this.#desk = desk;
  }

  startDay(): void {
    this.#merged = [];
  }

  /** Counts, and reports when the row's thresholds are reached. What is unknown alone brings a finding to `warn` at most. */
  add(row: ThresholdRow, thing: CountedThing, factors?: (merged: CustomerContract) => Record<string, number>): void {
    const { merged } = thing.contract;
    let count = this.#merged[merged.index];
    if (count === undefined) {
      count = { certain: 0, unknown: 0, sinceMs: thing.atMs, members: [], orderSysIDs: [], tradeIDs: [] };
      this.#merged[merged.index] = count;
    }
    if (thing.isUnknown === true) count.unknown += thing.amount;
    else count.certain += thing.amount;
    const isOwn = thing.isUnknown !== true && thing.between === undefined;
    addMember(count, thing.contract.account, isOwn ? thing.amount : 0);
    if (thing.between !== undefined) addMember(count, thing.between, 0);
    if (thing.atMs < count.sinceMs) count.sinceMs = thing.atMs;
    if (count.certain + count.unknown < row.ignore) {
      if (row.ignore > MOST_EVIDENCE) return;
      if (thing.orderSysID !== undefined && thing.orderSysID !== null) count.orderSysIDs.push(thing.orderSysID);
      if (thing.tradeID !== undefined && thing.tradeID !== null) count.tradeIDs.push(thing.tradeID);
      return;
    }
    const isCertain = count.certain >= row.ban;
    const { members } = count;
    this.#desk.findings.observe({
      row,
      customer: merged.customer,
      instrument: merged.instrument,
      value: isCertain ? count.certain : count.certain + count.unknown,
      atMs: thing.atMs,
      sinceMs: count.sinceMs,
      byAccount: () => members.map((member): AccountCount => ({ accountID: member.account.accountID, value: member.certain })),
      unknownCount: count.unknown,
      ...(factors === undefined ? {} : { factors: () => factors(merged) }),
      orderSysID: thing.orderSysID ?? null,
      tradeID: thing.tradeID ?? null,
      earlier: count,
      highestRung: isCertain || count.unknown === 0 ? 'ban' : 'warn',
    });
  }
}

function addMember(count: Merged, account: AccountState, amount: number): void {
  const member = count.members.find((one) => one.account === account);
  if (member === undefined) count.members.push({ account, certain: amount });
  else member.certain += amount;
}
