/** What a panel is called in the reader's language: on its tab, and in what a screen reader says of it. */
import type { TFunction } from 'i18next';
import { panelDefinition } from '../features/registry';
import type { FrameParams } from './dock-actions';

type Named = { id: string; title: string | undefined; params: FrameParams };

/** Ids that people use themselves, such as EP-02 or an account; never a run's long one. */
const SAID_ID = /^[\p{L}\p{N}._-]{1,20}$/u;

/** The title that the panel has given itself; without one (the dock then puts the id in its place) the kind of panel and what it is of. */
export function panelName({ id, title, params: { panelId, panelParams } }: Named, t: TFunction): string {
  if (title !== undefined && title !== '' && title !== id) return title;
  const definition = panelDefinition(panelId);
  const of = Object.values(panelParams ?? {}).filter((value) => SAID_ID.test(value));
  return [definition === undefined ? panelId : t(definition.titleKey), ...of].join(' ');
}
