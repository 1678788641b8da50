/** Notices change when someone acts, and who calls for one with the market: looked at once a second, off the hot path. */
import type { EngineView } from '#engine/port/engine-view';
import type { StreamServer } from '#engine/port/open-stream';

export function noticesStream(view: EngineView): StreamServer<'notices'> {
  return () => ({ version: (nowMs) => `${view.numbers.marketVersion(nowMs)}.${view.deskVersion()}`, build: () => view.notices() });
}
