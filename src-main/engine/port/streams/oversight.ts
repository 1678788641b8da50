/** Approvals and the state of the record: they change when someone acts, and an approval also when its time runs out. */
import type { EngineView } from '#engine/port/engine-view';
import type { StreamServers } from '#engine/port/open-stream';

export function oversightStreams(view: EngineView): Pick<StreamServers, 'approvals' | 'foreign' | 'audit'> {
  return {
    approvals: () => ({ version: () => view.deskVersion(), build: () => view.oversight.approvals() }),
    foreign: () => ({ version: () => view.deskVersion(), build: () => view.oversight.foreign() }),
    audit: () => ({ version: () => view.deskVersion(), build: () => view.oversight.audit() }),
  };
}
