/** The latest quotes of every contract as plain numbers: what detectors compare orders with, and what a finding shows of the market around it. */
import { type EvidenceTick, MOST_EVIDENCE } from '#shared/desk/rules/evidence';
import { ROW } from '#shared/feed/quote-rows';

/** Places in a tick. */
export const TICK = { timeMs: 0, lastPrice: 1, bidPrice: 2, askPrice: 3, volume: 4, upperLimitPrice: 5, lowerLimitPrice: 6 } as const;
const TICK_LENGTH = 7;
const RING_LENGTH = MOST_EVIDENCE * TICK_LENGTH;
/** Contracts whose ticks lie in one piece of memory. */
const PIECE = 32;

/** Numbers and not the quotes themselves: thousands of those, each kept for a moment, are what the garbage collector would copy all day. */
export class TickBoard {
  readonly #pieces: Float64Array[] = [];
  /** Ticks that were ever taken, of each contract. */
  readonly #counts: number[] = [];

  /** The next contract has its place. */
  add(): void {
    const count = this.#counts.push(0);
    if (count > this.#pieces.length * PIECE) this.#pieces.push(new Float64Array(PIECE * RING_LENGTH).fill(Number.NaN));
  }

  /** Takes the quote in the row that begins at `at`. */
  push(contract: number, rows: Float64Array, at: number): void {
    const numbers = this.#pieces[Math.floor(contract / PIECE)] as Float64Array;
    const count = this.#counts[contract] as number;
    const to = (contract % PIECE) * RING_LENGTH + (count % MOST_EVIDENCE) * TICK_LENGTH;
    numbers[to + TICK.timeMs] = rows[at + ROW.updateTimeMs] as number;
    numbers[to + TICK.lastPrice] = rows[at + ROW.lastPrice] as number;
    numbers[to + TICK.bidPrice] = rows[at + ROW.bidPrice1] as number;
    numbers[to + TICK.askPrice] = rows[at + ROW.askPrice1] as number;
    numbers[to + TICK.volume] = rows[at + ROW.volume] as number;
    numbers[to + TICK.upperLimitPrice] = rows[at + ROW.upperLimitPrice] as number;
    numbers[to + TICK.lowerLimitPrice] = rows[at + ROW.lowerLimitPrice] as number;
    this.#counts[contract] = count + 1;
  }

  /** NaN where nothing was said. */
  latest(contract: number, place: (typeof TICK)[keyof typeof TICK]): number {
    const count = this.#counts[contract] as number;
    if (count === 0) return Number.NaN;
    const at = (contract % PIECE) * RING_LENGTH + ((count - 1) % MOST_EVIDENCE) * TICK_LENGTH;
    return (this.#pieces[Math.floor(contract / PIECE)] as Float64Array)[at + place] as number;
  }

  /** Oldest first; null where the source said nothing. */
  ticksOf(contract: number, { exchangeID, instrumentID }: { exchangeID: string; instrumentID: string }): EvidenceTick[] {
    const count = this.#counts[contract] as number;
    const kept = Math.min(count, MOST_EVIDENCE);
    const numbers = this.#pieces[Math.floor(contract / PIECE)] as Float64Array;
    return Array.from({ length: kept }, (_, index) => {
      const at = (contract % PIECE) * RING_LENGTH + ((count - kept + index) % MOST_EVIDENCE) * TICK_LENGTH;
      const said = (place: number): number | null => {
        const value = numbers[at + place] as number;
        return Number.isNaN(value) ? null : value;
      };
      return {
        exchangeID,
        instrumentID,
        timeMs: numbers[at] as number,
        lastPrice: said(TICK.lastPrice),
        bidPrice: said(TICK.bidPrice),
        askPrice: said(TICK.askPrice),
        volume: said(TICK.volume),
      };
    });
  }
}
