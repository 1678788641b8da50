/** A book of plain columns for tests of the watch: figures are set by hand, everything else is refused loudly. */

import type { AccountColumns, BookReader, InstrumentTick, MoneyResidual } from '#engine/book/book-reader';
import type { AccountRow, Quality } from '#shared/contract/streams';

export class ColumnBook implements BookReader {
  version = 0;
  tradingDay = '20270104';
  marketTimeMs = 0;
  quality: Quality = 'live';
  ticks: InstrumentTick[] = [];
  residuals = new Map<string, number | null>();
  private readonly ids: string[];
  private readonly columns: AccountColumns;
  private changed = new Set<number>();

  constructor(ids: string[]) {
    this.ids = ids;
    const column = () => new Float64Array(ids.length).fill(Number.NaN);
    this.columns = {
      count: ids.length,
      accountIDs: ids,
      balance: column(),
      currMargin: column(),
      exchangeMargin: column(),
      available: column(),
      positionProfit: column(),
      riskDegree: column(),
      exchangeRiskDegree: column(),
    };
  }

  differing: ReturnType<BookReader['differingOwnRows']> = { count: 0, first: null };

  differingOwnRows(): ReturnType<BookReader['differingOwnRows']> {
    return this.differing;
  }

  /** No longer named by the feed. */
  readonly gone = new Set<number>();

  isPresent(index: number): boolean {
    return !this.gone.has(index);
  }

  set(index: number, balance: number, currMargin: number, exchangeMargin: number): void {
    const { columns } = this;
    columns.balance[index] = balance;
    columns.currMargin[index] = currMargin;
    columns.exchangeMargin[index] = exchangeMargin;
    columns.riskDegree[index] = balance > 0 ? currMargin / balance : Number.NaN;
    columns.exchangeRiskDegree[index] = balance > 0 ? exchangeMargin / balance : Number.NaN;
    this.changed.add(index);
  }

  /** Without bands: every account whose figures were set is looked at. */
  takeCrossedAccounts(): Int32Array {
    const taken = Int32Array.from(this.changed);
    this.changed.clear();
    return taken;
  }

  takeComparedAccounts(): ReadonlySet<number> {
    return new Set(this.ids.keys());
  }

  setBand(): void {}
  openBand(): void {}

  accountColumns(): AccountColumns {
    return this.columns;
  }
  reasonOf(): string | null {
    return null;
  }
  refusedGroups(): { count: number; firstReason: null } {
    return { count: 0, firstReason: null };
  }
  levelOf(): never {
    throw new Error('the watch decides levels itself');
  }
  qualityOf(): Quality {
    return this.quality;
  }
  isStale(): boolean {
    return this.quality === 'stale';
  }
  /** Beside equity, by account. */
  readonly moneyResiduals = new Map<string, MoneyResidual[]>();

  moneyResidualsOf(index: number): MoneyResidual[] {
    return this.moneyResiduals.get(this.ids[index] ?? '') ?? [];
  }

  dayItems = 0;

  dayItemCount(): number {
    return this.dayItems;
  }

  residualOf(index: number): number | null {
    return this.residuals.get(this.ids[index] ?? '') ?? null;
  }
  exchangeReasonOf(index: number): string | null {
    return Number.isNaN(this.columns.exchangeMargin[index]) ? 'noRate:SHFE.au2612 exchange speculation' : null;
  }
  accountRow(): AccountRow | null {
    throw new Error('the watch needs no rows');
  }
  instrumentTicks(): InstrumentTick[] {
    return this.ticks;
  }
  heatmap(): never {
    throw new Error('not part of this test');
  }
  table(): never {
    throw new Error('not part of this test');
  }
  account(): never {
    throw new Error('not part of this test');
  }
  readonly namesVersion = 0;
  entityNames(): never {
    throw new Error('not part of this test');
  }
  search(): never {
    throw new Error('not part of this test');
  }
  fullCheck(): never {
    throw new Error('not part of this test');
  }
  counts(): { accounts: number; netPositions: number; lots: number; instruments: number } {
    return { accounts: this.ids.length, netPositions: 0, lots: 0, instruments: 0 };
  }
}
