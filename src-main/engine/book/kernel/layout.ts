/** Where the kernel's columns lie in its memory: one table of names, element types and lengths, so that host and kernel cannot disagree. */

/** In the order in which the kernel's `bind` reads them. `of` is what a column has one element (or `width` elements) of. */
const COLUMNS = [
  ['price', 'f64', 'instruments', 1],
  ['slotStart', 'i32', 'instruments', 1],
  ['slotCount', 'i32', 'instruments', 1],
  ['movingCount', 'i32', 'instruments', 1],
  ['wideCount', 'i32', 'instruments', 1],
  ['instrumentIsMoved', 'u8', 'instruments', 1],
  ['movedInstruments', 'i32', 'instruments', 1],
  ['slotAccount', 'i32', 'slots', 1],
  ['slotK', 'f64', 'slots', 1],
  ['slotC', 'f64', 'slots', 1],
  ['slotQuantity', 'f32', 'slots', 1],
  ['slotMovingGroup', 'i32', 'slots', 1],
  ['entryInstrument', 'i32', 'entries', 1],
  ['entryGroup', 'i32', 'entries', 1],
  ['entryNext', 'i32', 'entries', 1],
  ['entryFixed', 'f64', 'entries', 4],
  ['entrySlope', 'f64', 'entries', 4],
  ['entryIsMoving', 'u8', 'entries', 1],
  ['groupAccount', 'i32', 'groups', 1],
  ['groupNext', 'i32', 'groups', 1],
  ['groupHead', 'i32', 'groups', 1],
  ['groupMethod', 'u8', 'groups', 1],
  ['groupIsDirty', 'u8', 'groups', 1],
  ['groupMargin', 'f64', 'groups', 2],
  ['dirtyGroups', 'i32', 'groups', 1],
  ['groupFixed', 'f64', 'groups', 4],
  ['groupSides', 'f64', 'groups', 4],
  ['profit', 'f64', 'accounts', 1],
  ['unknownCount', 'i32', 'accounts', 1],
  ['accountCost', 'f64', 'accounts', 1],
  ['unknownCosts', 'i32', 'accounts', 1],
  ['accountGroupHead', 'i32', 'accounts', 1],
  ['accountInput', 'f64', 'accounts', 3],
  ['accountRule', 'u8', 'accounts', 1],
  ['base', 'f64', 'accounts', 1],
  ['accountIsDirty', 'u8', 'accounts', 1],
  ['accountMarginIsDirty', 'u8', 'accounts', 1],
  ['margin', 'f64', 'accounts', 1],
  ['exchangeMargin', 'f64', 'accounts', 1],
  ['positionProfit', 'f64', 'accounts', 1],
  ['balance', 'f64', 'accounts', 1],
  ['available', 'f64', 'accounts', 1],
  ['degree', 'f64', 'accounts', 1],
  ['exchangeDegree', 'f64', 'accounts', 1],
  ['bandLow', 'f64', 'accounts', 3],
  ['bandHigh', 'f64', 'accounts', 3],
  ['accountIsCrossed', 'u8', 'accounts', 1],
  ['crossedAccounts', 'i32', 'accounts', 1],
  ['calmLow', 'f64', 'accounts', 1],
  ['calmHigh', 'f64', 'accounts', 1],
  // Not read by `bind`: which entry a slot belongs to, and a batch of ticks on its way in.
  ['slotEntry', 'i32', 'slots', 1],
  ['batchInstrument', 'i32', 'batch', 1],
  ['batchPrice', 'f64', 'batch', 1],
] as const;

type Spec = (typeof COLUMNS)[number];
type ArrayOf = { f64: Float64Array; f32: Float32Array; i32: Int32Array; u8: Uint8Array };
export type KernelColumn = ArrayOf[keyof ArrayOf];
export type KernelColumns = { [S in Spec as S[0]]: ArrayOf[S[1]] };
export type Capacity = Record<'instruments' | 'slots' | 'entries' | 'groups' | 'accounts', number>;

/** Ticks handed to the kernel in one call at most. */
export const BATCH_CAPACITY = 4096;
const TABLE_BYTES = COLUMNS.length * 4;
/** Elements more than asked for, always zero: an evaluation reads the flags of eight accounts at once, and those of the last few may be none. */
const SPARE = 8;
const BYTES = { f64: 8, f32: 4, i32: 4, u8: 1 } as const;
const VIEWS = { f64: Float64Array, f32: Float32Array, i32: Int32Array, u8: Uint8Array } as const;

/** Byte offsets of all columns for a capacity, 64-byte aligned, after the offset table, which lies at `base`. */
export function planLayout(base: number, capacity: Capacity): { offsets: number[]; end: number } {
  let at = base + TABLE_BYTES;
  const offsets: number[] = [];
  for (const [, type, of, width] of COLUMNS) {
    at = (at + 63) & ~63;
    offsets.push(at);
    at += ((of === 'batch' ? BATCH_CAPACITY : capacity[of]) + SPARE) * width * BYTES[type];
  }
  return { offsets, end: at };
}

/** Typed views on the columns. They die when the memory grows, so the kernel makes them again after each layout. */
export function viewColumns(buffer: ArrayBuffer, offsets: readonly number[], capacity: Capacity): KernelColumns {
  const views: Record<string, KernelColumn> = {};
  COLUMNS.forEach(([name, type, of, width], index) => {
    const length = ((of === 'batch' ? BATCH_CAPACITY : capacity[of]) + SPARE) * width;
    views[name] = new VIEWS[type](buffer, offsets[index] ?? 0, length);
  });
  return views as KernelColumns;
}

/** The same columns for readers: the four that an evaluation leaves out are brought up to date by `settle` when one of them is asked for. */
export function withSettledFigures(columns: KernelColumns, settle: () => void): KernelColumns {
  const { positionProfit, available, degree, exchangeDegree, ...evaluated } = columns;
  const settled = <Column>(column: Column): Column => {
    settle();
    return column;
  };
  return {
    ...evaluated,
    get positionProfit() {
      return settled(positionProfit);
    },
    get available() {
      return settled(available);
    },
    get degree() {
      return settled(degree);
    },
    get exchangeDegree() {
      return settled(exchangeDegree);
    },
  };
}
