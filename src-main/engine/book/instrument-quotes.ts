/** Instruments and their quotes as the feeds say them: which master and which prices each has now, and who must be valued again because of it. */
import { type ItemsEvent, rowsOf } from '#shared/feed/intake';
import { type QuoteRows, ROW, ROW_LENGTH } from '#shared/feed/quote-rows';
import type { Kernel } from './kernel/kernel';
import type { MarketRecords } from './market-records';
import { badPricesOf, withoutPrices } from './prices';
import type { QuoteOrigin } from './quote-board';
import type { ReferenceBook } from './reference';
import { type Refusal, refusalOf } from './refusals';
import type { Holding, InstrumentRecord } from './things';

export class InstrumentQuotes {
  readonly #records: MarketRecords;
  readonly #kernel: Kernel;
  readonly #touched: Set<Holding>;
  readonly #optionsOn = new Map<InstrumentRecord, InstrumentRecord[]>();
  /** Instruments whose last quote was refused or had prices that are none. */
  readonly #troubled = new Set<number>();

  /** `touched` receives the holdings whose cost or margin follows what changed; prices go to the kernel at once. */
  constructor(records: MarketRecords, kernel: Kernel, touched: Set<Holding>) {
    this.#records = records;
    this.#kernel = kernel;
    this.#touched = touched;
  }

  /** Every instrument's master anew from the reference data of the day, and the pre-settlement prices that the desk supplied for it. */
  readMasters(reference: ReferenceBook, day: string): void {
    for (const record of this.#records.instruments) {
      record.master = null;
      record.masterRefusal = null;
      record.ownPreSettlement = null;
    }
    for (const { instrument } of reference.contracts(day)) {
      const record = this.#records.instrument(instrument.exchangeID, instrument.instrumentID);
      record.master = instrument;
      record.productID = instrument.productID;
    }
    for (const row of reference.own.pricesOn(day))
      if (row.item.kind === 'preSettlement') this.#records.instrument(row.item.exchangeID, row.item.instrumentID).ownPreSettlement = row;
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
    const { board } = this.#records;
    const rows = rowsOf(event);
    const { numbers, count } = rows;
    const origin = board.originOf(event.feedId, event.tradingDay);
    const end = count * ROW_LENGTH;
    if (event.type === 'picture') this.#forgetUnnamed(event, rows);
    for (let at = 0; at < end; at += ROW_LENGTH) this.#set(this.#records.indexOf(numbers[at] as number), numbers, at, origin, event);
    for (const item of event.refused ?? []) {
      // Only what the desk knows already: a refused quote must not make a new contract up.
      const record = this.#records.findInstrument(item.about.exchangeID ?? '', item.about.instrumentID ?? '');
      if (record !== null) this.#clear(record, event, refusalOf(event.feedId, item, 'quoteRefused', record.label));
    }
    this.#kernel.flushPrices();
  }

  /** A picture leaves out what its feed no longer says anything about. */
  #forgetUnnamed(event: ItemsEvent<'quotes'>, { numbers, count }: QuoteRows): void {
    const named = new Set<number>();
    for (let row = 0; row < count; row += 1) named.add(this.#records.indexOf(numbers[row * ROW_LENGTH] as number));
    for (const record of this.#records.instruments)
      if ((record.quote !== null || record.quoteRefusal !== null) && record.quoteFeedId === event.feedId && !named.has(record.index))
        this.#clear(record, event, null);
  }

  #set(index: number, said: Float64Array, saidAt: number, origin: QuoteOrigin, event: ItemsEvent<'quotes'>): void {
    const { board, marks, instruments } = this.#records;
    const badPrices = badPricesOf(said, saidAt, instruments, index);
    const isBad = badPrices.length > 0;
    const rows = isBad ? withoutPrices(said, saidAt, badPrices) : said;
    const at = isBad ? 0 : saidAt;
    const before = index * ROW_LENGTH;
    const isOtherReference = isOther(board.numbers, before, rows, at, ROW.preSettlementPrice);
    const isOtherAverage =
      isOther(board.numbers, before, rows, at, ROW.averagePrice) ||
      isOther(board.numbers, before, rows, at, ROW.lowestPrice) ||
      isOther(board.numbers, before, rows, at, ROW.highestPrice);
    const isNewDay = board.takeOrigin(index, origin);
    board.set(index, rows, at, event.receivedAtMs);
    const last = rows[at + ROW.lastPrice] as number;
    this.#kernel.queuePrice(index, last);
    if (!Number.isNaN(last)) marks.push(index, rows[at + ROW.updateTimeMs] as number, last, event.mergedFromMs);
    // Nearly always the record itself, which has been pushed out of the processor's caches, need not be looked at.
    const wasTroubled = this.#troubled.has(index);
    if (!isOtherReference && !isOtherAverage && !isNewDay && !isBad && !wasTroubled) return;
    const record = instruments[index] as InstrumentRecord;
    if (isBad || wasTroubled) {
      record.quoteRefusal = null;
      record.badPrices = badPrices;
      if (isBad) this.#troubled.add(index);
      else this.#troubled.delete(index);
    }
    const isReferenceChanged = isOtherReference || isNewDay || isBad || wasTroubled;
    if (isReferenceChanged || (isOtherAverage && record.averageHolders > 0)) this.#touch(record, isReferenceChanged);
  }

  /** Without a quote the price is unknown: the one before it must not go on as if it were current. */
  #clear(record: InstrumentRecord, event: ItemsEvent<'quotes'>, refusal: Refusal | null): void {
    const { board } = this.#records;
    const { index, quote, averageHolders } = record;
    const isOtherReason = record.quoteRefusal !== null || refusal !== null || record.badPrices.length > 0;
    const isNewDay = board.takeOrigin(index, board.originOf(event.feedId, event.tradingDay));
    const hadAverage = quote?.averagePrice !== undefined || quote?.lowestPrice !== undefined || quote?.highestPrice !== undefined;
    board.clear(index, event.receivedAtMs);
    record.quoteRefusal = refusal;
    record.badPrices = [];
    if (refusal === null) this.#troubled.delete(index);
    else this.#troubled.add(index);
    this.#kernel.queuePrice(index, Number.NaN);
    const isReferenceChanged = isNewDay || isOtherReason || quote?.preSettlementPrice !== undefined;
    if (isReferenceChanged || (hadAverage && averageHolders > 0)) this.#touch(record, isReferenceChanged);
  }

  /** Its holdings are valued again. A seller's margin stands on the underlying's pre-settlement price. */
  #touch(record: InstrumentRecord, isReferenceChanged: boolean): void {
    for (const holding of record.holdings) this.#touched.add(holding);
    if (isReferenceChanged) for (const option of this.#optionsOn.get(record) ?? []) for (const holding of option.holdings) this.#touched.add(holding);
  }
}

/** Whether a field differs between two rows; a field that both leave out does not. */
function isOther(a: Float64Array, atA: number, b: Float64Array, atB: number, place: number): boolean {
  const valueA = a[atA + place] as number;
  const valueB = b[atB + place] as number;
  return valueA !== valueB && !(Number.isNaN(valueA) && Number.isNaN(valueB));
}
