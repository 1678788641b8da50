/** Instruments and their quotes as the feeds say them: which master and which prices each has now, and who must be valued again because of it. */
import type { ItemsEvent } from '#shared/feed/intake';
import type { Quote } from '#shared/feed/items';
import type { Kernel } from './kernel/kernel';
import type { MarketRecords } from './market-records';
import { badPricesOf, withoutPrices } from './prices';
import type { ReferenceBook } from './reference';
import { type Refusal, refusalOf } from './refusals';
import type { Holding, InstrumentRecord } from './things';

const NO_PRICES: ReturnType<typeof badPricesOf> = [];

export class InstrumentQuotes {
  readonly #records: MarketRecords;
  readonly #kernel: Kernel;
  readonly #touched: Set<Holding>;
  readonly #optionsOn = new Map<InstrumentRecord, InstrumentRecord[]>();

  /** `touched` receives the holdings whose cost or margin follows what changed; prices go to the kernel at once. */
  constructor(records: MarketRecords, kernel: Kernel, touched: Set<Holding>) {
    this.#records = records;
    this.#kernel = kernel;
    this.#touched = touched;
  }

  /** Every instrument's master anew from the reference data. */
  readMasters(reference: ReferenceBook): void {
    for (const record of this.#records.instruments) {
      record.master = null;
      record.masterRefusal = null;
    }
    for (const { item } of reference.items.byKey.values()) {
      if (item.kind !== 'instrument') continue;
      const record = this.#records.instrument(item.exchangeID, item.instrumentID);
      record.master = item;
      record.productID = item.productID;
    }
    for (const refusal of reference.refusals()) {
      const { exchangeID, instrumentID } = refusal.item.about;
      const record = this.#records.findInstrument(exchangeID ?? '', instrumentID ?? '');
      if (record !== null) record.masterRefusal = refusal;
    }
    this.#optionsOn.clear();
    for (const record of this.#records.instruments) {
      const underlying = this.underlyingOf(record);
      if (underlying !== null) this.#optionsOn.set(underlying, [...(this.#optionsOn.get(underlying) ?? []), record]);
    }
  }

  underlyingOf(option: InstrumentRecord): InstrumentRecord | null {
    const { master } = option;
    if (master?.productClass !== 'option' || master.underlyingInstrID === undefined) return null;
    return this.#records.findInstrument(option.exchangeID, master.underlyingInstrID);
  }

  apply(event: ItemsEvent<'quotes'>): void {
    if (event.type === 'picture') {
      const named = new Set(event.items.map((item) => this.#records.instrument(item.exchangeID, item.instrumentID)));
      for (const record of this.#records.instruments)
        if ((record.quote !== null || record.quoteRefusal !== null) && record.quoteFeedId === event.feedId && !named.has(record))
          this.#set(record, null, event, null);
    }
    for (const quote of event.items) this.#set(this.#records.instrument(quote.exchangeID, quote.instrumentID), quote, event, null);
    for (const item of event.refused ?? []) {
      // Only what the desk knows already: a refused quote must not make a new contract up.
      const record = this.#records.findInstrument(item.about.exchangeID ?? '', item.about.instrumentID ?? '');
      if (record !== null) this.#set(record, null, event, refusalOf(event.feedId, item, 'quoteRefused', record.label));
    }
    this.#kernel.flushPrices();
  }

  /** Without a quote the price is unknown: the one before it must not go on as if it were current. */
  #set(record: InstrumentRecord, said: Quote | null, event: ItemsEvent<'quotes'>, refusal: Refusal | null): void {
    const before = record.quote;
    const badPrices = said === null ? NO_PRICES : badPricesOf(said, record);
    const quote = said === null || badPrices.length === 0 ? said : withoutPrices(said, badPrices);
    const isOtherReason = record.quoteRefusal !== null || refusal !== null || record.badPrices.length > 0 || badPrices.length > 0;
    record.quote = quote;
    if (isOtherReason) {
      record.quoteRefusal = refusal;
      record.badPrices = badPrices;
    }
    // Written only where it is another: what is merely read again need not go back to memory.
    if (record.quoteFeedId !== event.feedId) record.quoteFeedId = event.feedId;
    record.quoteReceivedAtMs = event.receivedAtMs;
    const isNewDay = record.quoteTradingDay !== event.tradingDay;
    if (isNewDay) record.quoteTradingDay = event.tradingDay;
    const last = quote?.lastPrice;
    this.#kernel.queuePrice(record.index, last ?? Number.NaN);
    if (quote !== null && last !== undefined) record.marks.push(quote.updateTimeMs, last, event.mergedFromMs);
    const isReferenceChanged = isNewDay || isOtherReason || before?.preSettlementPrice !== quote?.preSettlementPrice;
    const isAverageChanged =
      record.averageHolders > 0 &&
      (before?.averagePrice !== quote?.averagePrice || before?.lowestPrice !== quote?.lowestPrice || before?.highestPrice !== quote?.highestPrice);
    if (isReferenceChanged || isAverageChanged) for (const holding of record.holdings) this.#touched.add(holding);
    // A seller's margin stands on the underlying's pre-settlement price.
    if (isReferenceChanged) for (const option of this.#optionsOn.get(record) ?? []) for (const holding of option.holdings) this.#touched.add(holding);
  }
}
