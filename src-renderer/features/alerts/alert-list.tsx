/** The rows of the alert list that are in sight. The active row is kept by its alert, not by its place, so that a new alert never moves a person's finger. */
// biome-ignore-all lint/a11y/useSemanticElements: rows of a virtual list are placed by transform, which table rows cannot be
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, type RefObject, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay, usePersonName } from '../../state/auth';
import { useEntityName } from '../../state/entity-names';
import { useHasAccounts } from '../../state/shown-market';
import type { ListRow } from './alert-groups';
import { idsOf, type ListActions, onListKey } from './alert-keys';
import { AlertRow, GroupRow, ROW_HEIGHT_PX, type RowActions } from './alert-row';

/** Rows that are ready beyond the edge; each is drawn with every change of its place. */
const ROWS_BEYOND = 4;

type Props = ListActions & {
  rows: ListRow[];
  silencedIds: ReadonlySet<string>;
  isLoaded: boolean;
  isFiltered: boolean;
  selected: ReadonlySet<string>;
  openId: string | null;
  /** False for alerts of a recording. */
  canAct: boolean;
  listRef: RefObject<HTMLDivElement | null>;
};

export function AlertList(props: Props): ReactNode {
  const { rows: listed, silencedIds, isLoaded, isFiltered, selected, openId, canAct, listRef } = props;
  const { t } = useTranslation('alerts');
  const entityName = useEntityName();
  const nameOf = usePersonName();
  const [activeId, setActiveId] = useState<string | null>(null);
  const actions = useRowActions(props, setActiveId);
  const rows = useVirtualizer({
    count: listed.length,
    getScrollElement: () => listRef.current,
    estimateSize: () => ROW_HEIGHT_PX,
    overscan: ROWS_BEYOND,
    getItemKey: (index) => listed[index]?.key ?? index,
  });
  const onMove = (to: number): void => {
    const index = Math.min(listed.length - 1, Math.max(0, to));
    const row = listed[index];
    if (row === undefined) return;
    setActiveId(row.key);
    rows.scrollToIndex(index);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (onListKey(event.key, { ...props, activeId, onMove })) event.preventDefault();
  };

  if (listed.length === 0) return <NothingListed isLoaded={isLoaded} isFiltered={isFiltered} />;
  return (
    <div
      ref={listRef}
      className="alert-list"
      role="grid"
      tabIndex={0}
      aria-label={t('title')}
      aria-rowcount={listed.length}
      aria-activedescendant={activeId === null ? undefined : `alert-${activeId}`}
      data-testid="alert-list"
      onKeyDown={onKeyDown}
      onFocus={() => {
        if (listed.every((row) => row.key !== activeId)) setActiveId(listed[0]?.key ?? null);
      }}
    >
      <div style={{ height: rows.getTotalSize(), position: 'relative' }} role="presentation">
        {rows.getVirtualItems().map((item) => {
          const row = listed[item.index];
          if (row === undefined) return null;
          const place = { top: item.start, rowIndex: item.index + 1, isActive: row.key === activeId };
          if (row.type === 'group') {
            const isSelected = selected.size > 0 && row.alerts.every(({ alertId }) => selected.has(alertId));
            return <GroupRow key={item.key} row={row} isSelected={isSelected} actions={actions} {...place} />;
          }
          const { alert } = row;
          return (
            <AlertRow
              key={item.key}
              alert={alert}
              depth={row.depth}
              name={entityName(alert.entity)}
              ownerName={nameOf(alert.owner ?? '')}
              isSilenced={silencedIds.has(alert.alertId)}
              isOpen={alert.alertId === openId}
              isSelected={selected.has(alert.alertId)}
              canAct={canAct}
              actions={actions}
              {...place}
            />
          );
        })}
      </div>
    </div>
  );
}

/** The same functions for as long as the list stands, so that a row which says what it said is not drawn again. */
function useRowActions(props: Props, onActivate: (key: string) => void): RowActions {
  const latest = useRef(props);
  useLayoutEffect(() => {
    latest.current = props;
  });
  return useMemo(() => {
    const groupOf = (key: string): ListRow | undefined => latest.current.rows.find((row) => row.type === 'group' && row.key === key);
    return {
      onActivate,
      onOpen: (key) => (groupOf(key) === undefined ? latest.current.onOpen(key) : latest.current.onExpand(key)),
      onToggle: (key) => {
        const group = groupOf(key);
        if (group === undefined) latest.current.onToggle(key);
        else latest.current.onToggleAll(idsOf(group));
      },
      onAcknowledge: (alertId) => latest.current.onAcknowledge(alertId),
    };
  }, [onActivate]);
}

function NothingListed({ isLoaded, isFiltered }: Pick<Props, 'isLoaded' | 'isFiltered'>): ReactNode {
  const { t } = useTranslation('alerts');
  const mayView = useMay('alert.view');
  const hasAccounts = useHasAccounts();
  // Nothing shown is not nothing wrong: who may not see alerts must not read calm from it.
  if (!mayView) {
    return (
      <div className="empty" data-testid="alerts-not-permitted">
        <strong>{t('people:alertsNotYours')}</strong>
        <span>{t('people:alertsNotYoursMeaning')}</span>
      </div>
    );
  }
  return (
    <div className="empty" data-testid="alerts-empty">
      {!isLoaded ? <span>{t('notLoaded')}</span> : <strong>{t(isFiltered ? 'noneFiltered' : hasAccounts ? 'none' : 'notWatching')}</strong>}
      {isLoaded && !isFiltered && <span>{t(hasAccounts ? 'noneMeaning' : 'notWatchingMeaning')}</span>}
    </div>
  );
}
