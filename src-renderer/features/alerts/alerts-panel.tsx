/** The alert list: one row per condition, filtered and virtualised, with single keys for what a duty officer does most. */
import { type ReactNode, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Alert } from '#shared/desk/alerts/alert';
import { MasterDetail } from '../../components/master-detail';
import { useAlerts } from '../../state/alerts-store';
import { useAuth } from '../../state/auth';
import { useEntityName } from '../../state/entity-names';
import { useIsReplay } from '../../state/shown-market';
import { useStream } from '../../state/use-stream';
import { AlertDetail } from './alert-detail';
import { AcknowledgeDialog, CloseDialog, EscalateDialog, HandOverDialog, ShelveDialog } from './alert-dialogs';
import { type AlertFilter, canClose, filterAlerts } from './alert-filter';
import { groupAlerts } from './alert-groups';
import { AlertList } from './alert-list';
import { alertTitle } from './alert-text';
import { AlertsBar, MOST_AT_ONCE } from './alerts-bar';
import { useAskedAlert } from './chosen-alert';
import { silencedOf } from './silenced';
import { toggled } from './toggled';
import './alerts.css';

const NONE: readonly Alert[] = [];

function isWaiting({ human }: Alert): boolean {
  return human === 'unacknowledged';
}

function countOf(alerts: readonly Alert[], is: (alert: Alert) => boolean): number {
  return alerts.reduce((count, alert) => count + (is(alert) ? 1 : 0), 0);
}

function alertIdsOf(alerts: readonly Alert[]): string[] {
  return alerts.map(({ alertId }) => alertId);
}

/** These are chosen with the others, or none of them if all were. */
function allToggled(chosen: ReadonlySet<string>, alertIds: readonly string[]): Set<string> {
  const ids = new Set(alertIds);
  return alertIds.every((id) => chosen.has(id)) ? new Set([...chosen].filter((id) => !ids.has(id))) : new Set([...chosen, ...ids]);
}

export function AlertsPanel(): ReactNode {
  const { t } = useTranslation();
  const byId = useAlerts((state) => state.byId);
  const ordered = useAlerts((state) => state.ordered);
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

  const silencedIds = useMemo(() => silencedOf(ordered, sending), [ordered, sending]);
  const alerts = useMemo(
    () =>
      filterAlerts(
        ordered,
        filter,
        (alert) => `${alertTitle(alert, t)} ${alert.entity} ${nameOf(alert.entity)} ${alert.kind} ${alert.ruleId} ${alert.owner ?? ''}`,
        { me, isSilenced: (alert) => silencedIds.has(alert.alertId) },
      ),
    [ordered, filter, t, nameOf, me, silencedIds],
  );
  const inhibitedBy = useMemo(() => new Map((sending?.inhibited ?? []).map(({ alertId, byAlertId }) => [alertId, byAlertId])), [sending]);
  const stormFrom = sending?.stormFrom ?? Number.POSITIVE_INFINITY;
  const rows = useMemo(
    () => groupAlerts(alerts, { isGrouped, stormFrom, inhibitedBy, expanded }),
    [alerts, isGrouped, stormFrom, inhibitedBy, expanded],
  );
  const openCount = isReplay || sending === null ? 0 : Object.values(sending.totals.open).reduce((sum, count) => sum + count, 0);
  const listedOpen = useMemo(() => countOf(ordered, ({ human }) => human !== 'closed'), [ordered]);
  const waitingCount = useMemo(() => countOf(alerts, isWaiting), [alerts]);
  const chosen = useMemo(() => (selected.size === 0 ? NONE : alerts.filter(({ alertId }) => selected.has(alertId))), [alerts, selected]);
  const chosenCount = countOf(chosen, isWaiting);
  const closable = chosen.filter(canClose);
  const opened = openId === null ? null : (byId.get(openId) ?? null);

  const latest = useRef({ alerts, chosen });
  useLayoutEffect(() => {
    latest.current = { alerts, chosen };
  }, [alerts, chosen]);
  const acknowledgeMany = useCallback(() => {
    const ofChosen = latest.current.chosen.filter(isWaiting);
    const shown = ofChosen.length > 0 ? ofChosen : latest.current.alerts.filter(isWaiting);
    setAcknowledging(alertIdsOf(shown.slice(0, MOST_AT_ONCE)));
  }, []);
  const closeMany = useCallback(() => setClosing(alertIdsOf(latest.current.chosen.filter(canClose))), []);
  const back = useCallback(() => {
    setOpenId(null);
    requestAnimationFrame(() => list.current?.focus());
  }, []);
  /** Those of the chosen that it can be done to; where there are none, the one. */
  const chosenOr = (alertId: string, can: (alert: Alert) => boolean): string[] => {
    const ids = alertIdsOf(chosen.filter(can));
    return ids.length > 0 ? ids : [alertId];
  };

  return (
    <>
      <AlertsBar
        filter={filter}
        isGrouped={isGrouped}
        filterInput={filterInput}
        isReplay={isReplay}
        silenceCount={sending?.suppressions.length ?? 0}
        failingCount={sending?.failingChannels.length ?? 0}
        openCount={openCount}
        listedOpen={listedOpen}
        count={alerts.length}
        chosenCount={chosenCount}
        waitingCount={waitingCount}
        closableCount={closable.length}
        onFilter={setFilter}
        onGrouped={setIsGrouped}
        onAcknowledge={acknowledgeMany}
        onClose={closeMany}
      />
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
            onToggle={(alertId) => setSelected((before) => toggled(before, alertId))}
            onOpen={setOpenId}
            canAct={!isReplay}
            onAcknowledge={(alertId) => setAcknowledging(chosenOr(alertId, isWaiting))}
            onClose={(alertId) => setClosing(chosenOr(alertId, canClose))}
            onShelve={(alertId) => setShelving(chosenOr(alertId, ({ human }) => human !== 'closed'))}
            onHandOver={setHandingOver}
            onEscalate={setEscalating}
            onExpand={(key) => setExpanded((before) => toggled(before, key))}
            onToggleAll={(alertIds) => setSelected((before) => allToggled(before, alertIds))}
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
