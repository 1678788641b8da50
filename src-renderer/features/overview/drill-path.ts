/** The way from the firm down to a lot and back: pure steps over a path, so that mouse, keys and breadcrumb share one truth. */
import type { HeatmapParams, Scope } from '#shared/contract/streams';

export type RowDimension = HeatmapParams['rows'];
export type ColumnDimension = HeatmapParams['columns'];
type Place<Kind extends string> = { kind: Kind; key: string; label: string };

/** One step down. `rowsBefore` is what the rows were, so that going back shows the same picture again. */
export type Drill = {
  row: Place<RowDimension> | null;
  column: Place<ColumnDimension> | null;
  rowsBefore: RowDimension;
};

/** `rows` is the dimension shown while the path still ends in a heat map. */
export type DrillState = { path: readonly Drill[]; rows: RowDimension };

export type DrillView = 'heatmap' | 'positions' | 'lots';

const DEPTH: Record<RowDimension, number> = { department: 0, controlGroup: 1, account: 2 };
const BELOW: Record<RowDimension, RowDimension> = { department: 'controlGroup', controlGroup: 'account', account: 'account' };

export const FIRM: DrillState = { path: [], rows: 'account' };

export function scopeOf(path: readonly Drill[]): Scope {
  const scope: Scope = {};
  for (const { row, column } of path) {
    if (row?.kind === 'department') scope.departmentID = row.key;
    if (row?.kind === 'controlGroup') scope.controlGroupID = row.key;
    if (row?.kind === 'account') scope.accountID = row.key;
    if (column?.kind === 'product') scope.productID = column.key;
    if (column?.kind === 'instrument') scope.instrumentID = column.key;
  }
  return scope;
}

export function viewOf(path: readonly Drill[]): DrillView {
  const scope = scopeOf(path);
  if (scope.accountID === undefined) return 'heatmap';
  return scope.instrumentID === undefined ? 'positions' : 'lots';
}

/** Products at first; contracts once a product is chosen. */
export function columnsOf(path: readonly Drill[]): ColumnDimension {
  const scope = scopeOf(path);
  return scope.productID !== undefined || scope.instrumentID !== undefined ? 'instrument' : 'product';
}

/** The row dimensions that still say something below the path. */
export function rowChoices(path: readonly Drill[]): RowDimension[] {
  const deepest = path.reduce((depth, { row }) => (row === null ? depth : Math.max(depth, DEPTH[row.kind])), -1);
  return (['department', 'controlGroup', 'account'] as const).filter((dimension) => DEPTH[dimension] > deepest);
}

export function chooseRows(state: DrillState, rows: RowDimension): DrillState {
  return rowChoices(state.path).includes(rows) ? { ...state, rows } : state;
}

/** Into a row, or into one cell of it. */
export function drillInto(state: DrillState, row: { key: string; label: string }, column: { key: string; label: string } | null): DrillState {
  const place = { kind: state.rows, key: row.key, label: row.label };
  const across = column === null ? null : { kind: columnsOf(state.path), key: column.key, label: column.label };
  return { path: [...state.path, { row: place, column: across, rowsBefore: state.rows }], rows: BELOW[state.rows] };
}

/** Into one product or contract, rows as they are. */
export function drillIntoColumn(state: DrillState, column: { key: string; label: string }): DrillState {
  const across = { kind: columnsOf(state.path), key: column.key, label: column.label };
  return { path: [...state.path, { row: null, column: across, rowsBefore: state.rows }], rows: state.rows };
}

/** From an account's positions into the lots of one contract. */
export function drillIntoInstrument(state: DrillState, instrument: { key: string; label: string }): DrillState {
  const across = { kind: 'instrument' as const, ...instrument };
  return { path: [...state.path, { row: null, column: across, rowsBefore: state.rows }], rows: state.rows };
}

/** Back to where the path had `length` steps; the same state when it is there already. */
export function backTo(state: DrillState, length: number): DrillState {
  const left = state.path[length];
  return left === undefined ? state : { path: state.path.slice(0, length), rows: left.rowsBefore };
}

export function back(state: DrillState): DrillState {
  return backTo(state, state.path.length - 1);
}
