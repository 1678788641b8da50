/** The alert list: one row per condition, filtered and virtualised, with single keys for what a duty officer does most. */
import { Button, InputGroup } from '@blueprintjs/core';
import { type ReactNode, useCallback, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Severity } from '#shared/desk/alerts/alert';
import { MasterDetail } from '../../components/master-detail';
import { SEVERITIES, SeverityBadge } from '../../components/severity';
import { useAlerts } from '../../state/alerts-store';
import { useIsReplay } from '../../state/shown-market';
import { AlertDetail } from './alert-detail';
import { AcknowledgeDialog, CloseDialog } from './alert-dialogs';
import { type AlertFilter, canClose, filterAlerts, STATE_FILTERS } from './alert-filter';
import { AlertList } from './alert-list';
import { alertTitle } from './alert-text';
import './alerts.css';

export function AlertsPanel(): ReactNode {
  const { t } = useTranslation();
  const byId = useAlerts((state) => state.byId);
  const isLoaded = useAlerts((state) => state.isLoaded);
  const [filter, setFilter] = useState<AlertFilter>({ state: 'open', severities: new Set(), text: '' });
  // Alerts of a recording are to be looked at: nobody can take on today what was years ago.
  const isReplay = useIsReplay();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [openId, setOpenId] = useState<string | null>(null);
  const [acknowledging, setAcknowledging] = useState<string[] | null>(null);
  const [closing, setClosing] = useState<string[] | null>(null);
  const filterInput = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);

  const alerts = useMemo(
    () =>
      filterAlerts(
        byId.values(),
        filter,
        (alert) => `${alertTitle(alert, t)} ${alert.entity} ${alert.kind} ${alert.ruleId} ${alert.acknowledgedBy ?? ''}`,
      ),
    [byId, filter, t],
  );
  const chosen = useMemo(() => alerts.filter((alert) => selected.has(alert.alertId) && alert.human === 'unacknowledged'), [alerts, selected]);
  const waiting = useMemo(() => alerts.filter((alert) => alert.human === 'unacknowledged'), [alerts]);
  const closable = useMemo(() => alerts.filter((alert) => selected.has(alert.alertId) && canClose(alert)), [alerts, selected]);
  const opened = openId === null ? null : (byId.get(openId) ?? null);

  const toggleSeverity = (severity: Severity): void =>
    setFilter((before) => {
      const severities = new Set(before.severities);
      if (!severities.delete(severity)) severities.add(severity);
      return { ...before, severities };
    });
  const toggleSelected = useCallback(
    (alertId: string) =>
      setSelected((before) => {
        const after = new Set(before);
        if (!after.delete(alertId)) after.add(alertId);
        return after;
      }),
    [],
  );
  const back = useCallback(() => {
    setOpenId(null);
    requestAnimationFrame(() => list.current?.focus());
  }, []);
  const acknowledge = useCallback(
    (alertId: string) => setAcknowledging(chosen.length > 0 ? chosen.map((alert) => alert.alertId) : [alertId]),
    [chosen],
  );

  return (
    <>
      <div className="panel-bar" data-testid="alerts-bar">
        <fieldset className="segmented" aria-label={t('alerts:stateFilter')}>
          {STATE_FILTERS.map((state) => (
            <button
              key={state}
              type="button"
              aria-pressed={filter.state === state}
              data-testid={`alerts-state-${state}`}
              onClick={() => setFilter((before) => ({ ...before, state }))}
            >
              {t(`alerts:state.${state}`)}
            </button>
          ))}
        </fieldset>
        <fieldset className="severity-filter" aria-label={t('alerts:severityFilter')}>
          {SEVERITIES.map((severity) => (
            <button
              key={severity}
              type="button"
              aria-pressed={filter.severities.has(severity)}
              data-testid={`alerts-severity-${severity}`}
              onClick={() => toggleSeverity(severity)}
            >
              <SeverityBadge severity={severity} />
            </button>
          ))}
        </fieldset>
        <InputGroup
          size="small"
          inputRef={filterInput}
          className="alerts-filter"
          placeholder={t('alerts:filter')}
          aria-label={t('alerts:filter')}
          value={filter.text}
          data-testid="alerts-filter"
          onValueChange={(text) => setFilter((before) => ({ ...before, text }))}
        />
        <div className="spacer" />
        <span className="secondary" data-testid="alerts-count" data-count={alerts.length}>
          {t('alerts:count', { count: alerts.length })}
        </span>
        {closable.length > 0 && !isReplay && (
          <Button size="small" data-testid="close-selected" onClick={() => setClosing(closable.map((alert) => alert.alertId))}>
            {t('alerts:closeChosen', { count: closable.length })}
          </Button>
        )}
        <Button
          size="small"
          disabled={isReplay || (chosen.length === 0 && waiting.length === 0)}
          data-testid="ack-selected"
          onClick={() => setAcknowledging((chosen.length > 0 ? chosen : waiting).slice(0, 500).map((alert) => alert.alertId))}
        >
          {chosen.length > 0
            ? t('alerts:acknowledgeChosen', { count: chosen.length })
            : t('alerts:acknowledgeShown', { count: Math.min(500, waiting.length) })}
        </Button>
      </div>
      <MasterDetail
        list={
          <AlertList
            alerts={alerts}
            isLoaded={isLoaded}
            isFiltered={filter.text !== '' || filter.severities.size > 0 || filter.state !== 'open'}
            selected={selected}
            openId={openId}
            listRef={list}
            onToggle={toggleSelected}
            onOpen={setOpenId}
            canAct={!isReplay}
            onAcknowledge={acknowledge}
            onClose={(alertId) => setClosing([alertId])}
            onFilter={() => filterInput.current?.focus()}
          />
        }
        detail={
          opened === null ? null : (
            <AlertDetail
              key={opened.alertId}
              alert={opened}
              canAct={!isReplay}
              onAcknowledge={() => setAcknowledging([opened.alertId])}
              onClose={() => setClosing([opened.alertId])}
            />
          )
        }
        onBack={back}
      />
      <AcknowledgeDialog
        alertIds={acknowledging}
        onDone={() => {
          setAcknowledging(null);
          setSelected(new Set());
        }}
        onCancel={() => setAcknowledging(null)}
      />
      <CloseDialog
        alertIds={closing}
        onClose={() => {
          setClosing(null);
          setSelected(new Set());
        }}
      />
    </>
  );
}
