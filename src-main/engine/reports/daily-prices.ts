/** Keeps each contract's settlement price and volume day by day: today's quotes carry yesterday's settlement, which is the official one. */
import type { Book } from '#engine/book/book';
import type { DailyPrice } from '#engine/store/price-history';

/** The exchange's trading day before `day`, by its calendar; null when the calendar does not reach so far. */
export function previousTradingDay(book: Book, exchangeID: string, day: string): string | null {
  const days = book.reference.calendarOf(exchangeID, day)?.tradingDays ?? [];
  return days.filter((date) => date < day).reduce<string | null>((newest, date) => (newest === null || date > newest ? date : newest), null);
}

/** Volumes of the day that is ending are remembered until its settlement is known. */
export class DailyPriceSampler {
  readonly #volumes = new Map<string, { day: string; volume: number }>();
  readonly #lastVolumes = new Map<string, { day: string; volume: number }>();

  sample(book: Book): DailyPrice[] {
    const previous = new Map<string, string | null>();
    return book.records.instruments.flatMap((instrument): DailyPrice[] => {
      const { quote, quoteTradingDay: day, exchangeID, instrumentID, label } = instrument;
      if (quote === null || day === '' || day !== book.tradingDay) return [];
      const kept = this.#volumes.get(label);
      if (kept !== undefined && kept.day !== day) this.#lastVolumes.set(label, kept);
      if (quote.volume !== undefined) this.#volumes.set(label, { day, volume: quote.volume });
      if (quote.preSettlementPrice === undefined || quote.preSettlementPrice <= 0) return [];
      if (!previous.has(exchangeID)) previous.set(exchangeID, previousTradingDay(book, exchangeID, day));
      const date = previous.get(exchangeID) ?? null;
      if (date === null) return [];
      const last = this.#lastVolumes.get(label);
      const volume = last?.day === date ? last.volume : null;
      return [{ date, exchangeID, instrumentID, settlementPrice: quote.preSettlementPrice, volume, source: instrument.quoteFeedId }];
    });
  }
}
