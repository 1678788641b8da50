/** The alert list: one row per condition, filtered and virtualised, with single keys for what a duty officer does most. */
import { Button, InputGroup } from '@blueprintjs/core';
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Severity } from '#shared/desk/alerts/alert';
import { Choice } from '../../components/choice';
import { MasterDetail } from '../../components/master-detail';
import { SEVERITIES, SeverityBadge } from '../../components/severity';
import { useAlerts } from '../../state/alerts-store';
import { useAuth } from '../../state/auth';
import { useEntityName } from '../../state/entity-names';
import { openPanel } from '../../state/navigation';
import { useIsReplay } from '../../state/shown-market';
import { useStream } from '../../state/use-stream';
import { AlertDetail } from './alert-detail';
import { AcknowledgeDialog, CloseDialog, EscalateDialog, HandOverDialog, ShelveDialog } from './alert-dialogs';
import { type AlertFilter, canClose, filterAlerts, OWNER_FILTERS, STATE_FILTERS } from './alert-filter';
import { groupAlerts } from './alert-groups';
import { AlertList } from './alert-list';
import { alertTitle } from './alert-text';
import { useAskedAlert } from './chosen-alert';
import { SavedViews } from './saved-views-menu';
import { silencedOf } from './silenced';
import './alerts.css';

export function AlertsPanel(): ReactNode {
  const { t } = useTranslation();
  const byId = useAlerts((state) => state.byId);
  const isLoaded = useAlerts((state) => state.isLoaded);
  const nameOf = useEntityName();
  const [filter, setFilter] = useState<AlertFilter>({ state: 'open', severities: new Set(), text: '', owner: 'anyone' });
  const [isGrouped, setIsGrouped] = useState(false);
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set());
  const [shelving, setShelving] = useState<string[] | null>(null);
  const [handingOver, setHandingOver] = useState<string | null>(null);
  const [escalating, setEscalating] = useState<string | null>(null);
  const sending = useStream('alertSending', {}).picture;
  const me = useAuth()?.session?.personId ?? null;
  // Alerts of a recording are to be looked at: nobody can take on today what was years ago.
  const isReplay = useIsReplay();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [openId, setOpenId] = useState<string | null>(null);
  const askedId = useAskedAlert(({ alertId }) => alertId);
  useEffect(() => {
    if (askedId === null) return;
    setOpenId(askedId);
    useAskedAlert.setState({ alertId: null });
  }, [askedId]);
  const [acknowledging, setAcknowledging] = useState<string[] | null>(null);
  const [closing, setClosing] = useState<string[] | null>(null);
  const filterInput = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);

  const silencedIds = useMemo(() => silencedOf(byId.values(), sending), [byId, sending]);
  const alerts = useMemo(
    () =>
      filterAlerts(
        byId.values(),
        filter,
        (alert) => `${alertTitle(alert, t)} ${alert.entity} ${nameOf(alert.entity)} ${alert.kind} ${alert.ruleId} ${alert.owner ?? ''}`,
        { me, isSilenced: (alert) => silencedIds.has(alert.alertId) },
      ),
    [byId, filter, t, nameOf, me, silencedIds],
  );
  const inhibitedBy = useMemo(() => new Map((sending?.inhibited ?? []).map(({ alertId, byAlertId }) => [alertId, byAlertId])), [sending]);
  const stormFrom = sending?.stormFrom ?? Number.POSITIVE_INFINITY;
  const rows = useMemo(
    () => groupAlerts(alerts, { isGrouped, stormFrom, inhibitedBy, expanded }),
    [alerts, isGrouped, stormFrom, inhibitedBy, expanded],
  );
  const openCount = sending === null ? null : Object.values(sending.totals.open).reduce((sum, count) => sum + count, 0);
  const listedOpen = useMemo(() => [...byId.values()].filter(({ human }) => human !== 'closed').length, [byId]);
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
  const toggleAll = useCallback(
    (alertIds: readonly string[]) =>
      setSelected((before) => {
        const isAll = alertIds.every((alertId) => before.has(alertId));
        const after = new Set(before);
        for (const alertId of alertIds) isAll ? after.delete(alertId) : after.add(alertId);
        return after;
      }),
    [],
  );
  const expand = useCallback(
    (key: string) =>
      setExpanded((before) => {
        const after = new Set(before);
        if (!after.delete(key)) after.add(key);
        return after;
      }),
    [],
  );
  const chosenOr = useCallback(
    (alertId: string) => {
      const open = alerts.filter((alert) => selected.has(alert.alertId) && alert.human !== 'closed').map((alert) => alert.alertId);
      return open.length > 0 ? open : [alertId];
    },
    [alerts, selected],
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
        <Choice
          label={t('alerts:ownerFilter')}
          name="alerts-owner"
          values={OWNER_FILTERS}
          chosen={filter.owner}
          text={(owner) => t(`alerts:owner.${owner}`)}
          onChoose={(owner) => setFilter((before) => ({ ...before, owner }))}
        />
        <button
          type="button"
          className="toggle-button"
          aria-pressed={isGrouped}
          data-testid="alerts-grouped"
          onClick={() => setIsGrouped((before) => !before)}
        >
          {t('alerts:groupByCause')}
        </button>
        <SavedViews
          current={{ state: filter.state, severities: [...filter.severities], text: filter.text, owner: filter.owner, isGrouped }}
          onChoose={(view) => {
            setFilter({ state: view.state, severities: new Set(view.severities), text: view.text, owner: view.owner });
            setIsGrouped(view.isGrouped);
          }}
        />
        <Button size="small" variant="minimal" data-testid="open-suppressions" onClick={() => openPanel('suppressions', {})}>
          ⊘ {t('alerts:suppressions.short', { count: sending?.suppressions.length ?? 0 })}
        </Button>
        <Button size="small" variant="minimal" data-testid="open-statistics" onClick={() => openPanel('alert-statistics', {})}>
          {t('alerts:statistics.short')}
        </Button>
        <Button size="small" variant="minimal" data-testid="open-delivery" onClick={() => openPanel('delivery', {})}>
          {t('alerts:deliveryShort')}
          {(sending?.failingChannels.length ?? 0) > 0 && ` ⚠ ${sending?.failingChannels.length}`}
        </Button>
        <div className="spacer" />
        {openCount !== null && openCount > listedOpen && !isReplay && (
          <strong className="alert-remark" data-testid="alerts-not-listed">
            {t('alerts:notListed', { listed: listedOpen, count: openCount })}
          </strong>
        )}
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
            rows={rows}
            silencedIds={silencedIds}
            isLoaded={isLoaded}
            isFiltered={filter.text !== '' || filter.severities.size > 0 || filter.state !== 'open' || filter.owner !== 'anyone'}
            selected={selected}
            openId={openId}
            listRef={list}
            onToggle={toggleSelected}
            onOpen={setOpenId}
            canAct={!isReplay}
            onAcknowledge={acknowledge}
            onClose={(alertId) => setClosing(closable.length > 0 ? closable.map((alert) => alert.alertId) : [alertId])}
            onShelve={(alertId) => setShelving(chosenOr(alertId))}
            onHandOver={setHandingOver}
            onEscalate={setEscalating}
            onExpand={expand}
            onToggleAll={toggleAll}
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
              onShelve={() => setShelving([opened.alertId])}
              onHandOver={() => setHandingOver(opened.alertId)}
              onEscalate={() => setEscalating(opened.alertId)}
              onOpen={setOpenId}
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
      <ShelveDialog
        alertIds={shelving}
        onClose={() => {
          setShelving(null);
          setSelected(new Set());
        }}
      />
      <HandOverDialog alertId={handingOver} onClose={() => setHandingOver(null)} />
      <EscalateDialog alertId={escalating} onClose={() => setEscalating(null)} />
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
