/** The course of every account's degree over the last hours, for the curve on its page: samples in memory, bounded in bytes whatever the number of accounts. */
import type { AccountHistory } from '#shared/contract/numbers-account';
import type { Book } from './book';

/** Money to the cent needs all digits; a degree does not. Without columns it is a gap. */
type Sample = { atMs: number; riskDegree: Float32Array; exchangeRiskDegree: Float32Array; balance: Float64Array; currMargin: Float64Array };

export const HISTORY_EVERY_MS = 10_000;
const BYTES_PER_ACCOUNT = 2 * 4 + 2 * 8;
/** About seven hours of a thousand accounts, or three quarters of one of ten thousand. */
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_SAMPLES = (12 * 3_600_000) / HISTORY_EVERY_MS;

const NO_COLUMNS = {
  riskDegree: new Float32Array(0),
  exchangeRiskDegree: new Float32Array(0),
  balance: new Float64Array(0),
  currMargin: new Float64Array(0),
};

export class AccountHistories {
  #samples: Sample[] = [];
  #bytes = 0;
  #book: Book | null = null;

  /**
   * Takes a sample when ten seconds have passed; a book built anew begins an empty history, since its account numbers are other ones. Without live data there
   * is a gap: what stands in the book then is half a picture, or an old one, and never a reading.
   */
  sample(book: Book, nowMs: number, isLive: boolean): void {
    if (book !== this.#book) {
      this.#book = book;
      this.#samples = [];
      this.#bytes = 0;
    }
    const last = this.#samples.at(-1);
    // A clock that was set back must not stop the history for hours.
    if (last !== undefined && nowMs >= last.atMs && nowMs - last.atMs < HISTORY_EVERY_MS) return;
    if (!isLive) {
      if (last !== undefined && last.balance.length > 0) this.#samples.push({ ...NO_COLUMNS, atMs: nowMs });
      return;
    }
    const { count, riskDegree, exchangeRiskDegree, balance, currMargin } = book.accountColumns();
    if (count === 0) return;
    this.#samples.push({
      atMs: nowMs,
      riskDegree: Float32Array.from(riskDegree),
      exchangeRiskDegree: Float32Array.from(exchangeRiskDegree),
      balance: Float64Array.from(balance),
      currMargin: Float64Array.from(currMargin),
    });
    this.#bytes += count * BYTES_PER_ACCOUNT;
    while (this.#bytes > MAX_BYTES || this.#samples.length > MAX_SAMPLES) {
      const oldest = this.#samples.shift();
      if (oldest === undefined) break;
      this.#bytes -= oldest.balance.length * BYTES_PER_ACCOUNT;
    }
  }

  /** NaN where the account was not there yet or its figure was unknown. */
  of(book: Book, accountID: string): AccountHistory {
    const index = book.records.findAccount(accountID)?.index ?? -1;
    const samples = book === this.#book && index >= 0 ? this.#samples : [];
    const column = (name: Exclude<keyof Sample, 'atMs'>): Float64Array => Float64Array.from(samples, (sample) => sample[name][index] ?? Number.NaN);
    return {
      accountID,
      everyMs: HISTORY_EVERY_MS,
      atMs: Float64Array.from(samples, ({ atMs }) => atMs),
      riskDegree: column('riskDegree'),
      exchangeRiskDegree: column('exchangeRiskDegree'),
      balance: column('balance'),
      currMargin: column('currMargin'),
    };
  }
}
