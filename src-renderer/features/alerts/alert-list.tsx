/** The rows of the alert list. The active row is kept by its alert, not by its place, so that a new alert never moves a person's finger. */
// biome-ignore-all lint/a11y/useSemanticElements: rows of a virtual list are placed by transform, which table rows cannot be
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus stays on the grid, which names its active row
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, type RefObject, useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Alert } from '#shared/desk/alerts/alert';
import { ShownAge } from '../../components/format/figure';
import { useFormat } from '../../components/format/use-format';
import { SeverityBadge } from '../../components/severity';
import { useHasAccounts } from '../../state/shown-market';
import { canClose } from './alert-filter';
import { alertFigure, alertTitle, entityOf } from './alert-text';

const ROW_HEIGHT_PX = 50;

type Props = {
  alerts: Alert[];
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
};

export function AlertList(props: Props): ReactNode {
  const { alerts, isLoaded, isFiltered, selected, openId, canAct, listRef, onToggle, onOpen, onAcknowledge, onClose, onFilter } = props;
  const { t } = useTranslation('alerts');
  const hasAccounts = useHasAccounts();
  const [activeId, setActiveId] = useState<string | null>(null);
  const rows = useVirtualizer({
    count: alerts.length,
    getScrollElement: () => listRef.current,
    estimateSize: () => ROW_HEIGHT_PX,
    overscan: 8,
    getItemKey: (index) => alerts[index]?.alertId ?? index,
  });
  const move = useCallback(
    (to: number) => {
      const index = Math.min(alerts.length - 1, Math.max(0, to));
      const alert = alerts[index];
      if (alert === undefined) return;
      setActiveId(alert.alertId);
      rows.scrollToIndex(index);
    },
    [alerts, rows],
  );

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const index = alerts.findIndex((alert) => alert.alertId === activeId);
    const active = alerts[index];
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
        move(alerts.length - 1);
        break;
      case '/':
        onFilter();
        break;
      case 'Enter':
        if (active !== undefined) onOpen(active.alertId);
        break;
      case ' ':
        if (active !== undefined) onToggle(active.alertId);
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

  if (alerts.length === 0) {
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
      aria-rowcount={alerts.length}
      aria-activedescendant={activeId === null ? undefined : `alert-${activeId}`}
      data-testid="alert-list"
      onKeyDown={onKeyDown}
      onFocus={() => {
        if (alerts.every((alert) => alert.alertId !== activeId)) setActiveId(alerts[0]?.alertId ?? null);
      }}
    >
      <div style={{ height: rows.getTotalSize(), position: 'relative' }} role="presentation">
        {rows.getVirtualItems().map((item) => {
          const alert = alerts[item.index];
          if (alert === undefined) return null;
          return (
            <AlertRow
              key={item.key}
              alert={alert}
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

const CONDITION_GLYPHS: Record<Alert['condition'], string> = { active: '▲', cleared: '▽', unknown: '?' };

type RowProps = {
  alert: Alert;
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

function AlertRow({ alert, top, rowIndex, isActive, isOpen, isSelected, canAct, onActivate, onOpen, onToggle, onAcknowledge }: RowProps): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
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
          {alert.occurrences > 1 && (
            <span className="alert-times" title={t('alerts:occurrencesMeaning', { count: alert.occurrences })}>
              ×{format.number(alert.occurrences)}
            </span>
          )}
          {alert.mode === 'drill' && <span className="alert-drill">◆ {t('alerts:drill')}</span>}
        </span>
        <span className="alert-line secondary">
          <span className="mono alert-entity">{entityOf(alert).id}</span>
          <span className="truncate">{alertFigure(alert, t, format)}</span>
        </span>
      </span>
      <span role="gridcell" className="alert-state">
        <span data-condition={alert.condition}>
          <span aria-hidden="true">{CONDITION_GLYPHS[alert.condition]}</span>{' '}
          <span className="alert-state-word">{t(`alerts:condition.${alert.condition}`)}</span>
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
          <span className="secondary truncate" title={alert.acknowledgedBy ?? ''}>
            {alert.human === 'closed' ? `■ ${t('alerts:human.closed')}` : `✓ ${alert.acknowledgedBy ?? ''}`}
          </span>
        )}
      </span>
    </div>
  );
}
