/** What each single key does in the alert list: to move, to open, and what a duty officer does most to the active row. */
import { isTakenOn } from '#shared/desk/alerts/decide';
import { canClose } from './alert-filter';
import type { ListRow } from './alert-groups';

/** What can be done from a row of the list, by its key or by the pointer. */
export type ListActions = {
  onToggle(alertId: string): void;
  onOpen(alertId: string): void;
  onAcknowledge(alertId: string): void;
  onClose(alertId: string): void;
  onFilter(): void;
  onShelve(alertId: string): void;
  onHandOver(alertId: string): void;
  onEscalate(alertId: string): void;
  onExpand(key: string): void;
  /** Selects these, or none of them if all are. */
  onToggleAll(alertIds: readonly string[]): void;
};

type KeyedList = ListActions & {
  rows: readonly ListRow[];
  activeId: string | null;
  /** False for alerts of a recording. */
  canAct: boolean;
  onMove(index: number): void;
};

export function idsOf(row: ListRow): string[] {
  return row.type === 'alert' ? [row.alert.alertId] : row.alerts.map(({ alertId }) => alertId);
}

/** Answers whether the key means anything here. */
export function onListKey(key: string, list: KeyedList): boolean {
  const { rows, activeId } = list;
  const index = rows.findIndex((row) => row.key === activeId);
  switch (key) {
    case 'ArrowDown':
      list.onMove(index + 1);
      return true;
    case 'ArrowUp':
      list.onMove(index < 0 ? 0 : index - 1);
      return true;
    case 'PageDown':
      list.onMove(index + 10);
      return true;
    case 'PageUp':
      list.onMove(index - 10);
      return true;
    case 'Home':
      list.onMove(0);
      return true;
    case 'End':
      list.onMove(rows.length - 1);
      return true;
    case '/':
      list.onFilter();
      return true;
    case 'x':
    case 'X':
      list.onToggleAll(rows.flatMap(idsOf));
      return true;
    default:
      return onRowKey(key, rows[index], list);
  }
}

function onRowKey(key: string, row: ListRow | undefined, list: KeyedList): boolean {
  const active = row?.type === 'alert' ? row.alert : undefined;
  const acted = list.canAct ? active : undefined;
  switch (key) {
    case 'Enter':
      if (active !== undefined) list.onOpen(active.alertId);
      else if (row !== undefined) list.onExpand(row.key);
      return true;
    case 'ArrowRight':
    case 'ArrowLeft':
      if (row?.type === 'group' && row.isExpanded === (key === 'ArrowLeft')) list.onExpand(row.key);
      return true;
    case ' ':
      if (active !== undefined) list.onToggle(active.alertId);
      else if (row !== undefined) list.onToggleAll(idsOf(row));
      return true;
    case 's':
    case 'S':
      if (acted !== undefined && acted.human !== 'closed') list.onShelve(acted.alertId);
      return true;
    case 'h':
    case 'H':
      if (acted !== undefined && isTakenOn(acted)) list.onHandOver(acted.alertId);
      return true;
    case 'e':
    case 'E':
      if (acted?.human === 'unacknowledged') list.onEscalate(acted.alertId);
      return true;
    case 'a':
    case 'A':
      if (acted?.human === 'unacknowledged') list.onAcknowledge(acted.alertId);
      return true;
    case 'c':
    case 'C':
      if (acted !== undefined && canClose(acted)) list.onClose(acted.alertId);
      return true;
    default:
      return false;
  }
}
