/** The rows of the alert list. The active row is kept by its alert, not by its place, so that a new alert never moves a person's finger. */
// biome-ignore-all lint/a11y/useSemanticElements: rows of a virtual list are placed by transform, which table rows cannot be
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus stays on the grid, which names its active row
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, type RefObject, useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Alert } from '#shared/desk/alerts/alert';
import { isTakenOn } from '#shared/desk/alerts/decide';
import { ShownAge } from '../../components/format/figure';
import { useFormat } from '../../components/format/use-format';
import { SeverityBadge } from '../../components/severity';
import { useMay, usePersonName } from '../../state/auth';
import { useEntityName } from '../../state/entity-names';
import { useHasAccounts } from '../../state/shown-market';
import { canClose } from './alert-filter';
import type { ListRow } from './alert-groups';
import { alertFigure, alertTitle, conditionWord, entityText } from './alert-text';

const ROW_HEIGHT_PX = 50;

type Props = {
  rows: ListRow[];
  silencedIds: ReadonlySet<string>;
  isLoaded: boolean;
  isFiltered: boolean;
  selected: ReadonlySet<string>;
  openId: string | null;
  /** False for alerts of a recording. */
  canAct: boolean;
  listRef: RefObject<HTMLDivElement | null>;
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

export function AlertList(props: Props): ReactNode {
  const {
    rows: listed,
    silencedIds,
    isLoaded,
    isFiltered,
    selected,
    openId,
    canAct,
    listRef,
    onToggle,
    onOpen,
    onAcknowledge,
    onClose,
    onFilter,
  } = props;
  const { onShelve, onHandOver, onEscalate, onExpand, onToggleAll } = props;
  const { t } = useTranslation('alerts');
  const mayView = useMay('alert.view');
  const hasAccounts = useHasAccounts();
  const [activeId, setActiveId] = useState<string | null>(null);
  const rows = useVirtualizer({
    count: listed.length,
    getScrollElement: () => listRef.current,
    estimateSize: () => ROW_HEIGHT_PX,
    overscan: 8,
    getItemKey: (index) => listed[index]?.key ?? index,
  });
  const move = useCallback(
    (to: number) => {
      const index = Math.min(listed.length - 1, Math.max(0, to));
      const row = listed[index];
      if (row === undefined) return;
      setActiveId(row.key);
      rows.scrollToIndex(index);
    },
    [listed, rows],
  );

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const index = listed.findIndex((row) => row.key === activeId);
    const activeRow = listed[index];
    const active = activeRow?.type === 'alert' ? activeRow.alert : undefined;
    switch (event.key) {
      case 'ArrowDown':
        move(index + 1);
        break;
      case 'ArrowUp':
        move(index < 0 ? 0 : index - 1);
        break;
      case 'PageDown':
        move(index + 10);
        break;
      case 'PageUp':
        move(index - 10);
        break;
      case 'Home':
        move(0);
        break;
      case 'End':
        move(listed.length - 1);
        break;
      case '/':
        onFilter();
        break;
      case 'Enter':
        if (active !== undefined) onOpen(active.alertId);
        else if (activeRow?.type === 'group') onExpand(activeRow.key);
        break;
      case 'ArrowRight':
      case 'ArrowLeft':
        if (activeRow?.type === 'group' && activeRow.isExpanded === (event.key === 'ArrowLeft')) onExpand(activeRow.key);
        break;
      case ' ':
        if (active !== undefined) onToggle(active.alertId);
        else if (activeRow?.type === 'group') onToggleAll(activeRow.alerts.map(({ alertId }) => alertId));
        break;
      case 'x':
      case 'X':
        onToggleAll(listed.flatMap((row) => (row.type === 'alert' ? [row.alert.alertId] : row.alerts.map(({ alertId }) => alertId))));
        break;
      case 's':
      case 'S':
        if (canAct && active !== undefined && active.human !== 'closed') onShelve(active.alertId);
        break;
      case 'h':
      case 'H':
        if (canAct && active !== undefined && isTakenOn(active)) onHandOver(active.alertId);
        break;
      case 'e':
      case 'E':
        if (canAct && active?.human === 'unacknowledged') onEscalate(active.alertId);
        break;
      case 'a':
      case 'A':
        if (canAct && active !== undefined && active.human === 'unacknowledged') onAcknowledge(active.alertId);
        break;
      case 'c':
      case 'C':
        if (canAct && active !== undefined && canClose(active)) onClose(active.alertId);
        break;
      default:
        return;
    }
    event.preventDefault();
  };

  if (listed.length === 0) {
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
          if (row.type === 'group') {
            return (
              <GroupRow
                key={item.key}
                row={row}
                top={item.start}
                rowIndex={item.index + 1}
                isActive={row.key === activeId}
                selectedCount={row.alerts.filter(({ alertId }) => selected.has(alertId)).length}
                onActivate={() => setActiveId(row.key)}
                onExpand={() => onExpand(row.key)}
                onToggle={() => onToggleAll(row.alerts.map(({ alertId }) => alertId))}
              />
            );
          }
          const { alert } = row;
          return (
            <AlertRow
              key={item.key}
              alert={alert}
              depth={row.depth}
              isSilenced={silencedIds.has(alert.alertId)}
              top={item.start}
              rowIndex={item.index + 1}
              isActive={alert.alertId === activeId}
              isOpen={alert.alertId === openId}
              isSelected={selected.has(alert.alertId)}
              canAct={canAct}
              onActivate={() => setActiveId(alert.alertId)}
              onOpen={() => onOpen(alert.alertId)}
              onToggle={() => onToggle(alert.alertId)}
              onAcknowledge={() => onAcknowledge(alert.alertId)}
            />
          );
        })}
      </div>
    </div>
  );
}

const CONDITION_GLYPHS: Record<Alert['condition'], string> = { active: '▲', cleared: '▽', unknown: '?', flapping: '≈' };

const HUMAN_GLYPHS: Record<Alert['human'], string> = { unacknowledged: '', acknowledged: '✓', working: '▶', toClose: '☐', closed: '■' };

type RowProps = {
  alert: Alert;
  depth: 0 | 1;
  isSilenced: boolean;
  top: number;
  rowIndex: number;
  isActive: boolean;
  isOpen: boolean;
  isSelected: boolean;
  canAct: boolean;
  onActivate(): void;
  onOpen(): void;
  onToggle(): void;
  onAcknowledge(): void;
};

function AlertRow({
  alert,
  depth,
  isSilenced,
  top,
  rowIndex,
  isActive,
  isOpen,
  isSelected,
  canAct,
  onActivate,
  onOpen,
  onToggle,
  onAcknowledge,
}: RowProps): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const nameOf = usePersonName();
  const name = useEntityName()(alert.entity);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid around it has the keys (Enter opens the active row)
    <div
      id={`alert-${alert.alertId}`}
      role="row"
      aria-rowindex={rowIndex}
      aria-selected={isSelected}
      className="alert-row"
      style={{ transform: `translateY(${top}px)`, height: ROW_HEIGHT_PX }}
      data-testid="alert-row"
      data-alert-id={alert.alertId}
      data-kind={alert.kind}
      data-entity={alert.entity}
      data-severity={alert.severity}
      data-human={alert.human}
      data-condition={alert.condition}
      data-latched={alert.isLatched}
      data-silenced={isSilenced}
      data-depth={depth}
      data-active={isActive}
      data-open={isOpen}
      onClick={() => {
        onActivate();
        onOpen();
      }}
    >
      <span role="gridcell" className="alert-check">
        <input
          type="checkbox"
          tabIndex={-1}
          checked={isSelected}
          aria-label={t('alerts:select')}
          data-testid="alert-select"
          onClick={(event) => event.stopPropagation()}
          onChange={onToggle}
        />
      </span>
      <span role="gridcell">
        <SeverityBadge severity={alert.severity} />
      </span>
      <span role="gridcell" className="alert-main">
        <span className="alert-line">
          <strong className="truncate">{alertTitle(alert, t)}</strong>
          {name !== '' && (
            <span className="truncate alert-name" data-testid="alert-name">
              {name}
            </span>
          )}
          {alert.occurrences > 1 && (
            <span className="alert-times" title={t('alerts:occurrencesMeaning', { count: alert.occurrences })}>
              ×{format.number(alert.occurrences)}
            </span>
          )}
          {isSilenced && (
            <span className="alert-mark" title={t('alerts:silencedMeaning')}>
              ⊘ {t('alerts:silenced')}
            </span>
          )}
          {alert.previousAlertId !== null && (
            <span className="alert-mark" title={t('alerts:cameBackMeaning')}>
              ↩ {t('alerts:cameBack')}
            </span>
          )}
          {alert.mode === 'drill' && <span className="alert-drill">◆ {t('alerts:drill')}</span>}
        </span>
        <span className="alert-line secondary">
          <span className="mono alert-entity">{entityText(alert)}</span>
          <span className="truncate">{alertFigure(alert, t, format)}</span>
        </span>
      </span>
      <span role="gridcell" className="alert-state">
        <span data-condition={alert.condition}>
          <span aria-hidden="true">{CONDITION_GLYPHS[alert.condition]}</span>{' '}
          <span className="alert-state-word">{t(`alerts:condition.${conditionWord(alert)}`)}</span>
        </span>
        <span className="secondary">
          <ShownAge atMs={alert.raisedAtMs} isRough />
        </span>
      </span>
      <span role="gridcell" className="alert-action">
        {alert.human === 'unacknowledged' && !canAct ? null : alert.human === 'unacknowledged' ? (
          <button
            type="button"
            className="ack-button"
            tabIndex={-1}
            aria-label={t('alerts:acknowledge')}
            title={t('alerts:acknowledge')}
            data-testid="ack-button"
            onClick={(event) => {
              event.stopPropagation();
              onActivate();
              onAcknowledge();
            }}
          >
            <span aria-hidden="true">✓</span> <span className="ack-word">{t('alerts:acknowledge')}</span>
          </button>
        ) : (
          <span className="secondary truncate" title={`${t(`alerts:human.${alert.human}`)} ${nameOf(alert.owner ?? '')}`}>
            {alert.human === 'closed' ? `■ ${t('alerts:human.closed')}` : `${HUMAN_GLYPHS[alert.human]} ${nameOf(alert.owner ?? '')}`}
          </span>
        )}
      </span>
    </div>
  );
}

type GroupProps = {
  row: Extract<ListRow, { type: 'group' }>;
  top: number;
  rowIndex: number;
  isActive: boolean;
  selectedCount: number;
  onActivate(): void;
  onExpand(): void;
  onToggle(): void;
};

/** One line for a cause: what, how many, how many of them nobody has taken on. */
function GroupRow({ row, top, rowIndex, isActive, selectedCount, onActivate, onExpand, onToggle }: GroupProps): ReactNode {
  const { t } = useTranslation();
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid around it has the keys (Enter opens the group)
    <div
      id={`alert-${row.key}`}
      role="row"
      aria-rowindex={rowIndex}
      aria-expanded={row.isExpanded}
      className="alert-row alert-group"
      style={{ transform: `translateY(${top}px)`, height: ROW_HEIGHT_PX }}
      data-testid="alert-group"
      data-severity={row.worst}
      data-count={row.alerts.length}
      data-active={isActive}
      onClick={() => {
        onActivate();
        onExpand();
      }}
    >
      <span role="gridcell" className="alert-check">
        <input
          type="checkbox"
          tabIndex={-1}
          checked={selectedCount === row.alerts.length}
          aria-label={t('alerts:selectGroup', { count: row.alerts.length })}
          onClick={(event) => event.stopPropagation()}
          onChange={onToggle}
        />
      </span>
      <span role="gridcell">
        <SeverityBadge severity={row.worst} />
      </span>
      <span role="gridcell" className="alert-main">
        <span className="alert-line">
          <span aria-hidden="true">{row.isExpanded ? '▾' : '▸'}</span>
          <strong className="truncate">{alertTitle(row.cause, t)}</strong>
        </span>
        <span className="alert-line secondary">{t('alerts:groupCounts', { count: row.alerts.length, waiting: row.unacknowledged })}</span>
      </span>
    </div>
  );
}
