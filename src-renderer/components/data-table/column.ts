/** What a column of a live table is: where its value comes from, how it reads, how wide it begins. */
import type { ReactNode } from 'react';
import type { Quality, RiskLevel, RowByTable, TableName } from '#shared/contract/streams';

/** What every row of a live table has, whatever stream it comes from. */
export type TableRow = {
  key: string;
  quality: Quality;
  reason: string | null;
  asOfMs: number | null;
  level?: RiskLevel;
  levelReason?: string | null;
  priceTick?: number | null;
};

/**
 * `share` is a ratio shown as percent; `price` takes its decimals from the row's tick; `term` is a word from `table:value.<column>.*`;
 * `money` is in the row's or the account's currency; `signed` kinds colour by sign and say it in the text.
 */
export type ColumnKind =
  | 'text'
  | 'term'
  | 'level'
  | 'side'
  | 'money'
  | 'signedMoney'
  | 'share'
  | 'signedPercent'
  | 'price'
  | 'signedPrice'
  | 'count'
  | 'time'
  | 'date'
  | 'age';

export type ColumnDefinition<Field extends string = string> = {
  /** A field of the row; also the engine's name for sorting. */
  id: Field;
  kind: ColumnKind;
  /** CSS px at first. */
  width: number;
  /** Flashes when its figure moves. */
  isLive?: boolean;
  /** Hidden when the scope already says it (the account's own page needs no account column). */
  hiddenWithin?: 'accountID' | 'instrumentID' | 'departmentID';
  /** Its heading and the same in the other language, where `table:column.*` has none: a scenario's name, a feature's own figure. */
  label?: { text: string; also: string };
  /** Draws the cell itself; the kind then only aligns it. */
  draw?(row: TableRow): ReactNode;
  /** False for what the engine cannot put in order. */
  canSort?: boolean;
};

/** Columns of one table name fields of its rows only. */
export type ColumnsOf<Name extends TableName> = readonly ColumnDefinition<Extract<keyof RowByTable[Name], string>>[];

/** A row's value under a column; `undefined` where the row has no such field. */
export function fieldOf(row: TableRow, id: string): unknown {
  return (row as unknown as Record<string, unknown>)[id];
}

export function isNumericKind(kind: ColumnKind): boolean {
  return kind !== 'text' && kind !== 'term' && kind !== 'level' && kind !== 'side';
}

/** Levels are never colour alone: each has a sign of its own beside its word. */
export const LEVEL_SIGNS: Record<RiskLevel, string> = { normal: '●', warn: '▲', call: '◆', force: '■', negative: '✖', unknown: '?' };
