/** Places holdings into the kernel: one entry per account and instrument, in the margin group that the aggregation rule of the day asks for. */
import { GROUP_METHOD, type Kernel } from './kernel/kernel';
import type { MarketRecords } from './market-records';
import type { ReferenceBook } from './reference';
import type { Holding } from './things';
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
      for (const holding of account.holdings.values()) {
        holding.entry = -1;
        entries++;
        const { index } = holding.instrument;
        rooms[index] = (rooms[index] ?? 0) + 1;
      }
    }
    this.#kernel.reserve({ entries, groups: entries, slots: Math.ceil(entries * 1.25) + rooms.length * 4 });
    this.#kernel.reserveSlots(rooms.map((count) => Math.ceil(count * 1.25) + 4));
    this.revalueAll(context);
  }

  /** Every holding again, in the groups there are. */
  revalueAll(context: ValuationContext): void {
    for (const account of this.#records.accounts) for (const holding of account.holdings.values()) this.place(holding, context);
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
    const method = this.#reference.aggregation(instrument.exchangeID, instrument.productID, context.tradingDay);
    const methodReason = method.known ? null : method.reason;
    holding.marginReason = figures.marginReason ?? methodReason;
    holding.exchangeMarginReason = figures.exchangeMarginReason ?? methodReason;
    this.#kernel.setEntry(holding.entry, figures.k, figures.c, figures.fixed, figures.slopes);
    this.#whatIf.set(holding, context);
  }

  /** Big side across a product's months, per instrument, or plain: sides that may net share a group. */
  #groupOf(holding: Holding, tradingDay: string): number {
    const { instrument, account } = holding;
    const method = this.#reference.aggregation(instrument.exchangeID, instrument.productID, tradingDay);
    const product = `${instrument.exchangeID}|${instrument.productID}`;
    const isPerInstrument = method.known && method.value === 'instrumentBigSide';
    const key = isPerInstrument ? `${product}|${instrument.instrumentID}` : product;
    let group = account.groups.get(key);
    if (group === undefined) {
      const code = !method.known ? GROUP_METHOD.unknown : method.value === 'plainSum' ? GROUP_METHOD.plainSum : GROUP_METHOD.bigSide;
      group = this.#kernel.addGroup(account.index, code);
      account.groups.set(key, group);
    }
    return group;
  }
}
