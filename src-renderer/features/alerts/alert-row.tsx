/** One line of the alert list: an alert, or a cause with all that follow from it. What a line says is drawn anew only when that has changed, not when the line moves. */
// biome-ignore-all lint/a11y/useSemanticElements: rows of a virtual list are placed by transform, which table rows cannot be
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus stays on the grid, which names its active row
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the grid around the rows has the keys (Enter opens the active one)
import { memo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Alert, Severity } from '#shared/desk/alerts/alert';
import { ShownAge } from '../../components/format/figure';
import { useFormat } from '../../components/format/use-format';
import { SeverityBadge } from '../../components/severity';
import type { ListRow } from './alert-groups';
import { alertFigure, alertTitle, conditionWord, entityText } from './alert-text';

export const ROW_HEIGHT_PX = 50;

const CONDITION_GLYPHS: Record<Alert['condition'], string> = { active: '▲', cleared: '▽', unknown: '?', flapping: '≈' };

const HUMAN_GLYPHS: Record<Alert['human'], string> = { unacknowledged: '', acknowledged: '✓', working: '▶', toClose: '☐', closed: '■' };

/** Where a row stands in the list. */
type Place = { top: number; rowIndex: number; isActive: boolean };

/** What a person does with one row; the same functions for all rows and all the time. */
export type RowActions = { onActivate(key: string): void; onOpen(key: string): void; onToggle(key: string): void; onAcknowledge(key: string): void };

function placeStyle({ top }: Place) {
  return { transform: `translateY(${top}px)`, height: ROW_HEIGHT_PX };
}

type AlertRowProps = Place & AlertCellsProps & { depth: 0 | 1; isOpen: boolean };

export function AlertRow({ top, rowIndex, isActive, depth, isOpen, ...cells }: AlertRowProps): ReactNode {
  const { alert, actions } = cells;
  return (
    <div
      id={`alert-${alert.alertId}`}
      role="row"
      aria-rowindex={rowIndex}
      aria-selected={cells.isSelected}
      className="alert-row"
      style={placeStyle({ top, rowIndex, isActive })}
      data-testid="alert-row"
      data-alert-id={alert.alertId}
      data-kind={alert.kind}
      data-entity={alert.entity}
      data-severity={alert.severity}
      data-human={alert.human}
      data-condition={alert.condition}
      data-latched={alert.isLatched}
      data-silenced={cells.isSilenced}
      data-depth={depth}
      data-active={isActive}
      data-open={isOpen}
      onClick={() => {
        actions.onActivate(alert.alertId);
        actions.onOpen(alert.alertId);
      }}
    >
      <AlertCells {...cells} />
    </div>
  );
}

type AlertCellsProps = {
  alert: Alert;
  /** Of the account or group it is about; empty where there is none. */
  name: string;
  ownerName: string;
  isSilenced: boolean;
  isSelected: boolean;
  canAct: boolean;
  actions: RowActions;
};

const AlertCells = memo(function AlertCells({ alert, name, ownerName, isSilenced, isSelected, canAct, actions }: AlertCellsProps): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      <SelectCell isSelected={isSelected} label={t('alerts:select')} testId="alert-select" rowKey={alert.alertId} actions={actions} />
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
          <span className="mono alert-entity">{entityText(alert, t)}</span>
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
              actions.onActivate(alert.alertId);
              actions.onAcknowledge(alert.alertId);
            }}
          >
            <span aria-hidden="true">✓</span> <span className="ack-word">{t('alerts:acknowledge')}</span>
          </button>
        ) : (
          <span className="secondary truncate" title={`${t(`alerts:human.${alert.human}`)} ${ownerName}`}>
            {alert.human === 'closed' ? `■ ${t('alerts:human.closed')}` : `${HUMAN_GLYPHS[alert.human]} ${ownerName}`}
          </span>
        )}
      </span>
    </>
  );
});

type GroupProps = Place & { row: Extract<ListRow, { type: 'group' }>; isSelected: boolean; actions: RowActions };

export function GroupRow({ row, top, rowIndex, isActive, isSelected, actions }: GroupProps): ReactNode {
  const { t } = useTranslation();
  return (
    <div
      id={`alert-${row.key}`}
      role="row"
      aria-rowindex={rowIndex}
      aria-expanded={row.isExpanded}
      className="alert-row alert-group"
      style={placeStyle({ top, rowIndex, isActive })}
      data-testid="alert-group"
      data-severity={row.worst}
      data-count={row.alerts.length}
      data-active={isActive}
      onClick={() => {
        actions.onActivate(row.key);
        actions.onOpen(row.key);
      }}
    >
      <GroupCells
        rowKey={row.key}
        title={alertTitle(row.cause, t)}
        worst={row.worst}
        count={row.alerts.length}
        unacknowledged={row.unacknowledged}
        isExpanded={row.isExpanded}
        isSelected={isSelected}
        actions={actions}
      />
    </div>
  );
}

type GroupCellsProps = {
  rowKey: string;
  title: string;
  worst: Severity;
  count: number;
  unacknowledged: number;
  isExpanded: boolean;
  isSelected: boolean;
  actions: RowActions;
};

/** What, how many, how many of them nobody has taken on. */
const GroupCells = memo(function GroupCells(props: GroupCellsProps): ReactNode {
  const { rowKey, title, worst, count, unacknowledged, isExpanded, isSelected, actions } = props;
  const { t } = useTranslation();
  return (
    <>
      <SelectCell isSelected={isSelected} label={t('alerts:selectGroup', { count })} rowKey={rowKey} actions={actions} />
      <span role="gridcell">
        <SeverityBadge severity={worst} />
      </span>
      <span role="gridcell" className="alert-main">
        <span className="alert-line">
          <span aria-hidden="true">{isExpanded ? '▾' : '▸'}</span>
          <strong className="truncate">{title}</strong>
        </span>
        <span className="alert-line secondary">{t('alerts:groupCounts', { count, waiting: unacknowledged })}</span>
      </span>
    </>
  );
});

type SelectProps = { isSelected: boolean; label: string; rowKey: string; testId?: string; actions: RowActions };

function SelectCell({ isSelected, label, rowKey, testId, actions }: SelectProps): ReactNode {
  return (
    <span role="gridcell" className="alert-check">
      <input
        type="checkbox"
        tabIndex={-1}
        checked={isSelected}
        aria-label={label}
        data-testid={testId}
        onClick={(event) => event.stopPropagation()}
        onChange={() => actions.onToggle(rowKey)}
      />
    </span>
  );
}
