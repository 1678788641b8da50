/** Which run the runs panel shows: the one started or asked for last. */
import { create } from 'zustand';
import { openPanel } from '../../state/navigation';

export const useChosenRun = create<{ runId: string | null }>()(() => ({ runId: null }));

export function chooseRun(runId: string): void {
  useChosenRun.setState({ runId });
}

/** Brings the runs panel to the front with this run in it. */
export function openRun(runId: string): void {
  chooseRun(runId);
  openPanel('runs');
}
