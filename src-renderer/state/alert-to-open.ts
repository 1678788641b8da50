/** Which alert another panel asked to see: the list is one panel, so that what it shows cannot be part of its name. */
import { create } from 'zustand';
import { openPanel } from './navigation';

export const useAlertToOpen = create<{ alertId: string | null }>()(() => ({ alertId: null }));

/** Brings the alert list to the front with this alert's page open. */
export function openAlert(alertId: string): void {
  useAlertToOpen.setState({ alertId });
  openPanel('alerts');
}
