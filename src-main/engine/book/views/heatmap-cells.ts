/** What one holding contributes to a cell: profit, net notional, or its share of the margin group it nets in. */
import type { HeatMeasure } from '#shared/contract/streams';
import type { Book } from '../book';
import { SCALE } from '../kernel/kernel';
import type { AccountRecord, Holding, InstrumentRecord } from '../things';

export type Measure = HeatMeasure;
type CellMeasure = Exclude<HeatMeasure, 'riskDegree'>;
type Contribution = { instrument: InstrumentRecord; value: number };

const BIG_SIDE = 0;

export class CellSums {
  readonly #book: Book;
  readonly #isWanted: (instrument: InstrumentRecord) => boolean;

  constructor(book: Book, isWanted: (instrument: InstrumentRecord) => boolean) {
    this.#book = book;
    this.#isWanted = isWanted;
  }

  /** One number per holding that is not empty; they add up to the account's own figure when nothing is left out by the scope. */
  ofAccount(account: AccountRecord, measure: CellMeasure): Contribution[] {
    const held: Holding[] = [];
    for (const holding of account.holdings.values()) if (holding.entry >= 0 && isHeld(holding)) held.push(holding);
    const contributions =
      measure === 'currMargin'
        ? this.#margins(held, account)
        : held.map((holding) => ({ instrument: holding.instrument, value: this.#value(holding, measure) }));
    return contributions.filter(({ instrument }) => this.#isWanted(instrument));
  }

  rowSum(accounts: readonly AccountRecord[], measure: CellMeasure): number {
    let sum = 0;
    for (const account of accounts) for (const { value } of this.ofAccount(account, measure)) sum += value;
    return sum;
  }

  #value(holding: Holding, measure: 'positionProfit' | 'netNotional'): number {
    if (holding.profitReason !== null) return Number.NaN;
    const { kernel } = this.#book;
    const price = kernel.columns.price[holding.instrument.index] ?? Number.NaN;
    const notional = holding.netQuantity === 0 ? 0 : holding.netQuantity * price;
    return (measure === 'netNotional' ? notional : notional - kernel.costOf(holding.entry)) / SCALE;
  }

  /**
   * Margin by holding, and by leg of what is in combinations. Under a big side only the larger side costs anything, so a holding is charged its part of
   * that side; the parts of a group add up to the group's margin.
   */
  #margins(held: readonly Holding[], { combinations }: AccountRecord): Contribution[] {
    const { columns } = this.#book.kernel;
    const legs = [...(combinations?.placed.values() ?? [])].flatMap(({ entries }) => entries);
    const groups = new Map<number, { long: number; short: number }>();
    const sides = [...held.map(({ entry }) => entry), ...legs].map((entry) => {
      const index = columns.entryInstrument[entry] ?? -1;
      const price = columns.price[index] ?? Number.NaN;
      const side = (first: number): number => {
        const slope = columns.entrySlope[first] ?? 0;
        return (columns.entryFixed[first] ?? 0) + (slope === 0 ? 0 : slope * price);
      };
      const group = columns.entryGroup[entry] ?? 0;
      const long = side(entry * 4);
      const short = side(entry * 4 + 1);
      const total = groups.get(group) ?? { long: 0, short: 0 };
      total.long += long;
      total.short += short;
      groups.set(group, total);
      return { index, group, long, short };
    });
    return sides.flatMap(({ index, group, long, short }, at) => {
      // A combination that was dissolved keeps its place without margin, on contracts that may be held no more.
      if (at >= held.length && long === 0 && short === 0) return [];
      const instrument = this.#book.records.instruments[index];
      const method = columns.groupMethod[group];
      const total = groups.get(group) ?? { long: 0, short: 0 };
      const isUnknown = Number.isNaN(total.long) || Number.isNaN(total.short) || method === 2;
      const value = isUnknown ? Number.NaN : method === BIG_SIDE ? (total.long >= total.short ? long : short) : long + short;
      return instrument === undefined ? [] : [{ instrument, value }];
    });
  }
}

export function isHeld(holding: Holding): boolean {
  return holding.sides.some((side) => side.lots.size > 0 || side.slices.values().some((slice) => slice.item.position > 0));
}
