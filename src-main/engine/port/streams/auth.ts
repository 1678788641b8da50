/** Who sits at this desk and who may: changes only when somebody signs in, locks, or is given something. */
import type { EngineView } from '#engine/port/engine-view';
import type { StreamServer } from '#engine/port/open-stream';

export function authStream(view: EngineView): StreamServer<'auth'> {
  return () => ({ version: () => view.auth.version(), build: () => view.auth.picture() });
}
