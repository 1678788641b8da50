/** Rules change when someone acts; what they have counted is shown once a second. */
import type { EngineView } from '#engine/port/engine-view';
import type { StreamServer } from '#engine/port/open-stream';

export function rulesStream(view: EngineView): StreamServer<'rules'> {
  return () => ({ version: (nowMs) => `${view.deskVersion()}.${Math.floor(nowMs / 1000)}`, build: () => view.rules() });
}
