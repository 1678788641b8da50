/** The row that another panel found missing: the form of the reference panel opens with what is known of it. */
import { create } from 'zustand';
import type { MissingRow } from '#shared/desk/reference-rows/missing-row';
import { openPanel } from '../../state/navigation';

export const useWantedRow = create<{ wanted: MissingRow | null }>()(() => ({ wanted: null }));

export function wantRow(wanted: MissingRow): void {
  useWantedRow.setState({ wanted });
  openPanel('reference');
}

export function takeWantedRow(): void {
  useWantedRow.setState({ wanted: null });
}
