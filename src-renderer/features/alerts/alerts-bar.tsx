/** What stands over the alert list: which alerts are listed, how many, and what can be done to many of them at once. */
import { Button, InputGroup } from '@blueprintjs/core';
import { memo, type ReactNode, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { Choice } from '../../components/choice';
import { SEVERITIES, SeverityBadge } from '../../components/severity';
import { openPanel } from '../../state/navigation';
import { type AlertFilter, OWNER_FILTERS, STATE_FILTERS } from './alert-filter';
import { SavedViews } from './saved-views-menu';
import { toggled } from './toggled';

/** What one command takes. */
export const MOST_AT_ONCE = 500;

type Props = {
  filter: AlertFilter;
  isGrouped: boolean;
  filterInput: RefObject<HTMLInputElement | null>;
  isReplay: boolean;
  silenceCount: number;
  failingCount: number;
  /** All that are open, and those of them that this window has. */
  openCount: number;
  listedOpen: number;
  count: number;
  chosenCount: number;
  waitingCount: number;
  closableCount: number;
  onFilter(change: (before: AlertFilter) => AlertFilter): void;
  onGrouped(isGrouped: boolean): void;
  onAcknowledge(): void;
  onClose(): void;
};

/** Drawn when what it says changes, not with every alert of a storm. */
export const AlertsBar = memo(function AlertsBar(props: Props): ReactNode {
  const { filter, isGrouped, filterInput, isReplay, silenceCount, failingCount, openCount, listedOpen } = props;
  const { count, chosenCount, waitingCount, closableCount, onFilter, onGrouped, onAcknowledge, onClose } = props;
  const { t } = useTranslation();
  return (
    <div className="panel-bar" data-testid="alerts-bar">
      <fieldset className="segmented" aria-label={t('alerts:stateFilter')}>
        {STATE_FILTERS.map((state) => (
          <button
            key={state}
            type="button"
            aria-pressed={filter.state === state}
            data-testid={`alerts-state-${state}`}
            onClick={() => onFilter((before) => ({ ...before, state }))}
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
            onClick={() => onFilter((before) => ({ ...before, severities: toggled(before.severities, severity) }))}
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
        onValueChange={(text) => onFilter((before) => ({ ...before, text }))}
      />
      <Choice
        label={t('alerts:ownerFilter')}
        name="alerts-owner"
        values={OWNER_FILTERS}
        chosen={filter.owner}
        text={(owner) => t(`alerts:owner.${owner}`)}
        onChoose={(owner) => onFilter((before) => ({ ...before, owner }))}
      />
      <button type="button" className="toggle-button" aria-pressed={isGrouped} data-testid="alerts-grouped" onClick={() => onGrouped(!isGrouped)}>
        {t('alerts:groupByCause')}
      </button>
      <SavedViews
        current={{ state: filter.state, severities: [...filter.severities], text: filter.text, owner: filter.owner, isGrouped }}
        onChoose={(view) => {
          onFilter(() => ({ state: view.state, severities: new Set(view.severities), text: view.text, owner: view.owner }));
          onGrouped(view.isGrouped);
        }}
      />
      <Button size="small" variant="minimal" data-testid="open-suppressions" onClick={() => openPanel('suppressions', {})}>
        ⊘ {t('alerts:suppressions.short', { count: silenceCount })}
      </Button>
      <Button size="small" variant="minimal" data-testid="open-statistics" onClick={() => openPanel('alert-statistics', {})}>
        {t('alerts:statistics.short')}
      </Button>
      <Button size="small" variant="minimal" data-testid="open-delivery" onClick={() => openPanel('delivery', {})}>
        {t('alerts:deliveryShort')}
        {failingCount > 0 && ` ⚠ ${failingCount}`}
      </Button>
      <div className="spacer" />
      {openCount > listedOpen && (
        <strong className="alert-remark" data-testid="alerts-not-listed">
          {t('alerts:notListed', { listed: listedOpen, count: openCount })}
        </strong>
      )}
      <span className="secondary" data-testid="alerts-count" data-count={count}>
        {t('alerts:count', { count })}
      </span>
      {closableCount > 0 && !isReplay && (
        <Button size="small" data-testid="close-selected" onClick={onClose}>
          {t('alerts:closeChosen', { count: closableCount })}
        </Button>
      )}
      <Button size="small" disabled={isReplay || (chosenCount === 0 && waitingCount === 0)} data-testid="ack-selected" onClick={onAcknowledge}>
        {chosenCount > 0
          ? t('alerts:acknowledgeChosen', { count: chosenCount })
          : t('alerts:acknowledgeShown', { count: Math.min(MOST_AT_ONCE, waitingCount) })}
      </Button>
    </div>
  );
});
