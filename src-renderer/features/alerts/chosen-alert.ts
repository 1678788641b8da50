/** Which alert another page asked for: the list opens it when it comes to the front. */
import { create } from 'zustand';
import { openPanel } from '../../state/navigation';

/** Null once the list has opened it. */
export const useAskedAlert = create<{ alertId: string | null }>()(() => ({ alertId: null }));

/** Brings the alerts to the front with this one open. */
export function openAlert(alertId: string): void {
  useAskedAlert.setState({ alertId });
  openPanel('alerts');
}
