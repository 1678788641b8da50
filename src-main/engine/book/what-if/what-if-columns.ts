/**
 * Per kernel entry, what a margin would be at another price or rate than today's: filled on the first scenario that asks for it and then kept in step
 * with every change of a position or a rate. Four sides as the kernel has them: company long and short, exchange long and short.
 */
import type { HedgeFlag } from '#shared/feed/items';
import { dayAverageOf } from '../day-average';
import { SCALE } from '../kernel/kernel';
import type { AccountRecord, Holding, InstrumentRecord, SideSums } from '../things';
import { sideMargin, type ValuationContext } from '../valuation';

const UNIT_RATE = { known: true, value: { longByMoney: 1, longByVolume: 0, shortByMoney: 1, shortByVolume: 0 } } as const;

/** Lots that count on one side of an entry. */
type SideOfEntry = { sums: SideSums | null; isLong: boolean; hedgeFlag: HedgeFlag; place: 0 | 1 };

export class WhatIfColumns {
  /** After a settlement: margin per scaled price, and the part by volume. 4 per entry. */
  settledSlope = new Float64Array(0);
  settledFlat = new Float64Array(0);
  /** What one point of rate by money adds: a fixed part and a part per scaled price at today's margin prices, and per scaled price after a settlement. 2 per entry. */
  baseFixed = new Float64Array(0);
  baseSlope = new Float64Array(0);
  units = new Float64Array(0);
  /** The smallest rate by money in the entry, by layer: below minus it, an override meets the floor of zero. 2 per entry. */
  smallestRate = new Float64Array(0);
  /** Nothing is kept until something needs it: twelve numbers per position are not free. */
  isActive = false;

  #grow(entries: number): void {
    if (this.units.length >= entries * 2) return;
    const size = Math.max(64, Math.ceil(entries * 1.5));
    const grown = (column: Float64Array<ArrayBuffer>, width: number): Float64Array<ArrayBuffer> => {
      const next = new Float64Array(size * width);
      next.set(column);
      return next;
    };
    this.settledSlope = grown(this.settledSlope, 4);
    this.settledFlat = grown(this.settledFlat, 4);
    this.baseFixed = grown(this.baseFixed, 2);
    this.baseSlope = grown(this.baseSlope, 2);
    this.units = grown(this.units, 2);
    this.smallestRate = grown(this.smallestRate, 2);
  }

  /** Takes one holding as it was just valued, without what is in combinations; NaN where a term is unknown. */
  set(holding: Holding, context: ValuationContext): void {
    if (!this.isActive || holding.entry < 0) return;
    const { account, instrument, sides } = holding;
    const combinations = account.combinations;
    const own = sides.map((side): SideOfEntry => {
      const { direction, hedgeFlag, sums } = side;
      const isLong = direction === 'long';
      return { sums: sums === null || combinations === null ? sums : combinations.outside(side, sums), isLong, hedgeFlag, place: isLong ? 0 : 1 };
    });
    this.setSides(holding.entry, account, instrument, own, context);
  }

  /** Nothing on the entry's sides, or nothing that is known. */
  clear(entry: number, isUnknown: boolean): void {
    if (!this.isActive || entry < 0) return;
    this.#grow(entry + 1);
    const at2 = entry * 2;
    this.settledSlope.fill(0, entry * 4, entry * 4 + 4);
    this.settledFlat.fill(0, entry * 4, entry * 4 + 4);
    this.baseFixed.fill(0, at2, at2 + 2);
    this.baseSlope.fill(0, at2, at2 + 2);
    this.units.fill(0, at2, at2 + 2);
    this.smallestRate.fill(Number.POSITIVE_INFINITY, at2, at2 + 2);
    if (isUnknown) for (const place of [0, 1]) this.#add(entry, place, Number.NaN, Number.NaN, Number.NaN, Number.NaN);
  }

  /** `place` is the side of the entry's group that a side counts on. */
  setSides(entry: number, account: AccountRecord, instrument: InstrumentRecord, sides: readonly SideOfEntry[], context: ValuationContext): void {
    if (!this.isActive || entry < 0) return;
    this.clear(entry, false);
    const at2 = entry * 2;
    const multiplier = instrument.master?.volumeMultiple ?? Number.NaN;
    const average = dayAverageOf(instrument);
    for (const { sums, isLong, hedgeFlag, place } of sides) {
      if (sums === null) {
        // The holding as a whole could not be summed; the kernel's own sides say so as well.
        this.#add(entry, place, Number.NaN, Number.NaN, Number.NaN, Number.NaN);
        continue;
      }
      if (sums.volume === 0) continue;
      if (instrument.master?.productClass === 'option') {
        // A sold option's margin follows its premium and its underlying: its account goes through the pure formulas.
        if (!isLong) {
          this.#add(entry, place, Number.NaN, Number.NaN, Number.NaN, Number.NaN);
          this.smallestRate.fill(Number.NEGATIVE_INFINITY, at2, at2 + 2);
        }
        continue;
      }
      const base = sideMargin(sums, UNIT_RATE, isLong, account.master?.marginPriceType, instrument, multiplier, average);
      const units = (sums.volume * multiplier) / SCALE;
      this.#add(entry, place, 0, base.fixed, base.slope, units);
      for (const layer of ['company', 'exchange'] as const) {
        const layerAt = layer === 'company' ? 0 : 1;
        const at = entry * 4 + layerAt * 2 + place;
        const rate = context.reference.marginRate(layer, account.accountID, instrument, hedgeFlag, context.tradingDay);
        const byMoney = !rate.known ? Number.NaN : isLong ? rate.value.longByMoney : rate.value.shortByMoney;
        const byVolume = !rate.known ? Number.NaN : isLong ? rate.value.longByVolume : rate.value.shortByVolume;
        this.settledSlope[at] = (this.settledSlope[at] ?? 0) + units * byMoney;
        this.settledFlat[at] = (this.settledFlat[at] ?? 0) + sums.volume * byVolume;
        this.smallestRate[at2 + layerAt] = Math.min(this.smallestRate[at2 + layerAt] ?? 0, Number.isNaN(byMoney) ? 0 : byMoney);
      }
    }
  }

  #add(entry: number, place: number, flat: number, fixed: number, slope: number, units: number): void {
    const at = entry * 2 + place;
    this.baseFixed[at] = (this.baseFixed[at] ?? 0) + fixed;
    this.baseSlope[at] = (this.baseSlope[at] ?? 0) + slope;
    this.units[at] = (this.units[at] ?? 0) + units;
    for (const layer of [0, 2]) this.settledFlat[entry * 4 + layer + place] = (this.settledFlat[entry * 4 + layer + place] ?? 0) + flat;
  }

  /** Begins keeping: every holding once, and from then on by `set`. */
  activate(holdings: Iterable<Holding>, context: ValuationContext): void {
    if (this.isActive) return;
    this.isActive = true;
    for (const holding of holdings) this.set(holding, context);
  }
}
