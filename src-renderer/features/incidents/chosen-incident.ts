/** Which incident the panel shows: other panels (an alert, a run) open theirs here. */
import { create } from 'zustand';
import { openPanel } from '../../state/navigation';

export const useChosenIncident = create<{ incidentId: string | null }>()(() => ({ incidentId: null }));

export function chooseIncident(incidentId: string | null): void {
  useChosenIncident.setState({ incidentId });
}

export function openIncident(incidentId: string): void {
  chooseIncident(incidentId);
  openPanel('incidents');
}
