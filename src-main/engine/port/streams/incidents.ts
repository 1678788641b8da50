/** Incidents change when someone acts; what is due changes only with them, and the page counts the seconds itself. */
import type { EngineView } from '#engine/port/engine-view';
import type { StreamServers } from '#engine/port/open-stream';

export function incidentStreams(view: EngineView): Pick<StreamServers, 'incidents' | 'incident'> {
  return {
    incidents: () => ({ version: () => view.deskVersion(), build: () => view.incidents.list() }),
    incident: ({ incidentId }) => ({ version: () => view.deskVersion(), build: () => ({ view: view.incidents.one(incidentId) }) }),
  };
}
