/** Every alert this window knows, from the lane that is never conflated. */
import { create } from 'zustand';
import type { Alert } from '#shared/desk/alerts/alert';

type Alerts = {
  byId: ReadonlyMap<string, Alert>;
  /** False until the first snapshot: an empty list then means "not known yet", not "no alerts". */
  isLoaded: boolean;
};

export const useAlerts = create<Alerts>()(() => ({ byId: new Map(), isLoaded: false }));

/** An older state of an alert than the one already here never replaces it: an answer may overtake the lane. */
export function acceptAlerts(batch: { snapshot: boolean; alerts: Alert[] }): void {
  useAlerts.setState((state) => {
    const byId = new Map(batch.snapshot ? [] : state.byId);
    for (const alert of batch.alerts) {
      const known = byId.get(alert.alertId);
      if (known === undefined || known.sequence <= alert.sequence) byId.set(alert.alertId, alert);
    }
    return { byId, isLoaded: state.isLoaded || batch.snapshot };
  });
}
