/** Every alert this window knows, from the lane that is never conflated. */
import { create } from 'zustand';
import type { Alert } from '#shared/desk/alerts/alert';
import { withNews } from './alert-order';

type Alerts = {
  byId: ReadonlyMap<string, Alert>;
  /** The same alerts as they are listed. */
  ordered: readonly Alert[];
  /** False until the first snapshot: an empty list then means "not known yet", not "no alerts". */
  isLoaded: boolean;
};

const NONE: Alerts['byId'] = new Map();

export const useAlerts = create<Alerts>()(() => ({ byId: NONE, ordered: [], isLoaded: false }));

/** Every alert while a dialog about some of them is open: one that is closed has nothing to draw with each change of any. */
export function useAlertsWhile(isOpen: boolean): Alerts['byId'] {
  return useAlerts(({ byId }) => (isOpen ? byId : NONE));
}

/** An older state of an alert than the one already here never replaces it: an answer may overtake the lane. */
export function acceptAlerts(batch: { snapshot: boolean; alerts: Alert[] }): void {
  useAlerts.setState((state) => {
    const byId = new Map(batch.snapshot ? [] : state.byId);
    const news = new Map<string, Alert>();
    for (const alert of batch.alerts) {
      const known = byId.get(alert.alertId);
      if (known !== undefined && known.sequence > alert.sequence) continue;
      byId.set(alert.alertId, alert);
      news.set(alert.alertId, alert);
    }
    return { byId, ordered: withNews(batch.snapshot ? [] : state.ordered, [...news.values()]), isLoaded: state.isLoaded || batch.snapshot };
  });
}
