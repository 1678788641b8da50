/** Which alerts are listed, and what may be done with one. */
import type { Alert, Severity } from '#shared/desk/alerts/alert';
import { isTakenOn } from '#shared/desk/alerts/decide';

export const STATE_FILTERS = ['open', 'unacknowledged', 'acknowledged', 'toClose', 'silenced', 'closed', 'all'] as const;
export const OWNER_FILTERS = ['anyone', 'mine', 'nobody'] as const;
export type OwnerFilter = (typeof OWNER_FILTERS)[number];
export type StateFilter = (typeof STATE_FILTERS)[number];
export type AlertFilter = { state: StateFilter; severities: ReadonlySet<Severity>; text: string; owner: OwnerFilter };
/** Who looks, and what is silenced or inhibited now. */
export type FilterMoment = { me: string | null; isSilenced: (alert: Alert) => boolean };

function hasState(alert: Alert, state: StateFilter, moment: FilterMoment): boolean {
  if (state === 'all') return true;
  if (state === 'open') return alert.human !== 'closed';
  if (state === 'silenced') return alert.human !== 'closed' && moment.isSilenced(alert);
  return state === 'acknowledged' ? isTakenOn(alert) : alert.human === state;
}

function hasOwner(alert: Alert, owner: OwnerFilter, me: string | null): boolean {
  if (owner === 'anyone') return true;
  return owner === 'nobody' ? !isTakenOn(alert) && alert.human !== 'closed' : alert.owner !== null && alert.owner === me;
}

/** Keeps the order of `alerts`. `words` gives an alert's text in the page's language, so that people filter by what they read. */
export function filterAlerts(alerts: readonly Alert[], filter: AlertFilter, words: (alert: Alert) => string, moment: FilterMoment): Alert[] {
  const query = filter.text.trim().toLowerCase();
  return alerts.filter(
    (alert) =>
      hasState(alert, filter.state, moment) &&
      hasOwner(alert, filter.owner, moment.me) &&
      (filter.severities.size === 0 || filter.severities.has(alert.severity)) &&
      (query === '' || words(alert).toLowerCase().includes(query)),
  );
}

/** What can be closed: closing needs the condition over and a person who acknowledged it. */
export function canClose(alert: Alert): boolean {
  return alert.human === 'toClose';
}
