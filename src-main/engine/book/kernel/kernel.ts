/** The valuation kernel as the book uses it: instruments, accounts, entries (one per instrument and account) and margin groups over WASM memory. */

import { KERNEL_WASM_BASE64 } from './kernel-wasm.generated';
import { BATCH_CAPACITY, type Capacity, type KernelColumn, type KernelColumns, planLayout, viewColumns, withSettledFigures } from './layout';

type KernelExports = {
  memory: WebAssembly.Memory;
  __heap_base?: WebAssembly.Global;
  bind(table: number): void;
  tick(instrument: number, price: number): void;
  tickMany(instruments: number, prices: number, count: number): void;
  setSlot(instrument: number, slot: number, k: number, c: number): void;
  touchAccount(account: number): void;
  touchAccountMargin(account: number): void;
  touchGroup(group: number): void;
  touchBand(account: number): void;
  evaluate(entries: number, groups: number, accounts: number): number;
  revalueAll(instruments: number, entries: number, groups: number, accounts: number): void;
  takeCrossed(): number;
  settle(accounts: number): void;
};

/** Money and prices inside the kernel are multiplied by this; see assembly/kernel.ts for what it buys. */
export const SCALE = 10_000;

/** A decimal times SCALE, taken as the whole number that it is when binary representation only just misses it. */
export function scaled(value: number): number {
  const product = value * SCALE;
  const whole = Math.round(product);
  return Math.abs(product - whole) <= Math.abs(product) * 2 ** -50 ? whole : product;
}

/** How the two sides of a group make its margin. */
export const GROUP_METHOD = { bigSide: 0, plainSum: 1, unknown: 2 } as const;
/** accountRule without an algorithm: available is unknown. */
export const RULE_UNKNOWN = 255;

const FIGURES_OF_HOLDINGS = ['margin', 'exchangeMargin', 'positionProfit'] as const;
const NO_SLOPES = new Float64Array(4);
const NO_ACCOUNTS = new Int32Array(0);
const TABLE_BASE = 1024;
const PAGE = 65536;

let compiled: WebAssembly.Module | undefined;

function instantiate(): KernelExports {
  compiled ??= new WebAssembly.Module(Buffer.from(KERNEL_WASM_BASE64, 'base64'));
  return new WebAssembly.Instance(compiled, {}).exports as unknown as KernelExports;
}

function grown(current: number, needed: number): number {
  return needed <= current ? current : Math.max(needed, Math.ceil(current * 1.5), 16);
}

export class Kernel {
  /** Live views; fetched anew from here after anything that may add (the memory may have moved). */
  columns: KernelColumns;
  /** The same, none of which waits for `settle`: what the kernel itself writes and moves. */
  #memory: KernelColumns;
  #isSettled = true;
  instrumentCount = 0;
  accountCount = 0;
  entryCount = 0;
  groupCount = 0;
  readonly #wasm: KernelExports;
  #capacity: Capacity = { instruments: 64, slots: 256, entries: 256, groups: 64, accounts: 64 };
  #batchInstrumentAt = 0;
  #batchPriceAt = 0;
  #queuedPrices = 0;
  /** Room of each instrument's slot range, and where each entry's slot is: only the host needs these. */
  #slotRoom = new Int32Array(64);
  #slotOfEntry = new Int32Array(256);
  #usedSlots = 0;
  /** Accounts of which nobody has said yet what they hold: no entry then means unknown, not none. */
  readonly #untold = new Set<number>();
  readonly #groupTail: number[] = [];
  readonly #accountGroupTail: number[] = [];

  constructor() {
    this.#wasm = instantiate();
    this.#memory = this.#place(this.#capacity);
    this.columns = this.#readers();
  }

  #readers(): KernelColumns {
    return withSettledFigures(this.#memory, () => this.settle());
  }

  #place(capacity: Capacity): KernelColumns {
    const { offsets, end } = planLayout(TABLE_BASE, capacity);
    const have = this.#wasm.memory.buffer.byteLength;
    if (end > have) this.#wasm.memory.grow(Math.ceil((end - have) / PAGE));
    const buffer = this.#wasm.memory.buffer;
    new Uint32Array(buffer, TABLE_BASE, offsets.length).set(offsets);
    this.#wasm.bind(TABLE_BASE);
    this.#capacity = capacity;
    this.#batchInstrumentAt = offsets[offsets.length - 2] ?? 0;
    this.#batchPriceAt = offsets[offsets.length - 1] ?? 0;
    return viewColumns(buffer, offsets, capacity);
  }

  /** Moves every column to a larger layout. Slot ranges get spare room again, so that this happens seldom. */
  #relayout(capacity: Capacity, roomOf?: (instrument: number) => number): void {
    const old = new Map<string, KernelColumn>();
    for (const [name, column] of Object.entries(this.#memory)) old.set(name, column.slice());
    const oldStart = this.#memory.slotStart.slice();
    let slots = capacity.slots;
    const starts = new Int32Array(this.instrumentCount);
    if (roomOf) {
      let at = 0;
      for (let instrument = 0; instrument < this.instrumentCount; instrument++) {
        starts[instrument] = at;
        const room = roomOf(instrument);
        this.#slotRoom[instrument] = room;
        at += room;
      }
      this.#usedSlots = at;
      slots = grown(slots, at);
    }
    const columns = this.#place({ ...capacity, slots });
    this.#memory = columns;
    this.columns = this.#readers();
    for (const [name, column] of Object.entries(columns)) {
      const from = old.get(name);
      column.fill(0);
      if (from && !(roomOf && name.startsWith('slot') && name !== 'slotStart' && name !== 'slotCount'))
        column.set(from.subarray(0, Math.min(from.length, column.length)));
    }
    if (!roomOf) return;
    for (let instrument = 0; instrument < this.instrumentCount; instrument++) {
      const from = oldStart[instrument] ?? 0;
      const to = starts[instrument] ?? 0;
      const count = columns.slotCount[instrument] ?? 0;
      columns.slotStart[instrument] = to;
      for (const name of ['slotAccount', 'slotK', 'slotC', 'slotQuantity', 'slotMovingGroup', 'slotEntry'] as const) {
        columns[name].set(old.get(name)?.subarray(from, from + count) ?? [], to);
      }
      for (let slot = to; slot < to + count; slot++) this.#slotOfEntry[columns.slotEntry[slot] ?? 0] = slot;
    }
  }

  /** Room known in advance saves layouts while a picture is loaded. */
  reserve(wanted: Partial<Capacity>): void {
    const capacity = { ...this.#capacity };
    let isLarger = false;
    for (const name of Object.keys(wanted) as (keyof Capacity)[]) {
      if ((wanted[name] ?? 0) > capacity[name]) {
        capacity[name] = wanted[name] ?? 0;
        isLarger = true;
      }
    }
    if (!isLarger) return;
    this.#growHost(capacity);
    this.#relayout(capacity);
  }

  #growHost(capacity: Capacity): void {
    if (capacity.instruments > this.#slotRoom.length) {
      const room = new Int32Array(capacity.instruments);
      room.set(this.#slotRoom);
      this.#slotRoom = room;
    }
    if (capacity.entries > this.#slotOfEntry.length) {
      const places = new Int32Array(capacity.entries);
      places.set(this.#slotOfEntry);
      this.#slotOfEntry = places;
    }
  }

  #need(name: keyof Capacity, count: number): void {
    if (count > this.#capacity[name]) this.reserve({ [name]: grown(this.#capacity[name], count) });
  }

  addInstrument(): number {
    const instrument = this.instrumentCount;
    this.#need('instruments', instrument + 1);
    this.instrumentCount++;
    this.#memory.price[instrument] = Number.NaN;
    this.#memory.slotStart[instrument] = this.#usedSlots;
    this.#slotRoom[instrument] = 0;
    return instrument;
  }

  addAccount(): number {
    const account = this.accountCount;
    this.#need('accounts', account + 1);
    this.accountCount++;
    this.#memory.accountGroupHead[account] = -1;
    this.#accountGroupTail[account] = -1;
    this.#memory.accountInput.fill(Number.NaN, account * 3, account * 3 + 3);
    this.#memory.accountRule[account] = RULE_UNKNOWN;
    this.openBand(account);
    this.#wasm.touchAccountMargin(account);
    return account;
  }

  addGroup(account: number, method: number): number {
    const group = this.groupCount;
    this.#need('groups', group + 1);
    this.groupCount++;
    const columns = this.#memory;
    columns.groupAccount[group] = account;
    columns.groupMethod[group] = method;
    columns.groupHead[group] = -1;
    columns.groupNext[group] = -1;
    columns.groupFixed.fill(0, group * 4, group * 4 + 4);
    columns.groupMargin.fill(0, group * 2, group * 2 + 2);
    this.#groupTail[group] = -1;
    // Chains run in the order of numbers, so that a sum along one is the sum of a pass over all.
    const tail = this.#accountGroupTail[account] ?? -1;
    if (tail < 0) columns.accountGroupHead[account] = group;
    else columns.groupNext[tail] = group;
    this.#accountGroupTail[account] = group;
    return group;
  }

  /** One entry per (instrument, account); its number stays the same until `clearEntries`. */
  addEntry(instrument: number, account: number, group: number): number {
    const entry = this.entryCount;
    this.#need('entries', entry + 1);
    const count = this.#memory.slotCount[instrument] ?? 0;
    if (count >= (this.#slotRoom[instrument] ?? 0)) this.#spread(instrument);
    this.entryCount++;
    const columns = this.#memory;
    const slot = (columns.slotStart[instrument] ?? 0) + count;
    columns.slotCount[instrument] = count + 1;
    columns.slotAccount[slot] = account;
    columns.slotEntry[slot] = entry;
    columns.slotK[slot] = 0;
    columns.slotC[slot] = 0;
    columns.slotQuantity[slot] = 0;
    this.#slotOfEntry[entry] = slot;
    columns.entryInstrument[entry] = instrument;
    columns.entryGroup[entry] = group;
    columns.entryFixed.fill(0, entry * 4, entry * 4 + 4);
    columns.entrySlope.fill(0, entry * 4, entry * 4 + 4);
    columns.entryIsMoving[entry] = 0;
    columns.slotMovingGroup[slot] = -1;
    columns.entryNext[entry] = -1;
    const tail = this.#groupTail[group] ?? -1;
    if (tail < 0) columns.groupHead[group] = entry;
    else columns.entryNext[tail] = entry;
    this.#groupTail[group] = entry;
    return entry;
  }

  /** Gives every instrument spare room; the one that is full gets the most. */
  #spread(full: number): void {
    const { slotCount } = this.#memory;
    const counts = slotCount.slice(0, this.instrumentCount);
    this.#relayout(this.#capacity, (instrument) => {
      const count = counts[instrument] ?? 0;
      return instrument === full ? Math.max(8, count * 2) : Math.max(this.#slotRoom[instrument] ?? 0, Math.ceil(count * 1.25));
    });
  }

  /** Spare room per instrument known in advance, for loading a whole picture. */
  reserveSlots(roomOfInstrument: ArrayLike<number>): void {
    const { slotCount } = this.#memory;
    const counts = slotCount.slice(0, this.instrumentCount);
    this.#relayout(this.#capacity, (instrument) => Math.max(counts[instrument] ?? 0, roomOfInstrument[instrument] ?? 0));
  }

  /**
   * Net quantity x multiplier `k` and scaled signed cost `c` (NaN: unknown reference). Margin sides are company long and short, exchange long and
   * short, in currency units: what no price moves, and what one scaled unit of the latest price adds. NaN is unknown.
   */
  setEntry(entry: number, k: number, c: number, fixed: ArrayLike<number>, slopes: ArrayLike<number> = NO_SLOPES): void {
    const columns = this.#memory;
    const instrument = columns.entryInstrument[entry] ?? 0;
    const group = columns.entryGroup[entry] ?? 0;
    const slot = this.#slotOfEntry[entry] ?? 0;
    const wasMoving = columns.entryIsMoving[entry] ?? 0;
    const at = entry * 4;
    let isMoving = 0;
    for (let side = 0; side < 4; side++) {
      const slope = slopes[side] ?? 0;
      columns.entryFixed[at + side] = fixed[side] ?? 0;
      columns.entrySlope[at + side] = slope;
      if (slope !== 0) isMoving = 1;
    }
    columns.entryIsMoving[entry] = isMoving;
    columns.slotMovingGroup[slot] = isMoving === 1 ? group : -1;
    columns.movingCount[instrument] = (columns.movingCount[instrument] ?? 0) + isMoving - wasMoving;
    this.#wasm.setSlot(instrument, slot, Number.isNaN(c) ? 0 : k, c);
    this.#wasm.touchGroup(group);
  }

  /** The scaled signed by-date cost that `setEntry` was last given. */
  costOf(entry: number): number {
    return this.#memory.slotC[this.#slotOfEntry[entry] ?? 0] ?? Number.NaN;
  }

  /** Forgets all entries and groups; instruments, prices and accounts stay. */
  clearEntries(): void {
    const columns = this.#memory;
    columns.slotCount.fill(0, 0, this.instrumentCount);
    columns.movingCount.fill(0, 0, this.instrumentCount);
    columns.wideCount.fill(0, 0, this.instrumentCount);
    // Dirty groups are dropped by evaluating them while they still exist.
    this.evaluate();
    this.entryCount = 0;
    this.groupCount = 0;
    columns.accountGroupHead.fill(-1, 0, this.accountCount);
    this.#accountGroupTail.fill(-1);
    columns.profit.fill(0, 0, this.accountCount);
    columns.unknownCount.fill(0, 0, this.accountCount);
    columns.accountCost.fill(0, 0, this.accountCount);
    columns.unknownCosts.fill(0, 0, this.accountCount);
    for (let account = 0; account < this.accountCount; account++) this.#wasm.touchAccountMargin(account);
  }

  /** `price` in the quote unit, NaN when there is none. */
  setPrice(instrument: number, price: number): void {
    this.#wasm.tick(instrument, scaled(price));
  }

  /** The same, handed over with others in one call by `flushPrices`; until then no figure has moved. */
  queuePrice(instrument: number, price: number): void {
    if (this.#queuedPrices === BATCH_CAPACITY) this.flushPrices();
    const { batchInstrument, batchPrice } = this.#memory;
    batchInstrument[this.#queuedPrices] = instrument;
    batchPrice[this.#queuedPrices] = scaled(price);
    this.#queuedPrices += 1;
  }

  flushPrices(): void {
    const count = this.#queuedPrices;
    if (count === 0) return;
    this.#queuedPrices = 0;
    this.#wasm.tickMany(this.#batchInstrumentAt, this.#batchPriceAt, count);
  }

  /** A batch in order; prices in the quote unit. */
  setPrices(instruments: ArrayLike<number>, prices: ArrayLike<number>, count: number): void {
    this.flushPrices();
    const { batchInstrument, batchPrice } = this.#memory;
    for (let first = 0; first < count; first += BATCH_CAPACITY) {
      const length = Math.min(BATCH_CAPACITY, count - first);
      for (let i = 0; i < length; i++) {
        batchInstrument[i] = instruments[first + i] ?? 0;
        batchPrice[i] = scaled(prices[first + i] ?? Number.NaN);
      }
      this.#wasm.tickMany(this.#batchInstrumentAt, this.#batchPriceAt, length);
    }
  }

  /** Equity before positions, what is held back, close profit (NaN: unknown), and the rule of available. */
  setAccount(account: number, equityBeforePositions: number, heldBack: number, closeProfit: number, rule: number): void {
    const { accountInput, accountRule } = this.#memory;
    accountInput[account * 3] = equityBeforePositions;
    accountInput[account * 3 + 1] = heldBack;
    accountInput[account * 3 + 2] = closeProfit;
    accountRule[account] = rule;
    this.#wasm.touchAccount(account);
  }

  /**
   * Brings equity and margins of touched accounts up to date, looks at their bands, and answers how many they were. Their other figures wait
   * until one is read: with every tick that is most of the work, and a picture needs them a few times a second.
   */
  evaluate(): number {
    const moved = this.#wasm.evaluate(this.entryCount, this.groupCount, this.accountCount);
    if (moved > 0) this.#isSettled = false;
    if (this.#untold.size > 0) this.settle();
    return moved;
  }

  areHoldingsKnown(account: number): boolean {
    return !this.#untold.has(account);
  }

  setHoldingsKnown(account: number, areKnown: boolean): void {
    if (areKnown === this.areHoldingsKnown(account)) return;
    if (areKnown) this.#untold.delete(account);
    else this.#untold.add(account);
    this.#wasm.touchAccountMargin(account);
  }

  #blankUntold(): void {
    for (const name of FIGURES_OF_HOLDINGS) {
      const column = this.#memory[name];
      for (const account of this.#untold) column[account] = Number.NaN;
    }
  }

  /** Brings position profit, available and both degrees up to date; reading them from `columns` does it too. */
  settle(): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#wasm.settle(this.accountCount);
    this.#blankUntold();
  }

  /**
   * The ranges [low, high) of company degree, exchange degree and equity within which nobody need look at the account again; three each. A low of
   * NaN waits for a figure that is now unknown to become known, a high of NaN has no end. Degrees are read as the watch reads them.
   */
  setBand(account: number, low: ArrayLike<number>, high: ArrayLike<number>): void {
    const { bandLow, bandHigh } = this.#memory;
    for (let metric = 0; metric < 3; metric++) {
      bandLow[account * 3 + metric] = low[metric] ?? Number.NaN;
      bandHigh[account * 3 + metric] = high[metric] ?? Number.NaN;
    }
    this.#wasm.touchBand(account);
  }

  /** From now on every change of the account's figures counts as having left the band: nothing lies in [Infinity, -Infinity). */
  openBand(account: number): void {
    const { bandLow, bandHigh } = this.#memory;
    bandLow.fill(Number.POSITIVE_INFINITY, account * 3, account * 3 + 3);
    bandHigh.fill(Number.NEGATIVE_INFINITY, account * 3, account * 3 + 3);
    this.#wasm.touchBand(account);
  }

  /** Accounts that left their band in any evaluation since the last call; the answer is valid until the next call of anything here. */
  takeCrossed(): Int32Array {
    const count = this.#wasm.takeCrossed();
    return count === 0 ? NO_ACCOUNTS : this.#memory.crossedAccounts.subarray(0, count);
  }

  /** Everything again from quantities, costs and prices. */
  revalueAll(): void {
    this.#wasm.revalueAll(this.instrumentCount, this.entryCount, this.groupCount, this.accountCount);
    this.#isSettled = true;
    this.#blankUntold();
  }
}
