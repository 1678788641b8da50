/** Drills change when someone acts or the drill's clock gives an inject; the page counts the seconds itself. */
import type { EngineView } from '#engine/port/engine-view';
import type { StreamServers } from '#engine/port/open-stream';

export function drillStreams(view: EngineView): Pick<StreamServers, 'drills' | 'drill'> {
  return {
    drills: () => ({ version: () => view.deskVersion(), build: () => view.drills.list() }),
    drill: ({ drillId }) => ({ version: () => view.deskVersion(), build: () => ({ view: view.drills.view(drillId) }) }),
  };
}
