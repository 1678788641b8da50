/** Everything about the engine's own condition, once a second. */
import type { EngineView } from '#engine/port/engine-view';
import type { StreamServer } from '#engine/port/open-stream';

const HEALTH_PACE_MS = 1000;

export function healthStream(view: EngineView): StreamServer<'health'> {
  return () => ({ version: (nowMs) => Math.floor(nowMs / HEALTH_PACE_MS), build: (nowMs) => view.health(nowMs) });
}
