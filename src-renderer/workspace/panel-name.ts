/** What a panel is called in the reader's language: on its tab, and in what a screen reader says of it. */
import type { PanelParams } from '../state/navigation';

export type FrameParams = { panelId: string; panelParams: PanelParams };

type Named = { id: string; title: string | undefined; params: FrameParams };

/** Ids that people use themselves, such as EP-02 or an account; never a run's long one. */
const SAID_ID = /^[\p{L}\p{N}._-]{1,20}$/u;

/** The title that the panel has given itself; without one (the dock then puts the id in its place) what its kind is called and what it is of. */
export function panelName({ id, title, params: { panelId, panelParams } }: Named, kindName: (panelId: string) => string): string {
  if (title !== undefined && title !== '' && title !== id) return title;
  const of = Object.values(panelParams ?? {}).filter((value) => SAID_ID.test(value));
  return [kindName(panelId), ...of].join(' ');
}
