/** The status strip: once a second for its ages, at once for anything a person did. */
import type { EngineView } from '#engine/port/engine-view';
import type { StreamServer } from '#engine/port/open-stream';

const STATUS_PACE_MS = 500;

export function statusStream(view: EngineView): StreamServer<'status'> {
  return () => ({
    version: (nowMs) => `${Math.floor(nowMs / STATUS_PACE_MS)}.${view.deskVersion()}`,
    build: (nowMs) => view.status(nowMs),
  });
}
