/** What accounts, departments and control groups are called; sent again only when the feed says so anew. */
import type { EngineView } from '#engine/port/engine-view';
import type { StreamServer } from '#engine/port/open-stream';

export function entityNamesStream(view: EngineView): StreamServer<'entityNames'> {
  return () => ({ version: () => view.book().namesVersion, build: () => view.book().entityNames() });
}
