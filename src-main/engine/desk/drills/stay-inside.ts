/** Keeps a drill desk inside: what would lead out of it, or make it more than an exercise, is refused before its handler is asked. */
import type { RequestHandlers } from '#engine/desk/handlers';
import type { Mode } from '#shared/journal/entry';
import { type Refusal, refuse } from '#shared/refusal';

const REFUSED = {
  /** Opens a connection to any address it is given. */
  'feed.test': 'a drill desk reaches no source but its own broker',
  'delivery.configure': 'a drill desk has no way out to set up',
  'delivery.test': 'nothing of a drill leaves the desk',
  /** Real people and their secrets belong to the live desk. */
  'people.claim': 'a drill desk keeps its demonstration people',
} as const;

/** `live` changes nothing. */
export function stayInside(handlers: RequestHandlers, mode: Mode): RequestHandlers {
  if (mode === 'live') return handlers;
  const refused = Object.fromEntries(Object.entries(REFUSED).map(([name, why]) => [name, (): Refusal => refuse('FORBIDDEN', why)]));
  return {
    ...handlers,
    ...refused,
    'settings.change': (payload) =>
      payload.key === 'feeds'
        ? refuse('FORBIDDEN', 'a drill desk listens to its own broker and to nothing else', 'key')
        : handlers['settings.change'](payload),
  };
}
