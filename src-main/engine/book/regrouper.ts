/** Places holdings into the kernel: one entry per account and instrument, in the margin group that the aggregation rule of the day asks for. */
import type { Known } from '#shared/market/known';
import type { AggregationMethod } from '#shared/market/margin';
import { GROUP_METHOD, type Kernel } from './kernel/kernel';
import type { MarketRecords } from './market-records';
import type { ReferenceBook } from './reference';
import { placeCombinations } from './sides/place-combinations';
import type { AccountRecord, Holding, InstrumentRecord } from './things';
import { type ValuationContext, valueHolding } from './valuation';
import type { WhatIfColumns } from './what-if/what-if-columns';

export class Regrouper {
  readonly #kernel: Kernel;
  readonly #reference: ReferenceBook;
  readonly #records: MarketRecords;
  readonly #whatIf: WhatIfColumns;

  constructor(kernel: Kernel, reference: ReferenceBook, records: MarketRecords, whatIf: WhatIfColumns) {
    this.#kernel = kernel;
    this.#reference = reference;
    this.#records = records;
    this.#whatIf = whatIf;
  }

  /** Everything into fresh entries and groups: after a picture, a change of rules, or a new day. */
  regroupAll(context: ValuationContext): void {
    this.#kernel.clearEntries();
    let entries = 0;
    const rooms = new Int32Array(this.#records.instruments.length);
    for (const account of this.#records.accounts) {
      account.groups.clear();
      account.combinations?.placed.clear();
      for (const holding of account.holdings.values()) {
        holding.entry = -1;
        entries++;
        const { index } = holding.instrument;
        rooms[index] = (rooms[index] ?? 0) + 1;
      }
      // Room for the legs of combinations as well: an instrument that is full costs a layout of everything.
      for (const { item } of account.combinations?.rows.values() ?? []) {
        const index = this.#records.findInstrument(item.exchangeID, item.instrumentID)?.index ?? -1;
        if (index >= 0) rooms[index] = (rooms[index] ?? 0) + 1;
        entries++;
      }
    }
    this.#kernel.reserve({ entries, groups: entries, slots: Math.ceil(entries * 1.25) + rooms.length * 4 });
    this.#kernel.reserveSlots(rooms.map((count) => Math.ceil(count * 1.25) + 4));
    this.revalueAll(context);
  }

  /** Every holding again, in the groups there are. */
  revalueAll(context: ValuationContext): void {
    for (const account of this.#records.accounts) this.placeAccount(account, context);
  }

  /** All that an account holds, and what of it is in combinations. */
  placeAccount(account: AccountRecord, context: ValuationContext): void {
    const { combinations } = account;
    const { positionsDay, tradingDay } = context;
    combinations?.resolve(account, { records: this.#records, reference: this.#reference, positionsDay, tradingDay });
    for (const holding of account.holdings.values()) this.place(holding, context);
    if (combinations === null) return;
    placeCombinations(account, combinations, { kernel: this.#kernel, records: this.#records, whatIf: this.#whatIf }, context);
  }

  place(holding: Holding, context: ValuationContext): void {
    const figures = valueHolding(holding, context);
    if (holding.entry < 0)
      holding.entry = this.#kernel.addEntry(holding.instrument.index, holding.account.index, this.#groupOf(holding, context.tradingDay));
    if (figures.usesAverage !== holding.usesAverage) holding.instrument.averageHolders += figures.usesAverage ? 1 : -1;
    holding.usesAverage = figures.usesAverage;
    holding.netQuantity = figures.k;
    holding.profitReason = figures.profitReason;
    const { instrument } = holding;
    const { method } = this.#sidesOf(instrument, context.tradingDay);
    const methodReason = method.known ? null : method.reason;
    holding.marginReason = figures.marginReason ?? methodReason;
    holding.exchangeMarginReason = figures.exchangeMarginReason ?? methodReason;
    this.#kernel.setEntry(holding.entry, figures.k, figures.c, figures.fixed, figures.slopes);
    this.#whatIf.set(holding, context);
  }

  /** How the sides of a contract add up, and whether it stands apart from its product's other months. */
  #sidesOf({ exchangeID, productID, instrumentID }: InstrumentRecord, tradingDay: string): { method: Known<AggregationMethod>; isApart: boolean } {
    const exclusion = this.#reference.sides.exclusion(exchangeID, instrumentID, tradingDay);
    if (exclusion !== undefined) return { method: exclusion, isApart: true };
    const method = this.#reference.sides.aggregation(exchangeID, productID, tradingDay);
    return { method, isApart: method.known && method.value === 'instrumentBigSide' };
  }

  /** Big side across a product's months, per instrument, or plain: sides that may net share a group. */
  #groupOf({ instrument, account }: Holding, tradingDay: string): number {
    const { method, isApart } = this.#sidesOf(instrument, tradingDay);
    const product = `${instrument.exchangeID}|${instrument.productID}`;
    const key = isApart ? `${product}|${instrument.instrumentID}` : product;
    let group = account.groups.get(key);
    if (group === undefined) {
      const code = !method.known ? GROUP_METHOD.unknown : method.value === 'plainSum' ? GROUP_METHOD.plainSum : GROUP_METHOD.bigSide;
      group = this.#kernel.addGroup(account.index, code);
      account.groups.set(key, group);
    }
    return group;
  }
}
